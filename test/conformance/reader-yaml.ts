/** YAML as PyYAML reads it: scalars, structures, whole files, and files with slips of the keyboard. */
import assert from "node:assert/strict";
import type { Json } from "../../compiler/ir/types.ts";
import { kfpYaml } from "../../compiler/importers/kfp/yaml-dialect.ts";
import { openSource } from "../../compiler/yaml/source.ts";
import { readYaml } from "../../compiler/yaml/reader.ts";
import { toJson } from "../../compiler/yaml/tree.ts";
import { type Random, seeded } from "../random.ts";
import type { Checks } from "./checks.ts";
import { compiledFixtures, goldens } from "./corpus.ts";
import { type Answer, pythonAnswers } from "./python-answers.ts";

const SCALARS = [
  ..."~ null Null NULL nUll true True TRUE tRue false yes Yes YES yEs no No on On ON off Off y n Y N t".split(" "),
  ..."0 -0 +0 00 01 007 0123 08 09 0_ 1_000 1__0 _1 1_ +12 -12 0b101 0b 0b_ 0b2 0x1F 0X1F 0x_ -0x1f 0o17 0o8 12345678901234567890 9007199254740993 -9223372036854775808".split(" "),
  ..."1:30 190:20:30 1:60 1:5 0:30 -1:30 1:30.5 1:30. 12:30:45.".split(" "),
  ..."0.5 .5 -.5 +.5 1. -1. 1.5 1.5e3 1.5e+3 1.5E-3 1e3 1e+3 1.e+3 .5e+3 1_0.5 ._5 .e+5 0.1 3.0 1.0e+400 .inf -.inf +.inf .Inf .INF .nan .NaN .NAN .Nan 1.2.3 1.0.0 v1 1,000 1%".split(" "),
  "2001-01-01", "2001-1-1", "2001-13-45", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2001-1-1 1:00:00", "20010101",
  "=", "<<", "!", "!!str", "!!str 1", "!!int '0123'", "!!int 1.5", "!!int x", "!!float 3", "!!float 1e3", "!!float x", "!!bool yes", "!!bool x", "!!null x", "!!binary aGk=", "!!timestamp 2001-01-01", "!!set {a}", "!x y", "! 12", "!!str 2001-01-01", "!!map {a: 1}", "!!seq [a]", "!!str [a]", "!!python/object:x y",
  `""`, `"1"`, `'yes'`, `'it''s'`, `"\\x41\\u00e9\\U0001F600\\n\\t\\/\\ \\e\\0\\L\\N\\_"`, `"\\z"`, `'\\x'`, `"a\n  b"`, `'a\n\n  b'`, `"a\\\n  b"`, `"a\n b"`, `"a\nb"`, `'a\nb'`,
  "a b", "a  b", "a\n  b", "a\n\n  b", "a #b", "a#b", "a: b", "a:b", "a :b", "a, b", "a]", "-a", "- a", "-", "?a", "? a", "?", ":a", ":", "@a", "`a", "%a", "&a", "&a b", "*a", "|", "|\n  a\n  b\n", "|-\n  a\n", "|+\n  a\n\n\n", ">\n  a\n  b\n\n  c\n", ">-\n  a\n   b\n  c\n", "|2\n   a\n", "|\n", ">+\n\n", "|x\n", "[]", "{}", "[a, b]", "[a, b,]", "[a,, b]", "[a\n, b]", "[\na,\nb\n]", "{a: 1}", "{a: 1,}", "{a}", "{a:1}", `{"a":1}`, "{a: b: c}", "[a: 1]", "[a", "{a", `"a`, "'a", "[a]b", `"a"b`, "é", "😀", "\u00a0", "a\tb", "\ta",
];

