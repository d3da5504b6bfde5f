/** A document as a TypeScript module that a person would have written; compiling it gives the same document. */
import type { ContainerComponent, Document, Pipeline } from "../../ir/types.ts";
import { resolveOptions } from "../../ir/options.ts";
import { nodesOf, tasksOf } from "../../ir/traverse.ts";
import { containerText, lineWidth } from "./components.ts";
import { docComment } from "./comments.ts";
import { bracketed, hardLine, join, line, render, type Doc } from "./layout.ts";
import { artifactText, type Module } from "./module.ts";
import { takeName } from "./names.ts";
import { pipelineText } from "./pipelines.ts";
import { quoted } from "./texts.ts";

/** What one pass over the document has found out for the next. */
interface Findings {
  language: Set<string>;
  mayGetNothing: Set<string>;
  optionalOutputs: Set<string>;
  /** Names of variables, which no constant of the module may have. */
  variables: Set<string>;
}

/**
 * The module of a document: its containers and pipelines, and imports of its ops. It compiles to the same document again, apart
 * from spans, sources, the entry and the numbers in the ids of regions.
 *
 * @param options.header a comment for the top of the file
 */
export function printTypeScript(document: Document, options: { header?: string } = {}): string {
  const given = withDefaults(document);
  let found: Findings = { language: new Set(languageFunctions), mayGetNothing: new Set(), optionalOutputs: new Set(), variables: new Set() };
  // Names are free where the module imports less; types and casts follow what calls give. Both settle at once or in the next pass.
  for (let pass = 0; pass < 5; pass++) {
    const { doc, next } = printOnce(given, found, options.header);
    if (sizes(next) === sizes(found)) return render(doc, lineWidth);
    found = next;
  }
  return render(printOnce(given, found, options.header).doc, lineWidth);
}

const languageFunctions = [
  "argoTemplate", "argoVariable", "cel", "concat", "configMap", "container", "env", "executorInput", "fieldPath", "fileOf", "importArtifact", "limit", "op", "pipeline", "range", "run", "runStatus", "secret", "statusOf",
];

function sizes({ language, mayGetNothing, optionalOutputs, variables }: Findings): string {
  return JSON.stringify([[...language].sort(), mayGetNothing.size, optionalOutputs.size, [...variables].sort()]);
}

/** Options of the project stand under those of every pipeline. */
function withDefaults(document: Document): Document {
  if (Object.keys(document.defaults).length === 0) return document;
  const pipelines = Object.entries(document.pipelines).map(([id, pipeline]): [string, Pipeline] => {
    const { options: defaults } = resolveOptions({ ...document, components: {} }, pipeline, { kind: "task", id, target: { kind: "pipeline", id }, inputs: {}, after: [], ignoreUpstreamFailure: false, options: {}, span: pipeline.span });
    return [id, { ...pipeline, options: { ...pipeline.options, defaults } }];
  });
  return { ...document, defaults: {}, pipelines: Object.fromEntries(pipelines) };
}

function printOnce(document: Document, found: Findings, header: string | undefined): { doc: Doc; next: Findings } {
  const scope = { names: new Set([...found.language].map((name) => name.replace(/^type /, ""))), inside: new Set<string>() };
  const module: Module = {
    document,
    folder: document.entry.split("/").slice(0, -1).join("/"),
    scope,
    language: new Set(),
    ops: new Map(),
    callees: new Map(),
    artifacts: new Map(),
    constants: new Map(),
    shadows: found.variables,
    mayGetNothing: new Set(found.mayGetNothing),
    optionalOutputs: new Set(found.optionalOutputs),
  };
  nameCallees(module);
  const declarations: Doc[] = [];
  const printed = new Set<string>();
  const add = (doc: Doc): void => {
    // What a declaration is the first to use stands before it.
    for (const { name, declaration } of module.constants.values()) {
      if (!printed.has(name)) declarations.push(declaration);
      printed.add(name);
    }
    declarations.push(doc);
  };
  for (const component of containersInOrder(document)) add(containerText(module, component));
  for (const pipeline of pipelinesInOrder(document)) add(pipelineText(module, pipeline));
  const types = [...(module.artifacts ?? new Map()).values()].map(({ name, type }): Doc => ["type ", name, " = ", artifactText(type), ";"]);
  const comment = docComment(header);
  const imports: Doc = [comment === undefined ? "" : [comment, hardLine], importsText(module)];
  const sections = [imports, ...(types.length === 0 ? [] : [join(hardLine, types)]), ...declarations];
  return { doc: [join([hardLine, hardLine], sections), hardLine], next: { language: module.language, mayGetNothing: module.mayGetNothing, optionalOutputs: module.optionalOutputs, variables: scope.inside } };
}

