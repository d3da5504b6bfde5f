/** One mistake is one message: what only repeats another finding is left out, what stands for itself stays. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { withoutFollowUps } from "../../compiler/diagnostics/follow-ups.ts";

const text = 'load({ region: "vic" }, { timeout: "1 hour" });\nlaod();\n';
const texts = new Map([["a.ts", text]]);

/** A finding at the first place of some text. */
function finding(code: string, at: string): Diagnostic {
  const start = text.indexOf(at);
  const line = text.slice(0, start).split("\n").length;
  return { code, severity: "error", message: code, related: [], span: { file: "a.ts", start, end: start + at.length, line, column: 1, endLine: line, endColumn: 1 } };
}

const left = (...found: Diagnostic[]): string[] => withoutFollowUps(found, texts).map(({ code }) => code);

test("an image is missed once", () => {
  assert.equal(left(finding("HMC3020", "load"), finding("HMC4021", "load")), ["HMC3020"]);
  assert.equal(left(finding("HMC4021", "load")), ["HMC4021"], "of a helper task alone it is said");
});

test("a name that TypeScript does not know is no op either", () => {
  assert.equal(left(finding("TS2304", "laod"), finding("HMC1002", "laod()")), ["TS2304"]);
  assert.equal(left(finding("TS2304", "laod"), finding("HMC1002", "load(")), ["TS2304", "HMC1002"], "another call is another mistake");
});

test("the message on a value that says what to write wins over TypeScript's at its name", () => {
  assert.equal(left(finding("TS2322", "timeout"), finding("HMC2024", '"1 hour"')), ["HMC2024"]);
  assert.equal(left(finding("TS2322", "region"), finding("HMC2024", '"1 hour"')), ["TS2322", "HMC2024"], "another property is another mistake");
});

test("a pipeline lacks tasks only where its body could be read", () => {
  assert.equal(left(finding("HMC1009", "load"), finding("HMC3008", "laod")), ["HMC1009"]);
  assert.equal(left(finding("HMC3010", "load"), finding("HMC3008", "laod")), ["HMC3010", "HMC3008"]);
});

test("an op made in a function is reported at its name only", () => {
  assert.equal(left(finding("HMC2010", "load"), finding("HMC1019", "region")), ["HMC2010"]);
  assert.equal(left(finding("HMC2010", "load"), finding("HMC1019", "laod")), ["HMC2010", "HMC1019"]);
});

test.run();
