/** Makes the one file that a container runs: the entrypoint and every op of a document. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, Message, Plugin } from "esbuild";
import { bug } from "../compiler/bug.ts";
import { diagnostic, type Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { Document, OpComponent } from "../compiler/ir/types.ts";
import { nativePackages } from "./native-packages.ts";
import { npmPackages, wasmFiles } from "./npm-packages.ts";
import { interfaceOf } from "./registry.ts";

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

/** Relative to this module: in the sources, and from the bundled command line (`dist/cli`). */
const entrypointFiles = ["./entrypoint.ts", "../runtime/entrypoint.js"];
const languageFiles = ["../compiler/language/index.ts", "../language/index.js"];

/**
 * What CommonJS dependencies inside the bundle find in their scope. `var`, because a module that makes its own `require` at its top shares the
 * scope of the bundle.
 */
export const banner = `import { createRequire as __hmcCreateRequire } from "node:module";
import { fileURLToPath as __hmcFileURLToPath } from "node:url";
var require = __hmcCreateRequire(import.meta.url);
var __hmcFilename = __hmcFileURLToPath(import.meta.url);
var __hmcDirname = __hmcFileURLToPath(new URL(".", import.meta.url)).slice(0, -1);`;

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
    const result = await build({
      stdin: { contents: entrySource(ops, environmentOf(request)), loader: "ts", resolveDir: root, sourcefile: "hmc:main" },
      bundle: true,
      write: false,
      metafile: true,
      outfile: join(root, ".hmc/build/main.mjs"),
      absWorkingDir: root,
      platform: "node",
      format: "esm",
      target: "node20.19",
      sourcemap: "external",
      sourcesContent: true,
      legalComments: "none",
      logLevel: "silent",
      banner: { js: banner },
      define: { __filename: "__hmcFilename", __dirname: "__hmcDirname" },
      plugins: [registryPlugin(root, ops), languagePlugin(), native.plugin],
    });
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

export function environmentOf({ document, environment }: Pick<BundleRequest, "document" | "environment">): Record<string, string> {
  return Object.fromEntries(document.environment.flatMap((name): [string, string][] => {
    const value = environment?.(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** The source of a bundle: its registry, and the start of the entrypoint. */
export function entrySource(ops: readonly OpComponent[], environment: Readonly<Record<string, string>>): string {
  const entries = ops.map((op) => {
    const key = JSON.stringify(op.id);
    const load = `async () => (await import(${JSON.stringify(`hmc:op/${op.id}`)})).implementation`;
    return `  [${key}]: { interface: ${JSON.stringify(interfaceOf(op))}, load: ${load} },`;
  });
  const names = Object.keys(environment).sort();
  const setting = names.length === 0 ? "" : `globalThis["~hmc.environment"] = ${JSON.stringify(environment, names)};\n`;
  return `import { main } from "hmc:entrypoint";\n${setting}await main({\n${entries.join("\n")}\n}, process.argv.slice(2));\n`;
}

/** Resolves `hmc:entrypoint`, and `hmc:op/<id>`: a module that gives one op. */
export function registryPlugin(root: string, ops: readonly OpComponent[]): Plugin {
  return {
    name: "hmc-registry",
    setup(build) {
      const byPath = new Map(ops.map((op) => [`op/${op.id}`, op]));
      build.onResolve({ filter: /^hmc:entrypoint$/ }, () => ({ path: ownFile(entrypointFiles) }));
      build.onResolve({ filter: /^hmc:op\// }, ({ path }) => ({ path: path.slice("hmc:".length), namespace: "hmc" }));
      build.onLoad({ filter: /.*/, namespace: "hmc" }, ({ path }) => {
        const op = byPath.get(path) ?? bug(`the bundle asks for ${path}`);
        const [first, ...members] = op.implementation.export.split(".");
        const file = JSON.stringify(`./${op.implementation.module}`);
        const access = members.map((member) => `[${JSON.stringify(member)}]`).join("");
        const contents =
          first === "default"
            ? `import exported from ${file};\nexport const implementation = exported${access};\n`
            : `import { ${first} as exported } from ${file};\nexport const implementation = exported${access};\n`;
        return { contents, loader: "ts", resolveDir: root };
      });
    },
  };
}

/** `import … from "hmc"` is this package's language, also where the project has not installed it. */
export function languagePlugin(): Plugin {
  return {
    name: "hmc-language",
    setup(build) {
      build.onResolve({ filter: /^hmc$/ }, () => ({ path: ownFile(languageFiles), sideEffects: false }));
    },
  };
}

/** The first of these paths, relative to this module, that exists: the sources, or what the build makes of them. */
function ownFile(candidates: readonly string[]): string {
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  return paths.find((path) => existsSync(path)) ?? bug(`none of ${paths.join(", ")} exists`);
}

function ownFolders(): string[] {
  return [dirname(ownFile(entrypointFiles)), dirname(ownFile(languageFiles))];
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

/** Another run may read the file while it is written. */
function writeWhole(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.tmp`;
  writeFileSync(partial, content);
  renameSync(partial, file);
}

function outputOf(files: readonly { path: string; text: string }[], extension: string): string {
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
