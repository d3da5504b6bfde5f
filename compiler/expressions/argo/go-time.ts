/** Times and spans of time as Go reads and prints them. */
import { ExprDuration, ExprTime } from "./expr-value.ts";

export const rfc3339 = "2006-01-02T15:04:05Z07:00";
export const rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The layouts that `date()` tries, in its order. */
export const dateLayouts = ["2006-01-02", "15:04:05", "2006-01-02 15:04:05", rfc3339, "02 Jan 06 15:04 MST", "Monday, 02-Jan-06 15:04:05 MST", "Mon, 02 Jan 2006 15:04:05 MST"];

/** The parts of a layout that stand for something, longest first. */
const elements = /January|Monday|2006|Z07:00:00|Z070000|-07:00:00|-070000|Z07:00|-07:00|Z0700|-0700|Jan|Mon|MST|Z07|-07|002|__2|[.,](?:0+|9+)(?!\d)|01|02|03|04|05|06|15|PM|pm|_2006|_2|1|2|3|4|5/g;

interface Clock {
  year: number;
  month: number;
  day: number;
  weekday: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
}

/** What a clock and a calendar show at a moment in its zone. */
export function clockOf({ nanoseconds, zone }: ExprTime): Clock {
  const local = nanoseconds + BigInt(zone) * 1_000_000_000n;
  const nanosecond = Number(((local % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n);
  const date = new Date(Number((local - BigInt(nanosecond)) / 1_000_000n));
  const year = date.getUTCFullYear();
  const start = new Date(0);
  start.setUTCFullYear(year, 0, 1);
  return {
    year, month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), yearDay: Math.floor((date.getTime() - start.getTime()) / 86_400_000) + 1,
    hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), nanosecond,
  };
}

export function monthName(month: number): string {
  return months[month - 1] ?? "";
}

export function weekdayName(weekday: number): string {
  return days[weekday] ?? "";
}

const two = (value: number) => String(value).padStart(2, "0");

/** A moment in a layout, as `Time.Format` writes it. */
export function formatGoTime(time: ExprTime, layout: string): string {
  const clock = clockOf(time);
  return layout.replace(elements, (element) => formatted(element, clock, time));
}

function formatted(element: string, clock: Clock, time: ExprTime): string {
  const twelve = clock.hour % 12 === 0 ? 12 : clock.hour % 12;
  switch (element) {
    case "2006":
      return String(clock.year).padStart(4, "0");
    case "_2006":
      return `_${String(clock.year).padStart(4, "0")}`;
    case "06":
      return two(clock.year % 100);
    case "January":
      return monthName(clock.month);
    case "Jan":
      return monthName(clock.month).slice(0, 3);
    case "01":
      return two(clock.month);
    case "1":
      return String(clock.month);
    case "Monday":
      return weekdayName(clock.weekday);
    case "Mon":
      return weekdayName(clock.weekday).slice(0, 3);
    case "02":
      return two(clock.day);
    case "_2":
      return String(clock.day).padStart(2);
    case "2":
      return String(clock.day);
    case "002":
      return String(clock.yearDay).padStart(3, "0");
    case "__2":
      return String(clock.yearDay).padStart(3);
    case "15":
      return two(clock.hour);
    case "03":
      return two(twelve);
    case "3":
      return String(twelve);
    case "04":
      return two(clock.minute);
    case "4":
      return String(clock.minute);
    case "05":
      return two(clock.second);
    case "5":
      return String(clock.second);
    case "PM":
      return clock.hour >= 12 ? "PM" : "AM";
    case "pm":
      return clock.hour >= 12 ? "pm" : "am";
    case "MST":
      return time.zoneName !== "" ? time.zoneName : zoneText(time.zone, "-07");
  }
  if (/^[.,]/.test(element)) return fraction(element, clock.nanosecond);
  return element.startsWith("Z") && time.zone === 0 ? "Z" : zoneText(time.zone, element.replace("Z", "-"));
}

function fraction(element: string, nanosecond: number): string {
  const digits = String(nanosecond).padStart(9, "0").slice(0, element.length - 1);
  if (element[1] === "0") return (element[0] ?? ".") + digits;
  const short = digits.replace(/0+$/, "");
  return short === "" ? "" : (element[0] ?? ".") + short;
}

function zoneText(zone: number, layout: string): string {
  const size = Math.abs(zone);
  const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map(two);
  return (zone < 0 ? "-" : "+") + layout.slice(1).replace(/^07(?<minutes>:?00)?(?<seconds>:?00)?$/, (_, first?: string, second?: string) => `${hours ?? ""}${first === undefined ? "" : first.replace("00", minutes ?? "")}${second === undefined ? "" : second.replace("00", seconds ?? "")}`);
}

