/** Packages that hmc uses only where they are installed: optional peers, so that hmc itself stays small. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A package that is not installed. */
export class PeerMissing extends Error {
  override name = "PeerMissing";
  readonly uri: string;
  /** What to install, with versions: the arguments of `npm install`. */
  readonly install: string;

  constructor(uri: string, install: string) {
    super(`"${uri}" needs packages that are not installed: npm install ${install}`);
    this.uri = uri;
    this.install = install;
  }
}

/**
 * Loads a package, from beside hmc or from a project (hmc may be installed elsewhere).
 *
 * @param root the project root, absolute
 * @returns its exports; undefined where it is not installed
 */
export function loadPeer(name: string, root: string): unknown {
  for (const from of [import.meta.url, join(root, "package.json")]) {
    const load = createRequire(from);
    if (isThere(load, name)) return load(name) as unknown;
  }
  return undefined;
}

/**
 * Like `loadPeer`, for packages that are ES modules: Node 20 warns where they are required.
 *
 * @param root the project root, absolute
 */
export async function importPeer(name: string, root: string): Promise<unknown> {
  for (const from of [import.meta.url, join(root, "package.json")]) {
    const load = createRequire(from);
    if (isThere(load, name)) return importModule(pathToFileURL(load.resolve(name)).href);
  }
  return undefined;
}

/** In the command line, which is a script, its launcher imports. */
const importModule: (url: string) => Promise<unknown> = (import.meta as ImportMeta & { importModule?: (url: string) => Promise<unknown> }).importModule ?? ((url) => import(url) as Promise<unknown>);

function isThere(load: NodeJS.Require, name: string): boolean {
  try {
    load.resolve(name);
    return true;
  } catch {
    return false;
  }
}
