/** Turns a v1 component (`implementation: container:`) into the pipeline that KFP's SDK makes of it. */
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import type { Span } from "../../ir/types.ts";
import type { KfpFile } from "./file.ts";
import type { Reports } from "./reports.ts";
import type { Source } from "../../yaml/source.ts";
import type { ArtifactTypeSchema, ComponentInputsSpec, ComponentOutputsSpec, DagOutputsSpec, InputParameterSpec, ParameterTypeName, PipelineContainerSpec, TaskInputsSpec } from "./spec.ts";
import { v1Argument, type V1Names } from "./v1-placeholders.ts";
import { v1Default, v1Type } from "./v1-types.ts";
import { keyAt, member, memberText, rangeAt, type YamlMap, type YamlNode } from "../../yaml/tree.ts";

interface Work {
  source: Source;
  reports: Reports;
}

interface Port {
  /** As in the file. */
  name: string;
  /** As in KFP v2. */
  key: string;
  node: YamlMap;
  type: string | undefined;
  /** The name of a type with properties, `{ GCSPath: { … } }`. */
  structure: string | undefined;
}

/** Reads a v1 component as `kfp.components.load_component_from_text` does. */
export function readV1(source: Source, node: YamlMap, reports: Reports): KfpFile | undefined {
  const work: Work = { source, reports };
  checkMembers(work, node, "the component", { name: "text", description: "text", metadata: "any", inputs: "list", outputs: "list", implementation: "any", version: "text" });
  checkMetadata(work, member(node, "metadata"));
  const name = kubernetesName(memberText(node, "name") ?? "name");
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(name)) refuse(work, member(node, "name") ?? node, `of its name "${memberText(node, "name") ?? ""}" remains "${name}"`, "Give it a name of letters and digits, at most 128");
  const inputs = readPorts(work, node, "inputs");
  const outputs = readPorts(work, node, "outputs");
  const inputDefinitions = readInputs(work, inputs);
  const outputDefinitions = readOutputs(outputs);
  const containerNode = readImplementation(work, node);
  const names: V1Names = {
    inputs: new Map(inputs.map(({ name: port, key }) => [port, { key, isParameter: isIn(inputDefinitions.parameters, key) }])),
    outputs: new Map(outputs.map(({ name: port, key, type, structure }) => [port, { key, type: type ?? structure, isParameter: isIn(outputDefinitions.parameters, key) }])),
    refuse: (at, problem, advice) => refuse(work, at, problem, advice),
  };
  const container = containerNode === undefined ? undefined : readContainer(work, containerNode, names, outputs);
  if (container === undefined || reports.hasErrors()) return undefined;
  const component = { ...(inputs.length > 0 ? { inputDefinitions } : {}), ...(outputs.length > 0 ? { outputDefinitions } : {}) };
  const description = memberText(node, "description");
  return {
    kind: "component",
    ...(description === undefined ? {} : { description }),
    spec: {
      pipelineInfo: { name },
      schemaVersion: "2.1.0",
      deploymentSpec: { executors: { [`exec-${name}`]: { container } } },
      components: { [`comp-${name}`]: { executorLabel: `exec-${name}`, ...structuredClone(component) } },
      root: {
        ...component,
        dag: {
          ...(outputs.length > 0 ? { outputs: passedOutputs(name, outputDefinitions) } : {}),
          tasks: { [name]: { taskInfo: { name }, cachingOptions: { enableCache: true }, componentRef: { name: `comp-${name}` }, ...(inputs.length > 0 ? { inputs: passedInputs(inputDefinitions) } : {}) } },
        },
      },
    },
    locate: locator(source, node, inputs, outputs),
  };
}

function refuse({ source, reports }: Work, { start, end }: { start: number; end: number }, problem: string, advice: string): undefined {
  reports.add(diagnostic("HMC7025", source.span(start, end), { problem, advice }));
}

/** `Train a model` → `train-a-model`. */
function kubernetesName(name: string): string {
  return name.toLowerCase().replace(/[^-0-9a-z]+/g, "-").replace(/-+/g, "-").replace(/^-|-$/g, "");
}

/** `Learning rate` → `learning_rate`. */
function portKey(name: string): string {
  return name.toLowerCase().replace(/[^_0-9a-z]+/g, "_").replace(/^_+|_+$/g, "");
}

function isIn(record: object | undefined, key: string): boolean {
  return Object.hasOwn(record ?? {}, key);
}

function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === null;
}

type Shape = "text" | "bool" | "list" | "texts" | "any";

