/**
 * Random pipelines run as the graph that they are and as plain JavaScript: the same outputs, and the same calls with the same inputs.
 * `HMC_RANDOM_RUNS=10000` runs so many, `HMC_RANDOM_SEED=7` others.
 */
import * as fc from "fast-check";
import { mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { testPipeline } from "../../runtime/testing/index.ts";
import { root } from "../folders.ts";
import { asJavaScript, choices, declarations, meanings, program, shown } from "./random-programs.ts";

const count = Number(process.env["HMC_RANDOM_RUNS"] ?? 500);
const seed = Number(process.env["HMC_RANDOM_SEED"] ?? 1);
/** Programs of one file. */
const batch = 50;

/** As `op()` makes them: a pipeline need not call them all. */
const ops = Object.fromEntries(Object.entries(meanings).map(([name, implementation]) => [name, { "~hmc.op": { implementation } }]));

const folder = mkdtempSync(join(tmpdir(), "hmc-random-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/hmc"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

interface Program {
  name: string;
  text: string;
  x: number;
}

const arbitrary = fc.tuple(choices, fc.nat({ max: 12 }));

function programOf(number: number, [given, x]: [number[], number]): Program {
  return { name: `main${number}`, x, text: program(`main${number}`, given).replaceAll(/\bsub(\d+)/g, `sub${number}x$1`) };
}

/** A file with programs: to analyse it is most of the work. */
function fileOf(name: string, programs: readonly Program[]): string {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, declarations + programs.map(({ text }) => text).join("\n"));
  return file;
}

/** How often the program calls an op, and what is different; nothing where the graph and the text do the same. */
async function compared(file: string, { name, text, x }: Program): Promise<{ calls: number; difference?: string }> {
  const expected = asJavaScript(text, name, x);
  const run = await testPipeline(file, { pipeline: name, parameters: { x }, ops });
  const calls = Object.keys(meanings).filter((op) => text.includes(`${op}(`)).flatMap((op) => run.calls(op).map(({ inputs }) => shown(op, inputs))).sort();
  run.cleanUp();
  const [mine, theirs] = [{ state: run.state, outputs: run.outputs, calls }, { state: "succeeded", outputs: expected.outputs, calls: expected.calls }].map((each) => JSON.stringify(sorted(each)));
  if (mine === theirs) return { calls: calls.length };
  return { calls: calls.length, difference: `x = ${x}\n${text}\ngot      ${mine}\nexpected ${theirs}\n${run.failures.map(({ task, reason }) => `${task}: ${reason}`).join("\n")}` };
}

test(`${count} random pipelines do what their text does as JavaScript`, async () => {
  const samples = fc.sample(arbitrary, { numRuns: count, seed });
  let calls = 0;
  for (let first = 0; first < count; first += batch) {
    const programs = samples.slice(first, first + batch).map((sample, index) => programOf(first + index, sample));
    const file = fileOf(`pipelines-${first}`, programs);
    for (const [index, one] of programs.entries()) {
      const found = await compared(file, one);
      calls += found.calls;
      if (found.difference !== undefined) assert.unreachable(await simplest(samples[first + index] ?? [[], 0]));
    }
  }
  assert.ok(calls > count * 2, "they call something");
});

/** The simplest program that fast-check finds from one whose graph and text differ. */
async function simplest(sample: [number[], number]): Promise<string> {
  let tried = 0;
  let last = "";
  const property = fc.asyncProperty(arbitrary, async (given) => {
    const one = programOf(++tried, given);
    const { difference } = await compared(fileOf(`simpler-${tried}`, [one]), one);
    if (difference !== undefined) last = difference;
    return difference === undefined;
  });
  const { counterexample } = await fc.check(property, { examples: [[sample]], numRuns: 1, interruptAfterTimeLimit: 60_000 });
  return `${last}\nchoices ${JSON.stringify(counterexample)}`;
}

test("what differs is reported as its simplest form", async () => {
  const right = ops["sum"];
  ops["sum"] = { "~hmc.op": { implementation: () => -1 } };
  try {
    for (const [index, sample] of fc.sample(arbitrary, { numRuns: 100, seed }).entries()) {
      const one = programOf(index, sample);
      if ((await compared(fileOf(`wrong-${index}`, [one]), one)).difference === undefined) continue;
      const told = await simplest(sample);
      assert.match(told, /^x = \d+\n/);
      assert.ok(told.split("\n").length < one.text.split("\n").length || one.text.split("\n").length < 8, `${one.text}\n${told}`);
      return;
    }
    assert.unreachable("no program sums");
  } finally {
    if (right !== undefined) ops["sum"] = right;
  }
});

const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted) : typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])) : value;

test.run();
