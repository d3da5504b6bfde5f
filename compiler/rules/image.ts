/** Images: missing, not well-formed, or not pinned. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nodeImage } from "../ir/inline.ts";
import { resolveOptions, runsInDriver } from "../ir/options.ts";
import { isRunTime, tasksOf } from "../ir/traverse.ts";
import type { Component, Document, Task } from "../ir/types.ts";
import { parseImage } from "./image-reference.ts";
import { componentOf, optionSources, optionSpan } from "./layers.ts";
import { replacement } from "./replacement.ts";
import type { Rule } from "./rule.ts";

export const image: Rule = {
  codes: ["HMC3020", "HMC3021", "HMC3038", "HMC5003"],
  scope: "cluster",
  check: (document: Document) => [...missing(document), ...carriedContainers(document), ...references(document)],
};

/** How many calls of an op without an image are shown. */
const SHOWN_CALLS = 3;

/** One finding for each op and pipeline, at the op. */
function missing(document: Document): Diagnostic[] {
  if (document.defaults.image !== undefined) return [];
  const found: Diagnostic[] = [];
  for (const pipeline of Object.values(document.pipelines)) {
    if (pipeline.options.defaults?.image !== undefined) continue;
    const calls = new Map<string, Task[]>();
    for (const task of tasksOf(pipeline.body)) {
      const component = componentOf(document, task);
      if (component === undefined || component.kind === "importer" || runsNoImage(component) || resolveOptions(document, pipeline, task).options.image !== undefined) continue;
      const known = calls.get(component.id);
      if (known === undefined) calls.set(component.id, [task]);
      else known.push(task);
    }
    for (const [id, tasks] of calls) {
      const component = document.components[id];
      if (component === undefined) continue;
      const related = tasks.slice(0, SHOWN_CALLS).map((task) => ({ message: `"${task.id}" would run without an image`, span: task.span }));
      found.push(diagnostic("HMC3020", component.span, { op: component.name, pipeline: pipeline.id }, { related }));
    }
  }
  return found;
}

/** Whether a step is no container of its own. */
function runsNoImage(component: Component): boolean {
  return component.kind === "container" && component.template !== undefined;
}

/** `inline` where there is a container: its own, or that of a call. What comes from a pipeline or the project is for its ops. */
function carriedContainers(document: Document): Diagnostic[] {
  const found: Diagnostic[] = [];
  const look = (component: Component | undefined, { options, span }: Pick<Task, "options" | "span">): void => {
    if (component?.kind === "container" && options.inline !== undefined) found.push(diagnostic("HMC3038", optionSpan(options, span, "inline"), { container: component.name }));
  };
  for (const component of Object.values(document.components)) if (component.kind === "container") look(component, component);
  for (const pipeline of Object.values(document.pipelines)) for (const task of tasksOf(pipeline.body)) look(componentOf(document, task), task);
  return found;
}

/** The image of a repository as another place of the document pins it. */
function pinned(repository: string, document: Document): string | undefined {
  const isPinned = (image: string): boolean => {
    const reference = parseImage(image);
    return !("problem" in reference) && reference.repository === repository && (reference.digest !== undefined || (reference.tag !== undefined && reference.tag !== "latest"));
  };
  const others = [...optionSources(document)].flatMap(({ options: { image } }) => (typeof image === "string" && isPinned(image) ? image : []));
  return others.sort().at(-1) ?? (repository === "node" ? nodeImage : undefined);
}

function references(document: Document): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { options, span } of optionSources(document)) {
    if (options.image === undefined) continue;
    const { image } = options;
    if (isRunTime(image) || runsInDriver(image)) continue;
    const where = optionSpan(options, span, "image");
    const reference = parseImage(image);
    if ("problem" in reference) found.push(diagnostic("HMC3021", where, { image, problem: reference.problem }));
    else if (reference.digest !== undefined) continue;
    else if (reference.tag === undefined || reference.tag === "latest") {
      const problem = reference.tag === undefined ? 'has no tag and means ":latest"' : 'has the tag "latest", which moves';
      found.push(diagnostic("HMC5003", where, { image, problem }, replacement(options.spans?.["image"], pinned(reference.repository, document))));
    }
  }
  return found;
}
