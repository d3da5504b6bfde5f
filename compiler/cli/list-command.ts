/** `hmc list` */
import type { Host } from "../host.ts";
import { describeType } from "../ir/describe.ts";
import type { Component, Document, Input, Pipeline } from "../ir/types.ts";
import { analysed } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface ListFlags {
  format: "text" | "json";
}

/** Lists the pipelines that a file exports and the ops that these use or that it exports, with the types of what goes in and out. */
export function listCommand(host: Host, terminal: Terminal, given: string, flags: ListFlags): number {
  const found = analysed(host, terminal, given, "exported");
  if (found === undefined) return exitCodes.failure;
  const { document } = found;
  if (flags.format === "json") terminal.out(`${JSON.stringify(listing(document), undefined, 2)}\n`);
  else terminal.out(text(document, terminal));
  return exitCodes.success;
}

function listing(document: Document) {
  const inputs = (of: Record<string, Input>) =>
    Object.entries(of).map(([name, input]) => ({
      name,
      type: describeType(input.type),
      optional: input.optional,
      ...(input.default === undefined ? {} : { default: input.default }),
      ...(input.description === undefined ? {} : { description: input.description }),
    }));
  const outputs = (of: Pipeline["outputs"] | Component["outputs"]) => Object.entries(of).map(([name, output]) => ({ name, type: describeType(output.type) }));
  const entry = (of: Pipeline | Component) => ({
    id: of.id,
    name: of.name,
    ...(of.description === undefined ? {} : { description: of.description }),
    inputs: inputs(of.inputs),
    outputs: outputs(of.outputs),
    file: of.span.file,
    line: of.span.line,
  });
  return {
    pipelines: Object.values(document.pipelines).map((pipeline) => ({ ...entry(pipeline), exported: document.exported.includes(pipeline.id) })),
    components: Object.values(document.components).map((component) => ({ kind: component.kind, ...entry(component) })),
  };
}

function text(document: Document, terminal: Terminal): string {
  const { bold, dim, cyan } = terminal.outColors;
  const { pipelines, components } = listing(document);
  const lines: string[] = [];
  const section = (title: string, entries: readonly (typeof pipelines[number] | typeof components[number])[]) => {
    if (entries.length === 0) return;
    lines.push(bold(title));
    for (const entry of entries) {
      const kind = "kind" in entry && entry.kind !== "op" ? dim(` (${entry.kind})`) : "";
      lines.push(`  ${cyan(entry.id)}${kind}  ${dim(`${entry.file}:${entry.line}`)}`);
      if (entry.description !== undefined) lines.push(`    ${entry.description.split("\n")[0] ?? ""}`);
      const width = Math.max(0, ...[...entry.inputs, ...entry.outputs].map(({ name }) => name.length + 1));
      for (const input of entry.inputs) {
        const mark = input.optional && !("default" in input) ? "?" : "";
        const fallback = "default" in input ? dim(` = ${JSON.stringify(input.default)}`) : "";
        lines.push(`    ${dim("in ")} ${`${input.name}${mark}`.padEnd(width)} ${input.type}${fallback}`);
      }
      for (const output of entry.outputs) lines.push(`    ${dim("out")} ${output.name.padEnd(width)} ${output.type}`);
    }
    lines.push("");
  };
  section("Pipelines", pipelines.filter((pipeline) => pipeline.exported));
  section("Sub-pipelines", pipelines.filter((pipeline) => !pipeline.exported));
  section("Ops", components);
  return `${lines.join("\n").trimEnd()}\n`;
}
