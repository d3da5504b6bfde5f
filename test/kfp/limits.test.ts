/** Limits of KFP that no pipeline file can reach, or only one that is too large to keep. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { codesOf, constant, document, given, op, pipeline, task, text } from "./documents.ts";

const step = op("step", { text: given(text) });
const steps = (count: number) => Array.from({ length: count }, (_, index) => task(`step-${index}`, "step", { text: constant("x") }));

test("HMC4001: a pipeline that calls itself ends in a message, not in an endless recursion", () => {
  const call = task("again", "", {}, { target: { kind: "pipeline", id: "count-down" } });
  assert.equal(codesOf(document([step], pipeline("count-down", [...steps(1), call]))), ["HMC4001"]);
});

test("HMC4016: constants of more than 100,000 bytes are refused, in bytes and not in characters", () => {
  const large = (value: string) => document([step], pipeline("p", [task("step", "step", { text: constant(value) })]));
  assert.equal(codesOf(large("x".repeat(99_000))), []);
  assert.equal(codesOf(large("x".repeat(100_000))), ["HMC4016"]);
  assert.equal(codesOf(large("é".repeat(51_000))), ["HMC4016"]);
});

test("HMC4027: a workflow of more tasks than the cluster's database takes is a warning", () => {
  assert.equal(codesOf(document([step], pipeline("p", steps(950)))), []);
  assert.equal(codesOf(document([step], pipeline("p", steps(951)))), ["HMC4027"]);
});

test("HMC4030: a version that hmc does not know is refused; patch releases are known by their minor version", () => {
  const small = document([step], pipeline("p", steps(1)));
  for (const version of ["1.8", "2", "latest", ""]) assert.equal(codesOf(small, { version }), ["HMC4030"], version);
  for (const version of ["2.17", "2.17.0", "2.17.3-rc1"]) assert.equal(codesOf(small, { version }), [], version);
});

test.run();
