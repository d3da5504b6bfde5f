/**
 * Whether two KFP files say the same: names of components and executors, their sharing, the numbers of groups, default
 * values and edges that only repeat those of data do not count.
 */
import type { Json } from "../../ir/types.ts";
import type { KfpFile } from "./file.ts";
import { outputProducersOf } from "./producers.ts";
import type { Path } from "./raising.ts";
import type { ComponentSpec, PipelineTaskSpec } from "./spec.ts";

export interface Difference {
  /** Where it stands in the first file. */
  path: Path;
  /** For people: `train / inputs / parameters / depth`. */
  what: string;
  /** What each file has there; undefined where it has nothing. */
  first: Json | undefined;
  second: Json | undefined;
}

type Side = Pick<KfpFile, "spec" | "platform">;

/** What differs, in the order of the first file. */
export function compareKfp(first: Side, second: Side): Difference[] {
  const comparison = new Comparison(first, second);
  comparison.values(first.spec.pipelineInfo, second.spec.pipelineInfo, ["pipelineInfo"], ["pipelineInfo"]);
  comparison.values(first.spec.defaultPipelineRoot, second.spec.defaultPipelineRoot, ["defaultPipelineRoot"], ["defaultPipelineRoot"]);
  comparison.components(first.spec.root ?? {}, second.spec.root ?? {}, ["root"], []);
  const config = ({ platform }: Side): unknown => platform?.platforms?.["kubernetes"]?.pipelineConfig;
  comparison.values(config(first), config(second), ["platforms", "kubernetes", "pipelineConfig"], ["pipelineConfig"]);
  return comparison.differences;
}

const group = /\b(?:condition-branches|condition|for-loop|exit-handler|loop-item-param)-\d+/g;
const groupKey = /^(condition-branches|condition|for-loop|exit-handler)-(\d+)$/;

/** One comparison: the differences found, and which group of the second file each group of the first is. */
class Comparison {
  readonly differences: Difference[] = [];
  readonly #first: Side;
  readonly #second: Side;
  readonly #groups = new Map<string, string>();

  constructor(first: Side, second: Side) {
    this.#first = first;
    this.#second = second;
  }

