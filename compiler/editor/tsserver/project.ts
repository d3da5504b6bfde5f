/** A project of tsserver, as far as hmc asks it. */
import type { ts } from "ts-morph";
import type { Host } from "../../host.ts";

export interface GivenProgram {
  program: ts.Program;
  /** Whether its checker knows what may be undefined. */
  isStrict: boolean;
}

export interface Project {
  host: Host;
  /** The program of the texts as they are. */
  program(): GivenProgram | undefined;
  /** The text of a file of the project. */
  text(path: string): string | undefined;
  version(path: string): string | undefined;
  /** Whether it is open in the editor. */
  isOpen(path: string): boolean;
}
