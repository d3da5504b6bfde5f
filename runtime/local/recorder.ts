/** Writes down what happens in a run: events, manifests, and the state of the run. Who watches is told after it is written. */
import { diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { DiagnosticCode, Parameters } from "../../compiler/diagnostics/registry.ts";
import type { Inputs, Outputs } from "../protocols/local.ts";
import type { Value } from "./evaluate.ts";
import { EventLog, type EndState, type Origin, type RunEvent, type RunFailure, type RunState } from "./events.ts";
import { MANIFEST_VERSION, type RunManifest, type TaskManifest } from "./manifest.ts";
import type { Observer, TaskDetails, TaskState } from "./scheduler.ts";
import type { RunStore } from "./store.ts";

export interface RecorderSettings {
  store: RunStore;
  /** What is known of the run when it starts, or starts again. */
  run: RunManifest;
  resumed: boolean;
  now: () => Date;
  onEvent: (event: RunEvent) => void;
}

/** What is known of a task before it has ended. */
interface Open {
  component: string;
  inputs?: Inputs;
  fingerprint?: string;
  code?: string;
  attempts: number;
  startedAt?: Date;
}

export class Recorder implements Observer {
  readonly #settings: RecorderSettings;
  readonly #log: EventLog;
  readonly #open = new Map<string, Open>();
  readonly #ended = new Map<string, { state: EndState; origin?: Origin }>();
  #run: RunManifest;

  constructor(settings: RecorderSettings) {
    const { store, run } = settings;
    this.#settings = settings;
    this.#run = run;
    store.writeRun(run);
    this.#log = new EventLog(store.eventsFile);
    this.#tell({ kind: "runStarted", at: this.#time(), run: run.id, pipeline: run.pipeline, folder: store.folder, jobs: run.jobs, resumed: settings.resumed, ...(run.keeps === undefined ? {} : { keeps: run.keeps }) });
  }

  /** A task is about to be run, or to get what is there already. */
  prepared(key: string, component: string, known: { inputs: Inputs; fingerprint?: string; code?: string }): void {
    this.#open.set(key, { attempts: 0, ...this.#open.get(key), component, ...known });
  }

  /** A process of a task has started. */
  started(key: string, component: string, attempt: number): void {
    const open = this.#open.get(key) ?? { component, attempts: 0 };
    this.#open.set(key, { ...open, attempts: attempt, startedAt: open.startedAt ?? this.#settings.now() });
    this.#tell({ kind: "taskStarted", at: this.#time(), ...named(key, component), attempt });
  }

  /** A task has succeeded: its manifest is on the disk when this resolves. */
  async succeeded(key: string, outputs: Outputs, origin: Origin, run?: string): Promise<void> {
    await this.#settings.store.writeTask({ ...this.#manifest(key, "succeeded"), origin, ...(run === undefined ? {} : { run }), outputs });
  }

  notice<Code extends DiagnosticCode>(code: Code, parameters: Parameters<Code>, key?: string): void {
    const { message } = diagnostic(code, undefined, parameters);
    this.#tell({ kind: "notice", at: this.#time(), code, message, ...(key === undefined ? {} : { key }) });
  }

  task(key: string, state: TaskState, { task, attempt, reason, exitCode, outputs, origin, retryAt }: TaskDetails): void {
    if (state === "running") return;
    const open = this.#open.get(key);
    const told = { ...(reason === undefined ? {} : { reason }), ...(exitCode === undefined ? {} : { exitCode }) };
    const component = open?.component ?? task.target.id;
    if (state === "waiting") {
      this.#tell({ kind: "taskWaiting", at: this.#time(), ...named(key, component), attempt: open?.attempts ?? attempt ?? 1, reason: reason ?? "", ...(exitCode === undefined ? {} : { exitCode }), retryAt: retryAt ?? 0 });
      return;
    }
    if (state === "failed") this.#settings.store.writeTaskSync({ ...this.#manifest(key, "failed", component), ...told });
    const took = open?.startedAt === undefined ? {} : { milliseconds: this.#settings.now().getTime() - open.startedAt.getTime() };
    this.#tell({
      kind: "taskEnded", at: this.#time(), ...named(key, component), state,
      ...(state === "succeeded" ? { origin: origin ?? "ran" } : {}),
      attempts: open?.attempts ?? attempt ?? 0, ...took, ...told, ...(outputs === undefined ? {} : { outputs }),
    });
    this.#open.delete(key);
    this.#ended.set(key, { state, ...(state === "succeeded" ? { origin: origin ?? "ran" } : {}) });
  }

  /** The run has ended, or was stopped. */
  end(state: Exclude<RunState, "running">, outputs: Record<string, Value>, failures: RunFailure[]): void {
    const tasks = [...this.#ended].map(([key, ended]) => ({ key, ...ended }));
    this.#run = { ...this.#run, state, endedAt: this.#time(), outputs, tasks };
    this.#settings.store.writeRun(this.#run);
    this.#tell({ kind: "runEnded", at: this.#time(), run: this.#run.id, state, outputs, failures });
  }

  close(): void {
    this.#log.close();
  }

  #manifest(key: string, state: TaskManifest["state"], fallback = ""): TaskManifest {
    const { component, inputs, fingerprint, code, attempts, startedAt } = this.#open.get(key) ?? { component: fallback, attempts: 0 };
    return {
      manifestVersion: MANIFEST_VERSION,
      ...named(key, component),
      state,
      attempts,
      ...(startedAt === undefined ? {} : { startedAt: startedAt.toISOString() }),
      endedAt: this.#time(),
      ...(code === undefined ? {} : { code }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(inputs === undefined ? {} : { inputs }),
    };
  }

  #tell(event: RunEvent): void {
    this.#log.append(event);
    this.#settings.onEvent(event);
  }

  #time(): string {
    return this.#settings.now().toISOString();
  }
}

/** A task as events and manifests name it: its id in the document is the end of its key. */
function named(key: string, component: string): { key: string; task: string; component: string } {
  return { key, task: key.slice(key.lastIndexOf("/") + 1), component };
}
