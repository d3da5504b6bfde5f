/** `while` and recursion in local runs: the graph of a program gives what JavaScript gives, and calls the same ops. */
import fc from "fast-check";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Document } from "../../compiler/ir/types.ts";
import type { Value } from "../../runtime/local/evaluate.ts";
import { schedule, type Ended } from "../../runtime/local/scheduler.ts";
import { errorsOf, lowerFiles } from "../frontend/lowered.ts";

const declared = `import { op, pipeline, type Int, type Model, type Pipeline } from "hmc";
export const step = op(async (input: { value: number }) => input.value as number);
export const fit = op(async (input: { model?: Model | undefined; rate: number }, out: { model: Model }) => ({ loss: input.rate, size: 1 as Int, path: out.model.path as string }));
export const parts = op(async (input: { text: string }) => [input.text]);
export const use = op(async (input: { text?: string | undefined; number?: number | undefined; model?: Model | undefined }) => { console.log(input); });
`;

type Inputs = Record<string, unknown>;

/** What the ops do, here and in the local run. */
const ops: Record<string, (input: Inputs) => unknown> = {
  step: ({ value }) => (Number(value) * 3 + 1) % 17,
  fit: ({ model, rate }) => ({ loss: Number(rate) / 2, size: ((model as { size?: number } | undefined)?.size ?? 0) + 1, path: "x", model: { uri: "x", size: ((model as { size?: number } | undefined)?.size ?? 0) + 1 } }),
  parts: ({ text }) => (String(text).length > 1 ? [String(text).slice(1), String(text).slice(2)].filter((part) => part !== "") : []),
  use: () => undefined,
};

interface Told {
  outputs: unknown;
  /** The calls of ops, in no order: a graph has none where nothing waits. */
  calls: string[];
}

function recorder(): { calls: string[]; call: (name: string, input: Inputs) => unknown } {
  const calls: string[] = [];
  const call = (name: string, input: Inputs): unknown => {
    const given = Object.entries(input).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    calls.push(`${name}(${JSON.stringify(given)})`);
    return ops[name]?.(input);
  };
  return { calls, call };
}

