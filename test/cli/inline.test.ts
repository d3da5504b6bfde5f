/** `hmc compile --inline`: what is carried is told, with its size; what cannot be, is an error and no file is written. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc } from "./hmc.ts";

const source = `import { op, pipeline } from "hmc";
import { table } from "./table.ts";
export const load = op(async (): Promise<number> => table.length);
export const tell = op({ image: "acme/tell:1", inline: false }, async ({ n }: { n: number }): Promise<string> => String(n));
export const main = pipeline(() => ({ told: tell({ n: load({}) }) }));
`;
const project = (values: number): string => folderWith({ "package.json": '{ "type": "module" }', "pipeline.ts": source, "table.ts": `export const table = ${JSON.stringify(Array.from({ length: values }, (_, index) => `value ${index}`))};\n` });

test("the code of ops without an image is in the file, and its size is told", () => {
  const cwd = project(10);
  assert.match(hmc(["compile", "pipeline.ts"], { cwd }).stderr, "HMC3020");
  for (const [target, file] of [["kfp", "pipeline.yaml"], ["argo", "pipeline.argo.yaml"]] as const) {
    const { code, stderr } = hmc(["compile", "pipeline.ts", "--target", target, "--inline"], { cwd });
    assert.is(code, 0, stderr);
    assert.match(stderr, /It carries the code of load \(\d\d kB\)\.\n$/);
    const text = readFileSync(join(cwd, file), "utf8");
    assert.match(text, "value 9");
    assert.match(text, "node:24-slim");
    assert.match(text, "/app/main.mjs");
  }
});

test("what is too large is an error at the op, and no file is written: HMC6062", () => {
  const cwd = project(8_000);
  const { code, stderr } = hmc(["compile", "pipeline.ts", "--inline"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, /pipeline\.ts:3:14 - error HMC6062: The code of "load" has \d+ bytes, .* Most of it is "table\.ts"/);
  assert.not.ok(existsSync(join(cwd, "pipeline.yaml")));
  assert.not.match(stderr, "Wrote");
});

test("the simulator takes the same file, and a local run needs no image", () => {
  const cwd = project(10);
  const carried = join(cwd, "pipeline.ts");
  const withDefaults = readFileSync(carried, "utf8").replace("op(async ()", "op({ inline: true }, async ()");
  const other = folderWith({ "package.json": '{ "type": "module" }', "pipeline.ts": withDefaults, "table.ts": readFileSync(join(cwd, "table.ts"), "utf8") });
  const simulated = hmc(["simulate", "pipeline.ts"], { cwd: other });
  assert.is(simulated.code, 0, simulated.stdout + simulated.stderr);
  const ran = hmc(["run", "pipeline.ts"], { cwd: other });
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(JSON.parse(ran.stdout), { told: "10" });
});

test.run();
