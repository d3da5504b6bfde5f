/** Rows of aligned columns. */
import { stripVTControlCharacters } from "node:util";

/** One line a row; each column is as wide as its widest cell, colours not counted. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, shownLength(cell));
  return rows.map((row) => row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - shownLength(cell))).join("  ").trimEnd());
}

function shownLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
