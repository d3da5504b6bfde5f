/**
 * The table of control flow a third time: the compiled pipelines, run by KFP's own local orchestrator. What each task starts is noted by what
 * stands before its entrypoint, so that also the tasks that ran are compared.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Checks } from "./checks.ts";
import { titleOf, type Told } from "./control-flow.ts";
import { cases, type FlowCase } from "./control-flow/cases.ts";
import { kfpReasons } from "./control-flow/kfp-reasons.ts";
import { forEach, hmc, noPython, noTools, type Environment } from "./environment.ts";
import { runByKfp } from "./local-run.ts";

interface KfpRun {
  outputs: Told["outputs"] | undefined;
  /** The ops that were started, sorted, as often as they were. */
  ops: string[];
  log: string;
}

/** @param project the folder of `pipelines.ts` */
export async function controlFlowByKfp(checks: Checks, project: string, expected: Record<string, Told>, { python, tools }: Environment): Promise<void> {
  if (python === undefined || tools === undefined) return checks.skip(`${cases.length} cases of control flow by kfp.local`, python === undefined ? noPython : noTools);
  const bundle = join(project, "main.mjs");
  const bundled = await hmc(["bundle", "pipelines.ts", "-o", bundle], { cwd: project });
  checks.expectNone("bundle of the control-flow table", bundled.status === 0 ? [] : [bundled.stderr]);
  writeFileSync(join(project, "noting.mjs"), `import { appendFileSync } from "node:fs";\nif (process.argv[2] === "run") appendFileSync(process.env.HMC_NOTES, process.argv[3] + "\\n");\nawait import("./main.mjs");\n`);
  const compiled = new Map<string, Promise<{ file: string; codes: string[] }>>();
  const compiledOf = (pipeline: string): Promise<{ file: string; codes: string[] }> => {
    const known = compiled.get(pipeline) ?? compile(project, pipeline);
    compiled.set(pipeline, known);
    return known;
  };
  let compared = 0;
  const others = new Map<string, number>();
  await forEach(cases, async (one) => {
    const title = titleOf(one);
    const reason = kfpReasons[title] ?? kfpReasons[one.pipeline];
    const { file, codes } = await compiledOf(one.pipeline);
    const ran: KfpRun = codes.length > 0 ? { outputs: undefined, ops: [], log: codes.join(" ") } : await byKfp(project, file, one, python, join(tools, "kfp_local_run.py"));
    const problems = differencesOf(one, expected[title], ran);
    if (reason === undefined) {
      checks.expectNone(`kfp.local ${title}`, problems.length === 0 ? [] : [...problems, ran.log.slice(-3000)]);
      compared++;
      return;
    }
    const { why, says } = reason;
    others.set(why, (others.get(why) ?? 0) + 1);
    if (problems.length === 0) checks.fail(`kfp.local ${title}`, `it is right now: take it off the list (${why})`);
    else checks.expectNone(`kfp.local ${title}: not compared, for ${why}`, says.test(ran.log) ? [] : [`it no longer says ${says}`, ran.log.slice(-3000)]);
  });
  checks.pass(`kfp.local: ${compared} of ${cases.length} cases compared${[...others].map(([why, count]) => `; ${count} not, for ${why}`).join("")}`);
}

async function compile(project: string, pipeline: string): Promise<{ file: string; codes: string[] }> {
  const file = join(project, `${pipeline}.yaml`);
  const { status, stdout, stderr } = await hmc(["compile", "pipelines.ts", "--pipeline", pipeline, "--kfp-shape", "sdk", "--image", "none", "-o", file, "--entrypoint", `${process.execPath} ${join(project, "noting.mjs")}`], { cwd: project });
  return { file, codes: status === 0 ? [] : [...new Set([...(stdout + stderr).matchAll(/error (HMC\d+)/g)].map(([, code = ""]) => code))] };
}

async function byKfp(project: string, file: string, one: FlowCase, python: string, tool: string): Promise<KfpRun> {
  const folder = join(project, "notes");
  mkdirSync(folder, { recursive: true });
  const notes = join(folder, `${titleOf(one).replace(/[^A-Za-z0-9]+/g, "-")}.txt`);
  const { outputs, log } = await runByKfp(python, tool, file, one.parameters, { HMC_NOTES: notes });
  const ops = existsSync(notes) ? readFileSync(notes, "utf8").split("\n").filter((line) => line !== "").sort() : [];
  return { outputs, ops, log };
}

function differencesOf(one: FlowCase, expected: Told | undefined, { outputs, ops }: KfpRun): string[] {
  if (expected === undefined) return ["it is not in the table"];
  // A key ends with the task's name: its op, and a number from the second call on.
  const tasks = expected.ran.map((key) => (key.split("/").at(-1) ?? key).replace(/-\d+$/, "")).sort();
  // The tries of a task are one task.
  const started = one.pipeline === "retried" ? [...new Set(ops)] : ops;
  // It stops at the first failure; what else had begun hangs on the order in which it starts tasks.
  const isSame = expected.state === "failed" ? started.every((op) => tasks.includes(op)) : isDeepStrictEqual(tasks, started);
  return [
    ...(isSame ? [] : [`expected tasks ${tasks.join(" ")}`, `ran by kfp.local ${started.join(" ")}`]),
    ...(expected.state === "succeeded" && !isDeepStrictEqual(expected.outputs, outputs) ? [`expected ${JSON.stringify(expected.outputs)}`, `got      ${JSON.stringify(outputs)}`] : []),
    ...(expected.state === "failed" && outputs !== undefined ? ["expected a failure, and it succeeded"] : []),
  ];
}
