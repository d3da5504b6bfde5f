/** What TypeScript concludes of conditions: a value that was compared with a literal has fewer literals left. */
import type { Expression } from "../../ir/types.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import type { Literal, Site } from "./body.ts";
import { staticType } from "./static-types.ts";

type Narrowed = ReadonlyMap<string, readonly Literal[]>;

/** The literals that a value may be; undefined where it may be any. */
export function possibleLiterals(site: Site, value: Expression): readonly Literal[] | undefined {
  const known = site.narrowed.get(expressionKey(value));
  if (known !== undefined) return known;
  const { type } = staticType(site.body, value);
  if (type.kind === "boolean") return [true, false];
  return type.kind === "string" || type.kind === "integer" || type.kind === "number" ? type.literals : undefined;
}

/** What is known where a condition has turned out to be true or false. */
export function assuming(site: Site, condition: Expression, outcome: boolean): Narrowed {
  switch (condition.kind) {
    case "unary":
      return condition.operator === "!" ? assuming(site, condition.operand, !outcome) : site.narrowed;
    case "binary": {
      const { operator, left, right } = condition;
      if (operator === "&&" || operator === "||") {
        if ((operator === "&&") !== outcome) return site.narrowed;
        return assuming({ ...site, narrowed: assuming(site, left, outcome) }, right, outcome);
      }
      if (operator !== "==" && operator !== "!=") return site.narrowed;
      const [constant, value] = left.kind === "constant" ? [left, right] : [right, left];
      if (constant.kind !== "constant" || constant.value === null || typeof constant.value === "object") return site.narrowed;
      return restricted(site, value, constant.value, (operator === "==") === outcome);
    }
    case "input":
    case "output":
    case "item":
    case "member":
    case "select":
      return condition.type.kind === "boolean" ? restricted(site, condition, true, outcome) : site.narrowed;
    default:
      return site.narrowed;
  }
}

function restricted(site: Site, value: Expression, literal: Literal, isEqual: boolean): Narrowed {
  const possible = possibleLiterals(site, value);
  if (!isEqual && possible === undefined) return site.narrowed;
  const left = isEqual ? [literal] : (possible ?? []).filter((other) => other !== literal);
  return new Map([...site.narrowed, [expressionKey(value), left]]);
}
