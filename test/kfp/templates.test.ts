/** Text, lists and objects of several run-time values: what the compiler writes, the entrypoint fills. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Expression, Json } from "../../compiler/ir/types.ts";
import { fillTemplates } from "../../runtime/protocols/kfp-templates.ts";
import { constant, document, emit, given, input, listOf, number, op, output, pipeline, span, task, text } from "./documents.ts";

const template = (...parts: Expression[]): Expression => ({ kind: "template", parts, type: text, span });
const measure = op("measure", {}, { ratio: number, name: text });
const say = op("say", { text: given(text) });

/** The executor's parameters of a task: constants as they are, anything else from `values` by channel. */
function received(of: ReturnType<typeof emit>, name: string, values: Record<string, Json>): Record<string, Json> {
  const parameters = of.spec.root.dag?.tasks[name]?.inputs?.parameters ?? {};
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([key, source]): [string, Json][] => {
      if (source.runtimeValue !== undefined) return [[key, source.runtimeValue.constant]];
      const channel = source.componentInputParameter ?? source.taskOutputParameter?.outputParameterKey ?? "";
      return Object.hasOwn(values, channel) ? [[key, values[channel] as Json]] : [];
    }),
  );
}

test("quotation marks, backslashes and numbers in the values come through", () => {
  const value = template(constant("<"), output("measure", text, "name"), constant("> at "), output("measure", number, "ratio"), constant(" of "), input("whole"));
  const emitted = emit(document([measure, say], pipeline("p", [task("measure", "measure"), task("say", "say", { text: value })], { inputs: { whole: given(text) } })));
  const filled = fillTemplates(received(emitted, "say", { name: 'a "b" \\ c', ratio: 1e21, whole: "x\ny" }));
  assert.is(filled["text"], '<a "b" \\ c> at 1e+21 of x\ny');
});

test("values in lists and objects keep their types", () => {
  const plot = op("plot", { values: given(listOf(number)) });
  const list: Expression = { kind: "list", items: [constant(1, number), output("measure", number, "ratio")], type: listOf(number), span };
  const emitted = emit(document([measure, plot], pipeline("p", [task("measure", "measure"), task("plot", "plot", { values: list })])));
  assert.equal(fillTemplates(received(emitted, "plot", { ratio: 2.5 }))["values"], [1, 2.5]);
});

test("an absent value is undefined in text, null in a list, and no key in an object", () => {
  const marker = (kind: "text" | "value", name: string) => `{{$.hmc.${kind}['${name}']}}`;
  assert.equal(fillTemplates({ a: `x${marker("text", "none")}`, b: [marker("value", "none")], c: { k: marker("value", "none"), l: 1 } }), { a: "xundefined", b: [null], c: { l: 1 } });
});

test("a literal that looks like a marker is none, for its braces are encoded", () => {
  const emitted = emit(document([say], pipeline("p", [task("say", "say", { text: constant("{{$.hmc.text['text']}}") })])));
  const [value] = Object.values(received(emitted, "say", {}));
  assert.equal(fillTemplates({ text: value as Json })["text"], value);
});

test("one run-time value needs no help: CEL joins the text in the driver", () => {
  const emitted = emit(document([say], pipeline("p", [task("say", "say", { text: template(constant("hello "), input("name")) })], { inputs: { name: given(text) } })));
  assert.equal(emitted.spec.root.dag?.tasks["say"]?.inputs?.parameters, { text: { componentInputParameter: "name", parameterExpressionSelector: '"hello " + string_value' } });
});

test.run();
