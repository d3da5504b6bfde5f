/** A local run from a document to its run directory: prepare, schedule, record. */
import { setMaxListeners } from "node:events";
import { join, sep } from "node:path";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Document, Pipeline } from "../../compiler/ir/types.ts";
import { FileCache, type ResultCache } from "./cache.ts";
import { ContentStore, type ArtifactStore } from "./content-store.ts";
import { changedCode, planContinuation, type Continuation } from "./continuation.ts";
import type { Value } from "./evaluate.ts";
import type { RunEvent } from "./events.ts";
import { localExecutor } from "./executor.ts";
import { fingerprints } from "./fingerprints.ts";
import type { Failure } from "./frame.ts";
import type { ObjectStores } from "./object-stores.ts";
import { MANIFEST_VERSION, type RunManifest } from "./manifest.ts";
import { endOrphans } from "./orphans.ts";
import { claim, release } from "./owner.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { Recorder } from "./recorder.ts";
import { RemoteInputs, withRemoteInputs } from "./remote-inputs.ts";
import { reusing, type Earlier } from "./reuse.ts";
import { runContext } from "./run-context.ts";
import { schedule, type Ended, type Observer } from "./scheduler.ts";
import { SharedArtifacts, SharedCache } from "./shared-store.ts";
import { RunStore, runsFolder } from "./store.ts";

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
  observer?: Observer;
  /** Told of every event when it is on the disk. */
  onEvent?: (event: RunEvent) => void;
  /** Told when the run has its folder. */
  onStart?: (store: RunStore) => void;
  /** Stops the run: its processes get SIGTERM, and a moment later SIGKILL. */
  signal: AbortSignal;
  /** Kills the processes of the run at once. */
  kill?: AbortSignal;
  /** Take results of equal tasks from the cache. Results are put there in any case. */
  readsCache?: boolean;
  /** The first failure that nothing catches ends the run. */
  failFast?: boolean;
  /** The run is one of an op alone. */
  isOp?: boolean;
  /** Go on with an earlier run. */
  continues?: Continuation;
  /** Where artifacts and results are kept; default: below `.hmc` of the project. */
  artifacts?: ArtifactStore;
  cache?: ResultCache;
  /** The object stores of the run. Without them, what only a service has is not fetched. */
  stores?: ObjectStores;
}

export type RunResult =
  | { kind: "notStarted"; diagnostics: Diagnostic[] }
  | { kind: "ended"; state: "succeeded" | "failed" | "stopped"; outputs: Record<string, Value>; failures: Failure[]; store: RunStore };

/** Runs a pipeline on this machine. */
export async function runLocally(request: RunRequest): Promise<RunResult> {
  const { root, continues } = request;
  const made = await prepare(request);
  if ("diagnostics" in made) return { kind: "notStarted", diagnostics: made.diagnostics };
  const planned = continues === undefined ? request : planContinuation(request.document, request.pipeline, root, continues);
  if ("problems" in planned) return { kind: "notStarted", diagnostics: planned.problems };
  const isResumed = continues !== undefined && continues.from === undefined && continues.only === undefined;
  const store = isResumed ? RunStore.open(root, continues.run) : RunStore.create(root, request.pipeline.id, request.now());
  const other = claim(store.folder, request.now());
  if (other !== undefined) return { kind: "notStarted", diagnostics: [diagnostic("HMC6025", undefined, { run: store.id, pid: other.pid, file: join(store.folder, "owner.json") })] };
  try {
    const left = isResumed ? await endOrphans(store) : 0;
    request.onStart?.(store);
    store.writeDocument(request.document);
    const recorder = new Recorder({ store, run: manifestOf(request, made.prepared, store, isResumed), resumed: isResumed, now: request.now, onEvent: request.onEvent ?? (() => undefined) });
    try {
      tellBeforehand(recorder, made.prepared, left, "earlier" in planned ? planned.earlier : undefined);
      return await run(request, made.prepared, store, recorder, planned);
    } finally {
      recorder.close();
    }
  } finally {
    release(store.folder);
  }
}

/** What people should know before anything runs. */
function tellBeforehand(recorder: Recorder, prepared: Prepared, orphans: number, earlier: Earlier | undefined): void {
  if (orphans > 0) recorder.notice("HMC6030", { count: orphans });
  const { onHost } = prepared;
  if (onHost.length > 0) recorder.notice("HMC6031", { programs: [...new Set(onHost.map(({ program }) => program))] });
  const changed = earlier === undefined ? [] : changedCode(earlier, prepared.code);
  if (changed.length > 0) recorder.notice("HMC6027", { ops: changed });
}

