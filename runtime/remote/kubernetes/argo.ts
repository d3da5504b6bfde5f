/** Delivering compiled pipelines to Argo Workflows, and going back. */
import { findArgo, type ArgoFound, type HistoryEntry } from "./argo-found.ts";
import { planRevision, type ObjectPlan, type PlanOptions, type Step } from "./argo-plan.ts";
import { revisionOf, revisionOfCopy, type ArgoDelivery, type Revision } from "./argo-revision.ts";
import { annotations } from "./argo-objects.ts";
import type { KubernetesClient } from "./client.ts";
import { RequestError } from "../http/failure.ts";

export interface DeliverOptions extends PlanOptions {
  /** Told of each object before it is written. */
  onWrite?: (plan: ObjectPlan) => void;
}

export type Delivered =
  /** What was written; nothing where all was as it should be. `schedules` are as they are now. */
  | { kind: "delivered"; revision: string; template: string; written: ObjectPlan[]; schedules: ObjectPlan[] }
  /** Others hold fields, and nothing was written. With force they lose them. */
  | { kind: "conflicting"; revision: string; template: string; plans: ObjectPlan[] }
  /** Another one has brought its revision to run since, which is left alone. */
  | { kind: "superseded"; revision: string; template: string; by: string | undefined }
  /** Another one writes the same objects all the time. */
  | { kind: "contested"; revision: string; template: string; left: ObjectPlan[] };

export interface ArgoPlan {
  revision: string;
  template: string;
  /** The revision that runs now. */
  running: string | undefined;
  plans: ObjectPlan[];
}

/** What `applyArgo` would do. Nothing is written: the server itself says what would change. Throws as `applyArgo` does. */
export async function planArgo(client: KubernetesClient, delivery: ArgoDelivery, options: PlanOptions): Promise<ArgoPlan> {
  const revision = revisionOf(delivery);
  const found = await findArgo(client, revision.template, options.signal);
  const steps = await planRevision(client, revision, found, true, options);
  return { revision: revision.id, template: revision.template, running: found.running, plans: steps.map(planOf) };
}

/**
 * Brings a namespace to run this revision. What was killed at any place is finished by the next call; the same again writes nothing.
 *
 * @throws RequestError, and `ClusterUnusable` where there is no Argo
 */
export function applyArgo(client: KubernetesClient, delivery: ArgoDelivery, options: DeliverOptions): Promise<Delivered> {
  return settle(client, revisionOf(delivery), true, options);
}

export type RolledBack =
  | { kind: "rolledBack"; from: string | undefined; result: Delivered }
  /** Nothing of this name was delivered. */
  | { kind: "notDelivered" }
  /** Nothing ran before what runs now. */
  | { kind: "noEarlier"; running: string | undefined }
  | { kind: "unknownRevision"; known: KeptRevision[] };

/**
 * Lets an earlier revision run again, with its schedule or without one. A delivery brings the newest back.
 *
 * @param to the beginning of its id or of its commit; the one that ran before where it is undefined
 */
export async function rollbackArgo(client: KubernetesClient, template: string, to: string | undefined, options: DeliverOptions): Promise<RolledBack> {
  const found = await findArgo(client, template, options.signal);
  const known = keptRevisions(found);
  if (known.length === 0) return { kind: "notDelivered" };
  const chosen = to === undefined ? earlier(found) : known.filter(({ id, commit }) => to !== "" && (id.startsWith(to) || commit?.startsWith(to) === true));
  const [only] = chosen;
  if (to === undefined && only === undefined) return { kind: "noEarlier", running: found.running };
  const copy = chosen.length === 1 && only !== undefined ? found.copies.get(only.id) : undefined;
  if (copy === undefined) return { kind: "unknownRevision", known };
  return { kind: "rolledBack", from: found.running, result: await settle(client, revisionOfCopy(copy), false, options) };
}

/** The revision that ran before the one that runs, of those that are kept. */
function earlier({ history, running, copies }: ArgoFound): { id: string }[] {
  const now = history.findIndex(({ revision }) => revision === running);
  return (now === -1 ? history : history.slice(0, now)).filter(({ revision }) => copies.has(revision)).slice(-1).map(({ revision }) => ({ id: revision }));
}

/** A revision that can be had back. */
export interface KeptRevision {
  id: string;
  /** The name of its template. */
  name: string;
  commit: string | undefined;
  /** When it came to run, ISO 8601; undefined where it never did. */
  at: string | undefined;
  isRunning: boolean;
}

/** What there is to go back to; what ran last comes first, what never ran comes last. */
export function keptRevisions({ copies, history, running }: ArgoFound): KeptRevision[] {
  const ran = (id: string): HistoryEntry | undefined => history.find(({ revision }) => revision === id);
  const order = (id: string): number => history.findIndex(({ revision }) => revision === id);
  return [...copies]
    .sort(([one], [other]) => order(other) - order(one))
    .map(([id, { metadata }]) => ({ id, name: metadata.name, commit: metadata.annotations?.[annotations.commit], at: ran(id)?.at, isRunning: id === running }));
}

/** What does not settle within so many rounds has a rival. */
const mostRounds = 6;

/** Looks, does what is left, and looks again, until nothing is. */
async function settle(client: KubernetesClient, revision: Revision, isNew: boolean, options: DeliverOptions): Promise<Delivered> {
  const { id, template } = revision;
  const written: ObjectPlan[] = [];
  for (let round = 0; ; round++) {
    try {
      const found = await findArgo(client, template, options.signal);
      if (found.running !== id && written.some(({ role }) => role === "template")) {
        const copy = found.copies.get(found.running ?? "");
        // What both have written, such as the schedule, is to be as what runs has it.
        if (copy !== undefined) await settle(client, revisionOfCopy(copy), false, options);
        return { kind: "superseded", revision: id, template, by: found.running };
      }
      const steps = await planRevision(client, revision, found, isNew, options);
      const left = steps.filter(({ change }) => change !== "same");
      if (left.length === 0) return { kind: "delivered", revision: id, template, written, schedules: steps.filter(({ role }) => role === "schedule").map(planOf) };
      if (left.some(({ conflicts }) => conflicts.length > 0)) return { kind: "conflicting", revision: id, template, plans: steps.map(planOf) };
      if (round === mostRounds) return { kind: "contested", revision: id, template, left: left.map(planOf) };
      for (const step of left) {
        options.onWrite?.(planOf(step));
        await step.write(options.signal);
        written.push(planOf(step));
      }
    } catch (error) {
      // Another one has written meanwhile: what is to be done now shows when one looks again.
      if (!(error instanceof RequestError) || error.failure.kind !== "conflict" || round === mostRounds) throw error;
    }
  }
}

function planOf({ write: _, ...plan }: Step): ObjectPlan {
  return plan;
}
