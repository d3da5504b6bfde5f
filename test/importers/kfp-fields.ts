/** The messages and fields of KFP files, from the tables that the importer reads by, and which of them a file has. */
import type { Field, Message } from "../../compiler/importers/kfp/message.ts";
import { pipelineSpec, taskInputParameter } from "../../compiler/importers/kfp/messages.ts";
import { platformSpec } from "../../compiler/importers/kfp/platform-messages.ts";
import { kfpYaml } from "../../compiler/importers/kfp/yaml-dialect.ts";
import { openSource } from "../../compiler/yaml/source.ts";
import { readYaml } from "../../compiler/yaml/reader.ts";
import { toJson } from "../../compiler/yaml/tree.ts";
import type { Json } from "../../compiler/ir/types.ts";

/** Every message and enum that a KFP file can have. */
function everyPart(): { messages: Message[]; enums: Extract<Field, { kind: "enum" }>[] } {
  const messages = new Map<string, Message>();
  const enums = new Map<string, Extract<Field, { kind: "enum" }>>();
  const addField = (field: Field): void => {
    if (field.kind === "enum") enums.set(field.name, field);
    else if (field.kind === "message") addMessage(field.message());
    else if (field.kind === "list" || field.kind === "map") addField(field.of);
  };
  const addMessage = (message: Message): void => {
    if (messages.has(message.name)) return;
    messages.set(message.name, message);
    Object.values(message.fields).forEach(addField);
  };
  addMessage(pipelineSpec);
  addMessage(platformSpec);
  return { messages: [...messages.values()], enums: [...enums.values()] };
}

/** The fields of each message and the names of each enum, by the name of the message or enum. */
export function everyField(): Map<string, readonly string[]> {
  const { messages, enums } = everyPart();
  return new Map([...messages.map(({ name, fields }) => [name, Object.keys(fields)] as const), ...enums.map(({ name, names }) => [name, names] as const)]);
}

/** The fields of settings that say where their value comes from, as `Message.field`. */
export function sourceFields(): string[] {
  return everyPart().messages.flatMap(({ name, fields }) => (name === "TaskInputsSpec" ? [] : Object.entries(fields).flatMap(([field, kind]) => (isSource(kind) ? [`${name}.${field}`] : []))));
}

/** Whether a field says where the value of a setting comes from. */
function isSource(field: Field): boolean {
  return field.kind === "message" && field.message() === taskInputParameter;
}

/**
 * The fields that a KFP file has, as `Message.field` and `Enum.NAME`, each at a place of its message. Of the sources of
 * settings also `Message.field.source`, e.g. `PvcMount.pvcNameParameter.componentInputParameter`.
 *
 * @param text YAML with fields in lowerCamelCase
 */
export function fieldsIn(text: string): Set<string> {
  const found = new Set<string>();
  const visitMessage = (message: Message, value: Json): void => {
    for (const [name, member] of Object.entries(isObject(value) ? value : {})) {
      const field = message.fields[name];
      if (field === undefined) throw new Error(`${message.name} has no field "${name}"`);
      found.add(`${message.name}.${name}`);
      if (isSource(field) && isObject(member)) for (const source of Object.keys(member)) found.add(`${message.name}.${name}.${source}`);
      visitField(field, member);
    }
  };
  const visitField = (field: Field, value: Json): void => {
    if (field.kind === "enum") found.add(`${field.name}.${String(value)}`);
    else if (field.kind === "message") visitMessage(field.message(), value);
    else if (field.kind === "list" && Array.isArray(value)) for (const item of value) visitField(field.of, item);
    else if (field.kind === "map" && isObject(value)) for (const item of Object.values(value)) visitField(field.of, item);
  };
  for (const document of readYaml(openSource("x.yaml", text), kfpYaml).documents.map(toJson)) visitMessage(isObject(document) && "platforms" in document ? platformSpec : pipelineSpec, document);
  return found;
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
