/** The page docs/testing.md as a project: its test passes under node:test, and under uvu, with the package as it is built. For vitest: test/conformance/vitest.ts. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "../folders.ts";
import { pageProject } from "./page-project.ts";

/** The project of the page, with the package as it is built. */
function project(change: (test: string) => string): string {
  const setup = spawnSync(process.execPath, [join(root, "compiler/build/setup.mjs")], { encoding: "utf8" });
  assert.is(setup.status, 0, setup.stderr);
  return pageProject(change);
}

function run(folder: string, ...args: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined } });
  return { code: status, text: stdout + stderr };
}

test("node:test", () => {
  const { code, text } = run(project((text) => text), "--import", "tsx", "--test", "pipeline.test.ts");
  assert.is(code, 0, text);
  assert.match(text, /pass 2\b/);
});

test("uvu; and a mock that breaks makes the test fail", () => {
  const uvu = (text: string): string => `${text.replace('from "node:test"', 'from "uvu"')}\ntest.run();\n`;
  const good = run(project(uvu), "--import", "tsx", "pipeline.test.ts");
  assert.is(good.code, 0, good.text);
  assert.match(good.text, /Passed: +2/);
  const bad = run(project((text) => uvu(text.replace("auc: 0.6", 'auc: "0.6" as unknown as number'))), "--import", "tsx", "pipeline.test.ts");
  assert.is(bad.code, 1);
  assert.match(bad.text, 'The mock of "train" (task "train"): The output "auc" of "train" must be a number');
});

test("the types of the package: mocks have those of the ops", () => {
  const folder = project((text) => text.replace("auc: 0.6", 'auc: "0.6"').replace("depth > 5", "depht > 5"));
  writeFileSync(join(folder, "tsconfig.json"), '{ "compilerOptions": { "strict": true, "module": "NodeNext", "target": "ES2022", "noEmit": true, "allowImportingTsExtensions": true, "skipLibCheck": false, "types": ["node"] }, "include": ["*.ts"] }');
  const { text } = run(folder, join(root, "node_modules/typescript/bin/tsc"), "-p", ".");
  const found = text.split("\n").filter((line) => line.includes("error TS")).map((line) => /^(\S+?)\(\d+,\d+\): error (TS\d+)/.exec(line)?.slice(1, 3).join(" "));
  assert.equal(found, ["pipeline.test.ts TS2552", "pipeline.test.ts TS2322"], text);
});

test.run();
