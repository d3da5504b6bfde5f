/** Makes the one file that a container runs: the entrypoint and every op of a document. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { BuildFailure, Message } from "esbuild";
import { bug } from "../compiler/bug.ts";
import { diagnostic, type Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { Document, OpComponent } from "../compiler/ir/types.ts";
import { banner, bundleSettings, environmentOf } from "./bundle-settings.ts";
import { nativePackages } from "./native-packages.ts";
import { npmPackages, wasmFiles } from "./npm-packages.ts";
import { normalMap, withoutOwnPaths } from "./own-files.ts";

export interface BundleRequest {
  document: Document;
  /** The project root, absolute: module paths of the document are relative to it. */
  root: string;
  /** Where to write; default `<root>/.hmc/build/<digest>/main.mjs`. */
  outfile?: string;
  /** Reads a variable of the compile-time environment: the bundle carries what `env()` gave. */
  environment?: (name: string) => string | undefined;
}

export interface Bundle {
  /** The absolute path of the file, if there are no errors. */
  file?: string;
  /** SHA-256 of its text, in hex. */
  digest?: string;
  /** Names of packages with native code, which must lie in a `node_modules` beside or above the file. */
  external: string[];
  /** The files that went in, relative to the project root. */
  inputs: string[];
  diagnostics: Diagnostic[];
}

/**
 * Bundles the ops of a document with the entrypoint into one ESM file with an inline source map. The same sources give the same bytes
 * wherever the project lies.
 */
export async function bundleOps(request: BundleRequest): Promise<Bundle> {
  const root = resolve(request.root);
  const ops = Object.values(request.document.components).filter((component) => component.kind === "op");
  const native = nativePackages();
  const { build } = await import("esbuild");
  let text: string;
  let map: string;
  let inputs: string[];
  try {
    const result = await build({ ...bundleSettings(ops, root, environmentOf(request), native.plugin), sourcesContent: true, banner: { js: banner } });
    inputs = Object.keys(result.metafile.inputs);
    text = withoutOwnPaths(outputOf(result.outputFiles, ".mjs"), root);
    map = outputOf(result.outputFiles, ".map");
  } catch (error) {
    return { external: [], inputs: [], diagnostics: bundleFailures(error, root, ops) };
  }
  const content = `${text}//# sourceMappingURL=data:application/json;base64,${Buffer.from(normalMap(map, root)).toString("base64")}\n`;
  const digest = createHash("sha256").update(content).digest("hex");
  const file = request.outfile === undefined ? join(root, ".hmc/build", digest.slice(0, 16), "main.mjs") : resolve(root, request.outfile);
  if (request.outfile !== undefined || !existsSync(file)) writeWhole(file, content);
  for (const wasm of wasmFiles(npmPackages(root, inputs, []), text)) {
    const beside = join(dirname(file), basename(wasm));
    if (!existsSync(beside)) copyFileSync(wasm, beside);
  }
  return { file, digest, external: native.found(), inputs, diagnostics: [] };
}

/** Another run may read the file while it is written. */
function writeWhole(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.tmp`;
  writeFileSync(partial, content);
  renameSync(partial, file);
}

/** The text of the one file with an ending among those that esbuild gave. */
export function outputOf(files: readonly { path: string; text: string }[], extension: string): string {
  return files.find((file) => file.path.endsWith(extension))?.text ?? bug(`esbuild gave no ${extension} file`);
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}

/** What esbuild finds wrong with the ops; any other error is thrown. */
export function bundleFailures(error: unknown, root: string, ops: readonly OpComponent[]): Diagnostic[] {
  if (!isBuildFailure(error)) throw error;
  return error.errors.map((message) => bundleDiagnostic(message, root, ops));
}

function bundleDiagnostic(message: Message, root: string, ops: readonly OpComponent[]): Diagnostic {
  const { location } = message;
  if (location === null) return diagnostic("HMC6002", undefined, { message: message.text });
  // An error in a generated module is about an op that is not where the document says.
  const op = ops.find((candidate) => location.file === `hmc:op/${candidate.id}`);
  if (op !== undefined) return diagnostic("HMC6002", op.span, { message: message.text });
  const file = relative(root, isAbsolute(location.file) ? location.file : resolve(root, location.file)).split(sep).join("/");
  const column = codeUnits(location.lineText, location.column);
  const length = codeUnits(location.lineText.slice(column), location.length);
  const start = lineStart(resolve(root, file), location.line) + column;
  const span = { file, start, end: start + length, line: location.line, column: column + 1, endLine: location.line, endColumn: column + 1 + length };
  return diagnostic("HMC6002", span, { message: message.text });
}

/** The offset at which a line begins, in UTF-16 units; 0 where the file cannot be read. */
function lineStart(path: string, line: number): number {
  if (!existsSync(path)) return 0;
  const before = readFileSync(path, "utf8").split("\n").slice(0, line - 1);
  return before.reduce((total, text) => total + text.length + 1, 0);
}

/** esbuild counts in UTF-8 bytes, spans in UTF-16 units. */
function codeUnits(line: string, bytes: number): number {
  return Buffer.from(line, "utf8").subarray(0, bytes).toString("utf8").length;
}
