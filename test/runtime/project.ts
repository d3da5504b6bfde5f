/** Small projects in temporary folders, and IR documents written by hand, for the tests of the run-time side. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Component, ContextName, Document, Expression, Input, Json, Node, OpComponent, Output, Pipeline, Span, Task, ValueType } from "../../compiler/ir/types.ts";

export const span: Span = { file: "ops.ts", start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };

export const string: ValueType = { kind: "string" };
export const number: ValueType = { kind: "number" };
export const integer: ValueType = { kind: "integer" };
export const boolean: ValueType = { kind: "boolean" };
export const listOf = (items: Exclude<ValueType, { kind: "artifact" }>): ValueType => ({ kind: "list", items });
export const dataset: ValueType = { kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: false };
export const datasets: ValueType = { ...dataset, list: true };

const roots: string[] = [];
process.on("exit", () => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A temporary folder with these files; its real path. It is removed when the test process ends. */
export function makeProject(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "hmc-test-")));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

type Types = Record<string, ValueType | (Partial<Input> & { type: ValueType })>;

function inputsOf(types: Types): Record<string, Input> {
  return Object.fromEntries(
    Object.entries(types).map(([name, given]) => {
      const input: Partial<Input> & { type: ValueType } = "kind" in given ? { type: given } : given;
      return [name, { optional: input.default !== undefined, span, ...input }];
    }),
  );
}

export function op(id: string, inputs: Types = {}, outputs: Record<string, ValueType> = {}, more: Partial<OpComponent> = {}): OpComponent {
  const exported = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    kind: "op",
    id,
    name: exported,
    inputs: inputsOf(inputs),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, type]): [string, Output] => [name, { type, span }])),
    options: {},
    implementation: { module: "ops.ts", export: exported },
    span,
    ...more,
  };
}

export function document(components: Component[], pipelines: Pipeline[]): Document {
  return {
    irVersion: "1.0",
    entry: "ops.ts",
    sources: [],
    environment: [],
    defaults: {},
    exported: pipelines.map((pipeline) => pipeline.id),
    components: Object.fromEntries(components.map((component) => [component.id, component])),
    pipelines: Object.fromEntries(pipelines.map((pipeline) => [pipeline.id, pipeline])),
  };
}

export function pipeline(id: string, nodes: Node[], outputs: Record<string, Expression> = {}, more: { inputs?: Types; options?: Pipeline["options"] } = {}): Pipeline {
  return {
    id,
    name: id,
    inputs: inputsOf(more.inputs ?? {}),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { type: value.type, value, span }])),
    options: more.options ?? {},
    body: { nodes },
    span,
  };
}

export function task(id: string, target: string, inputs: Record<string, Expression> = {}, more: Partial<Task> = {}): Task {
  return { kind: "task", id, target: { kind: "component", id: target }, inputs, after: [], ignoreUpstreamFailure: false, options: {}, span, ...more };
}

/** Expressions. The type matters to targets only, so tests leave it at `json` where they can. */
export const e = {
  constant: (value: Json): Expression => ({ kind: "constant", value, type: { kind: "json" }, span }),
  absent: (): Expression => ({ kind: "absent", type: { kind: "json" }, span }),
  input: (name: string): Expression => ({ kind: "input", name, type: { kind: "json" }, span }),
  output: (taskId: string, output = "Output"): Expression => ({ kind: "output", task: taskId, output, type: { kind: "json" }, span }),
  item: (loop: string): Expression => ({ kind: "item", loop, type: { kind: "json" }, span }),
  index: (loop: string): Expression => ({ kind: "index", loop, type: { kind: "json" }, span }),
  select: (branch: string, name: string): Expression => ({ kind: "select", branch, name, type: { kind: "json" }, span }),
  collect: (loop: string, value: Expression): Expression => ({ kind: "collect", loop, value, type: { kind: "json" }, span }),
  status: (id: string): Expression => ({ kind: "status", try: id, type: { kind: "status" }, span }),
  taskStatus: (taskId: string): Expression => ({ kind: "taskStatus", task: taskId, type: { kind: "status" }, span }),
  context: (name: ContextName): Expression => ({ kind: "context", name, type: { kind: "string" }, span }),
  member: (object: Expression, key: string): Expression => ({ kind: "member", object, key, type: { kind: "json" }, span }),
  binary: (operator: "==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||" | "+" | "-" | "*" | "/" | "%", left: Expression, right: Expression): Expression => ({ kind: "binary", operator, left, right, type: { kind: "json" }, span }),
  template: (...parts: Expression[]): Expression => ({ kind: "template", parts, type: { kind: "string" }, span }),
  coalesce: (value: Expression, fallback: Expression): Expression => ({ kind: "coalesce", value, fallback, type: { kind: "json" }, span }),
};

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. */
export function run(command: string, args: string[], options: { cwd?: string; onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void; onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { FORCE_COLOR: _, ...environment } = process.env;
    const child = spawn(command, args, { cwd: options.cwd, env: { ...environment, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      ended.stdout += chunk.toString();
      options.onStdout?.(ended.stdout, (signal) => child.kill(signal));
    });
    child.stderr.on("data", (chunk: Buffer) => {
      ended.stderr += chunk.toString();
      options.onStderr?.(ended.stderr, (signal) => child.kill(signal));
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ ...ended, code, signal }));
  });
}

export function readJson(path: string): Json {
  return JSON.parse(readFileSync(path, "utf8")) as Json;
}
