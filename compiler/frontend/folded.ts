/** Values known at compile time. */
import type { ts } from "ts-morph";
import type { Json } from "../ir/types.ts";

export type Scalar = null | boolean | number | string;

/** A value known at compile time. `node` is where it was written. */
export type Folded =
  | { kind: "value"; value: Scalar; node: ts.Node }
  | { kind: "undefined"; node: ts.Node }
  | Reference
  | { kind: "list"; items: Folded[]; node: ts.Node }
  | { kind: "object"; entries: Map<string, Folded>; node: ts.Node };

/** What the cluster resolves: `secret()`, `configMap()`, `fieldPath()`. */
export type Reference =
  | { kind: "secret" | "configMap"; name: string; key: string; optional?: boolean; node: ts.Node }
  | { kind: "field"; path: string; node: ts.Node };

export function isReference(value: { kind: string }): value is { kind: Reference["kind"] } {
  return value.kind === "secret" || value.kind === "configMap" || value.kind === "field";
}

/** The constant as JSON; undefined where it is `undefined` or holds what the cluster resolves. */
export function foldedToJson(folded: Folded): Json | undefined {
  switch (folded.kind) {
    case "value":
      return folded.value;
    case "undefined":
    case "secret":
    case "configMap":
    case "field":
      return undefined;
    case "list": {
      const items: Json[] = [];
      for (const item of folded.items) {
        const json = foldedToJson(item);
        if (json === undefined) return undefined;
        items.push(json);
      }
      return items;
    }
    case "object": {
      const object: Record<string, Json> = {};
      for (const [key, entry] of folded.entries) {
        if (entry.kind === "undefined") continue;
        const json = foldedToJson(entry);
        if (json === undefined) return undefined;
        object[key] = json;
      }
      return object;
    }
  }
}

/** The constant that JSON is, as if written at `node`. */
export function foldedFromJson(value: Json, node: ts.Node): Folded {
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => foldedFromJson(item, node)), node };
  if (value !== null && typeof value === "object") {
    return { kind: "object", entries: new Map(Object.entries(value).map(([key, entry]) => [key, foldedFromJson(entry, node)])), node };
  }
  return { kind: "value", value, node };
}

/** A member of a constant; `undefined` where there is none. */
export function foldMember(object: Folded, key: string, node: ts.Node): Folded | undefined {
  switch (object.kind) {
    case "object":
      return object.entries.get(key) ?? { kind: "undefined", node };
    case "list":
      if (key === "length") return { kind: "value", value: object.items.length, node };
      return /^\d+$/.test(key) ? (object.items[Number(key)] ?? { kind: "undefined", node }) : undefined;
    case "value":
      if (typeof object.value !== "string") return undefined;
      if (key === "length") return { kind: "value", value: object.value.length, node };
      return /^\d+$/.test(key) ? { kind: "value", value: object.value[Number(key)] ?? "", node } : undefined;
    case "undefined":
    case "secret":
    case "configMap":
    case "field":
      return undefined;
  }
}

export function isTruthy(folded: Folded): boolean {
  return folded.kind === "value" ? Boolean(folded.value) : folded.kind !== "undefined";
}
