/** Loops over every kind of list, and the lists that come of them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pipelinesOf } from "./imported.ts";
import { constant, group, input, output, over, pipelineFile, run } from "./specs.ts";

test("over a list that stands in the file", () => {
  const loop = group("pipelinechannel--loop-item-param-1: string", {}, { say: run("word: string", { word: input("pipelinechannel--loop-item-param-1") }) }, {
    more: over(["a", "b"], "pipelinechannel--loop-item-param-1"),
  });
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { "for-loop-2": loop } })), `export const main = pipeline(() => {
  for (const item of ["a", "b"]) {
    say({ word: item });
  }
});
`);
});

test("over a parameter, so many at once", () => {
  const loop = group("pipelinechannel--words: list, pipelinechannel--words-loop-item: string", { "pipelinechannel--words": input("words") }, { say: run("word: string", { word: input("pipelinechannel--words-loop-item") }) }, {
    more: over("pipelinechannel--words", "pipelinechannel--words-loop-item", 3),
  });
  assert.fixture(pipelinesOf(pipelineFile({ interface: "words: list", tasks: { "for-loop-1": loop } })), `export const main = pipeline(({ words }: { words: string[] }) => {
  for (const word of limit(words, 3)) {
    say({ word });
  }
});
`);
});

test("over an output, and its items' fields", () => {
  const item = "pipelinechannel--list-plans-Output-loop-item";
  const loop = group(`pipelinechannel--list-plans-Output: list, ${item}: struct`, { "pipelinechannel--list-plans-Output": output("list-plans", "Output") }, {
    train: run("depth: int, table: string", { depth: input(item, 'parseJson(string_value)["depth"]'), table: input(item, 'parseJson(string_value)["table"]') }),
  }, { after: ["list-plans"], more: over("pipelinechannel--list-plans-Output", item) });
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { "list-plans": run("-> Output: list"), "for-loop-1": loop } })), `export const main = pipeline(() => {
  const listPlansTask = listPlans();
  for (const item of listPlansTask.Output) {
    train({ depth: item.depth, table: item.table });
  }
});
`);
});

test("over a field of the item of another loop", () => {
  const outer = "pipelinechannel--groups-loop-item";
  const inner = `${outer}-subvar-names`;
  const innerLoop = group(`${outer}: struct, ${inner}: list, ${inner}-loop-item: string`, { [outer]: input(outer), [inner]: input(outer, 'parseJson(string_value)["names"]') }, {
    say: run("word: string", { word: input(`${inner}-loop-item`) }),
  }, { more: over(inner, `${inner}-loop-item`) });
  const loop = group(`pipelinechannel--groups: list, ${outer}: struct`, { "pipelinechannel--groups": input("groups") }, { "for-loop-2": innerLoop }, { more: over("pipelinechannel--groups", outer) });
  assert.fixture(pipelinesOf(pipelineFile({ interface: "groups: list", tasks: { "for-loop-1": loop } })), `export const main = pipeline(({ groups }: { groups: { names: string[]; [key: string]: unknown }[] }) => {
  for (const group of groups) {
    for (const name of group.names) {
      say({ word: name });
    }
  }
});
`);
});

test("over artifacts", () => {
  const list = "pipelinechannel--split-parts";
  const loop = group(`${list}: Dataset[], ${list}-loop-item: Dataset`, { [list]: output("split", "parts") }, { train: run("part: Dataset", { part: input(`${list}-loop-item`) }) }, {
    after: ["split"], more: { artifactIterator: { items: { inputArtifact: list }, itemInput: `${list}-loop-item` } },
  });
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { split: run("-> parts: Dataset[]"), "for-loop-1": loop } })), `export const main = pipeline(() => {
  const splitTask = split();
  for (const part of splitTask.parts) {
    train({ part });
  }
});
`);
});

test("what every iteration gives is a list: parameters and artifacts", () => {
  const item = "pipelinechannel--depths-loop-item";
  const loop = group(`pipelinechannel--depths: list, ${item}: int -> pipelinechannel--train-auc: list, pipelinechannel--train-model: Model[]`, { "pipelinechannel--depths": input("depths") }, {
    train: run("depth: int -> auc: number, model: Model", { depth: input(item) }),
  }, { more: over("pipelinechannel--depths", item), outputs: { "pipelinechannel--train-auc": "train.auc", "pipelinechannel--train-model": "train.model" } });
  const pick = run("aucs: list, models: Model[]", { aucs: output("for-loop-1", "pipelinechannel--train-auc"), models: output("for-loop-1", "pipelinechannel--train-model") }, { after: ["for-loop-1"] });
  assert.fixture(pipelinesOf(pipelineFile({ interface: "depths: list", tasks: { "for-loop-1": loop, pick } })), `export const main = pipeline(({ depths }: { depths: Int[] }) => {
  const trainTasks = depths.map((depth) => train({ depth }));
  pick({ models: trainTasks.map((task) => task.model), aucs: trainTasks.map((task) => task.auc) });
});
`);
});

test("nested loops, whose results are one flat list", () => {
  const [outer, inner] = ["pipelinechannel--loop-item-param-1", "pipelinechannel--loop-item-param-3"];
  const innerLoop = group(`${outer}: int, ${inner}: int -> pipelinechannel--train-auc: list`, { [outer]: input(outer) }, {
    train: run("depth: int, width: int -> auc: number", { depth: input(outer), width: input(inner) }),
  }, { more: over([10, 20], inner), outputs: { "pipelinechannel--train-auc": "train.auc" } });
  const loop = group(`${outer}: int -> pipelinechannel--train-auc: list`, {}, { "for-loop-4": innerLoop }, { more: over([1, 2], outer), outputs: { "pipelinechannel--train-auc": "for-loop-4.pipelinechannel--train-auc" } });
  const pick = run("aucs: list", { aucs: output("for-loop-2", "pipelinechannel--train-auc") }, { after: ["for-loop-2"] });
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { "for-loop-2": loop, pick } })), `export const main = pipeline(() => {
  const aucs = [1, 2].map((item) => [10, 20].map((item2) => train({ depth: item, width: item2 }).auc));
  pick({ aucs: aucs.flat() });
});
`);
});

test("values from outside of a loop", () => {
  const item = "pipelinechannel--loop-item-param-1";
  const loop = group(`${item}: int, pipelinechannel--make-data: Dataset, pipelinechannel--rate: number`, { "pipelinechannel--make-data": output("make", "data"), "pipelinechannel--rate": input("rate") }, {
    train: run("depth: int, data: Dataset, rate: number, seed: int", { depth: input(item), data: input("pipelinechannel--make-data"), rate: input("pipelinechannel--rate"), seed: constant(7) }),
  }, { after: ["make"], more: over([1, 2], item) });
  assert.fixture(pipelinesOf(pipelineFile({ interface: "rate: number", tasks: { make: run("-> data: Dataset"), "for-loop-2": loop } })), `export const main = pipeline(({ rate }: { rate: number }) => {
  const makeTask = make();
  for (const item of [1, 2]) {
    train({ data: makeTask.data, depth: item, rate, seed: 7 });
  }
});
`);
});

test("items of many types are what their users declare", () => {
  const item = "pipelinechannel--loop-item-param-1";
  const loop = group(`${item}: struct`, {}, { train: run("plan: struct, depth: int", { plan: input(item), depth: input(item, 'parseJson(string_value)["depth"]') }) }, { more: over([{ depth: 1, name: "a" }, { depth: 2, name: "b" }], item) });
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { "for-loop-2": loop } })), `export const main = pipeline(() => {
  for (const item of [{ depth: 1, name: "a" }, { depth: 2, name: "b" }]) {
    train({ plan: item, depth: item.depth });
  }
});
`);
});

test("a task that is a loop itself becomes the only one of a loop", () => {
  const text = pipelineFile({ interface: "words: list", tasks: { say: run("words: list, word: string", { words: input("words") }, { more: over("words", "word") }) } });
  assert.fixture(pipelinesOf(text, ["HMC7035", "HMC7038"]), `export const main = pipeline(({ words }: { words: string[] }) => {
  for (const item of words) {
    say({ words, word: item });
  }
});
`);
});

test.run();
