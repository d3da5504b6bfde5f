/** The functions of sprig for texts, encodings, patterns, paths and times. */
import { createHash } from "node:crypto";
import { fail } from "./expr-operators.ts";
import { ExprDuration, ExprTime, isList, textMap, type ExprValue } from "./expr-value.ts";
import { base64Error, fromBase64, toBase64 } from "./go-base64.ts";
import { printGo } from "./go-print.ts";
import { goRegExp } from "./go-regexp.ts";
import { decodeGo, goLower, goTrimSpace, goUpper, splitGo } from "./go-strings.ts";
import { quoteGo } from "./go-text.ts";
import { formatGoTime, parseGoTime } from "./go-time.ts";
import type { SprigFunction } from "./sprig.ts";

const text = (value: ExprValue | undefined) => (typeof value === "string" ? value : "");
const whole = (value: ExprValue | undefined) => Number(typeof value === "bigint" ? value : 0);

function texts(count: number, call: (...given: string[]) => ExprValue, result: SprigFunction["result"] = "string"): SprigFunction {
  return { parameters: Array.from({ length: count }, () => "string" as const), result, call: (...given) => call(...given.map(text)) };
}

/** A text of a list, as `toStrings` makes it: nil is left out. */
export function sprigStrings(value: ExprValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value.filter((item) => item !== null).map(printGo) : [printGo(value)];
}

function hash(algorithm: string): SprigFunction {
  return texts(1, (value = "") => createHash(algorithm).update(value).digest("hex"));
}

function adler32(value: string): string {
  let [a, b] = [1, 0];
  for (const byte of Buffer.from(value)) [a, b] = [(a + byte) % 65521, (a + byte + b) % 65521];
  return String(b * 65536 + a);
}

/** A part of a text by bytes. */
function bytes(value: string, start: number, end: number): string {
  const buffer = Buffer.from(value);
  return start > end || end > buffer.length || start < 0 ? fail(`runtime error: slice bounds out of range [${start}:${end}]`) : decodeGo(buffer.subarray(start, end));
}

function substring(start: number, end: number, value: string): string {
  const length = Buffer.byteLength(value);
  return start < 0 ? bytes(value, 0, end) : bytes(value, start, end < 0 || end > length ? length : end);
}

function truncated(count: number, value: string): string {
  const length = Buffer.byteLength(value);
  if (count < 0) return length + count > 0 ? bytes(value, length + count, length) : value;
  return length > count ? bytes(value, 0, count) : value;
}

