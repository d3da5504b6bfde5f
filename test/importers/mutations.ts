/** KFP files that say something else, or the same in other words. */
import type { Json } from "../../compiler/ir/types.ts";
import type { Random } from "../random.ts";

/** A pipeline and its settings, as JSON. */
export interface Sides {
  spec: Json;
  platform: Json;
}

/** A change, and where it was made. */
export interface Mutation {
  where: string;
  changed: Sides;
}

type Path = (string | number)[];
type Holder = Record<string | number, Json>;

/** Every value of a tree, with its path. */
function* valuesOf(value: Json, path: Path = []): Generator<{ path: Path; value: Json }> {
  yield { path, value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* valuesOf(inner as Json, [...path, Array.isArray(value) ? Number(key) : key]);
}

function at(tree: Json, path: Path): Json {
  return path.reduce<Json>((value, key) => (value as Holder | null)?.[key] ?? null, tree);
}

/** What is not part of what a pipeline does: versions. */
const irrelevant = /^spec\/(?:sdkVersion|schemaVersion)$/;

function changedAt(sides: Sides, path: Path, change: (holder: Holder, key: string | number) => void): Mutation {
  const changed = structuredClone(sides);
  change(at(changed as unknown as Json, path.slice(0, -1)) as Holder, path.at(-1) ?? "");
  return { where: path.join("/"), changed };
}

function other(value: Json): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  return `${typeof value === "string" ? value : "null"}x`;
}

/** Texts, numbers and booleans anywhere in the file, each changed. */
export function changedLeaves(sides: Sides, random: Random, count: number): Mutation[] {
  const leaves = [...valuesOf(sides as unknown as Json)].filter(({ value, path }) => (typeof value !== "object" || value === null) && !irrelevant.test(path.join("/")));
  return Array.from({ length: count }, () => random.pick(leaves)).map(({ path, value }) => changedAt(sides, path, (holder, key) => (holder[key] = other(value))));
}

/** Parts of any size, each left out. What proto3 writes as nothing is no part. */
export function removedParts(sides: Sides, random: Random, count: number): Mutation[] {
  const isKept = ({ path, value }: { path: Path; value: Json }): boolean =>
    path.length > 1 && !irrelevant.test(path.join("/")) && !isNothing(value) && !isRedundantEdge(sides, path) && path.at(-1) !== "dependentTasks" && !/\/cachingOptions$/.test(path.join("/"));
  const parts = [...valuesOf(sides as unknown as Json)].filter(isKept);
  return Array.from({ length: count }, () => random.pick(parts)).map(({ path }) =>
    changedAt(sides, path, (holder, key) => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    }),
  );
}

function isNothing(value: Json): boolean {
  return value === null || value === undefined || (typeof value === "object" && Object.values(value).every((inner) => isNothing(inner as Json)));
}

/** A member of `dependentTasks` that gives a value anyway. */
function isRedundantEdge(sides: Sides, path: Path): boolean {
  if (path.at(-2) !== "dependentTasks") return false;
  return producersOf(at(sides as unknown as Json, path.slice(0, -2))).has(String(at(sides as unknown as Json, path)));
}

function producersOf(task: Json): Set<string> {
  const inputs = (task as Holder)["inputs"] ?? {};
  return new Set([...valuesOf(inputs)].flatMap(({ path, value }) => (path.at(-1) === "producerTask" && path.at(-2) !== "taskFinalStatus" ? [String(value)] : [])));
}

