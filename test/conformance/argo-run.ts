/**
 * Pipelines give the same on Argo as with `hmc run`: every fixture is run by both, Argo's part by the simulator with a process for
 * each pod. Where KFP's local orchestrator can run a pipeline, its outputs are the same, too.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { check } from "../../compiler/compile.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { emitArgo, type ArgoOptions } from "../../compiler/targets/argo/index.ts";
import { defaultArgoVersion } from "../../compiler/targets/argo/versions.ts";
import { bundleOps } from "../../runtime/bundle.ts";
import { inlineCode } from "../../runtime/inline-code.ts";
import { cannotRun, differences, onlyOnArgo, parameterSets, programs } from "./argo-run-cases.ts";
import type { EndedRun } from "./argo-run-ended.ts";
import { runByHmc } from "./argo-run-local.ts";
import { entrypoint, runByArgo, type Compiled } from "./argo-run-pods.ts";
import type { Checks } from "./checks.ts";
import { fixtures, forEach, noPython, noTools, root, type Environment } from "./environment.ts";
import { localCases, prepare, runByKfp, type LocalCase } from "./local-run.ts";

type Variables = Record<string, string | undefined>;

/** `HMC_FIXTURES="crashed expressions"` runs these fixtures only. */
export async function argoRun(checks: Checks, place: Environment): Promise<void> {
  const folder = join(place.work, "argo-run");
  // A fixture leaves a trace where its code runs, as it does here.
  const environment = { ...process.env, PATH: `${standIns(join(folder, "programs"))}:${process.env["PATH"] ?? ""}`, HMC_TEST_TRACE: join(folder, "trace.txt") };
  const wanted = process.env["HMC_FIXTURES"]?.split(" ");
  const chosen = fixtures("kfp.yaml", "argo.yaml").filter((fixture) => wanted === undefined || wanted.includes(fixture));
  await forEach(chosen, (fixture) => runFixture(checks, fixture, join(folder, fixture), environment));
  const { python, tools } = place;
  const given = localCases.filter(({ fixture, refusal }) => refusal === undefined && chosen.includes(fixture));
  if (python === undefined || tools === undefined) return checks.skip(`${given.length} runs by kfp.local beside Argo`, python === undefined ? noPython : noTools);
  for (const each of given) await compareWithKfp(checks, each, { ...place, python, tools }, join(folder, `${each.fixture}-kfp`), environment);
}

/** A folder with the programs of foreign images. */
function standIns(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh -e\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

interface CompiledFixture extends Compiled {
  fixture: string;
}

/** Undefined where that is reported. */
async function compiled(checks: Checks, fixture: string, environment: Variables): Promise<CompiledFixture | undefined> {
  const { document } = check(nodeHost(), join(root, "fixtures", fixture, "pipeline.ts"), { scope: "pipeline", place: "local" });
  const pipeline = document?.pipelines[document.exported[0] ?? ""];
  const title = `argo-run ${fixture}`;
  if (document === undefined || pipeline === undefined) return void checks.fail(title, "it has errors");
  const reason = cannotRun[fixture];
  const options: ArgoOptions = { version: defaultArgoVersion, entrypoint, repository: "s3", toolVersion: "0" };
  const { missing } = emitArgo(document, pipeline.id, options);
  const { bundles } = await inlineCode({ document, root, ops: missing, environment: (name) => environment[name] });
  const { yaml, diagnostics } = emitArgo(document, pipeline.id, { ...options, inline: bundles });
  if (yaml === undefined) {
    const codes = [...new Set(diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code))].sort().join(" ");
    if (reason === codes) checks.skip(title, `it does not compile for Argo: ${codes}`);
    else checks.fail(title, `it does not compile for Argo: ${codes}`);
    return undefined;
  }
  if (reason !== undefined) return void checks.fail(title, `it compiles for Argo now: take ${reason} off the list`);
  const refused = onlyOnArgo[fixture];
  if (refused !== undefined) return void checks.skip(title, `a local run refuses it: ${refused}`);
  const { file, diagnostics: mistakes } = await bundleOps({ document, root, environment: (name) => environment[name] });
  if (file === undefined) return void checks.fail(title, mistakes.map(({ message }) => message).join("\n"));
  return { fixture, document, pipeline, yaml, bundle: file };
}

async function runFixture(checks: Checks, fixture: string, folder: string, environment: Variables): Promise<void> {
  const given = await compiled(checks, fixture, environment);
  if (given === undefined) return;
  for (const [index, parameters] of (parameterSets[fixture] ?? [{}]).entries()) {
    const title = `${fixture} ${JSON.stringify(parameters)}`;
    const expected = await runByHmc(given.document, given.pipeline, parameters, environment);
    const actual = await runByArgo(given, parameters, join(folder, String(index)), environment);
    const problems = problemsOf(expected, actual);
    const name = `argo-run ${title}: ${expected.isDone ? "" : "fails with "}${expected.tasks.length} tasks, ${Object.keys(expected.outputs).length} outputs`;
    const different = differences[`${fixture} ${JSON.stringify(parameters)}`] ?? differences[fixture];
    if (different === undefined) checks.expectNone(name, problems.length === 0 ? [] : [...problems, expected.log, actual.log]);
    else if (problems.length > 0) checks.pass(`${name}, but ${different}`);
    else checks.fail(name, `they are equal now: take it off the list of differences (${different})`);
  }
}

/** The outputs alone: kfp.local does not say what its tasks got. */
async function compareWithKfp(checks: Checks, { fixture, parameters, shape, deviations = {} }: LocalCase, place: Environment & { python: string; tools: string }, folder: string, environment: Variables): Promise<void> {
  const given = await compiled(checks, fixture, environment);
  const file = await prepare(checks, place.work, fixture, shape);
  if (given === undefined || file === undefined) return;
  const argo = await runByArgo(given, parameters, folder, environment);
  const { outputs = {}, log } = await runByKfp(place.python, join(place.tools, "kfp_local_run.py"), file, parameters);
  const names = Object.keys({ ...argo.outputs, ...outputs }).filter((name) => deviations[name] === undefined && given.pipeline.outputs[name]?.type.kind !== "artifact");
  const problems = names.flatMap((name) => (isDeepStrictEqual(argo.outputs[name], outputs[name]) ? [] : [`${name} of Argo:      ${JSON.stringify(argo.outputs[name])}`, `${name} of kfp.local: ${JSON.stringify(outputs[name])}`]));
  checks.expectNone(`argo-run ${fixture} ${JSON.stringify(parameters)} beside kfp.local: ${names.length} outputs`, problems.length === 0 && names.length > 0 ? [] : [...problems, argo.log, log.slice(-3000)]);
}

function problemsOf(expected: EndedRun, actual: EndedRun): string[] {
  return [
    ...(expected.isDone === actual.isDone ? [] : [`hmc run ${expected.isDone ? "succeeded" : "failed"}, Argo ${actual.isDone ? "succeeded" : "failed"}`]),
    ...(isDeepStrictEqual(expected.outputs, actual.outputs) ? [] : [`outputs of hmc run: ${JSON.stringify(expected.outputs)}`, `outputs of Argo:    ${JSON.stringify(actual.outputs)}`]),
    ...without(expected.tasks, actual.tasks).map((task) => `only with hmc run: ${task}`),
    ...without(actual.tasks, expected.tasks).map((task) => `only on Argo:      ${task}`),
  ];
}

/** The tasks of a run that another one lacks, each as often as it does. */
function without(tasks: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return tasks.filter((task) => {
    const index = rest.indexOf(task);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
