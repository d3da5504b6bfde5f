/** What an expression reads of its surroundings. */
import { exprChildren, exprPlainFunctions, exprPredicateFunctions, type ExprMember, type ExprNode } from "./expr.ts";

export interface FreeName {
  /** The name and the members that follow it with a fixed name: `["tasks", "a-b", "status"]` of `tasks['a-b'].status`. */
  path: string[];
  /** The path with dots, as Argo writes it in messages: `tasks.a-b.status`. */
  text: string;
  /** Where the whole path stands. */
  start: number;
  end: number;
  /** Where each part of the path stands: a bracket's part with its quotes. */
  parts: { start: number; end: number }[];
  /** Whether something follows the path that is only known at run time: `tasks[name]`, `xs[0]`. */
  continues: boolean;
  /** The number of the first part that is read by `?.`; that part and all before it may be missing. */
  optionalFrom?: number;
  /** Whether it stands left of a `??`: what is missing is replaced. */
  guarded: boolean;
  /** Whether it is called: `sprig.trim(x)`. Built-in functions are no free names. */
  called: boolean;
}

/**
 * The names an expression does not define itself, with their paths, in the order of the text, each as often as it
 * stands there.
 */
export function freeNames(node: ExprNode): FreeName[] {
  const found: FreeName[] = [];
  collect(node, { locals: new Set(), guarded: false, found });
  return found;
}

interface Surroundings {
  locals: ReadonlySet<string>;
  guarded: boolean;
  found: FreeName[];
}

function collect(node: ExprNode, around: Surroundings): void {
  switch (node.kind) {
    case "identifier":
    case "member":
      return collectPath(node, around, false);
    case "call": {
      const { callee } = node;
      const isBuiltIn = callee.kind === "identifier" && (exprPlainFunctions.has(callee.name) || exprPredicateFunctions.has(callee.name));
      if (!isBuiltIn) collectPath(callee, around, true);
      for (const argument of node.arguments) collect(argument, around);
      return;
    }
    case "binary":
      collect(node.left, node.operator === "??" ? { ...around, guarded: true } : around);
      collect(node.right, around);
      return;
    case "let":
      collect(node.value, around);
      collect(node.body, { ...around, locals: new Set([...around.locals, node.name]) });
      return;
    default:
      for (const child of exprChildren(node)) collect(child, around);
  }
}

/** The members from the object outwards. */
function chain(node: ExprNode): { root: ExprNode; members: ExprMember[] } {
  const members: ExprMember[] = [];
  let root = node;
  for (; root.kind === "member"; root = root.object) members.unshift(root);
  return { root, members };
}

function collectPath(node: ExprNode, around: Surroundings, called: boolean): void {
  const { root, members } = chain(node);
  const firstMoving = members.findIndex(({ property }) => property.kind !== "string");
  const fixed = firstMoving < 0 ? members : members.slice(0, firstMoving);
  if (root.kind !== "identifier") collect(root, around);
  else if (!around.locals.has(root.name) && root.name !== "$env") {
    const path = [root.name, ...fixed.map(({ property }) => (property.kind === "string" ? property.value : ""))];
    const firstOptional = members.findIndex(({ optional }) => optional);
    around.found.push({
      path,
      text: path.join("."),
      start: root.start,
      end: fixed.at(-1)?.end ?? root.end,
      parts: [root, ...fixed.map(({ property }) => property)].map(({ start, end }) => ({ start, end })),
      continues: firstMoving >= 0,
      ...(firstOptional < 0 ? {} : { optionalFrom: firstOptional + 1 }),
      guarded: around.guarded,
      called,
    });
  }
  for (const { property } of members) if (property.kind !== "string") collect(property, around);
}
