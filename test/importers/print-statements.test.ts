/** How control flow, expressions and options are printed; what the frontend of today reads is compiled again. */
import { posix } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import { tasksOf } from "../../compiler/ir/traverse.ts";
import type { Argument, ArtifactType, Document, Expression, Loop, Node, Pipeline, RunTime, Try, ValueType } from "../../compiler/ir/types.ts";
import { at, branchOf, containerOf, documentOf, inputsOf, pipelineOf, span, taskOf, type Bare } from "./documents.ts";
import { assertSame, compileFiles, essence, root, strictErrors } from "./printed.ts";

const text: ValueType = { kind: "string" };
const whole: ValueType = { kind: "integer" };
const flag: ValueType = { kind: "boolean" };
const json: ValueType = { kind: "json" };
const dataset: ArtifactType = { kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: false };
const anything: ArtifactType = { ...dataset, schemaTitle: "system.Artifact" };

const components = [
  containerOf("make", { inputs: { name: text }, outputs: { data: dataset, count: whole, ok: flag, label: text, items: { kind: "list", items: json } }, command: [{ kind: "text", parts: [{ placeholder: "inputValue", name: "name" }] }] }),
  containerOf("use", { inputs: { count: whole, label: text, data: dataset, flag, status: { kind: "status" }, table: { kind: "struct", properties: {}, additional: json } } }),
];
for (const input of Object.values(components[1]?.inputs ?? {})) input.optional = true;

const constant = (value: string | number | boolean): Bare => ({ kind: "constant", value, type: { kind: typeof value === "number" ? "integer" : (typeof value as "string" | "boolean") } });
const output = (task: string, name: string): Bare => ({ kind: "output", task, output: name, type: components[0]?.outputs[name]?.type ?? text });
const make = (id = "make"): Node => taskOf(id, "make", { name: constant("a") });
const use = (id: string, inputs: Record<string, Bare>, after: string[] = []): Node => taskOf(id, "use", inputs, { after });

function loopOf(id: string, items: Bare, nodes: Node[], more: Partial<Loop> = {}): Loop {
  const type: ValueType = items.type.kind === "list" ? items.type.items : json;
  return { kind: "loop", id, items: at(items), itemName: "item", itemType: type, body: { nodes }, span, ...more };
}

const numbers: Bare = { kind: "constant", value: [1, 2], type: { kind: "list", items: { kind: "integer" } } };

const documentWith = (nodes: Node[], parts?: Parameters<typeof pipelineOf>[2]): Document => documentOf(components, [pipelineOf("all", nodes, parts)]);

/** The statements of the one pipeline, without indentation. */
function body(document: Document): string {
  const printed = printTypeScript(document);
  const lines = printed.slice(printed.indexOf("export const all")).split("\n");
  const start = lines.findIndex((line) => line.endsWith("=> {"));
  const depth = lines[start]?.startsWith("  ") ? 4 : 2;
  const end = lines.findIndex((line, index) => index > start && line.startsWith("}".padStart(depth - 1)));
  return lines.slice(start + 1, end).map((line) => line.slice(depth)).join("\n");
}

const path = posix.join(root, "test/importers/virtual/printed.ts");
const packageFile = { [posix.join(root, "test/importers/virtual/package.json")]: '{ "type": "module" }' };

function assertCompiles(given: Document): void {
  const called = Object.values(given.pipelines).flatMap((pipeline) => [...tasksOf(pipeline.body)].map(({ target }) => target.id));
  // What no pipeline calls does not come back.
  const document = { ...given, components: Object.fromEntries(Object.entries(given.components).filter(([id]) => called.includes(id))) };
  const printed = printTypeScript(document);
  assert.equal(strictErrors({ ...packageFile, [path]: printed }), [], printed);
  assertSame(essence(compileFiles(path, { ...packageFile, [path]: printed })), essence(document), printed);
}

/** Prints the statements, and compiles them to the same document. */
function assertBody(document: Document, expected: string): void {
  assert.is(body(document), expected);
  assertCompiles(document);
}

// ---------------------------------------------------------------------------------------------- order

