/** What tasks run: containers that are one, options that are shared, pipelines that are called, names. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { containersOf, imported, pipelinesOf } from "./imported.ts";
import { call, componentFile, constant, input, output, pipelineFile, run, type ComponentNote } from "./specs.ts";

/** As the SDK writes it, with the deprecated number. */
const cpu = (limit: number): Record<string, string | number> => ({ resourceCpuLimit: String(limit), cpuLimit: limit });

test("equal executors are one container, whatever they are called", () => {
  const train = (): ReturnType<typeof run> => run("depth: int", { depth: constant(3) });
  assert.fixture(imported(pipelineFile({ tasks: { train: train(), "train-2": train() } })), `export const train = container({ image: "example.com/tool:1.0" }, (input: { depth: Int }) => ({
  command: ["train"],
  args: [\`\${input.depth}\`],
}));

export const main = pipeline(() => {
  train({ depth: 3 });
  train({ depth: 3 });
});
`);
});

test("options that all calls share belong to the container, others to the calls", () => {
  const image = "example.com/tool:1.0";
  const tasks = {
    train: run("", {}, { container: { command: ["train"], resources: cpu(2), env: [{ name: "MODE", value: "fast" }] } }),
    "train-2": run("", {}, { container: { command: ["train"], image, resources: cpu(4), env: [{ name: "MODE", value: "fast" }] }, more: { retryPolicy: { maxRetryCount: 2, backoffDuration: "0s", backoffFactor: 2, backoffMaxDuration: "3600s" } } }),
  };
  assert.fixture(imported(pipelineFile({ tasks })), `export const train = container({ image: "example.com/tool:1.0", env: { MODE: "fast" } }, () => ({ command: ["train"] }));

export const main = pipeline(() => {
  train({}, { cpu: { limit: 2 } });
  train({}, { retry: 2, cpu: { limit: 4 } });
});
`);
});

test("other images make other containers, with names of their own", () => {
  const tasks = { train: run(""), "train-2": run("", {}, { container: { image: "example.com/other:2.0", command: ["train"] } }) };
  assert.fixture(imported(pipelineFile({ tasks })), `export const train = container({ image: "example.com/tool:1.0" }, () => ({ command: ["train"] }));

export const train2 = container({ name: "train-2", image: "example.com/other:2.0" }, () => ({ command: ["train"] }));

export const main = pipeline(() => {
  train();
  train2();
});
`);
});

test("the name of a Python function tells a number from a second call", () => {
  const python = (name: string): Record<string, string[]> => ({ command: ["python3"], args: ["--executor_input", "{{$}}", "--function_to_execute", name] });
  const tasks = { "add-2": run("", {}, { container: python("add_2") }), add: run("", {}, { container: python("add") }) };
  assert.fixture(imported(pipelineFile({ tasks })), `export const add2 = container({ name: "add-2", image: "example.com/tool:1.0" }, () => ({
  command: ["python3"],
  args: ["--executor_input", executorInput(), "--function_to_execute", "add_2"],
}));

export const add = container({ image: "example.com/tool:1.0" }, () => ({
  command: ["python3"],
  args: ["--executor_input", executorInput(), "--function_to_execute", "add"],
}));

export const main = pipeline(() => {
  add2();
  add();
});
`);
});

const scored: ComponentNote = {
  interface: "rows: int = 10 -> auc: number",
  tasks: { make: run("rows: int -> data: Dataset", { rows: input("rows") }), score: run("data: Dataset -> auc: number", { data: output("make", "data") }, { after: ["make"] }) },
  outputs: { auc: "score.auc" },
};

test("a pipeline that is called, and its outputs", () => {
  const tasks = { evaluate: call(scored, { rows: constant(5) }), report: run("auc: number", { auc: output("evaluate", "auc") }, { after: ["evaluate"] }) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `const evaluate = pipeline(({ rows = 10 }: { rows: Int }) => {
  const makeTask = make({ rows });
  const scoreTask = score({ data: makeTask.data });
  return { auc: scoreTask.auc };
});

export const main = pipeline(() => {
  const evaluateTask = evaluate({ rows: 5 });
  report({ auc: evaluateTask.auc });
});
`);
});

