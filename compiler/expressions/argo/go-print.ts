/** How Go prints values with `%v`. */
import { ExprDuration, ExprFunction, ExprOpaque, ExprTime, isList, isObject, type ExprValue } from "./expr-value.ts";
import { compareGo, printGoFloat } from "./go-text.ts";
import { printGoDuration, printGoTime } from "./go-time.ts";

export function printGo(value: ExprValue): string {
  switch (typeof value) {
    case "boolean":
    case "bigint":
    case "string":
      return String(value);
    case "number":
      return printGoFloat(value);
  }
  if (value === null) return "<nil>";
  if (isList(value)) return `[${value.map(printGo).join(" ")}]`;
  if (value instanceof ExprTime) return printGoTime(value);
  if (value instanceof ExprDuration) return printGoDuration(value);
  if (value instanceof ExprFunction) return value.name;
  if (value instanceof ExprOpaque) return JSON.stringify(value.value) ?? "<nil>";
  if (value instanceof Map) return `map[${[...value].map(([key, item]) => `${printGo(key)}:${printGo(item)}`).join(" ")}]`;
  return isObject(value) ? `map[${Object.keys(value).sort(compareGo).map((key) => `${key}:${printGo(value[key] ?? null)}`).join(" ")}]` : "";
}
