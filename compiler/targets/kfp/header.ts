/** The comment at the top of a compiled pipeline. KFP reads back only `# Description:`. */
import type { Document, Input, Json, Pipeline, ValueType } from "../../ir/types.ts";

/** What the type of a parameter or artifact is called there, as the SDK calls it. */
function typeName(type: ValueType): string {
  switch (type.kind) {
    case "string":
    case "json":
      return "str";
    case "number":
      return "float";
    case "integer":
      return "int";
    case "boolean":
      return "bool";
    case "list":
      return "list";
    case "struct":
      return "dict";
    case "status":
      return "PipelineTaskFinalStatus";
    case "taskConfig":
      return "TaskConfig";
    case "artifact": {
      const title = type.schemaTitle === "" ? "system.Artifact" : type.schemaTitle;
      return type.list ? `List[${title}]` : title;
    }
  }
}

/**
 * The header: what the pipeline is, what goes in and out, and what it was made from.
 *
 * @param digest SHA-256 of the sources
 * @param cron the schedule in KFP's form
 */
export function headerOf(document: Document, pipeline: Pipeline, toolVersion: string, digest: string, cron: string | undefined): string {
  const lines = ["PIPELINE DEFINITION", `Name: ${pipeline.id}`];
  if (pipeline.description !== undefined) lines.push(`Description: ${pipeline.description.split("\n").join("\n             ")}`);
  addSignature(lines, "Inputs", Object.entries(pipeline.inputs).map(([name, input]) => `${name}: ${typeName(input.type)}${defaultOf(input)}`));
  addSignature(lines, "Outputs", Object.entries(pipeline.outputs).map(([name, output]) => `${name}: ${typeName(output.type)}`));
  lines.push(`Compiler: hmc ${toolVersion}`, `Source: ${document.entry}`, `Digest: sha256:${digest}`);
  if (document.environment.length > 0) lines.push(`Environment: ${document.environment.join(", ")}`);
  if (cron !== undefined) lines.push(`Schedule: ${cron}`);
  if (pipeline.options.experiment !== undefined) lines.push(`Experiment: ${pipeline.options.experiment}`);
  return lines.flatMap((line) => line.split(/\r\n|[\n\r\u0085\u2028\u2029]/)).map((line) => `# ${printable(line)}`.trimEnd() + "\n").join("");
}

/** Without what YAML allows nowhere in a file, not even in a comment: as its escape. */
function printable(line: string): string {
  return line.replace(/[\0-\u0008\u000b-\u001f\u007f-\u009f\ufeff\ufffe\uffff]|\p{Surrogate}/gu, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

function addSignature(lines: string[], title: string, entries: string[]): void {
  if (entries.length > 0) lines.push(`${title}:`, ...entries.sort().map((entry) => `   ${entry}`));
}

function defaultOf(input: Input): string {
  return input.default === undefined || input.default === null ? "" : ` [Default: ${defaultText(input.default)}]`;
}

function defaultText(value: Json): string {
  return typeof value === "string" ? `'${value}'` : JSON.stringify(value);
}
