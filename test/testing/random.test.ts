/**
 * Random pipelines run as the graph that they are and as plain JavaScript: the same outputs, and the same calls with the same inputs.
 * `HMC_RANDOM_RUNS=10000` runs so many, `HMC_RANDOM_SEED=7` begins with another seed.
 */
import { mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { testPipeline } from "../../runtime/testing/index.ts";
import { root } from "../folders.ts";
import { asJavaScript, declarations, meanings, program, shown } from "./random-programs.ts";

const count = Number(process.env["HMC_RANDOM_RUNS"] ?? 500);
const firstSeed = Number(process.env["HMC_RANDOM_SEED"] ?? 1);
/** Programs of one file: analysing it is most of the work. */
const batch = 50;

/** As `op()` makes them: a pipeline need not call them all. */
const ops = Object.fromEntries(Object.entries(meanings).map(([name, implementation]) => [name, { "~hmc.op": { implementation } }]));

const folder = mkdtempSync(join(tmpdir(), "hmc-random-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/hmc"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

test(`${count} random pipelines do what their text does as JavaScript`, async () => {
  let calls = 0;
  const different: string[] = [];
  for (let first = firstSeed; first < firstSeed + count; first += batch) {
    const seeds = Array.from({ length: Math.min(batch, firstSeed + count - first) }, (_, index) => first + index);
    const texts = seeds.map((seed) => program(`main${seed}`, seed).replaceAll(/\bsub(\d+)/g, `sub${seed}x$1`));
    const file = join(folder, `pipelines-${first}.ts`);
    writeFileSync(file, declarations + texts.join("\n"));
    for (const [index, seed] of seeds.entries()) {
      const text = texts[index] ?? "";
      const x = (seed * 7) % 13;
      const expected = asJavaScript(text, `main${seed}`, x);
      const run = await testPipeline(file, { pipeline: `main${seed}`, parameters: { x }, ops });
      const got = Object.keys(meanings).flatMap((op) => run.calls(op).map(({ inputs }) => shown(op, inputs))).sort();
      calls += got.length;
      run.cleanUp();
      const [mine, theirs] = [{ state: run.state, outputs: run.outputs, calls: got }, { state: "succeeded", outputs: expected.outputs, calls: expected.calls }];
      if (JSON.stringify(sorted(mine)) !== JSON.stringify(sorted(theirs))) different.push(`seed ${seed}, x = ${x}\n${text}\ngot      ${JSON.stringify(sorted(mine))}\nexpected ${JSON.stringify(sorted(theirs))}\n${run.failures.map(({ task, reason }) => `${task}: ${reason}`).join("\n")}`);
    }
  }
  assert.ok(calls > count * 2, "they call something");
  assert.is(different.slice(0, 3).join("\n\n"), "", `${different.length} of ${count} differ`);
});

const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted) : typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])) : value;

test.run();
