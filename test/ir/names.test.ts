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

test("a name is not counted up anew for each of its uses", () => {
  let looks = 0;
  class CountingSet extends Set<string> {
    override has(name: string): boolean {
      looks += 1;
      return super.has(name);
    }
  }
  const taken = new CountingSet();
  const count = 10_000;
  for (let index = 0; index < count; index++) uniqueName("step", taken);
  assert.ok(looks <= 4 * count, `${looks} looks for ${count} names`);
});

test.run();
