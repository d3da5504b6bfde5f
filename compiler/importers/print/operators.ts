/** Operators, choices and template literals. */
import { expressionKey } from "../../ir/expression-key.ts";
import type { Expression, ValueType } from "../../ir/types.ts";
import { atLeast, levels, type Printed, type Site } from "./body.ts";
import { as, expression, number, primary, string, typed } from "./expressions.ts";
import { group, indent, join, line, type Doc } from "./layout.ts";
import { assuming, possibleLiterals } from "./narrowing.ts";
import { staticType } from "./static-types.ts";
import { templateText } from "./texts.ts";
import { typeText } from "./types.ts";

/** A template literal, or a sum where a template literal would join parts that stand apart. */
export function template(site: Site, parts: readonly Expression[]): Printed {
  const isLiteral = parts.every((part, index) => {
    if (part.kind !== "constant") return true;
    const next = parts[index + 1];
    if (typeof part.value !== "string") return part.value !== null && typeof part.value === "object";
    return part.value !== "" && !(next?.kind === "constant" && typeof next.value === "string");
  });
  if (!isLiteral && parts.length > 1) {
    return { doc: join(" + ", parts.map((part) => atLeast(expression(site, part), levels.additive + 1))), level: levels.additive };
  }
  const docs = parts.map((part): Doc => (part.kind === "constant" && typeof part.value === "string" ? templateText(part.value, "escape") : ["${", expression(site, part).doc, "}"]));
  return primary(["`", docs, "`"]);
}

const operators = {
  "==": ["===", levels.equality],
  "!=": ["!==", levels.equality],
  "<": ["<", levels.relational],
  "<=": ["<=", levels.relational],
  ">": [">", levels.relational],
  ">=": [">=", levels.relational],
  "&&": ["&&", levels.and],
  "||": ["||", levels.or],
  "+": ["+", levels.additive],
  "-": ["-", levels.additive],
  "*": ["*", levels.multiplicative],
  "/": ["/", levels.multiplicative],
  "%": ["%", levels.multiplicative],
} as const;

export function binary(site: Site, value: Extract<Expression, { kind: "binary" }>): Printed {
  const [symbol, level] = operators[value.operator];
  const { left, right } = value;
  const operate = (a: Doc, b: Doc): Printed => ({ doc: group(a, ` ${symbol}`, indent(line, b)), level });
  switch (value.operator) {
    case "&&":
    case "||": {
      // Where a flag may be absent, its truth says that it is there.
      if (value.operator === "&&" && left.kind === "present" && right.type.kind === "boolean" && expressionKey(left.value) === expressionKey(right)) return expression(site, right);
      const inner: Site = { ...site, narrowed: assuming(site, left, value.operator === "&&") };
      const side = (printed: Printed, isRight: boolean): Doc => {
        const isOtherLogical = (printed.level === levels.and || printed.level === levels.or || printed.level === levels.coalesce) && printed.level !== level;
        return isOtherLogical ? ["(", printed.doc, ")"] : atLeast(printed, isRight ? level + 1 : level);
      };
      return operate(side(expression(site, left), false), side(expression(inner, right), true));
    }
    case "==":
    case "!=":
      return operate(atLeast(compared(site, left, right), level), atLeast(compared(site, right, left), level + 1));
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const type = family(staticType(site.body, left).type) === "string" || family(staticType(site.body, right).type) === "string" ? string : number;
      return operate(atLeast(typed(site, left, type, false), level), atLeast(typed(site, right, type, false), level + 1));
    }
    default:
      return operate(atLeast(typed(site, left, number, false), level), atLeast(typed(site, right, number, false), level + 1));
  }
}

/** One side of `===`, so that TypeScript sees that the other can be equal to it. */
function compared(site: Site, side: Expression, other: Expression): Printed {
  const printed = expression(site, side);
  if (side.kind === "constant") return printed;
  const mine = staticType(site.body, side).type;
  const theirs = staticType(site.body, other).type;
  if (mine.kind === "json" || theirs.kind === "json") return printed;
  const kind = family(mine);
  if (kind === "other" || kind !== family(theirs)) return as(printed, ["unknown"]);
  if (other.kind !== "constant") return printed;
  const possible = possibleLiterals(site, side);
  return possible === undefined || possible.some((literalValue) => literalValue === other.value) ? printed : as(printed, [kind]);
}

function family(type: ValueType): "number" | "string" | "boolean" | "other" {
  switch (type.kind) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
      return type.kind;
    default:
      return "other";
  }
}

/** `test ? a : b`, or `a?.b` where a value may be absent and nothing takes its place. */
export function conditional(site: Site, value: Extract<Expression, { kind: "conditional" }>, print: (site: Site, part: Expression) => Printed): Printed {
  const { test, consequent, alternate } = value;
  const { guarded } = site.body;
  if (test.kind === "present" && alternate.kind === "absent") {
    const key = expressionKey(test.value);
    guarded.add(key);
    const printed = print(site, consequent);
    guarded.delete(key);
    return printed;
  }
  const then = print({ ...site, narrowed: assuming(site, test, true) }, consequent);
  const otherwise = print({ ...site, narrowed: assuming(site, test, false) }, alternate);
  return { doc: choice(atLeast(expression(site, test), levels.conditional + 1), atLeast(then, levels.conditional), atLeast(otherwise, levels.conditional)), level: levels.conditional };
}

export function choice(test: Doc, then: Doc, otherwise: Doc): Doc {
  return group(test, indent(line, "? ", then, line, ": ", otherwise));
}

export function coalesce(site: Site, value: Extract<Expression, { kind: "coalesce" }>, print: (part: Expression, isValue: boolean) => Printed): Printed {
  const found = staticType(site.body, value.value);
  const given = print(value.value, true);
  const left = found.optional ? given : as(given, [[typeText(site.body.module, found.type), " | undefined"]]);
  const side = (printed: Printed, needed: number): Doc => (printed.level === levels.and || printed.level === levels.or ? ["(", printed.doc, ")"] : atLeast(printed, needed));
  return { doc: [side(left, levels.coalesce), " ?? ", side(print(value.fallback, false), levels.coalesce + 1)], level: levels.coalesce };
}
