/** KFP files by hand, in a few lines: components are written where a task runs them. */
import type { Json } from "../../compiler/ir/types.ts";

/** A source of an input, in KFP's own form. */
export type Source = Record<string, Json>;

export interface ComponentNote {
  /** `rows: int, note: string? = "x", data: Dataset -> model: Model, auc: number`. */
  interface: string;
  /** Of a container; left out, it is a tool of the task's name. */
  container?: Record<string, Json>;
  importer?: Record<string, Json>;
  /** Of a graph. */
  tasks?: Record<string, TaskNote>;
  /** Of a graph: `task.output` for one task, a list for one of several. */
  outputs?: Record<string, string | string[]>;
  kubernetes?: Record<string, Json>;
  passthroughs?: Json[];
  /** Merged into the component. */
  more?: Record<string, Json>;
}

export interface TaskNote {
  component: ComponentNote;
  /** By input: a source, or a constant. */
  given: Record<string, Source | Constant>;
  after?: string[];
  condition?: string;
  strategy?: string;
  /** Merged into the task. */
  more?: Record<string, Json>;
}

interface Constant {
  constant: Json;
}

export function constant(value: Json): Constant {
  return { constant: value };
}

/** An input of the graph around the task. */
export function input(name: string, selector?: string): Source {
  return { input: name, ...selectorOf(selector) };
}

/** An output of a task of the same graph. */
export function output(task: string, name: string, selector?: string): Source {
  return { task, output: name, ...selectorOf(selector) };
}

/** The final status of a task of the same graph. */
export function status(task: string): Source {
  return { taskFinalStatus: { producerTask: task } };
}

function selectorOf(selector: string | undefined): Source {
  return selector === undefined ? {} : { parameterExpressionSelector: selector };
}

type More = Omit<TaskNote, "component" | "given"> & Omit<ComponentNote, "interface" | "tasks">;

/** A task that runs a container. */
export function run(form: string, given: TaskNote["given"] = {}, more: More = {}): TaskNote {
  return split({ interface: form }, given, { ...more, more: { cachingOptions: { enableCache: true }, ...more.more } });
}

/** A task that is a group: without options for caching. */
export function group(form: string, given: TaskNote["given"], tasks: Record<string, TaskNote>, more: More = {}): TaskNote {
  return split({ interface: form, tasks }, given, more);
}

/** A task that calls a pipeline. */
export function call(component: ComponentNote, given: TaskNote["given"] = {}, more: Omit<More, keyof ComponentNote> = {}): TaskNote {
  return { component, given, ...more, more: { cachingOptions: { enableCache: true }, ...more } };
}

function split(component: ComponentNote, given: TaskNote["given"], { container, importer, outputs, kubernetes, passthroughs, ...task }: More): TaskNote {
  const parts = { container, importer, outputs, kubernetes, passthroughs };
  const present = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  return { component: { ...component, ...present }, given, ...task };
}

/** `int(inputs.parameter_values['pipelinechannel--x'])`, as the SDK writes an operand. */
export function operand(name: string, cast = ""): string {
  const value = `inputs.parameter_values['${name}']`;
  return cast === "" ? value : `${cast}(${value})`;
}

/** The iterator of a loop: over a list that stands in the file, or over an input. */
export function over(items: Json[] | string, item: string, parallelism?: number): Record<string, Json> {
  const iterator = { parameterIterator: { items: typeof items === "string" ? { inputParameter: items } : { raw: JSON.stringify(items) }, itemInput: item } };
  return { ...iterator, ...(parallelism === undefined ? {} : { iteratorPolicy: { parallelismLimit: parallelism } }) };
}

// ---------------------------------------------------------------------------------------------- the file

interface Spec {
  components: Record<string, Json>;
  executors: Record<string, Json>;
  kubernetes: Record<string, Json>;
  names: Map<ComponentNote, string>;
}

export interface FileNote {
  name?: string;
  interface?: string;
  tasks?: Record<string, TaskNote>;
  outputs?: ComponentNote["outputs"];
  pipelineConfig?: Record<string, Json>;
  info?: Record<string, Json>;
  /** Merged into the whole. */
  more?: Record<string, Json>;
}

