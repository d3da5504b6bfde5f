/**
 * Names of tasks that collide, and names that are too long or that Kubernetes would refuse. Ops and pipelines are
 * entries of records in the IR, so the frontend reports their collisions.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nodesOf } from "../ir/traverse.ts";
import type { Document, Node, Span } from "../ir/types.ts";
import { optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

/** The longest value of a Kubernetes label, which names of pipelines, components and tasks become. */
const LONGEST_NAME = 63;

const validName = /^[a-z0-9]+(-+[a-z0-9]+)*$/;

export const names: Rule = {
  codes: ["HMC3003", "HMC3006", "HMC3007"],
  scope: "always",
  check: (document: Document) => [...duplicateTasks(document), ...badNames(document)],
};

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
