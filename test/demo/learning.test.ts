/** The learner, apart from any data: encodings, trees, measures, and the generator of crashes. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { encode, encodingOf, MISSING, UNKNOWN, type Column } from "../../fixtures/crashed/learning/encoding.ts";
import { fit, importance, predict } from "../../fixtures/crashed/learning/gbdt.ts";
import { areaUnderCurve, measure, rocCurve } from "../../fixtures/crashed/learning/measures.ts";
import { randomNumbers } from "../../fixtures/crashed/learning/random.ts";
import { crashColumnNames, generateCrashes } from "../../fixtures/crashed/warehouse/crashes.ts";

const categorical = (values: (string | null)[]): Column => ({ kind: "categorical", name: "c", values });
const numeric = (values: (number | null)[]): Column => ({ kind: "numeric", name: "n", values });

test("a vocabulary is sorted, keeps the most frequent levels, and has bins for missing and unknown", () => {
  const encoding = encodingOf(categorical(["b", "b", "a", "c", "c", null, "", "007", "7"]), 3);
  assert.equal(encoding, { kind: "categorical", name: "c", levels: ["", "b", "c"] });
  assert.equal([...encode([categorical(["c", null, "a", "never seen", "b"])], [encoding])[0]!], [4, MISSING, UNKNOWN, UNKNOWN, 3]);
});

test("the order of the rows does not change a vocabulary", () => {
  fc.assert(fc.property(fc.array(fc.string({ maxLength: 2 })), fc.integer({ min: 1, max: 5 }), (values, limit) => {
    assert.equal(encodingOf(categorical([...values].reverse()), limit), encodingOf(categorical(values), limit));
  }));
});

test("numbers keep their order as bins, and a missing number has a bin of its own", () => {
  fc.assert(fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), fc.double({ noNaN: true }), fc.double({ noNaN: true }), (training, a, b) => {
    const encoding = encodingOf(numeric(training), 100);
    const [bins] = encode([numeric([Math.min(a, b), Math.max(a, b), null])], [encoding]);
    assert.ok(bins![0]! <= bins![1]!);
    assert.ok(bins![0]! > MISSING);
    assert.is(bins![2], MISSING);
  }));
});

test("rows without a column that the model knows are refused by its name", () => {
  assert.throws(() => encode([numeric([1])], [encodingOf(categorical(["a"]), 5)]), /trained with the categorical column "c"/);
});

test("the AUC is the share of pairs that are ranked rightly, ties counting half", () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { maxLength: 40 }), (rows) => {
    const probabilities = Float64Array.from(rows, ([rank]) => rank / 8);
    const target = Uint8Array.from(rows, ([, positive]) => Number(positive));
    let [right, pairs] = [0, 0];
    for (const [i, p] of probabilities.entries()) for (const [j, q] of probabilities.entries()) {
      if (target[i] !== 1 || target[j] !== 0) continue;
      pairs++;
      right += p > q ? 1 : p === q ? 0.5 : 0;
    }
    assert.ok(Math.abs(areaUnderCurve(probabilities, target) - (pairs === 0 ? 0.5 : right / pairs)) < 1e-12);
  }));
});

test("measures and curve of a small case, by hand", () => {
  const probabilities = Float64Array.of(0.9, 0.6, 0.4, 0.1);
  const target = Uint8Array.of(1, 0, 1, 0);
  assert.equal(measure(probabilities, target, 0.5), { rows: 4, baseRate: 0.5, auc: 0.75, logLoss: 0.510826, cutoff: 0.5, accuracy: 0.5, precision: 0.5, recall: 0.5 });
  assert.equal(rocCurve(probabilities, target, 2), [
    { confidenceThreshold: 1, recall: 0, falsePositiveRate: 0 },
    { confidenceThreshold: 0.6, recall: 0.5, falsePositiveRate: 0.5 },
    { confidenceThreshold: 0.1, recall: 1, falsePositiveRate: 1 },
  ]);
});

test("trees find what no single column tells, and name the columns that do", () => {
  const random = randomNumbers(3);
  const rows = Array.from({ length: 4000 }, () => ({ x: random(), c: random() < 0.5 ? "on" : "off", noise: random() }));
  const columns: Column[] = [
    { kind: "numeric", name: "noise", values: rows.map(({ noise }) => noise) },
    { kind: "numeric", name: "x", values: rows.map(({ x }) => x) },
    { kind: "categorical", name: "c", values: rows.map(({ c }) => c) },
  ];
  const target = Uint8Array.from(rows, ({ x, c }) => Number(x > 0.3 === (c === "on")));
  const model = fit(columns, target, columns.map((column) => encodingOf(column, 10)), { trees: 40, depth: 3, learningRate: 0.3, seed: 1 });
  assert.ok(areaUnderCurve(predict(model, columns), target) > 0.98);
  const shares = importance(model);
  assert.is(shares.at(-1)?.name, "noise");
  assert.ok(Math.abs(shares.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
});

test("missing numbers tell what they tell", () => {
  const random = randomNumbers(4);
  const values = Array.from({ length: 2000 }, () => (random() < 0.3 ? null : random()));
  const target = Uint8Array.from(values, (value) => Number(value === null || value > 0.9));
  const model = fit([numeric(values)], target, [encodingOf(numeric(values), 10)], { trees: 30, depth: 2, learningRate: 0.3, seed: 1 });
  assert.ok(areaUnderCurve(predict(model, [numeric(values)]), target) > 0.98);
});

test("synthetic crashes are near the public table: means, categories, share of alcohol", () => {
  const rows = [...generateCrashes(20_000, 1)];
  const column = (name: (typeof crashColumnNames)[number]): (string | number | null)[] => rows.map((row) => row[crashColumnNames.indexOf(name)] ?? null);
  const means = { inj_or_fatal: 1.259, fatality: 0.0185, males: 1.309, females: 0.96, driver: 1.452, pedestrian: 0.0966, old_driver: 0.063, young_driver: 0.305, unlicencsed: 0.0332, heavyvehicle: 0.0448, passengervehicle: 1.424, motorcycle: 0.153 };
  for (const [name, mean] of Object.entries(means)) {
    const values = column(name as keyof typeof means).map(Number);
    const found = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(found - mean) / mean < 0.25, `${name}: ${found.toFixed(3)} instead of ${mean}`);
    assert.is(Math.min(...values), 0 + Number(name === "inj_or_fatal" || name === "driver"), name);
  }
  const cardinalities = { accident_type: 9, day_of_week: 8, hit_run_flag: 3, light_condition: 7, road_geometry: 9, speed_zone: 13 };
  for (const [name, count] of Object.entries(cardinalities)) assert.is(new Set(column(name as keyof typeof cardinalities)).size, count, name);
  const alcohol = column("alcohol_related").filter((value) => value === "Yes").length / rows.length;
  assert.ok(alcohol > 0.07 && alcohol < 0.14, `${alcohol}`);
});

test("synthetic crashes are the same for the same seed, row by row, and others for another", () => {
  assert.equal([...generateCrashes(50, 3)], [...generateCrashes(80, 3)].slice(0, 50));
  assert.is.not(JSON.stringify([...generateCrashes(5, 3)]), JSON.stringify([...generateCrashes(5, 4)]));
});

test.run();
