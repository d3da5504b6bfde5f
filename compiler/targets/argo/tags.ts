/** Trees of expr-lang as the text of a field: literal where there is nothing to compute, else with tags. */
import { printExpr } from "../../expressions/argo/expr-print.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import { keysOf } from "./expr-build.ts";

/** The text of a field that has the value of the tree, which must be text. */
export function tagged(node: ExprNode): string {
  const parts = partsOf(node);
  if (parts === undefined) return `{{= ${printExpr(node)} }}`;
  return parts.join("");
}

/** A condition as the text of `when`. */
export function condition(node: ExprNode): string {
  return `{{= ${printExpr(node)} }}`;
}

/** The only tag that the text of a field is, without its braces. */
export function simpleTag(node: ExprNode): string | undefined {
  const keys = keysOf(node);
  return keys?.join(".");
}

/** Texts and simple tags, one after the other; undefined where something must be computed. */
function partsOf(node: ExprNode): string[] | undefined {
  if (node.kind === "string") return /\{\{|\{$/.test(node.value) ? undefined : [node.value];
  const tag = simpleTag(node);
  if (tag !== undefined) return [`{{${tag}}}`];
  if (node.kind !== "binary" || node.operator !== "+") return undefined;
  const left = partsOf(node.left);
  const right = partsOf(node.right);
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}