test("after what stands in a branch, a loop and a try: a handle is handed out", () => {
  const document = documentWith([
    branchOf("if-1", [[constant(true), [make()]]]),
    use("use", {}, ["make"]),
    loopOf("for-1", numbers, [branchOf("if-2", [[constant(true), [make("make-2")]]])]),
    use("use-2", {}, ["make-2"]),
  ]);
  assert.is(body(document), `let last: TaskHandle | undefined;
if (true) {
  last = make({ name: "a" });
}
use().after(last);
const tasks = [1, 2].map((item) => {
  let last2: TaskHandle | undefined;
  if (true) {
    last2 = make({ name: "a" });
  }
  return last2;
});
use().after(...tasks);`);
});

test("after a whole branch: after what runs in its arms", () => {
  const ok: Bare = { kind: "input", name: "ok", type: flag };
  const document = documentWith([branchOf("if-1", [[ok, [make()]], [undefined, [use("use", {}), loopOf("for-1", numbers, [use("use-2", {})])]]]), use("use-3", {}, ["if-1"])], { inputs: { ok: flag } });
  assert.is(body(document), `let last: TaskHandle | undefined;
if (ok) {
  last = make({ name: "a" });
} else {
  last = use();
  for (const item of [1, 2]) {
    use();
  }
}
use().after(last);`);
});

test("after nested loops, and after the body of a try", () => {
  const attempt: Try = { kind: "try", id: "try-1", body: { nodes: [make()] }, finally: { nodes: [use("use", {})] }, span };
  const document = documentWith([attempt, use("use-2", {}, ["make"]), loopOf("for-1", numbers, [loopOf("for-2", numbers, [make("make-2")])]), use("use-3", {}, ["for-1"]), use("use-4", {}, ["try-1"])]);
  assert.is(body(document), `let last: TaskHandle;
try {
  last = make({ name: "a" });
} finally {
  use();
}
use().after(last);
const tasks = [1, 2].map((item) => [1, 2].map((item2) => make({ name: "a" })));
use().after(...tasks.map(([first]) => first));
use().after(last);`);
});

test("values leave a try through variables", () => {
  const attempt: Try = { kind: "try", id: "try-1", body: { nodes: [make(), loopOf("for-1", numbers, [make("make-2")])] }, finally: { nodes: [use("use", { status: { kind: "status", try: "try-1", type: { kind: "status" } } })] }, span };
  const labels: Bare = { kind: "collect", loop: "for-1", value: at(output("make-2", "label")), type: { kind: "list", items: { kind: "string" } } };
  const document = documentWith([attempt, use("use-2", { data: output("make", "data") })], { outputs: { labels } });
  assertBody(document, `let data: Dataset;
let labels: string[];
try {
  data = make({ name: "a" }).data;
  labels = [1, 2].map((item) => make({ name: "a" }).label);
} finally {
  use({ status: runStatus() });
}
use({ data });
return { labels };`);
});

test("what is used stands before its use, else the order is kept", () => {
  const document = documentWith([use("use", { count: output("make", "count") }), use("use-2", {}, ["use"]), make(), use("use-3", {})]);
  assert.is(body(document), `const makeTask = make({ name: "a" });
const useTask = use({ count: makeTask.count });
use().after(useTask);
use();`);
});

// ---------------------------------------------------------------------------------------------- branches and loops

test("names of groups are comments", () => {
  const ok: Bare = { kind: "input", name: "ok", type: flag };
  const branch = branchOf("if-1", [[ok, [make()]], [{ kind: "unary", operator: "!", operand: at(ok), type: flag }, [make("make-2")]], [undefined, [make("make-3")]]], { displayName: "Which way" });
  ["It is", "It is not", "Neither"].forEach((name, index) => Object.assign(branch.arms[index] ?? {}, { displayName: name }));
  const attempt: Try = { kind: "try", id: "try-1", displayName: "Try it", body: { nodes: [make("make-5")] }, finally: { nodes: [use("use", {})] }, span };
  const document = documentWith([branch, loopOf("for-1", numbers, [make("make-4")], { displayName: "Each */ number", parallelism: 2 }), attempt], { inputs: { ok: flag } });
  assert.is(body(document), `/**
 * It is
 * @branches Which way
 */
if (ok) {
  make({ name: "a" });
} else /** It is not */ if (!ok) {
  make({ name: "a" });
} else /** Neither */ {
  make({ name: "a" });
}
/** Each *\\/ number */
for (const item of limit([1, 2], 2)) {
  make({ name: "a" });
}
/** Try it */
try {
  make({ name: "a" });
} finally {
  use();
}`);
});

