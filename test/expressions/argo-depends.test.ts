/** `depends` of Argo's tasks: its text, what it comes to, and where the real controller fails on it. */
import * as fc from "fast-check";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { dependsFailure, dependsLogic, evaluateDepends } from "../../compiler/expressions/argo/depends-evaluate.ts";
import { parseDepends } from "../../compiler/expressions/argo/depends-parser.ts";
import { dependencyNames, DependsSyntaxError, printDepends, type Depends, type DependsResult } from "../../compiler/expressions/argo/depends.ts";

function bare(tree: Depends): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === "start" || key === "end" ? undefined : value)));
}

for (const text of ["a", "a.Succeeded && (b || !c.Failed)", "!(a && b-1) || c", "!!a", "(a || b) && c", "a.AnySucceeded && (b && c.Omitted)"]) {
  test(`prints ${text} as it was`, () => {
    assert.is(printDepends(parseDepends(text)), text);
  });
}

test("tells the places and the names of tasks", () => {
  const text = " a-1.Succeeded&&( b||! a-1 )";
  const tree = parseDepends(text);
  assert.equal(dependencyNames(tree), ["a-1", "b"]);
  assert.ok(tree.kind === "and" && tree.left.kind === "task");
  assert.is(text.slice(tree.left.start, tree.left.end), "a-1.Succeeded");
});

for (const [text, message, offset] of [["a &&", "the text ends too early", 4], ["a b", 'unexpected "b"', 2], ["a & b", 'unexpected character "&"', 2], ["", "the text ends too early", 0], ["(a", "the text ends too early", 2], ["a.Succeeded.x", 'unexpected ".x"', 11], ["{{item}}", 'unexpected character "{"', 0]] as const) {
  test(`says where ${JSON.stringify(text)} goes wrong`, () => {
    assert.throws(() => parseDepends(text), (error: DependsSyntaxError) => error instanceof DependsSyntaxError && error.message === message && error.offset === offset);
  });
}

test("a bare name holds for a task that succeeded, was skipped, or runs on as a daemon", () => {
  const results: Record<string, DependsResult[]> = { ok: ["Succeeded"], no: ["Failed"], skip: ["Skipped"], out: ["Omitted"], run: ["Daemoned"], some: ["Failed", "AnySucceeded"] };
  const holds = (text: string) => evaluateDepends(parseDepends(text), (task) => new Set(results[task]));
  for (const [text, expected] of [["ok", true], ["no", false], ["skip", true], ["out", false], ["run", true], ["no.Failed || ok", true], ["no.Failed && ok.Failed", false], ["!no", true], ["some.AnySucceeded && some.Failed", true], ["skip.Succeeded", false], ["missing", false]] as const) {
    assert.is(holds(text), expected, text);
  }
});

test("knows what the controller makes of a text", () => {
  assert.is(dependsLogic("a-b && !c.Failed"), "(a_b.Succeeded || a_b.Skipped || a_b.Daemoned) && !c.Failed");
  assert.is(dependsFailure("a-b && !c.Failed"), undefined);
  assert.match(dependsFailure("1a.Succeeded") ?? "", /^unable to evaluate expression '1a\.Succeeded': bad number syntax: "1a" \(1:2\)/);
  assert.match(dependsFailure("a.Success") ?? "", /has no field Success \(1:3\)/);
});

const recordings = fileURLToPath(new URL("../../../shared/conformance/argo/sim/v4.1.2/", import.meta.url));

test("fails on the names that the controller was recorded to fail on, with its message", () => {
  if (!existsSync(recordings)) return console.log(`SKIPPED: there are no recordings in ${recordings}`);
  const failures = readdirSync(recordings).filter((file) => file.startsWith("11-") && file !== "11-try-catch-phi.json" && file !== "11-1a.json").map((file) => {
    const { nodes } = JSON.parse(readFileSync(recordings + file, "utf8")) as { nodes: { Name: string; Phase: string; Message?: string }[] };
    const { Phase: phase, Message: message } = nodes.find(({ Name }) => Name.endsWith(".bb")) ?? { Phase: "" };
    const name = file.slice("11-".length, -".json".length);
    assert.is(dependsFailure(`${name}.Succeeded && !${name}.Failed`), phase === "Error" ? message : undefined, name);
    return phase === "Error";
  });
  assert.ok(failures.filter(Boolean).length >= 10);
});

const nowhere = { start: 0, end: 0 };
const { depends } = fc.letrec<{ depends: Depends }>((tie) => ({
  depends: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.record({ task: fc.stringMatching(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,5}$/), result: fc.option(fc.constantFrom("Succeeded", "Failed", "Daemoned")) }).map(({ task, result }): Depends => ({ kind: "task", task, ...(result === null ? {} : { result }), ...nowhere })),
    tie("depends").map((operand): Depends => ({ kind: "not", operand, ...nowhere })),
    fc.record({ kind: fc.constantFrom("and" as const, "or" as const), left: tie("depends"), right: tie("depends") }).map((parts): Depends => ({ ...parts, ...nowhere })),
  ),
}));

test("random trees come back from their text", () => {
  fc.assert(fc.property(depends, (tree) => assert.equal(bare(parseDepends(printDepends(tree))), bare(tree))), { numRuns: 500 });
});

test.run();
