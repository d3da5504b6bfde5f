/**
 * What Argo's controller takes for the names an expression needs: it looks at them to decide whether a tag can already
 * be replaced.
 */
import { exprChildren, exprPlainFunctions, exprPredicateFunctions, type ExprMember, type ExprNode } from "./expr.ts";
import { isObject, type ExprEnv, type ExprValue } from "./expr-value.ts";

/**
 * The names and the paths of an expression, also the beginnings of paths: `a`, `a.b` and `a.b.c` of `a.b.c`. Members
 * left of a `??`, and what a `?.` follows, are left out; variables of `let` are not.
 */
export function argoIdentifiers(node: ExprNode): string[] {
  const guarded = new Set<ExprNode>();
  markGuarded(node, guarded);
  const found = new Set<string>();
  collect(node, guarded, found);
  return [...found];
}

function markGuarded(node: ExprNode, guarded: Set<ExprNode>): void {
  if (node.kind === "binary" && node.operator === "??") markMembers(node.left, guarded);
  if (node.kind === "member" && node.optional && node.object.kind === "member") guarded.add(node.object);
  for (const child of exprChildren(node)) markGuarded(child, guarded);
}

function markMembers(node: ExprNode, guarded: Set<ExprNode>): void {
  if (node.kind === "member") guarded.add(node);
  for (const child of exprChildren(node)) markMembers(child, guarded);
}

function collect(node: ExprNode, guarded: ReadonlySet<ExprNode>, found: Set<string>): void {
  const isBuiltIn = node.kind === "call" && node.callee.kind === "identifier" && (exprPlainFunctions.has(node.callee.name) || exprPredicateFunctions.has(node.callee.name));
  for (const child of isBuiltIn ? node.arguments : exprChildren(node)) collect(child, guarded, found);
  if (guarded.has(node)) return;
  const path = node.kind === "identifier" ? node.name : node.kind === "member" ? pathOf(node) : undefined;
  if (path !== undefined) found.add(path);
}

function pathOf(node: ExprMember): string | undefined {
  if (node.optional || node.property.kind !== "string") return undefined;
  const object = node.object.kind === "identifier" ? node.object.name : node.object.kind === "member" ? pathOf(node.object) : undefined;
  return object === undefined ? undefined : `${object}.${node.property.value}`;
}

/** Whether an environment has a path, be its value nil. */
export function isInEnv(path: string, env: ExprEnv): boolean {
  if (Object.hasOwn(env, path)) return true;
  let value: ExprValue = env;
  for (const part of path.split(".")) {
    if (!isObject(value)) return typeof value === "object" && value !== null;
    if (!Object.hasOwn(value, part)) return false;
    value = value[part] ?? null;
  }
  return true;
}
