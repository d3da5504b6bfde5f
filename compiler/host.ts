/** The world as the compiler sees it. Tests and the browser give another one. */
export interface Host {
  /** The bytes of a file, or undefined where there is none. Paths are absolute, with `/`. */
  readFile(path: string): Uint8Array | undefined;
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  /** Entries of a directory as absolute paths; empty where there is none. */
  readDirectory(path: string): string[];
  realpath(path: string): string;
  /** The working directory, absolute. */
  cwd(): string;
  /** A variable of the environment. */
  env(name: string): string | undefined;
  now(): Date;
  /** Writes a file, and its folder where there is none. */
  writeFile(path: string, content: string | Uint8Array): void;
}
