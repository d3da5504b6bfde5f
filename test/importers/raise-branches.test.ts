/** Groups of conditions become `if`, and what differs by arm is assigned in each. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pipelinesOf } from "./imported.ts";
import { constant, group, input, operand, output, pipelineFile, run, type TaskNote } from "./specs.ts";

const count = "pipelinechannel--make-count";
const kind = "pipelinechannel--kind";
const make = run("-> count: int");
const withCount = { [count]: output("make", "count") };
const isLarge = `${operand(count, "int")} > 3`;
const isNone = `${operand(count, "int")} == 0`;

/** A group whose tasks take nothing. */
function arm(condition: string, tasks: Record<string, TaskNote>, form = `${count}: int`, outputs: Record<string, string | string[]> = {}): TaskNote {
  const [inputs = ""] = form.split("->");
  const given = Object.fromEntries(inputs.split(",").map((port) => port.trim().split(": ")[0] ?? "").filter((name) => name !== "").map((name) => [name, input(name)]));
  return group(form, given, tasks, { condition, outputs });
}

test("a lone condition is an if", () => {
  const text = pipelineFile({ tasks: { make, "condition-1": group(`${count}: int`, withCount, { grow: run("") }, { condition: isLarge, after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `/*lone*/`);
});

test("a wrapper of conditions is if, else if, else, in the order of their numbers", () => {
  const arms = {
    "condition-4": arm(`!(${isLarge}) && !(${isNone})`, { keep: run("") }),
    "condition-3": arm(`!(${isLarge}) && ${isNone}`, { stop: run("") }),
    "condition-2": arm(isLarge, { grow: run("") }),
  };
  const text = pipelineFile({ tasks: { make, "condition-branches-1": group(`${count}: int`, withCount, arms, { after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `/*chain*/`);
});

test("comparisons of one text with many are a chain of ifs", () => {
  const is = (value: string): string => `${operand(kind)} == '${value}'`;
  const arms = {
    "condition-2": arm(is("a"), { one: run("") }, `${kind}: string`),
    "condition-3": arm(`!(${is("a")}) && ${is("b")}`, { two: run("") }, `${kind}: string`),
    "condition-4": arm(`!(${is("a")}) && !(${is("b")}) && ${is("c")}`, { three: run("") }, `${kind}: string`),
    "condition-5": arm(`!(${is("a")}) && !(${is("b")}) && !(${is("c")})`, { other: run("") }, `${kind}: string`),
  };
  const text = pipelineFile({ interface: "kind: string", tasks: { "condition-branches-1": group(`${kind}: string`, { [kind]: input("kind") }, arms) } });
  assert.fixture(pipelinesOf(text), `/*switch*/`);
});

test("conditions within conditions", () => {
  const inner = arm(isNone, { stop: run("") });
  const text = pipelineFile({ tasks: { make, "condition-1": group(`${count}: int`, withCount, { grow: run(""), "condition-2": inner }, { condition: isLarge, after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `/*nested*/`);
});

test("operands of every type, negated and joined", () => {
  const form = "pipelinechannel--flag: bool, pipelinechannel--rate: number, pipelinechannel--word: string, pipelinechannel--steps: int";
  const given = { "pipelinechannel--flag": input("flag"), "pipelinechannel--rate": input("rate"), "pipelinechannel--word": input("word"), "pipelinechannel--steps": input("steps") };
  const one = (condition: string): TaskNote => group(form, given, { [`do`]: run("") }, { condition });
  const tasks = {
    "condition-1": one(`${operand("pipelinechannel--flag")} == true`),
    "condition-2": one(`${operand("pipelinechannel--rate")} >= 0.5`),
    "condition-3": one(`${operand("pipelinechannel--word")} != 'it\\'s'`),
    "condition-4": one(`double(${operand("pipelinechannel--steps", "int")}) < ${operand("pipelinechannel--rate")}`),
  };
  for (const [index, task] of Object.values(tasks).entries()) task.component.tasks = { [index === 0 ? "do" : `do-${index + 1}`]: run("") };
  const text = pipelineFile({ interface: "flag: bool, rate: number, word: string, steps: int", tasks });
  assert.fixture(pipelinesOf(text, ["HMC7038"]), `/*operands*/`);
});

const oneOf = "pipelinechannel--condition-branches-1-oneof-1";

test("what differs by arm is one variable: a parameter", () => {
  const arms = {
    "condition-2": arm(isLarge, { grow: run("-> size: int") }, `${count}: int -> pipelinechannel--grow-size: int`, { "pipelinechannel--grow-size": "grow.size" }),
    "condition-3": arm(`!(${isLarge})`, { keep: run("-> size: int") }, `${count}: int -> pipelinechannel--keep-size: int`, { "pipelinechannel--keep-size": "keep.size" }),
  };
  const wrapper = group(`${count}: int -> ${oneOf}: int`, withCount, arms, {
    after: ["make"], outputs: { [oneOf]: ["condition-2.pipelinechannel--grow-size", "condition-3.pipelinechannel--keep-size"] },
  });
  const text = pipelineFile({ tasks: { make, "condition-branches-1": wrapper, use: run("size: int", { size: output("condition-branches-1", oneOf) }, { after: ["condition-branches-1"] }) } });
  assert.fixture(pipelinesOf(text), `/*oneof*/`);
});

test("what differs by arm is one variable: an artifact", () => {
  const arms = {
    "condition-2": arm(isLarge, { grow: run("-> table: Dataset") }, `${count}: int -> pipelinechannel--grow-table: Dataset`, { "pipelinechannel--grow-table": "grow.table" }),
    "condition-3": arm(`!(${isLarge})`, { keep: run("-> table: Dataset") }, `${count}: int -> pipelinechannel--keep-table: Dataset`, { "pipelinechannel--keep-table": "keep.table" }),
  };
  const wrapper = group(`${count}: int -> ${oneOf}: Dataset`, withCount, arms, {
    after: ["make"], outputs: { [oneOf]: ["condition-2.pipelinechannel--grow-table", "condition-3.pipelinechannel--keep-table"] },
  });
  const text = pipelineFile({ tasks: { make, "condition-branches-1": wrapper, use: run("table: Dataset", { table: output("condition-branches-1", oneOf) }, { after: ["condition-branches-1"] }) } });
  assert.fixture(pipelinesOf(text), `/*oneofArtifact*/`);
});

test("what only one arm gives may be missing afterwards", () => {
  const lone = group(`${count}: int -> pipelinechannel--grow-size: int`, withCount, { grow: run("-> size: int") }, { condition: isLarge, after: ["make"], outputs: { "pipelinechannel--grow-size": "grow.size" } });
  const text = pipelineFile({ tasks: { make, "condition-1": lone, use: run("size: int? = 1", { size: output("condition-1", "pipelinechannel--grow-size") }, { after: ["condition-1"] }) } });
  assert.fixture(pipelinesOf(text), `/*maybe*/`);
});

test("conditions that do not exclude each other make a pipeline that is called", () => {
  const arms = { "condition-2": arm(isLarge, { grow: run("") }), "condition-3": arm(isNone, { stop: run("") }) };
  const text = pipelineFile({ tasks: { make, "condition-branches-1": group(`${count}: int`, withCount, arms, { after: ["make"] }) } });
  assert.fixture(pipelinesOf(text, ["HMC7038"]), `/*notExclusive*/`);
});

test("constants are no values of the pipeline", () => {
  const text = pipelineFile({ tasks: { "condition-1": group("pipelinechannel--kind: string", { [kind]: constant("a") }, { grow: run("") }, { condition: `${operand(kind)} == 'a'` }) } });
  assert.fixture(pipelinesOf(text, ["HMC7038"]), `/*constant*/`);
});

test.run();
