/** Tasks that run something: containers, importers, pipelines. */
import { uniqueName } from "../../ir/names.ts";
import type { Expression, Input, Node, Task, TaskOptions, ValueType } from "../../ir/types.ts";
import { conditionOf, parseCondition } from "./cel.ts";
import { raiseComponent, raiseImporterComponent } from "./components.ts";
import { inputsOf } from "./graph.ts";
import { calledPipeline } from "./pipelines.ts";
import { containerOptions, retryOf } from "./task-options.ts";
import { executorOf, type DagScope, type TaskPlace } from "./raising.ts";

export function raiseContainer(dag: DagScope, place: TaskPlace): Node {
  const { raising } = dag.pipeline;
  const known = raiseComponent(raising, place);
  const executor = executorOf(raising, place.component.executorLabel ?? "") ?? {};
  const task = newTask(dag, place, { kind: "component", id: known.component.id }, known.component.inputs, containerOptions(dag, place, executor));
  known.tasks.push(task);
  setOutputs(dag, place, task, known.component.outputs);
  return task;
}

export function raiseImporter(dag: DagScope, place: TaskPlace): Node {
  const component = raiseImporterComponent(dag.pipeline.raising, place);
  const task = newTask(dag, place, { kind: "component", id: component.id }, component.inputs, {});
  const uri = executorOf(dag.pipeline.raising, place.component.executorLabel ?? "")?.importer?.artifactUri;
  const span = dag.pipeline.raising.file.locate(place.path);
  if (uri?.constant !== undefined) task.inputs["uri"] = { kind: "constant", value: uri.constant, type: { kind: "string" }, span };
  setOutputs(dag, place, task, component.outputs);
  return task;
}

export function raiseCall(dag: DagScope, place: TaskPlace): Node {
  const pipeline = calledPipeline(dag.pipeline.raising, place);
  const task = newTask(dag, place, { kind: "pipeline", id: pipeline.id }, pipeline.inputs, {});
  setOutputs(dag, place, task, pipeline.outputs);
  return task;
}

function newTask(dag: DagScope, place: TaskPlace, target: Task["target"], declared: Record<string, Input>, options: TaskOptions): Task {
  const { pipeline } = dag;
  const { raising } = pipeline;
  const { spec, key } = place;
  const given = inputsOf(dag, place);
  const id = uniqueName(key, pipeline.taskIds);
  pipeline.keys.set(id, key);
  const task: Task = {
    kind: "task",
    id,
    target,
    inputs: Object.fromEntries(Object.keys(declared).flatMap((name) => (given.has(name) ? [[name, given.get(name) as Expression]] : []))),
    after: [],
    ignoreUpstreamFailure: spec.triggerPolicy?.strategy === "ALL_UPSTREAM_TASKS_COMPLETED",
    options: { ...callOptions(place), ...options },
    span: raising.file.locate(place.path),
  };
  const condition = spec.triggerPolicy?.condition;
  if (condition !== undefined) task.when = conditionOf(raising, parseCondition(condition) ?? condition, given, [...place.path, "triggerPolicy", "condition"]);
  return task;
}

/** The options that the task itself has, whatever it runs. */
function callOptions({ spec, key }: TaskPlace): TaskOptions {
  const options: TaskOptions = {};
  const name = spec.taskInfo?.name;
  if (name !== undefined && name !== key) options.displayName = name;
  const { enableCache, cacheKey } = spec.cachingOptions ?? {};
  if (enableCache !== true) options.cache = { enabled: false };
  else if (cacheKey !== undefined && cacheKey !== "") options.cache = { enabled: true, key: cacheKey };
  if (spec.retryPolicy !== undefined) options.retry = retryOf(spec.retryPolicy);
  return options;
}

function setOutputs(dag: DagScope, place: TaskPlace, task: Task, outputs: Record<string, { type: ValueType }>): void {
  const { span } = task;
  dag.tasks.set(place.key, {
    key: place.key,
    id: task.id,
    output: (name) => (outputs[name] === undefined ? undefined : { kind: "output", task: task.id, output: name, type: outputs[name].type, span }),
    status: (type, at) => ({ kind: "taskStatus", task: task.id, type, span: at }),
  });
}
