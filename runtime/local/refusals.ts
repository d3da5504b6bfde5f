/** What of Argo a run on this machine does not have. It is refused before anything starts. */
import { type Diagnostic, diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { contextOfArgo } from "../../compiler/ir/argo-variables.ts";
import { containerParts, expressionsOf, expressionTree, nodesOf, reachablePipelines } from "../../compiler/ir/traverse.ts";
import type { Component, Document, Pipeline } from "../../compiler/ir/types.ts";
import type { Engine } from "./containers.ts";

/** Reports steps that are no containers, which only Argo has. */
export function refuseTemplates(components: readonly Component[]): Diagnostic[] {
  return components.flatMap((component) => (component.kind === "container" && component.template !== undefined ? [diagnostic("HMC6016", component.span, { task: component.name, kind: component.template.kind })] : []));
}

/** Reports fixed places of containers that would run without their image, and variables that only Argo knows. */
export function refusals(document: Document, components: readonly Component[], pipeline: Pipeline, engine: Engine | undefined): Diagnostic[] {
  const containers = components.filter((component) => component.kind === "container");
  const fixed = engine === "host" ? containers.filter(({ files }) => files !== undefined && Object.keys(files).length > 0) : [];
  const [first] = fixed;
  const inContainers = containers.flatMap((container) =>
    containerParts(container).flatMap((part) => (typeof part !== "string" && part.placeholder === "argoVariable" ? [{ name: part.name, reader: container.name, span: container.span }] : [])));
  const inPipelines = reachablePipelines(document, pipeline).flatMap(({ name: reader, body, outputs }) =>
    [...[...nodesOf(body)].flatMap(expressionsOf), ...Object.values(outputs).map(({ value }) => value)]
      .flatMap((expression) => [...expressionTree(expression)])
      .flatMap((expression) => (expression.kind === "argo" ? [{ name: expression.name, reader, span: expression.span }] : [])));
  const unknown = [...inContainers, ...inPipelines].filter(({ name }) => contextOfArgo(name) === undefined);
  return [
    ...(first === undefined ? [] : [diagnostic("HMC6012", first.span, { tasks: fixed.map(({ id }) => `"${id}"`).join(", ") })]),
    ...unknown.map(({ span, ...found }) => diagnostic("HMC6013", span, found)),
  ];
}