/** Reports members that a part of a v1 component does not have, or not in that form. Null is as good as missing. */
function checkMembers(work: Work, node: YamlMap, what: string, shapes: Readonly<Record<string, Shape>>): void {
  for (const [key, { key: range, value }] of node.entries) {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (shape === undefined) {
      const near = nearestName(key, Object.keys(shapes));
      refuse(work, range, `${what} has no member "${key}"`, near === undefined ? "Remove it" : `Write "${near}" if that is meant`);
      continue;
    }
    if (isNull(value) || shape === "any") continue;
    const isText = (item: YamlNode): boolean => item.kind === "scalar" && typeof item.value === "string";
    const fits = shape === "list" ? value.kind === "list" : shape === "texts" ? value.kind === "map" && [...value.entries.values()].every((entry) => isText(entry.value)) : value.kind === "scalar" && (shape === "text" ? isText(value) : typeof value.value === "boolean");
    const expected = { list: "a list", texts: "a map of texts", text: "text", bool: "true or false" }[shape];
    if (!fits) refuse(work, value, `"${key}" of ${what} is not ${expected}`, "Put quotes around text that looks like something else");
  }
}

function checkMetadata(work: Work, node: YamlNode | undefined): void {
  if (node === undefined || isNull(node)) return;
  if (node.kind !== "map") return refuse(work, node, `"metadata" is no map`, "Remove it");
  checkMembers(work, node, `"metadata"`, { annotations: "texts", labels: "texts" });
}

// ------------------------------------------------------------------------------------------------------ inputs and outputs

function readPorts(work: Work, component: YamlMap, side: "inputs" | "outputs"): Port[] {
  const list = member(component, side);
  const what = side === "inputs" ? "an input" : "an output";
  const seen = new Set<string>();
  return (list?.kind === "list" ? list.items : []).flatMap((node) => {
    if (node.kind !== "map") return refuse(work, node, `${what} is no map`, `Write "{ name: … }"`) ?? [];
    checkMembers(work, node, what, { name: "text", type: "any", description: "text", annotations: "any", ...(side === "inputs" ? { default: "any", optional: "bool" } : {}) });
    const name = memberText(node, "name");
    if (name === undefined) return refuse(work, node, `${what} has no name`, "Give it one") ?? [];
    if (seen.has(name)) refuse(work, node, `${what} is called "${name}" like one before it`, "Give it another name");
    seen.add(name);
    const key = portKey(name);
    if (!/^[a-z]/.test(key)) refuse(work, node, `${what} is called "${name}", which does not begin with a letter`, "Give it another name");
    const type = member(node, "type");
    const given = member(node, "default");
    if (given !== undefined && given.kind !== "scalar") refuse(work, given, `the default of "${name}" is no plain value`, "Write it as JSON text, in quotes");
    const isType = type === undefined || type.kind === "map" || (type.kind === "scalar" && (type.value === null || typeof type.value === "string"));
    if (!isType) refuse(work, type, `the type of "${name}" is neither a name nor a map`, `Write one such as "String"`);
    const structure = type?.kind === "map" ? [...type.entries.keys()][0] : undefined;
    return [{ name, key, node, type: memberText(node, "type"), structure }];
  });
}

function readInputs(work: Work, ports: readonly Port[]): ComponentInputsSpec {
  const declared = byKind(ports, true);
  const artifacts = declared.artifacts.map(([port, artifactType]) => [port.key, { artifactType, ...(isOptional(port) ? { isOptional: true } : {}) }] as const);
  const parameters = declared.parameters.map(([port, parameterType]) => [port.key, readParameter(work, port, parameterType)] as const);
  return { ...(artifacts.length > 0 ? { artifacts: Object.fromEntries(artifacts) } : {}), ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}) };
}

function readOutputs(ports: readonly Port[]): ComponentOutputsSpec {
  const declared = byKind(ports, false);
  const artifacts = declared.artifacts.map(([{ key }, artifactType]) => [key, { artifactType }] as const);
  const parameters = declared.parameters.map(([{ key }, parameterType]) => [key, { parameterType }] as const);
  return { ...(artifacts.length > 0 ? { artifacts: Object.fromEntries(artifacts) } : {}), ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}) };
}

/** Ports with their types in KFP v2. Of two with the same key there, the SDK takes the last. */
function byKind(ports: readonly Port[], areInputs: boolean): { parameters: [Port, ParameterTypeName][]; artifacts: [Port, ArtifactTypeSchema][] } {
  const last = new Map(ports.map((port) => [port.key, port] as const));
  const typed = [...last.values()].map((port) => [port, v1Type(port.type, areInputs)] as const);
  return {
    parameters: typed.flatMap(([port, type]) => (type.kind === "parameter" ? [[port, type.type] satisfies [Port, ParameterTypeName]] : [])),
    artifacts: typed.flatMap(([port, type]) => (type.kind === "artifact" ? [[port, type.type] satisfies [Port, ArtifactTypeSchema]] : [])),
  };
}

function defaultOf({ node }: Port): YamlNode | undefined {
  const given = member(node, "default");
  return given === undefined || isNull(given) ? undefined : given;
}

function isOptional(port: Port): boolean {
  const optional = member(port.node, "optional");
  return defaultOf(port) !== undefined || (optional?.kind === "scalar" && optional.value === true);
}

