/**
 * CEL, the expression language of KFP's conditions and parameter selectors: a tree, and its text with the fewest
 * parentheses. The text is safe on its way through Argo and the kubelet: dangerous characters in string literals are
 * written as CEL escapes.
 */

export type CelBinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*" | "/" | "%";

export type Cel =
  | { kind: "bool"; value: boolean }
  | { kind: "null" }
  /** Written without a fraction: `5`. */
  | { kind: "int"; value: number }
  /** Written with a fraction or exponent: `5.0`. */
  | { kind: "double"; value: number }
  | { kind: "string"; value: string; quote?: "'" | '"' }
  | { kind: "name"; name: string }
  | { kind: "field"; object: Cel; name: string }
  | { kind: "index"; object: Cel; index: Cel }
  | { kind: "call"; function: string; arguments: Cel[] }
  | { kind: "method"; object: Cel; method: string; arguments: Cel[] }
  | { kind: "not"; operand: Cel }
  | { kind: "negate"; operand: Cel }
  | { kind: "binary"; operator: CelBinaryOperator; left: Cel; right: Cel }
  | { kind: "conditional"; test: Cel; consequent: Cel; alternate: Cel }
  | { kind: "list"; items: Cel[] }
  /** Text that is written as it stands; `tree` is what it says. */
  | { kind: "verbatim"; text: string; tree: Cel };

const precedence = { conditional: 1, "||": 2, "&&": 3, relation: 4, sum: 5, product: 6, unary: 7, primary: 8 } as const;

/** The text of a tree. Reading the text gives the same tree. */
export function printCel(cel: Cel): string {
  return print(cel, 0);
}

function print(cel: Cel, outer: number): string {
  const own = precedenceOf(cel);
  const text = printBare(cel, own);
  return own < outer ? `(${text})` : text;
}

function printBare(cel: Cel, own: number): string {
  switch (cel.kind) {
    case "bool":
      return String(cel.value);
    case "null":
      return "null";
    case "int":
      return String(cel.value);
    case "double":
      return printDouble(cel.value);
    case "string":
      return printString(cel.value, cel.quote ?? "'");
    case "name":
      return cel.name;
    case "field":
      return `${print(cel.object, precedence.primary)}.${cel.name}`;
    case "index":
      return `${print(cel.object, precedence.primary)}[${print(cel.index, 0)}]`;
    case "call":
      return `${cel.function}(${cel.arguments.map((argument) => print(argument, 0)).join(", ")})`;
    case "method":
      return `${print(cel.object, precedence.primary)}.${cel.method}(${cel.arguments.map((argument) => print(argument, 0)).join(", ")})`;
    case "not":
      return `!${print(cel.operand, precedence.primary)}`;
    case "negate":
      return `-${print(cel.operand, precedence.primary)}`;
    case "binary": {
      // The operators associate to the left: an equal operator on the right keeps its parentheses, except && and ||.
      const right = cel.operator === "&&" || cel.operator === "||" ? own : own + 1;
      return `${print(cel.left, own)} ${cel.operator} ${print(cel.right, right)}`;
    }
    case "conditional":
      return `${print(cel.test, own + 1)} ? ${print(cel.consequent, own + 1)} : ${print(cel.alternate, own)}`;
    case "list":
      return `[${cel.items.map((item) => print(item, 0)).join(", ")}]`;
    case "verbatim":
      return cel.text;
  }
}

function precedenceOf(cel: Cel): number {
  switch (cel.kind) {
    case "verbatim":
      return precedenceOf(cel.tree);
    case "conditional":
      return precedence.conditional;
    case "binary":
      switch (cel.operator) {
        case "||":
          return precedence["||"];
        case "&&":
          return precedence["&&"];
        case "+":
        case "-":
          return precedence.sum;
        case "*":
        case "/":
        case "%":
          return precedence.product;
        default:
          return precedence.relation;
      }
    case "not":
    case "negate":
      return precedence.unary;
    case "int":
    case "double":
      return cel.value < 0 || Object.is(cel.value, -0) ? precedence.unary : precedence.primary;
    default:
      return precedence.primary;
  }
}

function printDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "double('NaN')" : `double('${value < 0 ? "-" : ""}Infinity')`;
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * A string literal. `{` before `{` and `$` before `$` or `(` are escaped because Argo and the kubelet would rewrite
 * them; characters that the KFP API refuses (U+007F, characters beyond the BMP) are written by their code.
 */
function printString(value: string, quote: "'" | '"'): string {
  const body = value.replace(/[\\'"]|[\p{Cc}\ud800-\udfff\ufeff\ufffe\uffff\u2028\u2029]|[\u{10000}-\u{10ffff}]|\{(?=\{)|\$(?=[$(])/gu, (character) => {
    switch (character) {
      case "\\":
        return "\\\\";
      case "'":
      case '"':
        return character === quote ? `\\${character}` : character;
      case "\n":
        return "\\n";
      case "\t":
        return "\\t";
      case "\r":
        return "\\r";
    }
    const code = character.codePointAt(0) as number;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return quote + body + quote;
}

/** The parts joined with `&&`. */
export function allOf(parts: readonly Cel[]): Cel {
  return join("&&", parts);
}

/** The parts joined with `||`. */
export function anyOf(parts: readonly Cel[]): Cel {
  return join("||", parts);
}

function join(operator: "&&" | "||", parts: readonly Cel[]): Cel {
  const [first, ...rest] = parts;
  if (first === undefined) return { kind: "bool", value: operator === "&&" };
  return rest.reduce<Cel>((left, right) => ({ kind: "binary", operator, left, right }), first);
}