/** How a moment prints with `%v`. */
export function printGoTime(time: ExprTime): string {
  return formatGoTime(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}

const patterns: Readonly<Record<string, string>> = {
  "2006": "(?<year>\\d{4})", "06": "(?<shortYear>\\d{2})", January: `(?<month>${months.join("|")})`, Jan: `(?<month>${months.map((name) => name.slice(0, 3)).join("|")})`,
  "01": "(?<monthNumber>\\d{2})", "1": "(?<monthNumber>\\d{1,2})", Monday: `(?:${days.join("|")})`, Mon: `(?:${days.map((name) => name.slice(0, 3)).join("|")})`,
  "02": "(?<day>\\d{2})", _2: " ?(?<day>\\d{1,2})", "2": "(?<day>\\d{1,2})", "15": "(?<hour>\\d{1,2})", "03": "(?<hour>\\d{2})", "3": "(?<hour>\\d{1,2})",
  "04": "(?<minute>\\d{2})", "4": "(?<minute>\\d{1,2})", "05": "(?<second>\\d{2})(?<fraction>[.,]\\d+)?", "5": "(?<second>\\d{1,2})(?<fraction>[.,]\\d+)?", PM: "(?<half>AM|PM)", pm: "(?<half>am|pm)",
  MST: "(?<zoneName>[A-Z]{3,4}|[+-]\\d{2,4})", "Z07:00": "(?<zone>Z|[+-]\\d{2}:\\d{2})", "-07:00": "(?<zone>[+-]\\d{2}:\\d{2})", Z0700: "(?<zone>Z|[+-]\\d{4})", "-0700": "(?<zone>[+-]\\d{4})",
  Z07: "(?<zone>Z|[+-]\\d{2})", "-07": "(?<zone>[+-]\\d{2})",
};

/** The moment that a text in a layout is, or `undefined` where it is not in the layout. */
export function parseGoTime(layout: string, text: string): ExprTime | undefined {
  let source = "";
  let position = 0;
  for (const element of layout.matchAll(elements)) {
    const pattern = patterns[element[0]] ?? (/^[.,]/.test(element[0]) ? "" : undefined);
    if (pattern === undefined) return undefined;
    source += escaped(layout.slice(position, element.index)) + pattern;
    position = element.index + element[0].length;
  }
  const found = new RegExp(`^${source}${escaped(layout.slice(position))}$`).exec(text)?.groups;
  return found === undefined ? undefined : timeOf(found);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function timeOf(found: Readonly<Record<string, string | undefined>>): ExprTime | undefined {
  const number = (name: string, otherwise: number) => (found[name] === undefined ? otherwise : Number(found[name]));
  const short = found["shortYear"];
  const year = short === undefined ? number("year", 0) : Number(short) + (Number(short) >= 69 ? 1900 : 2000);
  const month = found["month"] === undefined ? number("monthNumber", 1) : months.findIndex((name) => name.slice(0, 3) === found["month"]?.slice(0, 3)) + 1;
  const day = number("day", 1);
  const half = found["half"]?.toUpperCase();
  const given = number("hour", 0);
  const hour = half === undefined ? given : half === "PM" && given < 12 ? given + 12 : half === "AM" && given === 12 ? 0 : given;
  const [minute, second] = [number("minute", 0), number("second", 0)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  const digits = (found["fraction"] ?? "").slice(1, 10).padEnd(9, "0");
  const zone = zoneSeconds(found["zone"]);
  const seconds = BigInt(date.getTime() / 1000) + BigInt(hour * 3600 + minute * 60 + second - zone);
  const name = found["zoneName"] ?? (found["zone"] === undefined || found["zone"] === "Z" || zone === 0 ? "UTC" : "");
  return new ExprTime(seconds * 1_000_000_000n + BigInt(digits), zone, name);
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const digits = zone.replace(/\D/g, "").padEnd(4, "0");
  return (zone.startsWith("-") ? -1 : 1) * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60);
}

const units: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, "µs": 1000n, "μs": 1000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n };

/** A span like `1h30m`, `-1.5s`; `undefined` for any other text. */
export function parseGoDuration(text: string): ExprDuration | undefined {
  const found = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (found === null) return undefined;
  let total = 0n;
  for (const [, whole = "", digits = "", unit = ""] of (found[2] ?? "").matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const size = units[unit] ?? 0n;
    total += BigInt(whole === "" ? "0" : whole) * size + (digits === "" ? 0n : (BigInt(digits) * size) / 10n ** BigInt(digits.length));
  }
  return total > 2n ** 63n - 1n ? undefined : new ExprDuration(found[1] === "-" ? -total : total);
}

/** How a span prints: `1h30m0s`, `1.5s`, `20ms`, `0s`. */
export function printGoDuration({ nanoseconds }: ExprDuration): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const sign = nanoseconds < 0n ? "-" : "";
  if (size === 0n) return "0s";
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`;
  const hours = minutes / 60n;
  return `${sign}${hours > 0n ? `${hours}h` : ""}${minutes > 0n ? `${minutes % 60n}m` : ""}${seconds}`;
}

function decimal(value: bigint, digits: number): string {
  const text = String(value).padStart(digits + 1, "0");
  const fractional = text.slice(-digits).replace(/0+$/, "");
  return text.slice(0, -digits) + (fractional === "" ? "" : `.${fractional}`);
}
