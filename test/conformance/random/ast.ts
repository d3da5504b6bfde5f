/** Random pipelines as data: what the printers (TypeScript, Python) and the interpreter of the conformance checks share. */
import type { Json } from "../../../compiler/ir/types.ts";

export type Scalar = "string" | "Int" | "number" | "boolean";
/** `Plan` is a struct of texts, `Group` one of several types. */
export type Type = Scalar | "string[]" | "Int[]" | "number[]" | "Plan" | "Plan[]" | "Group" | "Group[]" | ArtifactKind | `${ArtifactKind}[]`;
export type ArtifactKind = "Dataset" | "Model";

export interface Port {
  name: string;
  type: Type;
  /** May be left out; without a default it is then absent. */
  optional?: boolean;
  default?: Json;
}

/** What a call can name: an op or a pipeline. */
export interface Callable {
  name: string;
  inputs: Port[];
  outputs: Port[];
}

export interface Op extends Callable {
  /** Its one output is called `Output`: in the source the call itself has that type. */
  single: boolean;
}

export interface Pipeline extends Callable {
  body: Statement[];
  /** One for each output. */
  results: Value[];
}

export type Value =
  | { kind: "constant"; type: Type; value: Json }
  /** A parameter, an item, a variable assigned in branches, or collected results. `optional`: may be absent. */
  | { kind: "name"; type: Type; name: string; optional?: boolean }
  | { kind: "output"; type: Type; task: string; output: string }
  | { kind: "field"; type: Type; item: string; field: string }
  | { kind: "template"; type: "string"; parts: (string | Value)[] }
  // What Python's SDK cannot say:
  | { kind: "binary"; type: Type; operator: string; left: Value; right: Value }
  | { kind: "choice"; type: Type; condition: Condition; yes: Value; no: Value }
  | { kind: "coalesce"; type: Type; value: Value; fallback: Value }
  | { kind: "element"; type: Type; list: Value; index: number; fallback: Value }
  | { kind: "length"; type: "Int"; list: Value };

export type Comparison = "===" | "!==" | "<" | "<=" | ">" | ">=";

export type Condition =
  | { kind: "comparison"; operator: Comparison; left: Value; right: Value }
  | { kind: "and" | "or"; left: Condition; right: Condition }
  | { kind: "not"; of: Condition }
  | { kind: "truth"; value: Value }
  | { kind: "includes"; list: Value; value: Value }
  | { kind: "startsWith"; text: Value; prefix: string };

/** Task options that both languages have. */
export interface Options {
  cache?: false;
  retry?: number | { count: number; backoff: number; factor: number; maxBackoff: number };
  cpu?: { request: string; limit: string };
  memory?: { limit: string };
  gpu?: number;
  env?: Record<string, string>;
  displayName?: string;
  nodeSelector?: Record<string, string>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  imagePullPolicy?: "Always" | "Never";
  timeout?: number;
  secret?: { env: string; name: string; key: string };
  pvc?: { name: string; path: string };
}

export interface Call {
  kind: "call";
  variable: string;
  callable: Callable;
  isPipeline: boolean;
  arguments: Record<string, Value>;
  after: string[];
  options: Options;
}

export interface Arm {
  /** Missing: `else`. */
  condition?: Condition;
  body: Statement[];
}

/** A variable that each arm assigns. */
export interface Select {
  name: string;
  type: Type;
  /** By arm. */
  values: Value[];
  /** Only the first arms assign it: it may be absent after them. */
  optional?: boolean;
}

export type Statement =
  | Call
  | { kind: "if"; style: "if" | "ternary" | "switch"; arms: Arm[]; selects: Select[] }
  | {
      kind: "for";
      style: "for" | "push" | "map";
      item: string;
      items: Value;
      itemType: Type;
      limit?: number;
      body: Statement[];
      /** Lists of what each iteration gives, in order; `from` is a value inside. */
      collected: { name: string; type: Type; from: Value; isNested: boolean }[];
    }
  | { kind: "try"; body: Statement[]; exit: Call };

export interface Program {
  seed: number;
  ops: Op[];
  /** A pipeline comes after those that it calls. */
  pipelines: Pipeline[];
  /** The pipelines that are compiled by themselves. */
  mains: Pipeline[];
}

export const artifactKinds: readonly Type[] = ["Dataset", "Model"];

export function isArtifact(type: Type): boolean {
  return type.startsWith("Dataset") || type.startsWith("Model");
}

export function elementOf(type: Type): Type | undefined {
  return type.endsWith("[]") ? (type.slice(0, -2) as Type) : undefined;
}

export function listOf(type: Type): Type | undefined {
  const lists: Type[] = ["string[]", "Int[]", "number[]", "Plan[]", "Group[]", "Dataset[]", "Model[]"];
  return lists.find((list) => elementOf(list) === type);
}

export const fieldsOf: Partial<Record<Type, Record<string, Type>>> = {
  Plan: { label: "string", kind: "string" },
  Group: { label: "string", depth: "Int", rate: "number", flag: "boolean", parts: "string[]" },
};
