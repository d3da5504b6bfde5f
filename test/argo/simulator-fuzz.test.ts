/** Whatever a workflow is, the simulator gives a run or an error of its own, and twice the same. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SimulationError } from "../../runtime/argo/errors.ts";
import type { PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import type { SimulatedRun } from "../../runtime/argo/report.ts";
import { damaged, Random, randomWorkflow } from "./random-workflows.ts";
import { haveRecordings, recordedDocuments, recordings } from "./simulator-recordings.ts";

const count = Number(process.env["HMC_FUZZ"] ?? 150);
const versions = ["4.1.2", "4.1.2", "3.6.10", "3.7.12", "4.0.5"];

async function outcome(seed: number, documents: readonly unknown[]): Promise<SimulatedRun | string> {
  const random = new Random(seed);
  const end = (pod: PodRequest): PodOutcome => ({
    phase: random.chance(0.8) ? "Succeeded" : "Failed",
    ...(random.chance(0.5) && { message: "it failed" }),
    params: Object.fromEntries((pod.outputs.parameters ?? []).filter(() => random.chance(0.9)).map(({ name }) => [name, random.pick(["x", "1", "[1,2]", "{{workflow.name}}"])])),
    artifacts: Object.fromEntries((pod.outputs.artifacts ?? []).filter(() => random.chance(0.8)).map(({ name }) => [name, `k/${name}`])),
    result: "[1]",
    ...(random.chance(0.5) && { exitCode: 1 }),
  });
  try {
    return await simulate(documents, { version: versions[seed % versions.length] as string, outcome: end, maxReconciliations: 200 });
  } catch (error) {
    if (error instanceof SimulationError) return error.message;
    throw new Error(`seed ${seed}: ${(error as Error).stack ?? String(error)}\n${JSON.stringify(documents)}`);
  }
}

test(`${count} random workflows`, async () => {
  const phases = new Map<string, number>();
  for (let seed = 1; seed <= count; seed++) {
    const run = await outcome(seed, randomWorkflow(new Random(seed)));
    const phase = typeof run === "string" ? "refused" : run.hung ? "hung" : run.phase;
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
    if (seed % 10 === 0) assert.equal(await outcome(seed, randomWorkflow(new Random(seed))), run);
    if (typeof run !== "string" && !run.hung) assert.ok(run.nodes.length === 0 || ["Succeeded", "Failed", "Error"].includes(run.phase));
  }
  for (const phase of ["Succeeded", "Failed", "Error", "hung"]) assert.ok((phases.get(phase) ?? 0) > 0, `no random workflow is ${phase}: ${JSON.stringify([...phases])}`);
});

test(`${count} damaged random workflows`, async () => {
  let refused = 0;
  for (let seed = 1; seed <= count; seed++) {
    const random = new Random(seed + 1_000_000);
    if (typeof (await outcome(seed, damaged(random, randomWorkflow(random)))) === "string") refused++;
  }
  assert.ok(refused > 0 && refused < count);
});

test("recorded workflows, damaged", async () => {
  if (!haveRecordings) return console.log("SKIPPED: no recordings of Argo's controller");
  const names = recordings("v4.1.2");
  for (let seed = 1; seed <= count; seed++) {
    const random = new Random(seed + 2_000_000);
    await outcome(seed, damaged(random, recordedDocuments("patterns", random.pick(names))));
  }
});

test.run();
