/**
 * What a run would do, without running it: for each task whether its result is in the cache. The scheduler itself runs, with an executor that looks
 * results up; what depends on a task that would run is unknown, since nobody knows what it will give.
 */
import { join } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { tasksOf } from "../../compiler/ir/traverse.ts";
import type { Document, Pipeline, Task } from "../../compiler/ir/types.ts";
import type { Inputs } from "../protocols/local.ts";
import { ObjectStoreError } from "../remote/object-store.ts";
import { BadObjectUri } from "../remote/object-uri.ts";
import { PeerMissing } from "../remote/peer.ts";
import { FileCache } from "./cache.ts";
import { ContentStore } from "./content-store.ts";
import type { Value } from "./evaluate.ts";
import { importArtifact } from "./executor.ts";
import { fingerprints } from "./fingerprints.ts";
import type { ObjectStores } from "./object-stores.ts";
import { isRestorable, mapArtifacts, moved } from "./outputs.ts";
import { prepare } from "./prepare.ts";
import { RemoteInputs } from "./remote-inputs.ts";
import { cacheKey } from "./reuse.ts";
import { schedule, type Execute, type TaskRequest } from "./scheduler.ts";
import { SharedArtifacts, SharedCache } from "./shared-store.ts";
import { runsFolder } from "./store.ts";
import { taskGraph, type TaskGraph } from "./task-graph.ts";
import { taskPaths, withoutIterations } from "./task-path.ts";

export interface ForecastRequest {
  document: Document;
  pipeline: Pipeline;
  /** The project root, absolute. */
  root: string;
  parameters: Record<string, Value>;
  containersOnHost: boolean;
  environment: Record<string, string | undefined>;
  /** The object stores that the run would use. */
  stores?: ObjectStores;
}

/**
 * `hit`: the result comes from the cache. `miss`: the task runs. `unknown`: it depends on a task that runs. `skip`: a condition is not
 * met. `import`: nothing runs, the artifact is where it is. `fail`: it cannot begin, because an input does not fit.
 */
export type Forecast = "hit" | "miss" | "unknown" | "skip" | "import" | "fail";

export interface TaskForecast {
  /** As in a run; for tasks of loops whose items are unknown without the number of an iteration. */
  key: string;
  forecast: Forecast;
  /** Why, where that is not plain. */
  reason?: string;
  /** The run that has the result. */
  run?: string;
}

/** Forecasts every task, in order of the source and of iterations. */
export async function forecast(request: ForecastRequest): Promise<{ tasks: TaskForecast[] } | { diagnostics: Diagnostic[] }> {
  const { root } = request;
  const made = await prepare({ ...request, engine: request.containersOnHost ? "host" : "docker" });
  if ("diagnostics" in made) return made;
  const document = withoutRetries(request.document);
  const pipeline = document.pipelines[request.pipeline.id] ?? request.pipeline;
  const dependence = new Dependence(document, pipeline);
  const found = new Map<string, TaskForecast>();
  const tell = (told: TaskForecast): void => void found.set(told.key, told);
  const lookUp = lookUpIn(root, request, made.prepared.code, made.prepared.engine === "host" ? "host" : "docker");
  const execute: Execute = async (task) => {
    const { key, component } = task;
    if (component.kind === "importer") {
      const imported = importArtifact(component, task.inputs, root);
      tell({ key, forecast: imported.ok ? "import" : "fail", ...(imported.ok ? {} : { reason: imported.reason }) });
      return imported;
    }
    if (dependence.isOpen(key)) tell({ key, forecast: "unknown" });
    else {
      const { told, outputs } = await lookUp(task);
      tell(told);
      if (outputs !== undefined) return { ok: true, outputs };
    }
    dependence.open(key);
    return { ok: false, reason: "it is not known what it gives." };
  };
  const unreached = new Map<string, TaskForecast>();
  await schedule({
    document,
    pipeline,
    parameters: request.parameters,
    jobs: 1,
    execute,
    observer: {
      task: (key, state, { reason }) => {
        if (found.has(key) || state === "running" || state === "succeeded") return;
        if (state === "failed" && !dependence.isOpen(key)) unreached.set(key, { key, forecast: "fail", ...(reason === undefined ? {} : { reason }) });
        else unreached.set(key, { key, forecast: state === "skipped" ? "skip" : "unknown" });
      },
    },
    context: (name) => `(${name})`,
    signal: new AbortController().signal,
  });
  const known = new Map([...unreached, ...found]);
  const seen = new Set([...known.keys()].map(withoutIterations));
  const names = taskPaths(document, pipeline).filter(({ isCall }) => !isCall).map(({ name }) => name);
  // Tasks of a loop whose items are unknown are never reached; those of a loop without items are not open.
  for (const name of names) if (!seen.has(name) && dependence.isOpen(name)) known.set(name, { key: name, forecast: "unknown" });
  const place = (key: string): number => names.indexOf(withoutIterations(key));
  const tasks = [...known.values()].filter(({ key }) => place(key) >= 0).sort((a, b) => place(a.key) - place(b.key) || a.key.localeCompare(b.key, "en", { numeric: true }));
  return { tasks };
}

