/** The steps of `crashed`, run on 24,912 training and 5,088 test rows, as the pipeline's defaults have it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Classifier } from "../../fixtures/crashed/learning/gbdt.ts";
import { predict } from "../../fixtures/crashed/learning/gbdt.ts";
import { areaUnderCurve } from "../../fixtures/crashed/learning/measures.ts";
import { randomNumbers } from "../../fixtures/crashed/learning/random.ts";
import type { Features, Target } from "../../fixtures/crashed/steps/artifacts.ts";
import { createTest } from "../../fixtures/crashed/steps/create-test.ts";
import { createTraining } from "../../fixtures/crashed/steps/create-training.ts";
import { evaluate } from "../../fixtures/crashed/steps/evaluate.ts";
import { profile } from "../../fixtures/crashed/steps/profile.ts";
import { publish } from "../../fixtures/crashed/steps/publish.ts";
import { train } from "../../fixtures/crashed/steps/train.ts";
import { crashes } from "../../fixtures/crashed/table.ts";
import { query, readColumns, readTarget, withWarehouse, writeParquet } from "../../fixtures/crashed/warehouse/duckdb.ts";
import { artifact, runStep, temporaryFolder } from "./run-step.ts";

const folder = temporaryFolder();
const source = "synthetic:crashes";
const hyperparameters = { depth: 4, trees: 80, learningRate: 0.1, seed: 1 };
const training = await runStep(createTraining, { source, table: crashes, firstDay: "2013-01-01", lastDay: "2017-12-31" }, folder, "features", "target");
const held = await runStep(createTest, { source, table: crashes, firstDay: "2018-01-01", lastDay: "2018-12-31" }, folder, "features", "target");
const profiled = await runStep(profile, { features: training.features }, folder, "encodings", "distributions");
const learn = { features: training.features, target: training.target, encodings: profiled.encodings, ...hyperparameters };
const started = performance.now();
const fit = await runStep(train, learn, folder, "model", "metrics");
const trainingSeconds = (performance.now() - started) / 1000;
const score = await runStep(evaluate, { model: fit.model, features: held.features, target: held.target }, folder, "metrics", "curve", "report");

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

test("learns the planted signal from 20,000 rows and more in well under a minute", () => {
  assert.ok(training.rows >= 20_000, `${training.rows} rows`);
  assert.is(training.rows + held.rows, 30_000, "training and test are all rows: no day is lost between them");
  assert.ok(score.auc >= 0.75, `AUC ${score.auc}`);
  assert.ok(score.auc < 0.95, `AUC ${score.auc} is too good for a signal with noise: the target leaks`);
  assert.ok(trainingSeconds < 30, `${trainingSeconds} s`);
});

test("the metrics are flat numbers, and the curve has the fields that KFP draws", () => {
  for (const [name, value] of Object.entries(score.metrics.metadata)) assert.type(value, "number", name);
  assert.is(score.metrics.metadata["auc"], score.auc);
  assert.is(score.metrics.metadata["rows"], held.rows);
  const { confidenceMetrics, confusionMatrix } = score.curve.metadata as { confidenceMetrics: Record<string, number>[]; confusionMatrix: { rows: { row: number[] }[] } };
  assert.equal(Object.keys(confidenceMetrics[0] ?? {}).sort(), ["confidenceThreshold", "falsePositiveRate", "recall"]);
  assert.equal([confidenceMetrics.at(-1)?.["recall"], confidenceMetrics.at(-1)?.["falsePositiveRate"]], [1, 1]);
  assert.is(confusionMatrix.rows.flatMap(({ row }) => row).reduce((sum, count) => sum + count, 0), held.rows);
  assert.match(readFileSync(score.report.path, "utf8"), `AUC ${score.auc.toFixed(3)}`);
});

test("the same input gives the same bytes from every step, another seed another model", async () => {
  const again = await runStep(createTraining, { source, table: crashes, firstDay: "2013-01-01", lastDay: "2017-12-31" }, folder, "features", "target");
  assert.is(sha256(again.features.path), sha256(training.features.path));
  assert.is(sha256(again.target.path), sha256(training.target.path));
  const profiledAgain = await runStep(profile, { features: again.features }, folder, "encodings", "distributions");
  assert.is(sha256(profiledAgain.encodings.path), sha256(profiled.encodings.path));
  assert.is(sha256(profiledAgain.distributions.path), sha256(profiled.distributions.path));
  const fitAgain = await runStep(train, { ...learn, features: again.features, encodings: profiledAgain.encodings }, folder, "model", "metrics");
  assert.is(sha256(fitAgain.model.path), sha256(fit.model.path));
  const other = await runStep(train, { ...learn, seed: 2 }, folder, "model", "metrics");
  assert.is.not(sha256(other.model.path), sha256(fit.model.path));
});

test("the target is not among the features, and the model learns nothing once it is shuffled", async () => {
  const names = (await readColumns(training.features.path)).map(({ name }) => name);
  assert.equal([...names].sort(), [...crashes.numeric, ...crashes.categorical, ...(crashes.clock ?? [])].sort());
  assert.not(names.includes(crashes.target));

  const shuffled = artifact<Target>(folder, "shuffled");
  const values = [...(await readTarget(training.target.path))];
  const random = randomNumbers(7);
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other]!, values[last]!];
  }
  await withWarehouse(async (connection) => {
    await connection.run("CREATE TABLE shuffled (target UTINYINT)");
    const appender = await connection.createAppender("shuffled");
    for (const value of values) {
      appender.appendUTinyInt(value);
      appender.endRow();
    }
    appender.closeSync();
    await writeParquet(connection, "SELECT target FROM shuffled", shuffled.path);
  });
  const blind = await runStep(train, { ...learn, target: shuffled }, folder, "model", "metrics");
  const chance = await runStep(evaluate, { model: blind.model, features: held.features, target: held.target }, folder, "metrics", "curve", "report");
  assert.ok(Math.abs(chance.auc - 0.5) < 0.08, `AUC ${chance.auc} without a signal`);
});

test("rows with categories that training has not seen, and with nothing at all, are scored", async () => {
  const strange = artifact<Features>(folder, "strange");
  await withWarehouse(async (connection) => {
    const columns = (await query(connection, "DESCRIBE SELECT * FROM read_parquet($path)", { path: held.features.path })).map(({ column_name, column_type }) => ({ name: String(column_name), type: String(column_type) }));
    const unseen = columns.map(({ name, type }) => (type === "VARCHAR" ? `'never seen' AS "${name}"` : `1e9::DOUBLE AS "${name}"`));
    const missing = columns.map(({ name, type }) => `NULL::${type} AS "${name}"`);
    await writeParquet(connection, `SELECT ${unseen.join(", ")} UNION ALL SELECT ${missing.join(", ")}`, strange.path);
  });
  const model = JSON.parse(readFileSync(fit.model.path, "utf8")) as Classifier;
  const probabilities = predict(model, await readColumns(strange.path));
  assert.is(probabilities.length, 2);
  for (const probability of probabilities) assert.ok(probability > 0 && probability < 1, String(probability));
});

test("the model is plain JSON: read back, it scores as the step did", async () => {
  const model = JSON.parse(readFileSync(fit.model.path, "utf8")) as Classifier;
  const auc = areaUnderCurve(predict(model, await readColumns(held.features.path)), await readTarget(held.target.path));
  assert.is(Math.round(auc * 1e6) / 1e6, score.auc);
});

test("publish refers to the very files by their checksums", async () => {
  const published = await runStep(publish, { name: "crashed", model: fit.model, distributions: profiled.distributions, metrics: score.metrics }, folder, "reference");
  const reference = JSON.parse(readFileSync(published.reference.path, "utf8"));
  assert.is(reference.files.model.sha256, sha256(fit.model.path));
  assert.is(reference.files.model.uri, fit.model.uri);
  assert.is(reference.files.distributions.sha256, sha256(profiled.distributions.path));
  assert.equal(reference.metrics, score.metrics.metadata);
  assert.is(published.version, reference.version);
  assert.ok(reference.files.model.sha256.startsWith(published.version));
});

test("a source whose target never varies is refused with the reason", async () => {
  const table = { ...crashes, positive: ["Perhaps"] };
  const rows = await runStep(createTraining, { source: "synthetic:crashes?rows=100", table }, folder, "features", "target");
  const { encodings } = await runStep(profile, { features: rows.features }, folder, "encodings", "distributions");
  let message = "";
  await runStep(train, { ...learn, features: rows.features, target: rows.target, encodings }, folder, "model", "metrics").catch((error: Error) => (message = error.message));
  assert.match(message, /All 100 training rows have the same target/);
});

test.run();
