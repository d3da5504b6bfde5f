/** Which outputs of raised pipelines may have no value. */
import { nodesOf } from "../../ir/traverse.ts";
import type { Document, Expression, Node, Pipeline } from "../../ir/types.ts";

/** The outputs of a pipeline that a run may leave without a value: what a condition decides, and what it passes on of optional inputs. */
export function optionalOutputs(document: Document, pipeline: Pipeline): Set<string> {
  const nodes = new Map([...nodesOf(pipeline.body)].map((node) => [node.id, node]));
  return new Set(Object.entries(pipeline.outputs).flatMap(([name, { value }]) => (mayBeAbsent(document, pipeline, nodes, value) ? [name] : [])));
}

function mayBeAbsent(document: Document, pipeline: Pipeline, nodes: ReadonlyMap<string, Node>, value: Expression): boolean {
  const inner = (part: Expression): boolean => mayBeAbsent(document, pipeline, nodes, part);
  switch (value.kind) {
    case "absent":
      return true;
    case "input": {
      const input = pipeline.inputs[value.name];
      return input !== undefined && input.optional && input.default === undefined;
    }
    case "output": {
      const task = nodes.get(value.task);
      const called = task?.kind === "task" && task.target.kind === "pipeline" ? document.pipelines[task.target.id] : undefined;
      return called !== undefined && optionalOutputs(document, called).has(value.output);
    }
    case "select": {
      const branch = nodes.get(value.branch);
      const select = branch?.kind === "branch" ? branch.selects.find(({ name }) => name === value.name) : undefined;
      return select?.values.some(inner) === true;
    }
    case "coalesce":
      return inner(value.fallback);
    case "conditional":
      return inner(value.consequent) || inner(value.alternate);
    default:
      return false;
  }
}
