/** The graph as data, for other tools. */
import type { Graph } from "./model.ts";

/** @param graphs the pipeline, then the pipelines that it calls */
export function graphJson(graphs: readonly Graph[]): string {
  return `${JSON.stringify({ graphs }, undefined, 2)}\n`;
}
