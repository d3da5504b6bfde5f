/** YAML as data that knows where it stands. */
import type { Json } from "../ir/types.ts";

export interface Range {
  start: number;
  end: number;
}

/** What a scalar of YAML may be in JSON; whole numbers that JavaScript cannot hold are `bigint`. */
export type ScalarValue = null | boolean | number | bigint | string;

export interface YamlScalar extends Range {
  kind: "scalar";
  value: ScalarValue;
  size: 1;
}

export interface YamlList extends Range {
  kind: "list";
  items: YamlNode[];
  /** How many nodes there are in it and under it, where every alias is written out. */
  size: number;
}

export interface YamlEntry {
  key: Range;
  value: YamlNode;
}

export interface YamlMap extends Range {
  kind: "map";
  entries: Map<string, YamlEntry>;
  size: number;
}

export type YamlNode = YamlScalar | YamlList | YamlMap;

/** The value without its places. */
export function toJson(node: YamlNode): Json {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "bigint" ? Number(node.value) : node.value;
    case "list":
      return node.items.map(toJson);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toJson(value)]));
  }
}

/** The member of a map, if the node is a map and has it. */
export function member(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

/** The text of a member. */
export function memberText(node: YamlNode | undefined, key: string): string | undefined {
  const value = member(node, key);
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/** A second spelling that a key may have. */
type Spelling = (key: string) => string;

/** Where the value at a path stands, or its nearest ancestor. */
export function rangeAt(node: YamlNode, path: readonly (string | number)[], spelling?: Spelling): Range {
  return follow(node, path, spelling).value;
}

/** Where the key of the value at a path stands, or that of its nearest ancestor; for an item of a list, the item. */
export function keyAt(node: YamlNode, path: readonly (string | number)[], spelling?: Spelling): Range {
  return follow(node, path, spelling).key;
}

/** The node at a path, or its nearest ancestor, with the range of its key. */
export function follow(node: YamlNode, path: readonly (string | number)[], spelling?: Spelling): { key: Range; value: YamlNode } {
  let current: { key: Range; value: YamlNode } = { key: { start: node.start, end: Math.min(node.end, node.start + 1) }, value: node };
  for (const step of path) {
    const next = stepInto(current.value, step, spelling);
    if (next === undefined) break;
    current = next;
  }
  return current;
}

function stepInto(node: YamlNode, step: string | number, spelling?: Spelling): { key: Range; value: YamlNode } | undefined {
  if (typeof step === "string") return node.kind === "map" ? (node.entries.get(step) ?? (spelling === undefined ? undefined : node.entries.get(spelling(step)))) : undefined;
  const item = node.kind === "list" ? node.items[step] : undefined;
  return item === undefined ? undefined : { key: item, value: item };
}