/** The inputs with the content of what a service has, if that was fetched before: a forecast fetches nothing. */
async function knownInputs(inputs: Inputs, remote: RemoteInputs | undefined): Promise<{ known: Inputs } | { reason: string }> {
  const unknown: string[] = [];
  const known = await mapArtifacts(inputs, async (artifact) => {
    if (remote?.isMissing(artifact) !== true) return artifact;
    const content = await remote.known(artifact.uri).catch((error: unknown) => {
      if (error instanceof ObjectStoreError || error instanceof PeerMissing || error instanceof BadObjectUri) return undefined;
      throw error;
    });
    if (content === undefined) unknown.push(artifact.uri);
    return content === undefined ? artifact : { ...artifact, content };
  });
  return unknown.length === 0 ? { known } : { reason: `"${unknown[0] ?? ""}" was not fetched yet` };
}

function lookUpIn(root: string, request: ForecastRequest, code: ReadonlyMap<string, string>, engine: "host" | "docker") {
  const { stores } = request;
  const shared = stores?.shared;
  const local = new ContentStore(join(root, ".hmc/store"));
  const remote = stores === undefined ? undefined : new RemoteInputs({ open: stores.open, local, root });
  const own = new FileCache(join(root, ".hmc/cache"));
  const cache = shared === undefined ? own : new SharedCache(own, shared, () => undefined);
  const artifacts = shared === undefined ? local : new SharedArtifacts(local, shared);
  const fingerprintOf = fingerprints({ root, environment: request.environment, code, engine });
  return async (task: TaskRequest): Promise<{ told: TaskForecast; outputs?: Awaited<ReturnType<typeof moved>> }> => {
    const { key } = task;
    const inputs = await knownInputs(task.inputs, remote);
    if ("reason" in inputs) return { told: { key, forecast: "unknown", reason: inputs.reason } };
    const fingerprint = cacheKey(task, await fingerprintOf({ ...task, inputs: inputs.known }));
    if (fingerprint === undefined) return { told: { key, forecast: "miss", reason: "its results are not used again (cache: false)" } };
    const entry = await cache.read(fingerprint);
    if (entry === undefined) return { told: { key, forecast: "miss" } };
    const isThere = await isRestorable(entry.outputs, entry.artifactsFolder, (content) => artifacts.has(content));
    if (!isThere) return { told: { key, forecast: "miss", reason: "an artifact of its result is gone" } };
    // In the run the artifacts lie in a folder that nobody knows yet.
    const outputs = await moved(entry.outputs, entry.artifactsFolder, join(runsFolder(root), "(forecast)", key));
    return { told: { key, forecast: "hit", run: entry.run }, outputs };
  };
}

/** Which tasks depend on one that would run, also by a `catch`, a `finally`, or a failure that is ignored. */
class Dependence {
  readonly #document: Document;
  readonly #pipeline: Pipeline;
  readonly #graphs = new Map<string, TaskGraph>();
  readonly #open = new Set<string>();

  constructor(document: Document, pipeline: Pipeline) {
    this.#document = document;
    this.#pipeline = pipeline;
  }

  /** The result of a task is not known. */
  open(key: string): void {
    for (const { calls, task } of this.#levels(key)) this.#open.add(`${calls}:${task}`);
  }

  /** Whether what a task gets, or whether it runs at all, depends on such a result. */
  isOpen(key: string): boolean {
    return this.#levels(key).some(({ calls, task, pipeline }) => [...this.#graph(pipeline).upstream(task)].some((other) => this.#open.has(`${calls}:${other}`)));
  }

  #graph(pipeline: Pipeline): TaskGraph {
    let graph = this.#graphs.get(pipeline.id);
    if (graph === undefined) this.#graphs.set(pipeline.id, (graph = taskGraph(pipeline)));
    return graph;
  }

  /** The task of a key and the calls around it, each in its pipeline. */
  #levels(key: string): { calls: string; task: string; pipeline: Pipeline }[] {
    const levels: { calls: string; task: string; pipeline: Pipeline }[] = [];
    let pipeline: Pipeline | undefined = this.#pipeline;
    let calls = "";
    for (const part of key.split("/")) {
      const task: Task | undefined = pipeline === undefined ? undefined : [...tasksOf(pipeline.body)].find(({ id }) => id === part);
      if (pipeline === undefined || task === undefined) continue;
      levels.push({ calls, task: part, pipeline });
      calls += `/${part}`;
      pipeline = task.target.kind === "pipeline" ? this.#document.pipelines[task.target.id] : undefined;
    }
    return levels;
  }
}

/** A task that would run is not tried again to see whether it would run. */
function withoutRetries(document: Document): Document {
  const copy = structuredClone(document);
  delete copy.defaults.retry;
  for (const component of Object.values(copy.components)) if (component.kind !== "importer") delete component.options.retry;
  for (const pipeline of Object.values(copy.pipelines)) {
    delete pipeline.options.defaults?.retry;
    for (const task of tasksOf(pipeline.body)) delete task.options.retry;
  }
  return copy;
}
