/**
 * Joins objects as a strategic merge patch does: the fields of one win over those of another, and lists whose members have a
 * name are joined by it.
 */
import { isRecord } from "./read.ts";
import type { JsonObject, Parameter, Template, WorkflowSpec } from "./types.ts";

/** Lists of named members that are joined; other lists replace one another. `volumeMounts` are joined by their path. */
const JOINED: { readonly [field: string]: string } = {
  templates: "name",
  parameters: "name",
  artifacts: "name",
  volumes: "name",
  env: "name",
  initContainers: "name",
  sidecars: "name",
  imagePullSecrets: "name",
  hostAliases: "ip",
  volumeMounts: "mountPath",
  ports: "containerPort",
};

/** The object with the fields of another one that it does not have itself. */
export function join<T extends object>(object: T, defaults: object): T {
  const own = object as JsonObject;
  const result: JsonObject = {};
  const other = defaults as JsonObject;
  for (const field of new Set([...Object.keys(other), ...Object.keys(own)])) {
    const [mine, theirs] = [own[field], other[field]];
    const key = JOINED[field];
    if (mine === undefined) result[field] = theirs as JsonObject;
    else if (isRecord(mine) && isRecord(theirs)) result[field] = join(mine, theirs) as JsonObject;
    else if (key !== undefined && Array.isArray(mine) && Array.isArray(theirs)) result[field] = joinLists(mine as JsonObject[], theirs as JsonObject[], key);
    else result[field] = mine;
  }
  return result as T;
}

function joinLists(mine: JsonObject[], theirs: JsonObject[], key: string): JsonObject[] {
  const other = new Map(theirs.map((member) => [member[key], member]));
  const joined = mine.map((member) => {
    const found = other.get(member[key]);
    other.delete(member[key]);
    return found ? join(member, found) : member;
  });
  return [...joined, ...other.values()];
}

/** Fields of `templateDefaults` that are a kind of template, which only apply to templates of that kind. */
const KINDS = ["container", "containerSet", "steps", "script", "resource", "dag", "suspend", "data", "http", "plugin"] as const;

/** A template with the defaults of the workflow. */
export function withDefaults(template: Template, defaults: Template | undefined): Template {
  if (!defaults) return template;
  const applicable = { ...defaults };
  for (const kind of KINDS) if (template[kind] === undefined) delete applicable[kind];
  return join(template, applicable);
}

/** The specification of a workflow joined with that of the template that it references (`workflowTemplateRef`). */
export function joinSpecs(workflow: WorkflowSpec, template: WorkflowSpec): WorkflowSpec {
  const { hooks: own, ...rest } = workflow;
  const { hooks: other, suspend: _, ...base } = template;
  const joined: WorkflowSpec = join(rest, base);
  const hooks = { ...other, ...own };
  if (Object.keys(hooks).length > 0) joined.hooks = hooks;
  if (!joined.arguments.parameters) return joined;
  const given = [workflow, template].map(({ arguments: { parameters = [] } }) => new Map(parameters.filter(hasValue).map((parameter) => [parameter.name, parameter])));
  const parameters = joined.arguments.parameters.map((parameter) => (hasValue(parameter) ? (given[0]?.get(parameter.name) ?? given[1]?.get(parameter.name) ?? parameter) : parameter));
  return { ...joined, arguments: { ...joined.arguments, parameters } };
}

const hasValue = ({ value, default: byDefault, valueFrom }: Parameter): boolean => value !== undefined || byDefault !== undefined || valueFrom !== undefined;
