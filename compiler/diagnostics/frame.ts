/** Diagnostics for people: the line of source, what is wrong with it, and what to do. */
import type { Diagnostic, Fix, SourceSpan } from "./diagnostic.ts";
import { displayLine, withoutControls, type DisplayedLine } from "./display.ts";
import { docsPath } from "./docs-path.ts";
import { splitLines, type SourceLine } from "./lines.ts";
import { coloured, plain, type Role, type Style } from "./style.ts";

/** Of a span over many lines so many are shown at its start, and the last one. */
const HEAD_LINES = 3;
/** Longer lines are cut around what is marked. */
const WIDEST_LINE = 160;
/** Of longer lines only so many characters around a mark are looked at. */
const LONGEST_LINE = 2000;

/** Renders one diagnostic. */
export function renderFrame(diagnostic: Diagnostic, texts: ReadonlyMap<string, string>, options: { color?: boolean } = {}): string {
  const style = options.color === true ? coloured : plain;
  const { span, severity } = diagnostic;
  const where = span === undefined ? "" : `${style("strong", position(span))} - `;
  const message = withoutControls(diagnostic.message).split("\n").join("\n  ");
  const lines = [`${where}${style(severity, severity)} ${style("strong", `${diagnostic.code}:`)} ${message}`];
  if (span !== undefined) lines.push(...excerpt(span, texts, style, severity));
  for (const related of diagnostic.related) {
    lines.push(`  ${style("info", "note:")} ${style("strong", position(related.span))} - ${withoutControls(related.message)}`);
    if (!isSame(related.span, span)) lines.push(...excerpt(related.span, texts, style, "info"));
  }
  if (diagnostic.fix !== undefined) lines.push(...renderFix(diagnostic.fix, texts, style));
  const docs = docsPath(diagnostic.code);
  if (docs !== undefined) lines.push(`  ${style("dim", `see ${docs}`)}`);
  return `${lines.join("\n")}\n`;
}

function isSame(left: SourceSpan, right: SourceSpan | undefined): boolean {
  return left.file === right?.file && left.start === right.start && left.end === right.end;
}

/** `file:line:column`, which terminals and editors make a link. */
function position(span: SourceSpan): string {
  return `${withoutControls(span.file)}:${span.line}:${span.column}`;
}

function excerpt(span: SourceSpan, texts: ReadonlyMap<string, string>, style: Style, role: Role): string[] {
  const text = texts.get(span.file);
  if (text === undefined) return [];
  const source = splitLines(text, span.start, span.end);
  const gutter = String(span.line + source.length - 1).length;
  const rows: string[] = [];
  source.forEach((line, index) => {
    const hidden = source.length - HEAD_LINES - 1;
    if (hidden > 0 && index >= HEAD_LINES && index < source.length - 1) {
      if (index === HEAD_LINES) rows.push(`  ${style("dim", `${" ".repeat(gutter)} ⋮ ${hidden} more ${hidden === 1 ? "line" : "lines"}`)}`);
      return;
    }
    rows.push(...markedLine(line, span, String(span.line + index).padStart(gutter), style, role));
  });
  return rows;
}

/** The line, and below it carets under what of it lies in the span. */
function markedLine(whole: SourceLine, span: SourceSpan, number: string, style: Style, role: Role): string[] {
  const line = partOf(whole, span.start);
  const shown = displayLine(line.text);
  const from = Math.max(span.start - line.start, firstVisible(line.text));
  const to = Math.min(Math.max(span.end - line.start, from), line.text.length);
  const { text, left, right } = window(shown, from, to);
  const code = `  ${style("dim", `${number} |`)} ${text}`;
  if (line.text.trim() === "" && span.end > line.start + line.text.length) return [code.trimEnd()];
  return [code, `  ${style("dim", `${" ".repeat(number.length)} |`)} ${" ".repeat(left)}${style(role, "^".repeat(Math.max(right - left, 1)))}`];
}

/** What is near an offset, of a line that is far too long to be laid out, such as one of a minified file. */
function partOf(line: SourceLine, offset: number): SourceLine {
  if (line.text.length <= LONGEST_LINE) return line;
  const begin = Math.max(0, Math.min(offset - line.start, line.text.length) - LONGEST_LINE / 2);
  return { text: line.text.slice(begin, begin + LONGEST_LINE), start: line.start + begin };
}

function firstVisible(text: string): number {
  return text.length - text.trimStart().length;
}

/** The part of a line that is shown, and the columns of the marks in it. */
function window(shown: DisplayedLine, from: number, to: number): { text: string; left: number; right: number } {
  const left = shown.columns[from] ?? 0;
  const right = shown.columns[to] ?? left;
  const width = shown.columns[shown.columns.length - 1] ?? 0;
  if (width <= WIDEST_LINE) return { text: shown.text, left, right };
  const cutFrom = Math.max(0, Math.min(left - 20, width - WIDEST_LINE));
  const first = shown.columns.findIndex((column) => column >= cutFrom);
  const start = shown.columns[first] ?? 0;
  const characters = sliceColumns(shown.text, start, start + WIDEST_LINE);
  const before = start > 0 ? "…" : "";
  const after = start + WIDEST_LINE < width ? "…" : "";
  return { text: `${before}${characters}${after}`, left: left - start + before.length, right: Math.min(right, start + WIDEST_LINE) - start + before.length };
}

/** The characters of a displayed text between two columns of the screen. */
function sliceColumns(text: string, from: number, to: number): string {
  const { columns } = displayLine(text);
  const begin = columns.findIndex((column) => column >= from);
  const end = columns.findIndex((column) => column >= to);
  return text.slice(begin, end < 0 ? undefined : end);
}

function renderFix(fix: Fix, texts: ReadonlyMap<string, string>, style: Style): string[] {
  const rows = [`  ${style("info", "help:")} ${withoutControls(fix.title)}`];
  for (const edit of fix.edits) {
    const text = texts.get(edit.span.file);
    if (text === undefined) continue;
    const lines = splitLines(text, edit.span.start, edit.span.end);
    const [first] = lines;
    const last = lines[lines.length - 1];
    if (first === undefined || last === undefined) continue;
    const changed = `${first.text.slice(0, edit.span.start - first.start).slice(-LONGEST_LINE)}${edit.newText}${last.text.slice(edit.span.end - last.start).slice(0, LONGEST_LINE)}`;
    for (const line of changed.split("\n")) {
      if (line.trim() === "") continue;
      const { text: shown } = displayLine(line);
      rows.push(`  ${style("dim", `${edit.span.line} |`)} ${style("add", shown.length > WIDEST_LINE ? `${sliceColumns(shown, 0, WIDEST_LINE)}…` : shown)}`);
    }
  }
  return rows;
}
