/** A run by `hmc run`, for the comparison with Argo. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document, Json, Pipeline, ValueType } from "../../compiler/ir/types.ts";
import { runLocally } from "../../runtime/local/run.ts";
import type { TaskManifest } from "../../runtime/local/manifest.ts";
import type { ExecutorInput } from "../../runtime/protocols/kfp.ts";
import { unescapeJson } from "../../runtime/text.ts";
import type { Parameters } from "./argo-run-cases.ts";
import { failedTask, ofFile, ranTask, type EndedRun, type Values } from "./argo-run-ended.ts";
import { root } from "./environment.ts";

/** Runs a pipeline of a fixture. Foreign containers run as programs of this machine. */
export async function runByHmc(document: Document, pipeline: Pipeline, parameters: Parameters, environment: Record<string, string | undefined>): Promise<EndedRun> {
  const result = await runLocally({
    document,
    pipeline,
    root,
    parameters,
    jobs: 2,
    containersOnHost: true,
    environment,
    now: () => new Date(),
    observer: { task: () => undefined },
    signal: new AbortController().signal,
  });
  if (result.kind === "notStarted") return { isDone: false, outputs: {}, tasks: [], log: result.diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n") };
  const { folder, id, workspace } = result.store;
  const manifests = readdirSync(join(folder, "tasks")).map((own) => ({ own, ...(JSON.parse(readFileSync(join(folder, "tasks", own, "manifest.json"), "utf8")) as TaskManifest) }));
  const known = { [workspace]: "<workspace>", [id]: "<run>", [result.store.startedAt.toISOString()]: "<time>" };
  const tasks = manifests.flatMap(({ own, component: name, state, attempts, outputs = {} }) => {
    const component = document.components[name];
    if (component === undefined || component.kind === "importer") return [];
    if (state === "failed") return [failedTask(component)];
    const { inputs } = JSON.parse(readFileSync(join(folder, "tasks", own, "attempts", String(attempts), "executor-input.json"), "utf8")) as ExecutorInput;
    return [ranTask(component, unescapeJson(inputs?.parameterValues ?? {}) as Values, outputs as Values, known)];
  });
  return {
    isDone: result.state === "succeeded",
    outputs: Object.fromEntries(Object.entries(result.outputs).map(([name, value]) => [name, described(pipeline.outputs[name]?.type as ValueType, value as Json)])),
    tasks: tasks.sort(),
    log: `${folder}\n${result.failures.map(({ task, reason }) => `${task}: ${reason}`).join("\n")}`,
  };
}

function described(type: ValueType, value: Json): Json {
  if (type.kind !== "artifact") return value;
  if (type.list) return (value as { [key: string]: Json }[]).map((artifact) => ofFile(String(artifact["path"]), artifact["metadata"] as Json));
  const artifact = value as { [key: string]: Json };
  return ofFile(String(artifact["path"]), artifact["metadata"] as Json);
}
