/** The codec: what fits the declared type passes unchanged, everything else is refused with the place of the fault. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json, ParameterType } from "../../compiler/ir/types.ts";
import { decodeStatus, decodeValue, encodeValue, parseText, textOf, ValueError } from "../../runtime/codec.ts";
import { readInputs } from "../../runtime/protocols/kfp.ts";

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
  return "no error";
}

const config: ParameterType = {
  kind: "struct",
  properties: {
    depth: { type: { kind: "integer" }, optional: false },
    tags: { type: { kind: "list", items: { kind: "string" } }, optional: true },
    note: { type: { kind: "string" }, optional: false, nullable: true },
  },
};

test("values keep their kind: 5 is 5, false is false, \"007\" is text", () => {
  const cases: [ParameterType, Json][] = [
    [{ kind: "integer" }, 5],
    [{ kind: "number" }, 2.5],
    [{ kind: "boolean" }, false],
    [{ kind: "string" }, "007"],
    [{ kind: "string" }, ""],
    [{ kind: "string", literals: ["a", "b"] }, "b"],
    [{ kind: "list", items: { kind: "json" } }, [1, null, "x", { a: [] }]],
    [{ kind: "list", items: { kind: "json" }, tuple: [{ kind: "string" }, { kind: "integer" }] }, ["a", 1]],
    [config, { depth: 1, note: null }],
    [{ kind: "struct", properties: {}, additional: { kind: "number" } }, { x: 1, y: 2 }],
    [{ kind: "taskConfig" }, { resources: { limits: { cpu: "1" } }, env: [{ name: "A", value: "b" }] }],
  ];
  for (const [type, value] of cases) {
    assert.equal(decodeValue(type, value, "x"), value);
    assert.equal(encodeValue(type, value, "x"), value);
  }
});

test("settings of a task that the engine did not give are empty", () => {
  const contract = { inputs: { config: { type: { kind: "taskConfig" as const }, optional: true } }, outputs: {} };
  assert.equal(readInputs("train", contract, { inputs: {} }), { config: {} });
  assert.equal(readInputs("train", contract, { inputs: { parameterValues: { config: { nodeSelector: { pool: "gpu" } } } } }), { config: { nodeSelector: { pool: "gpu" } } });
  assert.equal(parseText({ kind: "taskConfig" }, '{"env":[]}', "x"), { env: [] });
});

test("the message names the field and both sides", () => {
  const cases: [ParameterType, Json, string][] = [
    [{ kind: "taskConfig" }, [], '"x" must be the settings of a task, but is []'],
    [{ kind: "integer" }, 2.5, '"x" must be a whole number, but is 2.5'],
    [{ kind: "integer" }, 2 ** 53, '"x" must be a whole number, but is 9007199254740992'],
    [{ kind: "integer" }, "5", '"x" must be a whole number, but is "5"'],
    [{ kind: "number" }, "5", '"x" must be a number, but is "5"'],
    [{ kind: "boolean" }, "false", '"x" must be true or false, but is "false"'],
    [{ kind: "boolean" }, 0, '"x" must be true or false, but is 0'],
    [{ kind: "string" }, 7, '"x" must be a string, but is 7'],
    [{ kind: "string", literals: ["a", "b"] }, "c", '"x" must be one of "a", "b", but is "c"'],
    [{ kind: "integer", literals: [1, 2] }, 3, '"x" must be one of 1, 2, but is 3'],
    [{ kind: "list", items: { kind: "integer" } }, [1, 2.5], '"x[1]" must be a whole number, but is 2.5'],
    [{ kind: "list", items: { kind: "json" }, tuple: [{ kind: "string" }] }, [], '"x" must be a list of 1 items, but is []'],
    [config, { depth: 1.5, note: "" }, '"x.depth" must be a whole number, but is 1.5'],
    [config, { note: "" }, '"x.depth" is missing'],
    [config, { depth: 1, note: "", tags: ["a", 1] }, '"x.tags[1]" must be a string, but is 1'],
    [config, { depth: null, note: "" }, '"x.depth" must be a whole number, but is null'],
    [config, { depth: 1, note: "", dpeth: 2 }, '"x.dpeth" is not declared'],
    [{ kind: "struct", properties: {}, additional: { kind: "number" } }, { "a b": "c" }, '"x["a b"]" must be a number, but is "c"'],
    [config, [], '"x" must be an object, but is []'],
  ];
  for (const [type, value, message] of cases) {
    assert.is(problemOf(() => decodeValue(type, value, "x")), message);
    assert.is(problemOf(() => encodeValue(type, value, "x")), message);
  }
});

test("what JSON would change silently is refused", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const cases: [unknown, string][] = [
    [NaN, '"x" is NaN, which no back end can pass on'],
    [{ a: [1, Infinity] }, '"x.a[1]" is Infinity, which no back end can pass on'],
    [new Date(0), '"x" is a Date, which cannot leave the process'],
    [{ m: new Map() }, '"x.m" is a Map, which cannot leave the process'],
    [10n, '"x" is a bigint, which cannot leave the process'],
    [() => 1, '"x" is a function, which cannot leave the process'],
    [[undefined], '"x[0]" is undefined'],
    [cyclic, '"x.self" contains itself'],
    [undefined, '"x" is missing'],
  ];
  for (const [value, message] of cases) assert.is(problemOf(() => encodeValue({ kind: "json" }, value, "x")), message);
});

test("absent properties are left out, the same object may stand twice", () => {
  const shared = { a: 1 };
  assert.equal(encodeValue({ kind: "json" }, { x: shared, y: shared, z: undefined }, "v"), { x: { a: 1 }, y: { a: 1 } });
});

test("the text of the command line is read by the declared type", () => {
  const cases: [ParameterType, string, Json][] = [
    [{ kind: "string" }, "007", "007"],
    [{ kind: "string" }, "true", "true"],
    [{ kind: "string" }, " x ", " x "],
    [{ kind: "integer" }, "-3", -3],
    [{ kind: "number" }, "1e-3", 0.001],
    [{ kind: "boolean" }, "false", false],
    [{ kind: "list", items: { kind: "integer" } }, "[1, 2]", [1, 2]],
  ];
  for (const [type, text, value] of cases) assert.equal(parseText(type, text, "x"), value);
  const refused: [ParameterType, string, string][] = [
    [{ kind: "integer" }, "3.5", '"x" must be a whole number, but is 3.5'],
    [{ kind: "integer" }, "", '"x" must be a whole number, but is ""'],
    [{ kind: "number" }, "0x10", '"x" must be a number, but is "0x10"'],
    [{ kind: "boolean" }, "yes", '"x" must be true or false, but is "yes"'],
    [{ kind: "list", items: { kind: "integer" } }, "1,2", '"x" must be a list in JSON, but is "1,2"'],
  ];
  for (const [type, text, message] of refused) assert.is(problemOf(() => parseText(type, text, "x")), message);
});

test("every JSON value comes back from its text", () => {
  const untyped: ParameterType = { kind: "json" };
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const json = JSON.parse(JSON.stringify(value)) as Json;
    assert.equal(parseText(untyped, JSON.stringify(encodeValue(untyped, json, "x")), "x"), json);
    assert.is(typeof json === "string" ? textOf(json) : JSON.parse(textOf(json)) !== undefined, typeof json === "string" ? json : true);
  }), { numRuns: 500 });
});

test("the final status of every back end becomes SUCCEEDED or FAILED", () => {
  const oss = { state: "COMPLETE", pipelineTaskName: "exit-handler-1", pipelineJobResourceName: "x", error: {} };
  assert.equal(decodeStatus(oss, "s"), { state: "SUCCEEDED", taskName: "exit-handler-1", error: { code: 0, message: "" } });
  const vertex = { state: "FAILED", pipelineTaskName: "t", error: { code: 9, message: "oom" } };
  assert.equal(decodeStatus(vertex, "s"), { state: "FAILED", taskName: "t", error: { code: 9, message: "oom" } });
  for (const [state, mapped] of [["CACHED", "SUCCEEDED"], ["SUCCEEDED", "SUCCEEDED"], ["CANCELLED", "FAILED"]]) assert.is(decodeStatus({ state: state as string }, "s").state, mapped);
  assert.is(problemOf(() => decodeStatus("COMPLETE", "s")), '"s" must be a final status, but is "COMPLETE"');
});

test.run();
