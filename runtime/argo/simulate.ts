/**
 * Simulates Argo's controller: runs a workflow without a cluster, the outcomes of its pods given. It is as exact as the recorded
 * runs of the controller to which it is held (docs/simulator.md).
 */
import { readDocuments } from "./documents.ts";
import { SimulationError } from "./errors.ts";
import { Locks } from "./locks.ts";
import { joinSpecs } from "./merge.ts";
import { fulfilled, NodeTable } from "./nodes.ts";
import type { PodOutcome, SimulationOptions } from "./options.ts";
import { type Ended, isOver, reconcile } from "./reconcile.ts";
import { reportOf, type SimulatedRun } from "./report.ts";
import type { PodState, RunState } from "./state.ts";
import { resume, suspendedNode } from "./suspend.ts";
import { newCaches } from "./templates.ts";
import type { Resource, WorkflowSpec } from "./types.ts";
import { invalidSpec } from "./validate.ts";
import { Variables } from "./variables.ts";
import { behaviourOf } from "./versions.ts";

const MOST_RECONCILIATIONS = 10_000;

/**
 * Runs a workflow.
 *
 * @param documents parsed YAML or JSON documents: a Workflow, and the WorkflowTemplates that it references
 * @returns the run at its end, or where it hangs
 * @throws SimulationError for what the simulator does not model, and for documents that are no workflow
 */
export async function simulate(documents: readonly unknown[], options: SimulationOptions): Promise<SimulatedRun> {
  const { workflow, library } = readDocuments(documents, options);
  const state = newState(workflow, library, options);
  const invalid = options.validate?.(documents) ?? invalidSpec(state.joined);
  if (invalid !== undefined) {
    state.phase = "Failed";
    state.message = `invalid spec: ${invalid}`;
    return reportOf(state, false, 1);
  }
  return run(state);
}

function newState(workflow: Resource, library: ReadonlyMap<string, Resource>, options: SimulationOptions): RunState {
  const joined = join(workflow, library);
  if (joined.suspend) throw new SimulationError("spec.suspend", "the simulator does not model suspended workflows");
  if (joined.shutdown !== undefined) throw new SimulationError("spec.shutdown", "the simulator does not model workflows that are shut down");
  const state: RunState = {
    options,
    behaviour: behaviourOf(options.version ?? "4.1.2"),
    workflow,
    library,
    joined,
    spec: joined,
    nodes: new NodeTable(workflow.metadata.name, () => state.now),
    globals: new Variables(),
    globalsKey: "",
    phase: "",
    message: "",
    labels: {},
    outputs: {},
    pods: new Map(),
    created: [],
    suspended: [],
    waits: new Map(),
    alarms: new Set(),
    now: options.startedAt ?? 0,
    depth: 0,
    activePods: 0,
    locks: new Locks(options.namespace ?? "default", options.cluster),
    memo: options.memo ?? new Map(),
    caches: newCaches(),
  };
  return state;
}

function join({ spec }: Resource, library: ReadonlyMap<string, Resource>): WorkflowSpec {
  const reference = spec.workflowTemplateRef;
  if (!reference) return spec;
  const kind = reference.clusterScope ? "ClusterWorkflowTemplate" : "WorkflowTemplate";
  const template = library.get(`${kind}/${reference.name ?? ""}`);
  if (!template) throw new SimulationError("spec.workflowTemplateRef", `there is no ${kind} "${reference.name ?? ""}" in the documents`);
  return joinSpecs(spec, template.spec);
}

/** Reconciles until the run is over, or nothing can happen any more. */
async function run(state: RunState): Promise<SimulatedRun> {
  const most = state.options.maxReconciliations ?? MOST_RECONCILIATIONS;
  const pods = new RunningPods(state);
  let ended: Ended[] = [];
  for (let count = 1; ; count++) {
    const before = state.nodes.changes;
    reconcile(state, ended);
    if (isOver(state)) return reportOf(state, false, count);
    if (count >= most) return reportOf(state, true, count);
    pods.start(state.created.splice(0).map(({ node }) => state.pods.get(node) as PodState));
    const resumed = resumeSuspended(state);
    ended = await pods.ended();
    if (ended.length > 0 || resumed || state.nodes.changes > before || advance(state)) continue;
    return reportOf(state, true, count);
  }
}

/** Pods that have not ended. */
class RunningPods {
  readonly #state: RunState;
  readonly #ended: Ended[] = [];
  #running = 0;
  #wake: (() => void) | undefined;
  #failure: unknown;

  constructor(state: RunState) {
    this.#state = state;
  }

  start(pods: readonly PodState[]): void {
    for (const pod of pods) {
      const outcome = this.#state.options.outcome(pod.request);
      if (outcome instanceof Promise) void this.#wait(pod, outcome);
      else this.#ended.push({ pod, outcome });
    }
  }

  /** The pods that ended, as soon as there are any; none where none runs. */
  async ended(): Promise<Ended[]> {
    if (this.#ended.length === 0 && this.#running > 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ended.splice(0);
  }

  async #wait(pod: PodState, outcome: Promise<PodOutcome>): Promise<void> {
    this.#running++;
    try {
      this.#ended.push({ pod, outcome: await outcome });
    } catch (error) {
      this.#failure ??= error;
    }
    this.#running--;
    this.#wake?.();
    this.#wake = undefined;
  }
}

/** Resumes what is suspended, as far as the options say so. Whether anything was. */
function resumeSuspended(state: RunState): boolean {
  let any = false;
  for (const node of state.suspended.splice(0)) {
    const outcome = fulfilled(node) ? undefined : state.options.resume?.(suspendedNode(node));
    if (!outcome) continue;
    resume(state, node, outcome);
    any = true;
  }
  return any;
}

/** Puts the clock forward to the next point in time at which something goes on. Whether there is one. */
function advance(state: RunState): boolean {
  if (state.options.clock === "stands") return false;
  const next = Math.min(...[...state.alarms].filter((time) => time > state.now));
  state.alarms.clear();
  if (next === Infinity) return false;
  state.now = next;
  return true;
}

