/** The templates of components: what their pods run, and where inputs and outputs lie (reference argo.md 3.3). */
import { bug } from "../../bug.ts";
import type { Argument, ArgumentPart, Component, ContainerComponent, Expression, OpComponent, RunTime, Task, TaskOptions } from "../../ir/types.ts";
import { printExpr } from "../../expressions/argo/expr-print.ts";
import { inlineCommand } from "../inline.ts";
import { report, type Leaf, type Repository } from "./build.ts";
import { binary, path } from "./expr-build.ts";
import { parameterName } from "./names.ts";
import { keyedLocation, withTemplateOptions } from "./artifact-settings.ts";
import { forKubelet } from "./literal-text.ts";
import { podSettings } from "./pod.ts";
import type { PodContext } from "./pod-context.ts";
import { absent, ABSENT, depthName, metaName } from "./region.ts";
import type { Reader } from "./scope.ts";
import { addSpecial, choices, specialOutput, specialSettings } from "./special-templates.ts";
import type { Artifact, Container, JsonObject, Parameter, Template } from "./spec.ts";
import { tagged } from "./tags.ts";
import { checkCommandText } from "./texts.ts";
import { constantText } from "./translate.ts";
import { contextValue } from "./values.ts";

/** What a task gives to its component. */
export interface LeafPlan {
  /** By input: never given, always, or as the run has it. */
  given: Map<string, "given" | "absent" | "unknown">;
  /** Lists of single artifacts: how many there are. */
  lists: Map<string, number>;
  /** Parameters that hold the keys of outputs which a loop collects. */
  keys: Map<string, string>;
  /** Makes an option that only the run knows an input of the template. */
  runTime(value: Expression): { parameter: string; optional: boolean };
}

const inputs = "/hmc/in";
const outputs = "/hmc/out";

/** The template that a task calls. Tasks that need the same one share it. */
export function leafOf(reader: Reader, node: Task, component: Exclude<Component, { kind: "importer" }>, options: TaskOptions, plan: LeafPlan): Leaf {
  const { build } = reader.scope;
  const template: Template = { name: "" };
  const parameters = inputParameters(component, plan);
  const artifacts = inputArtifacts(component, plan);
  const runTimes = new Map<RunTime, { parameter: string; optional: boolean }>();
  const declared = (value: RunTime): { parameter: string; optional: boolean } => {
    const known = runTimes.get(value) ?? plan.runTime(value.expression);
    if (!runTimes.has(value)) parameters.push({ name: known.parameter });
    runTimes.set(value, known);
    return known;
  };
  const context: PodContext = {
    componentId: component.id,
    span: node.span,
    text: (value) => `{{inputs.parameters.${declared(value).parameter}}}`,
    present: (value) => (declared(value).optional ? printExpr(binary("!=", path("inputs", "parameters", declared(value).parameter), absent)) : undefined),
    parameters: parameters.map(({ name }) => name),
    nameOf: parameterName,
    ...(component.kind === "container" ? { environment: component.env } : {}),
  };
  const special = component.kind === "container" ? component.template : undefined;
  const pod = podSettings(build, special === undefined ? options : { image: "", ...options }, context);
  const own = component.kind === "container" ? { ...component.options, ...node.options } : {};
  const { container: settings, ...rest } = special === undefined ? pod : { container: {}, ...specialSettings(build, special.kind, pod, options, own, context) };
  if (parameters.length > 0 || artifacts.length > 0) template.inputs = { ...(parameters.length === 0 ? {} : { parameters }), ...(artifacts.length === 0 ? {} : { artifacts }) };
  const container = { ...settings, image: settings.image ?? "" };
  if (special !== undefined && component.kind === "container") addSpecial(template, special, pod, (parts) => written(reader, component, parts));
  else if (component.kind === "op") template.script = { ...container, ...opCommand(reader, component, options), source: parameters.length === 0 ? "[]" : "{{inputs.parameters}}" };
  else runContainer(reader, node, component, container, plan, template);
  addOutputs(component, plan, template, build.repository);
  Object.assign(template, rest);
  addWorkDirectory(template);
  const finished = withTemplateOptions(build, template, options, context);
  const key = JSON.stringify([component.id, finished]);
  const known = build.leaves.get(key);
  if (known !== undefined) return known;
  const leaf: Leaf = { template: "", component: component.id, spec: finished };
  build.leaves.set(key, leaf);
  return leaf;
}

