/**
 * Expressions come to what Argo's controller makes of them. The values of `argo-expr-measured.json` were measured with
 * the code of argo-workflows 4.1.2 and expr-lang 1.17.8: its names went through `GetFuncMap`, its texts through
 * `expr.Compile` and `expr.Run`. A message is given where ours is the same, with its place.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { argoEnv, expanded } from "../../compiler/expressions/argo/argo-env.ts";
import { checkExpr } from "../../compiler/expressions/argo/expr-check.ts";
import { parseExpr } from "../../compiler/expressions/argo/expr-parser.ts";
import { evaluateExprCondition, evaluateExprText, ExprTextError } from "../../compiler/expressions/argo/expr-text.ts";
import { intType, objectType, stringType } from "../../compiler/expressions/argo/expr-type.ts";
import { ExprDuration, ExprOpaque, ExprTime, isList, isObject, type ExprValue } from "../../compiler/expressions/argo/expr-value.ts";
import { printGoFloat } from "../../compiler/expressions/argo/go-text.ts";
import { formatGoTime, rfc3339Nano } from "../../compiler/expressions/argo/go-time.ts";
import measured from "./argo-expr-measured.json" with { type: "json" };

/** A value as the measurements show it: floats have a point, keys are sorted. */
function shown(value: ExprValue): string {
  if (typeof value === "number") return /[.eIN]/.test(printGoFloat(value)) ? printGoFloat(value) : `${printGoFloat(value)}.0`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(shown).join(", ")}]`;
  if (value instanceof ExprTime) return `time ${formatGoTime(new ExprTime(value.nanoseconds), rfc3339Nano)}`;
  if (value instanceof ExprDuration) return `duration ${value.nanoseconds}`;
  return isObject(value) ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}: ${shown(value[key] ?? null)}`).join(", ")}}` : "?";
}

const env = argoEnv(new Map(Object.entries<string | null>(measured.names)));

function outcome(text: string): string {
  try {
    return shown(evaluateExprText(text, env));
  } catch (error) {
    if (!(error instanceof ExprTextError)) throw error;
    return `error: ${error.message.split("\n")[0]}`;
  }
}

test("expressions come to what the controller makes of them", () => {
  assert.ok(measured.cases.length > 700);
  const wrong: string[] = [];
  for (const [text = "", expected = ""] of measured.cases) {
    const found = outcome(text);
    if (expected === "error" ? !found.startsWith("error: ") : found !== expected) wrong.push(`${text}\n  should be ${expected}\n  but is    ${found}`);
  }
  assert.equal(wrong, []);
});

test("names with dots become objects; the beginning of another name is left out", () => {
  assert.equal(expanded(new Map([["a.b", "1"], ["a.c-d", "2"], ["a", "3"], ["e", null]])), { a: { b: "1", "c-d": "2" }, e: null });
});

test("an artifact is passed on", () => {
  const artifact = new ExprOpaque({ s3: { key: "k" } });
  const given = argoEnv(new Map<string, ExprValue>([["tasks.a.status", "Succeeded"], ["tasks.a.outputs.artifacts.m", artifact]]));
  assert.is(evaluateExprText("tasks['a'].status == 'Succeeded' ? tasks['a'].outputs.artifacts.m : nil", given), artifact);
});

test("the whole message shows the place", () => {
  assert.throws(() => evaluateExprText("1 +\n  item", argoEnv(new Map([["item", "3"]]))), (error: ExprTextError) => error.message === "invalid operation: + (mismatched types int and string) (1:3)\n | 1 +\n | ..^" && !error.compiles);
  assert.throws(() => evaluateExprText("sprig.uuidv4()", env), (error: ExprTextError) => /gives something else each time/.test(error.message) && error.compiles);
});

test("conditions must be true or false", () => {
  assert.is(evaluateExprCondition("item == '3'", env), true);
  assert.throws(() => evaluateExprCondition("item", env), /^unable to cast expression result '3' to bool$/);
  assert.throws(() => evaluateExprCondition("asInt(item)", env), /^unable to cast expression result '%!s\(int=3\)' to bool$/);
  assert.throws(() => evaluateExprCondition("tasks.a.x.y", env), /^unable to evaluate expression 'tasks\.a\.x\.y': cannot fetch y from <nil> \(1:11\)\n/);
});

test("the check finds all that is wrong, and the types", () => {
  const text = "foo > 1 ? tasks.a.x + 1 : item + 1 + bar";
  const node = parseExpr(text);
  const { problems, types } = checkExpr(node, { tasks: objectType, item: stringType });
  assert.equal(problems.map(({ message, start, end }) => [message, text.slice(start, end)]), [
    ["unknown name foo", "foo"],
    ["invalid operation: + (mismatched types string and int)", "item + 1"],
    ["unknown name bar", "bar"],
  ]);
  assert.is(types.get(node)?.kind, "unknown");
  assert.equal(checkExpr(parseExpr("len(tasks) + n"), { tasks: objectType, n: intType }).problems, []);
});

test.run();
