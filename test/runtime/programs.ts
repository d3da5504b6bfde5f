/** Programs with loops and recursion: as pipelines, as plain JavaScript, and at random. */
import fc from "fast-check";
import ts from "typescript";
import * as assert from "uvu/assert";
import type { Document } from "../../compiler/ir/types.ts";
import { errorsOf, lowerFiles } from "../frontend/lowered.ts";

/** The body of a pipeline with the parameter `x`, and functions of the module beside it. */
export interface Program {
  body: string;
  functions?: string;
}

/** The beginning of a file whose pipelines call the ops. */
export const declared = `import { op, pipeline, type Int, type Model, type Pipeline } from "hmc";
export const step = op(async (input: { value: number }) => input.value as number);
export const fit = op(async (input: { model?: Model | undefined; rate: number }, out: { model: Model }) => ({ loss: input.rate, size: 1 as Int, path: out.model.path as string }));
export const parts = op(async (input: { text: string }) => [input.text]);
export const use = op(async (input: { text?: string | undefined; number?: number | undefined; model?: Model | undefined }) => { console.log(input); });
`;

export type Inputs = Record<string, unknown>;

/** What the ops do, here and in the local run. */
export const ops: Record<string, (input: Inputs) => unknown> = {
  step: ({ value }) => (Number(value) * 3 + 1) % 17,
  fit: ({ model, rate }) => ({ loss: Number(rate) / 2, size: ((model as { size?: number } | undefined)?.size ?? 0) + 1, path: "x", model: { uri: "x", size: ((model as { size?: number } | undefined)?.size ?? 0) + 1 } }),
  parts: ({ text }) => (String(text).length > 1 ? [String(text).slice(1), String(text).slice(2)].filter((part) => part !== "") : []),
  use: () => undefined,
};

export interface Told {
  outputs: unknown;
  /** The calls of ops, in no order: a graph has none where nothing waits. */
  calls: string[];
}

/** Keeps what is called. */
export function recorder(): { calls: string[]; call: (name: string, input: Inputs) => unknown } {
  const calls: string[] = [];
  const call = (name: string, input: Inputs): unknown => {
    const given = Object.entries(input).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    calls.push(`${name}(${JSON.stringify(given)})`);
    return ops[name]?.(input);
  };
  return { calls, call };
}

/** Runs a body as plain JavaScript. */
export function asJavaScript({ functions = "", body }: Program, parameters: Inputs): Told {
  const { calls, call } = recorder();
  const names = Object.keys(ops);
  const { outputText } = ts.transpileModule(`${functions}\n(({ x }: { x: number }) => {\n${body}\n})`, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const at = outputText.lastIndexOf("(({ x }) =>");
  const run = new Function(...names, `${outputText.slice(0, at)}return ${outputText.slice(at)}`)(...names.map((name) => (input: Inputs) => call(name, input))) as (given: Inputs) => unknown;
  return { outputs: run(parameters) ?? {}, calls: calls.sort() };
}

/** The programs as the pipelines `p0`, `p1` … of one document, without any error. */
export function lowered(programs: readonly Program[]): Document {
  const text = [declared, ...programs.map(({ functions = "" }) => functions), ...programs.map(({ body }, index) => `export const p${index} = pipeline({ defaults: { image: "ghcr.io/acme/demo:1.0" } }, ({ x = 5 }: { x?: number }) => {\n${body}\n});`)].join("\n");
  const { document, diagnostics } = lowerFiles({ "pipeline.ts": text });
  assert.equal(errorsOf(diagnostics), [], text);
  return document as Document;
}

export const loops: readonly Program[] = [
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
];

export const recursions: readonly Program[] = [
  { functions: `function until(n: number): number { const v = step({ value: n }); return v < 3 ? v : until(v); }`, body: `return { v: until(x) };` },
  {
    functions: `function refine(state: { model: Model; loss: number; size: Int }, turn: number): { model: Model; loss: number; size: Int } { if (state.loss < 0.1 || turn > 5) return state; return refine(fit({ model: state.model, rate: state.loss }), turn + 1); }`,
    body: `const end = refine(fit({ rate: x }), 0); use({ model: end.model }); return { loss: end.loss, size: end.size };`,
  },
  { functions: `function even(n: number): void { use({ number: n }); if (n > 0) odd(n - 1); }\nfunction odd(n: number): void { step({ value: n }); if (n > 0) even(n - 1); }`, body: `even(x); odd(3);` },
  { functions: `function visit(text: string): void { use({ text }); for (const part of parts({ text })) visit(part); }`, body: `visit("abcd"); use({ number: x });` },
  { functions: `const halve = (n: number, best = 100): number => (n > 1 ? halve(n / 2, step({ value: best })) : best);`, body: `return { v: halve(x) };` },
  { functions: `function shrink(n: number): number { let v = n; let turns = 0; while (v > 4 && turns < 5) { v = step({ value: v }); turns += 1; } if (v > 1) return shrink(v - 1); return v; }`, body: `return { v: shrink(x) };` },
];

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

/** Programs of a seed. Branches and loops stand in each other; every loop ends. */
export function randomPrograms(count: number, seed: number): Program[] {
  counters = 0;
  return fc.sample(block(3).map((statements) => ({ body: `let a = x;\nlet b = 2;\nlet c: number = step({ value: x });\n${statements}\nreturn { a, b, c };` })), { numRuns: count, seed });
}
