/** The part of expr-lang's grammar that follows a value: accesses, and the arguments of calls. */
import { EOF, type IToken, type ParserMethod, type TokenType } from "chevrotain";
import { exprPredicateFunctions, ExprSyntaxError, type ExprIdentifier, type ExprNode } from "./expr.ts";
import { describe, endOf, ExprGrammarBase, startOf } from "./expr-grammar-base.ts";
import * as t from "./expr-tokens.ts";

export abstract class ExprAccessGrammar extends ExprGrammarBase {
  /** The arguments of a call by name; `first` is what stands before a `|`. */
  protected called: ParserMethod<[IToken, ExprNode | undefined], ExprNode> = this.RULE("called", (name: IToken, first: ExprNode | undefined): ExprNode => {
    const takesPredicate = this.ACTION(() => exprPredicateFunctions.has(name.image));
    const given = this.OR([
      { GATE: () => takesPredicate, ALT: () => this.SUBRULE(this.predicateArguments, { ARGS: [name, first] }) },
      { ALT: () => this.SUBRULE(this.plainArguments), IGNORE_AMBIGUITIES: true },
    ]);
    return this.ACTION(() => {
      const callee: ExprIdentifier = { kind: "identifier", name: name.image, start: startOf(name), end: endOf(name) };
      const all = takesPredicate || first === undefined ? given.nodes : [first, ...given.nodes];
      return { kind: "call", callee, arguments: all, start: first?.start ?? startOf(name), end: given.end, at: startOf(name) };
    });
  });

  private plainArguments = this.RULE("plainArguments", (): { nodes: ExprNode[]; end: number } => {
    this.CONSUME(t.OpenParenthesis);
    const nodes = this.SUBRULE(this.listed, { ARGS: [t.CloseParenthesis] });
    const close = this.CONSUME(t.CloseParenthesis);
    return this.ACTION(() => ({ nodes, end: endOf(close) }));
  });