/** The text of a file with one pipeline. A component that two tasks share is written once. */
export function pipelineFile({ name = "main", interface: form = "", tasks = {}, outputs, pipelineConfig, info = {}, more = {} }: FileNote): string {
  const spec: Spec = { components: {}, executors: {}, kubernetes: {}, names: new Map() };
  const root = graphOf(spec, { interface: form, tasks, ...(outputs === undefined ? {} : { outputs }) });
  const document = {
    pipelineInfo: { name, ...info },
    root,
    components: spec.components,
    deploymentSpec: { executors: spec.executors },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.17.0",
    ...more,
  };
  const hasPlatform = Object.keys(spec.kubernetes).length > 0 || pipelineConfig !== undefined;
  const platform = { platforms: { kubernetes: { ...(Object.keys(spec.kubernetes).length > 0 ? { deploymentSpec: { executors: spec.kubernetes } } : {}), ...(pipelineConfig === undefined ? {} : { pipelineConfig }) } } };
  return [document, ...(hasPlatform ? [platform] : [])].map((part) => `${JSON.stringify(part, undefined, 2)}\n`).join("---\n");
}

/** The text of a file whose root is a container. */
export function componentFile(note: ComponentNote, name = "tool"): string {
  const executor = note.importer === undefined ? { container: containerOf(note, name) } : { importer: note.importer };
  return `${JSON.stringify({
    pipelineInfo: { name }, root: { executorLabel: "exec-tool", ...definitions(note.interface), ...note.more }, deploymentSpec: { executors: { "exec-tool": executor } }, schemaVersion: "2.1.0",
  }, undefined, 2)}\n`;
}

function containerOf(note: ComponentNote, key: string): Record<string, Json> {
  const { inputs, outputs } = interfaceOf(note.interface);
  const args = [...inputs.flatMap((port) => argumentOf(port, false)), ...outputs.flatMap((port) => argumentOf(port, true))];
  return { image: "example.com/tool:1.0", command: [key.replace(/-\d+$/, "")], ...(args.length === 0 ? {} : { args }), ...note.container };
}

function argumentOf({ name, isArtifact, list }: Port, isOutput: boolean): string[] {
  if (list && isArtifact) return [];
  const side = `{{$.${isOutput ? "outputs" : "inputs"}.${isArtifact ? "artifacts" : "parameters"}['${name}']`;
  return [isArtifact ? `${side}.path}}` : isOutput ? `${side}.output_file}}` : `${side}}}`];
}

function add(spec: Spec, note: ComponentNote, key: string): string {
  const known = spec.names.get(note);
  if (known !== undefined) return known;
  let name = `comp-${key}`;
  for (let count = 2; spec.components[name] !== undefined; count++) name = `comp-${key}-${count}`;
  spec.names.set(note, name);
  if (note.tasks !== undefined) {
    spec.components[name] = {};
    spec.components[name] = graphOf(spec, note);
    return name;
  }
  const label = name.replace(/^comp-/, "exec-");
  const passthroughs = note.passthroughs === undefined ? {} : { taskConfigPassthroughs: note.passthroughs };
  spec.components[name] = { executorLabel: label, ...definitions(note.interface), ...passthroughs, ...note.more };
  spec.executors[label] = note.importer === undefined ? { container: containerOf(note, key) } : { importer: note.importer };
  if (note.kubernetes !== undefined) spec.kubernetes[label] = note.kubernetes;
  return name;
}

function graphOf(spec: Spec, note: ComponentNote): Record<string, Json> {
  const interfaces = interfaceOf(note.interface);
  const selected = Object.entries(note.outputs ?? {}).map(([name, from]) => [name, outputOf(interfaces.outputs, name, from)] as const);
  const side = (isArtifact: boolean): Record<string, Json> => Object.fromEntries(selected.filter(([name]) => interfaces.outputs.find((port) => port.name === name)?.isArtifact === isArtifact));
  const outputs = { ...nonEmpty("parameters", side(false)), ...nonEmpty("artifacts", side(true)) };
  const tasks = Object.entries(note.tasks ?? {}).map(([key, task]) => [key, taskOf(spec, key, task)] as const);
  return { ...definitions(note.interface), dag: { tasks: Object.fromEntries(tasks), ...nonEmpty("outputs", outputs) }, ...note.more };
}

