/** Regions as DAG templates: what was drafted, in Argo's words. */
import { printExpr } from "../../expressions/argo/expr-print.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Build } from "./build.ts";
import { allOf, call, keysOf, ofTask, text } from "./expr-build.ts";
import { nameTemplates } from "./name-templates.ts";
import { ABSENT, type ArtifactArgument, type LocationDraft, type OutputDraft, type Region, type Requirement, type TaskDraft } from "./region.ts";
import { replaced } from "./rewrite.ts";
import { retryStrategy } from "./retry.ts";
import type { Arguments, Artifact, DagTask, Parameter, Template } from "./spec.ts";
import { condition, simpleTag, tagged } from "./tags.ts";

/** Every template: the entry pipeline's first, regions before what runs in their pods. */
export function templatesOf(build: Build): Template[] {
  const nothing = nameTemplates(build);
  const dags = build.regions.map((region) => dagTemplate(build, region, nothing));
  const leaves = [...build.leaves.values()].map(({ template, spec }): Template => ({ ...spec, name: template }));
  return [...dags, ...leaves, ...(nothing === undefined ? [] : [{ name: nothing, suspend: { duration: "0" } }])];
}

function dagTemplate(build: Build, region: Region, nothing: string | undefined): Template {
  const tasks = [...region.tasks.values()].map(dagTask);
  // A DAG without tasks is refused; this one never runs.
  if (tasks.length === 0 && nothing !== undefined) tasks.push({ name: nothing, template: nothing, when: "false" });
  const inputs = inputsOf(region);
  const outputs = outputsOf(region);
  const retry = region.retry === undefined ? undefined : retryStrategy(build, { retry: region.retry }, { componentId: region.wanted, span: region.span, text: () => "", parameters: [] });
  return {
    name: region.template,
    ...(region.parallelism === undefined ? {} : { parallelism: region.parallelism }),
    ...(region.stopsAtFailure === true ? { failFast: true } : {}),
    ...(retry === undefined ? {} : { retryStrategy: retry }),
    ...(inputs === undefined ? {} : { inputs }),
    dag: { ...(region.failFast ? {} : { failFast: false }), tasks },
    ...(outputs === undefined ? {} : { outputs }),
  };
}

function inputsOf(region: Region): Arguments | undefined {
  const parameters = [...region.parameters].map(([name, input]): Parameter => ({ name, ...(input.value === undefined ? {} : { value: tagged(input.value) }), ...(input.default === undefined ? {} : { default: input.default }) }));
  const artifacts = [...region.artifacts].map(([name, input]): Artifact => ({ name, ...(input.optional ? { optional: true } : {}), ...(input.location === undefined ? {} : locationOf(input.location)) }));
  return argumentsOf(parameters, artifacts);
}

function argumentsOf(parameters: Parameter[], artifacts: Artifact[]): Arguments | undefined {
  if (parameters.length === 0 && artifacts.length === 0) return undefined;
  return { ...(parameters.length === 0 ? {} : { parameters }), ...(artifacts.length === 0 ? {} : { artifacts }) };
}

function locationOf({ kind, fields, archive }: LocationDraft): Partial<Artifact> {
  return { [kind]: Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, typeof value === "boolean" ? value : tagged(value)])), ...(archive === undefined ? {} : { archive }) };
}

function outputsOf(region: Region): Arguments | undefined {
  const parameters: Parameter[] = [];
  const artifacts: Artifact[] = [];
  for (const [name, output] of region.outputs) {
    if (output.kind === "parameter") parameters.push(parameterOutput(name, output));
    else artifacts.push(artifactOutput(name, output));
  }
  return argumentsOf(parameters, artifacts);
}

function parameterOutput(name: string, output: Extract<OutputDraft, { kind: "parameter" }>): Parameter {
  const tag = taskTag(output.value);
  return { name, valueFrom: { ...(tag === undefined ? { expression: printExpr(output.value) } : { parameter: tag }), default: output.default } };
}

