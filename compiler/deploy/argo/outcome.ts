/** What stands in the way of a delivery to Argo. */
import type { Delivered } from "../../../runtime/remote/kubernetes/argo.ts";
import type { ObjectPlan } from "../../../runtime/remote/kubernetes/argo-plan.ts";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";

/** Nothing where it has come to its end. */
export function deliveryProblems(result: Delivered): Diagnostic[] {
  switch (result.kind) {
    case "delivered":
      return [];
    case "conflicting":
      return result.plans.filter(({ conflicts }) => conflicts.length > 0).map(({ kind, name, conflicts }) =>
        diagnostic("HMC6258", undefined, { object: `${kind} ${name}`, fields: conflicts.map(({ field }) => field), managers: [...new Set(conflicts.map(({ manager }) => manager))] }));
    case "superseded":
      return [diagnostic("HMC6259", undefined, { by: result.by })];
    case "contested":
      return [diagnostic("HMC6252", undefined, { left: result.left.map(describeObject) })];
  }
}

/** How many fields of an update are named. */
const shownFields = 5;

/** `the CronWorkflow "nightly": .spec.schedules` */
export function describeObject({ kind, name, role, change, fields }: ObjectPlan): string {
  const what = role === "revision" ? ", the copy of this revision" : "";
  const changed = change === "suspend" ? " is suspended" : change === "update" ? `: ${fields.slice(0, shownFields).join(", ")}${fields.length > shownFields ? " and more" : ""}` : "";
  return `the ${kind} "${name}"${what}${changed}`;
}
