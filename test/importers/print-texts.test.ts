/** Constant texts and names, printed and read back. */
import { posix } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { quoted } from "../../compiler/importers/print/texts.ts";
import { camelCase, innerScope, plural, takeName, toIdentifier } from "../../compiler/importers/print/names.ts";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import type { ContainerComponent, Document } from "../../compiler/ir/types.ts";
import { assertSame, compileFiles, essence, root } from "./printed.ts";
import { at, containerOf, documentOf, pipelineOf, span, taskOf } from "./documents.ts";

const folder = posix.join(root, "test/importers/virtual");
const compiled = (document: Document): Document => {
  const text = printTypeScript(document);
  return compileFiles(posix.join(folder, "pipeline.ts"), { [posix.join(folder, "package.json")]: "{}", [posix.join(folder, "pipeline.ts")]: text });
};

test("literals choose the quotes that need fewer escapes", () => {
  assert.is(quoted("plain"), '"plain"');
  assert.is(quoted(`it's`), `"it's"`);
  assert.is(quoted(`say "x"`), `'say "x"'`);
  assert.is(quoted(`"a" isn't "b"`), `'"a" isn\\'t "b"'`);
  assert.is(quoted("back\\slash\ttab\r\0"), '"back\\\\slash\\ttab\\r\\u0000"');
});

test("what cannot be seen is an escape", () => {
  assert.is(quoted("a\u2028b\u200bc\ufeffd\u00a0e"), '"a\\u2028b\\u200bc\\ufeffd\\u00a0e"');
  assert.is(quoted("\ud800 \u{1f600} \u{e0001}"), '"\\ud800 \u{1f600} \\udb40\\udc01"');
});

/** A document whose pipeline hands texts to a container in every way: as an input, in a list, an object, argv, the environment. */
function documentWithTexts(texts: readonly string[], keys: readonly string[] = []): Document {
  const component = containerOf("use", {
    inputs: { text: { kind: "string" }, list: { kind: "list", items: { kind: "string" } }, table: { kind: "struct", properties: {}, additional: { kind: "string" } } },
    command: texts.map((text) => ({ kind: "text", parts: [text] })),
    args: texts.map((text) => ({ kind: "text", parts: [...(text === "" ? [] : [text]), { placeholder: "inputValue", name: "text" }, ...(text === "" ? [] : [text])] })),
    env: Object.fromEntries(texts.map((text, index) => [`TEXT_${index}`, text])),
  });
  Object.assign(component.inputs["table"] ?? {}, { optional: true });
  const tasks = texts.map((text, index) =>
    taskOf(index === 0 ? "use" : `use-${index + 1}`, "use", {
      text: { kind: "constant", value: text, type: { kind: "string" } },
      list: { kind: "constant", value: [text, text], type: { kind: "list", items: { kind: "string" } } },
      ...(keys.length === 0 ? {} : { table: { kind: "constant", value: Object.fromEntries(keys.map((key) => [key, text])), type: { kind: "struct", properties: Object.fromEntries(keys.map((key) => [key, { type: { kind: "string" }, optional: false }])) } } }),
    }),
  );
  return documentOf([component], [pipelineOf("all", tasks)]);
}

const assertKept = (document: Document): void => assertSame(essence(compiled(document)), essence(document), printTypeScript(document));

const awkward = [
  "", "a\nb", "\n", "a\r\nb", "\r", "`tick`", "${not} \\${x}", "\\", "ends with \\", "a\n\\", "a\\n\nb", "def add(a):\n    return \"\\n\" + `a`\n", "\u2028\n\u2029", "\ud800\n", "\0\n\u0007", "tab\t\nline",
  "$", "$\n{", "*/ /* //", "'\"`", "ü ö 漢字 \u{1f600}\n", "String.raw`x`\n\\d", "\ufeff\n", "</script>",
];

test("awkward texts survive printing and compiling", () => assertKept(documentWithTexts(awkward)));

test("any text survives printing and compiling", () => {
  const texts = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("\\", "`", "$", "{", "}", "\n", "\r", "\"", "'", "\u2028", "\ud800", "n", "u", "0", "/", "*", " ") })), { minLength: 12, maxLength: 12 });
  const keys = fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom("default", "my-key", "a b", "0", "constructor", "'", "\"")).filter((key) => key !== "__proto__"), { maxLength: 4 });
  fc.assert(fc.property(texts, keys, (all, names) => assertKept(documentWithTexts(all, names))), { numRuns: 6 });
});

test("texts with line breaks are shared constants with telling names", () => {
  const source = "import kfp\n\ndef _helper():\n    pass\n\ndef add_two(a: int) -> int:\n    return \"\\n\"\n";
  const boilerplate = "program_path=$(mktemp -d)\npython3 -m kfp.dsl.executor_main\n";
  const install = "python3 -m pip install --quiet 'kfp==2.0.0'\nexec\n";
  const component = (id: string): ContainerComponent => containerOf(id, { command: [install, boilerplate, source].map((text) => ({ kind: "text", parts: [text] })) });
  const text = printTypeScript(documentOf([component("add"), component("again")], []));
  assert.is(text.match(/^const /gm)?.length, 3);
  assert.is(text.match(/command: \[installPackages, runPython, addTwoSource\]/g)?.length, 2);
  assert.match(text, `const addTwoSource = String.raw\`${source}\`;`);
});

