/** The names of an expression that the controller looks up before it evaluates it. */
import { exprChildren, exprPlainFunctions, exprPredicateFunctions, type ExprMember, type ExprNode } from "../../compiler/expressions/argo/expr.ts";
import { isObject, type ExprEnv, type ExprValue } from "../../compiler/expressions/argo/expr-value.ts";

/**
 * Names and paths of members in an expression, such as `tasks`, `tasks.a` and `tasks.a.status`. What stands left of `??` or
 * before `?.` may be missing and does not count; names that a `let` declares do (controller 4.1.2).
 */
export function identifiersOf(node: ExprNode): string[] {
  const guarded = new Set<ExprNode>();
  walk(node, (at) => {
    if (at.kind === "binary" && at.operator === "??") walk(at.left, (inner) => inner.kind === "member" && guarded.add(inner));
    if (at.kind === "member" && at.optional && at.object.kind === "member") guarded.add(at.object);
  });
  const found = new Set<string>();
  walk(node, (at) => {
    if (guarded.has(at)) return;
    if (at.kind === "identifier") found.add(at.name);
    const path = at.kind === "member" ? pathOf(at) : undefined;
    if (path !== undefined) found.add(path);
  });
  return [...found];
}

function walk(node: ExprNode, visit: (node: ExprNode) => unknown): void {
  for (const child of exprChildren(node)) if (!isBuiltIn(node, child)) walk(child, visit);
  visit(node);
}

/** Whether a node is the name of a built-in function in its call. */
function isBuiltIn(call: ExprNode, child: ExprNode): boolean {
  if (call.kind !== "call" || child !== call.callee || child.kind !== "identifier") return false;
  return exprPlainFunctions.has(child.name) || exprPredicateFunctions.has(child.name);
}

function pathOf(member: ExprMember): string | undefined {
  const parts: string[] = [];
  let at: ExprNode = member;
  for (; at.kind === "member"; at = at.object) {
    if (at.optional || at.property.kind !== "string") return undefined;
    parts.unshift(at.property.value);
  }
  return at.kind === "identifier" ? [at.name, ...parts].join(".") : undefined;
}

/** Whether an environment has a name or a path of members. */
export function has(environment: ExprEnv, path: string): boolean {
  if (Object.hasOwn(environment, path)) return true;
  let at: ExprValue = environment;
  for (const part of path.split(".")) {
    if (!isObject(at) || !Object.hasOwn(at, part)) return false;
    at = at[part] ?? null;
  }
  return true;
}
