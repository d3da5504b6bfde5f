/** What the rules of expr-lang's grammar share: where a token stands, how messages name it, what literals are. */
import { EmbeddedActionsParser, EOF, tokenMatcher, type IToken, type ParserMethod, type TokenType } from "chevrotain";
import { ExprSyntaxError, type ExprNode } from "./expr.ts";
import { numberOf, rawStringOf, stringOf } from "./expr-literals.ts";
import * as t from "./expr-tokens.ts";

/** A token as expr-lang names it in its messages. */
export function describe(token: IToken): string {
  if (token.tokenType === EOF) return "EOF";
  const { image } = token;
  if (token.tokenType === t.Identifier) return `Identifier(${JSON.stringify(image)})`;
  if (token.tokenType === t.StringLiteral || token.tokenType === t.RawString) return `String(${JSON.stringify(image.slice(1, -1))})`;
  if (token.tokenType === t.Pointer) return `Operator("#")`;
  if (token.tokenType === t.NumberLiteral) return `Number(${JSON.stringify(image)})`;
  return `${/^[()[\]{}]$/.test(image) ? "Bracket" : "Operator"}(${JSON.stringify(image)})`;
}

export const startOf = (token: IToken): number => token.startOffset;
export const endOf = (token: IToken): number => token.startOffset + token.image.length;

export abstract class ExprGrammarBase extends EmbeddedActionsParser {
  /** How many predicates enclose what is being read: only there `#` and `.field` have a meaning. */
  protected depth = 0;

  /** What is read. */
  protected text = "";

  /** An expression where `;` ends it. */
  protected abstract whole: ParserMethod<[], ExprNode>;
  /** Expressions with `;` between them. */
  abstract sequence: ParserMethod<[], ExprNode>;

  constructor() {
    super([...t.exprTokens], {
      maxLookahead: 1,
      recoveryEnabled: false,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ actual }) => `unexpected token ${describe(actual)}`,
        buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected token ${describe(firstRedundant)}`,
        buildNoViableAltMessage: ({ actual }) => `unexpected token ${describe(actual[0] as IToken)}`,
        buildEarlyExitMessage: ({ actual }) => `unexpected token ${describe(actual[0] as IToken)}`,
      },
    });
  }

  override reset(): void {
    super.reset();
    this.depth = 0;
  }

  protected isNext(distance: number, type: TokenType): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  protected withEnd(node: ExprNode): { node: ExprNode; end: number } {
    return this.ACTION(() => ({ node, end: node.end }));
  }

  protected block = this.RULE("block", (): { node: ExprNode; end: number } => {
    this.CONSUME(t.OpenBrace);
    const node = this.SUBRULE(this.sequence);
    const close = this.CONSUME(t.CloseBrace);
    return this.ACTION(() => ({ node, end: endOf(close) }));
  });

  protected numeric(token: IToken): ExprNode {
    return this.ACTION(() => {
      const end = endOf(token);
      const next = String.fromCodePoint(this.text.codePointAt(end) ?? 0);
      if (/^[\p{L}\p{Nd}_$]$/u.test(next)) throw new ExprSyntaxError(`bad number syntax: ${JSON.stringify(token.image + next)}`, end);
      return numberOf(token.image, startOf(token));
    });
  }

  /** A key that stands for its own text, or what a dot names. */
  protected textNode(token: IToken): ExprNode {
    return this.ACTION(() => {
      const start = startOf(token);
      const value = token.tokenType === t.StringLiteral ? stringOf(token.image, start) : token.tokenType === t.RawString ? rawStringOf(token.image) : token.image;
      return { kind: "string", value, start, end: endOf(token) };
    });
  }

  protected offsetOf(token: IToken): number {
    return Number.isFinite(token.startOffset) ? token.startOffset : this.text.length;
  }
}
