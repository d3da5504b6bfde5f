/** Executors as components: containers and importers. Equal ones, whatever their labels, are one. */
import { kebabCase, uniqueName } from "../../ir/names.ts";
import type { ContainerComponent, Expression, ImporterComponent, Json, Output, Passthrough } from "../../ir/types.ts";
import { argumentsOf } from "./arguments.ts";
import { contentOf } from "./contents.ts";
import { baseName, camelCase } from "./identifiers.ts";
import { executorOf, report, type KnownComponent, type Raising, type TaskPlace } from "./raising.ts";
import type { ComponentSpec, TaskConfigPassthroughField } from "./spec.ts";
import { inputsOf, outputsOf } from "./types.ts";

type Known = Extract<KnownComponent, { kind: "component" }> & { component: ContainerComponent };

/** The container of a task, with the tasks that share it so far. */
export function raiseComponent(raising: Raising, place: TaskPlace): Known {
  const content = contentOf(raising, place.componentName);
  const known = raising.known.get(content);
  if (known?.kind === "component") return known as Known;
  const component = containerOf(raising, place.component, place.componentName, place.key);
  const made: Known = { kind: "component", component, tasks: [] };
  raising.known.set(content, made);
  return made;
}

export function containerOf(raising: Raising, spec: ComponentSpec, componentName: string | undefined, key: string): ContainerComponent {
  const path = componentName === undefined ? ["root"] : ["components", componentName];
  const label = spec.executorLabel ?? "";
  const executor = executorOf(raising, label);
  const container = executor?.container;
  if (container === undefined) report(raising, "HMC7036", path, { kind: Object.keys(executor ?? {})[0] ?? "none" });
  const id = uniqueName(idOf(container?.args ?? [], key), raising.ids);
  const at = ["deploymentSpec", "executors", label, "container"];
  const passthroughs = (spec.taskConfigPassthroughs ?? []).map(({ field, applyToTask }): Passthrough => ({ setting: settings[field ?? "NONE"], applyToTask: applyToTask === true }));
  const component: ContainerComponent = {
    kind: "container",
    id,
    name: camelCase(id),
    inputs: inputsOf(raising, spec.inputDefinitions, path),
    outputs: outputsOf(raising, spec.outputDefinitions, path),
    options: {},
    ...(passthroughs.length === 0 ? {} : { passthroughs }),
    command: argumentsOf(raising, spec, container?.command ?? [], [...at, "command"]),
    args: argumentsOf(raising, spec, container?.args ?? [], [...at, "args"]),
    env: {},
    span: raising.file.locate(at),
  };
  raising.components.set(id, component);
  return component;
}

/**
 * Gives a task a component of its own, with lists of which nothing is known yet: two loops say different things of what
 * the same executor returns.
 */
export function separate(raising: Raising, output: Extract<Expression, { kind: "output" }>): void {
  for (const known of raising.known.values()) {
    const task = known.kind === "component" ? known.tasks.find(({ id }) => id === output.task) : undefined;
    if (task === undefined || known.kind !== "component" || known.tasks.length === 1 || known.component.kind !== "container") continue;
    const id = uniqueName(known.component.id, raising.ids);
    const outputs = Object.fromEntries(Object.entries(known.component.outputs).map(([name, { type, ...rest }]): [string, Output] => [name, { ...rest, type: type.kind === "list" ? { kind: "list", items: { kind: "json" } } : type }]));
    const component: ContainerComponent = { ...known.component, id, name: camelCase(id), outputs };
    known.tasks.splice(known.tasks.indexOf(task), 1);
    task.target = { kind: "component", id };
    raising.components.set(id, component);
    raising.known.set(id, { kind: "component", component, tasks: [task] });
    output.type = outputs[output.output]?.type ?? output.type;
    return;
  }
}

const settings: Record<TaskConfigPassthroughField, Passthrough["setting"]> = {
  NONE: "none",
  RESOURCES: "resources",
  ENV: "env",
  KUBERNETES_AFFINITY: "affinity",
  KUBERNETES_TOLERATIONS: "tolerations",
  KUBERNETES_NODE_SELECTOR: "nodeSelector",
  KUBERNETES_VOLUMES: "volumes",
};

/** The name of the task without its number; of a Python component the function's name where they agree, which tells `add-2` from a second `add`. */
function idOf(args: readonly string[], key: string): string {
  const name = args[args.indexOf("--function_to_execute") + 1];
  if (args.includes("--function_to_execute") && name !== undefined && kebabCase(name) === key) return key;
  return baseName(key);
}

export function raiseImporterComponent(raising: Raising, place: TaskPlace): ImporterComponent {
  const path = ["components", place.componentName];
  const importer = executorOf(raising, place.component.executorLabel ?? "")?.importer ?? {};
  const id = uniqueName("importer", raising.ids);
  const inputs = inputsOf(raising, place.component.inputDefinitions, path);
  const component: ImporterComponent = {
    kind: "importer",
    id,
    name: "importArtifact",
    inputs: { uri: inputs["uri"] ?? { type: { kind: "string" }, optional: false, span: raising.file.locate(path) }, ...inputs },
    outputs: outputsOf(raising, place.component.outputDefinitions, path),
    reimport: importer.reimport === true,
    metadata: inWrittenOrder(importer.metadata ?? {}) as Record<string, Json>,
    downloadToWorkspace: importer.downloadToWorkspace === true,
    span: raising.file.locate(path),
  };
  raising.components.set(id, component);
  return component;
}

/**
 * Metadata in the order in which it was written: the SDK numbers the inputs for run-time values as it meets them
 * (`metadata`, `metadata-2` …), and writes the keys sorted.
 */
function inWrittenOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inWrittenOrder);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => ({ key, inner, first: firstInput(JSON.stringify([key, inner])) }));
  return Object.fromEntries(entries.sort((a, b) => a.first - b.first).map(({ key, inner }) => [key, inWrittenOrder(inner)]));
}

/** The smallest number of an input that a text names; what names none comes last. */
function firstInput(text: string): number {
  const numbers = [...text.matchAll(/\{\{\$\.inputs\.parameters\['metadata(?:-(\d+))?'\]\}\}/g)].map(([, number = "1"]) => Number(number));
  return Math.min(...numbers, Number.MAX_SAFE_INTEGER);
}
