/** What the tasks of a graph wait for. */
import type { PipelineTaskSpec } from "./spec.ts";

/** The tasks of the same graph whose outputs a task reads: that alone makes it wait for them. */
export function outputProducersOf({ inputs }: PipelineTaskSpec): Set<string> {
  const found = [
    ...Object.values(inputs?.parameters ?? {}).map(({ taskOutputParameter }) => taskOutputParameter?.producerTask),
    ...Object.values(inputs?.artifacts ?? {}).map(({ taskOutputArtifact }) => taskOutputArtifact?.producerTask),
  ];
  return new Set(found.filter((producer) => producer !== undefined));
}

/** Those, and the tasks whose final status it reads. */
export function producersOf(task: PipelineTaskSpec): Set<string> {
  const statuses = Object.values(task.inputs?.parameters ?? {}).flatMap(({ taskFinalStatus }) => taskFinalStatus?.producerTask ?? []);
  return new Set([...outputProducersOf(task), ...statuses]);
}

/** Those, and the tasks that it names as well. */
export function upstreamOf(task: PipelineTaskSpec): Set<string> {
  return new Set([...producersOf(task), ...(task.dependentTasks ?? [])]);
}
