/**
 * Templates that do not fit into one object: the API server takes 200 (reference argo.md 4.3). Those of components move into
 * WorkflowTemplates of their own, which tasks reach by `templateRef`. They read nothing but their inputs, so they mean the same there.
 */
import type { DagTask, LifecycleHook, Manifest, Template } from "./spec.ts";

/** Whether a template of another object may stand in a library: it calls none, and it is found by a reference. */
function isMovable(template: Template, kept: ReadonlySet<unknown>): boolean {
  return template.dag === undefined && !kept.has(template.name) && !JSON.stringify(template).includes("workflow.parameters");
}

/**
 * The objects, with libraries before the one that uses them. Where not enough templates can move, the object stays too large.
 *
 * @param limit the most templates of an object
 * @param nameOf the name of the library with this number, counted from 1
 */
export function withLibraries(manifests: readonly Manifest[], limit: number, nameOf: (number: number) => string): Manifest[] {
  return manifests.flatMap((manifest) => {
    const templates = (manifest.spec["templates"] as Template[] | undefined) ?? [];
    if (templates.length <= limit) return [manifest];
    const movable = templates.filter((template) => isMovable(template, new Set([manifest.spec["entrypoint"], manifest.spec["onExit"]])));
    const moved = movable.slice(-(templates.length - limit));
    const home = new Map<string, string>();
    const libraries: Manifest[] = [];
    for (let first = 0; first < moved.length; first += limit) {
      const name = nameOf(libraries.length + 1);
      const part = moved.slice(first, first + limit);
      for (const template of part) home.set(template.name, name);
      libraries.push({ apiVersion: "argoproj.io/v1alpha1", kind: "WorkflowTemplate", metadata: { name, ...(manifest.metadata.labels === undefined ? {} : { labels: manifest.metadata.labels }) }, spec: { templates: part } });
    }
    const kept = templates.filter((template) => !home.has(template.name)).map((template) => (template.dag === undefined ? template : { ...template, dag: { ...template.dag, tasks: template.dag.tasks.map((task) => referring(task, home)) } }));
    return [...libraries, { ...manifest, spec: { ...manifest.spec, templates: kept } }];
  });
}

function referring(task: DagTask, home: ReadonlyMap<string, string>): DagTask {
  const hooks = task.hooks === undefined ? undefined : Object.fromEntries(Object.entries(task.hooks).map(([name, hook]) => [name, reference(hook, home)]));
  return { ...reference(task, home), ...(hooks === undefined ? {} : { hooks }) };
}

/** The caller of a template, in the order of its fields. */
function reference<T extends DagTask | LifecycleHook>(caller: T, home: ReadonlyMap<string, string>): T {
  const { template } = caller;
  const library = template === undefined ? undefined : home.get(template);
  if (library === undefined) return caller;
  return Object.fromEntries(Object.entries(caller).map(([field, value]) => (field === "template" ? ["templateRef", { name: library, template }] : [field, value]))) as T;
}
