/**
 * The texts in which KFP fills in what a run knows: placeholders such as `{{$.inputs.parameters['x']}}`, and the
 * arguments `{"IfPresent": …}` and `{"Concat": …}` as the SDK writes them (kfp-lowering 29, 30). `placeholders.ts` reads them.
 */

/** The placeholders of a run as a whole, by what they stand for. */
export const contextFields = {
  runName: "pipeline_job_name",
  runResourceName: "pipeline_job_resource_name",
  runId: "pipeline_job_uuid",
  createTime: "pipeline_job_create_time_utc",
  scheduleTime: "pipeline_job_schedule_time_utc",
  taskName: "pipeline_task_name",
  taskId: "pipeline_task_uuid",
  pipelineRoot: "pipeline_root",
  workspacePath: "workspace_path",
} as const;

export type ContextName = keyof typeof contextFields;

/** With `quote`, names and keys are in double quotes; the SDK writes single ones. */
export type Placeholder =
  | { placeholder: "inputValue" | "inputPath" | "inputUri" | "inputArtifact" | "outputPath" | "outputUri" | "outputFile"; name: string; quote?: '"' }
  | { placeholder: "inputMetadata" | "outputMetadata"; name: string; key?: string; quote?: '"' }
  | { placeholder: "context"; name: ContextName }
  /** The whole executor input. */
  | { placeholder: "executorInput" }
  /** The file for the whole executor output. */
  | { placeholder: "executorOutput" };

/** An argument of a command line. The same shape as `Argument` of the IR, which has fewer placeholders. */
export type ArgumentTree =
  | { kind: "text"; parts: (string | Placeholder)[] }
  /** With `single`, `then` and `otherwise` are one argument each, not lists. */
  | { kind: "ifPresent"; input: string; then: ArgumentTree[]; otherwise: ArgumentTree[]; single?: boolean }
  | { kind: "concat"; items: ArgumentTree[] };

export function printPlaceholder(part: Placeholder): string {
  const at = (name: string): string => ("quote" in part && part.quote === '"' ? `["${name}"]` : `['${name}']`);
  switch (part.placeholder) {
    case "inputValue":
      return `{{$.inputs.parameters${at(part.name)}}}`;
    case "inputPath":
      return `{{$.inputs.artifacts${at(part.name)}.path}}`;
    case "inputUri":
      return `{{$.inputs.artifacts${at(part.name)}.uri}}`;
    case "inputArtifact":
      return `{{$.inputs.artifacts${at(part.name)}}}`;
    case "inputMetadata":
      return `{{$.inputs.artifacts${at(part.name)}.metadata${part.key === undefined ? "" : at(part.key)}}}`;
    case "outputPath":
      return `{{$.outputs.artifacts${at(part.name)}.path}}`;
    case "outputUri":
      return `{{$.outputs.artifacts${at(part.name)}.uri}}`;
    case "outputMetadata":
      return `{{$.outputs.artifacts${at(part.name)}.metadata${part.key === undefined ? "" : at(part.key)}}}`;
    case "outputFile":
      return `{{$.outputs.parameters${at(part.name)}.output_file}}`;
    case "context":
      return `{{$.${contextFields[part.name]}}}`;
    case "executorInput":
      return "{{$}}";
    case "executorOutput":
      return "{{$.outputs.output_file}}";
  }
}

export function printPlaceholders(parts: readonly (string | Placeholder)[]): string {
  return parts.map((part) => (typeof part === "string" ? part : printPlaceholder(part))).join("");
}

/** The text of an argument: placeholders in their text, everything else as the SDK's JSON. */
export function printArgument(argument: ArgumentTree): string {
  return argument.kind === "text" ? printPlaceholders(argument.parts) : pythonJson(structOf(argument));
}

type Struct = string | Struct[] | { [key: string]: Struct };

function structOf(argument: ArgumentTree): Struct {
  switch (argument.kind) {
    case "text":
      return printPlaceholders(argument.parts);
    case "concat":
      return { Concat: argument.items.map(structOf) };
    case "ifPresent": {
      const { input, then, otherwise, single } = argument;
      const side = (list: readonly ArgumentTree[]): Struct => (single === true && list[0] !== undefined ? structOf(list[0]) : list.map(structOf));
      return { IfPresent: { InputName: input, Then: side(then), ...(otherwise.length === 0 ? {} : { Else: side(otherwise) }) } };
    }
  }
}

/** JSON with the spaces and the escapes of Python's `json.dumps`: the back end recognises `{"IfPresent":` by its text. */
export function pythonJson(value: Struct): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${pythonText(key)}: ${pythonJson(item)}`).join(", ")}}`;
  return pythonText(value);
}

function pythonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
