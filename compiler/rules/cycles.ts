/** Tasks and regions that wait for each other, or for themselves. */
import { diagnostic, type Diagnostic, type RelatedSpan } from "../diagnostics/diagnostic.ts";
import type { Document, Node, Pipeline } from "../ir/types.ts";
import { edgesOf, nameOf, type Edge } from "./dependencies.ts";
import type { Rule } from "./rule.ts";

export const cycles: Rule = {
  codes: ["HMC3001", "HMC3002"],
  scope: "always",
  check: (document: Document) => Object.values(document.pipelines).flatMap(checkPipeline),
};

function checkPipeline(pipeline: Pipeline): Diagnostic[] {
  const found: Diagnostic[] = [];
  const outgoing = new Map<Node, Edge[]>();
  for (const edge of edgesOf(pipeline)) {
    if (edge.written.from === edge.written.to) {
      found.push(diagnostic("HMC3002", edge.span, { task: edge.written.from.id }));
    } else if (edge.from === edge.to) {
      found.push(cycleDiagnostic([edge]));
    } else {
      const list = outgoing.get(edge.from);
      if (list === undefined) outgoing.set(edge.from, [edge]);
      else list.push(edge);
    }
  }
  for (const component of cyclicComponents(outgoing)) found.push(cycleDiagnostic(shortestCycle(component, outgoing)));
  return found;
}

/** Strongly connected components of more than one node: Tarjan's algorithm without recursion, linear in the edges. */
function cyclicComponents(outgoing: Map<Node, Edge[]>): Set<Node>[] {
  const order = new Map<Node, number>();
  const low = new Map<Node, number>();
  const onStack = new Set<Node>();
  const stack: Node[] = [];
  const components: Set<Node>[] = [];
  const enter = (node: Node): { node: Node; next: number } => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    stack.push(node);
    onStack.add(node);
    return { node, next: 0 };
  };
  for (const root of outgoing.keys()) {
    if (order.has(root)) continue;
    const work = [enter(root)];
    while (work.length > 0) {
      const frame = work[work.length - 1]!;
      const edge = outgoing.get(frame.node)?.[frame.next++];
      if (edge !== undefined) {
        if (!order.has(edge.to)) work.push(enter(edge.to));
        else if (onStack.has(edge.to)) low.set(frame.node, Math.min(low.get(frame.node)!, order.get(edge.to)!));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent !== undefined) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(frame.node)!));
      if (low.get(frame.node) !== order.get(frame.node)) continue;
      const component = new Set<Node>();
      for (let node = stack.pop(); node !== undefined; node = node === frame.node ? undefined : stack.pop()) {
        onStack.delete(node);
        component.add(node);
      }
      if (component.size > 1) components.push(component);
    }
  }
  return components;
}

/** A shortest way from the first node of a component, in order of the source, back to itself. */
function shortestCycle(component: Set<Node>, outgoing: Map<Node, Edge[]>): Edge[] {
  const first = [...component].reduce((left, right) => (right.span.start < left.span.start ? right : left));
  const reachedBy = new Map<Node, Edge>();
  const queue: Node[] = [first];
  for (let index = 0; index < queue.length; index++) {
    for (const edge of outgoing.get(queue[index]!) ?? []) {
      if (!component.has(edge.to) || reachedBy.has(edge.to)) continue;
      reachedBy.set(edge.to, edge);
      if (edge.to !== first) queue.push(edge.to);
    }
    if (reachedBy.has(first)) break;
  }
  const path: Edge[] = [];
  for (let edge = reachedBy.get(first); edge !== undefined; edge = edge.from === first ? undefined : reachedBy.get(edge.from)) path.unshift(edge);
  return path;
}

const reasons: Record<Edge["reason"], string> = {
  data: "reads a value of",
  order: "was put after",
  try: "runs only after",
};

function cycleDiagnostic(path: Edge[]): Diagnostic {
  const [only] = path;
  const names = path.length === 1 && only !== undefined
    ? [nameOf(only.written.from), nameOf(only.written.to)]
    : path.map((edge) => describe(edge.written.from, edge.from));
  names.push(names[0]!);
  const related: RelatedSpan[] = path.map((edge) => ({
    message: `${describe(edge.written.from, edge.from)} ${reasons[edge.reason]} ${describe(edge.written.to, edge.to)}`,
    span: edge.span,
  }));
  return diagnostic("HMC3001", path[0]!.span, { path: names.join(" → ") }, { related });
}

/** The node that was written, and the region that stands for it among the others. */
function describe(written: Node, lifted: Node): string {
  return written === lifted ? nameOf(written) : `${nameOf(written)} (in ${nameOf(lifted)})`;
}
