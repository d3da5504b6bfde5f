/** The tokens of expr-lang 1.17. */
import { createToken, Lexer, type TokenPattern, type TokenType } from "chevrotain";

const all: TokenType[] = [];

function token(name: string, pattern: TokenPattern, more: { longer_alt?: TokenType; categories?: TokenType[]; skipped?: true; line_breaks?: boolean } = {}): TokenType {
  const { skipped, ...rest } = more;
  const type = createToken({ name, pattern, ...rest, ...(skipped === true ? { group: Lexer.SKIPPED } : {}) });
  all.push(type);
  return type;
}

function category(name: string): TokenType {
  const type = createToken({ name, pattern: Lexer.NA });
  all.push(type);
  return type;
}

/** A pattern that knows letters of all scripts: the lexer itself drops the flag `u`. */
function unicode(source: string) {
  const pattern = new RegExp(source, "uy");
  return (text: string, offset: number): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
}

/** What can stand after a dot: also the words that are operators. */
export const PropertyName = category("PropertyName");
/** What can stand before the colon in a map. */
export const MapKey = category("MapKey");
export const Unary = category("Unary");
export const Comparison = category("Comparison");
/** The operators that may follow `not`. */
export const Negatable = category("Negatable");
/** The operators that have their value on their own: neither comparisons nor `|`. */
export const Binary = category("Binary");

token("WhiteSpace", /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, { skipped: true, line_breaks: true });
token("LineComment", /\/\/[^\n]*/, { skipped: true });
token("BlockComment", /\/\*[\s\S]*?\*\//, { skipped: true, line_breaks: true });
export const UnclosedComment = token("UnclosedComment", "/*");
export const Bytes = token("Bytes", /[bB](?=['"])/);
export const StringLiteral = token("StringLiteral", /'(?:[^'\\\n]|\\[^\n])*'|"(?:[^"\\\n]|\\[^\n])*"/, { categories: [MapKey] });
export const RawString = token("RawString", /`(?:``|[^`])*`/, { categories: [MapKey], line_breaks: true });
export const UnclosedString = token("UnclosedString", /['"`]/);
export const NumberLiteral = token("NumberLiteral", /(?:0[xX][\da-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|\d[\d_]*)(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?[\d_]*)?|\.\d[\d_]*(?:[eE][+-]?[\d_]*)?/, { categories: [MapKey] });

const Identifier = createToken({ name: "Identifier", pattern: unicode("[\\p{L}_$][\\p{L}\\p{Nd}_$]*"), line_breaks: false, categories: [PropertyName, MapKey] });
const word = (text: string, categories: TokenType[]) => token(text, text, { longer_alt: Identifier, categories: [PropertyName, ...categories] });
export const Not = word("not", [Unary]);
word("in", [Binary, Negatable]);
word("or", [Binary]);
word("and", [Binary]);
word("matches", [Binary, Negatable]);
word("contains", [Binary, Negatable]);
word("startsWith", [Binary, Negatable]);
word("endsWith", [Binary, Negatable]);
export const Let = word("let", []);
export const If = word("if", []);
export const Else = word("else", []);
all.push(Identifier);
export { Identifier };

/** `#`, `#acc`, `#index`. */
export const Pointer = token("Pointer", unicode("#[\\p{L}\\p{Nd}_$]*"), { line_breaks: false });
export const OptionalDot = token("OptionalDot", "?.");
token("Coalesce", "??", { categories: [Binary] });
export const Question = token("Question", "?");
token("OrSign", "||", { categories: [Binary] });
export const Pipe = token("Pipe", "|");
export const DoubleColon = token("DoubleColon", "::");
export const Colon = token("Colon", ":");
token("Range", "..", { categories: [Binary] });
export const Dot = token("Dot", ".");
/** Two signs that expr-lang reads as one operator, which it does not have. */
token("NoOperator", /&[=*]|[!=<>][&*]|\*[&=]|&(?!&)/);
token("AndSign", "&&", { categories: [Binary] });
token("Equal", "==", { categories: [Binary] });
token("Unequal", "!=", { categories: [Binary] });
token("AtMost", "<=", { categories: [Comparison] });
token("AtLeast", ">=", { categories: [Comparison] });
token("Less", "<", { categories: [Comparison] });
token("More", ">", { categories: [Comparison] });
token("Power", "**", { categories: [Binary] });
token("Times", "*", { categories: [Binary] });
token("Exclamation", "!", { categories: [Unary] });
export const Assign = token("Assign", "=");
export const Comma = token("Comma", ",");
export const Semicolon = token("Semicolon", ";");
token("Divide", "/", { categories: [Binary] });
token("Remainder", "%", { categories: [Binary] });
token("Plus", "+", { categories: [Binary, Unary] });
token("Minus", "-", { categories: [Binary, Unary] });
token("Caret", "^", { categories: [Binary] });
export const OpenParenthesis = token("OpenParenthesis", "(");
export const CloseParenthesis = token("CloseParenthesis", ")");
export const OpenBracket = token("OpenBracket", "[");
export const CloseBracket = token("CloseBracket", "]");
export const OpenBrace = token("OpenBrace", "{");
export const CloseBrace = token("CloseBrace", "}");

export const exprTokens: readonly TokenType[] = all;
export const exprLexer = new Lexer(all, { positionTracking: "onlyOffset" });
