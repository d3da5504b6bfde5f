/** `while` and `do … while`: what is carried from turn to turn, and what of a loop is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodesOf } from "../../compiler/ir/traverse.ts";
import type { While } from "../../compiler/ir/types.ts";
import { lower, mistakes, outline } from "./lowered.ts";

const before = `
export const fit = op(async (input: { model?: Model | undefined; rate: number; turn?: number }, out: { model: Model }) => ({ loss: input.rate, rows: 1 as Int, note: out.model.path as string }));
export const step = op(async (input: { value: number }) => input.value);
`;
const shown = (body: string, parameters = "") => outline(lower(body, { before, parameters }));
const codes = (body: string, parameters = "") => mistakes(body, { before, parameters }).map((line) => line.split(" ").slice(0, 2).join(" "));
const loops = (body: string): While[] => [...nodesOf(lower(body, { before }).body)].filter((node) => node.kind === "while");

test("of a task, what is read of it is carried by itself; a number is carried with its arithmetic", () => {
  assert.equal(shown(`
    let state = fit({ rate: 1 });
    let turn = 0;
    while (state.loss > 0.1 && turn < 20) {
      state = fit({ model: state.model, rate: 0.5, turn });
      turn += 1;
    }
    return { loss: state.loss, note: state.note, turn };`), [
    "fit = fit(rate: 1)",
    "while-1.state.loss = fit.loss",
    "while-1.turn = 0",
    "while-1.state.model = fit.model",
    "while-1.state.note = fit.note",
    "while-1 while ((while-1:state.loss > 0.1) && (while-1:turn < 20))",
    "  fit-2 = fit(model: while-1:state.model, rate: 0.5, turn: while-1:turn)",
    "  next state.loss = fit-2.loss",
    "  next turn = (while-1:turn + 1)",
    "  next state.model = fit-2.model",
    "  next state.note = fit-2.note",
    "return { loss: while-1.state.loss, note: while-1.state.note, turn: while-1.turn }",
  ]);
});

test("the condition of do … while reads what the turn has left; a variable may begin without a value", () => {
  assert.equal(shown(`let loss: number; do { loss = step({ value: 1 }); } while (loss > 0.1); use({ number: loss });`), [
    "while-1.loss = absent",
    "while-1 do while (while-1:loss > 0.1)",
    "  step = step(value: 1)",
    "  next loss = step.Output",
    "use = use(number: while-1.loss)",
  ]);
});

test("a variable that only a branch of the body assigns keeps its value in the others", () => {
  assert.equal(shown(`
    let best = fit({ rate: 1 }).model;
    let n = 0;
    while (n < 5) {
      const next = fit({ model: best, rate: n });
      if (next.loss < 0.5) best = next.model;
      n++;
    }
    use({ model: best });`), [
    "fit = fit(rate: 1)",
    "while-1.n = 0",
    "while-1.best = fit.model",
    "while-1 while (while-1:n < 5)",
    "  fit-2 = fit(model: while-1:best, rate: while-1:n)",
    "  if-1 if (fit-2.loss < 0.5)",
    "  if-1 else",
    "  if-1.best = fit-2.model | while-1:best",
    "  next n = (while-1:n + 1)",
    "  next best = if-1.best",
    "use = use(model: while-1.best)",
  ]);
});

test("variables change places without a third one", () => {
  assert.equal(shown(`let a = 1; let b = 2; while (a < 100) { const t = a; a = b; b = step({ value: t }); } use({ number: a });`), [
    "while-1.a = 1",
    "while-1.b = 2",
    "while-1 while (while-1:a < 100)",
    "  step = step(value: while-1:a)",
    "  next a = while-1:b",
    "  next b = step.Output",
    "use = use(number: while-1.a)",
  ]);
});

test("members of an object are carried by themselves, and leave a pipeline as its outputs", () => {
  assert.equal(shown(`let s = { loss: 1, n: 0 }; while (s.loss > 0.1 && s.n < 3) { s = { loss: step({ value: s.loss }), n: s.n + 1 }; } return s;`), [
    "while-1.s.loss = 1",
    "while-1.s.n = 0",
    "while-1 while ((while-1:s.loss > 0.1) && (while-1:s.n < 3))",
    "  step = step(value: while-1:s.loss)",
    "  next s.loss = step.Output",
    "  next s.n = (while-1:s.n + 1)",
    "return { loss: while-1.s.loss, n: while-1.s.n }",
  ]);
});

test("loops in loops, in branches, and in the iterations of a list", () => {
  assert.equal(shown(`
    let v = 1;
    let n = 0;
    while (n < 4) {
      n += 1;
      let m = 0;
      do { m = step({ value: m + v }); v = m; } while (m < 3);
    }
    use({ number: v });`), [
    "while-1.n = 0",
    "while-1.v = 1",
    "while-1 while (while-1:n < 4)",
    "  while-2.m = 0",
    "  while-2.v = while-1:v",
    "  while-2 do while (while-2:m < 3)",
    "    step = step(value: (while-2:m + while-2:v))",
    "    next m = step.Output",
    "    next v = step.Output",
    "  next n = (while-1:n + 1)",
    "  next v = while-2.v",
    "use = use(number: while-1.v)",
  ]);
  assert.equal(shown(`let v = x; if (x > 3) { while (v > 1) v = step({ value: v }); } use({ number: v });`, `{ x }: { x: number }`), [
    "if-1 if ($x > 3)",
    "  while-1.v = $x",
    "  while-1 while (while-1:v > 1)",
    "    step = step(value: while-1:v)",
    "    next v = step.Output",
    "if-1 else",
    "if-1.v = while-1.v | $x",
    "use = use(number: if-1.v)",
  ]);
  assert.equal(shown(`const ends = xs.map((x) => { let v = x; while (v > 1) { v = step({ value: v }); } return v; }); use({ numbers: ends });`, `{ xs }: { xs: number[] }`), [
    "for-1 of $xs",
    "  while-1.v = for-1.item",
    "  while-1 while (while-1:v > 1)",
    "    step = step(value: while-1:v)",
    "    next v = step.Output",
    "use = use(numbers: [for-1: while-1.v])",
  ]);
});

test("break is a value that a turn hands on, continue a condition around the rest", () => {
  assert.equal(shown(`
    let v = 1;
    while (true) {
      v = step({ value: v });
      if (v < 0.5) break;
      v = step({ value: v * 2 });
    }`), [
    "while-1.break = false",
    "while-1.v = 1",
    "while-1 while !while-1:break",
    "  step = step(value: while-1:v)",
    "  if-1 if (step.Output < 0.5)",
    "  if-1 else",
    "    step-2 = step(value: (step.Output * 2))",
    "  if-1.v = step.Output | step-2.Output",
    "  next break = (step.Output < 0.5)",
    "  next v = if-1.v",
  ]);
  assert.equal(shown(`
    let v = 1;
    while (v > 0) {
      v = step({ value: v });
      if (v < 0.5) continue;
      use({ number: v });
    }`), [
    "while-1.v = 1",
    "while-1 while (while-1:v > 0)",
    "  step = step(value: while-1:v)",
    "  if-1 if (step.Output < 0.5)",
    "  if-1 else",
    "    use = use(number: step.Output)",
    "  next v = step.Output",
  ]);
});

test("types hold the first value and those of all turns", () => {
  const types = (body: string) => loops(body)[0]?.carried.map(({ name, type }) => `${name}: ${type.kind}`);
  assert.equal(types(`let n = 0; let v = 1; while (n < 4) { step({ value: v }); v = v / 2; n += 1; }`), ["n: integer", "v: number"]);
  assert.equal(types(`let model: Model | undefined; let n = 0; while (n < 3) { model = fit({ model, rate: n }).model; n += 1; } use({ model });`), ["n: integer", "model: artifact"]);
  const [loop] = loops(`let n = 0; while (n < 8) { use({ number: n * 2 }); n += 0.5; }`);
  const [task] = loop?.body.nodes ?? [];
  assert.equal(task?.kind === "task" && task.inputs["number"]?.type, { kind: "number" }, "what is computed of it, too");
});

test("what follows a loop waits for it", () => {
  assert.equal(shown(`let s = fit({ rate: 1 }); while (s.loss > 1) { s = fit({ rate: s.loss }); } word({ text: "x" }).after(s);`).at(-1), `word = word(text: "x") after while-1`);
});

test("a loop that is never entered leaves nothing", () => {
  assert.equal(shown(`while (false) { use({ text: "x" }); } use({});`), ["use = use()"]);
});

test("what has no end, runs nothing or hands nothing on is refused", () => {
  assert.equal(codes(`let v = 1; while (v > 0) { step({ value: v }); }`), ["1 HMC1034"]);
  assert.equal(codes(`while (true) { step({ value: 1 }); }`), ["1 HMC1034"]);
  assert.equal(codes(`let v = x; while (v > 1) { v = v / 2; } use({ number: v });`, `{ x }: { x: number }`), ["1 HMC1035"]);
  assert.equal(codes(`while (step({ value: 1 }) > 3) { use({ text: "x" }); }`), ["1 HMC1033"]);
  assert.equal(codes(`let best = 0;\nwhile (best < 3) {\nfor (const x of xs) { best = step({ value: x }); } }`, `{ xs }: { xs: number[] }`), ["3 HMC1006"]);
  assert.equal(codes(`const xs: number[] = []; let v = 1;\nwhile (v > 0) { v = step({ value: v });\nxs.push(v); } use({ numbers: xs });`), ["3 HMC1013"]);
  assert.equal(codes(`let v = 1;\nwhile (v > 0) { v = step({ value: v });\nreturn; }`), ["3 HMC1008"]);
});

test("jumps that would leave more than the body are refused", () => {
  assert.equal(codes(`let v = 1;\nwhile (v > 0) { v = step({ value: v });\ntry { if (v > 3) break; } finally { use({}); } }`), ["3 HMC1012"]);
  assert.equal(codes(`let v = 1;\nwhile (v > 0) { v = step({ value: v });\nif (v > 3) { if (v > 4) continue; use({ number: 1 }); } else { if (v > 2) break; } use({ number: v }); }`), ["3 HMC1012"]);
  assert.equal(codes(`let v = 1;\nwhile (v > 0) { v = step({ value: v });\nfor (const x of [1, 2]) { if (v > x) continue; step({ value: x }); } }`), ["3 HMC1012"]);
});

test("a body that is read twice reports its mistakes once", () => {
  assert.equal(codes(`let v = 1;\nwhile (v > 0) {\nunknownOp({ v }); v = v / 2; step({ value: v }); }`), ["3 TS2304", "3 HMC1002"]);
});

test.run();
