/** Reads `when` as the controller does: govaluate, with words without quotes as strings. */
import { goRegExp, GoRegExpError } from "./go-regexp.ts";
import { checkOrder, whenTokens, type WhenToken, type WhenTokenKind } from "./when-tokens.ts";
import { WhenError, type When, type WhenBinaryOperator, type WhenPrefixOperator } from "./when.ts";

/** Levels of operators, weakest first. Each level groups from the left. */
const levels: readonly { kind: WhenTokenKind; operators: ReadonlySet<string> }[] = [
  { kind: "SEPARATOR", operators: new Set([","]) },
  { kind: "TERNARY", operators: new Set(["?", ":", "??"]) },
  { kind: "LOGICALOP", operators: new Set(["||"]) },
  { kind: "LOGICALOP", operators: new Set(["&&"]) },
  { kind: "COMPARATOR", operators: new Set(["==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in"]) },
  { kind: "MODIFIER", operators: new Set(["^", "&", "|"]) },
  { kind: "MODIFIER", operators: new Set([">>", "<<"]) },
  { kind: "MODIFIER", operators: new Set(["+", "-"]) },
  { kind: "MODIFIER", operators: new Set(["*", "/", "%"]) },
  { kind: "MODIFIER", operators: new Set(["**"]) },
];

class WhenReader {
  private position = 0;

  constructor(private readonly tokens: readonly WhenToken[]) {}

  private peek(): WhenToken | undefined {
    return this.tokens[this.position];
  }

  level(depth: number): When | undefined {
    const level = levels[depth];
    if (level === undefined) return this.value();
    let left = this.level(depth + 1);
    for (let token = this.peek(); left !== undefined && token?.kind === level.kind && level.operators.has(token.text); token = this.peek()) {
      this.position++;
      const right = this.level(depth + 1);
      left = { kind: "binary", operator: token.text as WhenBinaryOperator, left, ...(right === undefined ? {} : { right }), start: left.start, end: (right ?? token).end };
    }
    return left;
  }

  private value(): When | undefined {
    const token = this.peek();
    if (token === undefined || token.kind === "CLAUSE_CLOSE") return undefined;
    const isPattern = follows(this.tokens, this.position);
    this.position++;
    const { text, number, start, end } = token;
    const pattern = isPattern ? { pattern: true as const } : {};
    switch (token.kind) {
      case "CLAUSE": {
        const inner = this.level(0);
        const close = this.peek();
        this.position++;
        return { kind: "group", ...(inner === undefined ? {} : { inner }), start, end: (close ?? inner ?? token).end };
      }
      case "PREFIX": {
        const operand = this.value();
        return { kind: "prefix", operator: text as WhenPrefixOperator, ...(operand === undefined ? {} : { operand }), start, end: (operand ?? token).end };
      }
      case "NUMERIC":
        return { kind: "number", value: number, start, end };
      case "BOOLEAN":
        return { kind: "bool", value: text === "true", start, end };
      case "TIME":
        return { kind: "time", text, seconds: number, start, end };
      case "ACCESSOR":
        return { kind: "accessor", path: text.split("."), start, end };
      case "VARIABLE":
        return { kind: "word", value: text, ...pattern, start, end };
      case "STRING":
        return { kind: "string", value: text, ...pattern, start, end };
      default:
        throw new WhenError(`Unable to plan token kind: '${token.kind}', value: '${text}'`, start);
    }
  }
}

/**
 * The tree of a `when` in which all tags are replaced. Like govaluate, it stops at the first token that cannot go on.
 *
 * @throws WhenError with the controller's message
 */
export function parseWhen(text: string): When {
  const tokens = refusing(() => whenTokens(text), (reason) => `Invalid 'when' expression '${text}': ${reason}${reason.includes("Invalid token") ? ` (hint: try wrapping the affected expression in quotes ("))` : ""}`);
  refusing(() => checkPatterns(tokens, "STRING"), (reason) => `Invalid 'when' expression '${text}': ${reason}`);
  // The controller takes words without quotes for strings, strings after `=~` for patterns, and asks a second time
  // whether all tokens may stand where they do.
  const asStrings = tokens.map((token, index): WhenToken => {
    const isPattern = token.kind === "STRING" && follows(tokens, index);
    return token.kind === "VARIABLE" ? { ...token, kind: "STRING" } : isPattern ? { ...token, kind: "PATTERN" } : token;
  });
  const check = () => (checkOrder(asStrings, text.length), checkPatterns(tokens, "VARIABLE"));
  refusing(check, (reason) => `Failed to parse 'when' expression '${text}': ${reason}`);
  const tree = new WhenReader(tokens).level(0);
  if (tree === undefined) throw new WhenError(`Invalid 'when' expression '${text}': Unexpected end of expression`, 0);
  return tree;
}

/** Whether a token stands directly after `=~` or `!~`. */
function follows(tokens: readonly WhenToken[], index: number): boolean {
  const before = tokens[index - 1];
  return before?.kind === "COMPARATOR" && /^[=!]~$/.test(before.text);
}

/** Patterns that are written down are read before anything is evaluated. */
function checkPatterns(tokens: readonly WhenToken[], kind: WhenTokenKind): void {
  for (const [index, token] of tokens.entries()) {
    const pattern = token.kind === kind && follows(tokens, index) ? goRegExp(token.text) : undefined;
    if (pattern instanceof GoRegExpError) throw new WhenError(pattern.message, token.start);
  }
}

function refusing<Result>(read: () => Result, message: (reason: string) => string): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WhenError)) throw error;
    throw new WhenError(message(error.message), error.offset);
  }
}
