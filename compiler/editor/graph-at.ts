/** The picture of the pipeline around the cursor, for a panel beside the text. */
import { armId, graphOf, membersOf } from "../graph/model.ts";
import { svg } from "../graph/svg.ts";
import { nodesOf } from "../ir/traverse.ts";
import type { Pipeline } from "../ir/types.ts";
import { isIn, placeAt, type Location } from "./places.ts";
import type { Answers, Known } from "./service.ts";

export interface PanelGraph {
  /** The pipeline's id. */
  pipeline: string;
  svg: string;
  /** Where the tasks and groups of the picture are written, by their ids. */
  places: Record<string, Location>;
  /** What the cursor is in: the id of a task or group. */
  current?: string;
}

/**
 * @param offset UTF-16 units
 * @returns undefined where the file has no pipeline that could be read
 */
export function graphAt(service: Answers, path: string, offset: number): PanelGraph | undefined {
  const known = service.known(path);
  const pipeline = known === undefined ? undefined : pipelineAt(service, known, path, offset);
  if (known === undefined || pipeline === undefined) return undefined;
  const graph = graphOf(known.document, pipeline);
  const members = membersOf(graph);
  const places: PanelGraph["places"] = {};
  let current: { id: string; length: number } | undefined;
  for (const node of nodesOf(pipeline.body)) {
    const place = { path: service.absolute(known, node.span.file), span: node.span };
    if (members.has(node.id)) places[node.id] = place;
    if (node.kind === "branch") {
      for (const [index, arm] of node.arms.entries()) if (members.has(armId(node, index))) places[armId(node, index)] = { ...place, span: arm.condition?.span ?? node.span };
    }
    const length = node.span.end - node.span.start;
    if (place.path === path && node.kind !== "branch" && node.span.start <= offset && offset <= node.span.end && length <= (current?.length ?? Infinity)) current = { id: node.id, length };
  }
  return { pipeline: pipeline.id, svg: svg(graph), places, ...(current === undefined ? {} : { current: current.id }) };
}

/** The pipeline of the task or name at an offset; else the last one that is declared before it; else the first. */
function pipelineAt(service: Answers, known: Known, path: string, offset: number): Pipeline | undefined {
  const place = placeAt(service, known, path, offset);
  if (place !== undefined && place.kind !== "component") return place.pipeline;
  const here = Object.values(known.document.pipelines).filter(({ span }) => isIn(service, known, span, path)).sort((a, b) => a.span.start - b.span.start);
  return here.findLast(({ span }) => span.start <= offset) ?? here[0];
}