test("an else that was written stays, also where it is empty", () => {
  const ok: Bare = { kind: "input", name: "ok", type: flag };
  const branch = branchOf("if-1", [[ok, [make()]], [undefined, []]]);
  assertBody(documentWith([branch], { inputs: { ok: flag } }), `if (ok) {
  make({ name: "a" });
} else {}`);
});

test("several values of an iteration are members of an object", () => {
  const collect = (value: Bare): Bare => ({ kind: "collect", loop: "for-1", value: at(value), type: { kind: "list", items: value.type as never } });
  const document = documentWith([loopOf("for-1", numbers, [make(), make("make-2")])], { outputs: { labels: collect(output("make", "label")), more: collect(output("make-2", "label")), counts: collect(output("make-2", "count")) } });
  assertBody(document, `const results = [1, 2].map((item) => {
  const makeTask = make({ name: "a" });
  const makeTask2 = make({ name: "a" });
  return { label: makeTask.label, label2: makeTask2.label, count: makeTask2.count };
});
return {
  labels: results.map((result) => result.label),
  more: results.map((result) => result.label2),
  counts: results.map((result) => result.count),
};`);
});

test("the index of an iteration", () => {
  const index: Bare = { kind: "index", loop: "for-1", type: { kind: "integer" } };
  assertBody(documentWith([loopOf("for-1", numbers, [use("use", { count: index })])]), `[1, 2].forEach((item, index) => {
  use({ count: index });
});`);
});

test("fields of items without a type are bound once", () => {
  const item: Expression = at({ kind: "item", loop: "for-1", type: json });
  const field = (key: string, type: ValueType): Bare => ({ kind: "member", object: item, key, type });
  const document = documentWith([make(), loopOf("for-1", output("make", "items"), [use("use", { label: field("name", text), count: field("my-count", whole) })])]);
  assert.is(body(document), `const makeTask = make({ name: "a" });
for (const item of makeTask.items) {
  const { name, "my-count": myCount } = item as { name: string; "my-count": Int };
  use({ label: name, count: myCount });
}`);
  assert.equal(strictErrors({ ...packageFile, [path]: printTypeScript(document) }), []);
});

// ---------------------------------------------------------------------------------------------- types

test("casts stand only where TypeScript asks for them", () => {
  const anyStruct: ValueType = { kind: "struct", properties: {}, additional: json };
  const inputs: Record<string, ValueType> = { label: text, count: whole, ratio: { kind: "number" }, mode: { kind: "string", literals: ["a", "b"] }, table: anyStruct, list: { kind: "list", items: json }, thing: anything };
  const input = (name: string): Bare => ({ kind: "input", name, type: inputs[name] ?? text });
  const pipeline = pipelineOf("all", [
    use("use", { label: input("mode"), count: input("ratio"), table: input("table") }),
    use("use-2", { label: input("count"), count: input("label"), data: input("thing"), flag: input("table") }),
    use("use-3", { label: { kind: "member", object: at(input("table")), key: "a", type: text }, count: { kind: "element", object: at(input("list")), index: at(constant(0)), type: json } }),
    use("use-4", { label: input("note") }),
  ], { inputs });
  pipeline.inputs["note"] = { type: text, optional: true, span };
  const document = documentOf(components, [pipeline]);
  assert.is(body(document), `use({ label: mode, count: ratio, table });
use({ label: count as unknown as string, count: label as unknown as Int, data: thing as Dataset, flag: table as unknown as boolean });
use({ label: table.a as string, count: list[0] as Int });
use({ label: note });`);
  assert.equal(strictErrors({ ...packageFile, [path]: printTypeScript(document) }), []);
});

