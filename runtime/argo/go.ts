/** How Go writes and reads numbers, JSON and durations, where the controller's results show it. */
import { ControllerError, SimulationError } from "./errors.ts";

/** A float without exponent, with the fewest digits that read as the same float. */
export function goNumber(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return text;
  const [, sign, first, rest = "", exponent] = parts;
  const digits = `${first}${rest}`;
  const point = Number(exponent) + 1;
  return point > 0 ? `${sign}${digits.padEnd(point, "0")}` : `${sign}0.${"0".repeat(-point)}${digits}`;
}

const ESCAPED: { [character: string]: string } = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };

/** JSON as Go writes it: safe to be a part of HTML. */
export function goJson(value: unknown): string {
  return escapeHtml(JSON.stringify(value));
}

/** JSON text with the characters escaped that mean something in HTML. */
export function escapeHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] as string);
}

/** JSON text with these characters unescaped, also where the backslash of the escape is escaped itself. */
export function unescapeHtml(json: string): string {
  return json.replaceAll("\\u003c", "<").replaceAll("\\u003e", ">").replaceAll("\\u0026", "&");
}

/** The hash of which names of pods and ids of nodes are made. */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** A whole number of 64 bits, as `strconv.Atoi` reads it. */
export function goInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new ControllerError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new ControllerError(`strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
  return value;
}

/**
 * A whole number in the format of `withSequence`, such as `item-%03d`.
 *
 * @throws SimulationError for a verb that is not one of integers
 */
export function formatInteger(format: string, value: number): string {
  return format.replace(/%([-+ 0#]*)(\d*)(?:\.\d+)?(.?)/g, (whole, flags: string, width: string, verb: string) => {
    if (verb === "%") return "%";
    const digits = digitsOf(verb, Math.abs(value), flags.includes("#"));
    if (digits === undefined) throw new SimulationError("withSequence.format", `the simulator does not know "${whole}"`);
    const sign = value < 0 ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
    if (flags.includes("-")) return `${sign}${digits}`.padEnd(Number(width));
    if (flags.includes("0")) return sign + digits.padStart(Number(width) - sign.length, "0");
    return `${sign}${digits}`.padStart(Number(width));
  });
}

function digitsOf(verb: string, value: number, alternate: boolean): string | undefined {
  switch (verb) {
    case "d":
    case "v":
      return String(value);
    case "x":
      return (alternate ? "0x" : "") + value.toString(16);
    case "X":
      return (alternate ? "0X" : "") + value.toString(16).toUpperCase();
    case "o":
      return (alternate ? "0" : "") + value.toString(8);
    case "b":
      return (alternate ? "0b" : "") + value.toString(2);
    default:
      return undefined;
  }
}

const UNITS: { [unit: string]: number } = { ns: 1e-6, us: 1e-3, "µs": 1e-3, "μs": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The milliseconds of a Go duration such as `1h30m`, or undefined. */
export function goDuration(text: string): number | undefined {
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return text === "0" ? 0 : undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) total += Number(amount) * (UNITS[unit as string] as number);
  return text.startsWith("-") ? -total : total;
}

/** The milliseconds of a duration of Argo's: a Go duration, or a number of seconds. */
export function argoDuration(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text) * 1000;
  const duration = goDuration(text);
  if (duration !== undefined) return duration;
  throw new ControllerError(`unable to parse ${text} as a duration: time: invalid duration ${JSON.stringify(text)}`);
}

/** A duration in words, as the message of a retry that waits has it: up to two units. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  const units: [string, number][] = [["second", 1], ["minute", 60], ["hour", 3600], ["day", 86_400], ["week", 604_800]];
  const [unit, size] = units.findLast(([, size]) => seconds >= size) ?? ["second", 1];
  const count = Math.trunc(seconds / size);
  const head = `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (seconds < 60) return head;
  if (seconds < 3600) return `${head} ${seconds % 60} seconds`;
  if (seconds < 86_400) return `${head} ${Math.trunc(seconds / 60) % 60} minutes`;
  return `${head} ${Math.trunc(seconds / 3600) % 24} hours`;
}

/** A time in the form of RFC 3339, in seconds. */
export function rfc3339(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
