/** The grammar of expr-lang 1.17: operators, statements and values. */
import { EOF, type IToken, type ParserMethod } from "chevrotain";
import { ExprSyntaxError, type ExprBinaryOperator, type ExprMapEntry, type ExprNode, type ExprUnaryOperator } from "./expr.ts";
import { ExprAccessGrammar } from "./expr-grammar-access.ts";
import { describe, endOf, startOf } from "./expr-grammar-base.ts";
import { rawStringOf, stringOf } from "./expr-literals.ts";
import * as t from "./expr-tokens.ts";

/** The strength of operators, lowest first; the comparisons stand in a rule of their own. */
const strength: Readonly<Record<string, number>> = {
  "|": 0, or: 10, "||": 10, and: 15, "&&": 15, "==": 20, "!=": 20, "<": 20, "<=": 20, ">": 20, ">=": 20,
  in: 20, matches: 20, contains: 20, startsWith: 20, endsWith: 20, "..": 25, "+": 30, "-": 30, "*": 60, "/": 60, "%": 60, "**": 100, "^": 100, "??": 500,
};
const comparisonStrength = 20;
const unaryStrength: Readonly<Record<string, number>> = { "!": 50, not: 50, "-": 90, "+": 90 };
const strengthOf = (token: IToken): number => strength[token.image] ?? -1;