/** Runs a body as plain JavaScript. */
function asJavaScript(functions: string, body: string, parameters: Inputs): Told {
  const { calls, call } = recorder();
  const names = Object.keys(ops);
  const { outputText } = ts.transpileModule(`${functions}\n(({ x }: { x: number }) => {\n${body}\n})`, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const at = outputText.lastIndexOf("(({ x }) =>");
  const run = new Function(...names, `${outputText.slice(0, at)}return ${outputText.slice(at)}`)(...names.map((name) => (input: Inputs) => call(name, input))) as (given: Inputs) => unknown;
  return { outputs: run(parameters) ?? {}, calls: calls.sort() };
}

/** Runs a pipeline of a document by the scheduler, with the ops above in the place of processes. */
async function asGraph(document: Document, id: string, parameters: Record<string, Value>): Promise<Told & { ended: Ended }> {
  const { calls, call } = recorder();
  const pipeline = document.pipelines[id];
  assert.ok(pipeline !== undefined);
  const ended = await schedule({
    document,
    pipeline,
    parameters,
    jobs: 4,
    context: (name) => name,
    signal: new AbortController().signal,
    observer: { task: () => undefined },
    execute: async ({ component, inputs }) => {
      const given = call(component.name, inputs as Inputs);
      return { ok: true, outputs: (typeof given === "object" && given !== null && !Array.isArray(given) ? given : { Output: given }) as Record<string, Value> as never };
    },
  });
  return { outputs: ended.state === "succeeded" ? ended.outputs : undefined, calls: calls.sort(), ended };
}

function lowered(programs: { body: string; functions?: string }[]): Document {
  const text = [declared, ...programs.map(({ functions = "" }) => functions), ...programs.map(({ body }, index) => `export const p${index} = pipeline(({ x = 5 }: { x?: number }) => {\n${body}\n});`)].join("\n");
  const { document, diagnostics } = lowerFiles({ "pipeline.ts": text });
  assert.equal(errorsOf(diagnostics), [], text);
  return document as Document;
}

async function compare(programs: { body: string; functions?: string }[]): Promise<void> {
  const document = lowered(programs);
  for (const [index, { body, functions = "" }] of programs.entries()) {
    for (const x of [0, 5]) {
      const { ended: _, ...graph } = await asGraph(document, `p${index}`, { x });
      assert.equal(graph, asJavaScript(functions, body, { x }), `${functions}\n${body}\nx = ${x}`);
    }
  }
}

test("loops give what JavaScript gives", () =>
  compare([
    { body: `let v = x; while (v !== 1) { v = step({ value: v }); } return { v };` },
    { body: `let v = x; let n = 0; do { v = step({ value: v }); n++; } while (v > 3 && n < 20); return { v, n };` },
    { body: `let state = fit({ rate: x }); let turn = 0; while (state.loss > 0.1 && turn < 20) { state = fit({ model: state.model, rate: state.loss }); turn += 1; } use({ model: state.model }); return { loss: state.loss, size: state.size, turn };` },
    { body: `let best = 20; let n = 0; while (n < 6) { const v = step({ value: n + x }); if (v < best) best = v; n += 1; } return { best };` },
    { body: `let model: Model | undefined; let n = 0; while (n < 3) { model = fit({ model, rate: n }).model; n += 1; } use({ model, number: x }); return { n };` },
    { body: `let v = x; let turns = 0; while (true) { v = step({ value: v }); turns += 1; if (v < 3) break; if (v > 12) continue; v = step({ value: v + 1 }); if (turns > 9) break; } return { v, turns };` },
    { body: `let a = x; let b = 2; let n = 0; while (n < 3) { const t = a; a = b; b = step({ value: t }); n += 1; } return { a, b };` },
    { body: `let total = 0; let n = 0; while (n < 3) { let m = 0; do { total = step({ value: total + m + x }); m += 1; } while (m < n); n += 1; } return { total };` },
    { body: `const ends = [1, 2, 3].map((item) => { let v = item; while (v < 10) { v = step({ value: v + x }) + v; } return v; }); return { ends };` },
    { body: `let s = { loss: x, n: 0 }; while (s.loss > 1 && s.n < 9) { s = { loss: step({ value: s.loss }), n: s.n + 1 }; } return s;` },
    { body: `let v = x; if (x > 3) { while (v > 1) v = step({ value: v }); } use({ number: v }); return { v };` },
    { body: `let v = x; while (v < 0) { v = step({ value: v }); } use({ number: v }); return { v };` },
  ]));

test("recursion gives what JavaScript gives", () =>
  compare([
    { functions: `function until(n: number): number { const v = step({ value: n }); return v < 3 ? v : until(v); }`, body: `return { v: until(x) };` },
    {
      functions: `function refine(state: { model: Model; loss: number; size: Int }, turn: number): { model: Model; loss: number; size: Int } { if (state.loss < 0.1 || turn > 5) return state; return refine(fit({ model: state.model, rate: state.loss }), turn + 1); }`,
      body: `const end = refine(fit({ rate: x }), 0); use({ model: end.model }); return { loss: end.loss, size: end.size };`,
    },
    { functions: `function even(n: number): void { use({ number: n }); if (n > 0) odd(n - 1); }\nfunction odd(n: number): void { step({ value: n }); if (n > 0) even(n - 1); }`, body: `even(x); odd(3);` },
    { functions: `function visit(text: string): void { use({ text }); for (const part of parts({ text })) visit(part); }`, body: `visit("abcd"); use({ number: x });` },
    { functions: `const halve = (n: number, best = 100): number => (n > 1 ? halve(n / 2, step({ value: best })) : best);`, body: `return { v: halve(x) };` },
    { functions: `function shrink(n: number): number { let v = n; let turns = 0; while (v > 4 && turns < 5) { v = step({ value: v }); turns += 1; } if (v > 1) return shrink(v - 1); return v; }`, body: `return { v: shrink(x) };` },
  ]));

test("a pipeline calls itself", async () => {
  const { document, diagnostics } = lowerFiles({
    "pipeline.ts": `${declared}
export const countDown: Pipeline<{ n: Int }, { last: number }> = pipeline(({ n }: { n: Int }) => {
  let last: number = step({ value: n });
  if (n > 0) last = countDown({ n: n - 1 }).last;
  return { last };
});`,
  });
  assert.equal(errorsOf(diagnostics), []);
  const { outputs, calls } = await asGraph(document as Document, "count-down", { n: 3 });
  assert.equal(outputs, { last: 1 });
  assert.is(calls.length, 4);
});

test("a hundred turns are many, and so are a hundred calls", async () => {
  const document = lowered([
    { body: `let n = 0; while (n < 100) { step({ value: n }); n += 1; } return { n };` },
    { body: `let n = 0; while (n < 101) { step({ value: n }); n += 1; } return { n };` },
    { functions: `function down(n: number): void { step({ value: n }); if (n > 1) down(n - 1); }`, body: `down(100);` },
    { body: `down(101);` },
  ]);
  const ends = await Promise.all([0, 1, 2, 3].map(async (index) => {
    const { ended } = await asGraph(document, `p${index}`, {});
    return ended.state === "failed" ? ended.failures.map(({ task, reason }) => `${task.slice(0, 12)}: ${reason}`) : ended.outputs;
  }));
  assert.equal(ends, [
    { n: 100 },
    ["while-1: it has run 100 turns, and its condition still holds. That is more than an engine takes: let it end earlier, or loop inside an op."],
    {},
    ["down/down/do: it is the 101th call of a pipeline inside another, which is more than an engine takes. Let the recursion end earlier."],
  ]);
});

// ---------------------------------------------------------------------------------------------- random programs

const variables = ["a", "b", "c"];
const variable = fc.constantFrom(...variables);
const small = fc.integer({ min: 0, max: 9 });
const term = fc.oneof(variable, small.map(String), fc.tuple(variable, fc.constantFrom("+", "-", "*"), small).map(([name, operator, value]) => `(${name} ${operator} ${value})`), fc.tuple(variable, variable).map(([left, right]) => `(${left} - ${right})`));
const condition = fc.tuple(variable.chain((name) => fc.constantFrom(`(${name} + 0)`, `(${name} % 7)`)), fc.constantFrom("<", ">", "===", "!=="), term).map((parts) => parts.join(" "));
const assignment = fc.oneof(fc.tuple(variable, term).map(([name, value]) => `${name} = step({ value: ${value} });`), fc.tuple(variable, fc.constantFrom("=", "+=", "-="), term).map(([name, operator, value]) => `${name} ${operator} ${value};`));

let counters = 0;

function block(depth: number): fc.Arbitrary<string> {
  const simple: fc.Arbitrary<string>[] = [assignment, assignment];
  if (depth > 0) {
    simple.push(fc.tuple(condition, block(depth - 1), block(depth - 1)).map(([test, yes, no]) => `if (${test}) {\n${yes}\n} else {\n${no}\n}`));
    simple.push(loop(depth - 1));
  }
  return fc.array(fc.oneof(...simple), { minLength: 1, maxLength: 3 }).map((statements) => statements.join("\n"));
}

/** A loop that ends, with jumps between the statements of its body. */
function loop(depth: number): fc.Arbitrary<string> {
  const jump = fc.tuple(condition, fc.constantFrom("break", "continue")).map(([test, word]) => `if (${test}) ${word};`);
  return fc.tuple(fc.boolean(), condition, fc.array(fc.tuple(block(depth), fc.option(jump, { freq: 2 })), { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 4 }), variable).map(([isDo, test, body, most, name]) => {
    const counter = `n${counters++}`;
    const statements = [`${counter} += 1;`, `${name} = step({ value: ${name} });`, ...body.flatMap(([inner, jump]) => [inner, ...(jump === null ? [] : [jump])])].join("\n");
    const whole = `${counter} < ${most} && (${test})`;
    return `let ${counter} = 0;\n${isDo ? `do {\n${statements}\n} while (${whole});` : `while (${whole}) {\n${statements}\n}`}`;
  });
}

test("random programs give what JavaScript gives", async () => {
  const programs = fc.sample(block(3).map((statements) => ({ body: `let a = x;\nlet b = 2;\nlet c: number = step({ value: x });\n${statements}\nreturn { a, b, c };` })), { numRuns: 60, seed: 7 });
  await compare(programs);
});

test.run();
