/** What hmc writes for Argo passes its own checker. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { defaultArgoVersion } from "../../compiler/targets/argo/versions.ts";
import { root } from "../folders.ts";
import { check, placed } from "./corpora.ts";

const files = ["fixtures", "fixtures/argo"]
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/argo.yaml`))
  .filter((file) => existsSync(join(root, file)))
  .sort();

/** What is found, and is right. */
const known: Readonly<Record<string, readonly string[]>> = {
  // A task that runs whatever came of the one before it reads an output of that one.
  "fixtures/twin-ignore-upstream-failure/argo.yaml": ["HMC8111:37"],
  // Outputs of a pipeline that calls itself get names that Argo refuses.
  "fixtures/recursion/argo.yaml": ["HMC8110:116", "HMC8110:120", "HMC8110:125", "HMC8016:153", "HMC8016:157"],
};

test("there are files", () => assert.ok(files.length > 60));

for (const file of files) {
  test(file, () => {
    const found = check(readFileSync(join(root, file), "utf8"), defaultArgoVersion);
    assert.equal(placed(found), known[file] ?? [], found.map(({ message }) => message).join("\n"));
  });
}

test.run();
