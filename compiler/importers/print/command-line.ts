/** The command line of a container as expressions over its inputs and outputs. */
import { bug } from "../../bug.ts";
import type { Argument, ArgumentPart, ContainerComponent, ContextName } from "../../ir/types.ts";
import { bracketed, group, indent, join, line, type Doc } from "./layout.ts";
import { languageName, text, type Module } from "./module.ts";
import { isPropertyName } from "./names.ts";
import { quoted, templateText } from "./texts.ts";

/** How an input and an output are written inside the lambda. */
export interface CommandNames {
  input: (name: string) => string;
  output: (name: string) => string;
}

interface Writer {
  module: Module;
  component: ContainerComponent;
  names: CommandNames;
  hint: string;
  /** Optional inputs that are there, as a condition around says. */
  present: ReadonlySet<string>;
}

/** The `command`, `args` and `script` that the lambda of a container returns. */
export function commandLine(module: Module, component: ContainerComponent, names: CommandNames, hint: string): { command?: Doc; args?: Doc; script?: Doc } {
  const writer: Writer = { module, component, names, hint, present: new Set() };
  return {
    ...(component.command.length === 0 ? {} : { command: list(writer, component.command) }),
    ...(component.args.length === 0 ? {} : { args: list(writer, component.args) }),
    ...(component.script === undefined ? {} : { script: textArgument(writer, afterBreak(component.script)) }),
  };
}

/** A text of a template of Argo. @param isProgram whether it is read without the line break at its begin */
export function templateTextOf(module: Module, component: ContainerComponent, names: CommandNames, parts: readonly ArgumentPart[], hint: string, isProgram: boolean): Doc {
  return textArgument({ module, component, names, hint, present: new Set() }, isProgram ? afterBreak(parts) : parts);
}

/** The text of a program is read without a line break at its begin. */
function afterBreak(script: readonly ArgumentPart[]): readonly ArgumentPart[] {
  const [first, ...rest] = script;
  return typeof first === "string" && /^\r?\n/.test(first) ? [`\n${first}`, ...rest] : script;
}

/** The name of a property of `run`. */
export function contextProperty(name: ContextName): string {
  switch (name) {
    case "runName":
      return "name";
    case "runResourceName":
      return "resourceName";
    case "runId":
      return "id";
    default:
      return name;
  }
}

function list(writer: Writer, args: readonly Argument[]): Doc {
  return bracketed("[", args.map((argument) => item(writer, argument)), "]");
}

function item(writer: Writer, argument: Argument): Doc {
  switch (argument.kind) {
    case "text":
      return textArgument(writer, argument.parts);
    case "concat":
      return bracketed(`${languageName(writer.module, "concat")}(`, argument.items.map((inner) => item(writer, inner)), ")");
    case "ifPresent": {
      const test = `${writer.names.input(argument.input)} !== undefined`;
      const inside: Writer = { ...writer, present: new Set([...writer.present, argument.input]) };
      const [then, ...moreThen] = argument.then;
      const [otherwise, ...moreOtherwise] = argument.otherwise;
      if (argument.single === true && then !== undefined && moreThen.length + moreOtherwise.length === 0) {
        return choice(test, item(inside, then), otherwise === undefined ? "undefined" : item(writer, otherwise));
      }
      return ["...(", choice(test, list(inside, argument.then), list(writer, argument.otherwise)), ")"];
    }
  }
}

function choice(test: Doc, then: Doc, otherwise: Doc): Doc {
  return group(test, indent(line, "? ", then, line, ": ", otherwise));
}

/** One element of argv: a literal, an expression, or a template literal of several. */
function textArgument(writer: Writer, parts: readonly ArgumentPart[]): Doc {
  const [only] = parts;
  if (only === undefined) return '""';
  if (parts.length === 1) {
    if (typeof only === "string") return text(writer.module, only, writer.hint);
    return isTextByItself(writer, only) ? placeholder(writer, only) : ["`${", placeholder(writer, only), "}`"];
  }
  return ["`", join("", parts.map((part) => (typeof part === "string" ? templateText(part, "keep") : ["${", placeholder(writer, part), "}"]))), "`"];
}

/** Whether the expression of a placeholder need not be made a text. */
function isTextByItself(writer: Writer, part: Exclude<ArgumentPart, string>): boolean {
  if (part.placeholder !== "inputValue") return true;
  const kind = writer.component.inputs[part.name]?.type.kind;
  return kind !== "number" && kind !== "integer" && kind !== "boolean";
}

function placeholder(writer: Writer, part: Exclude<ArgumentPart, string>): string {
  const { module, component, names } = writer;
  switch (part.placeholder) {
    case "inputValue": {
      const kind = component.inputs[part.name]?.type.kind;
      const isJson = kind === "list" || kind === "struct" || kind === "status" || kind === "taskConfig" || kind === "json";
      return isJson ? `JSON.stringify(${names.input(part.name)})` : names.input(part.name);
    }
    case "inputPath":
      return `${artifact(writer, part.name)}path`;
    case "inputUri":
      return `${artifact(writer, part.name)}uri`;
    case "outputPath":
      return `${names.output(part.name)}.path`;
    case "outputUri":
      return `${names.output(part.name)}.uri`;
    case "outputFile":
      return `${languageName(module, "fileOf")}(${names.output(part.name)})`;
    case "inputMetadata":
      return `${artifact(writer, part.name)}metadata${keyAccess(part.key)}`;
    case "outputMetadata":
      return `${names.output(part.name)}.metadata${keyAccess(part.key)}`;
    case "inputArtifact":
      return names.input(part.name);
    case "context":
      return `${languageName(module, "run")}.${contextProperty(part.name)}`;
    case "argoVariable":
      return `${languageName(module, "argoVariable")}(${quoted(part.name)})`;
    case "executorInput":
      return `${languageName(module, "executorInput")}()`;
    default:
      return bug("unknown placeholder");
  }
}

/** The access to a member of an artifact, up to its name. */
function artifact({ component, names, present }: Writer, input: string): string {
  const mayLack = component.inputs[input]?.optional === true && !present.has(input);
  return `${names.input(input)}${mayLack ? "?." : "."}`;
}

function keyAccess(key: string | undefined): string {
  if (key === undefined) return "";
  return isPropertyName(key) ? `.${key}` : `[${quoted(key)}]`;
}
