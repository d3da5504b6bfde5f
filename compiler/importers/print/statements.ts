/** The statements of a body: tasks and `try`; branches and loops are in files of their own. */
import { docComment } from "./comments.ts";
import { selectsOf } from "../../ir/traverse.ts";
import type { Block, Loop, Node, Task, Try } from "../../ir/types.ts";
import type { Site } from "./body.ts";
import { branchStatements, tailOf } from "./branches.ts";
import { taskCall } from "./calls.ts";
import { hardLine, indent, join, type Doc } from "./layout.ts";
import { loopCall, loopStatements } from "./loops.ts";
import { camelCase, innerScope, takeName } from "./names.ts";
import { orderedNodes } from "./order.ts";
import { placeOfBlock } from "./places.ts";
import { assignments, declarations, initialOfTry, isOnlyKept } from "./variables.ts";
import { whileStatements } from "./whiles.ts";

/** What a block ends with: values that it assigns or returns. */
export interface Tail {
  /** The tasks and loops whose variables it reads, with repetitions. */
  reads: string[];
  /** Printed after the nodes, when their names are known. */
  print: (site: Site) => Doc[];
}

const noTail: Tail = { reads: [], print: () => [] };

/** `{ …statements… }` of a block, in a scope of its own. */
export function braces(statements: readonly Doc[]): Doc {
  return statements.length === 0 ? "{}" : ["{", indent(hardLine, join(hardLine, statements)), hardLine, "}"];
}

export function blockSite(site: Site, block: Block, narrowed = site.narrowed): Site {
  return { ...site, place: placeOfBlock(site.body.uses.places, block), scope: innerScope(site.scope), narrowed };
}

/** The statements of a block. The site is that of the block itself. */
export function blockStatements(site: Site, block: Block, tail: Tail = noTail): Doc[] {
  const statements: Doc[] = [];
  const nodes = orderedNodes(site.body.uses.places, block);
  for (const [index, node] of nodes.entries()) {
    statements.push(...declarations(site, node));
    if (index === nodes.length - 1 && standsInTail(site, node, tail)) site.body.inline.set(node.id, node.kind === "task" ? taskCall(site, node) : loopCall(site, node));
    else statements.push(...nodeStatements(site, node));
  }
  return [...statements, ...tail.print(site)];
}

type Inlinable = Task | Loop;

/** Whether the only use of a task or of a loop's results is what the block ends with. */
function standsInTail({ body: { uses } }: Site, node: Node, tail: Tail): node is Inlinable {
  if (node.kind !== "task" && !(node.kind === "loop" && node.displayName === undefined && uses.results.has(node.id))) return false;
  if (uses.exports.has(node.id) || uses.handleAssignments.has(node.id)) return false;
  return uses.count.get(node.id) === 1 && tail.reads.includes(node.id);
}

function nodeStatements(site: Site, node: Node): Doc[] {
  switch (node.kind) {
    case "task":
      return taskStatements(site, node);
    case "branch":
      return [...branchStatements(site, node), ...assignments(site, node.id)];
    case "loop":
      return loopStatements(site, node);
    case "while":
      return [...whileStatements(site, node), ...assignments(site, node.id)];
    case "try":
      return tryStatements(site, node);
  }
}

// ---------------------------------------------------------------------------------------------- tasks

function taskStatements(site: Site, task: Task): Doc[] {
  const { body } = site;
  const call = taskCall(site, task);
  const count = body.uses.count.get(task.id) ?? 0;
  if (count === 0) return [[call, ";"]];
  if (isOnlyKept(site, task.id)) {
    body.inline.set(task.id, call);
    return assignments(site, task.id);
  }
  const name = taskName(site, task);
  body.names.set(`task:${task.id}`, name);
  return [["const ", name, " = ", call, ";"], ...assignments(site, task.id)];
}

/** `train`, `trainTask2` where `train` is the component. */
function taskName({ body, scope }: Site, task: Task): string {
  const base = task.target.kind === "component" && body.module.document.components[task.target.id]?.kind === "importer" ? "importer" : task.target.id;
  const [, number] = task.id.startsWith(base) ? (/^-(\d+)$/.exec(task.id.slice(base.length)) ?? []) : [];
  if (number === undefined) return takeName(scope, camelCase(task.id), "Task");
  // The number stands at the end, after what keeps the name apart from the component.
  const isFree = takeName(innerScope(body.module.scope), camelCase(base)) === camelCase(base);
  return takeName(scope, `${camelCase(base)}${isFree ? "" : "Task"}${number}`);
}

// ---------------------------------------------------------------------------------------------- try

/** What the body, or else `catch`, gives to variables that are declared before the `try`. */
function tryTail(node: Try, index: number): Tail {
  const values = selectsOf(node).flatMap((select) => {
    const value = select.values[index];
    return value === undefined || value.kind === "absent" || value === initialOfTry(select.values) ? [] : [{ select, value }];
  });
  return tailOf(node.id, values);
}

function tryStatements(site: Site, node: Try): Doc[] {
  const part = (block: Block, index?: number): Doc => braces(blockStatements(blockSite(site, block), block, index === undefined ? undefined : tryTail(node, index)));
  const statement: Doc[] = ["try ", part(node.body, 0)];
  if (node.catch !== undefined) statement.push(" catch ", part(node.catch, 1));
  if (node.finally !== undefined) statement.push(" finally ", part(node.finally));
  const comment = docComment(node.displayName);
  return [comment === undefined ? statement : [comment, hardLine, statement]];
}
