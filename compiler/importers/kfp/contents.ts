/** What a component says, however it is named and however often it is written down: the same content is one component of the IR. */
import { createHash } from "node:crypto";
import { componentOf, executorOf, kubernetesOf, type Raising } from "./raising.ts";
import type { ComponentSpec, PipelineTaskSpec } from "./spec.ts";

/**
 * A digest of a component with all that it refers to. Two components with the same digest do the same; of a single
 * container, what belongs to the options of its task does not count.
 */
export function contentOf(raising: Raising, name: string): string {
  const known = raising.contents.get(name);
  if (known !== undefined) return known;
  // A component that contains itself has been reported by the reader.
  raising.contents.set(name, "recursive");
  const spec = componentOf(raising, name) ?? {};
  const content = spec.dag === undefined ? leafContent(raising, spec) : dagContent(raising, spec);
  raising.contents.set(name, content);
  return content;
}

function leafContent(raising: Raising, spec: ComponentSpec): string {
  const executor = executorOf(raising, spec.executorLabel ?? "") ?? {};
  const { container } = executor;
  return digest({ ...spec, executorLabel: undefined, executor: container === undefined ? executor : { command: container.command, args: container.args, image: container.image } });
}

function dagContent(raising: Raising, spec: ComponentSpec): string {
  const tasks = Object.entries(spec.dag?.tasks ?? {}).map(([key, task]) => [key, { ...task, componentRef: wholeContent(raising, task) }]);
  return digest({ ...spec, dag: { ...spec.dag, tasks: Object.fromEntries(tasks) } });
}

/** In a pipeline the options of its tasks count, too. */
function wholeContent(raising: Raising, task: PipelineTaskSpec): unknown {
  const name = task.componentRef?.name ?? "";
  const label = componentOf(raising, name)?.executorLabel;
  return label === undefined ? contentOf(raising, name) : [contentOf(raising, name), executorOf(raising, label), kubernetesOf(raising, label)];
}

function digest(value: unknown): string {
  const sorted = (key: string, inner: unknown): unknown =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner;
  return createHash("sha256").update(JSON.stringify(value, sorted)).digest("base64");
}
