/** Whether everything that a specification names is there, and everything that KFP needs is given. */
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import type { Span } from "../../ir/types.ts";
import { findCycles } from "./cycles.ts";
import type { PlatformSpec } from "./platform-spec.ts";
import { upstreamOf } from "./producers.ts";
import type { Reports } from "./reports.ts";
import type { ComponentSpec, DagOutputsSpec, ExecutorSpec, PipelineSpec, PipelineTaskSpec } from "./spec.ts";

type Path = readonly (string | number)[];

export interface Places {
  /** The value at a path, or its nearest ancestor. */
  value(path: Path): Span;
  /** The key of that value. */
  key(path: Path): Span;
}

interface Checking {
  components: ReadonlyMap<string, ComponentSpec>;
  executors: ReadonlyMap<string, ExecutorSpec>;
  places: Places;
  reports: Reports;
}

/** Checks a specification whose fields all have the right types. */
export function checkReferences(spec: PipelineSpec, platform: PlatformSpec | undefined, places: Places, reports: Reports): void {
  const checking: Checking = {
    components: new Map(Object.entries(spec.components ?? {})),
    executors: new Map(Object.entries(spec.deploymentSpec?.executors ?? {})),
    places,
    reports,
  };
  if (spec.root !== undefined) checkComponent(checking, spec.root, "root", ["root"]);
  for (const [name, component] of checking.components) checkComponent(checking, component, name, ["components", name]);
  for (const [label, executor] of checking.executors) checkExecutor(checking, executor, label);
  checkPlatform(checking, platform);
  checkRecursion(checking);
  checkUse(checking, spec.root);
}

// ------------------------------------------------------------------------------------------------------ parts

function missing({ places, reports }: Checking, path: Path, what: string, part: string): void {
  reports.add(diagnostic("HMC7012", places.key(path), { what, part }));
}

type Names = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>> | undefined;

function has(names: Names, name: string): boolean {
  return names instanceof Map ? names.has(name) : names !== undefined && Object.hasOwn(names, name);
}

/** Reports a name that is not among those which exist. */
function mustExist({ places, reports }: Checking, names: Names, name: string, path: Path, what: string, where: string): void {
  if (has(names, name) || reports.isFull()) return;
  const all: Iterable<string> = names instanceof Map ? names.keys() : Object.keys(names ?? {});
  reports.add(diagnostic("HMC7018", places.value(path), { what, name, where, suggestion: nearestName(name, all) }));
}

function componentOf({ components }: Checking, task: PipelineTaskSpec | undefined): ComponentSpec | undefined {
  return components.get(task?.componentRef?.name ?? "");
}

// ------------------------------------------------------------------------------------------------------ components

function checkComponent(checking: Checking, component: ComponentSpec, name: string, path: Path): void {
  const { dag, executorLabel } = component;
  if (dag !== undefined) return checkDag(checking, component, name, path);
  if (executorLabel === undefined) return missing(checking, path, name === "root" && path.length === 1 ? "The root of the pipeline" : `The component "${name}"`, "dag");
  mustExist(checking, checking.executors, executorLabel, [...path, "executorLabel"], "executor", `"deploymentSpec.executors"`);
}

function checkDag(checking: Checking, component: ComponentSpec, name: string, path: Path): void {
  const tasks = new Map(Object.entries(component.dag?.tasks ?? {}));
  if (tasks.size === 0) return missing(checking, [...path, "dag"], name === "root" ? "The graph of the pipeline" : `The graph of the component "${name}"`, "tasks");
  const dag: Dag = { name, path: [...path, "dag"], component, tasks };
  for (const [key, task] of tasks) checkTask(checking, dag, key, task);
  checkOutputs(checking, dag, component.dag?.outputs ?? {});
  for (const cycle of findCycles(tasks.keys(), (key) => [...upstreamOf(tasks.get(key) ?? {})].filter((other) => tasks.has(other)))) {
    checking.reports.add(diagnostic("HMC7019", checking.places.key([...dag.path, "tasks", cycle[0] ?? ""]), { path: cycle.map((task) => `"${task}"`).join(" → ") }));
  }
}

