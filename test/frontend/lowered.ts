/** Pipelines written in tests, and what the frontend makes of them, as text that can be compared at a glance. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import { readComponentFile } from "../../compiler/component-files.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { analyse } from "../../compiler/frontend/analyse.ts";
import type { Host } from "../../compiler/host.ts";
import type { Block, Document, Expression, Node, Pipeline } from "../../compiler/ir/types.ts";
import { validateDocument } from "../../compiler/ir/validate.ts";
import { nodeHost } from "../../compiler/node-host.ts";

const folder = fileURLToPath(new URL("virtual/", import.meta.url)).replaceAll("\\", "/");

/** Ops for the pipelines of tests: in `./ops.ts`. */
const ops = `
import { op, type Dataset, type Int, type Metrics, type Model, type RunStatus } from "hmc";
export const load = op(async (input: { since: string }, out: { rows: Dataset }) => ({ count: input.since.length as Int, files: [input.since], ok: out.rows.path !== "" }));
export const train = op(async (input: { rows: Dataset; depth?: Int }, out: { model: Model; metrics: Metrics }) => ({ auc: input.rows.path.length + out.model.path.length + out.metrics.path.length }));
export const word = op(async (input: { text: string }) => input.text);
export const size = op(async (input: { text?: string | undefined }) => (input.text ?? "").length as Int);
export const isGood = op(async (input: { text: string }) => input.text !== "");
export const plan = op(async (input: { names: string[] }) => ({ items: input.names.map((name) => ({ name, depth: 1 as Int, tags: [name] })), config: { least: 0.5, title: "x", note: undefined as string | undefined } }));
export const use = op(async (input: { text?: string | undefined; number?: number | undefined; list?: string[]; numbers?: number[]; flag?: boolean; model?: Model | undefined; models?: Model[] }) => { console.log(input); });
export const report = op(async (input: { status: RunStatus; text?: string }) => { console.log(input); });
`;

const encoder = new TextEncoder();

/** The disk, with the files of a test in front of it. Paths are relative to the folder of the test's project. */
export function hostWith(files: Record<string, string>, environment: Record<string, string> = {}): Host {
  const disk = nodeHost();
  const all = new Map(Object.entries({ "package.json": "{}", "ops.ts": ops, ...files }).map(([name, text]) => [posix.join(folder, name), text]));
  const folders = new Set([...all.keys()].flatMap((path) => [posix.dirname(path), posix.dirname(posix.dirname(path))]));
  return {
    ...disk,
    cwd: () => folder,
    env: (name) => environment[name],
    readFile: (path) => (all.has(path) ? encoder.encode(all.get(path)) : disk.readFile(path)),
    fileExists: (path) => all.has(path) || disk.fileExists(path),
    directoryExists: (path) => folders.has(path.replace(/\/$/, "")) || disk.directoryExists(path),
    realpath: (path) => (all.has(path) ? path : disk.realpath(path)),
    writeFile: () => assert.unreachable("analysing writes no files"),
  };
}

export interface Lowered {
  document: Document | undefined;
  diagnostics: Diagnostic[];
}

/** Analyses `pipeline.ts` of a project in memory. A document must be valid. */
export function lowerFiles(files: Record<string, string>, environment?: Record<string, string>): Lowered {
  const { document, diagnostics } = analyse(hostWith(files, environment), posix.join(folder, "pipeline.ts"), { scope: "pipeline", readComponentFile });
  if (document !== undefined) {
    const result = validateDocument(document);
    assert.equal("errors" in result ? result.errors : [], [], "the document fits the schema");
  }
  return { document, diagnostics };
}

/** The file of one pipeline `p`, with the ops above and the language in scope. */
export function pipelineFile(body: string, { parameters = "", before = "", options = "{}" }: { parameters?: string; before?: string; options?: string } = {}): string {
  return [
    `import { container, env, importArtifact, limit, op, pipeline, range, runStatus, secret, type Dataset, type Int, type Model } from "hmc";`,
    `import { isGood, load, plan, report, size, train, use, word } from "./ops.ts";`,
    before,
    `export const p = pipeline(${options}, (${parameters}) => {`,
    body,
    `});`,
  ].join("\n");
}

/** The one pipeline of a body without any error. */
export function lower(body: string, around: { parameters?: string; before?: string; options?: string } = {}): Pipeline {
  return only(lowerFiles({ "pipeline.ts": pipelineFile(body, around) }));
}

/** The pipeline `p` of a result without any error. */
export function only({ document, diagnostics }: Lowered): Pipeline {
  assert.equal(errorsOf(diagnostics), []);
  const pipeline = document?.pipelines["p"];
  assert.ok(pipeline !== undefined, "there is a pipeline p");
  return pipeline as Pipeline;
}

/** The codes, lines and messages of a body that has mistakes; the first line of the body is 1. */
export function mistakes(body: string, around: { parameters?: string; before?: string; options?: string } = {}): string[] {
  const file = pipelineFile(body, around);
  const first = file.slice(0, file.indexOf(`=> {\n${body}`)).split("\n").length;
  return lowerFiles({ "pipeline.ts": file }).diagnostics.map(({ code, message, span }) => `${(span?.line ?? 0) - first} ${code} ${message}`);
}

