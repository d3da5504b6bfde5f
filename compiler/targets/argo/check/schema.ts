/** The strict schema of Argo's documents, as the walk over a document reads it. */
import schema from "../../../../schemas/argo.schema.json" with { type: "json" };
import { fieldVersions, type FieldVersions } from "../versions.ts";

/** The part of JSON Schema that `compiler/build/argo-schema.mjs` writes. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: string;
  enum?: string[];
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

const definitions = schema.$defs as Record<string, Schema>;

/** A schema without its reference, and the name of the definition that the reference was to. */
export function dereferenced(part: Schema): { name: string | undefined; schema: Schema } {
  const name = part.$ref?.slice("#/$defs/".length);
  return name === undefined ? { name, schema: part } : { name, schema: definitions[name] ?? {} };
}

/** The schema of a kind of document. */
export function schemaOfKind(kind: string): Schema {
  return { $ref: `#/$defs/${kind}` };
}

const versionsByField: ReadonlyMap<string, FieldVersions> = new Map(fieldVersions.map((entry) => [`${entry.type}.${entry.field}`, entry]));

/** What is known of the versions of a field, if some lack it. */
export function versionsOf(type: string, field: string): FieldVersions | undefined {
  return versionsByField.get(`${type}.${field}`);
}
