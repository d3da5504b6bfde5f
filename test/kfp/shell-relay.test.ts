/** The helper task of pipelines without ops: its shell script, run by a real shell. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shellCopy, shellRelayExecutor } from "../../compiler/targets/kfp/executors.ts";

const folder = mkdtempSync(join(tmpdir(), "hmc-shell-relay-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the helper with placeholders filled in. */
function relay(args: string[]): void {
  const executor = shellRelayExecutor("ghcr.io/acme/tools:1.0");
  if (!("container" in executor)) throw new Error("no container");
  const [program = "", ...words] = executor.container.command ?? [];
  execFileSync(program, [...words, ...args]);
}

test("copies values and files to their places, making folders", () => {
  writeFileSync(join(folder, "model"), "bytes\0of a model");
  const values = ["[]", "", "it's \"quoted\" $HOME $(date) `x`\n", "-n", "%s\\n"];
  relay([...values.flatMap((value, index) => ["value", value, join(folder, "out", `${index}`)]), "file", join(folder, "model"), join(folder, "deep/er/model")]);
  values.forEach((value, index) => assert.is(readFileSync(join(folder, "out", `${index}`), "utf8"), value));
  assert.equal(readFileSync(join(folder, "deep/er/model")), readFileSync(join(folder, "model")));
});

test("fails where a file is missing", () => {
  assert.throws(() => relay(["file", join(folder, "nothing"), join(folder, "nowhere")]));
});

test("reads each output from the input of the same name", () => {
  assert.equal(shellCopy("list", { kind: "parameter", spec: { parameterType: "LIST" } }), ["value", "{{$.inputs.parameters['list']}}", "{{$.outputs.parameters['list'].output_file}}"]);
  assert.equal(shellCopy("m", { kind: "artifact", spec: { artifactType: { schemaTitle: "system.Model", schemaVersion: "0.0.1" } } }), ["file", "{{$.inputs.artifacts['m'].path}}", "{{$.outputs.artifacts['m'].path}}"]);
});

test.run();