export function errorsOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code, message, span }) => `${span?.file}:${span?.line}:${span?.column} ${code} ${message}`);
}

/**
 * The essential parts of a pipeline, one node a line: `id target(inputs) after: …`, blocks indented, then the selects
 * of a branch and at the end `return` with the outputs.
 */
export function outline(pipeline: Pipeline): string[] {
  const outputs = Object.entries(pipeline.outputs).map(([name, { value }]) => `${name}: ${show(value)}`);
  return [...blockLines(pipeline.body, ""), ...(outputs.length === 0 ? [] : [`return { ${outputs.join(", ")} }`])];
}

function blockLines(block: Block, indent: string): string[] {
  return block.nodes.flatMap((node) => nodeLines(node, indent));
}

function nodeLines(node: Node, indent: string): string[] {
  const inner = `${indent}  `;
  switch (node.kind) {
    case "task": {
      const inputs = Object.entries(node.inputs).map(([name, value]) => `${name}: ${show(value)}`).join(", ");
      const after = node.after.length === 0 ? "" : ` after ${node.after.join(", ")}`;
      return [`${indent}${node.id} = ${node.target.id}(${inputs})${after}${node.ignoreUpstreamFailure ? " anyway" : ""}${node.when === undefined ? "" : ` when ${show(node.when)}`}`];
    }
    case "branch":
      return [
        ...node.arms.flatMap((arm, index) => [`${indent}${node.id}${index === 0 ? " if" : arm.condition === undefined ? " else" : " else if"}${arm.condition === undefined ? "" : ` ${show(arm.condition)}`}`, ...blockLines(arm.block, inner)]),
        ...node.selects.map((select) => `${indent}${node.id}.${select.name} = ${select.values.map(show).join(" | ")}`),
      ];
    case "loop":
      return [`${indent}${node.id} of ${show(node.items)}${node.parallelism === undefined ? "" : ` by ${node.parallelism}`}`, ...blockLines(node.body, inner)];
    case "while":
      return [
        ...node.carried.map(({ name, initial }) => `${indent}${node.id}.${name} = ${show(initial)}`),
        `${indent}${node.id} ${node.test === "before" ? "while" : "do while"} ${show(node.condition)}`,
        ...blockLines(node.body, inner),
        ...node.carried.map(({ name, next }) => `${inner}next ${name} = ${show(next)}`),
      ];
    case "try":
      return [
        `${indent}${node.id} try`,
        ...blockLines(node.body, inner),
        ...(node.catch === undefined ? [] : [`${indent}${node.id} catch`, ...blockLines(node.catch, inner)]),
        ...(node.finally === undefined ? [] : [`${indent}${node.id} finally`, ...blockLines(node.finally, inner)]),
      ];
  }
}

/** An expression as text: `$name` is an input of the pipeline, `[for-1: …]` what a loop collects. */
export function show(expression: Expression): string {
  switch (expression.kind) {
    case "constant":
      return JSON.stringify(expression.value);
    case "absent":
      return "absent";
    case "input":
      return `$${expression.name}`;
    case "output":
      return `${expression.task}.${expression.output}`;
    case "item":
      return `${expression.loop}.item`;
    case "carried":
      return `${expression.loop}:${expression.name}`;
    case "final":
      return `${expression.loop}.${expression.name}`;
    case "index":
      return `${expression.loop}.index`;
    case "select":
      return `${expression.branch}.${expression.name}`;
    case "collect":
      return `[${expression.loop}: ${show(expression.value)}]`;
    case "status":
      return `${expression.try}.status`;
    case "taskStatus":
      return `${expression.task}.status`;
    case "context":
      return `run.${expression.name}`;
    case "argo":
      return `argo.${expression.name}`;
    case "cel":
      return `cel(${expression.parts.map((part) => (typeof part === "string" ? part : `{${show(part)}}`)).join("")})`;
    case "member":
      return `${show(expression.object)}.${expression.key}`;
    case "element":
      return `${show(expression.object)}[${show(expression.index)}]`;
    case "template":
      return `\`${expression.parts.map((part) => (part.kind === "constant" ? String(part.value) : `{${show(part)}}`)).join("")}\``;
    case "unary":
      return `${expression.operator}${show(expression.operand)}`;
    case "binary":
      return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
    case "conditional":
      return `(${show(expression.test)} ? ${show(expression.consequent)} : ${show(expression.alternate)})`;
    case "coalesce":
      return `(${show(expression.value)} ?? ${show(expression.fallback)})`;
    case "present":
      return `present(${show(expression.value)})`;
    case "call":
      return `${expression.function}(${expression.arguments.map(show).join(", ")})`;
    case "list":
      return `[${expression.items.map(show).join(", ")}]`;
    case "struct":
      return `{${Object.entries(expression.fields).map(([name, value]) => `${name}: ${show(value)}`).join(", ")}}`;
    case "range":
      return `range(${show(expression.count)})`;
  }
}
