/** A comparison for the terminal. */
import type { Diff, Rerun, Size } from "../change.ts";
import { codeRemark, reasonText, rerunName, sectionsOf, short, sizeText, type Row } from "./rows.ts";

/** How parts of the text are coloured. */
export interface Paint {
  added: (text: string) => string;
  removed: (text: string) => string;
  changed: (text: string) => string;
  title: (text: string) => string;
  quiet: (text: string) => string;
}

/** Colours nothing. */
export const plain: Paint = { added: (text) => text, removed: (text) => text, changed: (text) => text, title: (text) => text, quiet: (text) => text };

/** The longest value that is shown whole. */
const longest = 160;

/** The text; without changes one line that says so. @param width columns of the screen */
export function diffText(diff: Diff, width: number, paint: Paint = plain): string {
  const head = `${paint.quiet("--- ")}${diff.before}\n${paint.quiet("+++ ")}${diff.after}\n`;
  if (diff.changes.length === 0 && diff.reruns.length === 0) return `${head}\n${paint.quiet(`No changes.${diff.isCodeCompared ? "" : ` ${codeRemark}`}`)}\n`;
  const parts = sectionsOf(diff).map(({ title, rows }) => `${paint.title(title)}\n${rowLines(rows, width, paint)}`);
  if (diff.reruns.length > 0) parts.push(`${paint.title("Run again")}\n${rerunLines(diff, paint)}`);
  const sizes = sizeLines(diff.sizes, paint);
  if (sizes !== "") parts.push(sizes);
  if (!diff.isCodeCompared) parts.push(`${paint.quiet(codeRemark)}\n`);
  return `${head}\n${parts.join("\n")}`;
}

/** The rows of the pipeline itself, then those of its tasks: each in columns of its own. */
function rowLines(rows: readonly Row[], width: number, paint: Paint): string {
  const isWhole = (row: Row): boolean => row.where.length === 0;
  return columns(rows.filter(isWhole), width, paint) + columns(rows.filter((row) => !isWhole(row)), width, paint);
}

function columns(rows: readonly Row[], width: number, paint: Paint): string {
  const where = ({ where: names }: Row) => short(names.join(", "), 60);
  const firstWidth = Math.min(32, Math.max(0, ...rows.map((row) => where(row).length)));
  const secondWidth = Math.min(24, Math.max(0, ...rows.map(({ what }) => what.length)));
  return rows.map((row) => {
    const color = { "+": paint.added, "-": paint.removed, "~": paint.changed }[row.sign];
    const start = `${firstWidth === 0 ? "" : `${where(row).padEnd(firstWidth)}  `}${row.what.padEnd(secondWidth)}`;
    const [before, after] = [row.before, row.after].map((value) => (value === undefined ? undefined : short(value, longest)));
    const values = before !== undefined && after !== undefined ? `${before} → ${after}` : (after ?? before ?? "");
    const line = `  ${color(row.sign)} ${start}`.trimEnd();
    if (values === "") return `${line}\n`;
    if (start.length + values.length + 6 <= width) return `  ${color(row.sign)} ${start}  ${values}\n`;
    const indent = " ".repeat(8);
    if (before === undefined || after === undefined) return `${line}\n${indent}${values}\n`;
    return `${line}\n${indent}${paint.removed(before)}\n${indent.slice(2)}${paint.quiet("→")} ${paint.added(after)}\n`;
  }).join("");
}

function rerunLines(diff: Diff, paint: Paint): string {
  const name = (rerun: Rerun) => rerunName(rerun, diff);
  const width = Math.max(...diff.reruns.map((rerun) => name(rerun).length));
  return diff.reruns.map((rerun) => `  ${rerun.certain ? paint.changed("●") : paint.quiet("○")} ${name(rerun).padEnd(width)}  ${paint.quiet(`${reasonText(rerun)}${rerun.certain ? "" : ", so it may run again"}`)}\n`).join("");
}

function sizeLines(sizes: readonly Size[], paint: Paint): string {
  const lines = sizes.flatMap((size) => {
    const text = sizeText(size);
    return text === undefined ? [] : [`${paint.quiet(sizes.length > 1 ? `Compiled file of ${size.pipeline}${size.file === undefined ? "" : ` (${size.file})`}` : "Compiled file")}  ${text}\n`];
  });
  return lines.join("");
}
