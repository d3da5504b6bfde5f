/** The npm packages that an image holds: those whose files are in the bundle, and those that it loads. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";

export interface NpmPackage {
  name: string;
  version: string;
  /** An SPDX expression, as the package says. */
  license?: string;
  /** Where it is installed, absolute. */
  folder: string;
  /** Loaded from `node_modules`, not part of the bundle: it holds native code. */
  isExternal: boolean;
}

interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  license?: string | { type?: string };
}

/**
 * The packages of a bundle, by name and version.
 *
 * @param inputs files of the bundle, relative to the root
 * @param external names of packages that it loads
 */
export function npmPackages(root: string, inputs: readonly string[], external: readonly string[]): NpmPackage[] {
  const folders = new Map<string, boolean>();
  for (const input of inputs) {
    const folder = packageFolder(resolve(root, input.replace(/^[a-z-]+:/, "")));
    if (folder !== undefined) folders.set(folder, folders.get(folder) ?? false);
  }
  for (const name of external) addInstalled(name, root, folders);
  const found = [...folders].flatMap(([folder, isExternal]) => packageAt(folder, isExternal) ?? []);
  const unique = new Map(found.map((one): [string, NpmPackage] => [`${one.name}@${one.version}`, one]));
  return [...unique.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** Adds an installed package and all that it depends on, as far as they are installed. */
function addInstalled(name: string, from: string, folders: Map<string, boolean>): void {
  const folder = installed(name, from);
  if (folder === undefined || folders.get(folder) === true) return;
  folders.set(folder, true);
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  for (const inner of Object.keys({ ...dependencies, ...optionalDependencies })) addInstalled(inner, folder, folders);
}

/** The folder of the package that a file belongs to: the one right below the last `node_modules` of its path. */
function packageFolder(file: string): string | undefined {
  const parts = file.split(sep);
  const at = parts.lastIndexOf("node_modules");
  const name = parts[at + 1];
  if (at < 0 || name === undefined) return undefined;
  return parts.slice(0, at + (name.startsWith("@") ? 3 : 2)).join(sep);
}

function installed(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

function packageAt(folder: string, isExternal: boolean): NpmPackage | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { name, version, license } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  if (name === undefined || version === undefined) return undefined;
  const spdx = typeof license === "string" ? license : license?.type;
  return { name, version, folder, isExternal, ...(spdx === undefined ? {} : { license: spdx }) };
}

/** The WASM files of the packages of a bundle that its text names: they must lie beside it. */
export function wasmFiles(packages: readonly NpmPackage[], text: string): string[] {
  return packages
    .filter(({ isExternal }) => !isExternal)
    .flatMap(({ folder }) => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".wasm") && !name.includes("node_modules")).map((name) => join(folder, name)))
    .filter((file) => text.includes(basename(file)))
    .sort();
}
