/** The numbers of sprig, and what it makes of values that are none. */
import { parseGoFloat } from "./expr-built-in.ts";
import { fail, intOfFloat, isNumeric } from "./expr-operators.ts";
import type { ExprValue } from "./expr-value.ts";
import { printGo } from "./go-print.ts";
import type { SprigFunction } from "./sprig.ts";

/** A value as a whole number: texts are read, anything else is 0. A text with a fraction loses it. */
export function sprigInt(value: ExprValue | undefined): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return intOfFloat(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "string" ? (parseGoInt(/^[-+]?\d*\.\d*$/.test(value) ? (value.split(".")[0] ?? "") : value) ?? 0n) : 0n;
}

/** `strconv.ParseInt` with base 0: `0x1F`, `0b1`, `0o7`, `017`, `1_000`. */
function parseGoInt(text: string): bigint | undefined {
  const found = /^([+-]?)(?:0[xX](_?[\da-fA-F]+)|0[bB](_?[01]+)|0[oO]?(_?[0-7]+)|(0|[1-9]\d*))$/.exec(text.replace(/(?<=[\da-fA-F])_(?=[\da-fA-F])/g, ""));
  if (found === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = found;
  const digits = hexadecimal !== undefined ? `0x${hexadecimal}` : binary !== undefined ? `0b${binary}` : octal !== undefined ? `0o${octal}` : (decimal ?? "0");
  const value = BigInt(digits.replaceAll("_", "")) * (sign === "-" ? -1n : 1n);
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

export function sprigFloat(value: ExprValue | undefined): number {
  if (value !== undefined && isNumeric(value)) return Number(value);
  return typeof value === "boolean" ? Number(value) : typeof value === "string" ? (parseGoFloat(value) ?? 0) : 0;
}

const wrap = (value: bigint) => BigInt.asIntN(64, value);

function whole(parameters: SprigFunction["parameters"], call: (...given: bigint[]) => bigint, rest?: "any"): SprigFunction {
  return { parameters, ...(rest === undefined ? {} : { rest }), result: "int64", call: (...given) => wrap(call(...given.map(sprigInt))) };
}

/** Numbers with fractions are worked out in decimals: `0.1 + 0.2` is `0.3`. */
function decimal(call: (a: Decimal, b: Decimal) => Decimal, needsFirst: boolean): SprigFunction {
  return {
    parameters: needsFirst ? ["any"] : [], rest: "any", result: "float",
    call: (...given) => {
      const all = given.map((value) => decimalOf(sprigFloat(value)));
      const [first = decimalOf(0), ...others] = needsFirst ? all : [decimalOf(0), ...all];
      return numberOf(others.reduce(call, first));
    },
  };
}

/** `digits` times ten to the power of `-scale`. */
interface Decimal {
  digits: bigint;
  scale: number;
}

function decimalOf(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const fraction = mantissa.split(".")[1]?.length ?? 0;
  const scale = fraction - Number(exponent);
  const digits = BigInt(mantissa.replace(".", ""));
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

function numberOf({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`);
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

/** Divided to 16 places, the last one rounded. */
function divided(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) return fail("decimal division by 0");
  const [x, y] = aligned(a, b);
  const [size, by] = [x < 0n ? -x : x, y < 0n ? -y : y];
  const quotient = (size * 10n ** 16n * 2n + by) / (by * 2n);
  return { digits: x < 0n === y < 0n ? quotient : -quotient, scale: 16 };
}

function rounded(value: ExprValue | undefined, places: ExprValue | undefined, from: ExprValue | undefined): number {
  const power = 10 ** Number(sprigInt(places));
  const digit = power * sprigFloat(value);
  const fraction = digit - Math.trunc(digit);
  return (fraction >= (typeof from === "number" ? from : 0.5) ? Math.ceil(digit) : Math.floor(digit)) / power;
}

function until(start: number, stop: number, step: number): bigint[] {
  const list: bigint[] = [];
  if (stop < start ? step >= 0 : step <= 0) return list;
  for (let value = start; stop < start ? value > stop : value < stop; value += step) list.push(BigInt(value));
  return list;
}

function sequence(given: readonly number[]): string {
  const [first, second, third] = given;
  if (first === undefined || given.length > 3) return "";
  const [start, end] = second === undefined ? [1, first] : [first, third ?? second];
  const down = end < start;
  if (third !== undefined && down && (second ?? 0) > 0) return "";
  const step = third === undefined ? (down ? -1 : 1) : (second ?? 1);
  return until(start, end + (down ? -1 : 1), step).join(" ");
}

export const sprigNumbers: Readonly<Record<string, SprigFunction>> = {
  add: whole([], (...all) => all.reduce((sum, value) => wrap(sum + value), 0n), "any"),
  add1: whole(["any"], (value = 0n) => value + 1n),
  sub: whole(["any", "any"], (a = 0n, b = 0n) => a - b),
  mul: whole(["any"], (...all) => all.reduce((product, value) => wrap(product * value), 1n), "any"),
  div: whole(["any", "any"], (a = 0n, b = 0n) => (b === 0n ? fail("runtime error: integer divide by zero") : a / b)),
  mod: whole(["any", "any"], (a = 0n, b = 0n) => (b === 0n ? fail("runtime error: integer divide by zero") : a % b)),
  max: whole(["any"], (...all) => all.reduce((best, value) => (value > best ? value : best)), "any"),
  biggest: whole(["any"], (...all) => all.reduce((best, value) => (value > best ? value : best)), "any"),
  min: whole(["any"], (...all) => all.reduce((best, value) => (value < best ? value : best)), "any"),
  int: { ...whole(["any"], (value = 0n) => value), result: "int" },
  int64: whole(["any"], (value = 0n) => value),
  float64: { parameters: ["any"], result: "float", call: (value) => sprigFloat(value) },
  atoi: { parameters: ["string"], result: "int", call: (value) => (typeof value === "string" && /^[+-]?\d+$/.test(value) && BigInt(value.replace("+", "")) === wrap(BigInt(value.replace("+", ""))) ? BigInt(value.replace("+", "")) : 0n) },
  toDecimal: { parameters: ["any"], result: "int64", call: (value = null) => (/^[+-]?[0-7]+$/.test(printGo(value)) ? BigInt(Number.parseInt(printGo(value), 8)) : 0n) },
  addf: decimal((a, b) => ((([x, y, scale]) => ({ digits: x + y, scale }))(aligned(a, b))), false),
  add1f: { parameters: ["any"], result: "float", call: (value) => numberOf((([x, y, scale]) => ({ digits: x + y, scale }))(aligned(decimalOf(sprigFloat(value)), decimalOf(1)))) },
  subf: decimal((a, b) => ((([x, y, scale]) => ({ digits: x - y, scale }))(aligned(a, b))), true),
  mulf: decimal((a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale }), true),
  divf: decimal(divided, true),
  maxf: { parameters: ["any"], rest: "any", result: "float", call: (...given) => Math.max(...given.map(sprigFloat)) },
  minf: { parameters: ["any"], rest: "any", result: "float", call: (...given) => Math.min(...given.map(sprigFloat)) },
  floor: { parameters: ["any"], result: "float", call: (value) => Math.floor(sprigFloat(value)) },
  ceil: { parameters: ["any"], result: "float", call: (value) => Math.ceil(sprigFloat(value)) },
  round: { parameters: ["any", "int"], rest: "float", result: "float", call: (value, places, from) => rounded(value, places, from) },
  seq: { parameters: [], rest: "int", result: "string", call: (...given) => sequence(given.map(Number)) },
  until: { parameters: ["int"], result: "any", call: (count) => until(0, Number(count), Number(count) < 0 ? -1 : 1) },
  untilStep: { parameters: ["int", "int", "int"], result: "any", call: (start, stop, step) => until(Number(start), Number(stop), Number(step)) },
};
