/** Reads expr-lang 1.17 as Argo Workflows runs it: the whole language but byte strings. */
import type { IToken } from "chevrotain";
import { ExprSyntaxError, type ExprNode } from "./expr.ts";
import { startOf } from "./expr-grammar-base.ts";
import { ExprGrammar } from "./expr-grammar.ts";
import * as t from "./expr-tokens.ts";

let parser: ExprGrammar | undefined;

/**
 * The tree of an expression.
 *
 * @throws ExprSyntaxError with the message of expr-lang and the offset of the first character that does not fit
 */
export function parseExpr(text: string): ExprNode {
  const { tokens, errors } = t.exprLexer.tokenize(text);
  const [unknown] = errors;
  const wrong = tokens.findIndex(({ tokenType }) => tokenType === t.UnclosedString || tokenType === t.UnclosedComment || tokenType === t.Bytes);
  const stop = tokens[wrong];
  const lexical = stop !== undefined && (unknown === undefined || startOf(stop) < unknown.offset) ? new ExprSyntaxError(messageOf(stop), startOf(stop)) : unknown !== undefined ? new ExprSyntaxError(`unrecognized character: ${codeOf(text, unknown.offset)}`, unknown.offset) : undefined;
  parser ??= new ExprGrammar();
  try {
    const node = parser.read(text, lexical === undefined ? tokens : tokens.filter((token) => startOf(token) < lexical.offset));
    if (lexical !== undefined) throw lexical;
    return node;
  } catch (error) {
    if (lexical !== undefined && error instanceof ExprSyntaxError && error.offset >= lexical.offset) throw lexical;
    if (error instanceof RangeError) throw new ExprSyntaxError("compilation failed: expression exceeds maximum allowed nodes", 0);
    throw error;
  }
}

function messageOf({ tokenType }: IToken): string {
  return tokenType === t.UnclosedString ? "literal not terminated" : tokenType === t.UnclosedComment ? "unclosed comment" : "byte strings are not supported";
}

function codeOf(text: string, offset: number): string {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  return `U+${(text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}
