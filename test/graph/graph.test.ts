/** Pictures of pipelines: what the model holds, and what each format draws of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { dot } from "../../compiler/graph/dot.ts";
import { graphJson } from "../../compiler/graph/json.ts";
import { mermaid } from "../../compiler/graph/mermaid.ts";
import { graphOf, type Graph } from "../../compiler/graph/model.ts";
import { calledPipelines } from "../../compiler/ir/calls.ts";
import { graphText } from "../../compiler/graph/text.ts";
import { analyse } from "../../compiler/frontend/analyse.ts";
import type { Document, Pipeline } from "../../compiler/ir/types.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { root } from "../folders.ts";

function fixture(name: string): { document: Document; pipeline: Pipeline } {
  const { document } = analyse(nodeHost(), `${root}/fixtures/${name}/pipeline.ts`, { scope: "pipeline" });
  const pipeline = document?.pipelines[document.exported[0] ?? ""];
  if (document === undefined || pipeline === undefined) throw new Error(`the fixture ${name} has no pipeline`);
  return { document, pipeline };
}

const { document, pipeline } = fixture("crashed");
const crashed = graphOf(document, pipeline);
const controlFlow = fixture("control-flow");
const flow = graphOf(controlFlow.document, controlFlow.pipeline);

/** `from → to` of the edges of a kind. */
const edges = (graph: Graph, kind: string) => graph.edges.filter((edge) => edge.kind === kind).map((edge) => `${edge.from} → ${edge.to}`);

test("every task is a node, every arm, loop and try a group, in order of the source", () => {
  assert.equal(crashed.nodes.map((node) => node.id), ["create-training", "create-test", "profile", "train", "evaluate", "publish"]);
  assert.equal(crashed.groups.map((group) => group.label), ["if evaluate.auc > threshold"]);
  assert.is(crashed.nodes.find((node) => node.id === "publish")?.group, crashed.groups[0]?.id);
  assert.equal(flow.groups.filter((group) => group.kind === "arm").slice(0, 3).map((group) => group.label), ['if classify.Output == "negative"', 'else if classify.Output == "even"', "else"]);
  assert.ok(flow.groups.some((group) => group.kind === "loop" && group.group !== undefined), "a loop in a loop");
  assert.equal(flow.groups.filter((group) => group.kind === "try" || group.kind === "finally").map((group) => group.kind), ["try", "finally"]);
});

test("roots and children hold every node and group exactly once", () => {
  for (const graph of [crashed, flow]) {
    const listed = [...graph.roots, ...graph.groups.flatMap((group) => group.children)].sort();
    assert.equal(listed, [...graph.nodes, ...graph.groups].map((member) => member.id).sort());
  }
});

test("data makes edges with what flows, also through one-of and fan-in", () => {
  const train = crashed.edges.find((edge) => edge.from === "create-training" && edge.to === "train");
  assert.is(train?.label, "features, target");
  assert.equal(edges(flow, "data").filter((edge) => edge.endsWith("→ describe")), ["shout → describe", "shout-2 → describe", "shout-3 → describe", "sum → describe"]);
  assert.ok(edges(flow, "data").includes("measure → sum"));
});

test("what decides whether a group runs is an edge to the group", () => {
  assert.equal(edges(crashed, "condition"), [`evaluate → ${crashed.groups[0]?.id}`]);
  assert.is(edges(flow, "condition").filter((edge) => edge.startsWith("classify →")).length, 3, "each arm waits for the value, else too");
});

test("after and finally are edges without data", () => {
  const { document: ordered, pipeline: straight } = fixture("twin-straight-line");
  assert.ok(edges(graphOf(ordered, straight), "order").length > 0);
  const group = flow.groups.find(({ kind }) => kind === "finally");
  assert.equal(edges(flow, "order").filter((edge) => edge.endsWith(`→ ${group?.id}`)).length, 1);
});

test("pipelines that are called are found once, callers first", () => {
  assert.equal(calledPipelines(controlFlow.document, controlFlow.pipeline).map(({ id }) => id), ["sum-of-squares"]);
  assert.equal(calledPipelines(document, pipeline), []);
});