function taskOf(spec: Spec, key: string, { component, given, after, condition, strategy, more }: TaskNote): Json {
  const { inputs } = interfaceOf(component.interface);
  const isArtifact = (name: string): boolean => inputs.find((port) => port.name === name)?.isArtifact === true;
  const sources = Object.entries(given).map(([name, source]) => [name, sourceOf(source, isArtifact(name))] as const);
  const side = (artifacts: boolean): Record<string, Json> => Object.fromEntries(sources.filter(([name]) => isArtifact(name) === artifacts));
  const trigger = { ...(condition === undefined ? {} : { condition }), ...(strategy === undefined ? {} : { strategy }) };
  return {
    taskInfo: { name: key },
    componentRef: { name: add(spec, component, key) },
    ...nonEmpty("inputs", { ...nonEmpty("parameters", side(false)), ...nonEmpty("artifacts", side(true)) }),
    ...(after === undefined ? {} : { dependentTasks: after }),
    ...nonEmpty("triggerPolicy", trigger),
    ...more,
  };
}

function sourceOf(source: Source | Constant, isArtifact: boolean): Json {
  const { constant: value, input: outer, task, output: key, ...more } = source as Record<string, Json>;
  const kind = isArtifact ? "Artifact" : "Parameter";
  if (value !== undefined) return { runtimeValue: { constant: value }, ...more };
  if (outer !== undefined) return { [`componentInput${kind}`]: outer, ...more };
  if (task !== undefined) return { [`taskOutput${kind}`]: { producerTask: task, [`output${kind}Key`]: key ?? "" }, ...more };
  return more;
}

function outputOf(ports: Port[], name: string, from: string | string[]): Json {
  const isArtifact = ports.find((port) => port.name === name)?.isArtifact === true;
  const selectors = [from].flat().map((text): Json => {
    const [task = "", key = ""] = text.split(".");
    return { producerSubtask: task, [isArtifact ? "outputArtifactKey" : "outputParameterKey"]: key };
  });
  if (isArtifact) return { artifactSelectors: selectors };
  return typeof from === "string" ? { valueFromParameter: selectors[0] ?? {} } : { valueFromOneof: { parameterSelectors: selectors } };
}

function nonEmpty(name: string, value: Record<string, Json>): Record<string, Json> {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

// ---------------------------------------------------------------------------------------------- interfaces

interface Port {
  name: string;
  isArtifact: boolean;
  list: boolean;
  spec: Json;
}

const parameterTypes: Record<string, string> = {
  int: "NUMBER_INTEGER", number: "NUMBER_DOUBLE", string: "STRING", bool: "BOOLEAN", list: "LIST", struct: "STRUCT", status: "TASK_FINAL_STATUS", taskConfig: "TASK_CONFIG",
};

function interfaceOf(text: string): { inputs: Port[]; outputs: Port[] } {
  const [inputs = "", outputs = ""] = text.split("->");
  return { inputs: portsOf(inputs), outputs: portsOf(outputs) };
}

function portsOf(text: string): Port[] {
  return text.split(/,(?![^[{]*[\]}])/).flatMap((part): Port[] => {
    const match = /^\s*(\S+): (\w+)(\[\])?(\?)?(?: = (.*?))?\s*$/.exec(part);
    if (match === null) return [];
    const [, name = "", type = "", list, optional, value] = match;
    const parameterType = parameterTypes[type];
    const isOptional = optional === undefined ? {} : { isOptional: true };
    if (parameterType === undefined) {
      return [{ name, isArtifact: true, list: list !== undefined, spec: { artifactType: { schemaTitle: `system.${type}`, schemaVersion: "0.0.1" }, ...(list === undefined ? {} : { isArtifactList: true }), ...isOptional } }];
    }
    return [{ name, isArtifact: false, list: false, spec: { parameterType, ...isOptional, ...(value === undefined ? {} : { defaultValue: JSON.parse(value) as Json }) } }];
  });
}

function definitions(text: string): Record<string, Json> {
  const { inputs, outputs } = interfaceOf(text);
  const side = (ports: Port[], isArtifact: boolean): Record<string, Json> => Object.fromEntries(ports.filter((port) => port.isArtifact === isArtifact).map(({ name, spec }) => [name, spec]));
  return {
    ...nonEmpty("inputDefinitions", { ...nonEmpty("parameters", side(inputs, false)), ...nonEmpty("artifacts", side(inputs, true)) }),
    ...nonEmpty("outputDefinitions", { ...nonEmpty("parameters", side(outputs, false)), ...nonEmpty("artifacts", side(outputs, true)) }),
  };
}
