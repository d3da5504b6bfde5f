/** On which nodes a pod runs: selector, tolerations and affinity. */
import { isKubernetesJson, isRunTime } from "../../ir/traverse.ts";
import type { Json, NodeAffinity, NodeExpression, RunTime, TaskOptions, Toleration } from "../../ir/types.ts";
import { defined, nonEmpty } from "./defined.ts";
import type { PodContext } from "./pod-context.ts";
import { exprOf, patchJson, patchList, patchListObject, readText, type ListItem } from "./pod-spec-patch.ts";
import type { JsonObject, Template } from "./spec.ts";

export interface Placement {
  /** What is known, as fields of the template. */
  template: Pick<Template, "nodeSelector" | "tolerations" | "affinity">;
  /** What only a run knows, as fields of the pod. */
  patched: JsonObject;
}

/** Where the pod of a task may, must or should run. */
export function placementOf(options: TaskOptions, context: PodContext): Placement {
  const placement: Placement = { template: {}, patched: {} };
  addSelector(placement, options, context);
  addTolerations(placement, options, context);
  addAffinity(placement, options, context);
  return placement;
}

function addSelector({ template, patched }: Placement, { nodeSelector }: TaskOptions, context: PodContext): void {
  if (nodeSelector === undefined || Object.keys(nodeSelector).length === 0) return;
  if (!isKubernetesJson(nodeSelector)) template.nodeSelector = nodeSelector;
  else if (isRunTime(nodeSelector.json)) patched["nodeSelector"] = patchJson(nodeSelector.json, context);
  else template.nodeSelector = nodeSelector.json as Record<string, string>;
}

/** Kubernetes replaces the list as a whole, so one run-time toleration takes all of them into the patch. */
function addTolerations({ template, patched }: Placement, options: TaskOptions, context: PodContext): void {
  const parts = (options.tolerations ?? []).map((toleration): Json[] | RunTime => {
    if (!isKubernetesJson(toleration)) return [tolerationOf(toleration)];
    if (isRunTime(toleration.json)) return toleration.json;
    return Array.isArray(toleration.json) ? toleration.json : [toleration.json];
  });
  const constants = parts.flatMap((part) => (isRunTime(part) ? [] : part));
  if (parts.length === 0) return;
  if (parts.every((part) => !isRunTime(part))) {
    template.tolerations = constants as JsonObject[];
    return;
  }
  patched["tolerations"] = patchList(
    parts.flatMap((part) => {
      if (!isRunTime(part)) return part.map((constant) => ({ expression: exprOf(constant) }));
      const present = context.present?.(part);
      const read = `fromJSON(${readText(part, context)})`;
      return [{ expression: read, spread: part.expression.type.kind === "list", present }];
    }),
  );
}

function tolerationOf({ key, operator, value, effect, seconds }: Toleration): JsonObject {
  return defined<JsonObject>({ key, operator, value, effect, tolerationSeconds: seconds }) ?? {};
}

/** The lists of a node affinity; a term of the first must hold, those of the second are preferred. */
interface Terms {
  required: Json[];
  preferred: Json[];
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

function addAffinity({ template, patched }: Placement, options: TaskOptions, context: PodContext): void {
  const terms: Terms = { required: [], preferred: [] };
  const unknown: RunTime[] = [];
  for (const affinity of options.affinity ?? []) {
    if (!isKubernetesJson(affinity)) addTerm(terms, affinity);
    else if (isRunTime(affinity.json)) unknown.push(affinity.json);
    else addKubernetes(terms, affinity.json);
  }
  const [only, ...more] = unknown;
  if (only === undefined) {
    const nodeAffinity = affinityOf(terms);
    if (nodeAffinity !== undefined) template.affinity = { nodeAffinity };
  } else if (more.length === 0 && affinityOf(terms) === undefined) patched["affinity"] = { nodeAffinity: patchJson(only, context) };
  else {
    // Lists of the patch replace those of the pod, so they are joined before.
    const items = (constants: Json[], path: string): ListItem[] => [
      ...constants.map((constant) => ({ expression: exprOf(constant) })),
      ...unknown.map((value) => ({ expression: `(fromJSON(${readText(value, context)})${path} ?? [])`, spread: true, present: context.present?.(value) })),
    ];
    patched["affinity"] = {
      nodeAffinity: {
        [required]: patchListObject("nodeSelectorTerms", items(terms.required, `?.${required}?.nodeSelectorTerms`)),
        [preferred]: patchList(items(terms.preferred, `?.${preferred}`)),
      },
    };
  }
}

function addTerm(terms: Terms, { expressions, fields, weight }: NodeAffinity): void {
  const term = defined<JsonObject>({ matchExpressions: expressions?.map(requirement), matchFields: fields?.map(requirement) }) ?? {};
  if (weight === undefined) terms.required.push(term);
  else terms.preferred.push({ weight, preference: term });
}

function requirement({ key, operator, values }: NodeExpression): Json {
  return { key, operator, ...(values === undefined ? {} : { values }) };
}

/** A whole `nodeAffinity` in the form of Kubernetes. */
function addKubernetes(terms: Terms, json: Json): void {
  const object = json as JsonObject;
  const must = object[required] as JsonObject | undefined;
  if (Array.isArray(must?.["nodeSelectorTerms"])) terms.required.push(...must["nodeSelectorTerms"]);
  const should = object[preferred];
  if (Array.isArray(should)) terms.preferred.push(...should);
}

function affinityOf(terms: Terms): JsonObject | undefined {
  return defined<JsonObject>({
    [required]: terms.required.length === 0 ? undefined : { nodeSelectorTerms: terms.required },
    [preferred]: nonEmpty(terms.preferred),
  });
}
