/** Comments that silence a diagnostic: `// hmc-disable-next-line HMC5003 -- reason`. */
import { commentsOf, type Comment } from "./comments.ts";
import { diagnostic, type Diagnostic, type SourceSpan } from "./diagnostic.ts";
import { nearestName } from "./nearest.ts";
import { registry, type DiagnosticCode } from "./registry.ts";

export interface SuppressionOptions {
  /**
   * Whether a code was looked for at all, so that its suppression can be unused. Without it all codes count but those
   * of targets (4xxx).
   */
  isChecked?: (code: string) => boolean;
}

/** Longer comments are cut in messages. */
const LONGEST_QUOTE = 60;

interface Suppression {
  code: string;
  file: string;
  /** The line that is silenced, from 1; missing for the whole file. */
  line?: number;
  /** Of the code in the comment. */
  span: SourceSpan;
  /** What to remove if it is not needed: the code with its comma, or the whole comment. */
  removal: SourceSpan;
  used: boolean;
}

/**
 * Leaves out what comments suppress, and adds what is wrong with the comments themselves: no reason, an unknown
 * code, a code that cannot be suppressed, and a suppression that matches nothing.
 *
 * @param texts sources by path relative to the project root, as in the spans
 */
export function applySuppressions(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>, options: SuppressionOptions = {}): Diagnostic[] {
  const suppressions: Suppression[] = [];
  const found: Diagnostic[] = [];
  for (const [file, text] of texts) {
    if (!text.includes("hmc-disable")) continue;
    const lines = lineIndex(text);
    const comments = commentsOf(text);
    for (const comment of comments) readDirective(comment, { file, text, lines, comments }, suppressions, found);
  }
  if (suppressions.length === 0 && found.length === 0) return [...diagnostics];
  const byFile = new Map<string, Suppression[]>();
  for (const suppression of suppressions) byFile.set(suppression.file, [...(byFile.get(suppression.file) ?? []), suppression]);
  const kept = diagnostics.filter((one) => {
    const matching = (byFile.get(one.span?.file ?? "") ?? []).filter((suppression) => suppression.code === one.code && (suppression.line === undefined || suppression.line === one.span?.line));
    for (const suppression of matching) suppression.used = true;
    return matching.length === 0;
  });
  const isChecked = options.isChecked ?? ((code) => !code.startsWith("HMC4"));
  for (const suppression of suppressions) {
    if (suppression.used || !isChecked(suppression.code)) continue;
    const where = suppression.line === undefined ? "this file" : `line ${suppression.line}`;
    const fix = { title: "Remove the suppression", edits: [{ span: suppression.removal, newText: "" }] };
    found.push(diagnostic("HMC5091", suppression.span, { code: suppression.code, where }, { fix }));
  }
  return [...kept, ...found];
}

interface Source {
  file: string;
  text: string;
  /** Offsets at which lines begin. */
  lines: number[];
  comments: Comment[];
}

