/** TypeScript types of inputs and outputs → types of the IR. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Input, ValueType } from "../../compiler/ir/types.ts";
import { op } from "./components.ts";

const artifact = (schemaTitle: string, list = false): ValueType => ({ kind: "artifact", schemaTitle, schemaVersion: "0.0.1", list });

/** The input `x` of an op that declares it so. */
function input(declared: string, before = ""): Input {
  const { component, mistakes } = op(`${before}\nexport const o = op(async (input: { x${declared} }) => { console.log(input); });`);
  assert.equal(mistakes, []);
  const found = component?.inputs["x"];
  assert.ok(found !== undefined);
  return found as Input;
}

const cases: [declared: string, type: ValueType, before?: string][] = [
  [": string", { kind: "string" }],
  [": number", { kind: "number" }],
  [": Int", { kind: "integer" }],
  [": boolean", { kind: "boolean" }],
  [": true", { kind: "boolean" }],
  [`: "gbt" | "forest" | "ada"`, { kind: "string", literals: ["gbt", "forest", "ada"] }],
  [": 3 | 1 | 2", { kind: "integer", literals: [3, 1, 2] }],
  [": 0.5 | 0.25", { kind: "number", literals: [0.5, 0.25] }],
  [": Kind", { kind: "string", literals: ["zeta", "alpha", "mid"] }, `type Zeta = "zeta"; type Kind = Zeta | ("alpha" | "mid");`],
  [": Size", { kind: "string", literals: ["small", "large", "big"] }, `enum Size { Small = "small", Large = "large", Big = "big" }`],
  [": Level", { kind: "integer", literals: [2, 1] }, `enum Level { High = 2, Low = 1 }`],
  [": (typeof kinds)[number]", { kind: "string", literals: ["z", "y", "a"] }, `const kinds = ["z", "y", "a"] as const;`],
  [": keyof typeof table", { kind: "string", literals: ["zed", "why", "ay"] }, `const table = { zed: 1, why: 2, ay: 3 };`],
  [": Uppercase<'b' | 'a'>", { kind: "string", literals: ["A", "B"] }],
  [": `run-${string}`", { kind: "string" }],
  [": number[]", { kind: "list", items: { kind: "number" } }],
  [": readonly string[]", { kind: "list", items: { kind: "string" } }],
  [": Int[][]", { kind: "list", items: { kind: "list", items: { kind: "integer" } } }],
  [": [number, number]", { kind: "list", items: { kind: "number" }, tuple: [{ kind: "number" }, { kind: "number" }] }],
  [": readonly [number, string]", { kind: "list", items: { kind: "json" }, tuple: [{ kind: "number" }, { kind: "string" }] }],
  [": [string, ...string[]]", { kind: "list", items: { kind: "string" } }],
  [": (string | number)[]", { kind: "list", items: { kind: "json" } }],
  [": (string | null)[]", { kind: "list", items: { kind: "json" } }],
  [": (string | undefined)[]", { kind: "list", items: { kind: "json" } }],
  [": Record<string, number | null>", { kind: "struct", properties: {}, additional: { kind: "json" } }],
  [": unknown[]", { kind: "list", items: { kind: "json" } }],
  [": Record<string, string>", { kind: "struct", properties: {}, additional: { kind: "string" } }],
  [": Record<'a' | 'b', Int>", { kind: "struct", properties: { a: { type: { kind: "integer" }, optional: false }, b: { type: { kind: "integer" }, optional: false } } }],
  [": { [name: string]: number; total: number }", { kind: "struct", properties: { total: { type: { kind: "number" }, optional: false } }, additional: { kind: "number" } }],
  [": { a: string; b?: number; c: string | null }", {
    kind: "struct",
    properties: { a: { type: { kind: "string" }, optional: false }, b: { type: { kind: "number" }, optional: true }, c: { type: { kind: "string" }, optional: false, nullable: true } },
  }],
  [": Partial<Pick<Base, 'a'>> & { z: boolean }", { kind: "struct", properties: { a: { type: { kind: "string" }, optional: true }, z: { type: { kind: "boolean" }, optional: false } } }, "interface Base { a: string; b: number }"],
  [": Tree", { kind: "struct", properties: { value: { type: { kind: "number" }, optional: false }, children: { type: { kind: "list", items: { kind: "json" } }, optional: false } } }, "interface Tree { value: number; children: Tree[] }"],
  [": { kind: 'a'; n: number } | { kind: 'b'; s: string }", {
    kind: "struct",
    properties: { kind: { type: { kind: "string", literals: ["a", "b"] }, optional: false }, n: { type: { kind: "number" }, optional: true }, s: { type: { kind: "string" }, optional: true } },
  }],
  [": Dataset", artifact("system.Dataset")],
  [": HTML", artifact("system.HTML")],
  [": Artifact", artifact("system.Artifact")],
  [`: Artifact<"acme.Tokenizer">`, artifact("acme.Tokenizer")],
  [": Tokenizer", artifact("acme.Tokenizer"), `interface Tokenizer extends Artifact<"acme.Tokenizer"> {}`],
  [": Dataset | Model", artifact("system.Artifact")],
  [": Model[]", artifact("system.Model", true)],
  [": RunStatus", { kind: "status" }],
];

