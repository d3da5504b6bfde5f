/** Templates of the kinds resource and containerSet (the last row of reference argo.md 4.1). */
import { fieldsOf, filled, isGiven, itemsOf, textOf } from "./json.ts";
import { allTemplates, namedOf, type Template } from "./model.ts";
import type { Work } from "./work.ts";

const actions = ["get", "create", "apply", "delete", "replace", "patch"];

/** Checks resource templates and container sets. */
export function checkSpecialTemplates(work: Work): void {
  for (const template of allTemplates(work.model)) {
    if (template.kind === "resource") checkResource(work, template);
    if (template.kind === "containerSet") checkContainerSet(work, template);
  }
}

function checkResource(work: Work, template: Template): void {
  const resource = fieldsOf(template.fields["resource"]);
  const path = [...template.path, "resource"];
  const action = textOf(resource["action"]) ?? "";
  const refuse = (field: string, problem: string, advice: string): void =>
    work.report("HMC8032", { path: resource[field] === undefined ? path : [...path, field], part: resource[field] === undefined ? "key" : "value" }, { template: template.name, problem, advice });
  if (!action.includes("{{") && action !== "" && !actions.includes(action)) return refuse("action", `has the action "${action}"`, `Write one of: ${actions.join(", ")}`);
  if (action === "get" || action === "delete") return;
  const hasText = filled(resource["manifest"]) !== undefined;
  const hasSource = isGiven(resource["manifestFrom"]);
  if (!hasText && !hasSource) return refuse("manifest", `has no manifest to ${action}`, `Add "manifest" or "manifestFrom"`);
  if (hasText && hasSource) return refuse("manifestFrom", `has both "manifest" and "manifestFrom"`, "Remove one of them");
  const artifact = filled(fieldsOf(fieldsOf(resource["manifestFrom"])["artifact"])["name"]);
  if (artifact !== undefined && !template.inputs.artifacts.some(({ name }) => name === artifact)) {
    refuse("manifestFrom", `takes its manifest from the artifact "${artifact}", which is none of its inputs`, "Declare it among the input artifacts");
  }
}

function checkContainerSet(work: Work, template: Template): void {
  const set = fieldsOf(template.fields["containerSet"]);
  const path = [...template.path, "containerSet"];
  const containers = namedOf(set["containers"], [...path, "containers"]);
  const refuse = (place: readonly (string | number)[], problem: string, advice: string): void => work.report("HMC8033", { path: place }, { template: template.name, problem, advice });
  const names = new Set(containers.map(({ name }) => name));
  if (containers.length === 0) return refuse(path, "has no containers", "Add at least one");
  const hasPorts = template.inputs.artifacts.length > 0 || template.outputs.parameters.length > 0 || template.outputs.artifacts.length > 0;
  if (hasPorts && !names.has("main")) refuse([...path, "containers"], `has inputs or outputs, but no container "main" that they belong to`, `Call one of the containers "main"`);
  const waits = new Map<string, string[]>();
  for (const container of containers) {
    const dependencies = itemsOf(container.fields["dependencies"]).flatMap((name) => textOf(name) ?? []);
    waits.set(container.name, dependencies);
    for (const [index, name] of dependencies.entries()) {
      if (!names.has(name)) refuse([...container.path, "dependencies", index], `has a container "${container.name}" that depends on "${name}", which does not exist`, "Name a container of this set");
    }
  }
  const cycle = cycleIn(waits);
  if (cycle !== undefined) refuse([...path, "containers"], `has containers that wait for each other: ${cycle.join(" → ")}`, "Remove one of the dependencies");
}

/** A cycle of a graph, as the names along it with the first one again at the end. */
export function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | undefined => {
    const start = trail.indexOf(name);
    if (start >= 0) return [...trail.slice(start), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next, [...trail, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
