/** Exit tasks, tasks that ignore failures, order beyond data, and the order of statements. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pipelinesOf } from "./imported.ts";
import { constant, group, input, operand, output, over, pipelineFile, run, status, type ComponentNote, type TaskNote } from "./specs.ts";

const always = "ALL_UPSTREAM_TASKS_COMPLETED";

test("an exit handler is try and finally", () => {
  const tasks = {
    "exit-handler-1": group("pipelinechannel--table: string", { "pipelinechannel--table": input("table") }, { train: run("table: string", { table: input("pipelinechannel--table") }) }),
    notify: run("text: string", { text: constant("done") }, { after: ["exit-handler-1"], strategy: always }),
  };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "table: string", tasks })), `export const main = pipeline(({ table }: { table: string }) => {
  try {
    train({ table });
  } finally {
    notify({ text: "done" });
  }
});
`);
});

test("with the final status", () => {
  const tasks = {
    "exit-handler-1": group("", {}, { train: run("") }),
    notify: run("state: status?", { state: status("exit-handler-1") }, { after: ["exit-handler-1"], strategy: always }),
  };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  try {
    train();
  } finally {
    notify({ state: runStatus() });
  }
});
`);
});

test("several exit handlers, one after the other", () => {
  const tasks = {
    "exit-handler-1": group("", {}, { train: run("") }),
    notify: run("", {}, { after: ["exit-handler-1"], strategy: always }),
    "exit-handler-2": group("", {}, { score: run("") }, { after: ["exit-handler-1"] }),
    clean: run("", {}, { after: ["exit-handler-2"], strategy: always }),
  };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  let last: TaskHandle;
  try {
    last = train();
  } finally {
    notify();
  }
  try {
    score().after(last);
  } finally {
    clean();
  }
});
`);
});

test("a task that ignores the failure of what is before it", () => {
  const tasks = { train: run("-> auc: number"), clean: run("auc: number? = 0", { auc: output("train", "auc") }, { after: ["train"], strategy: always }), sweep: run("", {}, { after: ["train"], strategy: always }) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  const trainTask = train();
  clean({ auc: trainTask.auc }, { ignoreUpstreamFailure: true });
  sweep({}, { ignoreUpstreamFailure: true }).after(trainTask);
});
`);
});

test("the final status of a task whose failure is ignored", () => {
  const tasks = { train: run(""), notify: run("state: status?", { state: status("train") }, { after: ["train"], strategy: always }) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `/*taskStatus*/`);
});

test("tasks that wait without taking a value", () => {
  const tasks = { make: run("-> rows: int"), use: run("rows: int", { rows: output("make", "rows") }, { after: ["make"] }), clean: run("", {}, { after: ["make", "use"] }) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  const makeTask = make();
  const useTask = use({ rows: makeTask.rows });
  clean().after(makeTask, useTask);
});
`);
});

test("groups that wait for tasks, and tasks that wait for groups", () => {
  const item = "pipelinechannel--loop-item-param-1";
  const tasks = {
    prepare: run(""),
    "for-loop-2": group(`${item}: string`, {}, { say: run("word: string", { word: input(item) }) }, { after: ["prepare"], more: over(["a", "b"], item) }),
    clean: run("", {}, { after: ["for-loop-2"] }),
    "condition-3": group("pipelinechannel--kind: string", { "pipelinechannel--kind": input("kind") }, { grow: run("") }, { after: ["clean"], condition: `${operand("pipelinechannel--kind")} == 'a'` }),
    report: run("", {}, { after: ["condition-3"] }),
  };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "kind: string", tasks })), `export const main = pipeline(({ kind }: { kind: string }) => {
  const prepareTask = prepare();
  const sayTasks = ["a", "b"].map((item) => say({ word: item }).after(prepareTask));
  const cleanTask = clean().after(...sayTasks);
  let last: TaskHandle | undefined;
  if (kind === "a") {
    last = grow().after(cleanTask);
  }
  report().after(last);
});
`);
});

test("calls of one component are in the order of their numbers", () => {
  const component: ComponentNote = { interface: "depth: int", container: { command: ["train"] } };
  const train = (depth: number): TaskNote => ({ component, given: { depth: constant(depth) }, more: { cachingOptions: { enableCache: true } } });
  const tasks = { "train-3": train(3), "train-10": train(10), "train-2": train(2), train: train(1) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  train({ depth: 1 });
  train({ depth: 2 });
  train({ depth: 3 });
  train({ depth: 10 }, { name: "train-10" });
});
`);
});

test("groups are in the order of their numbers, with tasks before and between them", () => {
  const kind = "pipelinechannel--kind";
  const lone = (value: string, key: string): TaskNote => group(`${kind}: string`, { [kind]: input("kind") }, { [key]: run("") }, { condition: `${operand(kind)} == '${value}'` });
  const tasks = { "condition-3": lone("c", "third"), "condition-2": lone("b", "second"), "condition-1": lone("a", "first") };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "kind: string", tasks })), `export const main = pipeline(({ kind }: { kind: string }) => {
  if (kind === "a") {
    first();
  }
  if (kind === "b") {
    second();
  }
  if (kind === "c") {
    third();
  }
});
`);
});

test("what is used stands before its use, whatever the numbers say", () => {
  const component: ComponentNote = { interface: "n: int -> n: int", container: { command: ["add"] } };
  const more = { cachingOptions: { enableCache: true } };
  const tasks = { add: { component, given: { n: output("add-2", "n") }, after: ["add-2"], more }, "add-2": { component, given: { n: constant(1) }, more } };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  const addTask2 = add({ n: 1 }, { name: "add-2" });
  add({ n: addTask2.n });
});
`);
});

test.run();