test("an optional value into a required input, and into an optional one of another pipeline", () => {
  const inner = pipelineOf("inner", [], { inputs: { name: text } });
  Object.assign(inner.inputs, { note: { type: text, optional: true, span } });
  const note: Bare = { kind: "input", name: "note", type: text };
  const call = taskOf("inner", "inner", { name: note, note }, { target: { kind: "pipeline", id: "inner" } });
  const outer: Pipeline = { ...pipelineOf("all", [call]), inputs: { note: { type: text, optional: true, span } } };
  const document = documentOf(components, [inner, outer]);
  assert.match(printTypeScript(document), "const inner = pipeline((_parameters: { name: string; note?: string | undefined }) => {});");
  assertBody(document, "inner({ name: note!, note });");
});

test("a default without a question mark", () => {
  const pipeline = pipelineOf("all", [use("use", { count: { kind: "input", name: "count", type: whole } })]);
  pipeline.inputs = { count: { type: whole, optional: false, default: 3, span } };
  assert.match(printTypeScript(documentOf(components, [pipeline])), "({ count = 3 }: { count: Int }) => {");
});

test("what conditions have ruled out can be compared again", () => {
  const label = output("make", "label");
  const is = (value: Bare, other: string | boolean): Bare => ({ kind: "binary", operator: "==", left: at(value), right: at(constant(other)), type: flag });
  const document = documentWith([
    make(),
    branchOf("if-1", [[is(label, "a"), [branchOf("if-2", [[is(label, "b"), [use("use", {})]], [is(label, "a"), [use("use-2", {})]]])]], [is(label, "a"), [use("use-3", {})]]]),
    branchOf("if-3", [[is(output("make", "ok"), true), [use("use-4", {})]], [is(output("make", "ok"), true), [use("use-5", {})]]]),
  ]);
  assertBody(document, `const makeTask = make({ name: "a" });
if (makeTask.label === "a") {
  if ((makeTask.label as string) === "b") {
    use();
  } else if (makeTask.label === "a") {
    use();
  }
} else if (makeTask.label === "a") {
  use();
}
if (makeTask.ok === true) {
  use();
} else if ((makeTask.ok as boolean) === true) {
  use();
}`);
});

test("artifact types of others are types of the module", () => {
  const vertex: ArtifactType = { ...dataset, schemaTitle: "google.VertexModel" };
  const component = containerOf("use", { inputs: { model: vertex, models: { ...vertex, list: true }, old: { ...vertex, schemaVersion: "0.0.2" }, schema: { ...vertex, schemaTitle: "", schemaVersion: "", instanceSchema: "title: my.Thing\ntype: object\n" }, model2: { ...vertex, schemaTitle: "system.Model" } } });
  const printed = printTypeScript(documentOf([component], []));
  assert.match(printed, `type VertexModel = Artifact<"google.VertexModel">;\ntype VertexModelArtifact = Artifact<"google.VertexModel", "0.0.2">;\ntype Thing = Artifact<"", "", "title: my.Thing\\ntype: object\\n">;\n`);
  assert.match(printed, "{ model: VertexModel; models: VertexModel[]; old: VertexModelArtifact; schema: Thing; model2: Model }");
});

// ---------------------------------------------------------------------------------------------- expressions

const seed: Bare = { kind: "input", name: "seed", type: whole };
const word: Bare = { kind: "input", name: "word", type: text };
const binary = (operator: Extract<Expression, { kind: "binary" }>["operator"], left: Bare, right: Bare, type: ValueType = flag): Bare => ({ kind: "binary", operator, left: at(left), right: at(right), type });

/** An expression as the value of the input of a task. */
function printed(input: "count" | "label" | "flag", value: Bare): string {
  const pipeline = pipelineOf("all", [use("use", { [input]: value })], { inputs: { seed: whole, word: text } });
  Object.assign(pipeline.inputs, { note: { type: text, optional: true, span }, table: { type: { kind: "struct", properties: { a: { type: { kind: "list", items: { kind: "string" } }, optional: true } } }, optional: false, span } });
  return body(documentOf(components, [pipeline])).replace(/^use\(\{ \w+: ([^]*) \}\);$/, "$1");
}

