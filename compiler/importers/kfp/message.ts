/** How protobuf's messages are described here, so that their JSON form can be read, checked, and written as a JSON Schema. */

export type Field =
  | { kind: "text" | "bool" | "int32" | "int64" | "double" | "duration" }
  /** Any JSON value, `google.protobuf.Value`. */
  | { kind: "value" }
  /** Any JSON object, `google.protobuf.Struct`. */
  | { kind: "struct" }
  /** One of the names of an enum, which is called `name`. */
  | { kind: "enum"; name: string; names: readonly string[] }
  | { kind: "list"; of: Field }
  | { kind: "map"; of: Field }
  | { kind: "message"; message: () => Message };

export interface Message {
  /** The name that KFP gives it, for messages and schemas. */
  name: string;
  /** By their names in lowerCamelCase. */
  fields: Readonly<Record<string, Field>>;
  /** Groups of fields of which a message has at most one. */
  oneofs: readonly (readonly string[])[];
}

/** Describes a message; the type of its JSON form holds the table to having every field. */
export function describe<Form>(name: string, fields: { readonly [Key in keyof Required<Form> & string]: Field }, ...oneofs: (readonly (keyof Form & string)[])[]): Message {
  return { name, fields, oneofs };
}

export const text: Field = { kind: "text" };
export const bool: Field = { kind: "bool" };
export const int32: Field = { kind: "int32" };
export const int64: Field = { kind: "int64" };
export const double: Field = { kind: "double" };
export const duration: Field = { kind: "duration" };
export const value: Field = { kind: "value" };
export const struct: Field = { kind: "struct" };

export function oneOf(name: string, ...names: readonly string[]): Field {
  return { kind: "enum", name, names };
}

export function list(of: Field): Field {
  return { kind: "list", of };
}

export function map(of: Field): Field {
  return { kind: "map", of };
}

/** A message that may be described further down. */
export function message(described: () => Message): Field {
  return { kind: "message", message: described };
}
