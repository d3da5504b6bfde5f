/** The JSON Schemas of KFP files, from the tables that the importer reads by; `HMC_UPDATE=1` on `schema.test.ts` writes them. */
import type { Field, Message } from "../../compiler/importers/kfp/message.ts";
import { pipelineSpec } from "../../compiler/importers/kfp/messages.ts";
import { platformSpec } from "../../compiler/importers/kfp/platform-messages.ts";
import type { Json } from "../../compiler/ir/types.ts";

type Schema = Record<string, Json>;

/** The files of `schemas/`, with the document that each describes. */
export const kfpSchemas = {
  "kfp.schema.json": () => schemaOf("kfp.schema.json", pipelineSpec, "A pipeline or component that the compiler of KFP v2 writes (schema version 2.1.0), with what it keeps as free data, too."),
  "kfp-platform.schema.json": () => schemaOf("kfp-platform.schema.json", platformSpec, "The second document of a KFP v2 file: settings for Kubernetes."),
};

function schemaOf(file: string, root: Message, description: string): Schema {
  const definitions = new Map<string, Schema>();
  const define = (message: Message): string => {
    if (!definitions.has(message.name)) {
      definitions.set(message.name, {});
      definitions.set(message.name, messageSchema(message, define));
    }
    return `#/$defs/${message.name}`;
  };
  const reference = define(root);
  const $defs = Object.fromEntries([...definitions].sort(([left], [right]) => (left < right ? -1 : 1)));
  return { $schema: "https://json-schema.org/draft/2020-12/schema", $id: file, title: root.name, description, $ref: reference, $defs };
}

function messageSchema({ fields, oneofs }: Message, define: (message: Message) => string): Schema {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, nullable(fieldSchema(field, define))]));
  const pairs = oneofs.flatMap((group) => group.flatMap((left, index) => group.slice(index + 1).map((right) => [left, right] as const)));
  const isGiven = (name: string): Schema => ({ type: "object", required: [name], properties: { [name]: { not: { type: "null" } } } });
  return {
    type: "object",
    additionalProperties: false,
    properties,
    ...(pairs.length === 0 ? {} : { allOf: pairs.map(([left, right]) => ({ not: { allOf: [isGiven(left), isGiven(right)] } })) }),
  };
}

/** A member that is null is as good as missing. */
function nullable(schema: Schema): Schema {
  if (Object.keys(schema).length === 0) return schema;
  return typeof schema["type"] === "string" ? { ...schema, type: [schema["type"], "null"] } : { anyOf: [schema, { type: "null" }] };
}

function fieldSchema(field: Field, define: (message: Message) => string): Schema {
  switch (field.kind) {
    case "text":
      return { type: "string" };
    case "bool":
      return { type: "boolean" };
    case "int32":
      return { anyOf: [{ type: "integer", minimum: -2147483648, maximum: 2147483647 }, { type: "string", pattern: "^-?[0-9]{1,10}(\\.0+)?([eE][0-9])?$" }] };
    case "int64":
      return { anyOf: [{ type: "integer", minimum: -9223372036854775808, maximum: 9223372036854775807 }, { type: "string", pattern: "^-?[0-9]{1,19}(\\.0+)?([eE][0-9]{1,2})?$" }] };
    case "double":
      return { anyOf: [{ type: "number" }, { type: "string", pattern: "^(-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?|NaN|-?Infinity)$" }] };
    case "duration":
      return { type: "string", pattern: "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$" };
    case "value":
      return {};
    case "struct":
      return { type: "object" };
    case "enum":
      return { enum: [...field.names, ...field.names.keys()] };
    case "list":
      return { type: "array", items: fieldSchema(field.of, define) };
    case "map":
      return { type: "object", additionalProperties: fieldSchema(field.of, define) };
    case "message":
      return { $ref: define(field.message()) };
  }
}
