/** The two sides of a comparison, from files and folders to documents, for the command line and for users of the library. */
import { join, relative } from "node:path";
import { bug } from "./bug.ts";
import { check, hasErrors, type BundleCode } from "./compile.ts";
import { raised } from "./component-files.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { diff } from "./diff/diff.ts";
import type { Diff } from "./diff/change.ts";
import type { Program, Side } from "./diff/side.ts";
import type { Host } from "./host.ts";
import { readKfp } from "./importers/kfp/read.ts";
import type { Document } from "./ir/types.ts";
import { emitKfp, kfpDefaults, type KfpOptions } from "./targets/kfp/index.ts";
import { version } from "./version.ts";

/** What opening a side needs beside its files. */
export interface CompareTools {
  /** A hash of the code by op; or why there is none. */
  code: (document: Document, root: string) => Promise<{ code: ReadonlyMap<string, string> } | { problem: string }>;
  bundle: BundleCode;
}

/** A program with where it comes from. */
export interface OpenedProgram extends Program {
  /** TypeScript, or YAML of KFP. */
  origin: "sources" | "compiled";
  /** The sources, by their paths relative to the root. */
  texts: Map<string, string>;
  /** The project root, absolute. */
  root: string;
}

export interface OpenedSide {
  label: string;
  programs: OpenedProgram[];
  /** What is wrong with the files, with their texts and the root that their paths are relative to. */
  findings: { diagnostics: Diagnostic[]; texts: Map<string, string>; root: string }[];
  /** Why the code of ops is not known. */
  problems: string[];
}

/** Whether a side can be compared. */
export function canCompare(side: OpenedSide): boolean {
  return side.findings.every(({ diagnostics }) => !hasErrors(diagnostics));
}

/**
 * Opens a TypeScript file, a compiled YAML file, or a folder: all files in it that export pipelines, without `node_modules` and folders with a dot.
 *
 * @param path absolute; it exists
 * @param label what people call the side
 */
export async function openSide(host: Host, path: string, label: string, tools: CompareTools): Promise<OpenedSide> {
  const side: OpenedSide = { label, programs: [], findings: [], problems: [] };
  if (host.directoryExists(path)) {
    for (const file of pipelineFiles(host, path)) await openSource(host, file, side, tools, true);
  } else if (/\.(?:ya?ml|json)$/.test(path)) openCompiled(host, path, side);
  else await openSource(host, path, side, tools, false);
  return side;
}

/** The TypeScript files of a folder that may declare pipelines, in order of their paths. */
function pipelineFiles(host: Host, folder: string): string[] {
  return [...host.readDirectory(folder)].sort().flatMap((path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (host.directoryExists(path)) return name === "node_modules" || name.startsWith(".") ? [] : pipelineFiles(host, path);
    if (!/\.(?:ts|mts|cts|tsx)$/.test(name) || /\.d\.[cm]?ts$/.test(name)) return [];
    const bytes = host.readFile(path);
    return bytes !== undefined && /\bpipeline\b/.test(new TextDecoder().decode(bytes)) ? [path] : [];
  });
}

/** @param isOneOfMany whether files without a pipeline are left out, and pipelines belong to the file that declares them */
async function openSource(host: Host, path: string, side: OpenedSide, tools: CompareTools, isOneOfMany: boolean): Promise<void> {
  const { document, diagnostics, texts, root } = check(host, path, { scope: "pipeline", place: "local", ops: "called" });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (isOneOfMany && errors.some(({ code }) => code === "HMC0006")) return;
  side.findings.push({ diagnostics: errors, texts, root });
  if (errors.length > 0 || document === undefined) return;
  const exported = isOneOfMany ? document.exported.filter((id) => document.pipelines[id]?.span.file === document.entry) : document.exported;
  if (isOneOfMany && exported.length === 0) return;
  const own = { ...document, exported };
  const found = await tools.code(own, root);
  if ("problem" in found) side.problems.push(found.problem);
  const files = await compiledFiles(own, root, tools, { shape: "real" });
  const sizes = new Map([...files.texts].map(([id, text]) => [id, Buffer.byteLength(text)]));
  side.programs.push({ document: own, ...("code" in found ? { code: found.code } : {}), sizes, origin: "sources", texts, root });
}

