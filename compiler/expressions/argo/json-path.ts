/**
 * `jsonpath(text, path)` of Argo's expressions: `$`, `.key`, `['key']`, `[0]`, `[*]`, `.*`, `..key`, `[0,1]`, `[1:3]` and
 * `.length`. Filters and scripts, `[?(…)]` and `[(…)]`, are refused.
 */
import { fail } from "./expr-operators.ts";
import { isList, isObject, type ExprValue } from "./expr-value.ts";
import { compareGo } from "./go-text.ts";

type Step =
  | { kind: "key"; key: string }
  | { kind: "index"; index: number }
  | { kind: "wildcard" }
  | { kind: "recursive" }
  | { kind: "length" }
  | { kind: "union"; parts: readonly (string | number)[] }
  | { kind: "range"; from: number | undefined; to: number | undefined; step: number };

/** What a path finds in a value. A key or an index that is not there is an error, but not below a wildcard. */
export function queryJsonPath(path: string, value: ExprValue): ExprValue {
  return applied(stepsOf(path), value);
}

function invalid(path: string, reason: string): never {
  return fail(`invalid JSONPath selector '${path}' ${reason}`);
}

function stepsOf(path: string): Step[] {
  if (path[0] !== "$" && path[0] !== "@") return invalid(path, `unexpected token '${path[0] ?? ""}' at index 0`);
  const steps: Step[] = [];
  let rest = path.slice(1);
  if (rest !== "" && rest[0] !== "." && rest[0] !== "[") return invalid(path, `unexpected token '${rest[0] ?? ""}' at index 1`);
  while (rest !== "") {
    const found = /^\.\.(?=[^.[])|^\.\.(?=\[)|^\.?\[((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*)\]|^\.?([^.[]+)/.exec(rest);
    if (found === null) return invalid(path, "invalid token. token string is empty");
    const [image, subscript, name] = found;
    rest = rest.slice(image.length);
    if (image === "..") steps.push({ kind: "recursive" });
    else if (subscript === undefined) steps.push(namedStep(path, (name ?? "").trim()));
    else steps.push(subscriptStep(path, subscript.trim()));
  }
  return steps;
}

function namedStep(path: string, name: string): Step {
  if (name === "") return invalid(path, "invalid token. token string is empty");
  return name === "*" ? { kind: "wildcard" } : name === "length" ? { kind: "length" } : { kind: "key", key: name };
}

function subscriptStep(path: string, text: string): Step {
  if (text === "*") return { kind: "wildcard" };
  if (/^[?(]/.test(text)) return invalid(path, "filters and scripts are not supported");
  if (/^-?\d*(?::-?\d*){1,2}$/.test(text)) {
    const [from, to, step] = text.split(":").map((part) => (part === "" ? undefined : Number(part)));
    return { kind: "range", from, to, step: step ?? 1 };
  }
  const parts = [...text.matchAll(/\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|([^,]+))\s*(?:,|$)/g)].map(([, single, double, whole, other]) => {
    const quoted = single?.replaceAll("\\'", "'") ?? double?.replaceAll('\\"', '"');
    return quoted ?? (whole === undefined ? invalid(path, `invalid token. '[${other ?? text}]' does not match any token format`) : Number(whole));
  });
  const [only] = parts;
  if (only === undefined) return invalid(path, `invalid token. '[${text}]' does not match any token format`);
  return parts.length > 1 ? { kind: "union", parts } : typeof only === "number" ? { kind: "index", index: only } : { kind: "key", key: only };
}

function applied([step, ...next]: readonly Step[], value: ExprValue): ExprValue {
  if (step === undefined) return value;
  const on = (inner: ExprValue) => applied(next, inner);
  switch (step.kind) {
    case "key":
      return on(isObject(value) ? (Object.hasOwn(value, step.key) ? (value[step.key] ?? null) : fail(`key: invalid token key '${step.key}' not found`)) : fail(`key: invalid token target. expected [map] got [${kindOf(value)}]`));
    case "index":
      return on(itemOf(value, step.index));
    case "length":
      return on(lengthOf(value));
    case "wildcard":
      return each(childrenOf(value) ?? fail(`wildcard: invalid token target. expected [array map slice] got [${kindOf(value)}]`), next);
    case "recursive":
      return recursive(value, next);
    case "union":
      return each(step.parts.flatMap((part) => attempt(() => (typeof part === "number" ? itemOf(value, part) : applied([{ kind: "key", key: part }], value)))), next);
    case "range": {
      const items = rangeOf(value, step.from, step.to, step.step);
      return next[0]?.kind === "index" ? on(items) : each(items, next);
    }
  }
}

/** The results of further steps for each value; what has none is left out. */
function each(values: readonly ExprValue[], next: readonly Step[]): ExprValue[] {
  return next.length === 0 ? [...values] : values.flatMap((value) => attempt(() => applied(next, value)).filter((result) => result !== null));
}

function attempt(run: () => ExprValue): ExprValue[] {
  try {
    return [run()];
  } catch {
    return [];
  }
}

function recursive(value: ExprValue, next: readonly Step[]): ExprValue[] {
  if (value === null) return [];
  const own = attempt(() => applied(next, value)).filter((result) => result !== null);
  const flat = next.length === 0 ? own : own.flatMap((result) => (isList(result) ? result : [result]));
  return [...flat, ...(childrenOf(value) ?? []).flatMap((child) => recursive(child, next))];
}

function childrenOf(value: ExprValue): readonly ExprValue[] | undefined {
  if (isList(value)) return value;
  return isObject(value) ? Object.keys(value).sort(compareGo).map((key) => value[key] ?? null) : undefined;
}

function itemOf(value: ExprValue, index: number): ExprValue {
  if (!isList(value)) return fail(`index: invalid token target. expected [array slice] got [${kindOf(value)}]`);
  const at = index < 0 ? value.length + index : index;
  return at < 0 || at >= value.length ? fail("index: invalid token out of range") : (value[at] ?? null);
}

function lengthOf(value: ExprValue): ExprValue {
  if (isObject(value)) return Object.hasOwn(value, "length") ? (value["length"] ?? null) : BigInt(Object.keys(value).length);
  return isList(value) ? BigInt(value.length) : typeof value === "string" ? BigInt(Buffer.byteLength(value)) : fail(`length: invalid token target. expected [array map slice string] got [${kindOf(value)}]`);
}

function rangeOf(value: ExprValue, from: number | undefined, to: number | undefined, step: number): ExprValue[] {
  if (!isList(value)) return fail(`range: invalid token target. expected [array slice] got [${kindOf(value)}]`);
  if (step === 0) return fail("range: invalid token out of range");
  const { length } = value;
  const bound = (index: number) => Math.min(length, Math.max(0, index < 0 ? length + index : index));
  const [start, end] = [bound(from ?? 0), bound(to ?? length)];
  const picked = step > 0 ? value.slice(start, end) : value.slice(start, end).reverse();
  return picked.filter((_, index) => index % Math.abs(step) === 0);
}

function kindOf(value: ExprValue): string {
  return value === null ? "nil" : isList(value) ? "slice" : typeof value === "object" ? "map" : typeof value === "number" ? "float64" : typeof value === "boolean" ? "bool" : "string";
}
