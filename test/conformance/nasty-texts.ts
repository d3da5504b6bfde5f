/** Texts that YAML, TypeScript, KFP, Argo or a shell may take for something else. */
import fc from "fast-check";

const controls = [...Array.from({ length: 0x20 }, (_, code) => code), 0x7f, ...Array.from({ length: 0x20 }, (_, code) => 0x80 + code)].map((code) => String.fromCharCode(code));

/** Whole values that YAML 1.1 or JSON read as something other than text, or that begin as YAML does. */
const traps = [
  "", " ", "yes", "no", "on", "off", "Y", "n", "true", "False", "null", "~", "NULL", "nan", ".nan", ".inf", "-.INF", "1", "-1", "+1", "0", "007", "0123", "0o17", "0x1f", "0b11", "1_000", "1e3", "1E+3", "1.0", ".5", "1.", "1:30", "190:20:30", "-1:30.5",
  "2024-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "=", "<<", "- a", "-", "--", "---", "--- a", "...", "? a", "?", ":", ": ", "a: b", "a:", ":a", "# c", "a # c", "a #c", "#", "'", '"', "''", '""', "'a", '"a"', "%", "%YAML 1.1", "@", "@a", "`", "`a`", "|", "|-", ">", "> a", "&a", "*a", "!", "!!str 1", "!a b",
  "[", "]", "[]", "[1]", "{", "}", "{}", "{a: 1}", ",", "a, b", "\\", "\\n", "\\x41", "\\u0041", "\\", "a\\", "$", "${", "${x}", "$(date)", "$$", "$((1))", "{{", "}}", "{{$}}", "{{$.inputs.parameters['a']}}", "{{$.inputs.parameters[\"a\"]}}", "{{$.pipeline_job_name}} x", "{{workflow.name}}", "{{=1+1}}", "{{inputs.parameters.x}}",
  '{"IfPresent": {"InputName": "a", "Then": ["b"]}}', '{"Concat": ["a", "b"]}', "~(41)", "~(", "~(1f600)", "*/", "/*", "//", "/** @param a b */", "@deprecated", "</script>", "<!-- -->", "%s %d", "\u00e9", "e\u0301", "\u2028", "\u2029", "\ufeff", "\ufeffa", "a\ufeff", "\ufffe", "\uffff", "\ufffd", "\u200b", "\u202e", "\u00a0", "😀", "👩‍👩‍👧‍👦", "\u{10ffff}", "𝒳=1",
  "def f(a):\n  return `a`\n", "a\n", "\na", "a\n\nb", "\n", "\n\n", "a\r\nb", "\r", "a\rb", "\t", "a\tb", "\ta", "a\t", " a", "a ", "  a\n b", "a\n  b\n", "a \nb", "a\u0085b", "__proto__", "constructor", "toString", "hasOwnProperty",
];

const pieces = [...traps, ...controls, "a", "b c", "0", "é", "漢字", " ", "  ", "\n", "\n  ", ": ", " #", "'", '"', "`", "\\", "$", "{", "}", "{{", "${", "*/", "~(", "\u{1f600}"];

const long = fc.tuple(fc.constantFrom("x", "a b ", "漢", "' \" ", "long word ", "\\", "😀", ": "), fc.integer({ min: 60, max: 700 })).map(([text, count]) => text.repeat(count));

/** Mostly pieces of what is dangerous, now and then anything that Unicode has. Without lone surrogates, which no YAML can hold. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...traps) },
  { weight: 1, arbitrary: fc.constantFrom(...controls).chain((control) => fc.constantFrom(control, `a${control}`, `${control}b`, `a${control}b`)) },
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...pieces), { minLength: 2, maxLength: 8 }).map((parts) => parts.join("")) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
  { weight: 1, arbitrary: long },
).filter((text) => text.isWellFormed());

/** Every trap and control once, and then what chance gives. */
export function nastyTexts(count: number, seed: number): string[] {
  const fixed = [...new Set([...traps, ...controls])];
  const random = fc.sample(nastyText, { seed, numRuns: Math.max(0, count - fixed.length) });
  return [...fixed, ...random];
}
