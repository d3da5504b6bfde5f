/**
 * Compiled pipelines run by KFP's own local orchestrator, with the entrypoint as the command of every task, give the outputs of `hmc run`.
 *
 * Where `kfp.local` itself is wrong, `deviations` says so: the output must then really differ, so that a mended kfp.local is noticed.
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import type { Json } from "../../compiler/ir/types.ts";
import { unescapeJson } from "../../runtime/text.ts";
import type { Checks } from "./checks.ts";
import { compileFixtures, hmc, noPython, noTools, run, root, type Environment } from "./environment.ts";

interface LocalCase {
  fixture: string;
  parameters: Record<string, Json>;
  /** Outputs that kfp.local gets wrong, and why. */
  deviations: Record<string, string>;
}

const cases: LocalCase[] = [
  { fixture: "control-flow", parameters: {}, deviations: {} },
  { fixture: "control-flow", parameters: { value: -3, names: ["xyz"], fast: false, note: "a note" }, deviations: {} },
  { fixture: "crashed", parameters: { trees: 20 }, deviations: {} },
];

export async function localRun(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  if (python === undefined || tools === undefined) return checks.skip(`${cases.length} runs by kfp.local`, python === undefined ? noPython : noTools);
  const compiled = new Map<string, string>();
  for (const { fixture, parameters, deviations } of cases) {
    const title = `${fixture} ${JSON.stringify(parameters)}`;
    const file = compiled.get(fixture) ?? (await prepare(checks, work, fixture));
    if (file === undefined) continue;
    compiled.set(fixture, file);
    const expected = await runByHmc(checks, title, fixture, parameters);
    const actual = await runByKfp(checks, title, python, join(tools, "kfp_local_run.py"), file, parameters);
    if (expected === undefined || actual === undefined) continue;
    for (const name of Object.keys({ ...expected, ...actual })) compare(checks, `output "${name}" of ${title}`, expected[name], actual[name], deviations[name]);
  }
}

/** The compiled file whose tasks start the bundle of the fixture. */
async function prepare(checks: Checks, work: string, fixture: string): Promise<string | undefined> {
  const folder = join(work, "local-run", fixture);
  const bundle = join(folder, "main.mjs");
  const bundled = await hmc(["bundle", `fixtures/${fixture}/pipeline.ts`, "-o", bundle], { env: { NODE_PATH: join(root, "node_modules") } });
  if (bundled.status !== 0) {
    checks.fail(`bundle ${fixture}`, bundled.stdout + bundled.stderr);
    return undefined;
  }
  const [compiled] = await compileFixtures(folder, [fixture], "real", ["--entrypoint", `${process.execPath} ${bundle}`]);
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

async function runByKfp(checks: Checks, title: string, python: string, tool: string, file: string, parameters: Record<string, Json>): Promise<Outputs | undefined> {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const { status, stdout, stderr } = await run(python, [tool, file, ...given]);
  const [, outputs] = /^OUTPUTS (.*)$/m.exec(stdout) ?? [];
  if (status === 0 && outputs !== undefined) return unescapeJson(JSON.parse(outputs) as Json) as Outputs;
  checks.fail(`kfp.local ${title}`, (stdout + stderr).slice(-6000));
  return undefined;
}

function compare(checks: Checks, name: string, expected: Json | undefined, actual: Json | undefined, deviation: string | undefined): void {
  const isSame = isDeepStrictEqual(expected, actual);
  const values = `hmc run:   ${JSON.stringify(expected)}\nkfp.local: ${JSON.stringify(actual)}`;
  if (deviation === undefined) checks.expectNone(name, isSame ? [] : [values]);
  else if (isSame) checks.fail(name, `kfp.local gives the right value now: take it off the list of deviations (${deviation})`);
  else checks.pass(`${name}: kfp.local is wrong (${deviation})`);
}