test("parentheses stand only where they are needed", () => {
  const sum = binary("+", seed, constant(1), whole);
  assert.is(printed("count", binary("*", sum, binary("-", seed, sum, whole), whole)), "(seed + 1) * (seed - (seed + 1))");
  assert.is(printed("count", binary("-", binary("-", seed, constant(1), whole), constant(-2), whole)), "seed - 1 - -2");
  const large = binary(">", seed, constant(3));
  const named = binary("==", word, constant("a"));
  assert.is(printed("flag", binary("||", binary("&&", large, named), { kind: "unary", operator: "!", operand: at(large), type: flag })), '(seed > 3 && word === "a") || !(seed > 3)');
  assert.is(printed("label", { kind: "conditional", test: at(large), consequent: at(word), alternate: at(constant("b")), type: text }), 'seed > 3 ? word : "b"');
});

test("functions and methods", () => {
  const call = (name: Extract<Expression, { kind: "call" }>["function"], given: Bare[], type: ValueType): Bare => ({ kind: "call", function: name, arguments: given.map((part) => at(part)), type });
  assert.is(printed("count", call("length", [word], whole)), "word.length");
  assert.is(printed("count", call("toInteger", [word], whole)), "parseInt(word)");
  assert.is(printed("count", call("toInteger", [seed], whole)), "Math.trunc(seed)");
  assert.is(printed("label", call("toString", [seed], text)), "String(seed)");
  assert.is(printed("flag", call("includes", [{ kind: "constant", value: ["a"], type: { kind: "list", items: { kind: "string" } } }, word], flag)), '["a"].includes(word)');
  assert.is(printed("label", call("parse", [word], json)), "JSON.parse(word)");
  assert.is(printed("count", call("max", [seed, constant(2)], { kind: "number" })), "Math.max(seed, 2)");
  assert.is(printed("flag", call("startsWith", [seed, constant("a")], flag)), '(seed as unknown as string).startsWith("a")');
});

test("values that may be absent", () => {
  const note: Bare = { kind: "input", name: "note", type: text };
  const list: Bare = { kind: "member", object: at({ kind: "input", name: "table", type: json }), key: "a", type: { kind: "list", items: { kind: "string" } } };
  assert.is(printed("flag", { kind: "present", value: at(note), type: flag }), "note !== undefined");
  assert.is(printed("label", { kind: "coalesce", value: at(note), fallback: at(word), type: text }), "note ?? word");
  assert.is(printed("label", { kind: "coalesce", value: at(word), fallback: at(constant("x")), type: text }), '(word as string | undefined) ?? "x"');
  assert.is(printed("count", { kind: "call", function: "length", arguments: [at(note)], type: whole }), "note!.length");
  assert.is(printed("count", { kind: "conditional", test: at({ kind: "present", value: at(list), type: flag }), consequent: at({ kind: "call", function: "length", arguments: [at(list)], type: whole }), alternate: at({ kind: "absent", type: whole }), type: whole }), "table.a?.length");
});

test("templates are template literals, or sums where these would join what stands apart", () => {
  const template = (...parts: Bare[]): Bare => ({ kind: "template", parts: parts.map((part) => at(part)), type: text });
  assert.is(printed("label", template(constant("a `b` ${"), seed, constant("\n"))), "`a \\`b\\` \\${${seed}\\n`");
  assert.is(printed("label", template(word, constant("a"), constant("b"))), 'word + "a" + "b"');
});

test("what the run knows, CEL as it stands, and the status of a task", () => {
  assert.is(printed("label", { kind: "context", name: "runId", type: text }), "run.id");
  assert.is(printed("label", { kind: "context", name: "workspacePath", type: text }), "run.workspacePath");
  assert.is(printed("count", { kind: "cel", parts: ["size(", at(word), ") + `x` \\d"], type: whole }), "cel<Int>`size(${word}) + \\`x\\` \\d`");
  assert.is(printed("flag", { kind: "cel", parts: ["", at(seed), " > 3"], type: flag }), "cel`${seed} > 3`");
  assert.is(printed("flag", { kind: "cel", parts: [at(seed), "number_value > 3.0"], type: flag }), 'cel.of(seed, "number_value > 3.0")');
  const status: Bare = { kind: "taskStatus", task: "make", type: { kind: "status" } };
  assert.is(body(documentWith([make(), taskOf("use", "use", { status }, { ignoreUpstreamFailure: true })])), `const makeTask = make({ name: "a" });
use({ status: statusOf(makeTask) }, { ignoreUpstreamFailure: true });`);
});

