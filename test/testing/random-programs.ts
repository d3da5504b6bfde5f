/** Random pipelines of nested conditions, loops, `try` and calls of pipelines, as one text for hmc and for JavaScript. */
import * as fc from "fast-check";
import ts from "typescript";

/** Numbers below a bound: each is one choice that the program makes. */
export type Random = (bound: number) => number;

/** A program is a list of choices; those behind its end are 0, which is always the simplest one. So a shorter list, and smaller numbers, give a simpler program. */
export const choices: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 0xffff }), { minLength: 5, maxLength: 120, size: "max" });

function choosing(made: readonly number[]): Random {
  let next = 0;
  return (bound) => (made[next++] ?? 0) % bound;
}

/** The ops, as a pipeline file declares them. */
export const declarations = `import { op, pipeline, type Pipeline } from "hmc";
export const work = op(async (input: { a: number; b?: number | undefined }): Promise<number> => input.a + (input.b ?? 0));
export const fail = op({ retry: { count: 1, backoff: "1m" } }, async (input: { a: number }): Promise<number> => input.a);
export const split = op(async (input: { a: number }): Promise<number[]> => [input.a]);
export const sum = op(async (input: { all: number[] }): Promise<number> => input.all.length);
`;

type Inputs = Record<string, unknown>;

/** What the ops do. \`fail` does not always. */
export const meanings: Record<string, (input: Inputs) => unknown> = {
  work: ({ a, b = 5 }) => (Number(a) * 7 + Number(b) * 3 + 1) % 23,
  fail: ({ a }) => {
    if (Number(a) % 3 !== 0) throw new Error(`no ${String(a)}`);
    return Number(a) + 1;
  },
  split: ({ a }) => Array.from({ length: Number(a) % 4 }, (_, index) => (Number(a) + index) % 19),
  sum: ({ all }) => (all as number[]).reduce((total, each) => total + each, 0),
};

interface Made {
  random: Random;
  /** Declarations of pipelines before this one. */
  pipelines: string[];
  count: number;
}

/** A pipeline with the parameter `x`, and those that it calls. */
export function program(name: string, given: readonly number[]): string {
  const made: Made = { random: choosing(given), pipelines: [], count: 0 };
  const body = statements(made, ["x"], 3, "  ");
  return `${made.pipelines.join("")}export const ${name} = pipeline(({ x = 4 }: { x?: number }) => {\n${body.text}  return { ${body.names.filter((known) => known !== "x").map((known) => known).join(", ")} };\n});\n`.replace(/return \{ +\};/, "return { x };");
}

interface Body {
  text: string;
  /** What is known behind it. */
  names: string[];
}

function statements(made: Made, around: readonly string[], depth: number, indent: string): Body {
  const names = [...around];
  let text = "";
  const count = 1 + made.random(depth === 3 ? 3 : 2);
  for (let index = 0; index < count; index++) {
    const { line, name } = statement(made, names, depth, indent);
    text += line;
    if (name !== undefined) names.push(name);
  }
  return { text, names };
}

function statement(made: Made, names: readonly string[], depth: number, indent: string): { line: string; name?: string } {
  const name = `v${++made.count}`;
  const inner = `${indent}  `;
  const kind = depth === 0 ? made.random(2) : made.random(9);
  switch (kind) {
    case 2:
    case 3: {
      const [first, second] = [statements(made, names, depth - 1, inner), statements(made, names, depth - 1, inner)];
      const last = made.random(2) === 0 ? "" : ` else {\n${second.text}${inner}${name} = ${value(made, second.names)};\n${indent}}`;
      return { line: `${indent}let ${name}: number = ${value(made, names)};\n${indent}if (${condition(made, names)}) {\n${first.text}${inner}${name} = ${value(made, first.names)};\n${indent}}${last}\n`, name };
    }
    case 4:
    case 5: {
      const item = `i${made.count}`;
      const list = made.random(2) === 0 ? `[${Array.from({ length: 1 + made.random(3) }, () => made.random(20)).join(", ")}]` : `split({ a: ${value(made, names)} })`;
      const body = statements(made, [...names, item], depth - 1, inner);
      const result = body.names.at(-1) === item ? `work({ a: ${item} })` : (body.names.at(-1) ?? item);
      return { line: `${indent}const ${name} = sum({ all: ${list}.map((${item}) => {\n${body.text}${inner}const r${made.count} = work({ a: ${result} });\n${inner}return r${made.count++};\n${indent}}) });\n`, name };
    }
    case 6:
    case 7: {
      const handler = statements(made, names, depth - 1, inner);
      const finished = made.random(3) === 0 ? ` finally {\n${inner}work({ a: ${made.random(20)} });\n${indent}}` : "";
      return { line: `${indent}let ${name}: number = ${made.random(20)};\n${indent}try {\n${inner}${name} = fail({ a: ${value(made, names)} });\n${indent}} catch {\n${handler.text}${inner}${name} = ${value(made, handler.names)};\n${indent}}${finished}\n`, name };
    }
    case 8: {
      const called = `sub${made.count}`;
      const body = statements(made, ["p"], depth - 1, "  ");
      made.pipelines.push(`const ${called} = pipeline(({ p }: { p: number }) => {\n${body.text}  const out = work({ a: ${value(made, body.names)} });\n  return { out };\n});\n`);
      return { line: `${indent}const ${name} = ${called}({ p: ${value(made, names)} }).out;\n`, name };
    }
    default: {
      const more = made.random(3) === 0 ? `, b: ${value(made, names)}` : "";
      return { line: `${indent}const ${name} = work({ a: ${value(made, names)}${more} });\n`, name };
    }
  }
}

function value(made: Made, names: readonly string[]): string {
  const name = names[made.random(names.length)] ?? "x";
  switch (made.random(5)) {
    case 0:
      return String(made.random(20));
    case 1:
      return `${name} + ${1 + made.random(5)}`;
    default:
      return name;
  }
}

function condition(made: Made, names: readonly string[]): string {
  const name = names[made.random(names.length)] ?? "x";
  const simple = `${name} ${["<", ">", "<=", ">="][made.random(4)] ?? "<"} ${made.random(20)}`;
  return made.random(3) === 0 ? `${simple} && ${names[made.random(names.length)] ?? "x"} !== ${made.random(20)}` : simple;
}

export interface Trace {
  outputs: unknown;
  /** Calls with their inputs, in no order; of a call that fails each try. */
  calls: string[];
}

/** Runs a program as the JavaScript that it is. */
export function asJavaScript(text: string, name: string, x: number): Trace {
  const calls: string[] = [];
  const shims = Object.entries(meanings).map(([op, mean]) => (input: Inputs): unknown => {
    calls.push(shown(op, input));
    try {
      return mean(input);
    } catch (error) {
      // It is tried once more.
      calls.push(shown(op, input));
      throw error;
    }
  });
  const { outputText } = ts.transpileModule(text.replace(/^export /gm, ""), { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const run = new Function("pipeline", ...Object.keys(meanings), `${outputText}\nreturn ${name};`)((body: unknown) => body, ...shims) as (given: { x: number }) => unknown;
  return { outputs: run({ x }), calls: calls.sort() };
}

export function shown(op: string, input: Inputs): string {
  return `${op}(${JSON.stringify(Object.entries(input).filter(([, given]) => given !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)))})`;
}
