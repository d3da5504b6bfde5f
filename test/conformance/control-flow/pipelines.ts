/** One pipeline for each meaning of control flow; `cases.ts` runs them. */
import { limit, op, pipeline, range, runStatus, statusOf, type Int, type RunStatus } from "hmc";

export const num = op(async ({ a }: { a: Int }): Promise<Int> => a as Int);
export const add = op(async (input: { a: Int; b?: Int | undefined }): Promise<Int> => (input.a + (input.b ?? 100)) as Int);
export const odd = op({ cache: false }, async ({ a }: { a: Int }): Promise<Int> => {
  if (a % 2 === 0) throw new Error(`${a} is even`);
  return a;
});
export const list = op(async ({ n }: { n: Int }): Promise<Int[]> => Array.from({ length: n }, (_, index) => (index + 1) as Int));
export const sum = op(async ({ all }: { all: Int[] }): Promise<Int> => all.reduce((total, each) => total + each, 0) as Int);
export const join = op(async ({ all }: { all: string[] }): Promise<string> => all.join(","));
export const say = op(async ({ text }: { text: string }): Promise<string> => text);
export const end = op(async ({ status }: { status: RunStatus }): Promise<string> => status.state);

export const straight = pipeline(({ x }: { x: Int }) => ({ y: add({ a: num({ a: x }), b: 1 }) }));

export const branch = pipeline(({ x }: { x: Int }) => {
  const a = num({ a: x });
  const y = a > 3 ? add({ a, b: 10 }) : add({ a, b: 20 });
  return { y };
});

export const chain = pipeline(({ x }: { x: Int }) => {
  const a = num({ a: x });
  let y: string;
  if (a > 10) y = say({ text: "large" });
  else if (a > 3) y = say({ text: "middle" });
  else y = say({ text: "small" });
  return { y };
});

export const nestedIf = pipeline(({ x, deep }: { x: Int; deep: boolean }) => {
  const a = num({ a: x });
  if (a > 1) {
    add({ a, b: 1 });
    if (deep) say({ text: "deep" });
  }
  return { a };
});

export const modes = pipeline(({ mode }: { mode: string }) => {
  switch (mode) {
    case "a":
    case "b":
      return { y: say({ text: "first" }) };
    case "c":
      return { y: say({ text: "second" }) };
    default:
      return { y: say({ text: "other" }) };
  }
});

export const logic = pipeline(({ x, y }: { x: Int; y: Int }) => {
  const [a, b] = [num({ a: x }), num({ a: y })];
  if (a > 1 && b > 1) say({ text: "both" });
  if (a > 1 || b > 1) say({ text: "one" });
  if (!(a > 1)) say({ text: "not" });
  return { a };
});

export const absent = pipeline(({ x }: { x: Int }) => {
  const a = num({ a: x });
  let b: Int | undefined;
  if (a > 3) b = num({ a: 7 });
  return { y: add({ a, b }) };
});

export const fallback = pipeline(({ b }: { b?: Int }) => ({ y: num({ a: b ?? 5 }) }));

export const constants = pipeline(() => ({ y: sum({ all: ([1, 2, 3] as Int[]).map((a) => num({ a })) }) }));

export const lists = pipeline(({ n }: { n: Int }) => ({ y: sum({ all: list({ n }).map((a) => add({ a, b: 1 })) }) }));

export const ranges = pipeline(({ n }: { n: Int }) => ({ y: sum({ all: range(n).map((a) => num({ a })) }) }));

export const limited = pipeline(({ n }: { n: Int }) => ({ y: sum({ all: limit(list({ n }), 2).map((a) => num({ a })) }) }));

export const nestedLoops = pipeline(({ n }: { n: Int }) => {
  const all = list({ n }).map((a) => sum({ all: ([10, 20] as Int[]).map((b) => add({ a, b })) }));
  return { y: sum({ all }) };
});

export const loopBranch = pipeline(({ n }: { n: Int }) => {
  const texts = list({ n }).map((a) => (a > 2 ? say({ text: "large" }) : say({ text: "small" })));
  return { y: join({ all: texts }) };
});

export const after = pipeline(({ n }: { n: Int }) => {
  const each = list({ n }).map((a) => num({ a }));
  const last = say({ text: "end" }).after(...each);
  return { last };
});

export const cleaned = pipeline(({ x }: { x: Int }) => {
  try {
    odd({ a: x });
  } finally {
    end({ status: runStatus() });
  }
  return { x: num({ a: x }) };
});

export const caught = pipeline(({ x }: { x: Int }) => {
  let y: Int;
  try {
    y = odd({ a: x });
  } catch {
    y = num({ a: -1 });
  }
  return { y: add({ a: y, b: 0 }) };
});

export const failing = pipeline(({ x }: { x: Int }) => {
  const bad = odd({ a: x });
  add({ a: bad, b: 1 });
  return { free: num({ a: 9 }) };
});

export const anyway = pipeline(({ x }: { x: Int }) => {
  const bad = odd({ a: x });
  const told = end({ status: statusOf(bad) }, { ignoreUpstreamFailure: true });
  return { told };
});

export const retried = pipeline(({ x }: { x: Int }) => ({ y: odd({ a: x }, { retry: 2 }) }));

const inner = pipeline({ name: "inner" }, ({ x, more = 2 }: { x: Int; more?: Int }) => {
  const a = add({ a: x, b: more });
  const y = a > 5 ? num({ a }) : num({ a: 0 });
  return { y };
});

export const called = pipeline(({ x }: { x: Int }) => ({ y: add({ a: inner({ x }).y, b: inner({ x, more: 10 }).y }) }));

export const calledInLoop = pipeline(({ n }: { n: Int }) => ({ y: sum({ all: list({ n }).map((x) => inner({ x }).y) }) }));

export const turns = pipeline(({ x }: { x: Int }) => {
  let a = num({ a: x });
  while (a < 10) a = add({ a, b: 4 });
  return { a };
});
