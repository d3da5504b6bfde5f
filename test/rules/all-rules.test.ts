import { test } from "uvu";
import * as assert from "uvu/assert";
import { graphCodes } from "../../compiler/diagnostics/codes/graph.ts";
import { lintCodes } from "../../compiler/diagnostics/codes/lint.ts";
import { checkDocument, isCheckedAt, rules } from "../../compiler/rules/index.ts";
import type { Document, Node } from "../../compiler/ir/types.ts";
import { constant, documentOf, loop, op, output, pipeline, task } from "./documents.ts";

/** Reported by the frontend, which alone sees the source of names and of `env()`, and by the suppressions. */
const elsewhere = ["HMC3004", "HMC3005", "HMC5021", "HMC5090", "HMC5091", "HMC5092", "HMC5093", "HMC5094"];

test("each code of the graph and of lint belongs to exactly one rule, or is reported elsewhere", () => {
  assert.equal([...rules.flatMap((rule) => rule.codes), ...elsewhere].sort(), [...Object.keys(graphCodes), ...Object.keys(lintCodes)].sort());
});

test("a document without a mistake has no findings", () => {
  assert.equal(checkDocument(documentOf([pipeline("demo", [task("a"), task("b", { x: output("a") })])])), []);
});

test("a run on this machine needs no image", () => {
  const document = documentOf([pipeline("demo", [task("a")])], [op("a")], {});
  assert.equal(checkDocument(document).map((one) => one.code), ["HMC3020"]);
  assert.equal(checkDocument(document, "local"), []);
  assert.equal([isCheckedAt("cluster", "HMC3020"), isCheckedAt("local", "HMC3020"), isCheckedAt("local", "HMC5001"), isCheckedAt("local", "HMC2001")], [true, false, true, true]);
});

/** `count` tasks in chains of ten, each with options, spread over loops. */
function largeDocument(count: number): Document {
  const nodes: Node[] = [];
  for (let index = 0; index < count; index += 10) {
    const chain = Array.from({ length: 10 }, (_, position) =>
      task(`t${index + position}`, position === 0 ? {} : { x: output(`t${index + position - 1}`) }, index === 0 ? [] : [`t${index - 10}`], {
        image: "ghcr.io/acme/demo:1.0",
        cpu: { request: "500m", limit: "1" },
        memory: { request: "1Gi", limit: "2Gi" },
        env: { LOG_LEVEL: { kind: "literal", value: "debug" }, PASSWORD: { kind: "secret", name: "db", key: "password" } },
        labels: { team: "data", "acme.com/stage": "train" },
        volumes: [{ kind: "emptyDir", name: "scratch", mountPath: "/scratch" }],
        retry: { count: 3, backoffSeconds: 10 },
      }),
    );
    if (index % 100 === 0) nodes.push(loop(`for-${index}`, constant([1, 2]), ...chain));
    else nodes.push(...chain);
  }
  for (const node of nodes) if (node.kind === "task") node.after = node.after.filter((id) => Number(id.slice(1)) % 100 !== 0);
  return documentOf([pipeline("large", nodes, { deadlineSeconds: 3600, schedule: "0 0 * * *" })]);
}

test("each rule checks 10,000 tasks in less than 100 ms, and four times as many in at most eight times as long", () => {
  const large = largeDocument(10_000);
  const huge = largeDocument(40_000);
  for (const rule of rules) {
    const milliseconds = (document: Document): number => Math.min(...Array.from({ length: 3 }, () => timed(() => rule.check(document))));
    const [much, most] = [milliseconds(large), milliseconds(huge)];
    assert.ok(much < 100, `${rule.codes[0]}: ${much.toFixed(1)} ms for 10,000 tasks`);
    assert.ok(most < 8 * much + 60, `${rule.codes[0]}: ${much.toFixed(1)} ms for 10,000 tasks, ${most.toFixed(1)} ms for 40,000`);
  }
});

/** CPU time in milliseconds, which other programs on the machine change little. */
function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

test.run();
