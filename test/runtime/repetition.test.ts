/** `while` and recursion in local runs: the graph of a program gives what JavaScript gives, and calls the same ops. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Document } from "../../compiler/ir/types.ts";
import type { Value } from "../../runtime/local/evaluate.ts";
import { schedule, type Ended } from "../../runtime/local/scheduler.ts";
import { errorsOf, lowerFiles } from "../frontend/lowered.ts";
import { asJavaScript, declared, lowered, loops, randomPrograms, recorder, recursions, type Inputs, type Program, type Told } from "./programs.ts";

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

async function compare(programs: readonly Program[]): Promise<void> {
  const document = lowered(programs);
  for (const [index, program] of programs.entries()) {
    for (const x of [0, 5]) {
      const { ended: _, ...graph } = await asGraph(document, `p${index}`, { x });
      assert.equal(graph, asJavaScript(program, { x }), `${program.functions ?? ""}\n${program.body}\nx = ${x}`);
    }
  }
}

test("loops give what JavaScript gives", () => compare(loops));

test("recursion gives what JavaScript gives", () => compare(recursions));

test("random programs give what JavaScript gives", () => compare(randomPrograms(60, 7)));

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

test.run();