// ---------------------------------------------------------------------------------------------- options

test("options that only a run knows, and a condition of the task itself", () => {
  const label: RunTime = { expression: at(output("make", "label")) };
  const document = documentWith([
    make(),
    taskOf("use", "use", {}, {
      when: at(output("make", "ok")),
      options: {
        image: label,
        cpu: { request: label, limit: label },
        memory: { request: "1Gi", limit: label },
        accelerator: { type: "nvidia.com/gpu", count: { expression: at(output("make", "count")) } },
        env: { A: { kind: "secret", name: label, key: "k", optional: true }, B: { kind: "configMap", name: "c", key: "k" }, C: { kind: "field", path: "spec.nodeName" } },
        volumes: [{ kind: "pvc", claim: label, mountPath: "/data" }, { kind: "ephemeral", name: "tmp", mountPath: "/tmp", size: "1Gi", accessModes: ["ReadWriteOnce"], labels: { a: "b" } }],
        imagePullSecrets: ["a", label],
        tolerations: [{ json: { key: "a" } }, { json: { expression: at({ kind: "input", name: "toleration", type: json }) } }],
      },
    }),
  ], { inputs: { toleration: { kind: "struct", properties: {}, additional: json } } });
  assert.is(body(document), `const makeTask = make({ name: "a" });
use({}, {
  when: makeTask.ok,
  image: makeTask.label,
  cpu: makeTask.label,
  memory: { request: "1Gi", limit: makeTask.label },
  accelerator: { type: "nvidia.com/gpu", count: makeTask.count },
  env: { A: secret(makeTask.label, "k", { optional: true }), B: configMap("c", "k"), C: fieldPath("spec.nodeName") },
  volumes: [
    { pvc: makeTask.label, mountPath: "/data" },
    { ephemeral: { size: "1Gi", accessModes: ["ReadWriteOnce"], labels: { a: "b" } }, name: "tmp", mountPath: "/tmp" },
  ],
  imagePullSecrets: ["a", makeTask.label],
  tolerations: [{ json: { key: "a" } }, { json: toleration }],
});`);
});

test("passthrough and metadata of a component", () => {
  const component = { ...containerOf("use", { inputs: { config: { kind: "taskConfig" } }, outputs: { model: { ...dataset, schemaTitle: "system.Model" } } }), passthroughs: [{ setting: "env" as const, applyToTask: false }, { setting: "resources" as const, applyToTask: true }] };
  Object.assign(component.outputs["model"] ?? {}, { metadata: { framework: "gbdt" } });
  assert.match(printTypeScript(documentOf([component], [])), `passthrough: ["env", { setting: "resources", applyToTask: true }],
    metadata: { model: { framework: "gbdt" } },`);
});

test("durations in their largest unit, quantities as numbers where they are", () => {
  const component = { ...containerOf("use", {}), options: { image: "a", cpu: { request: "2", limit: "2" }, memory: { limit: "1.5Gi" }, timeoutSeconds: 5400, retry: { count: 2, backoffSeconds: 86400 }, cache: { enabled: true, key: "k" } } };
  assert.match(printTypeScript(documentOf([component], [])), `cpu: 2, memory: { limit: "1.5Gi" }, timeout: "90m", retry: { count: 2, backoff: "1d" }, cache: { key: "k" }`);
});

test("run-time metadata of an importer", () => {
  const importer: Document["components"][string] = {
    kind: "importer", id: "importer", name: "importArtifact", inputs: inputsOf({ uri: text, metadata: text, "metadata-2": text }), outputs: { artifact: { type: dataset, span } }, span,
    reimport: true, metadata: { name: ["{{$.inputs.parameters['metadata']}}", "b"], "{{$.inputs.parameters['metadata-2']}}": { x: "a {{$.inputs.parameters['metadata']}}" } }, downloadToWorkspace: false,
  };
  const pipeline = pipelineOf("all", [taskOf("importer", "importer", { uri: constant("gs://x"), metadata: word, "metadata-2": word })], { inputs: { word: text } });
  const document = { ...documentOf([], [pipeline]), components: { importer } };
  assert.is(body(document), 'importArtifact<Dataset>({ uri: "gs://x", reimport: true, metadata: { name: [word, "b"], [word]: { x: `a ${word}` } } });');
});

