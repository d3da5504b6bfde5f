/** Groups and values as people call them. */
import { describeExpression } from "../ir/describe.ts";
import type { Expression, Node } from "../ir/types.ts";
import { selectIn, type Nodes, type Placed } from "./nodes.ts";

/** Where a node stands: `the top`, `if score.auc > 0.8`, `for year of years`. */
export function placeText({ byId }: Nodes, { place }: Placed): string {
  const group = place === undefined ? undefined : byId.get(place.group)?.node;
  return place === undefined || group === undefined ? "the top" : blockText(group, place.block);
}

/** A block of a group: an arm, a body, `catch`, `finally`. */
export function blockText(group: Node, block: number): string {
  switch (group.kind) {
    case "branch": {
      const condition = group.arms[block]?.condition;
      if (condition !== undefined) return `if ${describeExpression(condition)}`;
      const first = group.arms[0]?.condition;
      return `else of ${first === undefined ? group.id : `if ${describeExpression(first)}`}`;
    }
    case "try":
      return ["try", "catch", "finally"][block] ?? "try";
    case "loop":
    case "while":
    case "task":
      return groupText(group);
  }
}

/** A group as a whole. */
export function groupText(group: Node): string {
  switch (group.kind) {
    case "branch":
      return blockText(group, 0);
    case "loop":
      return `for ${group.itemName} of ${describeExpression(group.items)}`;
    case "while":
      return `while ${describeExpression(group.condition)}`;
    case "try":
      return "try";
    case "task":
      return group.id;
  }
}

/** A value as TypeScript; of a one-of value what it may be. */
export function valueText(expression: Expression, nodes: Nodes): string {
  const select = expression.kind === "select" ? selectIn(nodes, expression.branch, expression.name) : undefined;
  return select === undefined ? describeExpression(expression) : `one of ${select.values.map((value) => valueText(value, nodes)).join(", ")}`;
}
