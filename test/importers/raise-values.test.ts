/** Values that tasks get: constants, texts with values in them, selectors; conditions of tasks, and CEL that we do not have. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../compiler/ir/types.ts";
import { pipelinesOf } from "./imported.ts";
import { constant, group, input, operand, output, pipelineFile, run } from "./specs.ts";

const own = (name: string): string => `{{$.inputs.parameters['${name}']}}`;

test("constants of every type", () => {
  const given: Record<string, Json> = { text: "a 'b' \"c\" `d` ${e} \\ \n\tä 😀", yes: "yes", count: 3, rate: 0.5, flag: false, list: [1, "a", null, [true]], plan: { depth: 3, "odd key": { a: [] } }, empty: "" };
  const form = "text: string, yes: string, count: int, rate: number, flag: bool, list: list, plan: struct, empty: string";
  const text = pipelineFile({ tasks: { train: run(form, Object.fromEntries(Object.entries(given).map(([name, value]) => [name, constant(value)]))) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  train({ text, yes: "yes", count: 3, rate: 0.5, flag: false, list: [1, "a", null, [true]], plan, empty: "" });
});
`);
});

test("defaults of every type, and inputs that may be missing", () => {
  const form = 'text: string? = "a", count: int? = 3, rate: number? = 0.5, flag: bool? = false, list: list? = [1], plan: struct? = {"depth": 3}, note: string?, table: Dataset?, must: int = 4';
  const text = pipelineFile({ interface: form, tasks: { train: run("count: int?, table: Dataset?, note: string?", { count: input("count"), table: input("table"), note: input("note") }) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(
  ({
    table,
    text = "a",
    count = 3,
    rate = 0.5,
    flag = false,
    list = [1],
    plan = { depth: 3 },
    note,
    must = 4,
  }: {
    table?: Dataset;
    text?: string;
    count?: Int;
    rate?: number;
    flag?: boolean;
    list?: unknown[];
    plan?: Record<string, unknown>;
    note?: string;
    must: Int;
  }) => {
    train({ table, count, note });
  },
);
`);
});

test("texts with values in them", () => {
  const given = {
    text: constant(`${own("pipelinechannel--make-name")}/${own("pipelinechannel--day")}.csv`), same: constant(own("pipelinechannel--day")),
    "pipelinechannel--make-name": output("make", "name"), "pipelinechannel--day": input("day"),
  };
  const text = pipelineFile({ interface: "day: string", tasks: { make: run("-> name: string"), use: run("text: string, same: string", given, { after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(({ day }: { day: string }) => {
  const makeTask = make();
  use({ text: \`\${makeTask.name}/\${day}.csv\`, same: \`\${day}\` });
});
`);
});

test("lists and structs with values in them", () => {
  const channel = own("pipelinechannel--day");
  const given = { days: constant([channel, "b", 3]), plan: constant({ day: channel, note: `on ${channel}`, depth: { of: 3 } }), "pipelinechannel--day": input("day") };
  const text = pipelineFile({ interface: "day: string", tasks: { use: run("days: list, plan: struct", given) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(({ day }: { day: string }) => {
  use({ days: [\`\${day}\`, "b", 3], plan: { day: \`\${day}\`, note: \`on \${day}\`, depth: { of: 3 } } });
});
`);
});

test("text that only looks like a placeholder", () => {
  const text = pipelineFile({ tasks: { use: run("a: string, b: string", { a: constant("{{$.inputs.parameters['nobody']}}"), b: constant("{{workflow.name}} {{ $ }}") }) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  use({ a: "{{$.inputs.parameters['nobody']}}", b: "{{workflow.name}} {{ $ }}" });
});
`);
});

test("what a run knows of itself", () => {
  const given = { name: constant("{{$.pipeline_job_name}}"), id: constant("{{$.pipeline_job_uuid}}"), both: constant("{{$.pipeline_job_name}}/{{$.pipeline_task_name}}") };
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { use: run("name: string, id: string, both: string", given) } })), `export const main = pipeline(() => {
  use({ name: run.name, id: run.id, both: \`\${run.name}/\${run.taskName}\` });
});
`);
});

test("fields of structs and items of lists", () => {
  const given = { depth: output("make", "plan", 'parseJson(string_value)["depth"]'), first: output("make", "names", "parseJson(string_value)[0]"), deep: output("make", "plan", 'parseJson(string_value)["a"]["b"]') };
  const text = pipelineFile({ tasks: { make: run("-> plan: struct, names: list"), use: run("depth: int, first: string, deep: string", given, { after: ["make"] }) } });
  assert.fixture(pipelinesOf(text), `export const main = pipeline(() => {
  const makeTask = make();
  use({ depth: makeTask.plan.depth, first: makeTask.names[0] as string, deep: (makeTask.plan.a as { b: string }).b });
});
`);
});

test("choices between given values", () => {
  const text = pipelineFile({
    interface: "mode: string",
    tasks: { use: run("mode: string", { mode: input("mode") }) },
  }).replace(/"parameterType": "STRING"/g, '"parameterType": "STRING", "literals": ["fast", "slow"]');
  assert.fixture(pipelinesOf(text), `export const main = pipeline(({ mode }: { mode: "fast" | "slow" }) => {
  use({ mode });
});
`);
});

test("a condition on the task itself", () => {
  const tasks = {
    make: run("-> count: int"),
    use: run("count: int", { count: output("make", "count") }, { after: ["make"], condition: `${operand("count", "int")} > 3` }),
  };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  const makeTask = make();
  use({ count: makeTask.count }, { when: makeTask.count > 3 });
});
`);
});

test("CEL that has no counterpart stays CEL: conditions and selectors", () => {
  const flag = "pipelinechannel--words";
  const tasks = {
    make: run("-> plan: struct"),
    "condition-1": group(`${flag}: list`, { [flag]: input("words") }, { grow: run("") }, { condition: `${operand(flag)}.exists(x, x == 'a')` }),
    use: run("depth: int", { depth: output("make", "plan", "has(struct_value.depth) ? struct_value.depth : 7") }, { after: ["make"] }),
  };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "words: list", tasks })), `export const main = pipeline(({ words }: { words: unknown[] }) => {
  const makeTask = make();
  use({ depth: cel.of<Int>(makeTask.plan, "has(struct_value.depth) ? struct_value.depth : 7") });
  if (cel\`\${words}.exists(x, x == 'a')\`) {
    grow();
  }
});
`);
});

test("other selectors: sums, texts, conversions", () => {
  const given = { sum: input("count", "number_value + 2.0"), text: input("word", "'hello ' + string_value"), number: input("word", "int(string_value)") };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "count: number, word: string", tasks: { use: run("sum: number, text: string, number: int", given) } })), `export const main = pipeline(({ count, word }: { count: number; word: string }) => {
  use({ sum: count + 2, text: cel.of<string>(word, "'hello ' + string_value"), number: cel.of<Int>(word, "int(string_value)") });
});
`);
});

test("outputs of the pipeline", () => {
  const tasks = { make: run("-> rows: int, data: Dataset") };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "-> rows: int, table: Dataset", tasks, outputs: { rows: "make.rows", table: "make.data" } })), `export const main = pipeline(() => {
  const makeTask = make();
  return { rows: makeTask.rows, table: makeTask.data };
});
`);
});

test.run();
