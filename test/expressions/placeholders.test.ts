/** Placeholders and arguments: what is read prints byte for byte, and what is not known stays as it is. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ArgumentTree, type ContextName, contextFields, type Placeholder, printArgument, printPlaceholders } from "../../compiler/expressions/placeholder-text.ts";
import { parseArgument, parsePlaceholders } from "../../compiler/expressions/placeholders.ts";

const known: [text: string, placeholder: Placeholder][] = [
  ["{{$.inputs.parameters['x y']}}", { placeholder: "inputValue", name: "x y" }],
  [`{{$.inputs.parameters["x"]}}`, { placeholder: "inputValue", name: "x", quote: '"' }],
  ["{{$.inputs.artifacts['x'].uri}}", { placeholder: "inputUri", name: "x" }],
  ["{{$.inputs.artifacts['x'].path}}", { placeholder: "inputPath", name: "x" }],
  ["{{$.inputs.artifacts['x'].metadata}}", { placeholder: "inputMetadata", name: "x" }],
  ["{{$.inputs.artifacts['x'].metadata['k']}}", { placeholder: "inputMetadata", name: "x", key: "k" }],
  [`{{$.inputs.artifacts["x"].metadata["k"]}}`, { placeholder: "inputMetadata", name: "x", key: "k", quote: '"' }],
  ["{{$.inputs.artifacts['uri']}}", { placeholder: "inputArtifact", name: "uri" }],
  ["{{$.outputs.parameters['x'].output_file}}", { placeholder: "outputFile", name: "x" }],
  ["{{$.outputs.artifacts['x'].uri}}", { placeholder: "outputUri", name: "x" }],
  ["{{$.outputs.artifacts['x'].path}}", { placeholder: "outputPath", name: "x" }],
  ["{{$.outputs.artifacts['x'].metadata}}", { placeholder: "outputMetadata", name: "x" }],
  ["{{$.outputs.artifacts['x'].metadata['it is']}}", { placeholder: "outputMetadata", name: "x", key: "it is" }],
  ["{{$}}", { placeholder: "executorInput" }],
  ["{{$.outputs.output_file}}", { placeholder: "executorOutput" }],
  ...Object.entries(contextFields).map(([name, field]): [string, Placeholder] => [`{{$.${field}}}`, { placeholder: "context", name: name as ContextName }]),
];

for (const [text, placeholder] of known) {
  test(`reads ${text}, alone and between other text`, () => {
    assert.equal(parsePlaceholders(text), { parts: [placeholder], unknown: [] });
    const around = `{"a": {${text}}, "b": "${text}${text}"}`;
    assert.equal(parsePlaceholders(around).parts, ['{"a": {', placeholder, '}, "b": "', placeholder, placeholder, '"}']);
    assert.is(printPlaceholders(parsePlaceholders(around).parts), around);
  });
}

test("braces before and after a placeholder are text", () => {
  assert.equal(parsePlaceholders("{{{$}}}").parts, ["{", { placeholder: "executorInput" }, "}"]);
  assert.equal(parsePlaceholders("{{{{$}}}}").parts, ["{{", { placeholder: "executorInput" }, "}}"]);
});

const unknown = [
  "{{$.inputs.parameters['x'].json_escape[0]}}", "{{$.json_escape[1]}}", "{{$.inputs.parameters[x]}}", "{{$.inputs.parameters['x}}", "{{ $.inputs.parameters['x'] }}", "{{$.inputs['x']}}",
  "{{$.inputs.artifacts['x'].name}}", "{{$.inputs.artifacts['x'].metadata['k']['l']}}", `{{$.inputs.artifacts['x'].metadata["k"]}}`, "{{$.outputs.artifacts['x']}}",
  "{{$.outputs.parameters['x']}}", "{{$.pipeline_job}}", "{{$.}}", "{{}}", "{{${}}", "{{$ }}", "{{$.pipeline_root }}", "{{$é}}", "{{workflow.name}}", "{{$.outputs.output_files}}", "{{$.inputs.parameters['x\n']}}",
];
for (const text of unknown) {
  test(`${text} is text that nobody knows, and hides no placeholder after it`, () => {
    const whole = `a ${text} b {{$}}`;
    assert.equal(parsePlaceholders(whole), { parts: [`a ${text} b `, { placeholder: "executorInput" }], unknown: [{ text: text.slice(0, text.indexOf("}}") + 2), offset: 2 }] });
  });
}

test("what is never closed is text", () => {
  assert.equal(parsePlaceholders("a {{ 'b {{$.inputs {{$.pipeline_root}} {{"), { parts: ["a {{ 'b {{$.inputs ", { placeholder: "context", name: "pipelineRoot" }, " {{"], unknown: [] });
  assert.equal(parsePlaceholders("{{$"), { parts: ["{{$"], unknown: [] });
  assert.equal(parsePlaceholders(""), { parts: [], unknown: [] });
});

const text = (...parts: (string | Placeholder)[]): ArgumentTree => ({ kind: "text", parts });
const x: Placeholder = { placeholder: "inputValue", name: "x" };

const trees: [text: string, tree: ArgumentTree][] = [
  ["--n={{$.inputs.parameters['x']}}", text("--n=", x)],
  [`{"IfPresent": {"InputName": "x", "Then": ["--x", "{{$.inputs.parameters['x']}}"]}}`, { kind: "ifPresent", input: "x", then: [text("--x"), text(x)], otherwise: [] }],
  [`{"IfPresent": {"InputName": "x", "Then": "a", "Else": "b"}}`, { kind: "ifPresent", input: "x", then: [text("a")], otherwise: [text("b")], single: true }],
  [`{"IfPresent": {"InputName": "x", "Then": "a"}}`, { kind: "ifPresent", input: "x", then: [text("a")], otherwise: [], single: true }],
  [
    `{"Concat": ["{\\"a\\": \\"", "{{$.inputs.parameters['x']}}", "\\u00e9\\ud83d\\ude00\\u007f\\n", {"IfPresent": {"InputName": "x", "Then": {"Concat": [", ", "b"]}, "Else": "c"}}]}`,
    { kind: "concat", items: [text('{"a": "'), text(x), text("é😀\u007f\n"), { kind: "ifPresent", input: "x", then: [{ kind: "concat", items: [text(", "), text("b")] }], otherwise: [text("c")], single: true }] },
  ],
  [
    `{"IfPresent": {"InputName": "x", "Then": [{"IfPresent": {"InputName": "y", "Then": ["a"]}}, {"Concat": []}], "Else": ["d"]}}`,
    { kind: "ifPresent", input: "x", then: [{ kind: "ifPresent", input: "y", then: [text("a")], otherwise: [] }, { kind: "concat", items: [] }], otherwise: [text("d")] },
  ],
];
for (const [written, tree] of trees) {
  test(`reads ${written} and prints it`, () => {
    assert.equal(parseArgument(written), { tree, unknown: [] });
    assert.is(printArgument(tree), written);
  });
}

const verbatim = [
  `{"IfPresent": {"InputName": "x","Then": ["a"]}}`, `{"IfPresent": {"Then": ["a"], "InputName": "x"}}`, `{"IfPresent": {"InputName": "x", "Then": ["a"], "Else": []}}`,
  `{"IfPresent": {"InputName": "x", "Then": "a", "Else": ["b"]}}`, `{"IfPresent": {"InputName": "x", "Then": ["a"], "Other": 1}}`, `{"IfPresent": {"InputName": 1, "Then": ["a"]}}`,
  `{"Concat": ["a", 5]}`, `{"Concat": ["é"]}`, `{"Concat": ["a"], "Concat": ["b"]}`, `{"Concat": [null, {"a": 1}]}`, `{"Concat": "{{$.inputs.parameters['x']}}"}`,
];
for (const written of verbatim) {
  test(`${written} stays one text`, () => assert.equal(parseArgument(written), { tree: text(written), unknown: [] }));
}

test("text that only begins like a form is read as text, with its placeholders", () => {
  assert.equal(parseArgument(`{"Concat": {{$.inputs.parameters['x']}}`).tree, text('{"Concat": ', x));
});

test("an unknown placeholder inside of a form is reported and kept", () => {
  const written = `{"Concat": ["--a=", "{{$.inputs.parameters['x'].json_escape[0]}}"]}`;
  const { tree, unknown: found } = parseArgument(written);
  assert.equal(found, [{ text: "{{$.inputs.parameters['x'].json_escape[0]}}", offset: 0 }]);
  assert.is(printArgument(tree), written);
});

const fragment = fc.oneof(
  fc.constantFrom("{", "}", "{{", "}}", "{{$", "$", ".", "[", "]", "'", '"', "\\", "\n", "inputs", "outputs", "parameters", "artifacts", "metadata", "uri", " ", ", ", ": ", '{"IfPresent": ', '{"Concat": [', '"InputName"', '"Then"', "]}", "é", "😀", "\ud800", "\u007f"),
  fc.constantFrom(...known.map(([written]) => written)),
  fc.string({ maxLength: 4 }),
);
const nasty = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(""));

test("any text prints as it was", () => {
  fc.assert(fc.property(nasty, (written) => {
    const { parts, unknown: found } = parsePlaceholders(written);
    assert.is(printPlaceholders(parts), written);
    assert.is(printArgument(parseArgument(written).tree), written);
    assert.not(parts.some((part, index) => part === "" || (typeof part === "string" && typeof parts[index - 1] === "string")));
    for (const { text: there, offset } of found) assert.is(written.slice(offset, offset + there.length), there);
  }), { numRuns: 3000 });
});

const name = fc.stringMatching(/^[A-Za-z0-9 _.-]{1,8}$/);
const placeholder: fc.Arbitrary<Placeholder> = fc.oneof(
  fc.record({ placeholder: fc.constantFrom("inputValue" as const, "inputPath" as const, "inputUri" as const, "inputArtifact" as const, "outputPath" as const, "outputUri" as const, "outputFile" as const), name }),
  fc.record({ placeholder: fc.constantFrom("inputMetadata" as const, "outputMetadata" as const), name, key: name }),
  fc.record({ placeholder: fc.constant("context" as const), name: fc.constantFrom(...(Object.keys(contextFields) as ContextName[])) }),
);
const words = fc.string({ unit: "binary", minLength: 1, maxLength: 6 }).filter((written) => !/[{}]/.test(written));
const { argument } = fc.letrec<{ argument: ArgumentTree }>((tie) => ({
  argument: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(words, placeholder, words).map((parts): ArgumentTree => text(...parts)),
    words.map((written): ArgumentTree => text(written)),
    fc.array(tie("argument"), { maxLength: 3 }).map((items): ArgumentTree => ({ kind: "concat", items })),
    fc.record({ input: name, then: fc.array(tie("argument"), { maxLength: 2 }), otherwise: fc.array(tie("argument"), { maxLength: 2 }) }).map((given): ArgumentTree => ({ kind: "ifPresent", ...given })),
    fc.record({ input: name, then: tie("argument"), otherwise: fc.option(tie("argument")) }).map(({ input, then, otherwise }): ArgumentTree => ({ kind: "ifPresent", input, then: [then], otherwise: otherwise === null ? [] : [otherwise], single: true })),
  ),
}));

/** With keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)])) : value;
}

test("any tree is read back from its text", () => {
  fc.assert(fc.property(argument, (tree) => assert.is(JSON.stringify(sorted(parseArgument(printArgument(tree)).tree)), JSON.stringify(sorted(tree)))), { numRuns: 500 });
});

test.run();
