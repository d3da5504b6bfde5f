/** Pipelines: `export const name = pipeline({ options }, ({ a = 1 }: { a?: Int }) => { … })`. */
import type { Expression, Pipeline, PipelineOutput, ValueType } from "../../ir/types.ts";
import { isRecursive } from "../../ir/calls.ts";
import { expressionsOf, expressionTree, nodesOf, tasksOf } from "../../ir/traverse.ts";
import { expression } from "./expressions.ts";
import { atLeast, levels, type Body, type Site } from "./body.ts";
import { isAssignable, isComparable } from "./casts.ts";
import { documented } from "./comments.ts";
import { binding, call, destructured, inputsType } from "./components.ts";
import { objectLiteral, property } from "./constants.ts";
import { hardLine, indent, join, type Doc } from "./layout.ts";
import { calleeName, languageName, languageType, type Module } from "./module.ts";
import { innerScope, takeName } from "./names.ts";
import { pipelineOptions } from "./options.ts";
import { blockStatements } from "./statements.ts";
import { staticType } from "./static-types.ts";
import { objectType, typeText, type Member } from "./types.ts";
import { usesOf } from "./uses.ts";

export function pipelineText(module: Module, pipeline: Pipeline): Doc {
  const name = calleeName(module, { kind: "pipeline", id: pipeline.id });
  const uses = usesOf(pipeline);
  const body: Body = { module, pipeline, uses, names: new Map(), inline: new Map(), taskIds: new Set(), itemTypes: new Map(), mixedLoops: new Set(), listHandles: new Set(), guarded: new Set() };
  const site: Site = { body, place: uses.places.root, scope: innerScope(module.scope), narrowed: new Map() };
  const parameters = parameterText(site);
  const outputs = Object.entries(pipeline.outputs);
  const statements = blockStatements(site, pipeline.body, {
    reads: [],
    print: (at) => (outputs.length === 0 ? [] : [["return ", objectLiteral(outputs.map(([name, output]) => outputText(at, name, output))), ";"]]),
  });
  for (const [output, { value }] of outputs) if (staticType(body, value).optional) module.optionalOutputs.add(`pipeline:${pipeline.id}.${output}`);
  const options = pipelineOptions(module, pipeline, name);
  const isExported = module.document.exported.includes(pipeline.id);
  const block: Doc = statements.length === 0 ? "{}" : ["{", indent(hardLine, join(hardLine, statements)), hardLine, "}"];
  const callee = [isExported ? "export " : "", "const ", name, annotation(body), " = ", languageName(module, "pipeline")];
  return documented(pipeline.description, call(callee, options.length === 0 ? undefined : objectLiteral(options), parameters, block));
}

/** `: Pipeline<Parameters, Result>` of a pipeline that calls itself, whose type TypeScript cannot tell from its body. */
function annotation(body: Body): Doc {
  const { module, pipeline } = body;
  if (![...tasksOf(pipeline.body)].some((task) => isRecursive(module.document, pipeline, task))) return "";
  const outputs = Object.entries(pipeline.outputs).map(([name, { type, value }]): Member => {
    const { optional } = staticType(body, value);
    return { name, type: optional ? [typeText(module, type), " | undefined"] : typeText(module, type), optional: false };
  });
  const result: Doc = outputs.length === 0 ? "void" : objectType(outputs);
  return [": ", languageType(module, "Pipeline"), "<", inputsType(module, `pipeline:${pipeline.id}`, pipeline.inputs), ", ", result, ">"];
}

/** One output, with its description; a list of which more is declared than is known is asserted to be that. */
function outputText(site: Site, name: string, { type, value, description }: PipelineOutput): Doc {
  const found = staticType(site.body, value).type;
  const isList = (of: ValueType): boolean => of.kind === "list" || (of.kind === "artifact" && of.list);
  const printed = expression(site, value);
  const through = isComparable(found, type) ? " as " : " as unknown as ";
  const asserted = isList(type) && !isAssignable(found, type) ? [atLeast(printed, levels.unary), through, typeText(site.body.module, type)] : printed.doc;
  return documented(description, property(name, asserted));
}

/** The destructured parameter: of inputs without a default only those that the body reads. */
function parameterText({ body, scope }: Site): Doc[] {
  const { module, pipeline } = body;
  const inputs = Object.entries(pipeline.inputs);
  if (inputs.length === 0) return [];
  const read = inputsRead(pipeline);
  const bindings = inputs.flatMap(([input, declared]) => {
    if (declared.default === undefined && !read.has(input)) return [];
    const name = takeName(scope, input, "Input");
    body.names.set(`input:${input}`, name);
    return [binding(module, input, name, declared)];
  });
  const type = inputsType(module, `pipeline:${pipeline.id}`, pipeline.inputs);
  return [bindings.length === 0 ? [takeName(scope, "_parameters"), ": ", type] : destructured(bindings, type)];
}

function inputsRead(pipeline: Pipeline): Set<string> {
  const read = new Set<string>();
  const visit = (value: Expression): void => {
    for (const part of expressionTree(value)) if (part.kind === "input") read.add(part.name);
  };
  for (const node of nodesOf(pipeline.body)) expressionsOf(node).forEach(visit);
  for (const { value } of Object.values(pipeline.outputs)) visit(value);
  return read;
}

