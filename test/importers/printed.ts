/** Printing a document and compiling what was printed, in memory. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { analyse } from "../../compiler/frontend/analyse.ts";
import type { Host } from "../../compiler/host.ts";
import type { Document, Node } from "../../compiler/ir/types.ts";
import { nodesOf } from "../../compiler/ir/traverse.ts";
import { nodeHost } from "../../compiler/node-host.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/").replace(/\/$/, "");

const encoder = new TextEncoder();

/** The disk, with one file in front of it. */
function hostWith(path: string, text: string): Host {
  const disk = nodeHost();
  return {
    ...disk,
    cwd: () => root,
    env: () => undefined,
    readFile: (file) => (file === path ? encoder.encode(text) : disk.readFile(file)),
    fileExists: (file) => file === path || disk.fileExists(file),
    directoryExists: (folder) => path.startsWith(`${folder.replace(/\/$/, "")}/`) || disk.directoryExists(folder),
    realpath: (file) => (file === path ? file : disk.realpath(file)),
    writeFile: () => assert.unreachable("analysing writes no files"),
  };
}

/** Where the printed module of a document stands: beside the entry. */
export function printedPath(document: Document): string {
  return posix.join(root, posix.dirname(document.entry), "printed.ts");
}

/** The document of a printed module; errors fail the test. */
export function compilePrinted(path: string, text: string): Document {
  const { document, diagnostics } = analyse(hostWith(path, text), path, { scope: "pipeline" });
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code, message, span }) => `${span?.line}:${span?.column} ${code} ${message}`);
  assert.equal(errors, [], `it compiles:\n${text}`);
  if (document === undefined) throw new Error("nothing was compiled");
  return document;
}

/**
 * A document as far as printing and compiling must keep it: without spans, sources, the entry and the environment, the project's
 * options, and with regions numbered in order.
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
  const counts = { branch: 0, loop: 0, try: 0 };
  const ids = new Map<string, string>();
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind !== "task") ids.set(node.id, `${node.kind}-${++counts[node.kind]}`);
  }
  const change = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => change(item, key));
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, name)]));
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

