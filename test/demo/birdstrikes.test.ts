/** The steps of `crashed` on 10,000 real bird strikes. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { birdStrikes } from "../../fixtures/birdstrikes/table.ts";
import { createTest } from "../../fixtures/crashed/steps/create-test.ts";
import { createTraining } from "../../fixtures/crashed/steps/create-training.ts";
import { evaluate } from "../../fixtures/crashed/steps/evaluate.ts";
import { profile } from "../../fixtures/crashed/steps/profile.ts";
import { train } from "../../fixtures/crashed/steps/train.ts";
import { readColumns } from "../../fixtures/crashed/warehouse/duckdb.ts";
import { runStep, temporaryFolder } from "./run-step.ts";

const folder = temporaryFolder();
const source = "npm:vega-datasets/data/birdstrikes.csv";

/** All steps with the defaults of the pipeline, but for the seed. */
async function learn(seed: number) {
  const selection = { source, table: birdStrikes, heldOut: 0.25, seed };
  const training = await runStep(createTraining, selection, folder, "features", "target");
  const held = await runStep(createTest, selection, folder, "features", "target");
  const { encodings } = await runStep(profile, { features: training.features, maxLevels: 200 }, folder, "encodings", "distributions");
  const fit = await runStep(train, { features: training.features, target: training.target, encodings, depth: 5, trees: 100, learningRate: 0.05, seed }, folder, "model", "metrics");
  const score = await runStep(evaluate, { model: fit.model, features: held.features, target: held.target }, folder, "metrics", "curve", "report");
  return { training, held, score };
}

test("tells damage on a held-out quarter, whichever quarter it is", async () => {
  for (const seed of [1, 2, 3]) {
    const { training, held, score } = await learn(seed);
    assert.is(training.rows + held.rows, 10_000);
    assert.ok(Math.abs(held.rows - 2500) < 150, `${held.rows} rows are held out`);
    assert.ok(score.auc >= 0.76, `AUC ${score.auc} with the seed ${seed}`);
    assert.ok(score.auc < 0.9, `AUC ${score.auc} is too good: the target leaks`);
  }
});

test("learns from nine columns, none of them a date, a cost or the damage; one row in ten is damage", async () => {
  const whole = await runStep(createTraining, { source, table: birdStrikes }, folder, "features", "target");
  const names = (await readColumns(whole.features.path)).map(({ name }) => name);
  assert.is(names.length, 9);
  assert.equal(names.filter((name) => /date|cost|damage/i.test(name)), []);
  assert.is(whole.target.metadata["positive"], 0.1061);
});

test("the rows that training holds out are those of the test, and no others", async () => {
  const selection = { source, table: { ...birdStrikes, categorical: ["Flight Date", "Airport Name", "Cost Total $"], numeric: [] }, heldOut: 0.25, seed: 5 };
  const counts = new Map<string, number>();
  const count = async (path: string, sign: number): Promise<void> => {
    const columns = await readColumns(path);
    (columns[0]?.values ?? []).forEach((_, row) => {
      const key = JSON.stringify(columns.map(({ values }) => values[row]));
      counts.set(key, (counts.get(key) ?? 0) + sign);
    });
  };
  await count((await runStep(createTraining, selection, folder, "features", "target")).features.path, 1);
  await count((await runStep(createTest, selection, folder, "features", "target")).features.path, 1);
  await count((await runStep(createTraining, { source, table: selection.table }, folder, "features", "target")).features.path, -1);
  assert.ok(counts.size > 5000);
  assert.equal([...counts.values()].filter((left) => left !== 0), []);
});

test("both pipelines import the same steps and nothing else that runs", () => {
  const steps = (pipeline: string): string[] =>
    [...readFileSync(new URL(`../../fixtures/${pipeline}/pipeline.ts`, import.meta.url), "utf8").matchAll(/from "(.*\/steps\/.*)"/g)].map((match) => match[1]?.replace(/^.*steps/, "") ?? "");
  assert.is(steps("crashed").length, 6);
  assert.equal(steps("birdstrikes"), steps("crashed"));
});

test.run();
