/** Names of components and tasks. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kebabCase, uniqueName } from "../../compiler/ir/names.ts";

test("kebab-case of identifiers", () => {
  const cases = { createTraining: "create-training", XGBTrain2: "xgb-train2", load_data: "load-data", A: "a", "über": "ber", "": "task", "__": "task", toURL: "to-url" };
  for (const [name, expected] of Object.entries(cases)) assert.is(kebabCase(name), expected);
});

test("the first free name, also where a number was taken by hand", () => {
  const taken = new Set(["train-3"]);
  assert.equal([1, 2, 3, 4].map(() => uniqueName("train", taken)), ["train", "train-2", "train-4", "train-5"]);
  assert.is(uniqueName("train", new Set(["other"])), "train", "sets do not know of each other");
});

test("names that were given back are given again", () => {
  const taken = new Set<string>();
  for (let count = 0; count < 5; count++) uniqueName("train", taken);
  for (const name of ["train-5", "train-4"]) taken.delete(name);
  assert.equal([1, 2, 3].map(() => uniqueName("train", taken)), ["train-4", "train-5", "train-6"]);
  taken.clear();
  assert.equal([1, 2].map(() => uniqueName("train", taken)), ["train", "train-2"]);
});

test("twice as many equal names take about twice as long", () => {
  const time = (count: number) => {
    const taken = new Set<string>();
    const started = performance.now();
    for (let index = 0; index < count; index++) uniqueName("step", taken);
    return performance.now() - started;
  };
  time(20_000);
  const [small, large] = [Math.min(time(20_000), time(20_000), time(20_000)), Math.min(time(80_000), time(80_000), time(80_000))];
  assert.ok(large < 9 * small, `${small} ms, ${large} ms`);
});

test.run();
