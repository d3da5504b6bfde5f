/** Every fix that a fixture of these codes offers mends the finding, and breaks nothing else. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check } from "../../compiler/compile.ts";
import type { Host } from "../../compiler/host.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { applyEdits } from "../diagnostics/spans.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cases = readdirSync(join(root, "fixtures")).filter((name) => /^invalid-hmc[35]/.test(name));

/** The disk, with another text for one file. */
function withText(path: string, text: string): Host {
  const disk = nodeHost();
  return { ...disk, env: () => undefined, readFile: (file) => (file === path ? new TextEncoder().encode(text) : disk.readFile(file)) };
}

let fixes = 0;

for (const name of cases) {
  const path = join(root, "fixtures", name, "pipeline.ts");
  const text = readFileSync(path, "utf8");
  const code = name.slice("invalid-".length, "invalid-hmc0000".length).toUpperCase();
  test(`${name} raises its code and no other, and its fix mends it`, () => {
    const found = check(withText(path, text), path, { scope: "pipeline" }).diagnostics;
    assert.equal([...new Set(found.map((one) => one.code))], [code]);
    const edits = found[0]?.fix?.edits;
    if (edits === undefined) return;
    fixes += 1;
    const mended = applyEdits(text, edits);
    assert.is.not(mended, text);
    const left = check(withText(path, mended), path, { scope: "pipeline" }).diagnostics.map((one) => one.code);
    // The right code in a suppression that nothing needs is an unused one.
    assert.equal(left, code === "HMC5092" ? ["HMC5091"] : []);
  });
}

test("there were fixes to try", () => {
  assert.ok(fixes >= 7, `${fixes}`);
});

test.run();