// ---------------------------------------------------------------------------------------------- names and imports

/** Names for all that tasks call: containers and pipelines of the module, imported ops. */
function nameCallees(module: Module): void {
  const { document } = module;
  for (const component of Object.values(document.components)) {
    if (component.kind === "importer") continue;
    const key = `component:${component.id}`;
    if (component.kind === "container") module.callees.set(key, takeName(module.scope, component.name));
    else module.callees.set(key, importedOp(module, component.implementation));
  }
  for (const pipeline of Object.values(document.pipelines)) module.callees.set(`pipeline:${pipeline.id}`, takeName(module.scope, pipeline.name, "Pipeline"));
}

/** The name of an op here; one that is a member of an exported object is imported with its object. */
function importedOp(module: Module, { module: path, export: exported }: { module: string; export: string }): string {
  const [root = exported, ...members] = exported.split(".");
  const specifier = relativePath(module.folder, path);
  const imported = module.ops.get(specifier) ?? new Map<string, string>();
  module.ops.set(specifier, imported);
  const name = imported.get(root) ?? takeName(module.scope, root === "default" ? (path.split("/").at(-1) ?? root).replace(/\.\w+$/, "") : root);
  imported.set(root, name);
  return [name, ...members].join(".");
}

function relativePath(folder: string, path: string): string {
  const from = folder === "" ? [] : folder.split("/");
  const to = path.split("/");
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = from.slice(shared).map(() => "..");
  return [...(up.length === 0 ? ["."] : up), ...to.slice(shared)].join("/");
}

function importsText(module: Module): Doc {
  const names = [...module.language].sort((a, b) => Number(a.startsWith("type ")) - Number(b.startsWith("type ")) || (a < b ? -1 : 1));
  const lines = [importText(names, "hmc")];
  for (const [specifier, imported] of [...module.ops].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(importText([...imported].map(([name, local]) => (name === local ? name : `${name} as ${local}`)).sort(), specifier));
  }
  return join(hardLine, lines);
}

function importText(names: readonly string[], specifier: string): Doc {
  return ["import ", bracketed("{", names, "}", line), " from ", quoted(specifier), ";"];
}

/** Containers as the frontend finds them, by their first call; those that nothing calls last. */
function containersInOrder(document: Document): ContainerComponent[] {
  const ordered = new Set<string>();
  const read = new Set<string>();
  const readPipeline = (id: string): void => {
    const pipeline = document.pipelines[id];
    if (pipeline === undefined || read.has(id)) return;
    read.add(id);
    for (const { target } of tasksOf(pipeline.body)) {
      if (target.kind === "pipeline") readPipeline(target.id);
      else ordered.add(target.id);
    }
  };
  document.exported.forEach(readPipeline);
  return [...new Set([...ordered, ...Object.keys(document.components)])].flatMap((id) => {
    const component = document.components[id];
    return component?.kind === "container" ? [component] : [];
  });
}

/** Pipelines that others call before those, and those that are exported last, in their order. */
function pipelinesInOrder(document: Document): Pipeline[] {
  const ordered: Pipeline[] = [];
  const seen = new Set<string>();
  const add = (id: string): void => {
    const pipeline = document.pipelines[id];
    if (pipeline === undefined || seen.has(id) || document.exported.includes(id)) return;
    seen.add(id);
    for (const node of nodesOf(pipeline.body)) if (node.kind === "task" && node.target.kind === "pipeline") add(node.target.id);
    ordered.push(pipeline);
  };
  Object.keys(document.pipelines).forEach(add);
  return [...ordered, ...document.exported.flatMap((id) => document.pipelines[id] ?? [])];
}
