/** The YAML that hmc writes means the same to readers of YAML 1.1 and 1.2. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { printYaml } from "../../compiler/targets/yaml.ts";

function readsBack(value: unknown): void {
  const yaml = printYaml("", [{ value }], "sorted");
  assert.not.match(yaml, /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/, "PyYAML refuses these, or takes them for line ends");
  for (const version of ["1.1", "1.2"] as const) {
    const read = parse(yaml, { version, ...(version === "1.1" ? { schema: "yaml-1.1" as const } : {}) }) as { value: unknown };
    assert.equal(read.value, value, `YAML ${version}:\n${yaml}`);
  }
}

test("words that some YAML takes for a boolean, null, number or date stay text", () => {
  readsBack(["yes", "No", "on", "off", "y", "N", "true", "null", "~", "", "007", "0x1F", "1_000", "1:30", "1e3", "2026-11-23", ".5", ".inf", "-", "- a", "a: b", "# c", "{}", "[", "*a", "&a", "!t", "%", "@", "`", "|", ">", "<<", "="]);
});

test("any text reads back, in values and keys, in lists and mappings", () => {
  const word = fc.oneof(fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text)), fc.string(), fc.constantFrom("a\nb", " a\n  b\n", "\n", "a\n\n", "\ta\nb", "a \nb", "key: |\n  x", "---\na", "\u2028"));
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: "small" }, word, fc.integer(), fc.boolean(), fc.array(tie("any"), { maxLength: 4 }), fc.dictionary(word.filter((text) => text !== "__proto__" && text !== "<<"), tie("any"), { maxKeys: 4, noNullPrototype: true })),
  })).any;
  fc.assert(fc.property(value, (one) => readsBack(one)), { numRuns: 500, seed: 7 });
});

test("numbers read back as numbers: YAML 1.1 wants a point before an exponent", () => {
  readsBack([0, -1, 0.1, 1e-7, 1.5e-9, 1e21, 1.5e300, 123456789012345680000]);
  assert.match(printYaml("", [{ rate: 1e-7 }], "sorted"), "rate: 1.0e-7\n");
});

test("keys of more than 1024 characters have a mark of their own", () => {
  const long = "a b ".repeat(300);
  readsBack({ [long]: { [`${long}"`]: ["x", { [`${long}'`]: "y" }] }, ["x".repeat(1024)]: 1, ["x".repeat(1023)]: 2 });
  readsBack([{ [long]: { a: 1 }, b: 2 }, { [long]: [] }]);
  assert.is(printYaml("", [{ ["x".repeat(1023)]: 1 }], "sorted"), `${"x".repeat(1023)}: 1\n`);
  assert.is(printYaml("", [{ ["x".repeat(1024)]: 1 }], "sorted"), `? ${"x".repeat(1024)}\n: 1\n`);
});

test("keys are sorted, empty containers are written in one line, long text is not folded", () => {
  assert.is(printYaml("# h\n", [{ b: { d: [], c: {} }, a: [{ w: 1, x: [2] }] }, { z: "w ".repeat(60) + "w" }], "sorted"), `# h\na:\n  - w: 1\n    x:\n      - 2\nb:\n  c: {}\n  d: []\n---\nz: ${"w ".repeat(60)}w\n`);
});

test("keys stand as they are declared where that is asked for", () => {
  assert.is(printYaml("", [{ b: { d: 1, c: 2 }, a: [{ z: 1, x: undefined, w: 2 }] }], "declared"), "b:\n  d: 1\n  c: 2\na:\n  - z: 1\n    w: 2\n");
});

test.run();