test("the text picture of crashed has a box for each task, in layers", () => {
  const text = graphText(crashed, 100);
  const row = (label: string) => text.split("\n").findIndex((line) => line.includes(` ${label} `));
  for (const { from, to, kind } of crashed.edges) if (kind === "data") assert.ok(row(from) < row(to), `${from} stands above ${to}`);
  assert.ok(text.includes("╭─ if evaluate.auc > threshold ─"));
  for (const line of text.split("\n")) assert.ok(line.length <= 100);
});

test("every line of the text picture that leaves a box arrives at one", () => {
  const text = graphText(crashed, 100).split("\n");
  const at = (x: number, y: number) => text[y]?.[x] ?? " ";
  const down = new Set("┬│┌┐├┤┼┊");
  let arrows = 0;
  for (const [y, line] of text.entries()) {
    for (const [x, character] of [...line].entries()) {
      if (character !== "▼") continue;
      arrows++;
      assert.ok(down.has(at(x, y - 1)), `something leads to the arrow in column ${x} of row ${y}`);
      assert.ok(/[╭┌][^╮┐]*$/.test((text[y + 1] ?? "").slice(0, x)), `the arrow in column ${x} of row ${y} points at a border`);
    }
  }
  const drawn = new Set(crashed.edges.map(({ from, to }) => `${from} ${to === "publish" ? "group" : to === crashed.groups[0]?.id ? "group" : to}`));
  assert.is(arrows, drawn.size, "one arrow for each pair of boxes");
});

test("a graph that is too wide becomes an outline with every task", () => {
  const text = graphText(flow, 40);
  for (const { label } of flow.nodes) assert.ok(new RegExp(`(^|\\s)${label}( |$)`, "m").test(text), label);
  assert.ok(text.includes("└─ "));
});

/** Labels that could break a format. */
const hostile: Graph = {
  pipeline: 'p"q',
  roots: ["a", "g"],
  nodes: [
    { id: "a", label: 'say "hi" <b> & #1; `x` [y] \\', kind: "op", runs: "a" },
    { id: "end", label: "end", kind: "container", runs: "end", group: "g" },
  ],
  groups: [{ id: "g", kind: "arm", label: 'if a.x == "}|{" \n subgraph', children: ["end"] }],
  edges: [{ from: "a", to: "end", kind: "data", label: 'x "|" y' }, { from: "a", to: "g", kind: "condition", label: "" }],
};

test("Mermaid: no label can end its quotes or its line, and words of the language are no ids", () => {
  const text = mermaid(hostile);
  for (const line of text.split("\n")) assert.ok([0, 2].includes(line.split('"').length - 1), line);
  assert.ok(/^ +n2\[\["end"\]\]$/m.test(text));
  assert.is(text.match(/subgraph/g)?.length, 2, "one of the keyword, one in a label");
  assert.is(text.match(/^ *end$/gm)?.length, 1);
  assert.ok(text.includes("-.->"));
});

test("DOT: quotes and backslashes are escaped, edges to a group end at its cluster", () => {
  const text = dot(hostile);
  assert.ok(text.includes('"p\\"q"'));
  assert.ok(text.includes('label="say \\"hi\\" <b> & #1; `x` [y] \\\\"'));
  assert.ok(text.includes('lhead="cluster g"'));
  for (const line of text.split("\n")) assert.is(line.replace(/\\./g, "").split('"').length % 2, 1, `the quotes of ${line} are closed`);
});

test("JSON: the graph as it is", () => {
  assert.equal(JSON.parse(graphJson([hostile])), { graphs: [hostile] });
});

test("a chain of a thousand tasks is drawn in a second", () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `t${index}`);
  const chain: Graph = {
    pipeline: "chain",
    roots: ids,
    nodes: ids.map((id) => ({ id, label: id, kind: "op", runs: "t" })),
    groups: [],
    edges: ids.slice(1).map((id, index) => ({ from: `t${index}`, to: id, kind: "data", label: "x" })),
  };
  const started = performance.now();
  for (const text of [graphText(chain, 100), mermaid(chain), dot(chain)]) assert.ok(text.includes("t999"));
  assert.ok(performance.now() - started < 1000);
});

test.run();
