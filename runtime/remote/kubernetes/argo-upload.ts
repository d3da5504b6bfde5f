/** A revision that is there without running by itself. */
import { findArgo } from "./argo-found.ts";
import { planRevision, type ObjectPlan, type PlanOptions } from "./argo-plan.ts";
import { revisionOf, type ArgoDelivery } from "./argo-revision.ts";
import type { KubernetesClient } from "./client.ts";

export interface Uploaded {
  /** The beginning of its hash. */
  revision: string;
  /** The template that a delivery of it would change. */
  template: string;
  /** The template that is its copy: runs can be made of it. */
  copy: string;
  written: ObjectPlan[];
}

/** Writes the copy of a revision, and what it needs. The template that runs and its schedules stay as they are. Throws a `RequestError`, and `ClusterUnusable` where there is no Argo. */
export async function uploadArgo(client: KubernetesClient, delivery: ArgoDelivery, options: PlanOptions & { onWrite?: (plan: ObjectPlan) => void }): Promise<Uploaded> {
  const revision = revisionOf(delivery);
  const written: ObjectPlan[] = [];
  for (const { write, ...plan } of await planRevision(client, revision, await findArgo(client, revision.template, options.signal), true, options)) {
    if ((plan.role !== "library" && plan.role !== "revision") || plan.change === "same") continue;
    options.onWrite?.(plan);
    await write(options.signal);
    written.push(plan);
  }
  return { revision: revision.id, template: revision.template, copy: revision.copy.metadata.name, written };
}
