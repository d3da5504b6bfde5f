/** Reads expr-lang 1.17 as Argo Workflows runs it: the whole language but byte strings. */
import { EmbeddedActionsParser, EOF, tokenMatcher, type IToken, type ParserMethod, type TokenType } from "chevrotain";
import { exprPredicateFunctions, ExprSyntaxError, type ExprBinaryOperator, type ExprIdentifier, type ExprMapEntry, type ExprNode, type ExprUnaryOperator } from "./expr.ts";
import { numberOf, rawStringOf, stringOf } from "./expr-literals.ts";
import * as t from "./expr-tokens.ts";

/** The strength of operators, lowest first; the comparisons stand in a rule of their own. */
const strength: Readonly<Record<string, number>> = {
  "|": 0, or: 10, "||": 10, and: 15, "&&": 15, "==": 20, "!=": 20, "<": 20, "<=": 20, ">": 20, ">=": 20,
  in: 20, matches: 20, contains: 20, startsWith: 20, endsWith: 20, "..": 25, "+": 30, "-": 30, "*": 60, "/": 60, "%": 60, "**": 100, "^": 100, "??": 500,
};
const comparisonStrength = 20;
const unaryStrength: Readonly<Record<string, number>> = { "!": 50, not: 50, "-": 90, "+": 90 };
const strengthOf = (token: IToken): number => strength[token.image] ?? -1;

/** A token as expr-lang names it in its messages. */
function describe(token: IToken): string {
  if (token.tokenType === EOF) return "EOF";
  const { image } = token;
  if (token.tokenType === t.Identifier) return `Identifier(${JSON.stringify(image)})`;
  if (token.tokenType === t.StringLiteral || token.tokenType === t.RawString) return `String(${JSON.stringify(image.slice(1, -1))})`;
  if (token.tokenType === t.Pointer) return `Operator("#")`;
  if (token.tokenType === t.NumberLiteral) return `Number(${JSON.stringify(image)})`;
  return `${/^[()[\]{}]$/.test(image) ? "Bracket" : "Operator"}(${JSON.stringify(image)})`;
}

const startOf = (token: IToken): number => token.startOffset;
const endOf = (token: IToken): number => token.startOffset + token.image.length;

class ExprParser extends EmbeddedActionsParser {
  /** How many predicates enclose what is being read: only there `#` and `.field` have a meaning. */
  private depth = 0;

  constructor() {
    super([...t.exprTokens], {
      maxLookahead: 1,
      recoveryEnabled: false,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected, actual }) => (expected === t.PropertyName ? "expected name" : `unexpected token ${describe(actual)}`),
        buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected token ${describe(firstRedundant)}`,
        buildNoViableAltMessage: ({ actual }) => `unexpected token ${describe(actual[0] as IToken)}`,
        buildEarlyExitMessage: ({ actual }) => `unexpected token ${describe(actual[0] as IToken)}`,
      },
    });
    this.performSelfAnalysis();
  }

  override reset(): void {
    super.reset();
    this.depth = 0;
  }

  private isNext(distance: number, type: TokenType): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  sequence = this.RULE("sequence", (): ExprNode => {
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

  private whole: ParserMethod<[], ExprNode> = this.RULE("whole", (): ExprNode =>
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

  private withEnd(node: ExprNode): { node: ExprNode; end: number } {
    return this.ACTION(() => ({ node, end: node.end }));
  }

  private block = this.RULE("block", (): { node: ExprNode; end: number } => {
    this.CONSUME(t.OpenBrace);
    const node = this.SUBRULE(this.sequence);
    const close = this.CONSUME(t.CloseBrace);
    return this.ACTION(() => ({ node, end: endOf(close) }));
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

  private numeric(token: IToken): ExprNode {
    return this.ACTION(() => {
      const end = endOf(token);
      const next = String.fromCodePoint(this.text.codePointAt(end) ?? 0);
      if (/^[\p{L}\p{Nd}_$]$/u.test(next)) throw new ExprSyntaxError(`bad number syntax: ${JSON.stringify(token.image + next)}`, end);
      return numberOf(token.image, startOf(token));
    });
  }

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

  /** The arguments of a call by name; `first` is what stands before a `|`. */
  private called: ParserMethod<[IToken, ExprNode | undefined], ExprNode> = this.RULE("called", (name: IToken, first: ExprNode | undefined): ExprNode => {
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
  private listed: ParserMethod<[TokenType], ExprNode[]> = this.RULE("listed", (close: TokenType): ExprNode[] => {
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

  /** A key that stands for its own text, or what a dot names. */
  private textNode(token: IToken): ExprNode {
    return this.ACTION(() => {
      const start = startOf(token);
      const value = token.tokenType === t.StringLiteral ? stringOf(token.image, start) : token.tokenType === t.RawString ? rawStringOf(token.image) : token.image;
      return { kind: "string", value, start, end: endOf(token) };
    });
  }

  /** `.name`, `?.name`, `[…]`, `?.[…]` and `[…:…]`, as many as follow. */
  private accessed: ParserMethod<[ExprNode], ExprNode> = this.RULE("accessed", (first: ExprNode): ExprNode => {
    let node = first;
    this.MANY(() => {
      const object = node;
      node = this.OR([
        { ALT: (): ExprNode => (this.CONSUME(t.Dot), this.SUBRULE(this.member, { ARGS: [object, false] })) },
        {
          ALT: (): ExprNode => {
            this.CONSUME(t.OptionalDot);
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

  private member: ParserMethod<[ExprNode, boolean], ExprNode> = this.RULE("member", (object: ExprNode, optional: boolean): ExprNode => {
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

  private offsetOf(token: IToken): number {
    return Number.isFinite(token.startOffset) ? token.startOffset : this.text.length;
  }

  /** What is read. */
  private text = "";

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

let parser: ExprParser | undefined;

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
  parser ??= new ExprParser();
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