function pattern(source: string): RegExp {
  const found = goRegExp(source);
  return found instanceof RegExp ? found : fail(`regexp: Compile(${/[`\p{Cc}]/u.test(source) ? JSON.stringify(source) : `\`${source}\``}): ${found.message}`);
}

/** All matches of a pattern. An empty one right behind another match does not count. */
function matchesOf(expression: RegExp, value: string): RegExpExecArray[] {
  let end = -1;
  return [...value.matchAll(new RegExp(expression.source, "gu"))].filter((found) => {
    const counts = found[0] !== "" || found.index !== end;
    end = found.index + found[0].length;
    return counts;
  });
}

function replacedBy(expression: RegExp, value: string, replacement: (found: RegExpExecArray) => string): string {
  let text = "";
  let position = 0;
  for (const found of matchesOf(expression, value)) {
    text += value.slice(position, found.index) + replacement(found);
    position = found.index + found[0].length;
  }
  return text + value.slice(position);
}

/** `$1` and `${1}` stand for the groups of a pattern, `$$` for a dollar. */
function expandedBy(template: string, found: readonly (string | undefined)[]): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => (whole === "$$" ? "$" : (found[Number(bare ?? braced)] ?? "")));
}

/** Patterns are translated without their groups. Where the replacement names groups, the pattern is taken as it is. */
function replaced(source: string, value: string, by: string, isLiteral: boolean): string {
  const translated = pattern(source);
  const expression = !isLiteral && by.includes("$") ? new RegExp(source.replaceAll("(?P<", "(?<"), "u") : translated;
  return replacedBy(expression, value, (found) => (isLiteral ? by : expandedBy(by, found)));
}

function title(value: string): string {
  return value.replace(/(^|[^\p{L}\p{Nd}_'\u2019])(\p{L})/gu, (_, before: string, letter: string) => before + goUpper(letter));
}

function swapped(value: string): string {
  return [...value].map((character) => (character === goLower(character) ? goUpper(character) : goLower(character))).join("");
}

/** The words of an identifier: `HTTPServer-id_2` has four. */
function wordsOf(value: string): string[] {
  return value.split(/[\s_.-]+/).flatMap((part) => part.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Nd}+|[^\p{L}\p{Nd}]+/gu) ?? []);
}

function dateIn(layout: string, when: ExprValue | undefined): string {
  const time = when instanceof ExprTime ? when : typeof when === "bigint" ? new ExprTime(when * 1_000_000_000n) : new ExprTime(BigInt(Date.now()) * 1_000_000n);
  return formatGoTime(new ExprTime(time.nanoseconds), layout);
}

function basename(path: string): string {
  return path === "" ? "." : (/([^/]+)\/*$/.exec(path)?.[1] ?? "/");
}

function cleaned(path: string): string {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && (parts.length > 0 ? parts.at(-1) !== ".." : isAbsolute)) parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return (isAbsolute ? "/" : "") + parts.join("/") || ".";
}

const indented = (count: number, value: string) => " ".repeat(count) + value.replaceAll("\n", `\n${" ".repeat(count)}`);

function numbered(parts: readonly string[]): ExprValue {
  return textMap(parts.map((part, index) => [`_${index}`, part]));
}

const printed: SprigFunction = { parameters: ["any"], result: "string", call: (value = null) => printGo(value) };

export const sprigTexts: Readonly<Record<string, SprigFunction>> = {
  hello: texts(0, () => "Hello!"),
  trim: texts(1, (value = "") => goTrimSpace(value)),
  upper: texts(1, (value = "") => goUpper(value)),
  lower: texts(1, (value = "") => goLower(value)),
  title: texts(1, (value = "") => title(value)),
  untitle: texts(1, (value = "") => value.replace(/(^|\s)(\p{L})/gu, (_, before: string, letter: string) => before + goLower(letter))),
  nospace: texts(1, (value = "") => value.replace(/\s/g, "")),
  swapcase: texts(1, (value = "") => swapped(value)),
  snakecase: texts(1, (value = "") => wordsOf(value).map(goLower).join("_")),
  kebabcase: texts(1, (value = "") => wordsOf(value).map(goLower).join("-")),
  camelcase: texts(1, (value = "") => wordsOf(value).map((word) => goUpper(word.slice(0, 1)) + goLower(word.slice(1))).join("")),
  initials: texts(1, (value = "") => value.split(/\s+/).map((word) => [...word][0] ?? "").join("")),
  trimAll: texts(2, (cut = "", value = "") => trimAll(value, cut)),
  trimall: texts(2, (cut = "", value = "") => trimAll(value, cut)),
  trimPrefix: texts(2, (prefix = "", value = "") => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimSuffix: texts(2, (suffix = "", value = "") => (value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value)),
  contains: texts(2, (part = "", value = "") => value.includes(part), "bool"),
  hasPrefix: texts(2, (prefix = "", value = "") => value.startsWith(prefix), "bool"),
  hasSuffix: texts(2, (suffix = "", value = "") => value.endsWith(suffix), "bool"),
  replace: texts(3, (old = "", by = "", value = "") => splitGo(value, old, -1, false, true).join(by)),
  splitList: texts(2, (separator = "", value = "") => splitGo(value, separator, -1, false), "[]string"),
  split: texts(2, (separator = "", value = "") => numbered(splitGo(value, separator, -1, false)), "any"),
  splitn: { parameters: ["string", "int", "string"], result: "any", call: (separator, count, value) => numbered(splitGo(text(value), text(separator), whole(count), false)) },
  substr: { parameters: ["int", "int", "string"], result: "string", call: (start, end, value) => substring(whole(start), whole(end), text(value)) },
  trunc: { parameters: ["int", "string"], result: "string", call: (count, value) => truncated(whole(count), text(value)) },
  repeat: { parameters: ["int", "string"], result: "string", call: (count, value) => (whole(count) < 0 ? fail("strings: negative Repeat count") : text(value).repeat(whole(count))) },
  indent: { parameters: ["int", "string"], result: "string", call: (count, value) => indented(whole(count), text(value)) },
  nindent: { parameters: ["int", "string"], result: "string", call: (count, value) => `\n${indented(whole(count), text(value))}` },
  plural: { parameters: ["string", "string", "int"], result: "string", call: (one, many, count) => (whole(count) === 1 ? text(one) : text(many)) },
  quote: { parameters: [], rest: "any", result: "string", call: (...given) => given.filter((value) => value !== null).map((value) => `"${quoteGo(printGo(value))}"`).join(" ") },
  squote: { parameters: [], rest: "any", result: "string", call: (...given) => given.filter((value) => value !== null).map((value) => `'${printGo(value)}'`).join(" ") },
  cat: { parameters: [], rest: "any", result: "string", call: (...given) => given.filter((value) => value !== null).map(printGo).join(" ") },
  toString: printed,
  toStrings: { parameters: ["any"], result: "[]string", call: (value) => sprigStrings(value) },
  join: { parameters: ["string", "any"], result: "string", call: (separator, value) => sprigStrings(value).join(text(separator)) },
  sha1sum: hash("sha1"),
  sha256sum: hash("sha256"),
  sha512sum: hash("sha512"),
  adler32sum: texts(1, (value = "") => adler32(value)),
  b64enc: texts(1, (value = "") => toBase64(value)),
  b64dec: texts(1, (value = "") => fromBase64(value) ?? base64Error(value)),
  regexMatch: texts(2, (source = "", value = "") => ((found) => found instanceof RegExp && found.test(value))(goRegExp(source)), "bool"),
  mustRegexMatch: texts(2, (source = "", value = "") => pattern(source).test(value), "bool"),
  regexFind: texts(2, (source = "", value = "") => pattern(source).exec(value)?.[0] ?? ""),
  regexFindAll: { parameters: ["string", "string", "int"], result: "[]string", call: (source, value, count) => matchesOf(pattern(text(source)), text(value)).map(([found]) => found).slice(0, whole(count) < 0 ? undefined : whole(count)) },
  regexReplaceAll: texts(3, (source = "", value = "", by = "") => replaced(source, value, by, false)),
  regexReplaceAllLiteral: texts(3, (source = "", value = "", by = "") => replaced(source, value, by, true)),
  regexSplit: { parameters: ["string", "string", "int"], result: "[]string", call: (source, value, count) => splitBy(text(source), text(value), whole(count)) },
  regexQuoteMeta: texts(1, (value = "") => value.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&")),
  base: texts(1, (value = "") => basename(value)),
  dir: texts(1, (value = "") => cleaned(value.slice(0, value.lastIndexOf("/") + 1))),
  ext: texts(1, (value = "") => /\.[^./]*$/.exec(value)?.[0] ?? ""),
  clean: texts(1, (value = "") => cleaned(value)),
  isAbs: texts(1, (value = "") => value.startsWith("/"), "bool"),
  fail: texts(1, (message = "") => fail(message)),
  now: { parameters: [], result: "time", call: () => new ExprTime(BigInt(Date.now()) * 1_000_000n, 0, "Local") },
  date: { parameters: ["string", "any"], result: "string", call: (layout, when) => dateIn(text(layout), when) },
  htmlDate: { parameters: ["any"], result: "string", call: (when) => dateIn("2006-01-02", when) },
  toDate: texts(2, (layout = "", value = "") => parseGoTime(layout, value) ?? new ExprTime(-62_135_596_800_000_000_000n), "time"),
  unixEpoch: { parameters: ["time"], result: "string", call: (when) => (when instanceof ExprTime ? String(when.nanoseconds / 1_000_000_000n) : "0") },
  duration: { parameters: ["any"], result: "string", call: (value) => printGo(new ExprDuration((typeof value === "bigint" ? value : typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : 0n) * 1_000_000_000n)) },
};

function trimAll(value: string, cut: string): string {
  const unwanted = new Set(cut);
  const characters = [...value];
  const first = characters.findIndex((character) => !unwanted.has(character));
  return first < 0 ? "" : characters.slice(first, characters.findLastIndex((character) => !unwanted.has(character)) + 1).join("");
}

/** Parts between what a pattern matches; `count` is the greatest number of parts, all where it is negative. */
function splitBy(source: string, value: string, count: number): string[] {
  if (count === 0) return [];
  if (source !== "" && value === "") return [""];
  const parts: string[] = [];
  let position = 0;
  let end = 0;
  for (const found of matchesOf(pattern(source), value)) {
    if (count > 0 && parts.length === count - 1) break;
    end = found.index;
    if (end + found[0].length > 0) parts.push(value.slice(position, end));
    position = end + found[0].length;
  }
  return end === value.length ? parts : [...parts, value.slice(position)];
}
