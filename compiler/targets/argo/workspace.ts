/** The volume that tasks of a run share: which templates see it. */
import type { Template } from "./spec.ts";
import { workspaceVolume } from "./workflow-options.ts";

/**
 * The templates, with the workspace mounted where a pod is told its path: by its own text, or by an input. A claim that only one
 * node may write would keep all other pods on that node, so they do not get it.
 */
export function withWorkspace(templates: readonly Template[], path: string): Template[] {
  const tells = (text: string | undefined): boolean => text !== undefined && text.includes(path);
  const told = new Set<string>();
  const key = (template: string, parameter: string): string => `${template} ${parameter}`;
  const isTold = (template: Template, text: string): boolean => tells(text) || [...text.matchAll(/inputs\.parameters(?:\.([\w-]+)|\['([^']+)'\])/g)].some(([, plain, quoted]) => told.has(key(template.name, plain ?? quoted ?? "")));
  for (let before = -1; before !== told.size; ) {
    before = told.size;
    for (const template of templates) {
      for (const { name, default: initial } of template.inputs?.parameters ?? []) if (tells(initial)) told.add(key(template.name, name));
      for (const task of template.dag?.tasks ?? []) {
        const calls = [{ template: task.template, arguments: task.arguments }, ...Object.values(task.hooks ?? {})];
        for (const call of calls) for (const { name, value } of call.arguments?.parameters ?? []) if (value !== undefined && isTold(template, value)) told.add(key(call.template ?? "", name));
      }
    }
  }
  return templates.map((template) => {
    const kind = template.script !== undefined ? "script" : "container";
    const runs = template[kind];
    if (runs === undefined) return template;
    const isGiven = (template.inputs?.parameters ?? []).some(({ name }) => told.has(key(template.name, name)));
    if (!isGiven && !tells(JSON.stringify(runs))) return template;
    return { ...template, [kind]: { ...runs, volumeMounts: [...(runs.volumeMounts ?? []), { name: workspaceVolume, mountPath: path }] } };
  });
}