function artifactOutput(name: string, output: Extract<OutputDraft, { kind: "artifact" }>): Artifact {
  const tag = taskTag(output.from);
  return { name, ...(output.optional ? { optional: true } : {}), ...(tag === undefined ? { fromExpression: printExpr(output.from) } : { from: tag }) };
}

/** The tag of one output of a task. Its status can only be read in an expression. */
function taskTag(value: ExprNode): string | undefined {
  const keys = keysOf(value);
  return keys?.[0] === "tasks" && keys[2] === "outputs" ? `{{${simpleTag(value) ?? ""}}}` : undefined;
}

// ---------------------------------------------------------------------------------------------- tasks

function dagTask(task: TaskDraft): DagTask {
  const given = argumentsOf(
    [...task.parameters].map(([name, value]) => ({ name, value: tagged(task.ignoresFailure ? lenient(value) : value) })),
    [...task.artifacts].map(([name, argument]) => artifactArgument(name, argument)),
  );
  const depends = dependsOf(task.requirements);
  return {
    name: task.name,
    template: templateOf(task),
    ...(depends === "" ? {} : { depends }),
    ...(task.when.length === 0 ? {} : { when: condition(allOf(task.when)) }),
    ...repetitionOf(task),
    ...(given === undefined ? {} : { arguments: given }),
    ...(task.exit === undefined ? {} : { hooks: { exit: exitHook(task.exit) } }),
  };
}

/**
 * The outputs of a task that may have failed. The controller waits for outputs that an expression names, whether it comes to read
 * them or not, so they are looked up instead.
 */
function lenient(value: ExprNode): ExprNode {
  return replaced(value, (node) => {
    const keys = node.kind === "conditional" && node.alternate.kind === "string" && node.alternate.value === ABSENT ? keysOf(node.consequent) : undefined;
    const [first, task, ...rest] = keys ?? [];
    if (node.kind !== "conditional" || first !== "tasks" || task === undefined || rest[0] !== "outputs") return undefined;
    return { ...node, consequent: rest.reduce((object, key) => call("get", object, text(key)), ofTask(task)) };
  });
}

function templateOf({ calls }: TaskDraft): string {
  return calls.template;
}

function exitHook(exit: TaskDraft): { template: string; arguments?: Arguments } {
  const { name, depends, ...rest } = dagTask(exit);
  return { template: rest.template ?? "", ...(rest.arguments === undefined ? {} : { arguments: rest.arguments }) };
}

function artifactArgument(name: string, argument: ArtifactArgument): Artifact {
  const place: Partial<Artifact> = "from" in argument ? { from: tagged(argument.from) } : locationOf(argument.location);
  return { name, ...(argument.optional ? { optional: true } : {}), ...place };
}

function repetitionOf({ repetition }: TaskDraft): Partial<DagTask> {
  if (repetition === undefined) return {};
  if (repetition.kind === "items") return { withItems: repetition.items };
  const { count } = repetition;
  return { withSequence: { count: count.kind === "int" ? String(count.value) : tagged(count) } };
}

/** Always with the results that are meant: a bare name would also let a skipped task pass (reference argo.md 2.0, rule 3). */
function dependsOf(requirements: readonly Requirement[]): string {
  const needed = requirements.filter((requirement) => !requirements.some((other) => other !== requirement && isStricter(other, requirement)));
  const clauses = needed.map(({ alternatives }) => alternatives.flatMap(({ task, results }) => results.map((result) => `${task.name}.${result}`)));
  return clauses.map((clause) => (clause.length > 1 && clauses.length > 1 ? `(${clause.join(" || ")})` : clause.join(" || "))).join(" && ");
}

/** Whether one requirement holds only where the other does. */
function isStricter(one: Requirement, other: Requirement): boolean {
  const size = ({ alternatives }: Requirement): number => alternatives.reduce((sum, { results }) => sum + results.length, 0);
  return size(one) < size(other) && one.alternatives.every(({ task, results }) => other.alternatives.some((alternative) => alternative.task === task && results.every((result) => alternative.results.includes(result))));
}