function inputParameters(component: Component, plan: LeafPlan): Parameter[] {
  const parameters: Parameter[] = [];
  for (const [name, input] of Object.entries(component.inputs)) {
    const own = parameterName(name);
    const isOp = component.kind === "op";
    if (input.type.kind === "artifact") {
      if (isOp) parameters.push({ name: metaName(own), ...(input.optional ? { default: ABSENT } : {}) });
      if (isOp && input.type.list) parameters.push({ name: depthName(own), default: "1" });
      continue;
    }
    const initial = input.default === undefined ? (input.optional ? ABSENT : undefined) : constantText(input.default);
    // A container that has no use for an input that is not given does not declare it.
    if (!isOp && plan.given.get(name) === "absent" && initial === ABSENT) continue;
    parameters.push({ name: own, ...(initial === undefined ? {} : { default: initial }), ...(component.kind === "container" ? choices(component, name) : {}) });
  }
  for (const parameter of plan.keys.values()) parameters.push({ name: parameter });
  return parameters;
}

function inputArtifacts(component: Component, plan: LeafPlan): Artifact[] {
  const artifacts: Artifact[] = [];
  for (const [name, input] of Object.entries(component.inputs)) {
    if (input.type.kind !== "artifact") continue;
    const own = parameterName(name);
    const fixed = component.kind === "container" ? component.files?.[name] : undefined;
    const count = plan.lists.get(name);
    if (count !== undefined) {
      for (let position = 0; position < count; position++) artifacts.push({ name: `${own}-${position}`, path: `${fixed ?? `${inputs}/${own}`}/${position}` });
      continue;
    }
    const isOptional = input.optional || input.type.list;
    artifacts.push({ name: own, path: fixed ?? `${inputs}/${own}`, ...(isOptional ? { optional: true } : {}) });
  }
  return artifacts;
}

function addOutputs(component: Exclude<Component, { kind: "importer" }>, plan: LeafPlan, template: Template, repository: Repository): void {
  const parameters: Parameter[] = [];
  const artifacts: Artifact[] = [];
  // The entrypoint makes folders; other programs find only the one that is there.
  const place = (kind: "param" | "artifact", name: string): string => (component.kind === "op" ? `${outputs}/${kind}s/${name}` : `/hmc/${kind}-${name}`);
  for (const [name, output] of Object.entries(component.outputs)) {
    const own = parameterName(name);
    const fixed = component.kind === "container" ? component.files?.[name] : undefined;
    if (output.type.kind !== "artifact") {
      if (component.kind === "container" && component.stdout === name) continue;
      const source = component.kind === "container" ? specialOutput(component, name) : undefined;
      if (source !== undefined) {
        parameters.push({ name: own, valueFrom: source });
        continue;
      }
      const initial = component.kind === "container" ? component.defaults?.[name] : undefined;
      parameters.push({ name: own, valueFrom: { path: fixed ?? place("param", own), ...(initial === undefined ? {} : { default: constantText(initial) }) } });
      continue;
    }
    const key = plan.keys.get(name);
    artifacts.push({ name: own, path: fixed ?? place("artifact", own), archive: { none: {} }, ...(key === undefined ? {} : keyedLocation(repository, `{{inputs.parameters.${key}}}`)) });
    if (component.kind === "op") parameters.push({ name: metaName(own), valueFrom: { path: `${outputs}/meta/${own}`, default: "{}" } });
  }
  if (parameters.length > 0 || artifacts.length > 0) template.outputs = { ...(parameters.length === 0 ? {} : { parameters }), ...(artifacts.length === 0 ? {} : { artifacts }) };
}