interface Dag {
  name: string;
  /** Of the graph itself. */
  path: Path;
  component: ComponentSpec;
  tasks: ReadonlyMap<string, PipelineTaskSpec>;
}

function checkTask(checking: Checking, dag: Dag, key: string, task: PipelineTaskSpec): void {
  const path = [...dag.path, "tasks", key];
  const reference = task.componentRef?.name;
  if (reference === undefined) missing(checking, path, `The task "${key}"`, "componentRef.name");
  else mustExist(checking, checking.components, reference, [...path, "componentRef", "name"], "component", `"components"`);
  (task.dependentTasks ?? []).forEach((other, index) => mustExist(checking, dag.tasks, other, [...path, "dependentTasks", index], "task", graphOf(dag)));
  checkInputs(checking, dag, path, key, task);
  checkIterator(checking, path, key, task);
  checkRequired(checking, path, key, task);
}

function graphOf({ name }: Dag): string {
  return name === "root" ? "the graph of the pipeline" : `the graph of the component "${name}"`;
}

function checkInputs(checking: Checking, dag: Dag, path: Path, key: string, task: PipelineTaskSpec): void {
  const inputs = dag.component.inputDefinitions;
  const own = dag.name === "root" ? "the inputs of the pipeline" : `the inputs of the component "${dag.name}"`;
  for (const [name, source] of Object.entries(task.inputs?.parameters ?? {})) {
    const at = [...path, "inputs", "parameters", name];
    const { taskOutputParameter: output, componentInputParameter: input, taskFinalStatus: status, runtimeValue } = source;
    if (output !== undefined) checkOutputOf(checking, dag, [...at, "taskOutputParameter"], output.producerTask, output.outputParameterKey, "Parameter", "producerTask");
    else if (input !== undefined) mustExist(checking, inputs?.parameters, input, [...at, "componentInputParameter"], "parameter", own);
    else if (status !== undefined) checkProducer(checking, dag, [...at, "taskFinalStatus"], status.producerTask, "producerTask");
    else if (runtimeValue?.constant === undefined && runtimeValue?.runtimeParameter === undefined) missing(checking, at, `The input "${name}" of the task "${key}"`, "runtimeValue.constant");
  }
  for (const [name, { taskOutputArtifact: output, componentInputArtifact: input }] of Object.entries(task.inputs?.artifacts ?? {})) {
    const at = [...path, "inputs", "artifacts", name];
    if (output !== undefined) checkOutputOf(checking, dag, [...at, "taskOutputArtifact"], output.producerTask, output.outputArtifactKey, "Artifact", "producerTask");
    else if (input !== undefined) mustExist(checking, inputs?.artifacts, input, [...at, "componentInputArtifact"], "artifact", own);
    else missing(checking, at, `The input "${name}" of the task "${key}"`, "taskOutputArtifact");
  }
}

/** The task that a source names, if it is there. */
function checkProducer(checking: Checking, dag: Dag, path: Path, producer: string | undefined, field: string): PipelineTaskSpec | undefined {
  if (producer === undefined) return missing(checking, path, `The source "${path.at(-1)}"`, field), undefined;
  mustExist(checking, dag.tasks, producer, [...path, field], "task", graphOf(dag));
  return dag.tasks.get(producer);
}

function checkOutputOf(checking: Checking, dag: Dag, path: Path, producer: string | undefined, output: string | undefined, kind: "Parameter" | "Artifact", producerField: string): void {
  const task = checkProducer(checking, dag, path, producer, producerField);
  const field = `output${kind}Key`;
  if (output === undefined) return missing(checking, path, `The source "${path.at(-1)}"`, field);
  const component = componentOf(checking, task);
  if (component === undefined) return;
  const outputs = kind === "Parameter" ? component.outputDefinitions?.parameters : component.outputDefinitions?.artifacts;
  mustExist(checking, outputs, output, [...path, field], `output ${kind.toLowerCase()}`, `the component "${task?.componentRef?.name}" of the task "${producer}"`);
}

