/** The comment at the top of a compiled pipeline. */
import type { Document, Input, Json, Pipeline, ValueType } from "../ir/types.ts";

export interface HeaderOptions {
  /** What kind of file it is; the first line. */
  title?: string;
  /** What the type of a parameter or artifact is called. */
  typeName(type: ValueType): string;
  /** The version of hmc. */
  toolVersion: string;
  /** SHA-256 of the sources. */
  digest: string;
  /** The schedule, in the form of the target. */
  schedule?: string | undefined;
  /** Further lines after the digest, `Name: text`. */
  more?: readonly string[];
}

/** The header: what the pipeline is, what goes in and out, and what it was made from. */
export function headerOf(document: Document, pipeline: Pipeline, { title, typeName, toolVersion, digest, schedule, more = [] }: HeaderOptions): string {
  const lines = [...(title === undefined ? [] : [title]), `Name: ${pipeline.id}`];
  if (pipeline.description !== undefined) lines.push(`Description: ${pipeline.description.split("\n").join("\n             ")}`);
  addSignature(lines, "Inputs", Object.entries(pipeline.inputs).map(([name, input]) => `${name}: ${typeName(input.type)}${defaultOf(input)}`));
  addSignature(lines, "Outputs", Object.entries(pipeline.outputs).map(([name, output]) => `${name}: ${typeName(output.type)}`));
  lines.push(`Compiler: hmc ${toolVersion}`, `Source: ${document.entry}`, `Digest: sha256:${digest}`, ...more);
  if (document.environment.length > 0) lines.push(`Environment: ${document.environment.join(", ")}`);
  if (schedule !== undefined) lines.push(`Schedule: ${schedule}`);
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
