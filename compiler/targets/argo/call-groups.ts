/** Which templates call which: groups of templates that call each other, callees before their callers. */
import type { Template } from "./spec.ts";

/** Names of the templates of the same object that a template calls, by tasks or hooks. */
export function calleesOf({ dag }: Template): string[] {
  return (dag?.tasks ?? []).flatMap(({ template, hooks = {} }) => [template, ...Object.values(hooks).map((hook) => hook.template)].filter((name) => name !== undefined));
}

/** Tarjan's strongly connected components: a group of several is a recursion. Callees come before their callers. */
export function callGroups(templates: readonly Template[]): Template[][] {
  const byName = new Map(templates.map((template) => [template.name, template]));
  const order = new Map<string, number>();
  const open: Template[] = [];
  const isOpen = new Set<string>();
  const groups: Template[][] = [];
  const visit = (template: Template): number => {
    const { name } = template;
    let low = order.size;
    const own = low;
    order.set(name, own);
    open.push(template);
    isOpen.add(name);
    for (const callee of calleesOf(template)) {
      const target = byName.get(callee);
      if (target === undefined) continue;
      if (!order.has(callee)) low = Math.min(low, visit(target));
      else if (isOpen.has(callee)) low = Math.min(low, order.get(callee) ?? low);
    }
    if (low === own) {
      const group = open.splice(open.indexOf(template));
      for (const member of group) isOpen.delete(member.name);
      groups.push(group);
    }
    return low;
  };
  for (const template of templates) if (!order.has(template.name)) visit(template);
  return groups;
}
