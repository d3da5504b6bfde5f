/**
 * The text of an expr-lang tree, with the fewest parentheses. String literals are in single quotes. The text holds
 * neither `{{` nor `}}`, which would begin or end a tag of Argo (reference argo.md 2.0, rules 4 and 5).
 */
import { exprKeywords, type ExprBinaryOperator, type ExprMember, type ExprNode, type ExprPredicate } from "./expr.ts";

/** How strongly a node holds together. An operand weaker than its place stands in parentheses. */
const strength = { sequence: 0, conditional: 1, binary: 2, postfix: 1000 } as const;

/** The strength of each operator, in the order of expr-lang's own table. */
const binaryStrength: Record<ExprBinaryOperator, number> = {
  or: 10, "||": 10, and: 15, "&&": 15,
  "==": 20, "!=": 20, "<": 20, "<=": 20, ">": 20, ">=": 20, in: 20, "not in": 20,
  contains: 20, startsWith: 20, endsWith: 20, matches: 20, "not contains": 20, "not startsWith": 20, "not endsWith": 20, "not matches": 20,
  "..": 25, "+": 30, "-": 30, "*": 60, "/": 60, "%": 60, "**": 100, "^": 100, "??": 500,
};
const unaryStrength = { "!": 50, not: 50, "-": 90, "+": 90 } as const;
const comparisons: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/** The text of a tree. Reading the text gives the same tree. */
export function printExpr(node: ExprNode): string {
  return print(node, strength.sequence).replace(/([{}])(?=\1)/g, "$1 ");
}

function print(node: ExprNode, place: number): string {
  const text = printBare(node);
  return strengthOf(node) < place ? `(${text})` : text;
}

function strengthOf(node: ExprNode): number {
  switch (node.kind) {
    case "sequence":
    case "let":
      return strength.sequence;
    case "conditional":
      return strength.conditional;
    case "binary":
      return binaryStrength[node.operator];
    case "unary":
      return unaryStrength[node.operator];
    default:
      return strength.postfix;
  }
}

/** A node where expr-lang reads an expression but no sequence: in an argument, an item, a value. */
const whole = (node: ExprNode) => print(node, strength.conditional);

function printBare(node: ExprNode): string {
  switch (node.kind) {
    case "nil":
      return "nil";
    case "bool":
    case "int":
      return String(node.value);
    case "float":
      return printFloat(node.value);
    case "string":
      return printExprString(node.value);
    case "array":
      return `[${node.items.map(whole).join(", ")}]`;
    case "map":
      return `{${node.entries.map(({ key, value }) => `${key.kind === "string" ? printExprString(key.value) : `(${printBare(key)})`}: ${whole(value)}`).join(", ")}}`;
    case "identifier":
      return node.name;
    case "pointer":
      return `#${node.name}`;
    case "member":
      return printMember(node);
    case "slice":
      return `${printObject(node.object)}[${node.from === undefined ? "" : whole(node.from)}:${node.to === undefined ? "" : whole(node.to)}]`;
    case "call":
      return `${printBare(node.callee)}(${node.arguments.map((argument) => (argument.kind === "predicate" ? printPredicate(argument) : whole(argument))).join(", ")})`;
    case "predicate":
      return printPredicate(node);
    case "unary":
      return printUnary(node.operator, node.operand);
    case "binary":
      return printBinary(node.operator, node.left, node.right);
    case "conditional":
      return node.form === "if"
        ? `if ${whole(node.test)} {${block(node.consequent)}} else ${node.alternate.kind === "conditional" && node.alternate.form === "if" ? printBare(node.alternate) : `{${block(node.alternate)}}`}`
        : `${print(node.test, strength.binary)} ? ${whole(node.consequent)} : ${whole(node.alternate)}`;
    case "let":
      return `let ${node.name} = ${whole(node.value)}; ${print(node.body, strength.sequence)}`;
    case "sequence":
      return node.items.map(whole).join("; ");
  }
}

const block = (node: ExprNode) => ` ${print(node, strength.sequence)} `;

/** The object of an access. Numbers, `true`, `false` and `nil` take no access without parentheses. */
function printObject(node: ExprNode): string {
  const isBare = node.kind === "int" || node.kind === "float" || node.kind === "bool" || node.kind === "nil";
  return isBare ? `(${printBare(node)})` : print(node, strength.postfix);
}

function printMember({ object, property, access, optional }: ExprMember): string {
  if (access === "dot" && property.kind === "string" && isExprName(property.value)) return `${printObject(object)}${optional ? "?." : "."}${property.value}`;
  return `${printObject(object)}${optional ? "?." : ""}[${whole(property)}]`;
}

/** Whether a word can stand after a dot. */
export function isExprName(text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(text);
}

/** Whether a word can be a name of its own: no operator, no value. */
export function isExprIdentifier(text: string): boolean {
  return isExprName(text) && !exprKeywords.has(text) && text !== "true" && text !== "false" && text !== "nil";
}

/** A `{` at its start would be read as the border of the predicate, a `;` in it must stand within borders. */
function printPredicate({ body }: ExprPredicate): string {
  const text = print(body, strength.sequence);
  return strengthOf(body) === strength.sequence || text.startsWith("{") ? `{ ${text} }` : text;
}

function printUnary(operator: keyof typeof unaryStrength, operand: ExprNode): string {
  const text = print(operand, unaryStrength[operator]);
  return operator === "not" ? `not ${text}` : `${operator}${text}`;
}

function printBinary(operator: ExprBinaryOperator, left: ExprNode, right: ExprNode): string {
  const own = binaryStrength[operator];
  const fromRight = operator === "**" || operator === "^";
  return `${printOperand(left, operator, fromRight ? own + 1 : own, true)} ${operator} ${printOperand(right, operator, fromRight ? own : own + 1, false)}`;
}

/** `??` stands in parentheses beside every other operator; a comparison left of a comparison would be a chain. */
function printOperand(node: ExprNode, beside: ExprBinaryOperator, place: number, isLeft: boolean): string {
  if (node.kind === "binary" && node.operator === "??" && beside !== "??") return `(${printBare(node)})`;
  if (isLeft && node.kind === "binary" && comparisons.has(node.operator) && comparisons.has(beside)) return `(${printBare(node)})`;
  return print(node, place);
}

function printFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * A string literal. Pairs of braces, and what Argo's reading of JSON would undo (`\u003c`, `\u003e`, `\u0026`), are
 * broken by an escape.
 */
export function printExprString(value: string): string {
  const body = value.replace(/[\\'\p{Cc}\p{Cf}\u2028\u2029\ufffe\uffff]|\{(?=\{)|\}(?=\})|(?<=\\)u(?=00(?:3[ceCE]|26))/gu, (character) => {
    switch (character) {
      case "\\":
        return "\\\\";
      case "'":
        return "\\'";
      case "\n":
        return "\\n";
      case "\t":
        return "\\t";
      case "\r":
        return "\\r";
    }
    const code = character.codePointAt(0) as number;
    return code > 0xffff ? `\\U${hexadecimal(code, 8)}` : code > 0xff ? `\\u${hexadecimal(code, 4)}` : `\\x${hexadecimal(code, 2)}`;
  });
  return `'${body}'`;
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
