/** What CEL gives, as KFP's driver would. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CelError, evaluateCel, type CelValue } from "../../compiler/expressions/cel-evaluate.ts";
import { parseCel } from "../../compiler/expressions/cel-parser.ts";

const names = new Map<string, CelValue>(Object.entries({ n: 7, s: "it's", l: [1, 2.5, "x"], o: { k: { z: 3 }, "a-b": null }, b: true, j: '{"k": [1]}' }));

function value(text: string): CelValue {
  const result = parseCel(text);
  if ("message" in result) throw new Error(result.message);
  return evaluateCel(result.tree, names);
}

const cases: [string, CelValue][] = [
  ["1 + 2 * 3", 7n], ["7 / 2", 3n], ["n / 2.0", 3.5], ["int(n) % 2", 1n], ["-n + 1.0", -6], ["'a' + 'b'", "ab"], ["[1] + [2]", [1n, 2n]],
  ["n == 7", true], ["n == 7.0", true], ["n == '7'", false], ["n >= 7 && n < 8", true], ["'a' < 'b'", true], ["l[0] == 1", true], ["l == [1, 2.5, 'x']", true], ["o.k == o['k']", true],
  ["'x' in l", true], ["2 in l", false], ["'k' in o", true], ["o.k.z", 3], ["o['k']['z'] == 3", true], ["has(o.k)", true], ["has(o.zz)", false], ["o['a-b'] == null", true],
  ["size(s)", 4n], ["size('😀')", 1n], ["size(l) > 2", true], ["size(o)", 2n], ["l.size()", 3n],
  ["s.startsWith('it')", true], ["s.endsWith('s')", true], ["s.contains(\"'\")", true], ["s.matches('^i.*s$')", true],
  ["int('12') + int(2.9)", 14n], ["double('1.5')", 1.5], ["double(3)", 3], ["string(7)", "7"], ["string(n)", "7"], ["string(b)", "true"], ["bool('true')", true], ["dyn(n)", 7],
  ["b ? 'yes' : l[9]", "yes"], ["!b || b", true], ["parseJson(j)['k'][0] == 1", true], ["parseJson(j).k", [1]],
  // The side that decides wins over the one that has no value.
  ["false && o.zz", false], ["o.zz && false", false], ["true || o.zz", true], ["o.zz || true", true],
];

for (const [text, expected] of cases) test(`${text} is ${String(JSON.stringify(expected, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner)))}`, () => assert.equal(value(text), expected));

for (const text of ["o.zz", "l[3]", "zz", "'5' > 3", "n % 2", "1 / 0", "1 + n", "'a' + 1", "!n", "n ? 1 : 2", "o.zz || false", "size(n)", "int('x')", "bool('yes')", "parseJson('{')", "nope(1)", "s.nope('x')", "n.startsWith('a')", "has(n)"]) {
  test(`${text} has no value`, () => {
    assert.throws(() => value(text), (error: unknown) => error instanceof CelError);
  });
}

test.run();
