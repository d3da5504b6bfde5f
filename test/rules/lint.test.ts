import { test } from "uvu";
import * as assert from "uvu/assert";
import { constantControl } from "../../compiler/rules/constant-control.ts";
import { redundantOrder } from "../../compiler/rules/redundant-order.ts";
import { unusedOutputs } from "../../compiler/rules/unused-outputs.ts";
import { unusedParameters } from "../../compiler/rules/unused-parameters.ts";
import type { BinaryOperator, Expression, Node } from "../../compiler/ir/types.ts";
import { artifact, branch, constant, documentOf, input, loop, number, op, output, pipeline, span, string, task } from "./documents.ts";

const dataset = artifact("Dataset");

const unused = (nodes: Node[], outputs = { rows: dataset }) => unusedOutputs.check(documentOf([pipeline("demo", nodes)], [op("load", {}, outputs)])).map((one) => one.code);

test("a task whose data nobody reads", () => {
  assert.equal(unused([task("load")]), ["HMC5001"]);
  assert.equal(unused([loop("for-1", constant([1]), task("load"))]), ["HMC5001"]);
});

test("data that is read, in a task, a condition, a loop or after it, and a task that others wait for", () => {
  assert.equal(unused([task("load"), task("count", { rows: output("load", "rows", dataset) })]), []);
  assert.equal(unused([task("load"), task("count", {}, ["load"])]), []);
  const collected: Expression = { kind: "collect", loop: "for-1", value: output("load", "rows", dataset), type: dataset, span: span() };
  assert.equal(unused([loop("for-1", constant([1]), task("load")), task("join", { all: collected })]), []);
});

test("data that the pipeline returns", () => {
  const demo = pipeline("demo", [task("load")]);
  demo.outputs["rows"] = { type: dataset, value: output("load", "rows", dataset), span: span() };
  assert.equal(unusedOutputs.check(documentOf([demo], [op("load", {}, { rows: dataset })])), []);
});

test("results in themselves: models, what is for people, and tasks with parameters only", () => {
  for (const title of ["Model", "Metrics", "ClassificationMetrics", "SlicedClassificationMetrics", "HTML", "Markdown"]) assert.equal(unused([task("load")], { rows: artifact(title) }), [], title);
  assert.equal(unusedOutputs.check(documentOf([pipeline("demo", [task("load")])], [op("load", {}, { url: string })])), []);
});

test("parameters that nothing reads", () => {
  const demo = pipeline("demo", [task("a", { x: input("used") }), loop("for-1", input("items"), task("b"))]);
  for (const name of ["used", "items", "message"]) demo.inputs[name] = { type: string, optional: false, span: span() };
  assert.equal(unusedParameters.check(documentOf([demo])).map((one) => one.message.slice(0, 26)), ['The parameter "message" of']);
});

test("a parameter that is only returned, or read deep in an expression, is used", () => {
  const demo = pipeline("demo", [task("a", { x: { kind: "template", parts: [constant("a"), { kind: "call", function: "trim", arguments: [input("deep")], type: string, span: span() }], type: string, span: span() } })]);
  for (const name of ["deep", "returned"]) demo.inputs[name] = { type: string, optional: false, span: span() };
  demo.outputs["x"] = { type: string, value: input("returned"), span: span() };
  assert.equal(unusedParameters.check(documentOf([demo])), []);
});

test("order that the data gives, or that is there twice", () => {
  const check = (...nodes: Node[]) => redundantOrder.check(documentOf([pipeline("demo", nodes)])).map((one) => one.code);
  assert.equal(check(task("a"), task("b", { x: output("a") }, ["a"])), ["HMC5008"]);
  assert.equal(check(task("a"), task("b", {}, ["a", "a"])), ["HMC5008"]);
  assert.equal(check(task("a"), task("b", {}, ["a"]), task("c", { x: output("b") }, ["a"])), []);
});

test("loops over nothing", () => {
  const check = (items: Expression) => constantControl.check(documentOf([pipeline("demo", [loop("for-1", items, task("a"))])])).map((one) => one.code);
  assert.equal(check(constant([])), ["HMC5009"]);
  assert.equal(check(constant([0])), []);
  assert.equal(check({ kind: "list", items: [], type: string, span: span() }), ["HMC5009"]);
  assert.equal(check({ kind: "range", count: constant(0, number), type: string, span: span() }), ["HMC5009"]);
  assert.equal(check({ kind: "range", count: input("n", number), type: string, span: span() }), []);
  assert.equal(check(input("xs")), []);
});

test("conditions that no run can change", () => {
  const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({ kind: "binary", operator, left, right, type: { kind: "boolean" }, span: span() });
  const not = (operand: Expression): Expression => ({ kind: "unary", operator: "!", operand, type: { kind: "boolean" }, span: span() });
  const value = (condition: Expression) => /always (\w+)/.exec(constantControl.check(documentOf([pipeline("demo", [branch("if-1", condition, task("a"))])]))[0]?.message ?? "")?.[1];
  const run = input("flag", { kind: "boolean" });
  assert.is(value(constant(true)), "true");
  assert.is(value(not(constant("x"))), "false");
  assert.is(value(binary("&&", run, constant(false))), "false");
  assert.is(value(binary("||", run, constant(true))), "true");
  assert.is(value(binary("&&", run, constant(true))), undefined);
  assert.is(value(binary("||", constant(false), run)), undefined);
  assert.is(value(binary("<", constant(2), constant(10))), "true");
  assert.is(value(binary("<", constant("2"), constant("10"))), "false");
  assert.is(value(binary("!=", constant("a"), constant("a"))), "false");
  assert.is(value(binary("==", run, run)), "true");
  assert.is(value(binary("==", input("x", number), input("x", number))), undefined, "NaN is not equal to itself");
  assert.is(value(binary(">", output("a", "auc", number), constant(0.8, number))), undefined);
});

test.run();
