/** Large pipelines of one op: pairs are found in time, and only what has changed is told. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { changesBetween } from "./pairs.ts";

const folder = mkdtempSync(join(tmpdir(), "hmc-large-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const size = 300;

/** A tree of calls of one op, each of which reads an earlier one. */
function source(numbers: readonly number[], image = "ghcr.io/acme/ops:1.0"): string {
  const calls = numbers.map((number) => `  const t${number} = step({ from: ${number < 2 ? '"start"' : `t${Math.floor(number / 2)}.text`}, number: ${number % 7} });`);
  return `import { op, pipeline, type Int } from "hmc";
export const step = op(async (input: { from: string; number: Int }) => ({ text: \`\${input.from} \${input.number}\` }));
export const large = pipeline({ defaults: { image: "${image}" } }, () => {
${calls.join("\n")}
});
`;
}

const numbers = Array.from({ length: size }, (_, index) => index);

async function compared(before: string, after: string) {
  writeFileSync(join(folder, "before.ts"), before);
  writeFileSync(join(folder, "after.ts"), after);
  const started = performance.now();
  const { changes } = await changesBetween(join(folder, "before.ts"), join(folder, "after.ts"));
  assert.ok(performance.now() - started < 60_000, "it takes less than a minute");
  return changes;
}

test("another image for all tasks is that change, once for each", async () => {
  const changes = await compared(source(numbers), source(numbers, "ghcr.io/acme/ops:1.1"));
  assert.equal([...new Set(changes.map(({ subject, name }) => `${subject} ${name ?? ""}`))], ["option image"]);
  assert.is(changes.length, size);
});

test("the last calls taken away are tasks removed", async () => {
  const changes = await compared(source(numbers), source(numbers.slice(0, size - 20)));
  assert.equal([...new Set(changes.map(({ subject, action }) => `${subject} ${action}`))], ["task removed"]);
  assert.is(changes.length, 20);
});

test("one call whose constant has changed is one input changed", async () => {
  const changes = await compared(source(numbers), source(numbers).replace("number: 3 });\n  const t4", "number: 99 });\n  const t4"));
  assert.equal(changes, [{ subject: "input", action: "changed", before: "3", after: "99", pipeline: "large", node: "step-4", name: "number" }]);
});

test.run();