const STRUCTURES = [
  "", "# a\n", "---\n", "---\n...\n", "a\n", "a: 1\n---\nb: 2\n", "--- a\n--- b\n", "a: 1\n...\nb: 2\n", "a: 1\n...\n---\nb: 2\n", "%YAML 1.1\n---\na: 0o7\n", "%YAML 1.2\n---\na: 0o7\n", "%YAML 2.0\n---\na: 1\n", "%TAG ! tag:yaml.org,2002:\n---\na: !str 1\n", "%FOO\n---\na: 1\n",
  "a: &x {k: 1}\nb: *x\n", "a: &x 1\nb: &x 2\nc: *x\n", "a: *x\n", "a: &x [*x]\n", "a: &x\nb: *x\n", "&k a: *k\n", "? a\n: b\n", "? a\n", "? [a]\n: b\n", "? {a: 1}\n: b\n", "? |\n  a\n: b\n",
  "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n", "a: &x {k: 1}\nb: &y {k: 2, m: 3}\nc:\n  <<: [*x, *y]\n", "a: {<<: 1}\n", "a: {<<: [1]}\n", "'<<': 1\n", "a: &x {k: 1}\nb:\n  k: 3\n  <<: *x\n",
  "1: a\n", "yes: a\n", "~: a\n", "1.5: a\n", ": a\n", "=: a\n", "'1': a\n", "2001-01-01: a\n", "? \n: a\n",
  "a:\n- b\n- c\n", "a:\n  - b\n - c\n", "a:\n - b\n  - c\n", "- - a\n  - b\n- c\n", "- a: 1\n  b: 2\n-\n  c: 3\n", "-\n- a\n", "a:\n  b: 1\n c: 2\n", "a: 1\n b: 2\n", "a:\n\tb: 1\n", "a:\n  b:\t1\n", "a: 1\t\n", "\ta: 1\n", "a: [1,\n2]\n", "a: {b: 1,\nc: 2}\n", "a: [1,\n 2\n]\n", "a:\n  b: [1,\n2]\n", "a:\n  b: \"x\n y\"\n", "a: 'x\n---\n  y'\n", "a: |\n  x\n y\n", "a: |\n x\n\n  y\n", "a: >\n x\n  y\n x\n", "a: |\n\tx\n", "a: |1\n  x\n", "a\r\nb\r\n", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: 1\rb: 2\r", "\ufeffa: 1\n", "a: \ufeffb\n", "a: b #c\n#d\ne: f\n", "a: # c\n  b\n", "a: [b, # c\n  d]\n", "a: b\n#\n  c\n", "a:\n  #x\n  b: 1\n", "- a\n b\n", "- a\nb: 1\n", "a: - b\n", "a: b: c\n", "{a: 1}\n{b: 2}\n", "[a]]\n", "a: 1\n}\n", "a: !!map\n", "a: !!seq\n", "a: &x\n", "a: &x &y b\n", "a: !!str !!int b\n", "a: &x !!str 1\n", "a: !!str &x 1\n", "a: *x b\n", "a: &x *x\n", "'a':b\n", "'a': b\n", "\"a\" : b\n", "a : b\n", "a:b\n", "? a\n? b\n", "a: ? b\n", "{? a : b}\n", "{a: ?}\n", "[? a : b]\n", "[a, [b, {c: d}]]\n", "--- |\n  a\n", "--- >\n a\n--- b\n", "---a: 1\n", "--- a: 1\n", "a: 1\n---b: 2\n", "a: 'x'\n  'y'\n", "a: x\n  y: z\n", "a: x\n  y\nb: z\n", "x\ny\n", "x\n- y\n", "\"a\nb\": c\n", "a\nb: c\n", "a b: c\n", "a\u0085b: 1\n",
];

/** A text with a few characters or lines changed. */
function slip(text: string, random: Random): string {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  const column = random.below(line.length + 1);
  const signs = [":", ": ", " :", "#", " #", "- ", "-", "'", '"', "[", "]", "{", "}", "&a ", "*a", "!", "!!str ", "|", ">", "%", "@", "`", ",", "? ", " ", "  ", "\t", "\n", "\\", "~", "<<: ", "...", "---"];
  switch (random.below(7)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, line);
      break;
    case 2:
      lines[at] = line.slice(0, column) + line.slice(column + 1);
      break;
    case 3:
      lines[at] = line.replace(/^ */, (blanks) => " ".repeat(Math.max(0, blanks.length + random.below(5) - 2)));
      break;
    case 4:
      return text.slice(0, random.below(text.length));
    default:
      lines[at] = line.slice(0, column) + random.pick(signs) + line.slice(column);
  }
  return lines.join("\n");
}

/** Windows of a file that are small enough to try thousands. */
function piece(text: string, random: Random): string {
  const lines = text.split("\n");
  const from = random.next() < 0.5 ? 0 : random.below(lines.length);
  const first = lines[from] ?? "";
  const indent = first.length - first.trimStart().length;
  return lines.slice(from, from + 25).map((line) => (line.slice(0, indent).trim() === "" ? line.slice(indent) : line)).join("\n");
}

