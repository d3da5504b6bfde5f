/** Spans of some text of a source file, for what is no single node. */
import type { ts } from "ts-morph";
import type { Span } from "../ir/types.ts";
import type { Context } from "./context.ts";

export function spanBetween({ relative }: Pick<Context, "relative">, file: ts.SourceFile, start: number, end: number): Span {
  const from = file.getLineAndCharacterOfPosition(start);
  const to = file.getLineAndCharacterOfPosition(end);
  return { file: relative(file.fileName), start, end, line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
}
