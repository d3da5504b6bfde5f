/** The source file of a command: what is said where it cannot be had. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourceFile } from "../../compiler/cli/source-file.ts";
import { nodeHost } from "../../compiler/node-host.ts";

test("a file that may not be read is HMC0017", () => {
  const host = { ...nodeHost(), cwd: () => "/project", directoryExists: () => false, fileExists: () => true, readFile: () => undefined };
  assert.throws(() => sourceFile(host, "pipeline.ts"), /^HMC0017: The file "pipeline\.ts" cannot be read/);
});

test.run();
