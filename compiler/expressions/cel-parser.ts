/**
 * Reads CEL, as far as KFP's driver evaluates it: literals, names, fields, indexes, calls, methods, operators, the
 * conditional and lists. The grammar is that of the CEL specification without maps and messages.
 */
import { createToken, EmbeddedActionsParser, Lexer, type IToken } from "chevrotain";
import type { Cel, CelBinaryOperator } from "./cel.ts";

const WhiteSpace = createToken({ name: "WhiteSpace", pattern: /\s+/, group: Lexer.SKIPPED });
const Comment = createToken({ name: "Comment", pattern: /\/\/[^\n]*/, group: Lexer.SKIPPED });
const Identifier = createToken({ name: "Identifier", pattern: /[_a-zA-Z]\w*/ });
const word = (name: string, pattern: RegExp) => createToken({ name, pattern, longer_alt: Identifier });
const True = word("True", /true/);
const False = word("False", /false/);
const Null = word("Null", /null/);
const In = word("In", /in/);
const Double = createToken({ name: "Double", pattern: /\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/ });
const Integer = createToken({ name: "Integer", pattern: /0[xX][0-9a-fA-F]+|\d+/ });
const StringLiteral = createToken({ name: "StringLiteral", pattern: /[rR]?(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:[^'\\\r\n]|\\[\s\S])*'|"(?:[^"\\\r\n]|\\[\s\S])*")/, line_breaks: true });
const symbol = (name: string, pattern: string) => createToken({ name, pattern });
const Or = symbol("Or", "||");
const And = symbol("And", "&&");
const Equal = symbol("Equal", "==");
const Unequal = symbol("Unequal", "!=");
const AtMost = symbol("AtMost", "<=");
const AtLeast = symbol("AtLeast", ">=");
const Less = symbol("Less", "<");
const More = symbol("More", ">");
const Plus = symbol("Plus", "+");
const Minus = symbol("Minus", "-");
const Times = symbol("Times", "*");
const Divide = symbol("Divide", "/");
const Remainder = symbol("Remainder", "%");
const Not = symbol("Not", "!");
const Question = symbol("Question", "?");
const Colon = symbol("Colon", ":");
const Dot = symbol("Dot", ".");
const Comma = symbol("Comma", ",");
const OpenParenthesis = symbol("OpenParenthesis", "(");
const CloseParenthesis = symbol("CloseParenthesis", ")");
const OpenBracket = symbol("OpenBracket", "[");
const CloseBracket = symbol("CloseBracket", "]");

const tokens = [
  WhiteSpace, Comment, StringLiteral, True, False, Null, In, Identifier, Double, Integer, Or, And, Equal, Unequal, AtMost, AtLeast, Less, More, Plus, Minus,
  Times, Divide, Remainder, Not, Question, Colon, Dot, Comma, OpenParenthesis, CloseParenthesis, OpenBracket, CloseBracket,
];
const lexer = new Lexer(tokens, { positionTracking: "onlyOffset" });

class CelParser extends EmbeddedActionsParser {
  constructor() {
    super(tokens, { maxLookahead: 2, recoveryEnabled: false });
    this.performSelfAnalysis();
  }

  expression = this.RULE("expression", (): Cel => {
    const test = this.SUBRULE(this.disjunction);
    return this.OPTION(() => {
      this.CONSUME(Question);
      const consequent = this.SUBRULE2(this.disjunction);
      this.CONSUME(Colon);
      const alternate = this.SUBRULE(this.expression);
      return { kind: "conditional", test, consequent, alternate } satisfies Cel;
    }) ?? test;
  });

  private disjunction = this.RULE("disjunction", (): Cel => {
    let left = this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(Or);
      const right = this.SUBRULE2(this.conjunction);
      left = { kind: "binary", operator: "||", left, right };
    });
    return left;
  });

  private conjunction = this.RULE("conjunction", (): Cel => {
    let left = this.SUBRULE(this.relation);
    this.MANY(() => {
      this.CONSUME(And);
      const right = this.SUBRULE2(this.relation);
      left = { kind: "binary", operator: "&&", left, right };
    });
    return left;
  });

  private relation = this.RULE("relation", (): Cel => {
    let left = this.SUBRULE(this.sum);
    this.MANY(() => {
      const operator = this.OR([Equal, Unequal, AtMost, AtLeast, Less, More, In].map((type) => ({ ALT: () => this.CONSUME(type) })));
      const right = this.SUBRULE2(this.sum);
      left = { kind: "binary", operator: operator.image as CelBinaryOperator, left, right };
    });
    return left;
  });

  private sum = this.RULE("sum", (): Cel => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(Plus) }, { ALT: () => this.CONSUME(Minus) }]);
      const right = this.SUBRULE2(this.product);
      left = { kind: "binary", operator: operator.image as CelBinaryOperator, left, right };
    });
    return left;
  });

  private product = this.RULE("product", (): Cel => {
    let left = this.SUBRULE(this.unary);
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(Times) }, { ALT: () => this.CONSUME(Divide) }, { ALT: () => this.CONSUME(Remainder) }]);
      const right = this.SUBRULE2(this.unary);
      left = { kind: "binary", operator: operator.image as CelBinaryOperator, left, right };
    });
    return left;
  });

  private unary = this.RULE("unary", (): Cel =>
    this.OR([
      { ALT: (): Cel => (this.CONSUME(Not), { kind: "not", operand: this.SUBRULE(this.unary) }) },
      {
        ALT: (): Cel => {
          this.CONSUME(Minus);
          const operand = this.SUBRULE2(this.unary);
          return this.ACTION(() => negated(operand));
        },
      },
      { ALT: (): Cel => this.SUBRULE(this.member) },
    ]),
  );

  private member = this.RULE("member", (): Cel => {
    let object = this.SUBRULE(this.primary);
    this.MANY(() => {
      object = this.OR([
        {
          ALT: (): Cel => {
            const target = object;
            this.CONSUME(Dot);
            const name = this.CONSUME(Identifier);
            const given = this.OPTION(() => this.SUBRULE(this.callArguments));
            return given === undefined ? { kind: "field", object: target, name: name.image } : { kind: "method", object: target, method: name.image, arguments: given };
          },
        },
        {
          ALT: (): Cel => {
            const target = object;
            this.CONSUME(OpenBracket);
            const index = this.SUBRULE(this.expression);
            this.CONSUME(CloseBracket);
            return { kind: "index", object: target, index };
          },
        },
      ]);
    });
    return object;
  });

  private callArguments = this.RULE("callArguments", (): Cel[] => {
    const given: Cel[] = [];
    this.CONSUME(OpenParenthesis);
    this.MANY_SEP({ SEP: Comma, DEF: () => given.push(this.SUBRULE(this.expression)) });
    this.CONSUME(CloseParenthesis);
    return given;
  });

  private primary = this.RULE("primary", (): Cel =>
    this.OR([
      { ALT: (): Cel => (this.CONSUME(True), { kind: "bool", value: true }) },
      { ALT: (): Cel => (this.CONSUME(False), { kind: "bool", value: false }) },
      { ALT: (): Cel => (this.CONSUME(Null), { kind: "null" }) },
      {
        ALT: (): Cel => {
          const token = this.CONSUME(Double);
          return this.ACTION(() => doubleOf(token));
        },
      },
      {
        ALT: (): Cel => {
          const token = this.CONSUME(Integer);
          return this.ACTION(() => integerOf(token));
        },
      },
      {
        ALT: (): Cel => {
          const token = this.CONSUME(StringLiteral);
          return this.ACTION(() => stringOf(token));
        },
      },
      {
        ALT: (): Cel => {
          const name = this.CONSUME(Identifier);
          const given = this.OPTION(() => this.SUBRULE(this.callArguments));
          return given === undefined ? { kind: "name", name: name.image } : { kind: "call", function: name.image, arguments: given };
        },
      },
      {
        ALT: (): Cel => {
          this.CONSUME(OpenParenthesis);
          const inner = this.SUBRULE(this.expression);
          this.CONSUME(CloseParenthesis);
          return inner;
        },
      },
      {
        ALT: (): Cel => {
          const items: Cel[] = [];
          this.CONSUME(OpenBracket);
          this.MANY_SEP({ SEP: Comma, DEF: () => items.push(this.SUBRULE2(this.expression)) });
          this.CONSUME(CloseBracket);
          return { kind: "list", items };
        },
      },
    ]),
  );
}

