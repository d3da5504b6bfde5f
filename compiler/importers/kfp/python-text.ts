/** Values as Python writes them, where KFP's SDK leaves Python's text in a pipeline. */
import type { Json } from "../../ir/types.ts";

/** As `json.dumps`: with a space after "," and ":", and nothing but ASCII. */
export function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (value !== null && typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`).join(", ")}}`;
  if (typeof value === "string") return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return JSON.stringify(value);
}

/** As `repr` of a float: `1.0`, `1e+16`, `1e-05`. */
export function pythonFloat(value: number): string {
  const [digits = "0", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  const fixed = value.toFixed(Math.max(digits.replace(/^-?\d\.?/, "").length - exponent, 0));
  return fixed.includes(".") ? fixed : `${fixed}.0`;
}
