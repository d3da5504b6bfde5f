import type { ComponentSpec, PipelineSpec, TaskInputsSpec } from "./spec.ts";

/**
 * Whether a specification is what KFP's compiler makes of one component: a graph of one task with the name of the pipeline, which takes
 * every input from the pipeline's input of the same name, gives every output, and has no settings of its own.
 */
export function isCompiledComponent({ pipelineInfo, root, components }: PipelineSpec): boolean {
  if (root?.dag === undefined) return true;
  const [[key, task] = ["", undefined], ...others] = Object.entries(root.dag.tasks ?? {});
  const component = components?.[task?.componentRef?.name ?? ""];
  if (task === undefined || component === undefined || others.length > 0 || key !== pipelineInfo?.name || component.executorLabel === undefined) return false;
  const { triggerPolicy, retryPolicy, parameterIterator, artifactIterator, cachingOptions } = task;
  if ([triggerPolicy, retryPolicy, parameterIterator, artifactIterator].some((setting) => setting !== undefined) || cachingOptions?.enableCache !== true) return false;
  return passesInputs(root, component, task.inputs ?? {}) && passesOutputs(root, component, key);
}

/** The description of a component, which KFP's compiler writes into the comment at the head of the file and nowhere else. */
export function headDescription(text: string): string | undefined {
  const [head = ""] = /^(?:#.*\r?\n)*/.exec(text) ?? [];
  return /^# Description: (.*(?:\r?\n# {14}.*)*)/m.exec(head)?.[1]?.replace(/\r?\n# {14}/g, "\n");
}

function passesInputs(root: ComponentSpec, component: ComponentSpec, inputs: TaskInputsSpec): boolean {
  const parameters = Object.entries(inputs.parameters ?? {});
  const artifacts = Object.entries(inputs.artifacts ?? {});
  return (
    haveSameKeys(root.inputDefinitions?.parameters, component.inputDefinitions?.parameters) &&
    haveSameKeys(root.inputDefinitions?.artifacts, component.inputDefinitions?.artifacts) &&
    haveSameKeys(inputs.parameters, component.inputDefinitions?.parameters) &&
    haveSameKeys(inputs.artifacts, component.inputDefinitions?.artifacts) &&
    parameters.every(([name, source]) => source.componentInputParameter === name && source.parameterExpressionSelector === undefined) &&
    artifacts.every(([name, source]) => source.componentInputArtifact === name)
  );
}

function passesOutputs(root: ComponentSpec, component: ComponentSpec, task: string): boolean {
  const { parameters, artifacts } = root.dag?.outputs ?? {};
  return (
    haveSameKeys(parameters, component.outputDefinitions?.parameters) &&
    haveSameKeys(artifacts, component.outputDefinitions?.artifacts) &&
    Object.entries(parameters ?? {}).every(([name, { valueFromParameter: source }]) => source?.producerSubtask === task && source.outputParameterKey === name) &&
    Object.entries(artifacts ?? {}).every(([name, { artifactSelectors = [] }]) => artifactSelectors.length === 1 && artifactSelectors[0]?.producerSubtask === task && artifactSelectors[0].outputArtifactKey === name)
  );
}

function haveSameKeys(left: object | undefined, right: object | undefined): boolean {
  const keys = Object.keys(left ?? {});
  return keys.length === Object.keys(right ?? {}).length && keys.every((key) => Object.hasOwn(right ?? {}, key));
}
