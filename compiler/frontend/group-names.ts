/** Display names of groups: the JSDoc right before `if`, `else`, `for`, `switch`, `case` and `try`. */
import { ts } from "ts-morph";

export interface GroupNames {
  /** The comment without its tags, in one line. */
  own?: string;
  /** `@branches text`: the name of the group that holds the arms. */
  branches?: string;
}

/** What the comment right before a node says. TypeScript attaches none to `else`, so it is read from the text. */
export function groupNames(node: ts.Node): GroupNames {
  const { text } = node.getSourceFile();
  const comment = [...(ts.getTrailingCommentRanges(text, node.pos) ?? []), ...(ts.getLeadingCommentRanges(text, node.pos) ?? [])].at(-1);
  const written = comment === undefined ? "" : text.slice(comment.pos, comment.end);
  if (!written.startsWith("/**") || written.length < 5) return {};
  const body = written.slice(3, -2).replace(/^[ \t]*\*?/gm, "");
  const [own, ...tags] = body.split(/^\s*@|\s@(?=branches\b)/m);
  const branches = tags.find((tag) => tag.startsWith("branches"))?.slice("branches".length);
  return { ...line("own", own?.split(/\n\s*\n/)[0]), ...line("branches", branches) };
}

function line<Key extends keyof GroupNames>(key: Key, text: string | undefined): GroupNames {
  const words = text?.trim().replace(/\s+/g, " ") ?? "";
  return words === "" ? {} : { [key]: words };
}

/** The names for an expression that makes a group: those before its statement, where it is all that the statement does. */
export function groupNamesOfExpression(node: ts.Expression): GroupNames {
  let outer: ts.Node = node;
  while (ts.isParenthesizedExpression(outer.parent) || ts.isAsExpression(outer.parent) || ts.isSatisfiesExpression(outer.parent) || ts.isVoidExpression(outer.parent)) outer = outer.parent;
  const { parent } = outer;
  if (ts.isExpressionStatement(parent) || ts.isReturnStatement(parent)) return groupNames(parent);
  if (ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(parent.parent) && parent.parent.declarations.length === 1) return groupNames(parent.parent.parent);
  return ts.isBinaryExpression(parent) && ts.isExpressionStatement(parent.parent) ? groupNames(parent.parent) : {};
}