/** The named kinds of change: what a file says at places of one kind. Each gives every file in which the change can be made, once. */
export const kinds: Readonly<Record<string, (sides: Sides, random: Random) => Mutation[]>> = {
  "a constant": (sides, random) => one(sides, random, /inputs\/parameters\/[^/]+\/runtimeValue\/constant$/, change),
  "an edge that goes": (sides, random) => one(sides, random, /dependentTasks\/\d+$/, remove, (path) => !isRedundantEdge(sides, path)),
  "an edge that comes": (sides, random) => one(sides, random, /dag\/tasks\/[^/]+$/, (holder, key) => {
    const task = holder[key] as Holder;
    task["dependentTasks"] = [...((task["dependentTasks"] as Json[] | undefined) ?? []), "someone"];
  }),
  "the name of an output": (sides, random) => one(sides, random, /outputDefinitions\/(?:parameters|artifacts)\/[^/]+$/, rename),
  "the name of an input": (sides, random) => one(sides, random, /inputDefinitions\/(?:parameters|artifacts)\/[^/]+$/, rename),
  "an image": (sides, random) => one(sides, random, /container\/image$/, change),
  "an argument": (sides, random) => one(sides, random, /container\/(?:args|command)\/\d+$/, change),
  "an argument more": (sides, random) => one(sides, random, /container\/(?:args|command)$/, (holder, key) => (holder[key] = [...(holder[key] as Json[]), "more"])),
  "two arguments as one": (sides, random) => one(sides, random, /container\/(?:args|command)$/, (holder, key) => (holder[key] = [(holder[key] as Json[]).join(",")]), (_, value) => (value as Json[]).length > 1),
  "the order of arguments": (sides, random) => one(sides, random, /container\/(?:args|command)$/, (holder, key) => (holder[key] as Json[]).reverse(), (_, value) => new Set(value as Json[]).size > 1),
  "an environment variable": (sides, random) => one(sides, random, /container\/env\/\d+\/(?:name|value)$/, change),
  "a resource": (sides, random) => one(sides, random, /container\/resources\/.*[^/]$/, change, isScalar),
  "a Kubernetes setting": (sides, random) => one(sides, random, /^platform\/platforms\/kubernetes\/deploymentSpec\/.+$/, change, isScalar),
  "a setting of the pipeline": (sides, random) => one(sides, random, /pipelineConfig\/.+$/, change, isScalar),
  "a condition": (sides, random) => one(sides, random, /triggerPolicy\/condition$/, (holder, key) => (holder[key] = `!(${String(holder[key])})`)),
  "no condition": (sides, random) => one(sides, random, /triggerPolicy\/condition$/, remove),
  "a trigger strategy": (sides, random) => one(sides, random, /triggerPolicy\/strategy$/, remove),
  "items of a loop": (sides, random) => one(sides, random, /parameterIterator\/items\/raw$/, (holder, key) => (holder[key] = JSON.stringify([...(JSON.parse(String(holder[key])) as Json[]), "more"]))),
  "what a loop runs over": (sides, random) => one(sides, random, /Iterator\/(?:itemInput|items\/input\w+)$/, change),
  "parallelism": (sides, random) => one(sides, random, /parallelismLimit$/, change),
  "caching": (sides, random) => one(sides, random, /cachingOptions\/(?:enableCache|cacheKey)$/, remove),
  "retries": (sides, random) => one(sides, random, /retryPolicy\/\w+$/, change),
  "a display name": (sides, random) => one(sides, random, /taskInfo\/name$/, change),
  "the key of a task": (sides, random) => one(sides, random, /dag\/tasks\/[^/]+$/, rename, (path) => !/^(?:condition|for-loop|exit-handler)/.test(String(path.at(-1)))),
  "a task that goes": (sides, random) => one(sides, random, /dag\/tasks\/[^/]+$/, remove),
  "a source": (sides, random) => one(sides, random, /(?:componentInput(?:Parameter|Artifact)|output(?:Parameter|Artifact)Key|producerTask|producerSubtask)$/, change),
  "a selector": (sides, random) => one(sides, random, /parameterExpressionSelector$/, change),
  "the order of selectors": (sides, random) => one(sides, random, /(?:parameterSelectors|artifactSelectors)$/, (holder, key) => (holder[key] as Json[]).reverse(), (_, value) => (value as Json[]).length > 1),
  "the type of a parameter": (sides, random) => one(sides, random, /parameterType$/, (holder, key) => (holder[key] = holder[key] === "STRING" ? "STRUCT" : "STRING")),
  "the type of an artifact": (sides, random) => one(sides, random, /artifactType\/schema(?:Title|Version)$/, change),
  "a default": (sides, random) => one(sides, random, /defaultValue$/, change, isScalar),
  "whether an input may be missing": (sides, random) => one(sides, random, /isOptional$/, remove),
  "an importer": (sides, random) => one(sides, random, /importer\/.+$/, change, isScalar),
  "a passthrough": (sides, random) => one(sides, random, /taskConfigPassthroughs\/\d+$/, remove),
  "the name of the pipeline": (sides, random) => one(sides, random, /^spec\/pipelineInfo\/name$/, change),
  "the pipeline root": (sides, random) => one(sides, random, /^spec\/defaultPipelineRoot$/, change),
};

type Change = (holder: Holder, key: string | number) => void;

function change(holder: Holder, key: string | number): void {
  const value = holder[key] ?? null;
  holder[key] = typeof value === "object" ? { changed: value } : other(value);
}

