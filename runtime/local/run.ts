/** A local run from a document to its run directory: bundle, schedule, record. */
import { setMaxListeners } from "node:events";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { reachablePipelines, tasksOf } from "../../compiler/ir/traverse.ts";
import type { Component, Document, Pipeline } from "../../compiler/ir/types.ts";
import { bundleOps } from "../bundle.ts";
import { findEngine, type Engine } from "./containers.ts";
import { refusals, refuseTemplates } from "./refusals.ts";
import type { Value } from "./evaluate.ts";
import { localExecutor } from "./executor.ts";
import type { Failure } from "./frame.ts";
import { runContext } from "./run-context.ts";
import { schedule, type Observer } from "./scheduler.ts";
import { MANIFEST_VERSION, RunStore, type RunManifest, type TaskManifest } from "./store.ts";

export interface RunRequest {
  document: Document;
  pipeline: Pipeline;
  /** The project root, absolute. */
  root: string;
  /** Values of the parameters, checked; those with a default need not be given. */
  parameters: Record<string, Value>;
  /** How many tasks may run at once. */
  jobs: number;
  /** Run container components on this machine without their image. */
  containersOnHost: boolean;
  /** The environment of the tasks. */
  environment: Record<string, string | undefined>;
  now: () => Date;
  /** Told of every change of a task; the store records them by itself. */
  observer: Observer;
  /** Told when the run has its folder. */
  onStart?: (store: RunStore) => void;
  signal: AbortSignal;
}

export type RunResult =
  | { kind: "notStarted"; diagnostics: Diagnostic[] }
  | { kind: "ended"; state: "succeeded" | "failed" | "stopped"; outputs: Record<string, Value>; failures: Failure[]; store: RunStore };

/** Runs a pipeline on this machine. */
export async function runLocally(request: RunRequest): Promise<RunResult> {
  const { document, pipeline, root } = request;
  const components = reachable(document, pipeline);
  const onlyOnArgo = refuseTemplates(components);
  if (onlyOnArgo.length > 0) return { kind: "notStarted", diagnostics: onlyOnArgo };
  const containers = components.filter((component) => component.kind === "container");
  const engine: Engine | undefined = containers.length === 0 ? undefined : request.containersOnHost ? "host" : findEngine();
  if (containers.length > 0 && engine === undefined) {
    const names = containers.map((component) => `"${component.id}"`).join(", ");
    return { kind: "notStarted", diagnostics: [diagnostic("HMC6007", containers[0]?.span, { tasks: names })] };
  }
  const refused = refusals(document, components, pipeline, engine);
  if (refused.length > 0) return { kind: "notStarted", diagnostics: refused };
  const ops = components.filter((component) => component.kind === "op");
  const needed: Document = { ...document, components: Object.fromEntries(ops.map((op) => [op.id, op])) };
  const bundle = ops.length === 0 ? undefined : await bundleOps({ document: needed, root, environment: (name) => request.environment[name] });
  if (bundle !== undefined && bundle.file === undefined) return { kind: "notStarted", diagnostics: bundle.diagnostics };

  const store = new RunStore(root, pipeline.id, request.now());
  request.onStart?.(store);
  const record = recorder(store, request, bundle?.digest);
  const stopped = new AbortController();
  // Each running task listens.
  setMaxListeners(0, stopped.signal);
  const stop = () => stopped.abort();
  request.signal.addEventListener("abort", stop);
  if (request.signal.aborted) stop();
  const { deadlineSeconds } = pipeline.options;
  const deadline = deadlineSeconds === undefined ? undefined : setTimeout(stop, deadlineSeconds * 1000);
  try {
    const ended = await schedule({
      document,
      pipeline,
      parameters: request.parameters,
      jobs: request.jobs,
      execute: localExecutor({
        store,
        root,
        environment: request.environment,
        ...(bundle?.file === undefined ? {} : { bundle: bundle.file }),
        ...(engine === undefined ? {} : { engine }),
      }),
      observer: {
        task: (key, state, details) => {
          record.task(key, state, details);
          request.observer.task(key, state, details);
        },
      },
      context: runContext(store),
      signal: stopped.signal,
    });
    const state = request.signal.aborted ? "stopped" : ended.state;
    const outputs = ended.state === "succeeded" ? ended.outputs : {};
    record.end(state, outputs);
    return { kind: "ended", state, outputs, failures: ended.state === "failed" ? ended.failures : [], store };
  } catch (error) {
    // A manifest cannot be written: what is running must not go on unseen.
    stop();
    throw error;
  } finally {
    clearTimeout(deadline);
    request.signal.removeEventListener("abort", stop);
  }
}

/** Keeps the manifests of a run up to date. */
function recorder(store: RunStore, request: RunRequest, digest: string | undefined): Observer & { end(state: RunManifest["state"], outputs: Record<string, Value>): void } {
  const time = () => request.now().toISOString();
  const tasks = new Map<string, TaskManifest>();
  const run: RunManifest = {
    manifestVersion: MANIFEST_VERSION,
    id: store.id,
    pipeline: request.pipeline.id,
    entry: request.document.entry,
    state: "running",
    startedAt: time(),
    jobs: request.jobs,
    ...(digest === undefined ? {} : { bundle: digest }),
    parameters: request.parameters,
    tasks: [],
  };
  store.writeRun(run);
  return {
    task: (key, state, { task, attempt, reason, exitCode, outputs }) => {
      const before = tasks.get(key);
      const startedAt = before?.startedAt ?? (state === "running" ? time() : undefined);
      const manifest: TaskManifest = {
        manifestVersion: MANIFEST_VERSION,
        key,
        task: task.id,
        component: task.target.id,
        state,
        attempts: attempt ?? before?.attempts ?? 0,
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(state === "running" ? {} : { endedAt: time() }),
        ...(reason === undefined ? {} : { reason }),
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(outputs === undefined ? {} : { outputs }),
      };
      tasks.set(key, manifest);
      store.writeTask(manifest);
    },
    end: (state, outputs) => {
      store.writeRun({ ...run, state, endedAt: time(), outputs, tasks: [...tasks.values()].map((task) => ({ key: task.key, state: task.state })) });
    },
  };
}

/** Components of the tasks that a pipeline can run, also through sub-pipelines. */
export function reachable(document: Document, pipeline: Pipeline): Component[] {
  const components = new Set<Component>();
  for (const { body } of reachablePipelines(document, pipeline)) {
    for (const { target } of tasksOf(body)) {
      const component = target.kind === "component" ? document.components[target.id] : undefined;
      if (component !== undefined) components.add(component);
    }
  }
  return [...components];
}
