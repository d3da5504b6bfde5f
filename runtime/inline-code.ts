/** The code of ops that the compiled file carries: one small bundle an op. */
import { decode, encode } from "@jridgewell/sourcemap-codec";
import { basename } from "node:path";
import { bug } from "../compiler/bug.ts";
import { diagnostic, type Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { Document, OpComponent } from "../compiler/ir/types.ts";
import { banner, bundleSettings, environmentOf } from "./bundle-settings.ts";
import { bundleFailures, outputOf } from "./bundle.ts";
import { nativePackages } from "./native-packages.ts";
import { npmPackages, wasmFiles } from "./npm-packages.ts";
import { normalMap, withoutOwnPaths } from "./own-files.ts";

export interface InlineRequest {
  document: Document;
  /** The project root, absolute. */
  root: string;
  /** The ids of the ops. */
  ops: readonly string[];
  /** Reads a variable of the compile-time environment. */
  environment: (name: string) => string | undefined;
}

export interface InlineBundles {
  /** ASCII text, by op. */
  bundles: Map<string, string>;
  /** The files that went in, relative to the root. */
  inputs: string[];
  diagnostics: Diagnostic[];
}

/** The most that an op may bring. One argument of a process may have 128 KiB, and Argo puts it into a JSON text, where some characters take two. */
export const inlineLimit = 64_000;

/** How many of the parts of a bundle that is too large are named. */
const shownParts = 3;

/**
 * Bundles each op by itself with the entrypoint. The same sources give the same bytes wherever the project lies. A bundle has the places of the project's own
 * code in a source map, as long as there is room for it.
 */
export async function inlineCode({ document, root, ops: ids, environment }: InlineRequest): Promise<InlineBundles> {
  const ops = ids.map((id) => opOf(document, id));
  const variables = environmentOf({ document, environment });
  const bundles = new Map<string, string>();
  const inputs = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const op of ops) {
    const made = await bundleOf(op, root, variables);
    for (const input of made.inputs) inputs.add(input);
    diagnostics.push(...made.diagnostics);
    if (made.text !== undefined) bundles.set(op.id, made.text);
  }
  return { bundles, inputs: [...inputs], diagnostics };
}

function opOf(document: Document, id: string): OpComponent {
  const component = document.components[id];
  return component?.kind === "op" ? component : bug(`the code of "${id}", which is no op, is to be carried`);
}

async function bundleOf(op: OpComponent, root: string, environment: Record<string, string>): Promise<{ text?: string; inputs: string[]; diagnostics: Diagnostic[] }> {
  const native = nativePackages();
  const { build } = await import("esbuild");
  const made = await build({
    ...bundleSettings([op], root, environment, native.plugin),
    minify: true,
    charset: "ascii",
    sourcesContent: false,
    banner: { js: banner.replaceAll("\n", "") },
  }).catch((error: unknown) => ({ diagnostics: bundleFailures(error, root, [op]) }));
  if ("diagnostics" in made) return { inputs: [], diagnostics: made.diagnostics };
  const inputs = Object.keys(made.metafile.inputs);
  const [output] = Object.values(made.metafile.outputs).filter(({ bytes, entryPoint }) => bytes > 0 && entryPoint !== undefined);
  const text = withoutOwnPaths(outputOf(made.outputFiles, ".mjs"), root).trimEnd();
  const wasm = wasmFiles(npmPackages(root, inputs, []), text).map((file) => basename(file));
  const apart = [...native.found().map((name) => `the package "${name}", which has native code`), ...wasm.map((file) => `the file "${file}"`)];
  if (apart.length > 0) return { inputs, diagnostics: [diagnostic("HMC6061", op.span, { op: op.name, parts: apart })] };
  const mapped = `${text}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(ownPlaces(normalMap(outputOf(made.outputFiles, ".map"), root))).toString("base64")}`;
  const fitting = [mapped, text].find((candidate) => candidate.length <= inlineLimit);
  if (fitting === undefined) return { inputs, diagnostics: [diagnostic("HMC6062", op.span, { op: op.name, bytes: text.length, limit: inlineLimit, parts: largest(output?.inputs ?? {}) })] };
  return { text: fitting, inputs, diagnostics: [] };
}

/** A source map with the places of the project's code only: what packages and hmc itself bring has no place. */
function ownPlaces(text: string): string {
  const map = JSON.parse(text) as { version: number; sources: string[]; mappings: string };
  const own = [...map.sources.entries()].filter(([, name]) => !name.startsWith("hmc:") && !name.includes("node_modules/"));
  const keptAs = new Map(own.map(([source], index) => [source, index]));
  const places = decode(map.mappings).map((line) => {
    const segments: ([number] | [number, number, number, number])[] = [];
    for (const segment of line) {
      const [column, source = -1, row = 0, place = 0] = segment;
      const kept = keptAs.get(source);
      if (kept !== undefined) segments.push([column, kept, row, place]);
      else if (segments.at(-1)?.length === 4) segments.push([column]);
    }
    return segments;
  });
  return JSON.stringify({ version: map.version, sources: own.map(([, name]) => name), names: [], mappings: encode(places) });
}

/** What takes most room: packages, and files of the project. */
function largest(parts: Record<string, { bytesInOutput: number }>): { name: string; bytes: number }[] {
  const sizes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(parts)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(file)?.[1] ?? file;
    if (!/^hmc|^(?:\.\.\/)/.test(name)) sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)).slice(0, shownParts);
}
