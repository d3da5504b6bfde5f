/** Which functions and pipelines call themselves, directly or through others. */
import { ts } from "ts-morph";
import { namedCallee } from "./callee.ts";
import type { Context } from "./context.ts";

/** A helper function, or the `pipeline(…)` of a pipeline. */
type Code = ts.FunctionLikeDeclaration | ts.CallExpression;

const known = new WeakMap<Context, Map<Code, ReadonlySet<Code>>>();

/** Whether a function of a module names itself in its body, or in the body of something that it names. */
export function isRecursive(context: Context, code: Code): boolean {
  const seen = new Set<Code>();
  const open = [...namedIn(context, code)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === code) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...namedIn(context, next));
  }
  return false;
}

/** The functions and pipelines of modules that a body names. */
function namedIn(context: Context, code: Code): ReadonlySet<Code> {
  const ofProgram = known.get(context) ?? new Map<Code, ReadonlySet<Code>>();
  known.set(context, ofProgram);
  const before = ofProgram.get(code);
  if (before !== undefined) return before;
  const found = new Set<Code>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) {
      const callee = namedCallee(context, node);
      if ((callee?.kind === "function" || callee?.kind === "pipeline") && !callee.declaration.getSourceFile().isDeclarationFile) found.add(callee.declaration);
    }
    ts.forEachChild(node, visit);
  };
  if (ts.isCallExpression(code)) code.arguments.forEach(visit);
  else {
    code.parameters.forEach(visit);
    if (code.body !== undefined) visit(code.body);
  }
  ofProgram.set(code, found);
  return found;
}
