/**
 * Compiled pipelines run by KFP's own local orchestrator, with the entrypoint as the command of every task, give the outputs of `hmc run`.
 *
 * Where `kfp.local` itself is wrong, `deviations` says so: the output must then really differ, so that a mended kfp.local is noticed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../compiler/ir/types.ts";
import { unescapeJson } from "../../runtime/text.ts";
import type { Checks } from "./checks.ts";
import { compileFixtures, fixtures, hmc, noPython, noTools, run, root, type Environment, type Shape } from "./environment.ts";

/** A run by `kfp.local`. */
export interface LocalCase {
  fixture: string;
  parameters: Record<string, Json>;
  shape: Shape;
  /** Outputs that kfp.local gets wrong, and why. */
  deviations?: Record<string, string>;
  /** Something beside the outputs that kfp.local does wrong: what it says, and why. */
  fault?: { says: RegExp; why: string };
  /** kfp.local cannot run it at all: what it says, and why it is wrong. */
  refusal?: { says: RegExp; why: string };
}

const pythonNumbers = "it writes whole numbers into text as Python does, 6.0; the launcher of the real back end writes 6";

export const localCases: readonly LocalCase[] = [
  { fixture: "inline-ops", shape: "real", parameters: { text: "one two $(HOME) $$" } },
  {
    fixture: "crashed",
    shape: "real",
    parameters: { trees: 20 },
    fault: {
      says: /Could not resolve parent input: evaluate-auc/,
      why: "a condition on an output that is not called Output, of a task beside the branch, is false to it: the model is not published",
    },
  },
  { fixture: "control-flow", shape: "sdk", parameters: { note: "a note" }, deviations: { titled: pythonNumbers } },
  { fixture: "control-flow", shape: "sdk", parameters: { value: -3, names: ["xyz"], fast: false, note: "" }, deviations: { titled: pythonNumbers } },
  {
    fixture: "control-flow",
    shape: "sdk",
    parameters: {},
    refusal: { says: /Unknown value type/, why: "it cannot leave out an optional parameter without a default, which the real back end can" },
  },
  {
    fixture: "control-flow",
    shape: "real",
    parameters: { note: "a note" },
    refusal: { says: /name 'size' is not defined/, why: "it evaluates conditions as Python: size() of CEL, which guards the fan-in of an empty list, is unknown to it and false" },
  },
  {
    fixture: "control-flow-artifacts",
    shape: "sdk",
    parameters: { note: "a note" },
    // Which of them it meets first depends on the order of a set.
    refusal: {
      says: /argument 'pipelinechannel--catalogue-(?:names|entries)' not found|Expected 1 artifact in ArtifactSelectorSpec. Got: 3/,
      why: "it finds the items of a loop only in an output called Output or in a parameter, and knows no one-of over artifacts",
    },
  },
];

export async function localRun(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  for (const fixture of fixtures().filter((name) => existsSync(outputsOf(name)))) {
    const outputs = await runByHmc(checks, fixture, fixture, {});
    if (outputs === undefined) continue;
    const expected = JSON.parse(readFileSync(outputsOf(fixture), "utf8")) as Outputs;
    checks.expectNone(`hmc run ${fixture} gives its outputs.json`, isDeepStrictEqual(outputs, expected) ? [] : [`expected ${JSON.stringify(expected)}`, `got      ${JSON.stringify(outputs)}`]);
  }
  if (python === undefined || tools === undefined) return checks.skip(`${localCases.length} runs by kfp.local`, python === undefined ? noPython : noTools);
  const tool = join(tools, "kfp_local_run.py");
  for (const { fixture, parameters, shape, deviations, fault, refusal } of localCases) {
    const title = `${fixture} ${JSON.stringify(parameters)} (${shape} shape)`;
    const file = await prepare(checks, work, fixture, shape);
    if (file === undefined) continue;
    const { outputs: actual, log } = await runByKfp(python, tool, file, parameters);
    if (refusal !== undefined) {
      const name = `${title}: kfp.local cannot run it (${refusal.why})`;
      if (actual === undefined && refusal.says.test(log)) checks.pass(name);
      else checks.fail(name, actual === undefined ? log.slice(-6000) : "it can now: compare its outputs instead");
      continue;
    }
    if (actual === undefined) {
      checks.fail(`kfp.local ${title}`, log.slice(-6000));
      continue;
    }
    if (fault !== undefined) {
      const name = `${title}: kfp.local is wrong (${fault.why})`;
      checks.expectNone(name, fault.says.test(log) ? [] : ["it no longer says so: look at the log and take this off", log.slice(-3000)]);
    }
    const expected = await runByHmc(checks, title, fixture, parameters);
    for (const name of Object.keys({ ...expected, ...actual })) compare(checks, `output "${name}" of ${title}`, expected?.[name], actual[name], deviations?.[name]);
  }
}