async function run(request: RunRequest, prepared: Prepared, store: RunStore, recorder: Recorder, planned: { document: Document; pipeline: Pipeline; earlier?: Earlier }): Promise<RunResult> {
  const { root } = request;
  const local = new ContentStore(join(root, ".hmc/store"));
  const own = request.cache ?? new FileCache(join(root, ".hmc/cache"));
  const shared = request.stores?.shared;
  const sharedArtifacts = shared === undefined ? undefined : new SharedArtifacts(local, shared);
  const artifacts = sharedArtifacts ?? request.artifacts ?? local;
  const stopped = new AbortController();
  // Each running task listens.
  setMaxListeners(0, stopped.signal, ...(request.kill === undefined ? [] : [request.kill]));
  const stop = () => stopped.abort();
  request.signal.addEventListener("abort", stop);
  if (request.signal.aborted) stop();
  const { deadlineSeconds } = request.pipeline.options;
  const deadline = deadlineSeconds === undefined ? undefined : setTimeout(() => stopped.abort(`the pipeline ran longer than its deadline of ${deadlineSeconds} s.`), deadlineSeconds * 1000);
  const execute = localExecutor({
    store,
    root,
    artifacts,
    environment: request.environment,
    ...(prepared.bundle === undefined ? {} : { bundle: prepared.bundle.file }),
    ...(prepared.engine === undefined ? {} : { engine: prepared.engine }),
    ...(request.kill === undefined ? {} : { kill: request.kill }),
    onStart: ({ key, component }, attempt) => recorder.started(key, component.id, attempt),
  });
  const running = new Set<Promise<unknown>>();
  const reuse = reusing({
    run: execute,
    store,
    artifacts,
    cache: shared === undefined ? own : new SharedCache(own, shared, ({ message }) => recorder.notice("HMC6083", { problem: message })),
    ...(sharedArtifacts === undefined ? {} : { sharing: { share: (artifact) => sharedArtifacts.share(artifact), own } }),
    readsCache: request.readsCache === true,
    ...(planned.earlier === undefined ? {} : { earlier: planned.earlier }),
    recorder,
    codeOf: (component) => prepared.code.get(component),
    fingerprintOf: fingerprints({ root, environment: request.environment, code: prepared.code, ...(prepared.engine === undefined ? {} : { engine: prepared.engine }), store }),
    isOwn: (path) => path.startsWith(runsFolder(root) + sep),
    now: request.now,
  });
  const given = request.stores === undefined ? reuse : withRemoteInputs(reuse, new RemoteInputs({ open: request.stores.open, local, root }), join(store.folder, "imported"));
  try {
    const ended = await schedule({
      document: planned.document,
      pipeline: planned.pipeline,
      parameters: request.parameters,
      jobs: request.jobs,
      execute: (task, signal) => {
        const work = given(task, signal);
        running.add(work);
        const done = (): void => void running.delete(work);
        work.then(done, done);
        return work;
      },
      observer: {
        task: (key, state, details) => {
          recorder.task(key, state, details);
          request.observer?.task(key, state, details);
        },
      },
      context: runContext(store),
      signal: stopped.signal,
      ...(request.failFast === true ? { failFast: true } : {}),
    });
    return finished(request, ended, recorder, store);
  } catch (error) {
    // The run directory cannot be written: what is running must not go on unseen.
    stop();
    await Promise.allSettled(running);
    recordBreak(recorder);
    throw error;
  } finally {
    clearTimeout(deadline);
    request.signal.removeEventListener("abort", stop);
  }
}

/** Says that the run is not over, if the disk takes even that. */
function recordBreak(recorder: Recorder): void {
  try {
    recorder.end("stopped", {}, []);
  } catch {
    // Its owner is gone, which says the same.
  }
}

function finished(request: RunRequest, ended: Ended, recorder: Recorder, store: RunStore): RunResult {
  const state = request.signal.aborted ? "stopped" : ended.state;
  const outputs = ended.state === "succeeded" ? ended.outputs : {};
  const failures = ended.state === "failed" ? ended.failures : [];
  recorder.end(state, outputs, failures.map(({ task, reason, exitCode }) => ({ task, reason, ...(exitCode === undefined ? {} : { exitCode }) })));
  return { kind: "ended", state, outputs, failures, store };
}

function manifestOf(request: RunRequest, prepared: Prepared, store: RunStore, isResumed: boolean): RunManifest {
  const { continues } = request;
  const { engine, bundle } = prepared;
  return {
    manifestVersion: MANIFEST_VERSION,
    id: store.id,
    pipeline: request.pipeline.id,
    entry: request.document.entry,
    command: request.isOp === true ? "op" : "run",
    state: "running",
    startedAt: store.startedAt.toISOString(),
    ...(isResumed ? { resumedAt: request.now().toISOString() } : {}),
    jobs: request.jobs,
    ...(engine === undefined ? {} : { engine }),
    ...(bundle === undefined ? {} : { bundle: bundle.digest }),
    ...(request.stores?.shared === undefined ? {} : { store: request.stores.shared.root }),
    ...(continues === undefined ? {} : isResumed ? keptSelection(continues.run) : { ...keptSelection(continues), keeps: continues.run.id }),
    parameters: request.parameters,
    tasks: isResumed ? (continues?.run.tasks ?? []) : [],
  };
}

/** For what a run was started that takes results of another one. */
function keptSelection({ keeps, from, only }: Pick<RunManifest, "keeps" | "from" | "only">): Pick<RunManifest, "keeps" | "from" | "only"> {
  return { ...(keeps === undefined ? {} : { keeps }), ...(from === undefined ? {} : { from }), ...(only === undefined ? {} : { only }) };
}
