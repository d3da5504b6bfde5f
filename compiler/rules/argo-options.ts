/** What the option `argo` names is there, and what it says can have an effect. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import { resolveOptions } from "../ir/options.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document, Json, Pipeline, Span, Task } from "../ir/types.ts";
import { componentOf, layersOf, optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

export const argoOptions: Rule = {
  codes: ["HMC3040", "HMC3041", "HMC3042"],
  scope: "cluster",
  check(document: Document): Diagnostic[] {
    const found = new Map<string, Diagnostic>();
    // One option of an op reaches all its tasks.
    const add = (diagnostics: readonly Diagnostic[]): void => diagnostics.forEach((one) => found.set(`${one.code} ${one.message} ${one.span?.file}:${one.span?.start}`, one));
    for (const pipeline of Object.values(document.pipelines)) {
      add(checkParameters(pipeline));
      for (const task of tasksOf(pipeline.body)) add(checkTask(document, pipeline, task));
    }
    return [...found.values()];
  },
};

function checkParameters(pipeline: Pipeline): Diagnostic[] {
  const known = Object.keys(pipeline.inputs);
  return namesIn(pipeline.options.argo, "parametersFrom").flatMap((name) => {
    if (known.includes(name)) return [];
    return [diagnostic("HMC3040", optionSpan(pipeline.options, pipeline.span, `argo.parametersFrom.${name}`), { option: "parametersFrom", name, owner: pipeline.id, what: "parameter", suggestion: nearestName(name, known) })];
  });
}

function checkTask(document: Document, pipeline: Pipeline, task: Task): Diagnostic[] {
  const layers = layersOf(document, pipeline, task);
  if (layers.every(({ options }) => options.argo === undefined)) return [];
  const { options } = resolveOptions(document, pipeline, task);
  const component = componentOf(document, task);
  const owner = component?.id ?? task.id;
  const spanOf = (member: string): Span | undefined => {
    const layer = layers.findLast(({ options: given }) => given.argo?.[member.split(".")[0] ?? ""] !== undefined);
    return layer === undefined ? task.span : optionSpan(layer.options, layer.span ?? task.span, `argo.${member}`);
  };
  const found: Diagnostic[] = [];
  if (options.argo?.["retryExpression"] !== undefined && (options.retry?.count ?? 0) === 0) found.push(diagnostic("HMC3042", spanOf("retryExpression"), { owner }));
  if (component === undefined) return found;
  const outputs = Object.keys(component.outputs);
  const artifacts = [...Object.entries(component.inputs), ...Object.entries(component.outputs)].flatMap(([name, { type }]) => (type.kind === "artifact" ? [name] : []));
  for (const [option, known, what] of [["artifacts", artifacts, "artifact"], ["globalNames", outputs, "output"]] as const) {
    for (const name of namesIn(options.argo, option)) {
      if (!known.includes(name)) found.push(diagnostic("HMC3040", spanOf(`${option}.${name}`), { option, name, owner, what, suggestion: nearestName(name, known) }));
    }
  }
  for (const [name, { type, optional }] of Object.entries(component.inputs)) {
    if (type.kind === "artifact" && !optional && hasPlace(options.argo, name)) found.push(diagnostic("HMC3041", spanOf(`artifacts.${name}`), { owner, input: name }));
  }
  return found;
}

function namesIn(argo: Record<string, Json> | undefined, option: string): string[] {
  const members = argo?.[option];
  return members === undefined || members === null || typeof members !== "object" ? [] : Object.keys(members);
}

/** Whether an artifact is said to lie somewhere. */
function hasPlace(argo: Record<string, Json> | undefined, artifact: string): boolean {
  const settings = (argo?.["artifacts"] as Record<string, Record<string, Json>> | undefined)?.[artifact];
  return settings !== undefined && ["key", "raw", "location"].some((place) => settings[place] !== undefined);
}