test("equal pipelines are one, shared or copied", () => {
  const shared = pipelineFile({ tasks: { evaluate: call(scored, { rows: constant(5) }), "evaluate-2": call(scored, { rows: constant(6) }) } });
  const copied = pipelineFile({ tasks: { evaluate: call(scored, { rows: constant(5) }), "evaluate-2": call(structuredClone(scored), { rows: constant(6) }) } });
  assert.is.not(shared, copied);
  assert.is(imported(shared), imported(copied));
  assert.fixture(pipelinesOf(shared), `const evaluate = pipeline(({ rows = 10 }: { rows: Int }) => {
  const makeTask = make({ rows });
  const scoreTask = score({ data: makeTask.data });
  return { auc: scoreTask.auc };
});

export const main = pipeline(() => {
  evaluate({ rows: 5 });
  evaluate({ rows: 6 });
});
`);
});

test("pipelines that differ in an option of a task are two", () => {
  const other = structuredClone(scored);
  Object.assign(other.tasks?.["make"]?.component ?? {}, { container: { resources: cpu(2) } });
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { evaluate: call(scored, { rows: constant(5) }), "evaluate-2": call(other, { rows: constant(6) }) } })), `const evaluate = pipeline(({ rows = 10 }: { rows: Int }) => {
  const makeTask = make({ rows });
  const scoreTask = score({ data: makeTask.data });
  return { auc: scoreTask.auc };
});

const evaluate2 = pipeline({ name: "evaluate-2" }, ({ rows = 10 }: { rows: Int }) => {
  const makeTask = make({ rows }, { cpu: { limit: 2 } });
  const scoreTask = score({ data: makeTask.data });
  return { auc: scoreTask.auc };
});

export const main = pipeline(() => {
  evaluate({ rows: 5 });
  evaluate2({ rows: 6 });
});
`);
});

test("pipelines within pipelines", () => {
  const outer: ComponentNote = { interface: "-> auc: number", tasks: { evaluate: call(scored, { rows: constant(5) }) }, outputs: { auc: "evaluate.auc" } };
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { study: call(outer) }, interface: "-> auc: number", outputs: { auc: "study.auc" } })), `const evaluate = pipeline(({ rows = 10 }: { rows: Int }) => {
  const makeTask = make({ rows });
  const scoreTask = score({ data: makeTask.data });
  return { auc: scoreTask.auc };
});

const study = pipeline(() => {
  const evaluateTask = evaluate({ rows: 5 });
  return { auc: evaluateTask.auc };
});

export const main = pipeline(() => {
  const studyTask = study();
  return { auc: studyTask.auc };
});
`);
});

test("inputs with odd names, and those that must not be variables", () => {
  const tasks = { "train-model": run("my-depth: int, class: string, default: number, out: string", { "my-depth": input("my-depth"), class: input("class"), default: constant(1), out: constant("x") }) };
  assert.fixture(imported(pipelineFile({ name: "my-pipeline", interface: "my-depth: int, class: string", tasks })), `export const trainModel = container(
  { image: "example.com/tool:1.0" },
  (input: { "my-depth": Int; class: string; default: number; out: string }) => ({
    command: ["train-model"],
    args: [\`\${input["my-depth"]}\`, input.class, \`\${input.default}\`, input.out],
  }),
);

export const myPipeline = pipeline(({ "my-depth": myDepth, class: classInput }: { "my-depth": Int; class: string }) => {
  trainModel({ "my-depth": myDepth, class: classInput, default: 1, out: "x" });
});
`);
});

test("keys and display names that a call would not get by itself", () => {
  const tasks = { fetch: run("", {}, { more: { taskInfo: { name: "Fetch the tables" } } }), "2nd-step": run(""), delete: run("") };
  assert.fixture(imported(pipelineFile({ tasks })), `export const fetch = container({ image: "example.com/tool:1.0" }, () => ({ command: ["fetch"] }));

export const _2ndStep = container({ image: "example.com/tool:1.0" }, () => ({ command: ["2nd-step"] }));

export const delete2 = container({ name: "delete", image: "example.com/tool:1.0" }, () => ({ command: ["delete"] }));

export const main = pipeline(() => {
  fetch({}, { displayName: "Fetch the tables" });
  _2ndStep();
  delete2();
});
`);
});

test("a key that no task of ours can have is reported", () => {
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { "train--fast": run("") } }), ["HMC7038"]), `export const main = pipeline(() => {
  trainFast();
});
`);
});

