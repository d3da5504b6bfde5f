/** The SVG of every fixture: each task and group has its box, boxes of one group lie apart and inside it, and nothing of the source gets into the markup. */
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { graphOf, type Graph } from "../../compiler/graph/model.ts";
import { svg } from "../../compiler/graph/svg.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { root } from "../folders.ts";

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function boxesOf(text: string): Map<string, Box> {
  return new Map([...text.matchAll(/data-id="([^"]*)"[^]*?<rect class="hmc-(?:box|around)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map(([, id = "", x, y, width, height]) => [id, { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }]));
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const holds = (outer: Box, inner: Box): boolean => outer.x <= inner.x && outer.y <= inner.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;

const cases = readdirSync(join(root, "fixtures")).filter((name) => !name.startsWith("invalid-") && existsSync(join(root, "fixtures", name, "ir.json")));

function problemsOf(graph: Graph): string[] {
  const text = svg(graph);
  const boxes = boxesOf(text);
  const problems: string[] = [];
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(text) ?? [];
  const members = [...graph.nodes, ...graph.groups];
  for (const { id } of members) if (!boxes.has(id)) problems.push(`${id} has no box`);
  for (const { id, group } of members) {
    const box = boxes.get(id);
    const outer = group === undefined ? { x: 0, y: 0, width: Number(width), height: Number(height) } : boxes.get(group);
    if (box !== undefined && outer !== undefined && !holds(outer, box)) problems.push(`${id} is not inside ${group ?? "the picture"}`);
    for (const other of members) {
      const beside = boxes.get(other.id);
      if (other.id > id && other.group === group && box !== undefined && beside !== undefined && overlap(box, beside)) problems.push(`${id} and ${other.id} overlap`);
    }
  }
  const tags = [...text.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/gi)];
  const open: string[] = [];
  for (const [, closing, name = "", alone] of tags) {
    if (closing === "/" && open.pop() !== name) problems.push(`</${name}> closes nothing`);
    else if (closing === "" && alone === "") open.push(name);
  }
  return open.length > 0 ? [...problems, `${open.join(" ")} stay open`] : problems;
}

test(`${cases.length} fixtures`, () => {
  for (const name of cases) {
    const document = JSON.parse(readFileSync(join(root, "fixtures", name, "ir.json"), "utf8")) as Document;
    for (const pipeline of Object.values(document.pipelines)) assert.equal(problemsOf(graphOf(document, pipeline)), [], `${name} ${pipeline.id}`);
  }
});

test("text of the source is text of the picture", () => {
  const graph: Graph = { pipeline: 'a"b', roots: ["x"], nodes: [{ id: 'x"><script>', label: "<b>&", kind: "container", runs: '"&<' }], groups: [], edges: [] };
  const text = svg({ ...graph, roots: ['x"><script>'] });
  assert.not.match(text, "<script>");
  assert.not.match(text, "<b>");
  assert.match(text, "&lt;b&gt;&amp;");
});

test("the same graph gives the same bytes, and 300 tasks take less than a second", () => {
  const nodes = Array.from({ length: 300 }, (_, index) => ({ id: `t${index}`, label: `task-${index}`, kind: "op" as const, runs: `task-${index}` }));
  const edges = nodes.slice(1).map(({ id }, index) => ({ from: `t${Math.floor(index / 2)}`, to: id, kind: "data" as const, label: "" }));
  const graph: Graph = { pipeline: "large", roots: nodes.map(({ id }) => id), nodes, groups: [], edges };
  const started = performance.now();
  const text = svg(graph);
  assert.ok(performance.now() - started < 1000 * (process.env["CI"] === undefined ? 3 : 10), `${performance.now() - started} ms`);
  assert.is(svg(graph), text);
  assert.equal(problemsOf(graph), []);
});

test.run();
