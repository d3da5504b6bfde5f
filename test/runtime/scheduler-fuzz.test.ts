/** Random graphs with random failures: what must hold of every local run. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Expression, Node, Try } from "../../compiler/ir/types.ts";
import { schedule, type TaskState } from "../../runtime/local/scheduler.ts";
import { document, e, integer, op, pipeline, span, task } from "./project.ts";

/** A task of the plan: which of the earlier tasks it reads, whether and how often it fails, how long it takes. */
interface Planned {
  reads: number[];
  after: number[];
  failures: number;
  retries: number;
  steps: number;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  reads: fc.array(fc.nat(30), { maxLength: 2 }),
  after: fc.array(fc.nat(30), { maxLength: 2 }),
  failures: fc.constantFrom(0, 0, 0, 0, 1, 2, 99),
  retries: fc.constantFrom(0, 0, 1, 2),
  steps: fc.nat(3),
});

const components = [op("step", { a: { type: integer, optional: true }, b: { type: integer, optional: true } }, { Output: integer })];

function taskOf(index: number, { reads, after, retries }: Planned, before: number): Node {
  const among = (numbers: number[]) => (before === 0 ? [] : [...new Set(numbers.map((number) => `t${number % before}`))]);
  const inputs: Record<string, Expression> = Object.fromEntries(among(reads).map((id, at) => [at === 0 ? "a" : "b", e.output(id)]));
  return task(`t${index}`, "step", inputs, { after: among(after), options: retries === 0 ? {} : { retry: { count: retries } } });
}

test("tasks start after what they need, run once more only as retries, and finally always runs", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(planned, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (plan, jobs, guarded) => {
      const body = plan.map((given, index) => taskOf(index, given, index));
      const handler: Try = { kind: "try", id: "try-1", body: { nodes: body }, finally: { nodes: [task("bye", "step")] }, span };
      const started = new Map<string, number>();
      const states = new Map<string, TaskState>();
      let running = 0;
      const ended = await schedule({
        document: document(components, [pipeline("p", guarded ? [handler] : body)]),
        pipeline: pipeline("p", guarded ? [handler] : body),
        parameters: {},
        jobs,
        context: (name) => name,
        signal: new AbortController().signal,
        observer: { task: (key, state) => void states.set(key, state) },
        execute: async ({ key, attempt }) => {
          const given = key === "bye" ? undefined : plan[Number(key.slice(1))];
          assert.ok(++running <= jobs, "too many at once");
          assert.is(started.get(key) ?? 0, attempt - 1);
          started.set(key, attempt);
          const node = body.find(({ id }) => id === key);
          if (node?.kind === "task") {
            const needs = [...node.after, ...Object.values(node.inputs).map((input) => (input.kind === "output" ? input.task : ""))];
            for (const id of needs) assert.is(states.get(id), "succeeded", `${key} started before ${id}`);
          } else {
            for (const { id } of body) assert.ok(["succeeded", "failed", "skipped", "blocked"].includes(states.get(id) ?? ""), `finally started before ${id}`);
          }
          for (let step = 0; step < (given?.steps ?? 0); step++) await new Promise((resolve) => setImmediate(resolve));
          running--;
          return attempt <= (given?.failures ?? 0) ? { ok: false, reason: "planned" } : { ok: true, outputs: { Output: attempt } };
        },
      });
      const fails = plan.map(({ failures, retries }) => failures > retries);
      const expected: TaskState[] = [];
      for (const [index, node] of body.entries()) {
        if (node.kind !== "task") continue;
        const needs = [...node.after, ...Object.values(node.inputs).map((input) => (input.kind === "output" ? input.task : ""))].map((id) => expected[Number(id.slice(1))]);
        expected.push(needs.some((state) => state !== "succeeded") ? "blocked" : fails[index] === true ? "failed" : "succeeded");
      }
      assert.equal(body.map(({ id }) => states.get(id)), expected);
      assert.is(states.get("bye"), guarded ? "succeeded" : undefined);
      assert.is(ended.state, expected.includes("failed") ? "failed" : "succeeded");
    }),
    { numRuns: 600 },
  );
});

test.run();