/** Why we refuse what PyYAML takes, on purpose. */
const STRICTER: Readonly<Record<string, string>> = {
  HMC7003: "control characters, and line ends of YAML 1.1 only",
  HMC7005: "duplicate keys: PyYAML takes the last, Go's reader refuses",
  HMC7006: "a value that holds itself",
  HMC7007: "deep nesting",
};

/** What we read though PyYAML refuses it, or read otherwise, on purpose: KFP's compiler writes none of it. */
const LOOSER: readonly { why: string; covers(text: string, theirs: Answer): boolean }[] = [
  { why: "a tab in an empty line or before a comment", covers: (text, theirs) => text.includes("\t") && "error" in theirs && /cannot start any token|tab character/.test(theirs.error) },
  { why: "signs at the edge of brackets, as YAML 1.2 reads them", covers: (text) => ["[!]\n", "{a: !}\n", "[!!str]\n", "{a: !!str}\n", "[-]\n", "{a: -}\n", "[?a]\n", "{a: ?a}\n", "[:a]\n", "{a: :a}\n"].includes(text) },
  { why: "a colon in an anchor", covers: (text) => text === "&a: a\n" },
  { why: "a whole document that is one block of text may begin in the first column", covers: (text) => ["|\n: a\n", ">+\n\n: a\n"].includes(text) },
  { why: "a document without a mark after the end of another", covers: (text) => text === "a: 1\n...\nb: 2\n" },
  { why: "directives that nobody knows", covers: (text) => ["%YAML 2.0\n---\na: 1\n", "%FOO\n---\na: 1\n"].includes(text) },
  { why: "an anchor that is set again", covers: (_, theirs) => "error" in theirs && theirs.error.includes("duplicate anchor") },
  { why: "lines that end in a carriage return alone", covers: (text) => text === "a: 1\rb: 2\r" },
];

type Ours = { ok: Json } | { error: string; code: string };

function ours(text: string): Ours {
  const { documents, diagnostics } = readYaml(openSource("x.yaml", text), kfpYaml);
  const error = diagnostics.find(({ severity }) => severity === "error");
  return error === undefined ? { ok: documents.map(toJson) } : { error: error.message, code: error.code };
}

/** PyYAML gives empty documents as null; the importer leaves them out. */
function withoutEmpty(value: Json): Json {
  return Array.isArray(value) ? value.filter((document) => document !== null) : value;
}

function difference(text: string, mine: Ours, theirs: Answer): string | undefined {
  if (LOOSER.some(({ covers }) => covers(text, theirs))) return undefined;
  const show = (): string => JSON.stringify(text.length > 1000 ? `${text.slice(0, 1000)}…` : text);
  if ("error" in mine) {
    return "error" in theirs || Object.hasOwn(STRICTER, mine.code) ? undefined : `${show()}: refused (${mine.error}), but PyYAML reads ${JSON.stringify(theirs.ok).slice(0, 200)}`;
  }
  if ("error" in theirs) return `${show()}: read as ${JSON.stringify(mine.ok).slice(0, 200)}, but PyYAML refuses: ${theirs.error}`;
  try {
    assert.deepEqual(mine.ok, withoutEmpty(theirs.ok));
    return undefined;
  } catch {
    return `${show()}: read as ${JSON.stringify(mine.ok).slice(0, 300)}, but by PyYAML as ${JSON.stringify(theirs.ok).slice(0, 300)}`;
  }
}

export async function readerYaml(checks: Checks, python: string, rounds: number): Promise<void> {
  const corpus = [...compiledFixtures(), ...(goldens() ?? [])];
  const random = seeded(20260101);
  const groups: [name: string, texts: string[]][] = [
    ["scalars in five places", SCALARS.flatMap((scalar) => [`a: ${scalar}\n`, `- ${scalar}\n`, `[${scalar}]\n`, `{a: ${scalar}}\n`, `${scalar}: a\n`])],
    ["structures", STRUCTURES],
    ["whole files", corpus.map(({ text }) => text)],
    ["pieces with a slip", Array.from({ length: rounds }, () => slip(piece(random.pick(corpus).text, random), random))],
  ];
  for (const [name, texts] of groups) {
    const theirs = await pythonAnswers(python, "yaml", texts);
    const differences = texts.flatMap((text, index) => difference(text, ours(text), theirs[index]!) ?? []);
    checks.expectNone(`YAML as PyYAML reads it: ${texts.length} ${name}`, [...new Set(differences)].slice(0, Number(process.env["HMC_SHOW"] ?? 15)));
  }
}
