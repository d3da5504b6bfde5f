/** From a KFP file to the IR. */
import { createHash } from "node:crypto";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { kebabCase } from "../../ir/names.ts";
import { isRunTime, tasksOf } from "../../ir/traverse.ts";
import { IR_VERSION, type Document, type PipelineOptions, type Task, type TaskOptions } from "../../ir/types.ts";
import { containerOf } from "./components.ts";
import type { KfpFile } from "./file.ts";
import { camelCase } from "./identifiers.ts";
import { raisePipeline } from "./pipelines.ts";
import { executorOf, newDag, placeKey, type Path, type Raising, type TaskPlace } from "./raising.ts";
import type { PipelineConfig } from "./platform-spec.ts";
import type { ComponentSpec } from "./spec.ts";
import { containerOptions } from "./task-options.ts";

export interface RaiseOptions {
  /** Places of conditions and selectors that are to stay CEL. */
  verbatim?: Iterable<Path>;
  /** The file of a component as the pipeline of one task that KFP's compiler makes of it, which can be compiled and compared. */
  wrapped?: boolean;
}

/**
 * Raises a file that the reader has accepted: groups become control flow, equal components one, options are gathered. The file of a
 * component gives the component, and no pipeline.
 *
 * @param text of the file, for its digest
 */
export function raiseKfp(file: KfpFile, text: string, options: RaiseOptions = {}): { document: Document; diagnostics: Diagnostic[] } {
  const { spec } = file;
  const raising: Raising = {
    file,
    diagnostics: [],
    components: new Map(),
    pipelines: new Map(),
    ids: new Set(),
    pipelineIds: new Set(),
    known: new Map(),
    contents: new Map(),
    mixed: new Set(),
    structs: new Map(),
    verbatim: new Set([...(options.verbatim ?? [])].map(placeKey)),
  };
  const root = spec.root ?? {};
  const name = spec.pipelineInfo?.name ?? "pipeline";
  const exported: string[] = [];
  if (root.dag === undefined) raiseRoot(raising, root, kebabCase(name));
  else {
    const pipeline = raisePipeline(raising, root, ["root"], name, pipelineOptions(file));
    const description = spec.pipelineInfo?.description;
    if (description !== undefined) pipeline.description = description;
    exported.push(pipeline.id);
  }
  for (const known of raising.known.values()) if (known.kind === "component" && known.component.kind === "container") known.component.options = sharedOptions(known.tasks);
  const names = new Set([...raising.components.values()].map((component) => component.name));
  for (const pipeline of raising.pipelines.values()) if (names.has(pipeline.name)) pipeline.name += "Pipeline";
  if (file.kind === "component" && options.wrapped !== true) unwrap(raising, exported, kebabCase(name));
  const source = file.locate([]).file;
  const document: Document = {
    irVersion: IR_VERSION,
    entry: source,
    sources: [{ path: source, sha256: createHash("sha256").update(text).digest("hex") }],
    environment: [],
    defaults: {},
    exported,
    components: Object.fromEntries(raising.components),
    pipelines: Object.fromEntries(raising.pipelines),
  };
  return { document, diagnostics: raising.diagnostics };
}

/** A root without a graph: a container, with the options that its executor has. */
function raiseRoot(raising: Raising, root: ComponentSpec, key: string): void {
  const component = containerOf(raising, root, undefined, key);
  const place: TaskPlace = { key, spec: {}, component: root, componentName: "", path: ["root"] };
  component.options = containerOptions(newDag(raising, root, ["root"]), place, executorOf(raising, root.executorLabel ?? "") ?? {});
}

/**
 * Leaves the component out of the pipeline of one task that KFP's compiler makes of it. Where the task says more than its component, such
 * as an image that an input names, the pipeline stays.
 */
function unwrap({ file, components, pipelines }: Raising, exported: string[], id: string): void {
  const tasks = [...pipelines.values()].flatMap(({ body }) => [...tasksOf(body)]);
  const [component, ...others] = components.values();
  const isBare = [...pipelines.values()].every(({ options: { displayName, ...own } }) => Object.keys(own).length === 0) && tasks.every(({ options }) => Object.keys(options).length === 0);
  if (component?.kind !== "container" || others.length > 0 || !isBare) return;
  const description = file.description ?? file.spec.pipelineInfo?.description;
  const own = { kind: component.kind, id, name: camelCase(id), ...(description === undefined ? {} : { description }) };
  components.clear();
  // Twice, for the order of the members and for their values.
  components.set(id, { ...own, ...component, ...own });
  pipelines.clear();
  exported.length = 0;
}

function pipelineOptions({ spec, platform }: KfpFile): PipelineOptions {
  const options: PipelineOptions = {};
  if (spec.pipelineInfo?.displayName !== undefined) options.displayName = spec.pipelineInfo.displayName;
  if (spec.defaultPipelineRoot !== undefined) options.pipelineRoot = spec.defaultPipelineRoot;
  const config: PipelineConfig = platform?.platforms?.["kubernetes"]?.pipelineConfig ?? {};
  const ttl = {
    ...(config.resourceTtlOnCompletion === undefined ? {} : { completion: config.resourceTtlOnCompletion }),
    ...(config.resourceTtlOnSuccess === undefined ? {} : { success: config.resourceTtlOnSuccess }),
    ...(config.resourceTtlOnFailure === undefined ? {} : { failure: config.resourceTtlOnFailure }),
  };
  if (Object.keys(ttl).length > 0) options.ttlSeconds = ttl;
  if (config.activeDeadlineSeconds !== undefined) options.deadlineSeconds = config.activeDeadlineSeconds;
  if (config.workspace !== undefined) {
    const { accessModes, storageClassName } = config.workspace.kubernetes?.pvcSpecPatch ?? {};
    options.workspace = {
      size: config.workspace.size ?? "",
      ...(Array.isArray(accessModes) ? { accessModes: accessModes.map(String) } : {}),
      ...(typeof storageClassName === "string" ? { storageClass: storageClassName } : {}),
    };
  }
  return options;
}

/** Takes the options that all tasks of a component share off the tasks: they belong to the component. */
function sharedOptions(tasks: readonly Task[]): TaskOptions {
  const shared: Record<string, unknown> = {};
  const [first, ...others] = tasks;
  for (const [name, value] of Object.entries(first?.options ?? {})) {
    if (name === "displayName" || hasRunTime(value)) continue;
    const text = JSON.stringify(value);
    const options = others.map((task) => task.options as Record<string, unknown>);
    if (options.every((other) => JSON.stringify(other[name]) === text)) shared[name] = value;
  }
  for (const { options } of tasks) for (const name of Object.keys(shared)) delete (options as Record<string, unknown>)[name];
  return shared as TaskOptions;
}

function hasRunTime(value: unknown): boolean {
  if (isRunTime(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasRunTime);
}
