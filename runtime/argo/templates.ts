/** Finds the templates that tasks, steps and hooks call. */
import { ControllerError } from "./errors.ts";
import { withDefaults } from "./merge.ts";
import type { Base, Holder, NodeStatus } from "./nodes.ts";
import type { RunState } from "./state.ts";
import type { Template } from "./types.ts";

export interface Resolved {
  readonly template: Template;
  /** Where the names in the template are looked up. */
  readonly base: Base;
}

/** What is worked out once: templates by who calls them, and what is made of templates and calls. */
export interface Caches {
  readonly resolved: Map<string, Resolved>;
  readonly inline: WeakMap<Template, Template>;
  /** JSON of templates that read a result, empty text of those that read none. */
  readonly texts: WeakMap<Template, string>;
}

export function newCaches(): Caches {
  return { resolved: new Map(), inline: new WeakMap(), texts: new WeakMap() };
}

/** The kinds of templates, in the order in which the controller looks for them. */
const KINDS = ["container", "containerSet", "steps", "dag", "script", "resource", "data", "suspend", "http", "plugin"] as const;
export type TemplateKind = (typeof KINDS)[number];

export function kindOf(template: Template): TemplateKind | undefined {
  return KINDS.find((kind) => template[kind] !== undefined);
}

/** Whether a template runs as a pod. */
export function isPod(template: Template): boolean {
  const kind = kindOf(template);
  return kind === "container" || kind === "containerSet" || kind === "script" || kind === "resource" || kind === "data";
}

/**
 * The template that a call names, with the defaults of the workflow.
 *
 * @throws ControllerError where there is none, or one without a kind
 */
export function resolveTemplate(state: RunState, holder: Holder, base: Base): Resolved {
  const { inline, templateRef, template: name } = holder;
  if (inline) {
    let merged = state.caches.inline.get(inline);
    if (!merged) state.caches.inline.set(inline, (merged = withDefaults(inline, state.spec.templateDefaults)));
    return { template: checked(merged), base };
  }
  const key = JSON.stringify(templateRef ? [templateRef.clusterScope ?? false, templateRef.name, templateRef.template] : [base.kind, base.name, name]);
  const known = state.caches.resolved.get(key);
  if (known) return known;
  const resolved = templateRef ? referenced(state, templateRef) : named(state, name ?? "", base);
  const result = { template: checked(withDefaults(resolved.template, state.spec.templateDefaults)), base: resolved.base };
  state.caches.resolved.set(key, result);
  return result;
}

function named(state: RunState, name: string, base: Base): Resolved {
  if (name === "") throw new ControllerError("failed to get a template");
  const templates = base.kind === "Workflow" ? state.joined.templates : state.library.get(`${base.kind}/${base.name}`)?.spec.templates;
  const template = templates?.find((one) => one.name === name);
  if (!template) throw new ControllerError(`template ${name} not found`);
  return { template, base };
}

function referenced(state: RunState, { name = "", template: wanted = "", clusterScope }: NonNullable<Holder["templateRef"]>): Resolved {
  const kind = clusterScope ? "ClusterWorkflowTemplate" : "WorkflowTemplate";
  const resource = state.library.get(`${kind}/${name}`);
  if (!resource) throw new ControllerError(`workflow template ${name} not found`);
  const template = resource.spec.templates?.find((one) => one.name === wanted);
  if (!template) throw new ControllerError(`template ${wanted} not found in workflow template ${name}`);
  return { template, base: { kind, name } };
}

function checked(template: Template): Template {
  if (kindOf(template) === undefined) throw new ControllerError(`template '${template.name ?? ""}' type is unknown`);
  return template;
}

/**
 * The template of the node around a node, or undefined for that of an inline template.
 *
 * @throws ControllerError where it cannot be found; before 3.7.14 also for an inline one
 */
export function templateOfBoundary(state: RunState, boundary: string): Template | undefined {
  const node = state.nodes.get(boundary) as NodeStatus;
  if (node.templateName === "" && node.templateRef === undefined && state.behaviour.nestedInline) return undefined;
  return resolveTemplate(state, { template: node.templateName, ...(node.templateRef && { templateRef: node.templateRef }), as: "step" }, node.base as Base).template;
}
