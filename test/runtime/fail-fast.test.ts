/** What ends a run early, and what is tried again. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Component, Node, Retry } from "../../compiler/ir/types.ts";
import { schedule, type Ended, type TaskResult } from "../../runtime/local/scheduler.ts";
import { document, e, number, op, pipeline, span, task } from "./project.ts";

const ops: Component[] = [op("work", { name: { kind: "string" } }, { Output: number })];
const work = (name: string, more: Parameters<typeof task>[3] = {}): Node => task(name, "work", { name: e.constant(name) }, more);
const attempt = (id: string, nodes: { body: Node[]; catch?: Node[]; finally?: Node[] }): Node => ({
  kind: "try", id, span, body: { nodes: nodes.body },
  ...(nodes.catch === undefined ? {} : { catch: { nodes: nodes.catch } }),
  ...(nodes.finally === undefined ? {} : { finally: { nodes: nodes.finally } }),
}) as Node;

/** Tasks whose name begins with `bad` fail; those with `slow` go on until they are stopped, for at most a second. */
async function ran(nodes: Node[], failFast: boolean, others: ReturnType<typeof pipeline>[] = []): Promise<{ ended: Ended; states: Record<string, string>; tries: Record<string, number> }> {
  const states: Record<string, string> = {};
  const tries: Record<string, number> = {};
  const given = document(ops, [pipeline("main", nodes), ...others]);
  const ended = await schedule({
    document: given, pipeline: given.pipelines["main"]!, parameters: {}, jobs: 8, failFast,
    execute: ({ key }, signal) => new Promise<TaskResult>((resolve) => {
      tries[key] = (tries[key] ?? 0) + 1;
      const name = key.slice(key.lastIndexOf("/") + 1);
      if (name.startsWith("bad")) resolve({ ok: false, reason: "bad", ...(name.startsWith("bad-error") ? { isError: true } : { exitCode: 1 }) });
      else if (!name.startsWith("slow")) resolve({ ok: true, outputs: { Output: 1 } });
      else {
        const timer = setTimeout(() => resolve({ ok: true, outputs: { Output: 1 } }), 1000);
        signal.addEventListener("abort", () => (clearTimeout(timer), resolve({ ok: false, reason: String(signal.reason) })), { once: true });
      }
    }),
    observer: { task: (key, state) => void (states[key] = state) },
    context: () => "", signal: new AbortController().signal,
  });
  return { ended, states, tries };
}

test("without --fail-fast independent tasks go on after a failure", async () => {
  const { ended, states } = await ran([work("bad"), work("slow"), work("next", { after: ["slow"] })], false);
  assert.equal([ended.state, states], ["failed", { bad: "failed", slow: "succeeded", next: "succeeded" }]);
});

test("with --fail-fast the first failure stops what runs and starts nothing else; only it is a failure of the run", async () => {
  const { ended, states } = await ran([work("bad"), work("slow"), work("next", { after: ["slow"] })], true);
  assert.equal(states, { bad: "failed", slow: "failed", next: "blocked" });
  assert.equal(ended.state === "failed" ? ended.failures.map(({ task: key, reason }) => [key, reason]) : [], [["bad", "bad"]]);
});

test("a failure that a catch takes ends nothing, nor one in a pipeline that is called there; a finally runs all the same", async () => {
  const caught = await ran([attempt("try-1", { body: [work("bad")], catch: [work("handler")] }), work("slow")], true);
  assert.equal([caught.ended.state, caught.states], ["succeeded", { bad: "failed", handler: "succeeded", slow: "succeeded" }]);
  const call: Node = task("called", "", {}, { target: { kind: "pipeline", id: "inner" } });
  const inside = await ran([attempt("try-1", { body: [call], catch: [work("handler")] }), work("slow")], true, [pipeline("inner", [work("bad")])]);
  assert.equal([inside.ended.state, inside.states], ["succeeded", { "called/bad": "failed", handler: "succeeded", slow: "succeeded" }]);
  const ended = await ran([attempt("try-1", { body: [work("bad"), work("slow")], finally: [work("handler")] }), work("slow-2"), attempt("try-2", { body: [work("fine")], finally: [work("handler-2")] })], true);
  assert.equal([ended.ended.state, ended.states], ["failed", { bad: "failed", slow: "failed", "slow-2": "failed", handler: "succeeded", fine: "succeeded", "handler-2": "succeeded" }]);
});

test("the policy says what is tried again: failures of the program, errors of what starts it, both, neither", async () => {
  const retry = (policy?: NonNullable<Retry["policy"]>): Parameters<typeof task>[3] => ({ options: { retry: { count: 2, ...(policy === undefined ? {} : { policy }) } } });
  const { tries } = await ran([
    work("bad-always", retry("always")), work("bad-plain", retry()), work("bad-failure", retry("onFailure")), work("bad-on-error", retry("onError")), work("bad-transient", retry("onTransientError")),
    work("bad-error-always", retry("always")), work("bad-error-failure", retry("onFailure")), work("bad-error-error", retry("onError")), work("bad-error-transient", retry("onTransientError")),
  ], false);
  assert.equal(tries, {
    "bad-always": 3, "bad-plain": 3, "bad-failure": 3, "bad-on-error": 1, "bad-transient": 1,
    "bad-error-always": 3, "bad-error-failure": 1, "bad-error-error": 3, "bad-error-transient": 1,
  });
});

test.run();