function readDirective(comment: Comment, source: Source, suppressions: Suppression[], found: Diagnostic[]): void {
  const written = /^[\s*]*(hmc-disable\S*)/.exec(comment.text);
  if (written === null) return;
  const whole = spanAt(source, comment.start, comment.end);
  const malformed = (problem: string): void => {
    const text = source.text.slice(comment.start, comment.end).split(/[\r\n]/)[0] ?? "";
    found.push(diagnostic("HMC5094", whole, { text: text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text, problem }));
  };
  const [, directive = ""] = written;
  if (comment.kind === "block") return malformed("it is not a comment with \"//\"");
  if (directive !== "hmc-disable-next-line" && directive !== "hmc-disable-file") return malformed(`there is no "${directive}"`);
  const after = written[0].length;
  const dashes = /\s--(?=\s|$)/.exec(comment.text.slice(after));
  const listEnd = dashes === null ? comment.text.length : after + dashes.index;
  const reason = dashes === null ? "" : comment.text.slice(listEnd + dashes[0].length).trim();
  const codes = [...comment.text.slice(after, listEnd).matchAll(/[^\s,]+/g)].map((match) => ({ code: match[0], start: comment.start + 2 + after + match.index }));
  if (codes.length === 0) return malformed("it names no code");
  const wrong = codes.find(({ code }) => !/^[A-Za-z]+\d+$/.test(code));
  if (wrong !== undefined) return malformed(`"${wrong.code}" is not a code, and a reason begins with "--"`);
  if (reason === "") found.push(diagnostic("HMC5090", whole, { codes: codes.map(({ code }) => `"${code}"`).join(", ") }));
  const line = directive === "hmc-disable-file" ? undefined : nextCodeLine(source, comment);
  codes.forEach(({ code, start }, index) => {
    const span = spanAt(source, start, start + code.length);
    const problem = codeProblem(code, span);
    if (problem !== undefined) {
      found.push(problem);
      return;
    }
    const next = codes[index + 1];
    const previous = codes[index - 1];
    const removal = next !== undefined ? spanAt(source, start, next.start) : previous !== undefined ? spanAt(source, previous.start + previous.code.length, start + code.length) : removalOf(source, comment);
    suppressions.push({ code, file: source.file, ...(line === undefined ? {} : { line }), span, removal, used: false });
  });
}

/** Why a code cannot be suppressed: there is none, or it stands for a graph that no target could run. */
function codeProblem(code: string, span: SourceSpan): Diagnostic | undefined {
  if (/^TS\d+$/.test(code)) return diagnostic("HMC5093", span, { code, reason: `it is TypeScript's own, for which there is "// @ts-expect-error"` });
  if (!Object.hasOwn(registry, code)) {
    const suggestion = nearestName(code, Object.keys(registry).filter(isSuppressible));
    const fix = suggestion === undefined ? {} : { fix: { title: `Write "${suggestion}"`, edits: [{ span, newText: suggestion }] } };
    return diagnostic("HMC5092", span, { code, suggestion }, fix);
  }
  if (/^HMC509\d$/.test(code)) return diagnostic("HMC5093", span, { code, reason: "it is about suppressions" });
  if (!isSuppressible(code)) {
    return diagnostic("HMC5093", span, { code, reason: "it is an error that leaves no correct output; mend its cause" });
  }
  return undefined;
}

/** Lint, and what is no error: an error of another range leaves no correct output to be had. */
function isSuppressible(code: string): boolean {
  return code.startsWith("HMC5") || registry[code as DiagnosticCode].severity !== "error";
}

/** The line, from 1, of the first code after a comment: further comments and empty lines do not count. */
function nextCodeLine(source: Source, comment: Comment): number {
  let position = comment.end;
  for (const other of source.comments) {
    if (other.start < comment.end) continue;
    if (source.text.slice(position, other.start).trim() !== "") break;
    position = other.end;
  }
  const rest = source.text.slice(position);
  return lineOf(source.lines, position + (rest.length - rest.trimStart().length)) + 1;
}

/** The comment, with its whole line where nothing else stands on it. */
function removalOf(source: Source, comment: Comment): SourceSpan {
  const line = lineOf(source.lines, comment.start);
  const begin = source.lines[line] ?? 0;
  const end = source.lines[line + 1] ?? source.text.length;
  const alone = source.text.slice(begin, comment.start).trim() === "";
  return alone ? spanAt(source, begin, end) : spanAt(source, comment.start, comment.end);
}

function spanAt(source: Source, start: number, end: number): SourceSpan {
  const line = lineOf(source.lines, start);
  const endLine = lineOf(source.lines, end);
  return {
    file: source.file,
    start,
    end,
    line: line + 1,
    column: start - (source.lines[line] ?? 0) + 1,
    endLine: endLine + 1,
    endColumn: end - (source.lines[endLine] ?? 0) + 1,
  };
}

function lineIndex(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** The line of an offset, from 0. */
function lineOf(starts: number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
