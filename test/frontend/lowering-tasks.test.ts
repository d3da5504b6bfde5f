/** Straight lines of tasks: inputs, edges, names, options, importers, containers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { tasksOf } from "../../compiler/ir/traverse.ts";
import type { Pipeline, Task } from "../../compiler/ir/types.ts";
import { lower, lowerFiles, mistakes, outline, pipelineFile } from "./lowered.ts";

test("data makes edges, statement order makes none", () => {
  const pipeline = lower(`
    const a = load({ since: "2013" });
    const b = load({ since: "2018" });
    const fit = train({ rows: a.rows, depth: 3 });
    return { auc: fit.auc, rows: b.rows };`);
  assert.equal(outline(pipeline), [
    `load = load(since: "2013")`,
    `load-2 = load(since: "2018")`,
    `train = train(rows: load.rows, depth: 3)`,
    `return { auc: train.auc, rows: load-2.rows }`,
  ]);
});

test("a call inside an argument is an earlier task", () => {
  assert.equal(outline(lower(`train({ rows: load({ since: word({ text: "x" }) }).rows });`)), [`word = word(text: "x")`, `load = load(since: word.Output)`, `train = train(rows: load.rows)`]);
});

test("after and before chain, in either direction, with several and with spread tasks", () => {
  const pipeline = lower(`
    const a = word({ text: "a" });
    const b = word({ text: "b" }).after(a);
    const c = word({ text: "c" }).after(a, b).before(word({ text: "d" }));
    const all = [a, c];
    use({}).after(...all).after(b);
    use({ text: b });`);
  assert.equal(outline(pipeline), [
    `word = word(text: "a")`,
    `word-2 = word(text: "b") after word`,
    `word-3 = word(text: "c") after word, word-2`,
    `word-4 = word(text: "d") after word-3`,
    `use = use() after word, word-3, word-2`,
    `use-2 = use(text: word-2.Output)`,
  ]);
});

test("an order that is said twice is one edge", () => {
  assert.equal(outline(lower(`const a = word({ text: "a" }); const b = word({ text: "b" }).after(a, a); a.before(b);`))[1], `word-2 = word(text: "b") after word`);
});

test("results can be destructured, with other names", () => {
  assert.equal(outline(lower(`const { rows, count: n } = load({ since: "x" }); use({ number: n }); train({ rows });`)), [`load = load(since: "x")`, `use = use(number: load.count)`, `train = train(rows: load.rows)`]);
});

test("calls are numbered in order; a name of one's own is taken as it is", () => {
  const pipeline = lower(`
    word({ text: "1" }, { name: "first" });
    word({ text: "2" });
    word({ text: "3" });
    word({ text: "4" }, { name: "word-3" });
    word({ text: "5" });`);
  assert.equal(ids(pipeline), ["first", "word", "word-2", "word-3", "word-4"]);
});

test("call options are kept on the task", () => {
  const task = onlyTask(lower(`word({ text: "x" }, { displayName: "X", cpu: 2, retry: 1, timeout: "1h", ignoreUpstreamFailure: true, env: { A: "1", B: secret("s", "k") } });`));
  assert.is(task.ignoreUpstreamFailure, true);
  assert.equal({ ...task.options, spans: undefined }, {
    displayName: "X",
    cpu: { request: "2", limit: "2" },
    retry: { count: 1 },
    timeoutSeconds: 3600,
    env: { A: { kind: "literal", value: "1" }, B: { kind: "secret", name: "s", key: "k" } },
    spans: undefined,
  });
});

test("call options may use the constants of a helper function and of unrolled items", () => {
  const pipeline = lower(
    `step("a", "x:1"); for (const [key, image] of [["b", "x:2"], ["c", "x:3"]] as const) step(key, image);`,
    { before: `function step(key: string, image: string) { const label = key.toUpperCase(); return word({ text: key }, { name: \`step-\${key}\`, image, labels: { label } }); }` },
  );
  assert.equal([...tasksOf(pipeline.body)].map(({ id, options }) => [id, options.image, options.labels]), [
    ["step-a", "x:1", { label: "A" }],
    ["step-b", "x:2", { label: "B" }],
    ["step-c", "x:3", { label: "C" }],
  ]);
});

test("inputs that are not given are missing; undefined is not given", () => {
  assert.equal(outline(lower(`use({}); use({ text: undefined, number: 1 }); size();`)), [`use = use()`, `use-2 = use(number: 1)`, `size = size()`]);
});

test("objects are put together from spreads", () => {
  const pipeline = lower(
    `const common = { text: "t", flag: true };
    use({ ...common, number: n });
    use({ ...common, text: s, ...(c ? { number: 1 } : {}) });
    use({ text: s, ...(n !== undefined && { number: n }) });`,
    { parameters: `{ c, n, s }: { c: boolean; n?: Int; s: string }` },
  );
  assert.equal(outline(pipeline), [
    `use = use(text: "t", flag: true, number: $n)`,
    `if-1 if $c`,
    `if-1 else`,
    `if-1.number = 1 | absent`,
    `use-2 = use(text: $s, flag: true, number: if-1.number)`,
    `use-3 = use(text: $s, number: $n)`,
  ]);
});

test("an importer is a task, and itself the artifact", () => {
  const { document } = lowerFiles({
    "pipeline.ts": pipelineFile(`
      const raw = importArtifact<Dataset>({ uri: "s3://b/raw", metadata: { source: "bq" }, reimport: true });
      train({ rows: raw });
      const model = importArtifact<Model>({ uri: word({ text: "u" }) });
      use({ model: model.artifact }).after(raw);`),
  });
  const pipeline = document?.pipelines["p"] as Pipeline;
  assert.equal(outline(pipeline), [
    `importer = importer(uri: "s3://b/raw")`,
    `train = train(rows: importer.artifact)`,
    `word = word(text: "u")`,
    `importer-2 = importer-2(uri: word.Output)`,
    `use = use(model: importer-2.artifact) after importer`,
  ]);
  const importer = document?.components["importer"];
  assert.ok(importer?.kind === "importer" && importer.reimport);
  assert.equal(importer?.outputs["artifact"]?.type, { kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: false });
});

test("a container is called as an op", () => {
  const pipeline = lower(`const f = file({ text: "a" }); train({ rows: f.rows, depth: f.count });`, {
    before: `const file = container({ image: "alpine:3" }, (input: { text: string }, out: { rows: Dataset; count: Int }) => ({ command: ["sh", input.text, out.rows.path] }));`,
  });
  assert.equal(outline(pipeline), [`file = file(text: "a")`, `train = train(rows: file.rows, depth: file.count)`]);
});

test("an order after something that is no task is a mistake", () => {
  assert.equal(mistakes(`const fs = [word({ text: "a" })];\nuse({}).after(...fs.map((f) => ({ f })) as never[]);`).map(code), ["2 HMC1010"]);
});

test("a fraction for an Int is a mistake", () => {
  assert.equal(mistakes(`train({ rows: load({ since: "" }).rows, depth: 1.5 });`).map(code), ["1 HMC2014"]);
});

function ids(pipeline: Pipeline): string[] {
  return [...tasksOf(pipeline.body)].map((task) => task.id);
}

function onlyTask(pipeline: Pipeline): Task {
  const [task] = tasksOf(pipeline.body);
  assert.ok(task !== undefined);
  return task as Task;
}

function code(mistake: string): string {
  return mistake.split(" ").slice(0, 2).join(" ");
}

test("a condition in the options of a call stands on the task", () => {
  assert.equal(
    outline(lower(`const w = word({ text: "a" }); const when = w !== "x"; use({ text: w }, { when, name: "mine" }); use({}, { ...{ retry: 2 }, when: n > 1 && w.startsWith("y") }); use({}, { when: true });`, { parameters: "{ n }: { n: Int }" })),
    [
      `word = word(text: "a")`,
      `mine = use(text: word.Output) when (word.Output != "x")`,
      `use = use() when (($n > 1) && startsWith(word.Output, "y"))`,
      `use-2 = use() when true`,
    ],
  );
});

test("the status of a task is an input of a task beside it, or in its condition; the task ignores its failure", () => {
  const around = { before: `import { statusOf } from "hmc";` };
  assert.equal(outline(lower(`const w = word({ text: "a" }); report({ status: statusOf(w) }, { ignoreUpstreamFailure: true });`, around)), [`word = word(text: "a")`, `report = report(status: word.status) anyway`]);
  assert.equal(outline(lower(`const w = word({ text: "a" }); const v = word({ text: "b" }); use({}, { ignoreUpstreamFailure: true, when: statusOf(w).state === "FAILED" || statusOf(v).state === "FAILED" });`, around)).slice(2), [
    `use = use() anyway when ((word.status.state == "FAILED") || (word-2.status.state == "FAILED"))`,
  ]);
  const why = (body: string): string => mistakes(`const w = word({ text: "a" });\n${body}`, around).map((found) => found.replace(/^(\d+ \w+) .*?here: (.*?)\. Pass.*/, "$1 $2")).join("\n");
  assert.is(why(`if (statusOf(w).state === "FAILED") use({});`), "2 HMC1030 it is neither an input of a task by itself nor in the option \"when\"");
  assert.is(why(`use({}, { when: statusOf(w).state === "FAILED" });`), "2 HMC1030 without it the call runs only if the task succeeded");
  assert.is(why(`return { state: statusOf(w).state };`), "2 HMC1030 it is neither an input of a task by itself nor in the option \"when\"");
  assert.is(why(`if (w === "x") report({ status: statusOf(w) }, { ignoreUpstreamFailure: true });`), "2 HMC1030 the call stands in another block than the task");
});

test.run();