function readParameter(work: Work, port: Port, parameterType: ParameterTypeName): InputParameterSpec {
  const parameter: InputParameterSpec = { parameterType };
  if (parameterType === "TASK_FINAL_STATUS") return { ...parameter, isOptional: true };
  if (isOptional(port)) parameter.isOptional = true;
  const given = defaultOf(port);
  if (given === undefined) return parameter;
  const value = v1Default(port.type, given, work.source.text.slice(given.start, given.end).includes("."));
  if ("problem" in value) refuse(work, given, `the default of "${port.name}" ${value.problem}`, "Write one that its type has");
  else parameter.defaultValue = value.value;
  return parameter;
}

function passedInputs({ parameters, artifacts }: ComponentInputsSpec): TaskInputsSpec {
  return {
    ...(parameters === undefined ? {} : { parameters: Object.fromEntries(Object.keys(parameters).map((key) => [key, { componentInputParameter: key }])) }),
    ...(artifacts === undefined ? {} : { artifacts: Object.fromEntries(Object.keys(artifacts).map((key) => [key, { componentInputArtifact: key }])) }),
  };
}

function passedOutputs(task: string, { parameters, artifacts }: ComponentOutputsSpec): DagOutputsSpec {
  return {
    ...(parameters === undefined ? {} : { parameters: Object.fromEntries(Object.keys(parameters).map((key) => [key, { valueFromParameter: { producerSubtask: task, outputParameterKey: key } }])) }),
    ...(artifacts === undefined ? {} : { artifacts: Object.fromEntries(Object.keys(artifacts).map((key) => [key, { artifactSelectors: [{ producerSubtask: task, outputArtifactKey: key }] }])) }),
  };
}

// ------------------------------------------------------------------------------------------------------ the implementation

function readImplementation(work: Work, component: YamlMap): YamlMap | undefined {
  const implementation = member(component, "implementation");
  const container = member(implementation, "container");
  if (implementation?.kind === "map" && implementation.entries.has("graph")) return refuse(work, keyAt(component, ["implementation", "graph"]), "it is a graph, which KFP v2 has no reader for", "Write the graph as a pipeline, and import its components");
  if (container?.kind !== "map") return refuse(work, keyAt(component, ["implementation"]), "it has no container", `Write "implementation: { container: { image: … } }"`);
  if (implementation?.kind === "map") checkMembers(work, implementation, `"implementation"`, { container: "any" });
  checkMembers(work, container, "the container", { image: "text", command: "list", args: "list", env: "texts", fileOutputs: "texts" });
  if (memberText(container, "image") === undefined) refuse(work, keyAt(component, ["implementation", "container"]), "its container has no image", `Add "image"`);
  return container;
}

function readContainer(work: Work, node: YamlMap, names: V1Names, outputs: readonly Port[]): PipelineContainerSpec {
  const list = (key: "command" | "args"): string[] => {
    const items = member(node, key);
    return (items?.kind === "list" ? items.items : []).flatMap((item) => v1Argument(names, item) ?? []);
  };
  const command = list("command");
  const args = list("args");
  const env = member(node, "env");
  const variables = env?.kind === "map" ? [...env.entries.keys()].map((name) => ({ name, value: memberText(env, name) ?? "" })) : [];
  reportFileOutputs(work, node, outputs);
  return { image: memberText(node, "image") ?? "", ...(command.length > 0 ? { command } : {}), ...(args.length > 0 ? { args } : {}), ...(variables.length > 0 ? { env: variables } : {}) };
}

/** `fileOutputs` of v1 names fixed paths; KFP v2 reads the member, and does nothing with it. */
function reportFileOutputs(work: Work, container: YamlMap, outputs: readonly Port[]): void {
  const files = member(container, "fileOutputs");
  if (files?.kind !== "map") return;
  const { start, end } = keyAt(container, ["fileOutputs"]);
  work.reports.add(diagnostic("HMC7024", work.source.span(start, end), { field: "fileOutputs", reason: "KFP v2 takes outputs only from the paths that it gives" }));
  for (const [name, { key }] of files.entries) {
    if (!outputs.some((output) => output.name === name)) refuse(work, key, `"fileOutputs" names the output "${name}", which does not exist`, "Add it to the outputs of the component");
  }
}

/** Where the parts of the specification come from in the component's file. */
function locator(source: Source, component: YamlMap, inputs: readonly Port[], outputs: readonly Port[]): (path: readonly (string | number)[]) => Span {
  return (path) => {
    const [first, , , fourth] = path;
    const rest = first === "root" ? path.slice(1) : first === "components" ? path.slice(2) : [];
    const port = (rest[0] === "inputDefinitions" ? inputs : rest[0] === "outputDefinitions" ? outputs : []).find(({ key }) => key === rest[2]);
    const inContainer = first === "deploymentSpec" && fourth === "container" ? path.slice(4) : undefined;
    const { start, end } =
      port !== undefined ? rangeAt(port.node, rest[3] === "defaultValue" ? ["default"] : []) : inContainer !== undefined ? rangeAt(component, ["implementation", "container", ...inContainer]) : rangeAt(component, first === "pipelineInfo" ? ["name"] : []);
    return source.span(start, end);
  };
}
