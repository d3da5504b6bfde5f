/** With what the pipelines run. What comes out stands in `expected.json`. */
import type { Json } from "../../../compiler/ir/types.ts";

export interface FlowCase {
  pipeline: string;
  parameters: Record<string, Json>;
}

const of = (pipeline: string, ...sets: Record<string, Json>[]): FlowCase[] => sets.map((parameters) => ({ pipeline, parameters }));

export const cases: readonly FlowCase[] = [
  ...of("straight", { x: 1 }),
  ...of("branch", { x: 1 }, { x: 4 }),
  ...of("chain", { x: 1 }, { x: 4 }, { x: 11 }),
  ...of("nestedIf", { x: 1, deep: true }, { x: 2, deep: false }, { x: 2, deep: true }),
  ...of("modes", { mode: "a" }, { mode: "b" }, { mode: "c" }, { mode: "x" }),
  ...of("logic", { x: 1, y: 1 }, { x: 2, y: 1 }, { x: 1, y: 2 }, { x: 2, y: 2 }),
  ...of("absent", { x: 1 }, { x: 4 }),
  ...of("fallback", {}, { b: 0 }),
  ...of("constants", {}),
  ...of("lists", { n: 0 }, { n: 1 }, { n: 3 }),
  ...of("ranges", { n: 0 }, { n: 4 }),
  ...of("limited", { n: 5 }),
  ...of("nestedLoops", { n: 0 }, { n: 2 }),
  ...of("loopBranch", { n: 0 }, { n: 4 }),
  ...of("after", { n: 0 }, { n: 2 }),
  ...of("cleaned", { x: 1 }, { x: 2 }),
  ...of("caught", { x: 1 }, { x: 2 }),
  ...of("failing", { x: 1 }, { x: 2 }),
  ...of("anyway", { x: 1 }, { x: 2 }),
  ...of("retried", { x: 1 }, { x: 2 }),
  ...of("called", { x: 1 }, { x: 9 }),
  ...of("calledInLoop", { n: 0 }, { n: 5 }),
  ...of("turns", { x: 1 }, { x: 20 }),
];
