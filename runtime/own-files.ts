/** The files of hmc itself that go into a bundle, and what stands for where they lie: that must not change the bytes. */
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { bug } from "../compiler/bug.ts";

/** Relative to this module: in the sources, and from the bundled command line (`dist/cli`). */
const entrypointFiles = ["./entrypoint.ts", "../runtime/entrypoint.js"];
const languageFiles = ["../compiler/language/index.ts", "../language/index.js"];

/** The module that runs an op. */
export function entrypointFile(): string {
  return ownFile(entrypointFiles);
}

/** The module that is `"hmc"`. */
export function languageFile(): string {
  return ownFile(languageFiles);
}

/** The first of these paths, relative to this module, that exists: the sources, or what the build makes of them. */
function ownFile(candidates: readonly string[]): string {
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? bug(`none of ${paths.join(", ")} exists`);
}

function ownFolders(): string[] {
  return [dirname(entrypointFile()), dirname(languageFile())];
}

/** esbuild names modules by their path relative to the project: where hmc itself lies must not change the bytes. */
export function withoutOwnPaths(text: string, root: string): string {
  return ownFolders().reduce((changed, folder) => changed.replaceAll(`${relative(root, folder).split(sep).join("/")}/`, "hmc:"), text);
}

/** Source paths relative to the root of the project; own files as `hmc:…` and without their text, for stacks leave them out. */
export function normalMap(map: string, root: string): string {
  const payload = JSON.parse(map) as { sources: string[]; sourcesContent?: (string | null)[] };
  const own = ownFolders();
  payload.sources = payload.sources.map((source) => {
    if (source.startsWith("hmc:")) return source;
    const path = resolve(root, ".hmc/build", source);
    const folder = own.find((candidate) => path.startsWith(candidate + sep));
    return folder === undefined ? relative(root, path).split(sep).join("/") : `hmc:${relative(folder, path).split(sep).join("/")}`;
  });
  if (payload.sourcesContent !== undefined) payload.sourcesContent = payload.sourcesContent.map((text, index) => (payload.sources[index]?.startsWith("hmc:") === true ? null : text));
  return JSON.stringify(payload);
}
