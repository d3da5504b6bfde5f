/** Groups of conditions become `if`, and what differs by arm is assigned in each. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pipelinesOf } from "./imported.ts";
import { group, input, operand, output, pipelineFile, run, type TaskNote } from "./specs.ts";

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
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  const makeTask = make();
  if (makeTask.count > 3) {
    grow();
  }
});
`);
});

test("a wrapper of conditions is if, else if, else, in the order of their numbers", () => {
  const arms = {
    "condition-4": arm(`!(${isLarge}) && !(${isNone})`, { keep: run("") }),
    "condition-3": arm(`!(${isLarge}) && ${isNone}`, { stop: run("") }),
    "condition-2": arm(isLarge, { grow: run("") }),
  };
  const text = pipelineFile({ tasks: { make, "condition-branches-1": group(`${count}: int`, withCount, arms, { after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  const makeTask = make();
  if (makeTask.count > 3) {
    grow();
  } else if (makeTask.count === 0) {
    stop();
  } else {
    keep();
  }
});
`);
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
  assert.fixture(pipelinesOf(text), `export const main = pipeline(({ kind }: { kind: string }) => {
  if (kind === "a") {
    one();
  } else if (kind === "b") {
    two();
  } else if (kind === "c") {
    three();
  } else {
    other();
  }
});
`);
});

test("conditions within conditions", () => {
  const inner = arm(isNone, { stop: run("") });
  const text = pipelineFile({ tasks: { make, "condition-1": group(`${count}: int`, withCount, { grow: run(""), "condition-2": inner }, { condition: isLarge, after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  const makeTask = make();
  if (makeTask.count > 3) {
    grow();
    if (makeTask.count === 0) {
      stop();
    }
  }
});
`);
});

test("operands of every type", () => {
  const one = (key: string, form: string, condition: string): TaskNote => arm(condition, { [key]: run("") }, form);
  const lone = (key: string, form: string, condition: string): TaskNote => {
    const task = one(key, form, condition);
    return { ...task, given: Object.fromEntries(Object.keys(task.given).map((name) => [name, input(name.replace("pipelinechannel--", ""))])) };
  };
  const tasks = {
    "condition-1": lone("first", "pipelinechannel--flag: bool", `${operand("pipelinechannel--flag")} == true`),
    "condition-2": lone("second", "pipelinechannel--rate: number", `${operand("pipelinechannel--rate")} >= 0.5`),
    "condition-3": lone("third", "pipelinechannel--word: string", `${operand("pipelinechannel--word")} != 'it\\'s'`),
    "condition-4": lone("fourth", "pipelinechannel--steps: int, pipelinechannel--rate: number", `double(${operand("pipelinechannel--steps", "int")}) < ${operand("pipelinechannel--rate")}`),
    "condition-5": lone("fifth", "pipelinechannel--flag: bool, pipelinechannel--word: string", `!(${operand("pipelinechannel--flag")} == true) || ${operand("pipelinechannel--word")} == ''`),
  };
  const text = pipelineFile({ interface: "flag: bool, rate: number, word: string, steps: int", tasks });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(({ flag, rate, word, steps }: { flag: boolean; rate: number; word: string; steps: Int }) => {
  if (flag) {
    first();
  }
  if (rate >= 0.5) {
    second();
  }
  if (word !== "it's") {
    third();
  }
  if (steps < rate) {
    fourth();
  }
  if (!flag || word === "") {
    fifth();
  }
});
`);
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
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  const makeTask = make();
  const size = makeTask.count > 3 ? grow().size : keep().size;
  use({ size });
});
`);
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
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  const makeTask = make();
  const table = makeTask.count > 3 ? grow().table : keep().table;
  use({ table });
});
`);
});

test("what only one arm gives may be missing afterwards", () => {
  const lone = group(`${count}: int -> pipelinechannel--grow-size: int`, withCount, { grow: run("-> size: int") }, { condition: isLarge, after: ["make"], outputs: { "pipelinechannel--grow-size": "grow.size" } });
  const text = pipelineFile({ tasks: { make, "condition-1": lone, use: run("size: int? = 1", { size: output("condition-1", "pipelinechannel--grow-size") }, { after: ["condition-1"] }) } });
  assert.fixture(pipelinesOf(text, ["HMC7038"]), `export const main = pipeline(() => {
  const makeTask = make();
  let size: Int | undefined;
  if (makeTask.count > 3) {
    size = grow().size;
  }
  use({ size });
});
`);
});

test("conditions that do not exclude each other make a pipeline that is called", () => {
  const arms = { "condition-2": arm(isLarge, { grow: run("") }), "condition-3": arm(isNone, { stop: run("") }) };
  const text = pipelineFile({ tasks: { make, "condition-branches-1": group(`${count}: int`, withCount, arms, { after: ["make"] }) } });
  assert.fixture(pipelinesOf(text, ["HMC7038"]), `const conditionBranches = pipeline(
  ({ "pipelinechannel--make-count": pipelinechannelMakeCount }: { "pipelinechannel--make-count": Int }) => {
    if (pipelinechannelMakeCount > 3) {
      grow();
    }
    if (pipelinechannelMakeCount === 0) {
      stop();
    }
  },
);

export const main = pipeline(() => {
  const makeTask = make();
  conditionBranches({ "pipelinechannel--make-count": makeTask.count }, { name: "condition-branches-1", cache: false });
});
`);
});

test.run();
