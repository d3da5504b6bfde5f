/** Ops stand by themselves: a file of ops can be checked, listed, run and bundled without a pipeline that calls them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc } from "./hmc.ts";

const steps = `import { op } from "hmc";
export const double = op(async ({ x }: { x: number }): Promise<number> => x * 2);
`;

test("a file of ops has no errors for lack of a pipeline", () => {
  const cwd = folderWith({ "steps.ts": steps });
  assert.is(hmc(["check", "steps.ts"], { cwd }).code, 0);
  assert.match(hmc(["list", "steps.ts"], { cwd }).stdout, /^Ops\n {2}double/);
  const run = hmc(["op", "steps.ts", "double", "-p", "x=4", "--json"], { cwd });
  assert.is(run.code, 0, run.stderr);
  assert.match(run.stdout, '"Output":8');
  assert.match(hmc(["bundle", "steps.ts", "-o", "main.mjs"], { cwd }).stderr, "Wrote 1 op");
});

test("check reads the types of an op that no pipeline calls", () => {
  const cwd = folderWith({ "steps.ts": `${steps}export const bad = op(async (input: { at: Date }): Promise<void> => void input);\n` });
  const { code, stderr } = hmc(["check", "steps.ts"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, "HMC2001");
});

test("check reports two ops with one id", () => {
  const cwd = folderWith({ "a.ts": steps, "steps.ts": `${steps}export { double as twice } from "./a.ts";\n` });
  assert.match(hmc(["check", "steps.ts"], { cwd }).stderr, "HMC3004");
});

test("there is nothing to check in a file of neither", () => {
  const cwd = folderWith({ "steps.ts": "export const x = 1;\n" });
  assert.match(hmc(["check", "steps.ts"], { cwd }).stderr, /steps\.ts:1:1 - error HMC0006/);
});

test.run();
