/** JSON as Go's encoding/json reads and writes it. */
import { ExprDuration, ExprEvaluationError, ExprFunction, ExprOpaque, ExprTime, goTypeOf, isList, isObject, type ExprValue } from "./expr-value.ts";
import { compareGo, printGoJsonFloat, quoteGoJson } from "./go-text.ts";
import { formatGoTime, rfc3339Nano } from "./go-time.ts";

/** The JSON of a value, compact, or with an indent as `json.MarshalIndent` writes it. Keys are sorted. */
export function writeGoJson(value: ExprValue, indent = ""): string {
  return write(value, indent, "\n");
}

function write(value: ExprValue, indent: string, line: string): string {
  switch (typeof value) {
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return printGoJsonFloat(value) ?? refuse(`json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
    case "string":
      return quoteGoJson(value);
  }
  if (value === null) return "null";
  if (isList(value)) return enclosed("[", value.map((item) => write(item, indent, line + indent)), "]", indent, line);
  if (value instanceof ExprTime) return quoteGoJson(formatGoTime(value, rfc3339Nano));
  if (value instanceof ExprDuration) return String(value.nanoseconds);
  if (value instanceof ExprOpaque) return JSON.stringify(value.value) ?? "null";
  if (value instanceof ExprFunction || !isObject(value)) return refuse(`json: unsupported type: ${goTypeOf(value)}`);
  const keys = Object.keys(value).sort(compareGo);
  return enclosed("{", keys.map((key) => `${quoteGoJson(key)}:${indent === "" ? "" : " "}${write(value[key] ?? null, indent, line + indent)}`), "}", indent, line);
}

function enclosed(open: string, parts: readonly string[], close: string, indent: string, line: string): string {
  if (parts.length === 0) return open + close;
  return indent === "" ? open + parts.join(",") + close : `${open}${line}${indent}${parts.join(`,${line}${indent}`)}${line}${close}`;
}

function refuse(message: string): never {
  throw new ExprEvaluationError(message);
}

/** The value of a JSON text: numbers are floats. */
export function readGoJson(text: string): ExprValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(text.trim() === "" || isCutOff(text) ? "unexpected end of JSON input" : `invalid character in JSON: ${text}`);
  }
  return checked(value as ExprValue);
}

/** Whether more text could make it JSON: it is no mistake, but an early end. */
function isCutOff(text: string): boolean {
  return ['"', "]", "}", ":null}", "null", '":null}'].some((end) => {
    try {
      JSON.parse(text + end);
      return true;
    } catch {
      return false;
    }
  });
}

function checked(value: ExprValue): ExprValue {
  if (typeof value === "number" && !Number.isFinite(value)) return refuse("json: cannot unmarshal number into Go value of type float64");
  if (typeof value === "string") return value.toWellFormed();
  if (isList(value)) return value.map(checked);
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value as Readonly<Record<string, ExprValue>>).map(([key, item]) => [key.toWellFormed(), checked(item)])) : value;
}
