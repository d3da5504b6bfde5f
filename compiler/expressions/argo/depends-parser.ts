/** Reads `depends` of DAG tasks: names with results, `&&`, `||`, `!` and parentheses. */
import { createToken, EmbeddedActionsParser, EOF, Lexer, type IToken, type ParserMethod } from "chevrotain";
import { DependsSyntaxError, type Depends } from "./depends.ts";

const WhiteSpace = createToken({ name: "WhiteSpace", pattern: /\s+/, group: Lexer.SKIPPED });
const Task = createToken({ name: "Task", pattern: /[a-zA-Z0-9][-a-zA-Z0-9]*/ });
const Result = createToken({ name: "Result", pattern: /\.[a-zA-Z]+/ });
const And = createToken({ name: "And", pattern: "&&" });
const Or = createToken({ name: "Or", pattern: "||" });
const Not = createToken({ name: "Not", pattern: "!" });
const Open = createToken({ name: "Open", pattern: "(" });
const Close = createToken({ name: "Close", pattern: ")" });

const tokens = [WhiteSpace, Task, Result, And, Or, Not, Open, Close];
const lexer = new Lexer(tokens, { positionTracking: "onlyOffset" });

class DependsParser extends EmbeddedActionsParser {
  constructor() {
    super(tokens, { maxLookahead: 1, recoveryEnabled: false });
    this.performSelfAnalysis();
  }

  disjunction: ParserMethod<[], Depends> = this.RULE("disjunction", (): Depends => {
    let left = this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(Or);
      const right = this.SUBRULE2(this.conjunction);
      left = { kind: "or", left, right, start: left.start, end: right.end };
    });
    return left;
  });

  private conjunction = this.RULE("conjunction", (): Depends => {
    let left = this.SUBRULE(this.negation);
    this.MANY(() => {
      this.CONSUME(And);
      const right = this.SUBRULE2(this.negation);
      left = { kind: "and", left, right, start: left.start, end: right.end };
    });
    return left;
  });

  private negation: ParserMethod<[], Depends> = this.RULE("negation", (): Depends =>
    this.OR([
      {
        ALT: (): Depends => {
          const sign = this.CONSUME(Not);
          const operand = this.SUBRULE(this.negation);
          return { kind: "not", operand, start: sign.startOffset, end: operand.end };
        },
      },
      {
        ALT: (): Depends => {
          this.CONSUME(Open);
          const inner = this.SUBRULE(this.disjunction);
          this.CONSUME(Close);
          return inner;
        },
      },
      {
        ALT: (): Depends => {
          const task = this.CONSUME(Task);
          const result = this.OPTION(() => this.CONSUME(Result));
          return this.ACTION(() => ({ kind: "task", task: task.image, ...(result === undefined ? {} : { result: result.image.slice(1) }), start: task.startOffset, end: endOf(result ?? task) }));
        },
      },
    ]),
  );
}

const endOf = ({ startOffset, image }: IToken): number => startOffset + image.length;

let parser: DependsParser | undefined;

/**
 * The tree of a `depends`.
 *
 * @throws DependsSyntaxError with the offset of the first character that does not fit
 */
export function parseDepends(text: string): Depends {
  const { tokens: read, errors } = lexer.tokenize(text);
  parser ??= new DependsParser();
  parser.input = read;
  const tree = parser.disjunction();
  const [error] = parser.errors;
  const [unknown] = errors;
  const offset = error === undefined ? Number.POSITIVE_INFINITY : error.token.tokenType === EOF ? text.length : error.token.startOffset;
  if (unknown !== undefined && unknown.offset <= offset) throw new DependsSyntaxError(`unexpected character "${text[unknown.offset] ?? ""}"`, unknown.offset);
  if (error !== undefined) throw new DependsSyntaxError(offset >= text.length ? "the text ends too early" : `unexpected "${error.token.image}"`, offset);
  return tree;
}