test("an artifact that is imported", () => {
  const importer = { artifactUri: { constant: "gs://bucket/data.csv" }, typeSchema: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" }, metadata: { rows: 3 }, reimport: true };
  const tasks = { importer: run("uri: string -> artifact: Dataset", { uri: constant("gs://bucket/data.csv") }, { importer }), use: run("data: Dataset", { data: output("importer", "artifact") }, { after: ["importer"] }) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  const importer = importArtifact<Dataset>({ uri: "gs://bucket/data.csv", reimport: true, metadata: { rows: 3 } });
  use({ data: importer });
});
`);
});

test("an artifact that is imported from where a parameter says", () => {
  const importer = { artifactUri: { runtimeParameter: "uri" }, typeSchema: { schemaTitle: "system.Model", schemaVersion: "0.0.1" } };
  const tasks = { importer: run("uri: string -> artifact: Model", { uri: input("where") }, { importer }), use: run("model: Model", { model: output("importer", "artifact") }, { after: ["importer"] }) };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "where: string", tasks })), `export const main = pipeline(({ where }: { where: string }) => {
  const importer = importArtifact<Model>({ uri: where });
  use({ model: importer });
});
`);
});

test("a file whose root is a container becomes that container", () => {
  const component = { interface: "rows: int, note: string? = \"x\", data: Dataset -> model: Model, auc: number", container: { env: [{ name: "MODE", value: "fast" }], resources: cpu(2) } };
  assert.fixture(imported(componentFile(component, "fit-model")), `export const fitModel = container(
  { image: "example.com/tool:1.0", cpu: { limit: 2 }, env: { MODE: "fast" } },
  ({ data, rows, note = "x" }: { data: Dataset; rows: Int; note?: string }, out: { auc: number; model: Model }) => ({
    command: ["fit-model"],
    args: [\`\${rows}\`, note, data.path, out.model.path, fileOf(out.auc)],
  }),
);
`);
});

test("command lines: concatenated, optional, and all of the executor's input", () => {
  const args = [
    '{"Concat": ["--table=", "{{$.inputs.parameters[\'table\']}}", ".csv"]}',
    '{"IfPresent": {"InputName": "limit", "Then": ["--limit", "{{$.inputs.parameters[\'limit\']}}"], "Else": ["--all"]}}',
    "{{$.inputs.artifacts['data'].uri}}",
    "{{$.inputs.artifacts['data'].metadata['rows']}}",
    "{{$.outputs.artifacts['model'].path}}/weights",
    "{{$.pipeline_job_name}}",
    "{{$}}",
    "{{$.inputs.parameters['nobody']}}",
    "${HOME} `x` \\",
  ];
  const text = pipelineFile({ tasks: { make: run("-> data: Dataset"), train: run("table: string, limit: int?, data: Dataset -> model: Model", { table: constant("t"), data: output("make", "data") }, { after: ["make"], container: { args } }) } });
  assert.fixture(containersOf(text), `export const make = container({ image: "example.com/tool:1.0" }, (_input: {}, out: { data: Dataset }) => ({
  command: ["make"],
  args: [out.data.path],
}));

export const train = container(
  { image: "example.com/tool:1.0" },
  (input: { data: Dataset; table: string; limit?: Int }, out: { model: Model }) => ({
    command: ["train"],
    args: [
      concat("--table=", input.table, ".csv"),
      ...(input.limit !== undefined ? ["--limit", \`\${input.limit}\`] : ["--all"]),
      input.data.uri,
      input.data.metadata.rows,
      \`\${out.model.path}/weights\`,
      run.name,
      executorInput(),
      "{{$.inputs.parameters['nobody']}}",
      "\${HOME} \`x\` \\\\",
    ],
  }),
);
`);
});

test("metadata that outputs have from the start, and what containers pass on", () => {
  const more = { outputDefinitions: { artifacts: { model: { artifactType: { schemaTitle: "system.Model", schemaVersion: "0.0.1" }, metadata: { framework: "gbdt", trees: 30 } } } } };
  const component: ComponentNote = { interface: "settings: taskConfig?", passthroughs: [{ field: "ENV" }, { field: "RESOURCES", applyToTask: true }], more };
  const text = pipelineFile({ tasks: { train: call(component) } });
  assert.fixture(imported(text), `export const train = container(
  {
    image: "example.com/tool:1.0",
    passthrough: ["env", { setting: "resources", applyToTask: true }],
    metadata: { model: { framework: "gbdt", trees: 30 } },
  },
  (input: { settings?: TaskConfig }, _out: { model: Model }) => ({ command: ["train"], args: [JSON.stringify(input.settings)] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test.run();
