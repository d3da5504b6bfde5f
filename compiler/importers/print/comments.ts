/** JSDoc: descriptions and the names of groups. */
import { hardLine, join, type Doc } from "./layout.ts";

/**
 * A JSDoc comment of a text; nothing where there is none. What would end the comment or begin a tag is escaped with a
 * backslash, which the frontend takes out again.
 *
 * @param tags lines after the text, each with its own `@`
 */
export function docComment(text: string | undefined, tags: readonly string[] = []): Doc | undefined {
  const content = withOuterBlanks(escaped(text ?? ""));
  const lines = [...(content === "" ? [] : content.replace(/(?<=^|\s)(\\*)@/gm, "$1\\@").split("\n")), ...tags.map(escaped)];
  const [only] = lines;
  if (only === undefined) return undefined;
  if (lines.length === 1) return `/** ${only} */`;
  return ["/**", hardLine, join(hardLine, lines.map((entry) => (entry.trim() === "" ? " *" : ` * ${entry.trimEnd()}`))), hardLine, " */"];
}

/** The comment on a line of its own before something. */
export function documented(text: string | undefined, doc: Doc): Doc {
  const comment = docComment(text);
  return comment === undefined ? doc : [comment, hardLine, doc];
}

/** Blanks at the ends, which JSDoc would drop, are kept by a backslash outside of them. */
function withOuterBlanks(text: string): string {
  return text.replace(/^(?=\\*\s)/, "\\").replace(/(\s\\*)$/, "$1\\");
}

function escaped(text: string): string {
  return text.replace(/\r\n?|\u2028|\u2029/g, "\n").replace(/\*(\\*)\//g, "*$1\\/");
}
