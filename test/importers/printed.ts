/** Printing a document and compiling what was printed, in memory. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import * as assert from "uvu/assert";
import { analyse } from "../../compiler/frontend/analyse.ts";
import type { Host } from "../../compiler/host.ts";
import type { Document, Node } from "../../compiler/ir/types.ts";
import { nodesOf } from "../../compiler/ir/traverse.ts";
import { nodeHost } from "../../compiler/node-host.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/").replace(/\/$/, "");

const encoder = new TextEncoder();

/** The disk, with some files in front of it, by absolute path. */
export function hostWith(files: Record<string, string>): Host {
  const disk = nodeHost();
  const all = new Map(Object.entries(files));
  const isInside = (folder: string): boolean => [...all.keys()].some((path) => path.startsWith(`${folder.replace(/\/$/, "")}/`));
  return {
    ...disk,
    cwd: () => root,
    env: () => undefined,
    readFile: (file) => (all.has(file) ? encoder.encode(all.get(file)) : disk.readFile(file)),
    fileExists: (file) => all.has(file) || disk.fileExists(file),
    directoryExists: (folder) => isInside(folder) || disk.directoryExists(folder),
    realpath: (file) => (all.has(file) ? file : disk.realpath(file)),
    writeFile: () => assert.unreachable("analysing writes no files"),
  };
}

/** Where the printed module of a document stands: beside the entry. */
export function printedPath(document: Document): string {
  return posix.join(root, posix.dirname(document.entry), "printed.ts");
}

/** The document of a module; errors fail the test. */
export function compileFiles(path: string, files: Record<string, string>): Document {
  const { document, diagnostics } = analyse(hostWith(files), path, { scope: "pipeline" });
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code, message, span }) => `${span?.line}:${span?.column} ${code} ${message}`);
  assert.equal(errors, [], `it compiles:\n${files[path]}`);
  if (document === undefined) throw new Error("nothing was compiled");
  return document;
}

/** What TypeScript says of modules, all in one program with the strictest options. Other files are trusted. */
export function strictErrors(files: Record<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.es2024.string.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    paths: { hmc: [`${root}/compiler/language/index.ts`] },
  };
  const compilerHost = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = compilerHost;
  compilerHost.fileExists = (path) => files[path] !== undefined || fileExists(path);
  compilerHost.directoryExists = (folder) => Object.keys(files).some((path) => path.startsWith(`${folder}/`)) || ts.sys.directoryExists(folder);
  compilerHost.readFile = (path) => files[path] ?? readFile(path);
  compilerHost.getSourceFile = (path, language, ...more) => {
    const text = files[path];
    return text === undefined ? getSourceFile(path, language, ...more) : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram(Object.keys(files), options, compilerHost);
  return Object.keys(files).flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ start = 0, messageText }) => {
      const text = files[path] ?? "";
      const line = text.slice(0, start).split("\n").length;
      return `${posix.relative(root, path)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")} | ${text.split("\n")[line - 1]?.trim()}`;
    });
  });
}

/**
 * A document as far as printing and compiling must keep it: without spans, sources, the entry and the environment, with regions
 * numbered in order, and with the names of selects and carried values as variables can have them (`text-2` is `text2`).
 */
export function essence(document: Document): unknown {
  const { sources, entry, environment, ...rest } = JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === "span" || key === "spans" ? undefined : value))) as Document;
  for (const pipeline of Object.values(rest.pipelines)) renumber(pipeline);
  return { ...rest, components: sorted(rest.components), pipelines: sorted(rest.pipelines) };
}

function sorted<T>(entries: Record<string, T>): [string, T][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Gives regions the ids `if-1`, `for-1`, `try-1` … in order. */
function renumber(pipeline: Document["pipelines"][string]): void {
  const counts = { branch: 0, loop: 0, while: 0, try: 0 };
  const ids = new Map<string, string>();
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind !== "task") ids.set(node.id, `${node.kind}-${++counts[node.kind]}`);
  }
  const change = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item) => change(item, key));
      return key === "carried" ? (items as { name: string }[]).sort((a, b) => (a.name < b.name ? -1 : 1)) : items;
    }
    if (typeof value === "object" && value !== null) {
      const isNamed = "name" in value && ("values" in value || "next" in value || ("kind" in value && ["select", "carried", "final"].includes(String(value.kind))));
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, isNamed && name === "name" ? "variable" : name)]));
    }
    // `best` is `bestValue` or `bestValue2` where the name is taken, and so is `break`, which no variable can be called.
    if (typeof value === "string" && key === "variable") return value.replace(/[^A-Za-z0-9]/g, "").toLowerCase().replace(/(?<=.)value\d*$/, "");
    return typeof value === "string" && key !== undefined && ["id", "loop", "branch", "try", "after"].includes(key) ? (ids.get(value) ?? value) : value;
  };
  const renumbered = change(pipeline.body) as typeof pipeline.body;
  pipeline.body = renumbered;
  pipeline.outputs = change(pipeline.outputs) as typeof pipeline.outputs;
}

/** Compares two essences by their lines, the first few that differ. */
export function assertSame(actual: unknown, expected: unknown, text: string): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, undefined, 1).split("\n"));
  if (a === undefined || b === undefined || JSON.stringify(a) === JSON.stringify(b)) return;
  const at = a.findIndex((line, index) => line !== b[index]);
  const around = (lines: string[]): string => lines.slice(Math.max(0, at - 12), at + 12).join("\n");
  assert.is(around(a), around(b), text);
  assert.unreachable("they differ in length");
}

/** Every node of a document, for statements about all of them. */
export function allNodes(document: Document): Node[] {
  return Object.values(document.pipelines).flatMap((pipeline) => [...nodesOf(pipeline.body)]);
}