function remove(holder: Holder, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function rename(holder: Holder, key: string | number): void {
  holder[`${key}x`] = holder[key] ?? null;
  delete holder[key];
}

function isScalar(_: Path, value: Json): boolean {
  return typeof value !== "object" || value === null;
}

function one(sides: Sides, random: Random, pattern: RegExp, act: Change, fits: (path: Path, value: Json) => boolean = () => true): Mutation[] {
  const places = [...valuesOf(sides as unknown as Json)].filter(({ path, value }) => pattern.test(path.join("/")) && fits(path, value));
  return places.length === 0 ? [] : [changedAt(sides, random.pick(places).path, act)];
}

// ---------------------------------------------------------------------------------------------- the same

/** The same pipeline in other words. */
export const sameThings: Readonly<Record<string, (sides: Sides, random: Random) => Sides>> = {
  "other names of components and executors": (sides) => textual(sides, (text) => text.replace(/"(comp|exec)-([^"]+)"/g, '"$1-other-$2"')),
  // With a digit more in front, for `ireq.py` matches groups in the order of their names as texts.
  "other numbers of groups": (sides) => textual(sides, (text) => text.replace(/\b(condition-branches|condition|for-loop|exit-handler|loop-item-param)-(\d+)/g, (_, kind: string, number: string) => `${kind}-1${number}`)),
  "maps in another order": (sides) => reversed(sides as unknown as Json) as unknown as Sides,
  "edges that data have anyway": (sides) => {
    const copy = structuredClone(sides);
    for (const { path, value } of valuesOf(copy as unknown as Json)) {
      if (!/dag\/tasks\/[^/]+$/.test(path.join("/"))) continue;
      const task = value as Holder;
      const all = new Set([...producersOf(value), ...((task["dependentTasks"] as string[] | undefined) ?? [])]);
      if (all.size > 0) task["dependentTasks"] = [...all].reverse();
    }
    return copy;
  },
  "a copy of each component for each task": copied,
  "equal components as one": shared,
};

function textual(sides: Sides, act: (text: string) => string): Sides {
  return JSON.parse(act(JSON.stringify(sides))) as Sides;
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));
}

interface Graphs {
  components: Record<string, Holder>;
  executors: Record<string, Json>;
  settings: Record<string, Json>;
  root: Holder;
}

function graphsOf({ spec, platform }: Sides): Graphs {
  const { components = {}, deploymentSpec = {}, root = {} } = spec as Record<string, Json>;
  const kubernetes = at(platform ?? {}, ["platforms", "kubernetes", "deploymentSpec", "executors"]);
  return { components: components as Graphs["components"], executors: ((deploymentSpec as Holder)["executors"] ?? {}) as Graphs["executors"], settings: (kubernetes ?? {}) as Graphs["settings"], root: root as Holder };
}

function tasksOf(component: Holder): Holder[] {
  return Object.values((at(component as Json, ["dag", "tasks"]) ?? {}) as Record<string, Holder>);
}

function copied(sides: Sides): Sides {
  const copy = structuredClone(sides);
  const { components, executors, settings, root } = graphsOf(copy);
  let count = 0;
  const copyOf = (name: string): string => {
    const made = structuredClone(components[name] ?? {});
    const fresh = `comp-copy-${++count}`;
    components[fresh] = made;
    const label = made["executorLabel"];
    if (typeof label === "string") {
      made["executorLabel"] = `exec-copy-${count}`;
      executors[`exec-copy-${count}`] = structuredClone(executors[label] ?? {});
      if (settings[label] !== undefined) settings[`exec-copy-${count}`] = structuredClone(settings[label]);
    }
    tasksOf(made).forEach(follow);
    return fresh;
  };
  const follow = (task: Holder): void => {
    const reference = task["componentRef"] as Holder;
    reference["name"] = copyOf(String(reference["name"]));
  };
  tasksOf(root).forEach(follow);
  return copy;
}

function shared(sides: Sides): Sides {
  const copy = structuredClone(sides);
  const { components, executors, settings, root } = graphsOf(copy);
  const all = (): Holder[] => [root, ...Object.values(components)];
  const merge = (names: string[], contentOf: (name: string) => string, replace: (from: string, to: string) => void): void => {
    const known = new Map<string, string>();
    for (const name of names) {
      const first = known.get(contentOf(name));
      if (first === undefined) known.set(contentOf(name), name);
      else replace(name, first);
    }
  };
  merge(Object.keys(executors), (label) => JSON.stringify([executors[label], settings[label]]), (from, to) => {
    for (const component of all()) if (component["executorLabel"] === from) component["executorLabel"] = to;
    delete executors[from];
    delete settings[from];
  });
  for (let size = -1; size !== Object.keys(components).length; ) {
    size = Object.keys(components).length;
    merge(Object.keys(components), (name) => JSON.stringify(components[name]), (from, to) => {
      for (const task of all().flatMap(tasksOf)) {
        const reference = task["componentRef"] as Holder;
        if (reference["name"] === from) reference["name"] = to;
      }
      delete components[from];
    });
  }
  return copy;
}
