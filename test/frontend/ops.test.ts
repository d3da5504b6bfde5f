/** Ops: how they are found, and what is read of them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findPipelines } from "../../compiler/frontend/callee.ts";
import { openProgram } from "../../compiler/frontend/program.ts";
import { calleeOf, mistakesOf, op } from "./components.ts";
import { hostWith } from "./lowered.ts";

test("inputs, outputs, defaults, descriptions and the place of the code", () => {
  const { component, mistakes } = op(
    [
      `/**`,
      ` * Fits a classifier.`,
      ` *`,
      ` * In two paragraphs.`,
      ` * @param depth - how deep the trees are`,
      ` * @param input.rate the step`,
      ` */`,
      `export const fitModel = op({ cpu: 2 }, async (`,
      `  { data, depth = 6, rate = base / 2, kinds: names = ["a", "b"], grid = { least: 1 } }: {`,
      `    /** The rows. */`,
      `    data: Dataset; depth?: Int; rate?: number; kinds?: string[]; grid?: { least: Int }; note?: string;`,
      `  },`,
      `  out: { /** The trees. */ model: Model },`,
      `) => ({ auc: rate, best: depth as Int, names, ok: data.path !== out.model.path, grid }));`,
      `const base = 0.2;`,
    ].join("\n"),
    "fitModel",
  );
  assert.equal(mistakes, []);
  assert.ok(component);
  const { inputs, outputs, span, options, ...rest } = component;
  assert.equal(rest, { kind: "op", id: "fit-model", name: "fitModel", description: "Fits a classifier.\n\nIn two paragraphs.", implementation: { module: "pipeline.ts", export: "fitModel" } });
  assert.equal(
    Object.entries(inputs).map(([name, { optional, default: value, description }]) => [name, optional, value, description]),
    [
      ["data", false, undefined, "The rows."],
      ["depth", true, 6, "how deep the trees are"],
      ["rate", true, 0.1, "the step"],
      ["kinds", true, ["a", "b"], undefined],
      ["grid", true, { least: 1 }, undefined],
      ["note", true, undefined, undefined],
    ],
  );
  assert.equal(Object.entries(outputs).map(([name, { type, description }]) => [name, type.kind, description]), [
    ["model", "artifact", "The trees."], ["auc", "number", undefined], ["best", "integer", undefined], ["names", "list", undefined], ["ok", "boolean", undefined], ["grid", "struct", undefined],
  ]);
  assert.is(span.line, 9);
  assert.equal(options.cpu, { request: "2", limit: "2" });
});

test("what an op returns: nothing, one value, a record, named values", () => {
  const outputs = (returned: string) => {
    const { component, mistakes } = op(`export const o = op(async () => { ${returned} });`);
    assert.equal(mistakes, []);
    return Object.fromEntries(Object.entries(component?.outputs ?? {}).map(([name, { type }]) => [name, type.kind]));
  };
  assert.equal(outputs(""), {});
  assert.equal(outputs("return undefined;"), {});
  assert.equal(outputs("throw new Error();"), {});
  assert.equal(outputs("return 0.5;"), { Output: "number" });
  assert.equal(outputs("return 3 as Int;"), { Output: "integer" });
  assert.equal(outputs(`return ["a"];`), { Output: "list" });
  assert.equal(outputs(`return [1, "a"] as [number, string];`), { Output: "list" });
  assert.equal(outputs(`return {} as Record<string, number>;`), { Output: "struct" });
  assert.equal(outputs(`return { a: 1, b: "x" };`), { a: "number", b: "string" });
  assert.equal(outputs(`return Math.random() > 0.5 ? { a: 1 } : { a: 2 };`), { a: "number" });
});

test("the code may be a function by its name: its defaults and its documentation count", () => {
  const { component, mistakes } = op(`/**\n * Fits.\n * @param depth how deep\n */\nasync function fit({ depth = 6 }: { depth?: Int }): Promise<number> {\n  return depth;\n}\nexport const o = op(fit);`);
  assert.equal(mistakes, []);
  assert.is(component?.description, "Fits.");
  assert.equal([component?.inputs["depth"]?.default, component?.inputs["depth"]?.description], [6, "how deep"]);
});

test("options.name is the id; the code stays where it is", () => {
  const { component } = op(`export const o = op({ name: "fitXGBoost2" }, async () => {});`);
  assert.is(component?.id, "fit-xg-boost2");
  assert.equal(component?.implementation, { module: "pipeline.ts", export: "o" });
});

// ---------------------------------------------------------------------------------------------- how ops are found

const library = {
  "lib/train.ts": `import { op as define } from "hmc";\nexport const train = define(async () => 1);\nexport default define(async () => "x");`,
  "lib/index.ts": `export { train as fit } from "./train.ts";\nexport * as all from "./train.ts";\nimport standard, { train } from "./train.ts";\nexport const ops = { train, deep: { standard }, own: train };\nexport { standard };`,
};

const found: [how: string, expression: string, before: string, name: string, module: string, exported: string][] = [
  ["by name", "o", "export const o = op(async () => {});", "o", "pipeline.ts", "o"],
  ["with another name of op", "o", `import { op as task } from "hmc";\nexport const o = task(async () => {});`, "o", "pipeline.ts", "o"],
  ["with the whole language", "o", `import * as hmc from "hmc";\nexport const o = hmc.op(async () => {});`, "o", "pipeline.ts", "o"],
  ["exported under another name", "o", `const o = op(async () => {});\nexport { o as other };`, "o", "pipeline.ts", "other"],
  ["through another constant", "again", "export const o = op(async () => {});\nconst again = o;", "o", "pipeline.ts", "o"],
  ["with satisfies and parentheses", "(o)", "export const o = (op(async () => {}) satisfies object);", "o", "pipeline.ts", "o"],
  ["in an object", "ops.nested['o']", "export const ops = { nested: { o: op(async () => {}) } };", "o", "pipeline.ts", "ops.nested.o"],
  ["out of an object", "o", "export const ops = { o: op(async () => {}) };\nconst { o } = ops;", "o", "pipeline.ts", "ops.o"],
  ["out of a spread object", "all.o", "export const ops = { o: op(async () => {}) };\nconst all = { ...ops, x: 1 };", "o", "pipeline.ts", "ops.o"],
  ["imported", "train", `import { train } from "./lib/train.ts";`, "train", "lib/train.ts", "train"],
  ["imported with another name", "t", `import { train as t } from "./lib/train.ts";`, "train", "lib/train.ts", "train"],
  ["re-exported with another name", "fit", `import { fit } from "./lib/index.ts";`, "train", "lib/train.ts", "train"],
  ["in a module as a value", "lib.all.train", `import * as lib from "./lib/index.ts";`, "train", "lib/train.ts", "train"],
  ["shorthand in an object of another module", "lib.ops.train", `import * as lib from "./lib/index.ts";`, "train", "lib/train.ts", "train"],
  ["the default of a module", "standard", `import standard from "./lib/train.ts";`, "train", "lib/train.ts", "default"],
  ["the default, deep in an object", "ops.deep.standard", `import { ops } from "./lib/index.ts";`, "train", "lib/train.ts", "default"],
];

for (const [how, expression, before, name, module, exported] of found) {
  test(`an op is found ${how}`, () => {
    const { component, mistakes } = op(before, expression, library);
    assert.equal(mistakes, []);
    assert.is(component?.name, name);
    assert.equal(component?.implementation, { module, export: exported });
  });
}

test("an op of a package that has only declarations", () => {
  const files = {
    "node_modules/acme/package.json": `{ "name": "acme", "exports": { ".": { "types": "./types/index.d.ts", "default": "./code/main.js" } } }`,
    "node_modules/acme/code/main.js": "export const score = 0;",
    "node_modules/acme/types/index.d.ts": `import type { Dataset, Op } from "hmc";\nexport declare const score: Op<{ data: Dataset; limit?: number }, {}, { auc: number }>;\nexport declare const ops: { readonly deep: typeof score };`,
    "bridge.ts": `export { score as rate } from "acme";`,
  };
  const { component, mistakes } = op(`import { rate } from "./bridge.ts";`, "rate", files);
  assert.equal(mistakes, []);
  assert.equal(Object.keys(component?.inputs ?? {}), ["data", "limit"]);
  assert.equal(Object.keys(component?.outputs ?? {}), ["auc"]);
  assert.equal(component?.implementation, { module: "node_modules/acme/code/main.js", export: "score" });
  assert.equal(op(`import * as acme from "acme";`, "acme.ops.deep", files).component?.implementation, { module: "node_modules/acme/code/main.js", export: "ops.deep" });
});

const refused: [what: string, source: string, expression: string, mistake: string][] = [
  ["a variable that may change", "export let o = op(async () => {});", "o", "1 HMC2010"],
  ["one of two", "const a = op(async () => {}); export const o = Math.random() > 0.5 ? a : a;", "o", "1 HMC2010"],
  ["made by a function", "function make() { return op(async () => {}); }\nexport const o = make();", "o", "2 HMC2010"],
  ["made inside a function", "", "(() => { const o = op(async () => {}); return o(); })()", ""],
  ["not exported", "const o = op(async () => {});", "o", "1 HMC2011"],
  ["in an object that is not exported", "const ops = { o: op(async () => {}) };", "ops.o", "1 HMC2011"],
  ["with inputs of any", "export const o = op(async (input: any) => { console.log(input); });", "o", "1 HMC2009"],
  ["with inputs without names", "export const o = op(async (input: Record<string, string>) => { console.log(input); });", "o", "1 HMC2009"],
  ["with one value as inputs", "export const o = op(async (input: string) => { console.log(input); });", "o", "1 HMC2009"],
  ["with a parameter among the artifacts", "export const o = op(async (input: {}, out: { n: number }) => { console.log(input, out); });", "o", "1 HMC2006"],
  ["that returns an artifact", "export const o = op(async (input: { d: Dataset }) => input.d);", "o", "1 HMC2006"],
  ["with an output that may be missing", "export const o = op(async (): Promise<{ a?: number }> => ({}));", "o", "1 HMC2007"],
  ["that returns on one way only", "export const o = op(async () => { if (Math.random() > 0.5) return 1; return undefined; });", "o", "1 HMC2007"],
  ["with an output after", "export const o = op(async () => ({ after: 1 }));", "o", "1 HMC2008"],
  ["with an artifact and a value of one name", "export const o = op(async (input: {}, out: { m: Model }) => { console.log(input, out); return { m: 1 }; });", "o", "1 HMC2008"],
  ["with a default of another run", "export const o = op(async ({ seed = Math.random() }: { seed?: number }) => { console.log(seed); });", "o", "1 HMC2013"],
  ["with a broken Int", "export const o = op(async ({ n = 1.5 }: { n?: Int }) => { console.log(n); });", "o", "1 HMC2014"],
  ["with a broken Int deep inside", "export const o = op(async ({ n = [{ m: 0.5 }] }: { n?: { m: Int }[] }) => { console.log(n); });", "o", "1 HMC2014"],
];

for (const [what, source, expression, mistake] of refused) {
  test(`an op ${what}`, () => {
    assert.equal(op(source, expression).mistakes.map((text) => text.slice(0, 9)), mistake === "" ? [] : [mistake]);
  });
}

test("an input and an output artifact may share a name", () => {
  assert.equal(op("export const o = op(async (input: { rows: Dataset }, out: { rows: Dataset }) => { console.log(input, out); });").mistakes, []);
});

test("the fix of an op that is not exported writes export before it", () => {
  const { diagnostics } = op("/** doc */\nconst o = op(async () => {});");
  assert.is(diagnostics[0]?.fix?.edits[0]?.newText, "export ");
  assert.is(diagnostics[0]?.fix?.edits[0]?.span.line, 3);
  assert.is(diagnostics[0]?.fix?.edits[0]?.span.column, 1);
});

// ---------------------------------------------------------------------------------------------- other callees

test("functions to inline, functions of the language, and what is neither", () => {
  const kind = (expression: string, before = ""): string | undefined => {
    const { callee } = calleeOf(before, expression, {});
    return callee?.kind === "language" ? callee.name : callee?.kind;
  };
  assert.is(kind("helper", "function helper() {}"), "function");
  assert.is(kind("helper", "const helper = () => 1;"), "function");
  assert.is(kind("tools.helper", "const tools = { helper() {} };"), "function");
  assert.is(kind("(() => 1)"), "function");
  assert.is(kind("env"), "env");
  assert.is(kind("hmc.secret", `import * as hmc from "hmc";`), "secret");
  assert.is(kind("Math.max"), undefined);
  assert.is(kind("[1].map"), undefined);
  assert.is(kind("nowhere"), undefined);
  assert.is(kind("c", `const c = container({ image: "a:1" }, () => ({}));`), "container");
  assert.is(kind("p", `const p = pipeline(() => {});`), "pipeline");
});

test("a constant that is defined by itself is nothing, and ends", () => {
  assert.is(calleeOf("const a: () => void = b;\nconst b: () => void = a;", "a", {}).callee, undefined);
});

test("what is wrong with an op is reported once, however often it is called", () => {
  const { diagnostics } = calleeOf("export let o = op(async () => {});\nexport const twice = [o, o];", "o", {});
  assert.is(diagnostics.length, 1);
});

test("pipelines of a file: constants, the default, re-exports, each once and in order", () => {
  const files = {
    "more.ts": `import { pipeline } from "hmc";\nexport const fifth = pipeline(() => {});\nexport default pipeline(() => {});`,
    "pipeline.ts": [
      `import { pipeline } from "hmc";`,
      `import standard from "./more.ts";`,
      `const second = pipeline(() => {});`,
      `export const third = pipeline({ schedule: "0 0 * * *" }, () => {});`,
      `export { second, second as twice };`,
      `const hidden = pipeline(() => {});`,
      `export const notOne = () => hidden;`,
      `export default pipeline(() => {});`,
      `export { standard };`,
      `export * from "./more.ts";`,
    ].join("\n"),
  };
  const { context, entryFile } = openProgram(hostWith(files), "pipeline.ts", { scope: "pipeline" });
  assert.ok(context !== undefined && entryFile !== undefined);
  assert.equal(findPipelines(context, entryFile).map(({ name }) => name), ["second", "third", "pipeline", "more", "fifth"]);
});

test("an exported pipeline that is only one by type is reported", () => {
  const files = { "pipeline.ts": `import { pipeline } from "hmc";\nconst make = () => pipeline(() => {});\nexport const p = make();\nexport let q = pipeline(() => {});` };
  const { context, entryFile, diagnostics } = openProgram(hostWith(files), "pipeline.ts", { scope: "pipeline" });
  assert.ok(context !== undefined && entryFile !== undefined);
  assert.equal(findPipelines(context, entryFile), []);
  assert.equal(mistakesOf(diagnostics).map((text) => text.slice(0, 9)), ["2 HMC2010", "3 HMC2010"]);
});

test("a pipeline of a package without source is reported", () => {
  const files = { "lib.d.ts": `import type { Pipeline } from "hmc";\nexport declare const p: Pipeline<{}, void>;` };
  const { callee, diagnostics } = calleeOf(`import { p } from "./lib";`, "p", files);
  assert.is(callee?.kind, "invalid");
  assert.equal(diagnostics.map(({ code, span }) => `${code} ${span?.file}`), ["HMC2012 pipeline.ts"]);
});

test.run();