export class ExprGrammar extends ExprAccessGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  sequence: ParserMethod<[], ExprNode> = this.RULE("sequence", (): ExprNode => {
    const first = this.SUBRULE(this.whole);
    const items = [first];
    this.MANY({
      GATE: () => !this.isNext(2, EOF),
      DEF: () => {
        this.CONSUME(t.Semicolon);
        items.push(this.SUBRULE2(this.whole));
      },
    });
    this.OPTION(() => this.CONSUME2(t.Semicolon));
    return this.ACTION(() => (items.length === 1 ? first : { kind: "sequence", items, start: first.start, end: items.at(-1)?.end ?? first.end }));
  });

  protected whole: ParserMethod<[], ExprNode> = this.RULE("whole", (): ExprNode =>
    this.OR([
      { ALT: () => this.SUBRULE(this.declaration) },
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.ternary) },
    ]),
  );

  private declaration = this.RULE("declaration", (): ExprNode => {
    const word = this.CONSUME(t.Let);
    const name = this.CONSUME(t.Identifier);
    this.CONSUME(t.Assign);
    const value = this.SUBRULE(this.whole);
    this.CONSUME(t.Semicolon);
    const body = this.SUBRULE(this.sequence);
    return this.ACTION(() => ({ kind: "let", name: name.image, value, body, start: startOf(word), end: body.end, at: startOf(name) }));
  });

  private choice: ParserMethod<[], ExprNode> = this.RULE("choice", (): ExprNode => {
    const word = this.CONSUME(t.If);
    const test = this.SUBRULE(this.whole);
    const consequent = this.SUBRULE(this.block).node;
    this.CONSUME(t.Else);
    const { node, end } = this.OR([{ ALT: () => this.withEnd(this.SUBRULE(this.choice)) }, { ALT: () => this.SUBRULE2(this.block) }]);
    return this.ACTION(() => ({ kind: "conditional", form: "if", test, consequent, alternate: node, start: startOf(word), end }));
  });

  private ternary = this.RULE("ternary", (): ExprNode => {
    let node = this.SUBRULE(this.operation, { ARGS: [0] });
    this.MANY(() => {
      const test = node;
      this.CONSUME(t.Question);
      const given = this.OPTION(() => this.SUBRULE(this.whole));
      this.CONSUME(t.Colon);
      const alternate = this.SUBRULE2(this.whole);
      node = this.ACTION(() => ({ kind: "conditional", form: "ternary", test, consequent: given ?? test, alternate, start: test.start, end: alternate.end }));
    });
    return node;
  });

  /** Operators that bind at least as strongly as `least`. */
  private operation: ParserMethod<[number], ExprNode> = this.RULE("operation", (least: number): ExprNode => {
    let left = this.SUBRULE(this.prefixed);
    let before = "";
    this.MANY({
      GATE: () => (this.isNext(1, t.Not) ? !this.isNext(2, t.Negatable) || strengthOf(this.LA(2)) >= least : strengthOf(this.LA(1)) >= least),
      DEF: () => {
        const object = left;
        left = this.OR([
          {
            ALT: (): ExprNode => {
              before = this.CONSUME(t.Pipe).image;
              const name = this.CONSUME(t.Identifier);
              return this.SUBRULE(this.called, { ARGS: [name, object] });
            },
          },
          { ALT: (): ExprNode => (this.ACTION(() => this.refuseMixed(before)), (before = this.LA(1).image), this.SUBRULE(this.comparison, { ARGS: [object] })) },
          {
            ALT: (): ExprNode => {
              this.CONSUME(t.Not);
              this.ACTION(() => this.refuseMixed(before));
              const token = this.CONSUME(t.Negatable);
              before = token.image;
              const right = this.SUBRULE(this.operation, { ARGS: [comparisonStrength + 1] });
              return this.ACTION(() => binary(`not ${token.image}` as ExprBinaryOperator, object, right, token));
            },
          },
          {
            ALT: (): ExprNode => {
              this.ACTION(() => this.refuseMixed(before));
              const token = this.CONSUME(t.Binary);
              before = token.image;
              const fromRight = before === "**" || before === "^";
              const right = this.SUBRULE2(this.operation, { ARGS: [strengthOf(token) + (fromRight ? 0 : 1)] });
              return this.ACTION(() => binary(token.image as ExprBinaryOperator, object, right, token));
            },
          },
        ]);
      },
    });
    return left;
  });

  /** `a < b < c`: each operand is compared with the next. */
  private comparison = this.RULE("comparison", (left: ExprNode): ExprNode => {
    const operator = this.CONSUME(t.Comparison);
    let last = this.SUBRULE(this.operation, { ARGS: [comparisonStrength + 1] });
    let node = this.ACTION((): ExprNode => binary(operator.image as ExprBinaryOperator, left, last, operator));
    this.MANY(() => {
      const next = this.CONSUME2(t.Comparison);
      const right = this.SUBRULE2(this.operation, { ARGS: [comparisonStrength + 1] });
      node = this.ACTION(() => binary("&&", node, binary(next.image as ExprBinaryOperator, last, right, next), next));
      last = right;
    });
    return node;
  });

  private refuseMixed(before: string): void {
    const token = this.LA(1);
    if (before === "??" && token.image !== "??") throw new ExprSyntaxError(`Operator (${token.image}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`, startOf(token));
  }

  private prefixed: ParserMethod<[], ExprNode> = this.RULE("prefixed", (): ExprNode =>
    this.OR([
      {
        ALT: () => {
          const token = this.CONSUME(t.Unary);
          const operand = this.SUBRULE(this.operation, { ARGS: [unaryStrength[token.image] ?? 0] });
          const node = this.ACTION((): ExprNode => ({ kind: "unary", operator: token.image as ExprUnaryOperator, operand, start: startOf(token), end: operand.end }));
          return this.SUBRULE(this.accessed, { ARGS: [node] });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.OpenParenthesis);
          const node = this.SUBRULE(this.sequence);
          this.CONSUME(t.CloseParenthesis);
          return this.SUBRULE2(this.accessed, { ARGS: [node] });
        },
      },
      { GATE: () => this.depth > 0, ALT: () => this.SUBRULE(this.pointed) },
      {
        ALT: () => {
          this.CONSUME(t.DoubleColon);
          const name = this.CONSUME(t.Identifier);
          const node = this.SUBRULE(this.called, { ARGS: [name, undefined] });
          return this.SUBRULE3(this.accessed, { ARGS: [node] });
        },
      },
      { ALT: () => this.numeric(this.CONSUME(t.NumberLiteral)) },
      { ALT: () => this.SUBRULE(this.named) },
      {
        ALT: () => {
          const node = this.SUBRULE(this.literal);
          return this.SUBRULE4(this.accessed, { ARGS: [node] });
        },
      },
    ]),
  );

  /** `#`, `#acc` and `.field` in a predicate. */
  private pointed = this.RULE("pointed", (): ExprNode => {
    const node = this.OR([
      {
        ALT: () => {
          const token = this.CONSUME(t.Pointer);
          return this.ACTION((): ExprNode => ({ kind: "pointer", name: token.image.slice(1), start: startOf(token), end: endOf(token) }));
        },
      },
      {
        ALT: () => {
          const dot = this.CONSUME(t.Dot);
          const item = this.ACTION((): ExprNode => ({ kind: "pointer", name: "", start: startOf(dot), end: startOf(dot) }));
          return this.SUBRULE(this.member, { ARGS: [item, false] });
        },
      },
    ]);
    return this.SUBRULE(this.accessed, { ARGS: [node] });
  });

  /** A name, a call, or one of the values that have a name, which take no access. */
  private named = this.RULE("named", (): ExprNode => {
    const name = this.CONSUME(t.Identifier);
    const { image } = name;
    const at = { start: startOf(name), end: endOf(name) };
    const isValue = image === "true" || image === "false" || image === "nil";
    const call = this.OPTION({ GATE: () => !isValue, DEF: () => this.SUBRULE(this.called, { ARGS: [name, undefined] }) });
    if (isValue) return image === "nil" ? { kind: "nil", ...at } : { kind: "bool", value: image === "true", ...at };
    return this.SUBRULE(this.accessed, { ARGS: [call ?? { kind: "identifier", name: image, ...at }] });
  });

  private literal = this.RULE("literal", (): ExprNode =>
    this.OR([
      {
        ALT: () => {
          const token = this.CONSUME(t.StringLiteral);
          return this.ACTION((): ExprNode => ({ kind: "string", value: stringOf(token.image, startOf(token)), start: startOf(token), end: endOf(token) }));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(t.RawString);
          return this.ACTION((): ExprNode => ({ kind: "string", value: rawStringOf(token.image), start: startOf(token), end: endOf(token) }));
        },
      },
      {
        ALT: () => {
          const open = this.CONSUME(t.OpenBracket);
          const items = this.SUBRULE(this.listed, { ARGS: [t.CloseBracket] });
          const close = this.CONSUME(t.CloseBracket);
          return this.ACTION((): ExprNode => ({ kind: "array", items, start: startOf(open), end: endOf(close) }));
        },
      },
      { ALT: () => this.SUBRULE(this.map) },
    ]),
  );

  private map = this.RULE("map", (): ExprNode => {
    const entries: ExprMapEntry[] = [];
    const open = this.CONSUME(t.OpenBrace);
    this.ACTION(() => this.isNext(1, t.CloseBrace) || this.expectKey());
    this.OPTION(() => {
      entries.push(this.SUBRULE(this.entry));
      this.MANY({
        GATE: () => !this.isNext(2, t.CloseBrace),
        DEF: () => {
          this.CONSUME(t.Comma);
          entries.push(this.SUBRULE2(this.entry));
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    const close = this.CONSUME(t.CloseBrace);
    return this.ACTION(() => ({ kind: "map", entries, start: startOf(open), end: endOf(close) }));
  });

  private expectKey(): void {
    const token = this.LA(1);
    if (this.isNext(1, t.MapKey) || this.isNext(1, t.OpenParenthesis)) return;
    throw new ExprSyntaxError(`a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token ${describe(token)})`, this.offsetOf(token));
  }

  private entry = this.RULE("entry", (): ExprMapEntry => {
    this.ACTION(() => this.expectKey());
    const key = this.OR([
      { ALT: () => this.textNode(this.CONSUME(t.MapKey)) },
      { GATE: () => this.isNext(1, t.OpenParenthesis), ALT: () => this.SUBRULE(this.whole), IGNORE_AMBIGUITIES: true },
    ]);
    this.CONSUME(t.Colon);
    const value = this.SUBRULE2(this.whole);
    return { key, value };
  });

  read(text: string, tokens: IToken[]): ExprNode {
    this.text = text;
    this.input = tokens;
    const node = this.sequence();
    const [error] = this.errors;
    if (error !== undefined) throw new ExprSyntaxError(error.message, this.offsetOf(error.token));
    return node;
  }
}

function binary(operator: ExprBinaryOperator, left: ExprNode, right: ExprNode, token: IToken): ExprNode {
  return { kind: "binary", operator, left, right, start: left.start, end: right.end, at: startOf(token) };
}