test("options of the task of an importer", () => {
  const importer: Document["components"][string] = {
    kind: "importer", id: "importer", name: "importArtifact", inputs: inputsOf({ uri: text }), outputs: { artifact: { type: dataset, span } }, span, reimport: false, metadata: {}, downloadToWorkspace: false,
  };
  const pipeline = pipelineOf("all", [taskOf("get-it", "importer", { uri: constant("gs://x") }, { options: { displayName: "Get it" } })]);
  assertBody({ ...documentOf([], [pipeline]), components: { importer } }, 'importArtifact<Dataset>({ uri: "gs://x" }, { name: "get-it", displayName: "Get it" });');
});

// ---------------------------------------------------------------------------------------------- command lines

test("an artifact that may be absent may lack its members", () => {
  const uri: Argument = { kind: "text", parts: [{ placeholder: "inputUri", name: "data" }] };
  const component = containerOf("use", { inputs: { data: dataset }, args: [uri, { kind: "ifPresent", input: "data", then: [uri], otherwise: [] }] });
  Object.assign(component.inputs["data"] ?? {}, { optional: true });
  const document = documentOf([component], [pipelineOf("all", [taskOf("use", "use", {})])]);
  assert.match(printTypeScript(document), "args: [input.data?.uri, ...(input.data !== undefined ? [input.data.uri] : [])],");
  assertCompiles(document);
});

test("placeholders, optional arguments and concatenations", () => {
  const component = containerOf("use", {
    inputs: { n: whole, s: text, list: { kind: "list", items: { kind: "string" } }, data: dataset },
    outputs: { rows: dataset, count: whole },
    command: [{ kind: "text", parts: ["--n=", { placeholder: "inputValue", name: "n" }] }, { kind: "text", parts: [{ placeholder: "inputValue", name: "n" }] }, { kind: "text", parts: [{ placeholder: "inputValue", name: "list" }] }],
    args: [
      { kind: "ifPresent", input: "s", then: [{ kind: "text", parts: ["--s"] }, { kind: "text", parts: [{ placeholder: "inputValue", name: "s" }] }], otherwise: [] },
      { kind: "ifPresent", input: "s", then: [{ kind: "text", parts: ["a"] }], otherwise: [{ kind: "text", parts: ["b"] }], single: true },
      { kind: "concat", items: [{ kind: "text", parts: ["x"] }, { kind: "text", parts: [{ placeholder: "inputUri", name: "data" }] }] },
      { kind: "text", parts: [{ placeholder: "inputMetadata", name: "data", key: "a" }] },
      { kind: "text", parts: [{ placeholder: "outputMetadata", name: "rows", key: "my-key" }] },
      { kind: "text", parts: [{ placeholder: "inputArtifact", name: "data" }] },
      { kind: "text", parts: [{ placeholder: "context", name: "runName" }] },
      { kind: "text", parts: [{ placeholder: "executorInput" }] },
    ],
  });
  Object.assign(component.inputs["s"] ?? {}, { optional: true });
  const document = documentOf([component], [pipelineOf("all", [taskOf("use", "use", { n: constant(1), list: { kind: "constant", value: [], type: { kind: "list", items: json } }, data: { kind: "input", name: "data", type: dataset } })], { inputs: { data: dataset } })]);
  assert.match(printTypeScript(document), `  command: [\`--n=\${input.n}\`, \`\${input.n}\`, JSON.stringify(input.list)],
    args: [
      ...(input.s !== undefined ? ["--s", input.s] : []),
      input.s !== undefined ? "a" : "b",
      concat("x", input.data.uri),
      input.data.metadata.a,
      out.rows.metadata["my-key"],
      input.data,
      run.name,
      executorInput(),
    ],`);
  assertCompiles(document);
});

test.run();
