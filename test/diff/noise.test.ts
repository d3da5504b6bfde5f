/** Every fixture, in other formatting and with independent statements in another order: no change, of the graph or of the code. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { canCompare, openSide } from "../../compiler/compare.ts";
import { diff } from "../../compiler/diff/diff.ts";
import { root, validFixtures } from "../folders.ts";
import { randomNumbers } from "../random.ts";
import { host, pairs, tools } from "./pairs.ts";
import { reformatted, reordered } from "./rewrite.ts";

/** One round over all fixtures as long as there is time; `HMC_FUZZ=10` does ten, however long they take. */
const rounds = Number(process.env["HMC_FUZZ"] ?? 1);
const milliseconds = process.env["HMC_FUZZ"] === undefined ? 25_000 : Infinity;

const folder = realpathSync(mkdtempSync(join(tmpdir(), "hmc-noise-")));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");

const files = [
  ...validFixtures().map(({ file }) => file),
  ...pairs().flatMap(({ after }) => (after.endsWith(".ts") ? [after] : [])),
];

test("other formatting, and another order of independent statements, is no change", async () => {
  const started = performance.now();
  let count = 0;
  let moved = 0;
  for (let round = 0; round < rounds; round += 1) {
    const random = randomNumbers(round + 1);
    const shuffled = files.map((file) => ({ file, place: random() })).sort((a, b) => a.place - b.place).map(({ file }) => file);
    for (const file of shuffled) {
      if (performance.now() - started > milliseconds) break;
      let text: string;
      try {
        text = readFileSync(file, "utf8");
      } catch {
        continue;
      }
      // A comment that suppresses a finding is bound to its line.
      if (/hmc-disable|@ts-/.test(text)) continue;
      const name = relative(join(root, "fixtures"), file);
      const sorted = reordered(text, random);
      if (sorted !== text) moved += 1;
      const changed = reformatted(sorted, random);
      const [before, after] = await Promise.all([["before", text], ["after", changed]].map(async ([side = "", source = ""]) => {
        const copy = join(folder, side, name);
        mkdirSync(dirname(copy), { recursive: true });
        if (!name.startsWith("diff")) cpSync(dirname(file), dirname(copy), { recursive: true, filter: (path) => !path.includes("/.hmc") });
        writeFileSync(copy, source);
        return openSide(host, copy, side, tools);
      }));
      if (before === undefined || after === undefined) continue;
      assert.ok(canCompare(before), `${name} has errors`);
      assert.ok(canCompare(after), `${name}, rewritten in round ${round}, has errors: ${JSON.stringify(after.findings.flatMap(({ diagnostics }) => diagnostics.map(({ code, message }) => `${code} ${message}`)))}\n${changed}`);
      const found = diff(before, after);
      assert.equal(found.changes, [], `${name} in round ${round}:\n${changed}`);
      assert.equal(found.reruns, [], `${name} in round ${round}`);
      count += 1;
    }
  }
  assert.ok(count >= 20 && moved >= 10, `${count} fixtures, ${moved} of them with statements in another order`);
  console.log(`${count} fixtures, ${moved} of them reordered`);
});

test.run();
