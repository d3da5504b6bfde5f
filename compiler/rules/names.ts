/** Names that collide, are too long, or that Kubernetes would refuse. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { kebabCase } from "../ir/names.ts";
import { nodesOf } from "../ir/traverse.ts";
import type { Document, Node, Span } from "../ir/types.ts";
import { optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

/** The longest value of a Kubernetes label, which names of pipelines, components and tasks become. */
const LONGEST_NAME = 63;

const validName = /^[a-z0-9]+(-+[a-z0-9]+)*$/;

export const names: Rule = {
  codes: ["HMC3003", "HMC3004", "HMC3005", "HMC3006", "HMC3007"],
  scope: "always",
  check: (document: Document) => [...collisions(document), ...duplicateTasks(document), ...badNames(document)],
};

interface Named {
  id: string;
  name: string;
  span: Span;
  /** The id was set with the option `name`. */
  explicit: boolean;
}

/**
 * Ops and pipelines are entries of a record, so the second of two equal names is there under a number
 * (`train-2`). An id with a number that the name itself does not give is such a collision.
 */
function collisions(document: Document): Diagnostic[] {
  const ops: Named[] = Object.values(document.components)
    .filter((component) => component.kind !== "importer")
    .map((component) => ({ id: component.id, name: component.name, span: component.span, explicit: "options" in component && component.options.spans?.["name"] !== undefined }));
  const pipelines: Named[] = Object.values(document.pipelines)
    .map((pipeline) => ({ id: pipeline.id, name: pipeline.name, span: pipeline.span, explicit: pipeline.options.spans?.["name"] !== undefined }));
  return [...renamed(ops, "HMC3004"), ...renamed(pipelines, "HMC3005")];
}

function renamed(all: Named[], code: "HMC3004" | "HMC3005"): Diagnostic[] {
  const byId = new Map(all.map((named) => [named.id, named]));
  return all.flatMap((second) => {
    const base = /^(.*)-\d+$/.exec(second.id)?.[1];
    const first = base === undefined ? undefined : byId.get(base);
    if (base === undefined || first === undefined || second.explicit || kebabCase(second.name) === second.id) return [];
    return [diagnostic(code, second.span, { first: first.name, second: second.name, id: base }, { related: [{ message: `"${first.name}" is declared here`, span: first.span }] })];
  });
}

function duplicateTasks(document: Document): Diagnostic[] {
  return Object.values(document.pipelines).flatMap((pipeline) => {
    const seen = new Map<string, Node>();
    const found: Diagnostic[] = [];
    for (const node of nodesOf(pipeline.body)) {
      const first = seen.get(node.id);
      if (first === undefined) seen.set(node.id, node);
      else found.push(diagnostic("HMC3003", nameSpan(node), { name: node.id, pipeline: pipeline.id }, { related: [{ message: `the first "${node.id}"`, span: nameSpan(first) }] }));
    }
    return found;
  });
}

function badNames(document: Document): Diagnostic[] {
  const found: Diagnostic[] = [];
  const check = (what: string, name: string, span: Span | undefined): void => {
    if (!validName.test(name)) found.push(diagnostic("HMC3007", span, { what, name }));
    else if (name.length > LONGEST_NAME) found.push(diagnostic("HMC3006", span, { what, name, length: name.length }));
  };
  for (const pipeline of Object.values(document.pipelines)) {
    check("pipeline", pipeline.id, optionSpan(pipeline.options, pipeline.span, "name"));
    for (const node of nodesOf(pipeline.body)) {
      // A task that is named after its op or pipeline is reported there.
      if (node.kind === "task" && node.id !== node.target.id) check("task", node.id, nameSpan(node));
    }
  }
  for (const component of Object.values(document.components)) {
    check("op", component.id, component.kind === "importer" ? component.span : optionSpan(component.options, component.span, "name"));
  }
  return found;
}

function nameSpan(node: Node): Span {
  return (node.kind === "task" ? optionSpan(node.options, node.span, "name") : undefined) ?? node.span;
}
