/**
 * A table of control flow: each case run by `hmc run` with real processes and by `hmc/testing` in one process gives the outputs and runs
 * the tasks that stand in `control-flow/expected.json`. `HMC_UPDATE=1` writes that from `hmc/testing`.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../compiler/ir/types.ts";
import type { RunEvent } from "../../runtime/local/events.ts";
import { testPipeline } from "../../runtime/testing/index.ts";
import type { Checks } from "./checks.ts";
import { controlFlowByKfp } from "./control-flow-kfp.ts";
import { cases, type FlowCase } from "./control-flow/cases.ts";
import * as ops from "./control-flow/pipelines.ts";
import { forEach, hmc, root, type Environment } from "./environment.ts";

const folder = join(root, "test/conformance/control-flow");
const expectedFile = join(folder, "expected.json");

export interface Told {
  state: string;
  outputs: Record<string, Json>;
  /** Keys of the tasks that ran, sorted. */
  ran: string[];
}

export const titleOf = ({ pipeline, parameters }: FlowCase): string => `${pipeline} ${JSON.stringify(parameters)}`;

/** In one process. */
export async function inProcess({ pipeline, parameters }: FlowCase): Promise<Told> {
  const run = await testPipeline(join(folder, "pipelines.ts"), { pipeline, parameters, ops });
  const told = { state: run.state, outputs: run.outputs as Record<string, Json>, ran: [...run.order].sort() };
  run.cleanUp();
  return told;
}

export function expectedTable(): Record<string, Told> {
  return JSON.parse(readFileSync(expectedFile, "utf8")) as Record<string, Told>;
}

export async function controlFlow(checks: Checks, place: Environment): Promise<void> {
  if (process.env["HMC_UPDATE"] === "1") {
    const table: Record<string, Told> = {};
    for (const one of cases) table[titleOf(one)] = await inProcess(one);
    writeFileSync(expectedFile, `{\n${Object.entries(table).map(([title, told]) => `  ${JSON.stringify(title)}: ${JSON.stringify(told)}`).join(",\n")}\n}\n`);
  }
  const expected = expectedTable();
  const project = join(place.work, "control-flow");
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(root, join(project, "node_modules/hmc"));
  cpSync(join(folder, "pipelines.ts"), join(project, "pipelines.ts"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }\n');
  await forEach(cases, async (one) => {
    const title = titleOf(one);
    compare(checks, `hmc run ${title}`, expected[title], await byProcesses(project, one));
    compare(checks, `hmc/testing ${title}`, expected[title], await inProcess(one));
  });
  await controlFlowByKfp(checks, project, expected, place);
}

/** With a process for each task. */
async function byProcesses(project: string, { pipeline, parameters }: FlowCase): Promise<Told | undefined> {
  const given = Object.entries(parameters).flatMap(([name, value]) => ["-p", `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`]);
  const { stdout } = await hmc(["run", "pipelines.ts", "--pipeline", pipeline, "--no-cache", "--json", ...given], { cwd: project });
  const events = stdout.trim().split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as RunEvent]));
  const ended = events.findLast((event) => event.kind === "runEnded");
  if (ended?.kind !== "runEnded") return undefined;
  const ran = new Set(events.flatMap((event) => (event.kind === "taskStarted" ? [event.key] : [])));
  return { state: ended.state, outputs: ended.outputs as Record<string, Json>, ran: [...ran].sort() };
}

function compare(checks: Checks, title: string, expected: Told | undefined, got: Told | undefined): void {
  checks.expectNone(title, expected !== undefined && isDeepStrictEqual(got, expected) ? [] : [`expected ${JSON.stringify(expected)}`, `got      ${JSON.stringify(got)}`]);
}
