/** The finished graph as the messages of KFP: keys of components and executors, sorted edges. */
import type { Pipeline } from "../../ir/types.ts";
import { bug } from "../../bug.ts";
import type { Dag, DagOutput, Leaf, Source, Task } from "./graph.ts";
import { pipelineConfig } from "./platform.ts";
import type { ArtifactSource, ComponentSpec, DagSpec, Definitions, ExecutorSpec, KubernetesConfig, PipelineSpec, PlatformSpec, Port, TaskSpec } from "./spec.ts";

export interface Assembled {
  pipeline: PipelineSpec;
  /** Undefined where nothing is asked of Kubernetes. */
  platform: PlatformSpec | undefined;
}

interface Parts {
  components: Record<string, ComponentSpec>;
  executors: Record<string, ExecutorSpec>;
  kubernetes: Record<string, KubernetesConfig>;
  /** The name of each kind of container and interface; undefined where they need none. */
  names: Map<string, string> | undefined;
}

/**
 * @param tool name and version of what wrote the file
 * @param distinct whether containers must differ where components do
 */
export function assemble(pipeline: Pipeline, root: Dag, tool: string, distinct: boolean): Assembled {
  const parts: Parts = { components: {}, executors: {}, kubernetes: {}, names: distinct ? new Map() : undefined };
  const rootSpec = dagComponent(parts, root);
  const { options } = pipeline;
  const config = pipelineConfig(options);
  const hasExecutors = Object.keys(parts.kubernetes).length > 0;
  const hasConfig = Object.keys(config).length > 0;
  return {
    pipeline: {
      pipelineInfo: {
        name: pipeline.id,
        ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
        ...(pipeline.description === undefined ? {} : { description: pipeline.description }),
      },
      schemaVersion: "2.1.0",
      sdkVersion: tool,
      ...(options.pipelineRoot === undefined ? {} : { defaultPipelineRoot: options.pipelineRoot }),
      components: parts.components,
      deploymentSpec: { executors: parts.executors },
      root: rootSpec,
    },
    platform:
      hasExecutors || hasConfig
        ? {
            platforms: {
              kubernetes: {
                ...(hasExecutors ? { deploymentSpec: { executors: parts.kubernetes } } : {}),
                ...(hasConfig ? { pipelineConfig: config } : {}),
              },
            },
          }
        : undefined,
  };
}

/**
 * A DAG as a component. Keys are given in the order of the SDK: groups first, then the tasks of the DAG, exit tasks
 * last; the components of a called pipeline before that of the call itself.
 */
function dagComponent(parts: Parts, dag: Dag): ComponentSpec {
  const tasks = [...dag.tasks.values()];
  const isGroup = (task: Task): boolean => task.runs.kind === "dag" && !task.runs.pipeline;
  const components = new Map<Task, string>();
  for (const task of tasks) if (isGroup(task)) components.set(task, addComponent(parts, task));
  for (const task of tasks) if (!isGroup(task) && !task.exit) components.set(task, addComponent(parts, task));
  for (const task of tasks) if (!isGroup(task) && task.exit) components.set(task, addComponent(parts, task));
  const specs: Record<string, TaskSpec> = {};
  for (const task of tasks) specs[task.key] = taskSpec(task, components.get(task) ?? "");
  const outputs = dagOutputs(dag);
  const outputPorts = new Map([...dag.outputs].map(([name, output]) => [name, output.port]));
  return {
    ...interfaceOf(dag.inputs, outputPorts),
    dag: { tasks: specs, ...(outputs === undefined ? {} : { outputs }) },
  };
}

function addComponent(parts: Parts, task: Task): string {
  if (task.runs.kind === "leaf") return addLeaf(parts, task, task.runs);
  if (task.runs.pipeline) {
    const spec = dagComponent(parts, task.runs);
    const key = free(parts.components, `comp-${task.key}`);
    parts.components[key] = spec;
    return key;
  }
  const key = free(parts.components, `comp-${task.key}`);
  parts.components[key] = {};
  parts.components[key] = dagComponent(parts, task.runs);
  return key;
}

function addLeaf(parts: Parts, task: Task, leaf: Leaf): string {
  const key = free(parts.components, `comp-${task.key}`);
  const label = free(parts.executors, `exec-${task.key}`);
  const ports = { ...interfaceOf(leaf.inputs, leaf.outputs), ...(leaf.passthroughs === undefined ? {} : { taskConfigPassthroughs: leaf.passthroughs }) };
  parts.components[key] = { executorLabel: label, ...ports };
  parts.executors[label] = parts.names === undefined ? leaf.executor : named(parts.names, leaf.executor, ports, key);
  if (Object.keys(leaf.kubernetes).length > 0) parts.kubernetes[label] = leaf.kubernetes;
  return key;
}

/**
 * The executor with the component's name in its environment: the back end takes two components with equal containers
 * for one, and gives the second the interface of the first (kfp-real 0.1). Tasks that differ in nothing share a name,
 * and the workflow stays small.
 */
