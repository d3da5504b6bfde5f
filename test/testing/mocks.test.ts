/** `hmc/testing`: mocks and real ops in one process, failures, retries and timeouts without waiting, and what a test can say of a run. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { testPipeline } from "../../runtime/testing/index.ts";
import { root } from "../folders.ts";
import * as ops from "./pipelines.ts";

const file = new URL("./pipelines.ts", import.meta.url);

test("mocks get what ops get, and give what ops give", async () => {
  const run = await testPipeline(file, {
    pipeline: "training",
    parameters: { depth: 3 },
    ops,
    mocks: {
      load: (input, out) => {
        writeFileSync(out.rows.path, `rows of ${input.name}`);
        out.rows.metadata["count"] = 2;
        return { count: 2 };
      },
      fit: async ({ rows, depth }, out) => {
        assert.is(readFileSync(rows.path, "utf8"), "rows of all");
        assert.equal(rows.metadata, { count: 2 });
        writeFileSync(out.model.path, String(depth));
        return { auc: 0.9 };
      },
      publish: () => "published",
    },
  });
  assert.equal([run.state, run.outputs], ["succeeded", { auc: 0.9, note: "published" }]);
  assert.equal(run.order, ["load", "fit", "publish"]);
  assert.equal(run.calls("fit").map(({ key, attempt, inputs }) => [key, attempt, inputs["depth"]]), [["fit", 1, 3]]);
  assert.equal(run.skipped, []);
  const { outputs } = run.task("fit");
  const path = (outputs?.["model"] as { path: string }).path;
  assert.is(readFileSync(path, "utf8"), "3");
  run.cleanUp();
  assert.not(existsSync(dirname(path)));
});

test("ops without a mock run their own code; a branch that is not taken is skipped", async () => {
  const run = await testPipeline(file, { pipeline: "training", ops, mocks: { fit: () => ({ auc: 0.1 }) } });
  assert.equal([run.state, run.outputs], ["succeeded", { auc: 0.1, note: "too bad" }]);
  assert.equal(run.skipped, ["publish"]);
  assert.is(run.task("publish").attempts, 0);
  assert.equal(run.calls("publish"), []);
});

test("what a mock throws is a failure: retries with their pauses, and what needs the task does not run", async () => {
  const begun = Date.now();
  const attempts: number[] = [];
  const run = await testPipeline(file, {
    pipeline: "flaky",
    ops,
    mocks: {
      unsure: (_input, _out, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error("not yet");
        return attempt;
      },
    },
  });
  assert.equal(attempts, [1, 2, 3]);
  assert.equal([run.state, run.outputs, run.task("unsure").attempts], ["succeeded", { tries: 3 }, 3]);
  assert.is(run.duration, 60_000 + 120_000);
  assert.ok(Date.now() - begun < 20_000);
  const failed = await testPipeline(file, { pipeline: "flaky", ops, mocks: { unsure: () => { throw new Error("never"); } } });
  assert.equal([failed.state, failed.failures], ["failed", [{ task: "unsure", reason: "Error: never" }]]);
  assert.is(failed.task("after").state, "blocked");
});

test("time passes on the clock of the run: timeouts, and tasks side by side", async () => {
  const slow = await testPipeline(file, { pipeline: "patient", ops, mocks: { long: async (_input, _out, call) => { await call.wait("3h"); return 1; } } });
  assert.equal([slow.state, slow.failures[0]?.reason], ["failed", "it ran longer than its timeout of 7200 s."]);
  assert.is(slow.duration, 7_200_000);
  const fast = await testPipeline(file, { pipeline: "patient", ops, mocks: { long: async ({ part }, _out, call) => { await call.wait(part * 60_000); return part; } } });
  assert.equal([fast.state, fast.outputs, fast.duration], ["succeeded", { sum: 6 }, 180_000]);
  const single = await testPipeline(file, { pipeline: "patient", ops, jobs: 1, mocks: { long: async ({ part }, _out, call) => { await call.wait(part * 60_000); return part; } } });
  assert.is(single.duration, 360_000);
  assert.equal(single.order, ["for-1/0/long", "for-1/1/long", "for-1/2/long", "sum"]);
});

test("catch and finally, containers, imports and called pipelines", async () => {
  const run = await testPipeline(file, {
    pipeline: "whole",
    ops,
    mocks: {
      unsure: () => { throw new Error("no"); },
      etl: (_input, out) => writeFileSync(out.rows.path, "from the container"),
      read: ({ data }) => (data.uri.startsWith("s3:") ? data.uri : readFileSync(data.path, "utf8")),
    },
  });
  assert.equal([run.state, run.outputs], ["succeeded", { value: -1, uri: "s3://acme/rows.csv", text: "from the container" }]);
  assert.equal(run.calls("tell").map(({ key, inputs }) => `${key}: ${String(inputs["text"])}`).sort(), ["nested/tell: from the container", "tell: FAILED"].sort());
  assert.is(run.task("nested/tell").state, "succeeded");
});

test("mistakes of a test: unknown mocks, ops that nothing stands for, values of the wrong type, parameters, tasks", async () => {
  const message = async (work: () => Promise<unknown>): Promise<string> => {
    try {
      await work();
    } catch (error) {
      return (error as Error).message;
    }
    return "nothing was thrown";
  };
  const mocks = { lod: () => 1 } as object;
  assert.is(await message(() => testPipeline(file, { pipeline: "training", ops, mocks })), 'The pipeline "training" has no op "lod" to mock. Did you mean "load"?');
  assert.is(await message(() => testPipeline(file, { pipeline: "flaky" })), 'Nothing stands for "unsure", "after". Add them to "mocks", or give the modules of the ops as "ops".');
  assert.is(await message(() => testPipeline(file, { pipeline: "flaky", ops, mocks: { unsure: () => "three" as unknown as number } })), 'The mock of "unsure" (task "unsure"): The output "Output" of "unsure" must be a number, but is "three".');
  assert.match(await message(() => testPipeline(file, { pipeline: "training", ops, parameters: { depth: "x" } })), /^HMC6005: The parameter "depth" of the pipeline "training"/);
  assert.match(await message(() => testPipeline(file, { ops })), "HMC0");
  assert.match(await message(() => testPipeline(join(root, "fixtures/invalid-hmc3001-cycle/pipeline.ts"))), "HMC3001");
  const run = await testPipeline(file, { pipeline: "patient", ops, mocks: { long: () => 1 } });
  assert.throws(() => run.task("lonk"), 'The run has no task "lonk". It has: ');
  assert.throws(() => run.task("long"), '"long" can mean several tasks: for-1/0/long, for-1/1/long, for-1/2/long.');
  assert.throws(() => run.calls("nothing"), 'There is no op "nothing" in the pipeline.');
});

test.run();
