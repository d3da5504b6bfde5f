/** Constants that a module computes with "map", "flatMap" and "filter", as grids of parameters are. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lowerFiles } from "./lowered.ts";

/** The items of the first loop of a pipeline, and the codes of what is wrong. */
function itemsOf(grid: string): { items: unknown; codes: string[] } {
  const { document, diagnostics } = lowerFiles({
    "pipeline.ts": `import { op, pipeline } from "hmc";
export const use = op(async (input: { item: { a: number; b: string } | number }): Promise<void> => void input);
${grid}
export const p = pipeline(() => {
  for (const item of grid) use({ item });
});
`,
  });
  const [loop] = document?.pipelines["p"]?.body.nodes ?? [];
  return { items: loop?.kind === "loop" && loop.items.kind === "constant" ? loop.items.value : undefined, codes: diagnostics.map(({ code }) => code) };
}

test("a grid is the product of two lists", () => {
  const { items } = itemsOf('const grid = [1, 2].flatMap((a) => ["x", "y"].map((b) => ({ a, b })));');
  assert.equal(items, [{ a: 1, b: "x" }, { a: 1, b: "y" }, { a: 2, b: "x" }, { a: 2, b: "y" }]);
});

test("items are destructured, counted and left out", () => {
  assert.equal(itemsOf("const pairs = [{ x: 3, y: [4] }, { x: 5, y: [6] }];\nconst grid = pairs.map(({ x: a, y: [b] }, i) => a * b + i);").items, [12, 31]);
  assert.equal(itemsOf("const grid = [1, 2, 3].filter((a) => a !== 2).map((a) => { return a * 10; });").items, [10, 30]);
});

test("a function that is more than one expression of constants is no constant", () => {
  for (const body of ["(a) => a * Math.random()", "(a) => { const b = a; return b; }", "(a, b = 1) => a + b", "Number"]) {
    const { items, codes } = itemsOf(`const grid = [1, 2].map(${body});`);
    assert.is(items, undefined, body);
    assert.ok(codes.includes("HMC1011"), `${body}: ${codes.join()}`);
  }
});

test.run();
