/** Random workflows for Argo, good and bad, from a seed. */
import { randomNumbers } from "../random.ts";

/** Random numbers, the same for the same seed. */
export class Random {
  /** From 0 to 1. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = randomNumbers((seed * 2654435761) >>> 0 || 1);
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

const names = ["a", "b", "c-d", "e1", "in", "t.x"];
const values = ["", "x", "1", "[1,2]", '["a","b"]', '{"k":"v"}', 'q"uo\\te', "l1\nl2", "{{workflow.name}}", "a {{ b", "\u0007", "\u{1f680}", "true", "null"];
const expressions = [
  "1 + 1", "asInt(inputs.parameters.p)", "inputs.parameters.p + 'x'", "toJson({'a': 1})", "nope.x", "fromJSON(inputs.parameters.p)[0]", "'a' ==", "item", "retries",
  "workflow.status", "sprig.upper(inputs.parameters.p)", "let x = 1; x", "nil ?? 'd'", "tasks", "len(workflow.parameters)", "map(1..3, {# * 2})", "[1,2][5]",
];

/** The documents of a random workflow "w". */
export function randomWorkflow(random: Random): Fields[] {
  const depth = 1 + random.below(3);
  const templates: Fields[] = [leaf(random, "leaf"), leaf(random, "other"), { name: "wait", suspend: random.chance(0.5) ? { duration: "1h" } : {} }];
  for (let level = 0; level < depth; level++) templates.push(random.chance(0.7) ? dag(random, `g${level}`, templates) : steps(random, `g${level}`, templates));
  const spec: Fields = {
    entrypoint: random.chance(0.97) ? `g${depth - 1}` : "leaf",
    arguments: { parameters: [{ name: "p", value: random.pick(values) }, { name: "q", value: random.pick([1, true, 1.5, "x"]) }] },
    templates,
    ...maybe(random, 0.2, () => ({ onExit: random.pick(["leaf", "other", "g0"]) })),
    ...maybe(random, 0.1, () => ({ parallelism: 1 + random.below(3) })),
    ...maybe(random, 0.1, () => ({ templateDefaults: { retryStrategy: { limit: 1 } } })),
    ...maybe(random, 0.1, () => ({ hooks: { h: { template: "leaf", expression: random.pick(["workflow.status == 'Running'", "true", "1", "nope"]) } } })),
    ...maybe(random, 0.1, () => ({ activeDeadlineSeconds: 100 })),
  };
  return [{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w", labels: { l: "v" } }, spec }];
}

function maybe(random: Random, probability: number, make: () => Fields): Fields {
  return random.chance(probability) ? make() : {};
}

function leaf(random: Random, name: string): Fields {
  return {
    name,
    inputs: {
      parameters: [{ name: "p", ...maybe(random, 0.7, () => ({ default: random.pick(values) })) }],
      ...maybe(random, 0.3, () => ({ artifacts: [{ name: "f", path: "/f", optional: random.chance(0.8) }] })),
    },
    ...(random.chance(0.8)
      ? { container: { image: "i", command: ["c"], args: [text(random, []), "{{inputs.parameters.p}}"], env: [{ name: "E", value: text(random, []) }] } }
      : { script: { image: "i", command: ["sh"], source: text(random, []) } }),
    outputs: {
      parameters: [{ name: "o", valueFrom: { path: "/o", ...maybe(random, 0.3, () => ({ default: "d" })) }, ...maybe(random, 0.1, () => ({ globalName: "g" })) }],
      ...maybe(random, 0.3, () => ({ artifacts: [{ name: "m", path: "/m", ...maybe(random, 0.3, () => ({ s3: { key: text(random, []) } })) }] })),
    },
    ...maybe(random, 0.3, () => ({
      retryStrategy: {
        limit: random.pick([0, 1, "2", "{{inputs.parameters.p}}"]),
        ...maybe(random, 0.4, () => ({ retryPolicy: random.pick(["Always", "OnError", "OnFailure", "Never"]) })),
        ...maybe(random, 0.3, () => ({ expression: random.pick(["asInt(retries) < 1", "lastRetry.status == 'Failed'", "nope"]) })),
        ...maybe(random, 0.3, () => ({ backoff: { duration: random.pick(["1", "1m", "x"]), factor: 2 } })),
      },
    })),
    ...maybe(random, 0.1, () => ({ memoize: { key: random.pick(["k", "{{inputs.parameters.p}}"]), maxAge: "1h", cache: { configMap: { name: "c" } } } })),
    ...maybe(random, 0.1, () => ({ synchronization: { mutexes: [{ name: "x" }] } })),
  };
}

function dag(random: Random, name: string, templates: readonly Fields[]): Fields {
  const tasks: Fields[] = [];
  const count = 1 + random.below(5);
  for (let index = 0; index < count; index++) {
    const before = tasks.map((task) => task["name"] as string);
    const task = call(random, `${random.pick(["t", "x", "a-b"])}${index}`, templates, before, "tasks");
    if (before.length > 0 && random.chance(0.6)) {
      const result = (): string => random.pick(["", ".Succeeded", ".Failed", ".Skipped", ".AnySucceeded", ".Omitted"]);
      task["depends"] = before.filter(() => random.chance(0.5)).map((one) => `${random.chance(0.1) ? "!" : ""}${one}${result()}`).join(random.chance(0.5) ? " && " : " || ");
    }
    tasks.push(task);
  }
  const outputs = random.chance(0.5) ? { outputs: groupOutputs(random, tasks.map((task) => task["name"] as string), "tasks") } : {};
  return { name, ...groupInputs(random), dag: { tasks, ...maybe(random, 0.2, () => ({ failFast: false })) }, ...outputs, ...groupPolicy(random) };
}

function steps(random: Random, name: string, templates: readonly Fields[]): Fields {
  const groups: Fields[][] = [];
  const before: string[] = [];
  for (let group = 0; group < 1 + random.below(3); group++) {
    const made = Array.from({ length: 1 + random.below(2) }, (_, index) => call(random, `s${group}${index}`, templates, before, "steps"));
    groups.push(made);
    before.push(...made.map((step) => step["name"] as string));
  }
  return { name, ...groupInputs(random), steps: groups, ...(random.chance(0.5) ? { outputs: groupOutputs(random, before, "steps") } : {}), ...groupPolicy(random) };
}

function groupInputs(random: Random): Fields {
  return { inputs: { parameters: [{ name: "p", default: random.pick(values) }] } };
}

function groupPolicy(random: Random): Fields {
  return {
    ...maybe(random, 0.2, () => ({ parallelism: 1 + random.below(2) })),
    ...maybe(random, 0.15, () => ({ failFast: true })),
    ...maybe(random, 0.1, () => ({ retryStrategy: { limit: 1 } })),
  };
}

function groupOutputs(random: Random, members: readonly string[], prefix: string): Fields {
  const member = random.pick(members);
  const from = random.chance(0.5) ? { parameter: `{{${prefix}.${member}.outputs.parameters.o}}` } : { expression: random.pick([`${prefix}['${member}'].status == 'Succeeded' ? ${prefix}['${member}'].outputs.parameters.o : nil`, `${prefix}['${member}'].outputs.parameters.o`, "1", "[1, 'a']", "x"]) };
  return {
    parameters: [{ name: "o", valueFrom: { ...from, ...maybe(random, 0.5, () => ({ default: "none" })) } }],
    ...maybe(random, 0.3, () => ({ artifacts: [{ name: "m", optional: random.chance(0.5), ...(random.chance(0.5) ? { from: `{{${prefix}.${member}.outputs.artifacts.m}}` } : { fromExpression: `${prefix}['${member}'].outputs.artifacts.m` }) }] })),
  };
}

function call(random: Random, name: string, templates: readonly Fields[], before: readonly string[], prefix: string): Fields {
  const inLoop = random.chance(0.25);
  return {
    name: random.chance(0.02) ? random.pick(names) : name,
    ...(random.chance(0.97) ? { template: random.pick(templates)["name"] as string } : { inline: { container: { image: "i", command: ["c"] } } }),
    arguments: {
      parameters: [{ name: "p", value: text(random, before, prefix, inLoop) }],
      ...maybe(random, 0.2, () => ({ artifacts: [{ name: "f", ...(before.length > 0 && random.chance(0.7) ? { from: `{{${prefix}.${random.pick(before)}.outputs.artifacts.m}}` } : { raw: { data: "x" } }), ...maybe(random, 0.5, () => ({ optional: true })) }] })),
    },
    ...maybe(random, 0.3, () => ({ when: random.pick(["true", "false", "x == x", "{{= 1 > 2 }}", "a-b ==", `{{${prefix}.${before[0] ?? "z"}.status}} == Succeeded`, inLoop ? "{{item}} == 1" : "1 == 1"]) })),
    ...(inLoop ? loop(random, before, prefix) : {}),
    ...maybe(random, 0.1, () => ({ continueOn: { failed: true } })),
    ...maybe(random, 0.15, () => ({ hooks: { [random.pick(["exit", "exit", "h"])]: { template: random.pick(["leaf", "other"]), ...maybe(random, 0.5, () => ({ expression: random.pick([`${prefix}['${name}'].status == 'Succeeded'`, "true", "nope"]) })), arguments: { parameters: [{ name: "p", value: `{{${prefix}.${name}.status}}` }] } } } })),
  };
}

function loop(random: Random, before: readonly string[], prefix: string): Fields {
  return random.pick<() => Fields>([
    () => ({ withItems: random.pick<Json[]>([[1, 2], ["a", "b(c)"], [{ k: 1 }, { k: "x" }], [null, [1], true], []]) }),
    () => ({ withParam: random.pick(["[]", "[1,2]", '[{"k":1.50}]', "x", "{{inputs.parameters.p}}", `{{${prefix}.${before[0] ?? "z"}.outputs.parameters.o}}`, `{{${prefix}.${before[0] ?? "z"}.outputs.result}}`]) }),
    () => ({ withSequence: random.pick<Fields>([{ count: 2 }, { count: "{{= 1 + 1 }}" }, { start: 3, end: 1 }, { count: 0 }, { count: "x" }, { end: 2, format: "i%02d" }]) }),
  ])();
}

function text(random: Random, before: readonly string[], prefix = "tasks", inLoop = false): string {
  const parts = Array.from({ length: 1 + random.below(2) }, () => {
    const member = before.length > 0 ? random.pick(before) : "z";
    return random.pick([
      random.pick(values),
      "{{inputs.parameters.p}}",
      "{{workflow.parameters.q}}",
      `{{= ${random.pick(expressions)} }}`,
      ...(inLoop ? ["{{item}}", "{{item.k}}", "{{= item }}"] : []),
      ...(before.length > 0 ? [`{{${prefix}.${member}.outputs.parameters.o}}`, `{{${prefix}.${member}.status}}`, `{{= ${prefix}['${member}'].outputs.parameters.o ?? 'none' }}`] : []),
    ]);
  });
  return parts.join(random.pick(["", " "]));
}

/** The documents with something in them deleted, doubled or replaced by what does not belong there. */
export function damaged(random: Random, documents: readonly unknown[]): unknown[] {
  const copy = structuredClone(documents) as Json[];
  const places: { parent: Json[] | Fields; key: string | number }[] = [];
  const visit = (at: Json): void => {
    if (typeof at !== "object" || at === null) return;
    for (const key of Array.isArray(at) ? at.keys() : Object.keys(at)) {
      places.push({ parent: at, key });
      visit((at as Fields)[key] as Json);
    }
  };
  visit(copy);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const { parent, key } = random.pick(places);
    const replacement = random.pick<Json>([null, 0, -1, "", "x", true, [], {}, [[]], "{{", "}}", "{{=", { name: "a" }, 1e300, "{{item}}", ["a"]]);
    if (Array.isArray(parent)) parent.splice(key as number, 1, ...random.pick<Json[]>([[], [replacement], [parent[key as number] as Json, parent[key as number] as Json]]));
    else if (random.chance(0.4)) delete parent[key];
    else parent[key] = replacement;
  }
  return copy;
}
