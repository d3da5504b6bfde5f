/** YAML as Argo reads it, and the places of what is in it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readArgo } from "../../compiler/targets/argo/check/read.ts";

function valueOf(text: string): unknown {
  const { documents, diagnostics } = readArgo(text, "x.yaml");
  assert.equal(diagnostics, []);
  return documents[0]?.value;
}

test("plain scalars are what go-yaml makes of them", () => {
  const table: [string, unknown][] = [
    ["y", true], ["N", false], ["yes", true], ["No", false], ["ON", true], ["off", false], ["true", true], ["tRUE", "tRUE"],
    ["~", null], ["null", null], ["", null], ["Null", null],
    ["12", 12], ["-3", -3], ["+4", 4], ["0x1F", 31], ["0b11", 3], ["0o17", 15], ["0777", 511], ["089", 89], ["1_000", 1000],
    ["1.50", 1.5], [".5", 0.5], ["1e3", 1000], ["1e+3", 1000], ["5.", 5],
    ["1:30", "1:30"], ["2001-01-01", "2001-01-01"], ["1.2.3", "1.2.3"], ["-", "-"], ["0x", "0x"], ["1e", "1e"], ["=", "="], ["10Gi", "10Gi"],
  ];
  for (const [text, value] of table) assert.equal(valueOf(`a: ${text === "-" ? '"-"' : text}`), { a: value }, text);
  assert.equal(valueOf('a: "y"\nb: !!str 5\nc: !!int "7"'), { a: "y", b: "5", c: 7 });
});

test("keys become text, as for kubectl", () => {
  assert.equal(valueOf("n: 1\n5: 2\nnull: 3"), { false: 1, "5": 2, null: 3 });
});

test("documents, and lines of a list in brackets that begin anywhere", () => {
  const { documents } = readArgo("a: [1,\n2]\n---\n# nothing\n---\nb: 1\n", "x.yaml");
  assert.equal(documents.map(({ value }) => value), [{ a: [1, 2] }, { b: 1 }]);
});

/** What is written where a part of a value is said to stand. */
function shown(text: string, path: readonly (string | number)[], part: string): string | undefined {
  const document = readArgo(text, "x.yaml").documents[0];
  const value = path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], document?.value) as string;
  const start = value.indexOf(part);
  const span = document?.locateIn?.(path, start, start + part.length);
  return span === undefined ? undefined : text.slice(span.start, span.end);
}

test("parts of texts have places, however the text is written", () => {
  assert.is(shown('a: "say {{x.y}} now"', ["a"], "{{x.y}}"), "{{x.y}}");
  assert.is(shown("a: 'it''s {{x.y}} now'", ["a"], "{{x.y}}"), "{{x.y}}");
  assert.is(shown("a: say {{x.y}} now", ["a"], "{{x.y}}"), "{{x.y}}");
  assert.is(shown("a: |\n  first\n    second {{x.y}}\n  third {{z}}\n", ["a"], "{{x.y}}"), "{{x.y}}");
  assert.is(shown("a: |-\n  first\n\n  third {{z}}\n", ["a"], "{{z}}"), "{{z}}");
  assert.is(shown("- b:\n    - |\n      deep {{z}}\n", [0, "b", 0], "{{z}}"), "{{z}}");
});

test("where the text is written otherwise than its value, the whole of it is the place", () => {
  assert.is(shown('a: "tab\\t{{x}}"', ["a"], "{{x}}"), '"tab\\t{{x}}"');
});

test("what is written for a scalar, and where keys and values stand", () => {
  const text = "a: {b: 1.50, 'c d': [x]}\n";
  const document = readArgo(text, "x.yaml").documents[0];
  assert.is(document?.written?.(["a", "b"]), "1.50");
  const at = (path: readonly (string | number)[], part: "key" | "value"): string => {
    const span = document?.locate?.(path, part);
    return text.slice(span?.start, span?.end);
  };
  assert.is(at(["a", "c d"], "key"), "'c d'");
  assert.is(at(["a", "c d", 0], "value"), "x");
  assert.is(at(["a", "c d", 7, "deeper"], "value"), "[x]");
});

test("what cannot be read has a code each", () => {
  const code = (text: string): string[] => readArgo(text, "x.yaml").diagnostics.map((found) => found.code);
  assert.equal(code("a: [1"), ["HMC8001"]);
  assert.equal(code("PK\u0003\u0004"), ["HMC8002"]);
  assert.equal(code("a: 1\nb: 2\na: 3"), ["HMC8003"]);
  assert.equal(code("a: .inf"), ["HMC8004"]);
  assert.equal(code("a: !thing 3"), ["HMC8004"]);
  assert.equal(code(`a: ${"[".repeat(500)}`), ["HMC8002"]);
});

test.run();