function checkIterator(checking: Checking, path: Path, key: string, task: PipelineTaskSpec): void {
  const component = componentOf(checking, task);
  for (const kind of ["parameter", "artifact"] as const) {
    const iterator = kind === "parameter" ? task.parameterIterator : task.artifactIterator;
    if (iterator === undefined) continue;
    const at = [...path, `${kind}Iterator`];
    const { itemInput, items } = iterator as NonNullable<PipelineTaskSpec["parameterIterator"]> & NonNullable<PipelineTaskSpec["artifactIterator"]>;
    const declared = kind === "parameter" ? component?.inputDefinitions?.parameters : component?.inputDefinitions?.artifacts;
    if (itemInput === undefined) missing(checking, at, `The iterator of the task "${key}"`, "itemInput");
    else if (component !== undefined) mustExist(checking, declared, itemInput, [...at, "itemInput"], `input ${kind}`, `the component "${task.componentRef?.name}"`);
    const source = kind === "parameter" ? items?.inputParameter : items?.inputArtifact;
    const given = kind === "parameter" ? task.inputs?.parameters : task.inputs?.artifacts;
    if (source !== undefined) mustExist(checking, given, source, [...at, "items", kind === "parameter" ? "inputParameter" : "inputArtifact"], `input ${kind}`, `the inputs of the task "${key}"`);
    else if (kind === "artifact" || items?.raw === undefined) missing(checking, at, `The iterator of the task "${key}"`, kind === "parameter" ? "items.raw" : "items.inputArtifact");
    else if (!isJsonList(items.raw)) checking.reports.add(diagnostic("HMC7014", checking.places.value([...at, "items", "raw"]), { name: "raw", expected: "the JSON text of a list", actual: "other text" }));
  }
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function checkRequired(checking: Checking, path: Path, key: string, task: PipelineTaskSpec): void {
  const { parameters, artifacts } = componentOf(checking, task)?.inputDefinitions ?? {};
  const items = new Set([task.parameterIterator?.itemInput, task.artifactIterator?.itemInput]);
  const needed = [
    ...Object.entries(parameters ?? {}).flatMap(([name, { isOptional, defaultValue }]) => (isOptional === true || defaultValue !== undefined || has(task.inputs?.parameters, name) ? [] : [name])),
    ...Object.entries(artifacts ?? {}).flatMap(([name, { isOptional }]) => (isOptional === true || has(task.inputs?.artifacts, name) ? [] : [name])),
  ];
  for (const input of needed) {
    if (!items.has(input)) checking.reports.add(diagnostic("HMC7021", checking.places.key(path), { task: key, input, component: task.componentRef?.name ?? "" }));
  }
}

function checkOutputs(checking: Checking, dag: Dag, outputs: DagOutputsSpec): void {
  const path = [...dag.path, "outputs"];
  const declared = dag.component.outputDefinitions;
  const where = dag.name === "root" ? "the outputs of the pipeline" : `the outputs of the component "${dag.name}"`;
  for (const [name, { valueFromParameter, valueFromOneof }] of Object.entries(outputs.parameters ?? {})) {
    const at = [...path, "parameters", name];
    mustExist(checking, declared?.parameters, name, at, "output parameter", where);
    if (valueFromParameter !== undefined) checkOutputOf(checking, dag, [...at, "valueFromParameter"], valueFromParameter.producerSubtask, valueFromParameter.outputParameterKey, "Parameter", "producerSubtask");
    const selectors = valueFromOneof?.parameterSelectors ?? [];
    if (valueFromParameter === undefined && selectors.length === 0) missing(checking, at, `The output "${name}"`, "valueFromParameter");
    selectors.forEach(({ producerSubtask, outputParameterKey }, index) => checkOutputOf(checking, dag, [...at, "valueFromOneof", "parameterSelectors", index], producerSubtask, outputParameterKey, "Parameter", "producerSubtask"));
  }
  for (const [name, { artifactSelectors = [] }] of Object.entries(outputs.artifacts ?? {})) {
    const at = [...path, "artifacts", name];
    mustExist(checking, declared?.artifacts, name, at, "output artifact", where);
    if (artifactSelectors.length === 0) missing(checking, at, `The output "${name}"`, "artifactSelectors");
    artifactSelectors.forEach(({ producerSubtask, outputArtifactKey }, index) => checkOutputOf(checking, dag, [...at, "artifactSelectors", index], producerSubtask, outputArtifactKey, "Artifact", "producerSubtask"));
  }
  const whose = dag.name === "root" ? "The graph of the pipeline" : `The graph of the component "${dag.name}"`;
  for (const kind of ["parameters", "artifacts"] as const) {
    for (const name of Object.keys(declared?.[kind] ?? {})) {
      if (!has(outputs[kind], name)) missing(checking, [...dag.path.slice(0, -1), "outputDefinitions", kind, name], whose, `outputs.${kind}.${name}`);
    }
  }
}

// ------------------------------------------------------------------------------------------------------ executors

function checkExecutor(checking: Checking, executor: ExecutorSpec, label: string): void {
  const path = ["deploymentSpec", "executors", label];
  for (const kind of ["resolver", "customJob"] as const) {
    if (executor[kind] !== undefined) return checking.reports.add(diagnostic("HMC7023", checking.places.key([...path, kind]), { executor: label, kind }));
  }
  const { container, importer } = executor;
  if (container === undefined && importer === undefined) missing(checking, path, `The executor "${label}"`, "container");
  if (container !== undefined && (container.image ?? "") === "") missing(checking, [...path, "container"], `The container of the executor "${label}"`, "image");
  if (importer !== undefined && importer.artifactUri?.constant === undefined && importer.artifactUri?.runtimeParameter === undefined) missing(checking, [...path, "importer"], `The importer of the executor "${label}"`, "artifactUri");
}

function checkPlatform(checking: Checking, platform: PlatformSpec | undefined): void {
  for (const [name, { deploymentSpec }] of Object.entries(platform?.platforms ?? {})) {
    for (const label of Object.keys(deploymentSpec?.executors ?? {})) {
      mustExist(checking, checking.executors, label, ["platforms", name, "deploymentSpec", "executors", label], "executor", `the "deploymentSpec" of the pipeline`);
    }
  }
}

// ------------------------------------------------------------------------------------------------------ the whole

function runs(component: ComponentSpec | undefined): string[] {
  return [...new Set(Object.values(component?.dag?.tasks ?? {}).flatMap(({ componentRef }) => componentRef?.name ?? []))];
}

function checkRecursion({ components, places, reports }: Checking): void {
  for (const cycle of findCycles(components.keys(), (name) => runs(components.get(name)).filter((other) => components.has(other)))) {
    reports.add(diagnostic("HMC7020", places.key(["components", cycle[0] ?? ""]), { path: cycle.map((component) => `"${component}"`).join(" → ") }));
  }
}

/** Warns of what nothing reaches from the root. */
function checkUse({ components, executors, places, reports }: Checking, root: ComponentSpec | undefined): void {
  const used = new Set<string>();
  const labels = new Set(root?.executorLabel === undefined ? [] : [root.executorLabel]);
  const waiting = runs(root);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    const component = components.get(name);
    if (component?.executorLabel !== undefined) labels.add(component.executorLabel);
    waiting.push(...runs(component));
  }
  for (const name of components.keys()) if (!used.has(name)) reports.add(diagnostic("HMC7022", places.key(["components", name]), { what: "component", name }));
  for (const label of executors.keys()) if (!labels.has(label)) reports.add(diagnostic("HMC7022", places.key(["deploymentSpec", "executors", label]), { what: "executor", name: label }));
}