/** `-5` is a number, `-x` an operation. */
function negated(operand: Cel): Cel {
  const isNumber = operand.kind === "int" || operand.kind === "double";
  return isNumber && !Object.is(Math.sign(operand.value), -1) && !Object.is(operand.value, -0) ? { ...operand, value: -operand.value } : { kind: "negate", operand };
}

function doubleOf(token: IToken): Cel {
  return { kind: "double", value: Number(token.image) };
}

function integerOf(token: IToken): Cel {
  return { kind: "int", value: Number(token.image) };
}

const simpleEscapes: Record<string, string> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", "'": "'", '"': '"', "`": "`", "?": "?" };

function stringOf(token: IToken): Cel {
  const isRaw = /^[rR]/.test(token.image);
  const quoted = isRaw ? token.image.slice(1) : token.image;
  const width = quoted.startsWith(`'''`) || quoted.startsWith(`"""`) ? 3 : 1;
  const body = quoted.slice(width, quoted.length - width);
  const value = isRaw ? body : body.replace(/\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/gsu, unescaped);
  return quoted.startsWith('"') ? { kind: "string", value, quote: '"' } : { kind: "string", value };
}

function unescaped(whole: string, byte?: string, short?: string, long?: string, octal?: string, simple?: string): string {
  const hexadecimal = byte ?? short ?? long;
  if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  return simpleEscapes[simple ?? ""] ?? whole;
}

let parser: CelParser | undefined;

export type CelResult = { tree: Cel } | { message: string; offset: number };

/** The tree of a CEL text, or where it cannot be read: the offset of the first character that does not fit. */
export function parseCel(text: string): CelResult {
  const { tokens: read, errors } = lexer.tokenize(text);
  parser ??= new CelParser();
  parser.input = read;
  const tree = parser.expression();
  const [error] = parser.errors;
  const [unknown] = errors;
  const offset = error === undefined ? Number.POSITIVE_INFINITY : Number.isFinite(error.token.startOffset) ? error.token.startOffset : text.length;
  if (unknown !== undefined && unknown.offset <= offset) return { message: `unexpected character "${text[unknown.offset] ?? ""}"`, offset: unknown.offset };
  if (error === undefined) return { tree };
  return { message: offset >= text.length ? "the expression ends too early" : `unexpected "${error.token.image}"`, offset };
}