function named(names: Map<string, string>, executor: ExecutorSpec, ports: ComponentSpec, component: string): ExecutorSpec {
  if (!("container" in executor)) return executor;
  const kind = JSON.stringify([executor, ports]);
  const name = names.get(kind) ?? component;
  names.set(kind, name);
  return { container: { ...executor.container, env: [...(executor.container.env ?? []), { name: "HMC_COMPONENT", value: name }] } };
}

function free(taken: Record<string, unknown>, name: string): string {
  let key = name;
  for (let count = 2; Object.hasOwn(taken, key); count++) key = `${name}-${count}`;
  return key;
}

function interfaceOf(inputs: Map<string, Port>, outputs: Map<string, Port>): ComponentSpec {
  const [inputDefinitions, outputDefinitions] = [definitions(inputs), definitions(outputs)];
  return { ...(inputDefinitions === undefined ? {} : { inputDefinitions }), ...(outputDefinitions === undefined ? {} : { outputDefinitions }) };
}

function definitions(ports: Map<string, Port>): Definitions | undefined {
  const result: Required<Definitions> = { parameters: {}, artifacts: {} };
  for (const [name, port] of ports) {
    if (port.kind === "parameter") result.parameters[name] = port.spec;
    else result.artifacts[name] = port.spec;
  }
  return nonEmpty(result);
}

/** Without the empty groups; undefined where both are. */
function nonEmpty<P, A>(groups: { parameters: Record<string, P>; artifacts: Record<string, A> }): { parameters?: Record<string, P>; artifacts?: Record<string, A> } | undefined {
  const [parameters, artifacts] = [Object.keys(groups.parameters).length > 0, Object.keys(groups.artifacts).length > 0];
  if (!parameters && !artifacts) return undefined;
  return { ...(parameters ? { parameters: groups.parameters } : {}), ...(artifacts ? { artifacts: groups.artifacts } : {}) };
}

function dagOutputs(dag: Dag): DagSpec["outputs"] {
  const parameters: NonNullable<NonNullable<DagSpec["outputs"]>["parameters"]> = {};
  const artifacts: NonNullable<NonNullable<DagSpec["outputs"]>["artifacts"]> = {};
  for (const [name, output] of dag.outputs) {
    if (output.port.kind === "parameter") parameters[name] = parameterOutput(output);
    else artifacts[name] = { artifactSelectors: output.from.map(({ task, output: key }) => ({ producerSubtask: task.key, outputArtifactKey: key })) };
  }
  return nonEmpty({ parameters, artifacts });
}

function parameterOutput(output: DagOutput): NonNullable<NonNullable<DagSpec["outputs"]>["parameters"]>[string] {
  const parameterSelectors = output.from.map(({ task, output: key }) => ({ producerSubtask: task.key, outputParameterKey: key }));
  const [only] = parameterSelectors;
  return output.oneOf || only === undefined ? { valueFromOneof: { parameterSelectors } } : { valueFromParameter: only };
}

function taskSpec(task: Task, component: string): TaskSpec {
  const artifacts: Record<string, ArtifactSource> = {};
  for (const [name, source] of task.artifacts) artifacts[name] = artifactSource(source);
  const inputs = nonEmpty({ parameters: Object.fromEntries(task.parameters), artifacts });
  const { caching, retry, condition, loop } = task;
  const dependentTasks = [...task.dependsOn].sort();
  return {
    taskInfo: { name: task.displayName },
    componentRef: { name: component },
    ...(inputs === undefined ? {} : { inputs }),
    ...(dependentTasks.length === 0 ? {} : { dependentTasks }),
    ...(caching === undefined ? {} : { cachingOptions: caching.enabled ? { enableCache: true, ...(caching.key === undefined ? {} : { cacheKey: caching.key }) } : {} }),
    ...(retry === undefined ? {} : { retryPolicy: retry }),
    ...(condition === undefined && !task.exit
      ? {}
      : { triggerPolicy: { ...(condition === undefined ? {} : { condition }), ...(task.exit ? { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" as const } : {}) } }),
    ...(loop === undefined ? {} : iteratorOf(loop)),
  };
}

function iteratorOf({ itemInput, items, parallelism }: NonNullable<Task["loop"]>): Partial<TaskSpec> {
  const policy = parallelism === undefined ? {} : { iteratorPolicy: { parallelismLimit: parallelism } };
  switch (items.kind) {
    case "raw":
      return { ...policy, parameterIterator: { itemInput, items: { raw: items.json } } };
    case "parameter":
      return { ...policy, parameterIterator: { itemInput, items: { inputParameter: items.input } } };
    case "artifact":
      return { ...policy, artifactIterator: { itemInput, items: { inputArtifact: items.input } } };
  }
}

function artifactSource(source: Source): ArtifactSource {
  return "task" in source
    ? { taskOutputArtifact: { producerTask: source.task, outputArtifactKey: source.output } }
    : { componentInputArtifact: "input" in source ? source.input : bug("a status is no artifact") };
}
