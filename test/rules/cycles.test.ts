import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cycles } from "../../compiler/rules/cycles.ts";
import { block, branch, constant, documentOf, loop, output, pipeline, span, task, tryFinally } from "./documents.ts";
import type { Node } from "../../compiler/ir/types.ts";

const found = (...nodes: Node[]) => cycles.check(documentOf([pipeline("demo", nodes)]));
const codes = (...nodes: Node[]) => found(...nodes).map((one) => one.code);

test("a line of data and order has no cycle", () => {
  assert.equal(codes(task("a"), task("b", { x: output("a") }), task("c", {}, ["a", "b"])), []);
});

test("a ring of order and data is printed as a path, with a note for each edge", () => {
  const [cycle, ...others] = found(task("a", {}, ["c"]), task("b", { x: output("a") }), task("c", {}, ["b"]));
  assert.is(others.length, 0);
  assert.is(cycle?.code, "HMC3001");
  assert.match(cycle?.message ?? "", '"a" → "c" → "b" → "a"');
  assert.equal(cycle?.related.map((related) => related.message), ['"a" was put after "c"', '"c" was put after "b"', '"b" reads a value of "a"']);
});

test("the shortest ring is printed where a long one leads the same way", () => {
  const [cycle] = found(task("a", {}, ["d", "b"]), task("b", {}, ["c", "a"]), task("c", {}, ["d"]), task("d", {}, ["a"]));
  assert.match(cycle?.message ?? "", /: "a" → "[bd]" → "a"\./);
});

test("two rings that share no task are two findings", () => {
  assert.equal(codes(task("a", {}, ["b"]), task("b", {}, ["a"]), task("c", {}, ["d"]), task("d", {}, ["c"])), ["HMC3001", "HMC3001"]);
});

test("a task after itself has its own code", () => {
  assert.equal(codes(task("a", {}, ["a"])), ["HMC3002"]);
});

test("a loop is one node to the outside: its task cannot wait for one that waits for the loop", () => {
  const nodes = [loop("for-1", constant([1]), task("inner"), task("late", {}, ["outer"])), task("outer", {}, ["inner"])];
  const [cycle] = found(...nodes);
  assert.is(cycle?.code, "HMC3001");
  assert.match(cycle?.message ?? "", 'the loop "for-1"');
  assert.match(cycle?.related.map((related) => related.message).join() ?? "", '"outer" was put after "inner" (in the loop "for-1")');
});

test("the condition of a branch is read before its tasks run", () => {
  assert.equal(codes(branch("if-1", output("check"), task("inner")), task("check", {}, ["inner"])), ["HMC3001"]);
  assert.equal(codes(task("check"), branch("if-1", output("check"), task("inner", { x: output("check") }))), []);
});

test("a task cannot wait for the region that holds it", () => {
  const [cycle] = found(loop("for-1", constant([1]), task("inner", {}, ["for-1"])));
  assert.is(cycle?.code, "HMC3001");
  assert.match(cycle?.message ?? "", '"inner" → the loop "for-1" → "inner"');
});

test("the body of a try cannot wait for its finally; the other way is no edge to mention", () => {
  assert.equal(codes(tryFinally("try-1", block(task("work", {}, ["clean"])), block(task("clean")))), ["HMC3001"]);
  const status = { kind: "status", try: "try-1", type: { kind: "status" }, span: span() } as const;
  assert.equal(codes(tryFinally("try-1", block(task("work")), block(task("clean", { status }, ["work"])))), []);
});

test("values that leave a branch or a loop are edges from the region", () => {
  const collected = { kind: "collect", loop: "for-1", value: output("inner"), type: { kind: "list", items: { kind: "string" } }, span: span() } as const;
  assert.equal(codes(loop("for-1", constant([1]), task("inner")), task("join", { xs: collected })), []);
  assert.equal(codes(loop("for-1", output("join"), task("inner")), task("join", { xs: collected })), ["HMC3001"]);
});

test("on random graphs a cycle is found exactly when repeated removal of sources leaves something", () => {
  const graphs = fc.integer({ min: 1, max: 8 }).chain((size) => fc.record({ size: fc.constant(size), edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 14 }) }));
  fc.assert(
    fc.property(graphs, ({ size, edges }) => {
      const proper = edges.filter(([from, to]) => from !== to);
      const nodes = Array.from({ length: size }, (_, index) => task(`t${index}`, {}, proper.filter(([from]) => from === index).map(([, to]) => `t${to}`)));
      assert.is(codes(...nodes).length > 0, hasCycle(size, proper));
    }),
    { numRuns: 300, seed: 7 },
  );
});

/** Kahn's algorithm. */
function hasCycle(size: number, edges: [number, number][]): boolean {
  let left = [...Array(size).keys()];
  for (;;) {
    const free = left.filter((node) => !edges.some(([from, to]) => from === node && left.includes(to)));
    if (free.length === 0) return left.length > 0;
    left = left.filter((node) => !free.includes(node));
  }
}

test("a chain of 20,000 tasks does not overflow the stack", () => {
  const nodes = Array.from({ length: 20_000 }, (_, index) => task(`t${index}`, index === 0 ? {} : { x: output(`t${index - 1}`) }, index === 0 ? ["t19999"] : []));
  const [cycle] = found(...nodes);
  assert.is(cycle?.related.length, 20_000);
});

test.run();