  /** Expressions with commas between them; one may follow the last. */
  protected listed: ParserMethod<[TokenType], ExprNode[]> = this.RULE("listed", (close: TokenType): ExprNode[] => {
    const nodes: ExprNode[] = [];
    this.OPTION(() => {
      nodes.push(this.SUBRULE(this.whole));
      this.MANY({
        GATE: () => !this.isNext(2, close),
        DEF: () => {
          this.CONSUME(t.Comma);
          nodes.push(this.SUBRULE2(this.whole));
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    return nodes;
  });

  private predicateArguments = this.RULE("predicateArguments", (name: IToken, piped: ExprNode | undefined): { nodes: ExprNode[]; end: number } => {
    const { predicateOptional, third } = this.ACTION(() => exprPredicateFunctions.get(name.image)) ?? { predicateOptional: true, third: true };
    const nodes: ExprNode[] = [];
    this.CONSUME(t.OpenParenthesis);
    this.OPTION({ GATE: () => piped === undefined, DEF: () => nodes.push(this.SUBRULE(this.whole)) });
    this.ACTION(() => piped !== undefined && nodes.push(piped));
    this.OPTION2({
      GATE: () => !this.isNext(1, t.CloseParenthesis),
      DEF: () => {
        this.ACTION(() => this.refuseOther(nodes.length, piped));
        this.OPTION3({ GATE: () => piped === undefined, DEF: () => this.CONSUME(t.Comma) });
        nodes.push(this.SUBRULE(this.predicate));
      },
    });
    this.ACTION(() => {
      if (nodes.length < (predicateOptional ? 1 : 2)) throw new ExprSyntaxError(this.isNext(1, t.CloseParenthesis) ? `expected at least ${(third ? 3 : 2) - (piped === undefined ? 0 : 1)} arguments` : `unexpected token ${describe(this.LA(1))}`, this.offsetOf(this.LA(1)));
    });
    this.OPTION4({
      GATE: () => third,
      DEF: () => {
        this.CONSUME2(t.Comma);
        nodes.push(this.SUBRULE2(this.whole));
      },
    });
    this.OPTION5(() => this.CONSUME3(t.Comma));
    const close = this.CONSUME(t.CloseParenthesis);
    return this.ACTION(() => ({ nodes, end: endOf(close) }));
  });

  /** What stands where the list or the comma after it should stand. */
  private refuseOther(count: number, piped: ExprNode | undefined): void {
    const token = this.LA(1);
    if (piped === undefined && (count === 0 || !this.isNext(1, t.Comma))) throw new ExprSyntaxError(`unexpected token ${describe(token)}`, this.offsetOf(token));
  }

  /** `{ … }` or an expression. A `{` is always a border here, never a map. */
  private predicate = this.RULE("predicate", (): ExprNode => {
    const first = this.LA(1);
    this.ACTION(() => this.depth++);
    const { node, end } = this.OR([
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.withEnd(this.SUBRULE(this.whole)), IGNORE_AMBIGUITIES: true },
    ]);
    this.ACTION(() => {
      this.depth--;
      if (this.isNext(1, t.Semicolon)) throw new ExprSyntaxError("wrap predicate with brackets { and }", startOf(this.LA(1)));
    });
    return this.ACTION(() => ({ kind: "predicate", body: node, start: startOf(first), end }));
  });

  /** `.name`, `?.name`, `[…]`, `?.[…]` and `[…:…]`, as many as follow. */
  protected accessed: ParserMethod<[ExprNode], ExprNode> = this.RULE("accessed", (first: ExprNode): ExprNode => {
    let node = first;
    this.MANY(() => {
      const object = node;
      node = this.OR([
        { ALT: (): ExprNode => (this.CONSUME(t.Dot), this.SUBRULE(this.member, { ARGS: [object, false] })) },
        {
          ALT: (): ExprNode => {
            this.CONSUME(t.OptionalDot);
            this.ACTION(() => this.isNext(1, t.OpenBracket) || this.expectName());
            return this.OR2([
              { ALT: (): ExprNode => this.SUBRULE(this.bracketed, { ARGS: [object, true] }) },
              { ALT: (): ExprNode => this.SUBRULE2(this.member, { ARGS: [object, true] }) },
            ]);
          },
        },
        { ALT: (): ExprNode => this.SUBRULE2(this.bracketed, { ARGS: [object, false] }) },
      ]);
    });
    return node;
  });

  /** expr-lang looks at what stands after the dot when it has already gone on. */
  private expectName(): void {
    if (this.isNext(1, t.PropertyName)) return;
    throw this.isNext(1, EOF) ? new ExprSyntaxError("unexpected end of expression", this.text.length) : new ExprSyntaxError("expected name", this.offsetOf(this.LA(2)));
  }

  protected member: ParserMethod<[ExprNode, boolean], ExprNode> = this.RULE("member", (object: ExprNode, optional: boolean): ExprNode => {
    this.ACTION(() => this.expectName());
    const property = this.textNode(this.CONSUME(t.PropertyName));
    const node = this.ACTION((): ExprNode & { kind: "member" } => ({ kind: "member", object, property, access: "dot", optional, start: object.start, end: property.end, at: property.start }));
    const call = this.OPTION(() => this.SUBRULE(this.plainArguments));
    return this.ACTION(() => (call === undefined ? node : { kind: "call", callee: node, arguments: call.nodes, start: node.start, end: call.end, at: property.start }));
  });

  private bracketed: ParserMethod<[ExprNode, boolean], ExprNode> = this.RULE("bracketed", (object: ExprNode, optional: boolean): ExprNode => {
    const open = this.CONSUME(t.OpenBracket);
    const from = this.OPTION(() => this.SUBRULE(this.whole));
    const isSlice = this.OPTION2(() => {
      this.CONSUME(t.Colon);
      return { to: this.OPTION3(() => this.SUBRULE2(this.whole)) };
    });
    const close = this.CONSUME(t.CloseBracket);
    return this.ACTION((): ExprNode => {
      const at = { start: object.start, end: endOf(close), at: startOf(open) };
      if (isSlice !== undefined) return { kind: "slice", object, ...(from === undefined ? {} : { from }), ...(isSlice.to === undefined ? {} : { to: isSlice.to }), ...at };
      if (from === undefined) throw new ExprSyntaxError(`unexpected token ${describe(close)}`, startOf(close));
      return { kind: "member", object, property: from, access: "bracket", optional, ...at };
    });
  });
}
