/**
 * Templates that do not fit into one object: the API server takes 200 (reference argo.md 4.3). They move into WorkflowTemplates of
 * their own, which tasks reach by `templateRef`; a name in a library means a template of that library. First those of components
 * move, then DAGs whose callees have all moved, so that a library calls only itself and those before it.
 */
import { callGroups, calleesOf } from "./call-groups.ts";
import type { DagTask, LifecycleHook, Manifest, Template } from "./spec.ts";

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
    const parts = packed(movedGroups(templates, new Set([manifest.spec["entrypoint"], manifest.spec["onExit"]]), limit), limit);
    const home = new Map(parts.flatMap((part, index) => part.map(({ name }): [string, string] => [name, nameOf(index + 1)])));
    const labels = manifest.metadata.labels === undefined ? {} : { labels: manifest.metadata.labels };
    const libraries = parts.map((part, index): Manifest => {
      const name = nameOf(index + 1);
      return { apiVersion: "argoproj.io/v1alpha1", kind: "WorkflowTemplate", metadata: { name, ...labels }, spec: { templates: part.map((template) => referring(template, home, name)) } };
    });
    const kept = templates.filter(({ name }) => !home.has(name)).map((template) => referring(template, home, undefined));
    return [...libraries, { ...manifest, spec: { ...manifest.spec, templates: kept } }];
  });
}

/** Groups of templates that move together, callees first: as many as have to. */
function movedGroups(templates: readonly Template[], fixed: ReadonlySet<unknown>, limit: number): Template[][] {
  const excess = templates.length - limit;
  const leaves = templates.filter((template) => template.dag === undefined && !fixed.has(template.name));
  const groups = leaves.slice(-excess).map((leaf) => [leaf]);
  const moved = new Set(groups.flat().map(({ name }) => name));
  for (const group of callGroups(templates)) {
    if (moved.size >= excess) break;
    const own = new Set(group.map(({ name }) => name));
    if (group.length > limit || group.some((template) => fixed.has(template.name) || moved.has(template.name) || calleesOf(template).some((name) => !own.has(name) && !moved.has(name)))) continue;
    groups.push(group);
    for (const name of own) moved.add(name);
  }
  return groups;
}

/** Groups one after the other into as few lists of at most `limit` as their order allows. */
function packed(groups: readonly Template[][], limit: number): Template[][] {
  const parts: Template[][] = [];
  for (const group of groups) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + group.length <= limit) last.push(...group);
    else parts.push([...group]);
  }
  return parts;
}

/** A template with its calls as they are written in the object `here`: undefined is the one that is not a library. */
function referring(template: Template, home: ReadonlyMap<string, string>, here: string | undefined): Template {
  if (template.dag === undefined) return template;
  const tasks = template.dag.tasks.map((task): DagTask => {
    const hooks = task.hooks === undefined ? undefined : Object.fromEntries(Object.entries(task.hooks).map(([name, hook]) => [name, reference(hook, home, here)]));
    return { ...reference(task, home, here), ...(hooks === undefined ? {} : { hooks }) };
  });
  return { ...template, dag: { ...template.dag, tasks } };
}

/** The caller of a template, in the order of its fields. */
function reference<T extends DagTask | LifecycleHook>(caller: T, home: ReadonlyMap<string, string>, here: string | undefined): T {
  const { template } = caller;
  const library = template === undefined ? undefined : home.get(template);
  if (library === here || library === undefined) return caller;
  return Object.fromEntries(Object.entries(caller).map(([field, value]) => (field === "template" ? ["templateRef", { name: library, template }] : [field, value]))) as T;
}
