/** The way from a file of another tool to TypeScript, for the command line and for users of the library. */
import { compile } from "./compile.ts";
import { raised } from "./component-files.ts";
import { diagnostic, type Diagnostic } from "./diagnostics/diagnostic.ts";
import type { Host } from "./host.ts";
import { compareKfp, type Difference } from "./importers/kfp/compare.ts";
import type { KfpFile } from "./importers/kfp/file.ts";
import { readKfp } from "./importers/kfp/read.ts";
import { printTypeScript } from "./importers/print/typescript.ts";
import type { Document } from "./ir/types.ts";
import { version } from "./version.ts";

export interface Import {
  /** Missing where the file cannot be imported. */
  typescript?: string;
  /** What was raised; missing where the file cannot be read. */
  document?: Document;
  /** What the imported code would compile to otherwise than the file says; empty where it was proved to be the same. */
  differences: Difference[];
  diagnostics: Diagnostic[];
}

/**
 * Imports a KFP v2 pipeline or component, or a v1 component. What is printed is compiled again, and compared with the
 * file: a difference is reported. A component comes with the pipeline of one task that KFP's compiler makes of it.
 *
 * @param text of the YAML file
 * @param file its name, for positions
 * @param entry the absolute path of the TypeScript file to be; it need not exist
 */
export function importKfp(host: Host, text: string, file: string, entry: string): Import {
  const read = readKfp(text, file);
  if (read.file === undefined) return { differences: [], diagnostics: read.diagnostics };
  const { document, diagnostics } = raised(read.file, text, { wrapped: true });
  const all = [...read.diagnostics, ...diagnostics];
  if (all.some(({ severity }) => severity === "error")) return { document, differences: [], diagnostics: all };
  const typescript = printTypeScript(document, { header: headerOf(read.file, file) });
  const proof = document.exported.length === 0 ? { differences: [], diagnostics: [] } : proved(host, entry, typescript, read.file);
  return { typescript, document, differences: proof.differences, diagnostics: [...all, ...proof.diagnostics] };
}

function headerOf({ kind }: KfpFile, file: string): string {
  return `${kind === "pipeline" ? "A pipeline" : "A component"} imported from ${file.slice(file.lastIndexOf("/") + 1)} by hmc ${version()}.`;
}

/** Compiles what was printed, as if it stood in its file, and compares. */
function proved(host: Host, entry: string, typescript: string, file: KfpFile): { differences: Difference[]; diagnostics: Diagnostic[] } {
  const compiled = compile(withFile(host, entry, typescript), entry, { target: "kfp", kfp: { shape: "sdk" } });
  const errors = compiled.diagnostics.filter(({ severity }) => severity === "error");
  if (compiled.output === undefined) {
    return { differences: [], diagnostics: errors.map(({ code, message, span }) => diagnostic("HMC7039", file.locate([]), { code, problem: message, line: span?.line ?? 0 })) };
  }
  const again = readKfp(compiled.output, "compiled.yaml").file;
  const differences = again === undefined ? [] : compareKfp(file, again);
  return { differences, diagnostics: differences.map(({ path, what, first, second }) => diagnostic("HMC7038", file.locate(path), { what, before: shown(first), after: shown(second) })) };
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** The host with one more file. */
function withFile(host: Host, path: string, text: string): Host {
  const bytes = new TextEncoder().encode(text);
  return { ...host, readFile: (other) => (other === path ? bytes : host.readFile(other)), fileExists: (other) => other === path || host.fileExists(other) };
}
