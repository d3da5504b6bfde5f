/** The shape that works on the real back end, where it differs from what one would write down first. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Arm, Block, Branch, Component, Expression, Loop, Node, ParameterType, Try } from "../../compiler/ir/types.ts";
import { boolean, codesOf, constant, document, emit, given, input, integer, listOf, number, op, output, pipeline, span, task, text } from "./documents.ts";

const names: ParameterType = { kind: "struct", properties: { names: { type: listOf(text), optional: false } } };
const make = op("make", { name: given(text) }, { Output: text, list: listOf(text), score: number, flag: boolean, record: names });
const use = op("use", { text: given(text, { optional: true, default: "nothing" }) });
const total = op("total", { values: given(listOf(text)) });
const components: Component[] = [make, use, total];

const block = (...nodes: Node[]): Block => ({ nodes });
const made = (id: string, name: Expression = constant("a")): Node => task(id, "make", { name });
const used = (id: string, value: Expression): Node => task(id, "use", { text: value });
const binary = (operator: Extract<Expression, { kind: "binary" }>["operator"], left: Expression, right: Expression): Expression => ({ kind: "binary", operator, left, right, type: boolean, span });
const arm = (nodes: Node[], condition?: Expression): Arm => ({ block: block(...nodes), span, ...(condition === undefined ? {} : { condition }) });
const branch = (id: string, arms: Arm[], selects: Branch["selects"] = []): Branch => ({ kind: "branch", id, arms, selects, hasElse: arms.at(-1)?.condition === undefined, span });
const loop = (id: string, items: Expression, nodes: Node[]): Loop => ({ kind: "loop", id, items, itemName: "item", itemType: text, body: block(...nodes), span });
const item = (id: string): Expression => ({ kind: "item", loop: id, type: text, span });
const collect = (id: string, value: Expression): Expression => ({ kind: "collect", loop: id, value, type: listOf(text), span });
const attempt = (id: string, body: Node[], last: Node[]): Try => ({ kind: "try", id, body: block(...body), finally: block(...last), span });

test("a default always comes with isOptional, for without it the launcher gives an empty text", () => {
  const { spec } = emit(document(components, pipeline("p", [task("use", "use")])));
  assert.equal(spec.components["comp-use"]?.inputDefinitions?.parameters, { text: { parameterType: "STRING", isOptional: true, defaultValue: "nothing" } });
});

test("a default that is not optional says so in the shape of the SDK only", () => {
  const ask = op("ask", { text: given(text, { default: "kind" }) });
  const made = document([ask], pipeline("p", [task("ask", "ask", { text: input("tone") })], { inputs: { tone: given(text, { default: "stern" }) } }));
  const ports = (shape: "real" | "sdk") => {
    const { spec } = emit(made, { shape });
    return [spec.components["comp-ask"]?.inputDefinitions?.parameters?.["text"], spec.root.inputDefinitions?.parameters?.["tone"]];
  };
  assert.equal(ports("sdk"), [{ parameterType: "STRING", defaultValue: "kind" }, { parameterType: "STRING", defaultValue: "stern" }]);
  assert.equal(ports("real"), [{ parameterType: "STRING", isOptional: true, defaultValue: "kind" }, { parameterType: "STRING", isOptional: true, defaultValue: "stern" }]);
});

test("containers differ wherever their interfaces do, and are alike where nothing differs", () => {
  const { spec } = emit(document(components, pipeline("p", [made("make"), made("make-2"), used("use", output("make")), task("use-2", "use", { text: { kind: "coalesce", value: input("note"), fallback: constant("x"), type: text, span } })], { inputs: { note: given(text, { optional: true }) } })));
  const labels = Object.entries(spec.deploymentSpec.executors).map(([label, executor]) => [label, "container" in executor ? executor.container.env?.find(({ name }) => name === "HMC_COMPONENT")?.value : undefined]);
  assert.equal(Object.fromEntries(labels), { "exec-make": "comp-make", "exec-make-2": "comp-make", "exec-use": "comp-use", "exec-use-2": "comp-use-2" });
});

test("the fallback of an optional parameter is the default of the component", () => {
  const value: Expression = { kind: "coalesce", value: input("note"), fallback: constant("none"), type: text, span };
  const { spec } = emit(document(components, pipeline("p", [used("use", value)], { inputs: { note: given(text, { optional: true }) } })));
  assert.is(spec.components["comp-use"]?.inputDefinitions?.parameters?.["text"]?.defaultValue, "none");
  assert.equal(spec.root.dag?.tasks["use"]?.inputs?.parameters, { text: { componentInputParameter: "note" } });
});

test("edges between groups join the groups in the innermost DAG that holds both", () => {
  const first = branch("if-1", [arm([made("make")], input("on", boolean))]);
  const second = loop("for-1", constant(["a"], listOf(text)), [task("use", "use", { text: item("for-1") }, { after: ["make"] })]);
  const { spec } = emit(document(components, pipeline("p", [first, second], { inputs: { on: given(boolean) } })));
  assert.equal(spec.root.dag?.tasks["for-loop-3"]?.dependentTasks, ["condition-1"]);
  assert.is(spec.components["comp-for-loop-3"]?.dag?.tasks["use"]?.dependentTasks, undefined);
});

test("a value from outside is an input of every group on its way", () => {
  const inner = branch("if-1", [arm([used("use", output("make"))], binary(">", output("make", number, "score"), constant(0.5, number)))]);
  const { spec } = emit(document(components, pipeline("p", [made("make"), loop("for-1", constant(["a"], listOf(text)), [inner])])));
  const name = "pipelinechannel--make-Output";
  assert.equal(spec.root.dag?.tasks["for-loop-2"]?.inputs?.parameters?.[name], { taskOutputParameter: { producerTask: "make", outputParameterKey: "Output" } });
  assert.equal(spec.root.dag?.tasks["for-loop-2"]?.dependentTasks, ["make"]);
  assert.equal(spec.components["comp-for-loop-2"]?.inputDefinitions?.parameters?.[name], { parameterType: "STRING" });
  assert.equal(spec.components["comp-condition-3"]?.dag?.tasks["use"]?.inputs?.parameters, { text: { componentInputParameter: name } });
  assert.is(spec.components["comp-for-loop-2"]?.dag?.tasks["condition-3"]?.triggerPolicy?.condition, "inputs.parameter_values['pipelinechannel--make-score'] > 0.5");
});

test("else-if and else repeat the conditions before them negated; the wrapper has the number of the if", () => {
  const arms = [arm([made("make")], binary("==", input("x"), constant("it's"))), arm([made("make-2")], input("on", boolean)), arm([made("make-3")])];
  const { spec } = emit(document(components, pipeline("p", [branch("if-1", arms)], { inputs: { x: given(text), on: given(boolean) } })));
  const conditions = Object.entries(spec.components["comp-condition-branches-1"]?.dag?.tasks ?? {}).map(([key, { triggerPolicy }]) => [key, triggerPolicy?.condition]);
  const [x, on] = ["inputs.parameter_values['pipelinechannel--x'] == 'it\\'s'", "inputs.parameter_values['pipelinechannel--on'] == true"];
  assert.equal(conditions, [["condition-2", x], ["condition-3", `!(${x}) && ${on}`], ["condition-4", `!(${x}) && !(${on})`]]);
});

test("a one-of is total: an arm whose value no task gives gets the helper task", () => {
  const select: Branch["selects"][number] = { name: "text", type: text, values: [output("make"), constant("plain")], span };
  const chosen: Expression = { kind: "select", branch: "if-1", name: "text", type: text, span };
  const nodes = [branch("if-1", [arm([made("make")], input("on", boolean)), arm([])], [select]), used("use", chosen)];
  const { spec, codes } = emit(document(components, pipeline("p", nodes, { inputs: { on: given(boolean) } })));
  assert.equal(codes, ["HMC4020"]);
  const outputs = spec.components["comp-condition-branches-1"]?.dag?.outputs?.parameters;
  assert.equal(outputs, {
    "pipelinechannel--condition-branches-1-oneof-1": {
      valueFromOneof: {
        parameterSelectors: [
          { producerSubtask: "condition-2", outputParameterKey: "pipelinechannel--make-Output" },
          { producerSubtask: "condition-3", outputParameterKey: "pipelinechannel--relay-text" },
        ],
      },
    },
  });
  assert.equal(spec.components["comp-condition-3"]?.dag?.tasks["relay"]?.inputs?.parameters, { text: { runtimeValue: { constant: "plain" } } });
});

test("loop items have their own type, and a loop whose results are used runs only if it has items", () => {
  const nodes = [made("make"), loop("for-1", output("make", listOf(text), "list"), [made("make-2", item("for-1"))]), task("total", "total", { values: collect("for-1", output("make-2")) })];
  const real = emit(document(components, pipeline("p", nodes))).spec;
  assert.is(real.components["comp-condition-branches-1"]?.dag?.tasks["condition-2"]?.triggerPolicy?.condition, "size(inputs.parameter_values['pipelinechannel--make-list']) > 0");
  assert.is(real.components["comp-condition-branches-1"]?.dag?.tasks["condition-3"]?.triggerPolicy?.condition, "size(inputs.parameter_values['pipelinechannel--make-list']) == 0");
  assert.is(real.components["comp-for-loop-4"]?.inputDefinitions?.parameters?.["pipelinechannel--make-list-loop-item"]?.parameterType, "STRING");
  assert.equal(real.root.dag?.tasks["total"]?.inputs?.parameters, { values: { taskOutputParameter: { producerTask: "condition-branches-1", outputParameterKey: "pipelinechannel--make-2-Output" } } });
  const sdk = emit(document(components, pipeline("p", nodes)), { shape: "sdk" }).spec;
  assert.equal(sdk.root.dag?.tasks["total"]?.inputs?.parameters, { values: { taskOutputParameter: { producerTask: "for-loop-1", outputParameterKey: "pipelinechannel--make-2-Output" } } });
});

test("a computed list is computed once, outside the loop: its driver would do it again in every iteration", () => {
  const field: Expression = { kind: "member", object: output("make", names, "record"), key: "names", type: listOf(text), span };
  const { spec } = emit(document(components, pipeline("p", [made("make"), loop("for-1", field, [used("use", item("for-1"))])])));
  const wrapper = spec.root.dag?.tasks["condition-branches-1"]?.inputs?.parameters ?? {};
  assert.is(Object.values(wrapper)[0]?.parameterExpressionSelector, 'parseJson(string_value)["names"]');
});

test("two statements in finally are one exit task, which gets the status as an input", () => {
  const notify = op("notify", { status: given({ kind: "status" }) }, {});
  const status: Expression = { kind: "status", try: "try-1", type: { kind: "status" }, span };
  const nodes = [attempt("try-1", [made("make")], [task("notify", "notify", { status }), made("make-2")])];
  const { spec } = emit(document([...components, notify], pipeline("p", nodes)));
  const exit = spec.root.dag?.tasks["finally-try-1"];
  assert.equal(exit?.triggerPolicy, { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" });
  assert.equal(exit?.dependentTasks, ["exit-handler-1"]);
  assert.equal(exit?.inputs?.parameters, { "pipelinechannel--exit-handler-1-status": { taskFinalStatus: { producerTask: "exit-handler-1" } } });
  assert.equal(Object.keys(spec.components["comp-finally-try-1"]?.dag?.tasks ?? {}), ["make-2", "notify"]);
});

test("a try in a loop stands in one more DAG, where its exit task finds its body", () => {
  const nodes = [loop("for-1", constant(["a"], listOf(text)), [attempt("try-1", [made("make")], [made("make-2")])])];
  const { spec } = emit(document(components, pipeline("p", nodes)));
  assert.equal(Object.keys(spec.components["comp-for-loop-2"]?.dag?.tasks ?? {}), ["exit-handler-3"]);
  assert.equal(Object.keys(spec.components["comp-exit-handler-3"]?.dag?.tasks ?? {}), ["exit-handler-4", "make-2"]);
});

test("an exit task that reads a task outside waits for its body only: the value comes in through one more DAG", () => {
  const nodes = [made("make"), attempt("try-1", [made("make-2")], [used("use", output("make"))])];
  const { spec } = emit(document(components, pipeline("p", nodes)));
  assert.equal(spec.root.dag?.tasks["exit-handler-1"]?.dependentTasks, ["make"]);
  assert.equal(spec.components["comp-exit-handler-1"]?.dag?.tasks["use"]?.dependentTasks, ["exit-handler-2"]);
});

test("an importer reads a run-time URI from an input of its own DAG", () => {
  const importer: Component = { kind: "importer", id: "importer", name: "importer", inputs: { uri: given(text) }, outputs: { artifact: { type: { kind: "artifact", schemaTitle: "system.Model", schemaVersion: "0.0.1", list: false }, span } }, reimport: false, metadata: {}, downloadToWorkspace: false, span };
  const { spec } = emit(document([...components, importer], pipeline("p", [made("make"), task("importer", "importer", { uri: output("make") })])));
  assert.equal(spec.root.dag?.tasks["importer"]?.inputs?.parameters, { uri: { taskOutputParameter: { producerTask: "make", outputParameterKey: "Output" } } });
  assert.equal(spec.components["comp-importer"]?.dag?.tasks["importer"]?.inputs?.parameters, { uri: { componentInputParameter: "uri" } });
});

test("a task that ignores upstream failures and has no upstream is an ordinary task", () => {
  const { spec } = emit(document(components, pipeline("p", [task("make", "make", { name: constant("a") }, { ignoreUpstreamFailure: true })])));
  assert.is(spec.root.dag?.tasks["make"]?.triggerPolicy, undefined);
});

test("text that the engines rewrite reaches ops encoded, and is compared encoded with what ops return", () => {
  const nodes = [made("make", constant("{{x}} 😀")), branch("if-1", [arm([made("make-2")], binary("==", output("make"), constant("😀")))])];
  const { spec, yaml } = emit(document(components, pipeline("p", nodes)));
  assert.equal(spec.root.dag?.tasks["make"]?.inputs?.parameters, { name: { runtimeValue: { constant: "~(7b){x}} ~(1f600)" } } });
  assert.match(spec.root.dag?.tasks["condition-1"]?.triggerPolicy?.condition ?? "", "== '~(1f600)'");
  assert.not.match(yaml, /[\u{10000}-\u{10ffff}]/u);
});

test("whole numbers are read as the SDK reads them, next to whole numbers and to fractions", () => {
  const condition = (left: Expression, right: Expression) => {
    const { spec } = emit(document(components, pipeline("p", [branch("if-1", [arm([made("make")], binary("<", left, right))])], { inputs: { i: given(integer), d: given(number) } })));
    return spec.root.dag?.tasks["condition-1"]?.triggerPolicy?.condition?.replace(/inputs\.parameter_values\['pipelinechannel--(\w)'\]/g, "$1");
  };
  assert.is(condition(input("i", integer), constant(3, number)), "int(i) < 3");
  assert.is(condition(input("i", integer), input("d", number)), "double(int(i)) < d");
  assert.is(condition(input("d", number), constant(3, number)), "d < 3.0");
});

test("a field is converted through dyn, without which cel-go finds no conversion", () => {
  const struct: ParameterType = { kind: "struct", properties: { n: { type: integer, optional: false } } };
  const field: Expression = { kind: "member", object: input("s", struct), key: "n", type: integer, span };
  const joined: Expression = { kind: "template", parts: [constant("n="), field], type: text, span };
  const nodes = [branch("if-1", [arm([made("make")], binary(">", field, constant(3, integer)))]), used("use", joined)];
  const { spec } = emit(document(components, pipeline("p", nodes, { inputs: { s: given(struct) } })));
  assert.is(spec.root.dag?.tasks["condition-1"]?.triggerPolicy?.condition, "int(dyn(inputs.parameter_values['pipelinechannel--s']['n'])) > 3");
  assert.is(spec.root.dag?.tasks["use"]?.inputs?.parameters?.["text"]?.parameterExpressionSelector, '"n=" + string(int(dyn(parseJson(string_value)["n"])))');
});

test("a pipeline called twice has its own components for each call", () => {
  const inner = pipeline("inner", [made("make")]);
  const call = (id: string): Node => task(id, "", {}, { target: { kind: "pipeline", id: "inner" } });
  const { spec } = emit(document(components, inner, pipeline("p", [call("inner"), call("inner-2"), made("make")])));
  assert.equal(Object.keys(spec.components), ["comp-inner", "comp-inner-2", "comp-make", "comp-make-2", "comp-make-3"]);
  assert.is(spec.root.dag?.tasks["make"]?.componentRef.name, "comp-make-3");
});

test("allowed values are declared in both shapes", () => {
  const choice = op("choice", { kind: given({ kind: "string", literals: ["b", "a"] }), n: given({ kind: "integer", literals: [3, 1] }) });
  const start = { ...pipeline("p", [task("choice", "choice", { kind: constant("a"), n: constant(1) })]), inputs: { rate: given({ kind: "number", literals: [0.5, 1] }) } };
  for (const shape of ["real", "sdk"] as const) {
    const { spec } = emit(document([choice], start), { shape });
    const literals = (component: typeof spec.root | undefined) => Object.values(component?.inputDefinitions?.parameters ?? {}).map((parameter) => parameter.literals);
    assert.equal([literals(spec.components["comp-choice"]), literals(spec.root)], [[["b", "a"], [3, 1]], [[0.5, 1]]]);
  }
});

test("what the SDK does not emit is not in its shape", () => {
  const choice = op("choice", { kind: given({ kind: "string", literals: ["a", "b"] }) });
  const one = document([choice], pipeline("p", [task("choice", "choice", { kind: constant("a") }, { options: { cpu: { limit: "500m" }, memory: { limit: "2Gi" } } })]));
  const [real, sdk] = [emit(one).spec, emit(one, { shape: "sdk" }).spec];
  const resources = (spec: typeof real) => Object.values(spec.deploymentSpec.executors).map((executor) => ("container" in executor ? executor.container.resources : undefined))[0];
  assert.equal(resources(real), { resourceCpuLimit: "500m", resourceMemoryLimit: "2Gi" });
  assert.equal(resources(sdk), { cpuLimit: 0.5, memoryLimit: 2.147483648, resourceCpuLimit: "500m", resourceMemoryLimit: "2Gi" });
});

test("an optional parameter goes straight to a task, and nowhere deeper", () => {
  const inputs = { note: given(text, { optional: true }) };
  assert.equal(codesOf(document(components, pipeline("p", [used("use", input("note"))], { inputs }))), []);
  const deep = [loop("for-1", constant(["a"], listOf(text)), [used("use", input("note"))])];
  assert.equal(codesOf(document(components, pipeline("p", deep, { inputs }))), ["HMC4014"]);
  const present: Expression = { kind: "present", value: input("note"), type: boolean, span };
  assert.equal(codesOf(document(components, pipeline("p", [branch("if-1", [arm([used("use", input("note"))], present)])], { inputs }))), [], "the condition has seen that it is there");
});

test("groups declare an optional parameter that they pass on as optional, but not in the SDK's shape", () => {
  const inputs = { note: given(text, { optional: true }) };
  const present: Expression = { kind: "present", value: input("note"), type: boolean, span };
  const guarded = document(components, pipeline("p", [branch("if-1", [arm([used("use", input("note"))], present)])], { inputs }));
  const looped = document(components, pipeline("p", [loop("for-1", constant(["a"], listOf(text)), [used("use", input("note"))])], { inputs }));
  const declared = (spec: ReturnType<typeof emit>["spec"], group: string) => spec.components[`comp-${group}`]?.inputDefinitions?.parameters?.["pipelinechannel--note"];
  assert.equal(declared(emit(guarded).spec, "condition-1"), { parameterType: "STRING", isOptional: true });
  assert.equal(declared(emit(looped, { shape: "sdk" }).spec, "for-loop-2"), { parameterType: "STRING" });
});

test.run();