for (const [declared, type, before] of cases) {
  test(`x${declared}`, () => {
    const found = input(declared, before);
    assert.equal(found.type, type);
    assert.is(found.optional, false);
  });
}

test("an optional input: with ? or undefined", () => {
  assert.is(input("?: string").optional, true);
  assert.equal(input("?: 'a' | 'b'").type, { kind: "string", literals: ["a", "b"] });
  assert.is(input(": Dataset | undefined").optional, true);
});

test("a type from another file, and its documentation", () => {
  const files = { "shape.ts": `export interface Shape {\n  /** How often. */\n  times: number;\n  /** On one line. */ name?: string;\n}` };
  const { component, mistakes } = op(`import type { Shape } from "./shape.ts";\nexport const o = op(async (input: { x: Shape[] }) => { console.log(input); });`, "o", files);
  assert.equal(mistakes, []);
  assert.equal(component?.inputs["x"]?.type, {
    kind: "list",
    items: { kind: "struct", properties: { times: { type: { kind: "number" }, optional: false, description: "How often." }, name: { type: { kind: "string" }, optional: true, description: "On one line." } } },
  });
});

const refused: [declared: string, code: string, path: string, before?: string][] = [
  [": () => void", "HMC2001", "o.x"],
  [": Date", "HMC2001", "o.x"],
  [": Map<string, number>", "HMC2001", "o.x"],
  [": Set<string>", "HMC2001", "o.x"],
  [": Promise<string>", "HMC2001", "o.x"],
  [": RegExp", "HMC2001", "o.x"],
  [": Uint8Array", "HMC2001", "o.x"],
  [": bigint", "HMC2001", "o.x"],
  [": 1n", "HMC2001", "o.x"],
  [": symbol", "HMC2001", "o.x"],
  [": Point", "HMC2001", "o.x", "class Point { constructor(readonly at: number) {} }"],
  [": { inner: { when: Date } }", "HMC2001", "o.x.inner.when"],
  [": { at: Date }[]", "HMC2001", "o.x[].at"],
  [": [string, Date]", "HMC2001", "o.x[1]"],
  [": Record<string, Date>", "HMC2001", "o.x[string]"],
  [": { area(): number }", "HMC2001", "o.x.area"],
  [": any", "HMC2002", "o.x"],
  [": any[]", "HMC2002", "o.x[]"],
  [": unknown", "HMC2002", "o.x"],
  [": object", "HMC2002", "o.x"],
  [": never", "HMC2002", "o.x"],
  [": undefined", "HMC2002", "o.x"],
  [": string | number", "HMC2003", "o.x"],
  [": string | string[]", "HMC2003", "o.x"],
  [": Json", "HMC2015", "o.x", "type Json = null | string | number | boolean | Json[] | { [key: string]: Json };"],
  [": Secret", "HMC2004", "o.x"],
  [": { token: Secret }", "HMC2004", "o.x.token"],
  [": { model: Model }", "HMC2005", "o.x.model"],
  [": Model[][]", "HMC2005", "o.x[][]"],
  [": string | null", "HMC2015", "o.x"],
];

for (const [declared, code, path, before = ""] of refused) {
  test(`x${declared} is refused with ${code} at "${path}"`, () => {
    const { mistakes } = op(`${before}\nexport const o = op(async (input: { x${declared} }) => { console.log(input); });`);
    assert.is(mistakes.length, 1, mistakes.join("\n"));
    assert.match(mistakes[0] ?? "", new RegExp(`^2 ${code} "${path.replace(/[[\].]/g, "\\$&")}" `));
  });
}

test("every type that cannot cross is reported, not only the first", () => {
  const { mistakes } = op(`export const o = op(async (input: { a: Date; b: { c: bigint; d: symbol }; e: string }) => { console.log(input); });`);
  assert.equal(mistakes.map((text) => text.slice(0, 20)), [`1 HMC2001 "o.a" has `, `1 HMC2001 "o.b.c" ha`, `1 HMC2001 "o.b.d" ha`]);
});

test("a generic helper that leaves a type open is refused", () => {
  const { mistakes } = op(`function make<T>() { return op(async (input: { x: T }) => { console.log(input); }); }\nexport const o = make<string>();`);
  assert.equal(mistakes.map((text) => text.slice(0, 9)), ["2 HMC2010"]);
});

test.run();
