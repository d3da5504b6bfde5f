/**
 * The message of a mistake in an expression as expr-lang writes it: with line and column, the line, and a mark below.
 * The end of the text is marked at its last character.
 */
export function exprErrorText(text: string, { message, offset }: { message: string; offset: number }): string {
  const at = Math.max(0, Math.min(offset, text.length - 1));
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  const column = [...text.slice(lineStart, at)].length;
  const shown = (text.slice(lineStart).split("\n")[0] ?? "").replaceAll("\t", " ");
  if (shown === "") return message;
  return `${message} (${line}:${column + 1})\n | ${shown}\n | ${".".repeat(column)}^`;
}
