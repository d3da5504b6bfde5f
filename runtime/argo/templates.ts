/** Finds the templates that tasks, steps and hooks call. */
import { ControllerError } from "./errors.ts";
import { withDefaults } from "./merge.ts";
import type { Base, Holder, NodeStatus } from "./nodes.ts";
import type { RunState } from "./state.ts";
import type { Arguments, Call, Template } from "./types.ts";
import type { Variables } from "./variables.ts";

export interface Resolved {
  readonly template: Template;
  /** Where the names in the template are looked up. */
  readonly base: Base;
}

/** What is worked out once, and again only where what it is made of has changed. */
export interface Caches {
  /** The global variables that never change. */
  globals: Variables | undefined;
  /** The outputs of the workflow with which its specification was substituted. */
  specFor: string | undefined;
  /** Templates with their inputs, by the names of their nodes. */
  readonly processed: Map<string, Made<readonly [Template, Arguments], Template>>;
  /** Tasks with their references replaced, as the calls that they stand for, by the names of their nodes. */
  readonly calls: Map<string, Made<readonly [Call], Call[]>>;
  /** Names of nodes by the name of their DAG's and that of their task. */
  readonly nodeNames: Map<string, Map<string, string>>;
  /** Names of the nodes of tasks that ended, with their hooks, and for which nothing is left to do. */
  readonly settled: Set<string>;
  /** Tasks for which something is left to do, by the name of their DAG's node. */
  readonly open: Map<string, Call[]>;
  readonly resolved: Map<string, Resolved>;
  readonly inline: WeakMap<Template, Template>;
  /** JSON of templates that read a result, empty text of those that read none. */
  readonly texts: WeakMap<Template, string>;
}

/** Something made of other things, and of the global variables that a key stands for. */
interface Made<From extends readonly object[], T> {
  readonly from: From;
  readonly globalsKey: string;
  readonly made: T;
}

/** What is made of other things: made anew only where one of them is another than before, or the global variables are. */
export function made<From extends readonly object[], T>(state: RunState, cache: Map<string, Made<From, T>>, name: string, from: From, make: () => T): T {
  const known = cache.get(name);
  if (known && known.globalsKey === state.globalsKey && known.from.every((one, index) => one === from[index])) return known.made;
  const result = make();
  cache.set(name, { from, globalsKey: state.globalsKey, made: result });
  return result;
}

export function newCaches(): Caches {
  return { globals: undefined, specFor: undefined, processed: new Map(), calls: new Map(), nodeNames: new Map(), settled: new Set(), open: new Map(), resolved: new Map(), inline: new WeakMap(), texts: new WeakMap() };
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
