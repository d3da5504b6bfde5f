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

/** What may be found, and is right. */
const known: Readonly<Record<string, readonly string[]>> = {
  // A task that runs whatever came of the one before it reads an output of that one.
  "fixtures/twin-ignore-upstream-failure/argo.yaml": ["HMC8111"],
  // The example reads the time of its schedule in a workflow without one.
  "fixtures/argo/cron-workflow/argo.yaml": ["HMC8116"],
};

test("there are files", () => assert.ok(files.length > 60));

for (const file of files) {
  test(file, () => {
    const found = check(readFileSync(join(root, file), "utf8"), defaultArgoVersion).filter(({ code }) => known[file]?.includes(code) !== true);
    assert.equal(placed(found), [], found.map(({ message }) => message).join("\n"));
  });
}

test.run();
