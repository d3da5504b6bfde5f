/** `--watch` compiles again on a change of any source, stays up on errors, and ends on SIGINT. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc, launcher, smallPipeline } from "./hmc.ts";

test("a change, an error, its repair, a change of an imported file, SIGINT", async () => {
  const cwd = folderWith({ "pipeline.ts": `import { who } from "./who.ts";\n${smallPipeline.replace('"world"', "who")}`, "who.ts": 'export const who = "one";\n' });
  const child = spawn(process.execPath, [launcher, "compile", "pipeline.ts", "--watch"], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<number | null>((end) => child.on("close", end));
  /** Waits until a run has ended that shows the text, and forgets what was shown. */
  const shows = async (text: string): Promise<void> => {
    const deadline = Date.now() + 20_000;
    while (!(output.includes(text) && output.endsWith("Ctrl-C ends.\n"))) {
      if (Date.now() > deadline) throw new Error(`"${text}" was not shown:\n${output}`);
      await new Promise((next) => setTimeout(next, 20));
    }
    output = "";
  };
  const yaml = () => readFileSync(`${cwd}/pipeline.yaml`, "utf8");
  try {
    await shows("Watching 2 files");
    assert.ok(yaml().includes("one"));

    writeFileSync(`${cwd}/who.ts`, 'export const who = "two";\n');
    await shows("who.ts has changed");
    assert.ok(yaml().includes("two"));

    const before = yaml();
    writeFileSync(`${cwd}/who.ts`, "export const who = 3;\n");
    await shows("TS2322");
    assert.is(yaml(), before, "an error leaves the output as it was");

    // Many editors write a new file and move it over the old one.
    writeFileSync(`${cwd}/who.ts.new`, 'export const who = "four";\n');
    renameSync(`${cwd}/who.ts.new`, `${cwd}/who.ts`);
    await shows("Wrote hello");
    assert.ok(yaml().includes("four"));
    assert.is(child.exitCode, null, "it is still up");
  } finally {
    child.kill("SIGINT");
  }
  assert.is(await ended, 0);
  assert.ok(existsSync(`${cwd}/pipeline.yaml`));
});

test("the file of a component is watched, too", async () => {
  const file = (image: string): string => `name: Say\ninputs: [{name: text, type: String}]\nimplementation: {container: {image: ${image}, command: [echo, {inputValue: text}]}}\n`;
  const cwd = folderWith({ "say.yaml": file("alpine:3.20"), "pipeline.ts": 'import { component, pipeline } from "hmc";\nconst say = component("./say.yaml");\nexport const said = pipeline(() => {\n  say({ text: "a" });\n});\n' });
  assert.is(hmc(["import", "--types", "say.yaml"], { cwd }).code, 0);
  const child = spawn(process.execPath, [launcher, "compile", "pipeline.ts", "--watch"], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const shows = async (text: string): Promise<void> => {
    for (const deadline = Date.now() + 20_000; !(output.includes(text) && output.endsWith("Ctrl-C ends.\n")); ) {
      if (Date.now() > deadline) throw new Error(`"${text}" was not shown:\n${output}`);
      await new Promise((next) => setTimeout(next, 20));
    }
  };
  try {
    await shows("Watching 2 files");
    writeFileSync(`${cwd}/say.yaml`, file("alpine:3.21"));
    await shows("HMC2073");
    assert.match(output, "say.yaml has changed");
    assert.ok(readFileSync(`${cwd}/pipeline.yaml`, "utf8").includes("alpine:3.21"));
  } finally {
    child.kill("SIGINT");
  }
});

test.run();
