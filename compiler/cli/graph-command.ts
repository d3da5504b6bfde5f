/** `hmc graph` */
import type { Host } from "../host.ts";
import { dot } from "../graph/dot.ts";
import { graphJson } from "../graph/json.ts";
import { mermaid } from "../graph/mermaid.ts";
import { graphOf, type Graph } from "../graph/model.ts";
import { svg } from "../graph/svg.ts";
import { calledPipelines } from "../ir/calls.ts";
import { graphText } from "../graph/text.ts";
import { analysed, chosen } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeOutput } from "./output.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface GraphFlags {
  format: "text" | "mermaid" | "dot" | "svg" | "json";
  output?: string;
  pipeline?: string;
}

/** Draws a pipeline. In text and JSON, the pipelines that it calls follow. */
export function graphCommand(host: Host, terminal: Terminal, given: string, flags: GraphFlags): number {
  const found = analysed(host, terminal, given);
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const pipeline = chosen(host, terminal, analysis, document, flags.pipeline);
  if (pipeline === undefined) return exitCodes.failure;
  const graph = graphOf(document, pipeline);
  const called = () => calledPipelines(document, pipeline).map((inner) => graphOf(document, inner));
  const text = drawn(graph, called, flags, terminal);
  if (flags.output === undefined || flags.output === "-") terminal.out(text);
  else {
    const { green, bold } = terminal.errColors;
    terminal.err(`${green("✓")} Wrote the graph of ${bold(pipeline.id)} to ${bold(shownPath(host, writeOutput(host, flags.output, text)))}\n`);
  }
  return exitCodes.success;
}

function drawn(graph: Graph, called: () => Graph[], flags: GraphFlags, terminal: Terminal): string {
  switch (flags.format) {
    case "text": {
      const inner = called().map((other) => `\npipeline ${other.pipeline}\n\n${graphText(other, terminal.width)}`);
      return [graphText(graph, terminal.width), ...inner].join("");
    }
    case "mermaid":
      return mermaid(graph);
    case "dot":
      return dot(graph);
    case "svg":
      return svg(graph);
    case "json":
      return graphJson([graph, ...called()]);
  }
}