test("a constant of the module has no name that a variable has", () => {
  const component = containerOf("use", { inputs: { text: { kind: "string" } }, command: [{ kind: "text", parts: [{ placeholder: "inputValue", name: "text" }] }] });
  const pipeline = pipelineOf("all", [taskOf("use", "use", { text: { kind: "constant", value: "a\nb", type: { kind: "string" } } }), taskOf("use-2", "use", { text: { kind: "input", name: "text", type: { kind: "string" } } })], { inputs: { text: { kind: "string" } } });
  assertKept(documentOf([component], [pipeline]));
});

// ---------------------------------------------------------------------------------------------- names

test("identifiers of any text", () => {
  assert.equal(["my-input", "my input", "a_b", "2nd try", "größe", "", "--", "a.b", "XGBoost"].map(toIdentifier), ["myInput", "myInput", "a_b", "_2ndTry", "größe", "value", "value", "aB", "XGBoost"]);
  assert.equal(["create-training", "train-2", "Über-uns"].map(camelCase), ["createTraining", "train2", "überUns"]);
  assert.equal(["model", "city", "loss", "key", "batch"].map(plural), ["models", "cities", "losses", "keys", "batches"]);
});

test("names are free where they are declared, and no reserved words", () => {
  const module = { names: new Set(["add", "limit"]) };
  const scope = innerScope(module);
  assert.equal([takeName(scope, "add", "Task"), takeName(scope, "add", "Task"), takeName(scope, "delete", "Input"), takeName(scope, "limit"), takeName(scope, "free")], ["addTask", "addTask2", "deleteInput", "limit2", "free"]);
  assert.equal([takeName(innerScope(module), "free"), takeName(innerScope(scope), "free")], ["free", "free2"]);
});

test("names that are words of TypeScript, of hmc or no identifiers compile", () => {
  const names = ["delete", "default", "arguments", "class", "my-input", "a b", "limit", "pipeline", "container", "run", "type", "string", "undefined", "Object", "_input", "await", "1st", "it's", "\"", "𝒳"];
  const inputs = Object.fromEntries(names.map((name) => [name, { kind: "string" as const }]));
  const component = containerOf("delete", { inputs, outputs: { "my-output": { kind: "string" }, new: { kind: "string" } }, command: [...names.map((name) => ({ kind: "text" as const, parts: [{ placeholder: "inputValue" as const, name }] })), { kind: "text", parts: [{ placeholder: "outputFile", name: "my-output" }] }] });
  const withDefaults = { ...containerOf("container", { inputs, command: component.command.slice(0, names.length) }) };
  for (const input of Object.values(withDefaults.inputs)) Object.assign(input, { optional: true, default: "x" });
  const given = Object.fromEntries(names.map((name) => [name, { kind: "input" as const, name, type: { kind: "string" as const } }]));
  const pipeline = pipelineOf("pipeline", [taskOf("delete", "delete", given), taskOf("container", "container", given), taskOf("delete-2", "delete", { ...given, default: { kind: "output", task: "delete", output: "my-output", type: { kind: "string" } } })], { inputs });
  const document = documentOf([component, withDefaults], [pipeline]);
  const again = compiled(document);
  // A constant cannot have these names themselves: the ids and all else are kept.
  for (const part of [...Object.values(again.components), ...Object.values(again.pipelines)]) part.name = part.id;
  assertSame(essence(again), essence(document), printTypeScript(document));
});

test("a task has a name where its automatic id is another", () => {
  const component = containerOf("use", {});
  const document = documentOf([component], [pipelineOf("all", ["use-2", "use", "first step", "use-3"].map((id) => taskOf(id, "use", {})))]);
  assert.match(printTypeScript(document), `  use({}, { name: "use-2" });\n  use();\n  use({}, { name: "first step" });\n  use();\n`);
  assertKept(document);
});

test("descriptions survive, whatever is in them", () => {
  const texts = ["Plain.", "Two\nlines.", "Ends */ early.", "@param x is no tag\n  @returns neither", "* a list\n* of two", "a {@link b} c", "`code` <b>", "  indented\n    more"];
  const inputs = Object.fromEntries(texts.map((_, index) => [`input${index}`, { kind: "string" as const }]));
  const component = containerOf("use", { description: "@param x is no tag\n  @returns neither", inputs, outputs: { out: { kind: "string" } }, command: [{ kind: "text", parts: [{ placeholder: "outputFile", name: "out" }] }] });
  texts.forEach((text, index) => (component.inputs[`input${index}`] = { type: { kind: "string" }, optional: true, description: text.trim(), span }));
  const outerBlanks = [" a", "a ", " ", "  a\n b  ", "\na\n", "\\ a", "a \\", "\\a\\", "@a "];
  outerBlanks.forEach((text, index) => (component.inputs[`blank${index}`] = { type: { kind: "string" }, optional: true, description: text, span }));
  component.outputs["out"] = { type: { kind: "string" }, description: "Ends */ early.", span };
  const pipeline = pipelineOf("all", [taskOf("use", "use", {})], { description: "Two\nlines." });
  const value = at({ kind: "output", task: "use", output: "out", type: { kind: "string" } });
  pipeline.outputs["out"] = { type: value.type, description: "@x", value, span };
  assertKept(documentOf([component], [pipeline]));
});

test.run();