/** The YAML of KFP by exported pipeline, and why others have none. */
async function compiledFiles(document: Document, root: string, tools: CompareTools, { shape }: Pick<KfpOptions, "shape">): Promise<{ texts: Map<string, string>; diagnostics: Diagnostic[] }> {
  const options: KfpOptions = { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], shape, toolVersion: version() };
  const texts = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const id of document.exported) {
    let emitted = emitKfp(document, id, options);
    if (emitted.missing.length > 0) {
      const carried = await tools.bundle(document, root, emitted.missing);
      diagnostics.push(...carried.diagnostics);
      emitted = emitKfp(document, id, { ...options, inline: carried.bundles });
    }
    diagnostics.push(...emitted.diagnostics);
    if (emitted.yaml !== undefined) texts.set(id, emitted.yaml);
  }
  return { texts, diagnostics };
}

function openCompiled(host: Host, path: string, side: OpenedSide): void {
  const text = new TextDecoder().decode(host.readFile(path) ?? new Uint8Array());
  const root = host.cwd();
  addCompiled(text, relative(root, path).replaceAll("\\", "/"), root, side);
}

/** Opens the text of a compiled file that lies nowhere, such as one from a server. */
export function openCompiledText(text: string, name: string, label: string, root: string): OpenedSide {
  const side: OpenedSide = { label, programs: [], findings: [], problems: [] };
  addCompiled(text, name, root, side);
  return side;
}

function addCompiled(text: string, name: string, root: string, side: OpenedSide): void {
  const { program, diagnostics } = raisedProgram(text, name, root);
  side.findings.push({ diagnostics: diagnostics.filter(({ severity }) => severity === "error"), texts: new Map([[name, text]]), root });
  if (program !== undefined) side.programs.push(program);
}

function raisedProgram(text: string, name: string, root: string): { program?: OpenedProgram; diagnostics: Diagnostic[] } {
  const read = readKfp(text, name);
  if (read.file === undefined) return { diagnostics: read.diagnostics };
  const { document, diagnostics } = raised(read.file, text, { wrapped: true });
  const all = [...read.diagnostics, ...diagnostics];
  if (hasErrors(all)) return { diagnostics: all };
  const sizes = new Map(document.exported.map((id) => [id, Buffer.byteLength(text)]));
  return { program: { document, sizes, origin: "compiled", texts: new Map([[name, text]]), root }, diagnostics: all };
}

/** Why two sides cannot be compared that have no errors by themselves: one has pipelines that do not compile for KFP, and the other is compiled. */
export interface Uncomparable {
  label: string;
  findings: OpenedSide["findings"];
}

/** Compares two sides that can be compared. Where only one is compiled, the other is compiled, too, so that both say the same in the same way. */
export async function compareSides(before: OpenedSide, after: OpenedSide, tools: CompareTools): Promise<Diff | Uncomparable> {
  const origins = new Set([...before.programs, ...after.programs].map(({ origin }) => origin));
  if (origins.size < 2) return diff(before, after);
  const found: Diff[] = [];
  // A file does not say for which of the two shapes it was compiled: it is the one that leaves fewer differences.
  for (const shape of ["real", "sdk"] as const) {
    const [first, second] = [await asCompiled(before, shape, tools), await asCompiled(after, shape, tools)];
    for (const side of [first, second]) if ("findings" in side) return side;
    found.push(diff(first as Side, second as Side));
  }
  const [best = bug("there are two shapes")] = found.sort((one, other) => one.changes.length - other.changes.length);
  return best;
}

async function asCompiled({ label, programs }: OpenedSide, shape: KfpOptions["shape"], tools: CompareTools): Promise<Side | Uncomparable> {
  const found: Program[] = [];
  for (const program of programs) {
    if (program.origin === "compiled") {
      found.push(program);
      continue;
    }
    const { texts, diagnostics } = await compiledFiles(program.document, program.root, tools, { shape });
    for (const [id, text] of texts) {
      const { program: again, diagnostics: unread } = raisedProgram(text, join(program.root, `${id}.yaml`), program.root);
      if (again === undefined) diagnostics.push(...unread);
      else found.push({ ...again, document: { ...again.document, entry: program.document.entry } });
    }
    if (hasErrors(diagnostics)) return { label, findings: [{ diagnostics: diagnostics.filter(({ severity }) => severity === "error"), texts: program.texts, root: program.root }] };
  }
  return { label, programs: found };
}