/** A place to which any user may write, where inputs or outputs lie in it (reference argo.md 2.11). */
function addWorkDirectory(template: Template): void {
  const runs: { volumeMounts?: JsonObject[] } | undefined = template.script ?? template.container ?? template.containerSet;
  if (runs === undefined) return;
  const paths = [...(template.inputs?.artifacts ?? []).map(({ path: place }) => place), ...(template.outputs?.artifacts ?? []).map(({ path: place }) => place), ...(template.outputs?.parameters ?? []).map(({ valueFrom }) => valueFrom?.path)];
  if (!paths.some((place) => place?.startsWith("/hmc/"))) return;
  runs.volumeMounts = [{ name: "hmc", mountPath: "/hmc" }, ...(runs.volumeMounts ?? [])];
  template.volumes = [{ name: "hmc", emptyDir: {} }, ...(template.volumes ?? [])];
}

function opCommand(reader: Reader, component: OpComponent, options: TaskOptions): { command: string[] } {
  const { entrypoint, inline } = reader.scope.build;
  return { command: [...(options.inline === true ? inlineCommand(inline, component.id) : entrypoint), "run", component.id, "--argo"] };
}

// ---------------------------------------------------------------------------------------------- containers

function runContainer(reader: Reader, node: Task, component: ContainerComponent, container: Container, plan: LeafPlan, template: Template): void {
  const variables = new Set((container.env ?? []).map(({ name }) => String(name)));
  const words = (list: readonly Argument[]): string[] => list.flatMap((argument) => wordsOf(argument, plan, (name) => report(reader.scope.build, "HMC4111", node.span, { input: name, container: component.name })).map((parts) => forKubelet(written(reader, component, parts), variables)));
  const command = words(component.command);
  const args = words(component.args);
  const runs: Container = { ...container, ...(command.length === 0 ? {} : { command }), ...(args.length === 0 ? {} : { args }) };
  if (component.script === undefined) template.container = runs;
  else template.script = { ...runs, source: written(reader, component, component.script) };
  if (command.length === 0) report(reader.scope.build, "HMC4112", component.span, { container: component.name });
}

/** The words of an argument, each in parts. */
function wordsOf(argument: Argument, plan: LeafPlan, unknown: (input: string) => void): ArgumentPart[][] {
  switch (argument.kind) {
    case "text":
      return [argument.parts];
    case "concat":
      return [argument.items.flatMap((item) => wordsOf(item, plan, unknown)).flat()];
    case "ifPresent": {
      const given = plan.given.get(argument.input);
      if (given === "unknown") unknown(argument.input);
      return (given === "absent" ? argument.otherwise : argument.then).flatMap((item) => wordsOf(item, plan, unknown));
    }
  }
}

function written(reader: Reader, component: ContainerComponent, parts: readonly ArgumentPart[]): string {
  const { build } = reader.scope;
  const refuse = (what: string): string => {
    report(build, "HMC4113", component.span, { what, container: component.name });
    return "";
  };
  return parts
    .map((part) => {
      if (typeof part === "string") {
        checkCommandText(build, part, component.name, component.span);
        return part;
      }
      switch (part.placeholder) {
        case "inputValue":
          return tagged(path("inputs", "parameters", parameterName(part.name)));
        case "inputPath":
          return isList(component, part.name) ? (component.files?.[part.name] ?? `${inputs}/${parameterName(part.name)}`) : `{{inputs.artifacts.${parameterName(part.name)}.path}}`;
        case "outputPath":
          return `{{outputs.artifacts.${parameterName(part.name)}.path}}`;
        case "outputFile":
          return `{{outputs.parameters.${parameterName(part.name)}.path}}`;
        case "argoVariable":
          return `{{${part.name}}}`;
        case "context":
          return part.name === "pipelineRoot" ? refuse("the pipeline root") : tagged(contextValue(reader, part.name));
        case "inputUri":
        case "outputUri":
          return refuse(`the URI of "${part.name}"`);
        case "inputMetadata":
        case "outputMetadata":
          return refuse(`the metadata of "${part.name}"`);
        case "inputArtifact":
          return refuse(`the artifact "${part.name}" as JSON`);
        case "executorInput":
          return refuse("KFP's executor input");
      }
    })
    .join("");
}

function isList(component: ContainerComponent, name: string): boolean {
  const type = component.inputs[name]?.type ?? bug(`no input "${name}"`);
  return type.kind === "artifact" && type.list;
}