  components(first: ComponentSpec, second: ComponentSpec, path: Path, what: readonly string[]): void {
    for (const field of ["inputDefinitions", "outputDefinitions", "taskConfigPassthroughs"] as const) this.values(first[field], second[field], [...path, field], [...what, field]);
    if (first.dag !== undefined && second.dag !== undefined) {
      this.#tasks(first.dag.tasks ?? {}, second.dag.tasks ?? {}, [...path, "dag", "tasks"], what);
      this.values(first.dag.outputs, second.dag.outputs, [...path, "dag", "outputs"], [...what, "outputs"]);
      return;
    }
    if (first.dag !== undefined || second.dag !== undefined) return this.#differ(plain(first), plain(second), path, what);
    const [label, other] = [first.executorLabel ?? "", second.executorLabel ?? ""];
    const executor = ({ spec }: Side, of: string): unknown => spec.deploymentSpec?.executors?.[of];
    const kubernetes = ({ platform }: Side, of: string): unknown => platform?.platforms?.["kubernetes"]?.deploymentSpec?.executors?.[of];
    this.values(executor(this.#first, label), executor(this.#second, other), ["deploymentSpec", "executors", label], [...what, "executor"]);
    this.values(kubernetes(this.#first, label), kubernetes(this.#second, other), ["platforms", "kubernetes", "deploymentSpec", "executors", label], [...what, "kubernetes"]);
  }

  #tasks(first: Record<string, PipelineTaskSpec>, second: Record<string, PipelineTaskSpec>, path: Path, what: readonly string[]): void {
    this.#matchGroups(Object.keys(first), Object.keys(second));
    const left = new Set(Object.keys(second));
    for (const [key, task] of Object.entries(first)) {
      const matched = this.#groups.get(key) ?? key;
      const other = second[matched];
      left.delete(matched);
      if (other === undefined) this.#differ(plain(task), undefined, [...path, key], [...what, key]);
      else this.#task(task, other, [...path, key], [...what, key]);
    }
    for (const key of left) this.#differ(undefined, plain(second[key]), path, [...what, key]);
  }

  #task(first: PipelineTaskSpec, second: PipelineTaskSpec, path: Path, what: readonly string[]): void {
    const { componentRef, dependentTasks: _, cachingOptions, ...fields } = first;
    const { componentRef: otherRef, dependentTasks: __, cachingOptions: otherCaching, ...otherFields } = second;
    for (const field of new Set([...Object.keys(fields), ...Object.keys(otherFields)]) as Set<keyof typeof fields>) this.values(fields[field], otherFields[field], [...path, field], [...what, field]);
    const caching = (options: typeof cachingOptions): unknown => (options?.enableCache === true ? options : undefined);
    this.values(caching(cachingOptions), caching(otherCaching), [...path, "cachingOptions"], [...what, "cachingOptions"]);
    const byName = (one: string, other: string): number => (this.#renamed(one) < this.#renamed(other) ? -1 : 1);
    const edges = edgesOf(first).sort(byName);
    this.values(edges, edgesOf(second).sort(), [...path, "dependentTasks"], [...what, "dependentTasks"]);
    const component = (side: Side, name: string | undefined): ComponentSpec => side.spec.components?.[name ?? ""] ?? {};
    this.components(component(this.#first, componentRef?.name), component(this.#second, otherRef?.name), ["components", componentRef?.name ?? ""], what);
  }

  /** Groups of one DAG match by their kind and order. */
  #matchGroups(first: string[], second: string[]): void {
    const byKind = (keys: string[]): Map<string, string[]> => {
      const kinds = new Map<string, string[]>();
      for (const key of keys) {
        const kind = groupKey.exec(key)?.[1];
        if (kind !== undefined) kinds.set(kind, [...(kinds.get(kind) ?? []), key]);
      }
      for (const list of kinds.values()) list.sort((a, b) => Number(groupKey.exec(a)?.[2]) - Number(groupKey.exec(b)?.[2]));
      return kinds;
    };
    const others = byKind(second);
    for (const [kind, keys] of byKind(first)) keys.forEach((key, index) => this.#groups.set(key, others.get(kind)?.[index] ?? key));
  }

  #renamed(text: string): string {
    return text.replace(group, (name) => this.#groups.get(name) ?? name);
  }

  /** Compares values of any shape; what is empty is as good as missing. */
  values(first: unknown, second: unknown, path: Path, what: readonly string[]): void {
    // The items of a loop are JSON in a text: blanks in it mean nothing.
    const [one, other] = path.at(-1) === "raw" ? [parsed(first), parsed(second)] : [plain(first), plain(second)];
    if (one === undefined && other === undefined) return;
    if (isRecord(one) && isRecord(other)) {
      const keys = new Map(Object.keys(one).map((key) => [this.#keyIn(other, key), key]));
      for (const key of new Set([...keys.keys(), ...Object.keys(other)])) this.values(one[keys.get(key) ?? key], other[key], [...path, keys.get(key) ?? key], [...what, keys.get(key) ?? key]);
      return;
    }
    if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
      one.forEach((item, index) => this.values(item, other[index], [...path, index], [...what, String(index)]));
      return;
    }
    if (typeof one === "string" && typeof other === "string") {
      const item = /^pipelinechannel--(loop-item-param-\d+)$/.exec(one)?.[1];
      const otherItem = /^pipelinechannel--(loop-item-param-\d+)$/.exec(other)?.[1];
      if (item !== undefined && otherItem !== undefined && path.at(-1) === "itemInput") this.#groups.set(item, otherItem);
    }
    const same = typeof one === "string" && typeof other === "string" ? this.#renamed(one) === other : JSON.stringify(one) === JSON.stringify(other);
    if (!same) this.#differ(one, other, path, what);
  }

  #keyIn(other: Record<string, Json>, key: string): string {
    const renamed = this.#renamed(key);
    return Object.hasOwn(other, renamed) ? renamed : key;
  }

  #differ(first: Json | undefined, second: Json | undefined, path: Path, what: readonly string[]): void {
    this.differences.push({ path, what: what.join(" / "), first, second });
  }
}

/** The edges of a task, with those that reading outputs makes. A final status makes none: the edge must be written. */
function edgesOf(task: PipelineTaskSpec): string[] {
  return [...new Set([...(task.dependentTasks ?? []), ...outputProducersOf(task)])];
}

/** What a JSON text says; anything else as it is. */
function parsed(text: unknown): Json | undefined {
  if (typeof text !== "string") return plain(text);
  try {
    return plain(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Without empty parts, as proto3 has it. */
function plain(value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => plain(item) ?? null);
  if (typeof value !== "object") return value as Json;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = plain(inner);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