/** What a run with the defaults gives, beside the source. */
function outputsOf(fixture: string): string {
  return join(root, "fixtures", fixture, "outputs.json");
}

/** The compiled file whose tasks start the bundle of the fixture. */
export async function prepare(checks: Checks, work: string, fixture: string, shape: Shape): Promise<string | undefined> {
  const folder = join(work, "local-run", fixture);
  const bundle = join(folder, "main.mjs");
  const bundled = await hmc(["bundle", `fixtures/${fixture}/pipeline.ts`, "-o", bundle]);
  if (bundled.status !== 0) {
    checks.fail(`bundle ${fixture}`, bundled.stdout + bundled.stderr);
    return undefined;
  }
  const [compiled] = await compileFixtures(folder, [fixture], shape, ["--entrypoint", `${process.execPath} ${bundle}`]);
  if (compiled?.file === undefined) checks.fail(`compile ${fixture} for kfp.local`, compiled?.messages ?? "");
  return compiled?.file;
}

type Outputs = Record<string, Json>;

async function runByHmc(checks: Checks, title: string, fixture: string, parameters: Record<string, Json>): Promise<Outputs | undefined> {
  const given = Object.entries(parameters).flatMap(([name, value]) => ["-p", `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`]);
  const { status, stdout, stderr } = await hmc(["run", `fixtures/${fixture}/pipeline.ts`, ...given]);
  if (status === 0) return JSON.parse(stdout) as Outputs;
  checks.fail(`hmc run ${title}`, stdout + stderr);
  return undefined;
}

/** @returns no outputs where kfp.local failed; the log says why */
export async function runByKfp(python: string, tool: string, file: string, parameters: Record<string, Json>, environment: Record<string, string> = {}): Promise<{ outputs: Outputs | undefined; log: string }> {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  // The bundle lies outside of the project: its native packages are found as in an image, by a folder that all scripts share.
  const { status, stdout, stderr } = await run(python, [tool, file, ...given], { env: { NODE_PATH: join(root, "node_modules"), ...environment } });
  const [, outputs] = /^\s*OUTPUTS (.*)$/m.exec(stdout) ?? [];
  return { outputs: status === 0 && outputs !== undefined ? (unescapeJson(JSON.parse(outputs) as Json) as Outputs) : undefined, log: stdout + stderr };
}

function compare(checks: Checks, name: string, expected: Json | undefined, actual: Json | undefined, deviation: string | undefined): void {
  const isSame = isDeepStrictEqual(expected, actual);
  const values = `hmc run:   ${JSON.stringify(expected)}\nkfp.local: ${JSON.stringify(actual)}`;
  if (deviation === undefined) checks.expectNone(name, isSame ? [] : [values]);
  else if (isSame) checks.fail(name, `kfp.local gives the right value now: take it off the list of deviations (${deviation})`);
  else checks.pass(`${name}: kfp.local is wrong (${deviation})`);
}
