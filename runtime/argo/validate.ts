/**
 * The rules of the controller without which a run makes no sense: what a task waits for exists, and no tasks wait for one another.
 * The other rules of `argo lint` are those of `hmc check`.
 */
import { planOf } from "./dag-plan.ts";
import type { Call, Template, WorkflowSpec } from "./types.ts";

/** Why the controller refuses a specification: the text after `invalid spec: `, or undefined. */
export function invalidSpec(spec: WorkflowSpec): string | undefined {
  const names = new Set((spec.templates ?? []).map(({ name }) => name));
  if (spec.entrypoint === undefined) return "spec.entrypoint is required";
  if (!names.has(spec.entrypoint)) return `template name '${spec.entrypoint}' undefined`;
  if (spec.onExit !== undefined && !names.has(spec.onExit)) return `template name '${spec.onExit}' undefined`;
  for (const template of spec.templates ?? []) {
    const invalid = invalidTemplate(template, `templates.${template.name ?? ""}`);
    if (invalid !== undefined) return invalid;
  }
  return undefined;
}

function invalidTemplate({ dag, steps }: Template, path: string): string | undefined {
  for (const call of [...(dag?.tasks ?? []), ...(steps ?? []).flat()]) {
    const invalid = call.inline && invalidTemplate(call.inline, `${path}.${call.name}.inline`);
    if (invalid !== undefined) return invalid;
  }
  return dag && invalidDag(dag.tasks, path);
}

function invalidDag(tasks: readonly Call[], path: string): string | undefined {
  if (tasks.length === 0) return `${path} must have at least one task`;
  const names = new Set<string>();
  for (const { name } of tasks) {
    if (names.has(name)) return `${path} sorting failed: duplicated nodeName ${name}`;
    names.add(name);
  }
  const byDepends = tasks.some(({ depends, dependencies }) => depends !== undefined || dependencies !== undefined);
  const withDigit = byDepends ? tasks.find(({ name }) => /^\d/.test(name)) : undefined;
  if (withDigit) return `${path}.tasks.${withDigit.name} name cannot begin with a digit when using either 'depends' or 'dependencies'`;
  const { dependencies } = planOf({ tasks });
  for (const { names: needed } of dependencies.values()) {
    const unknown = needed.find((name) => !names.has(name));
    if (unknown !== undefined) return `${path} sorting failed: invalid dependency ${unknown}`;
  }
  return hasCycle(new Map([...dependencies].map(([name, { names: needed }]) => [name, needed]))) ? `${path} sorting failed: graph with cycle` : undefined;
}

function hasCycle(edges: ReadonlyMap<string, readonly string[]>): boolean {
  const waiting = new Map([...edges].map(([name, needed]) => [name, needed.length]));
  const dependents = new Map<string, string[]>();
  for (const [name, needed] of edges) for (const one of needed) dependents.set(one, [...(dependents.get(one) ?? []), name]);
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  let done = 0;
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    done++;
    for (const dependent of dependents.get(next) ?? []) {
      const count = (waiting.get(dependent) as number) - 1;
      waiting.set(dependent, count);
      if (count === 0) ready.push(dependent);
    }
  }
  return done < edges.size;
}
