/** The outline of a file, and the ways between a pipeline and the YAML of its components. */
import { posix } from "node:path";
import { textSpan } from "../diagnostics/text-span.ts";
import type { Block, Node, Span } from "../ir/types.ts";
import { blocksOf } from "../ir/traverse.ts";
import { currentDocument, isIn, type Location } from "./places.ts";
import type { Known, Service } from "./service.ts";

export interface Symbol {
  name: string;
  detail: string;
  kind: "pipeline" | "component" | "task" | "region";
  span: Span;
  children: Symbol[];
}

export function documentSymbols(service: Service, path: string): Symbol[] {
  const known = currentDocument(service, path);
  if (known === undefined) return [];
  const isHere = ({ span }: { span: Span }): boolean => isIn(service, known, span, path);
  const components = Object.values(known.document.components).filter(isHere);
  const pipelines = Object.values(known.document.pipelines).filter(isHere);
  const starts = [...components, ...pipelines].map(({ span }) => span.start).sort((a, b) => a - b);
  const symbols: Symbol[] = [
    ...components.map((component): Symbol => ({ name: component.name, detail: component.kind, kind: "component", span: component.span, children: [] })),
    ...pipelines.map((pipeline): Symbol => {
      // The span of a pipeline is its name: it goes on to the next declaration at most.
      const end = starts.find((start) => start > pipeline.span.start) ?? Infinity;
      const children = membersOf(known, pipeline.body, { ...pipeline.span, end });
      return { name: pipeline.name, detail: "pipeline", kind: "pipeline", span: children.reduce((span, child) => through(span, child.span), pipeline.span), children };
    }),
  ];
  return symbols.sort((a, b) => a.span.start - b.span.start);
}

/** The nodes of a block that are written inside a stretch: those of a helper function stand elsewhere. */
function membersOf(known: Known, block: Block, around: Span): Symbol[] {
  return block.nodes.flatMap((node): Symbol[] => {
    const isInside = node.span.file === around.file && around.start <= node.span.start && node.span.end <= around.end;
    const children = blocksOf(node).flatMap((inner) => membersOf(known, inner, around));
    if (!isInside) return children;
    const span = children.reduce((whole, child) => through(whole, child.span), node.span);
    return [{ name: node.id, detail: detailOf(known, node), kind: node.kind === "task" ? "task" : "region", span, children }];
  });
}

/** A span that goes on to the end of a later one. */
function through(span: Span, later: Span): Span {
  return later.end <= span.end ? span : { ...span, end: later.end, endLine: later.endLine, endColumn: later.endColumn };
}

function detailOf({ document }: Known, node: Node): string {
  if (node.kind !== "task") return node.kind;
  return (node.target.kind === "pipeline" ? document.pipelines[node.target.id] : document.components[node.target.id])?.name ?? node.target.id;
}

/** The YAML that `component("./x.yaml")` names, where the offset is in its path. */
export function definition(service: Service, path: string, offset: number): Location[] {
  const text = service.text(path) ?? "";
  for (const { target, start, end } of componentPaths(path, text)) {
    if (start <= offset && offset <= end) return [{ path: target, span: startOf(target) }];
  }
  return [];
}

/** The calls of `component()` in open files that name a YAML: the way back. */
export function usesOfComponent(service: Service, yaml: string): Location[] {
  const files = new Set(service.allKnown().flatMap((known) => [...known.texts.keys()].map((file) => service.absolute(known, file))));
  for (const entry of service.entries()) files.add(entry);
  return [...files].flatMap((path) => {
    const text = service.text(path) ?? service.allKnown().flatMap((known) => known.texts.get(posix.relative(known.root, path)) ?? [])[0] ?? "";
    return componentPaths(path, text).filter(({ target }) => target === yaml).map(({ start, end }) => ({ path, span: textSpan(path, text, start, end) }));
  });
}

function componentPaths(path: string, text: string): { target: string; start: number; end: number }[] {
  return [...text.matchAll(/\bcomponent\s*\(\s*(["'`])([^"'`\n]+)\1/g)].map((match) => {
    const written = match[2] ?? "";
    const end = match.index + match[0].length - 1;
    return { target: posix.resolve(posix.dirname(path), written), start: end - written.length, end };
  });
}

function startOf(file: string): Span {
  return { file, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
