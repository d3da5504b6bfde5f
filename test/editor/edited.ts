/** Texts after the edits of an editor. */
import type { TextEdit } from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { CodeFix } from "./tsserver.ts";

/** The text after edits as the language server sends them. */
export function edited(text: string, edits: TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create("", "", 0, text), edits);
}

/** The text of a file after changes as tsserver sends them: it counts lines and columns from 1. */
export function changed(text: string, changes: CodeFix["changes"]): string {
  const positionOf = ({ line, offset }: { line: number; offset: number }) => ({ line: line - 1, character: offset - 1 });
  return edited(text, changes.flatMap(({ textChanges }) => textChanges).map(({ start, end, newText }) => ({ range: { start: positionOf(start), end: positionOf(end) }, newText })));
}
