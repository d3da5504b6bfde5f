/** `hmc compile --target argo`: where the file goes, and options that do not fit. */
import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc, smallPipeline } from "../cli/hmc.ts";

test("compile --target argo writes beside the source, beside what KFP gets", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const { code, stderr } = hmc(["compile", "pipeline.ts", "--target", "argo", "--target-version", "v3.7.16", "--artifact-repository", "gcs"], { cwd });
  assert.is(code, 0, stderr);
  assert.ok(existsSync(`${cwd}/pipeline.argo.yaml`));
  assert.not.ok(existsSync(`${cwd}/pipeline.yaml`));
});

test("a version of Argo that hmc does not know is an error", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const { code, stderr } = hmc(["compile", "pipeline.ts", "--target", "argo", "--target-version", "3.5"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, "HMC4150: hmc does not know Argo 3.5. Choose one of: 3.6, 3.7, 4.0, 4.1.");
});

test("options of Argo do not go with another target", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  for (const [option, value] of [["--kind", "cron"], ["--artifact-repository", "s3"]] as const) {
    const { code, stderr } = hmc(["compile", "pipeline.ts", option, value], { cwd });
    assert.is(code, 1);
    assert.match(stderr, `HMC0015: The option "${option}" is for "--target argo" only.`);
  }
  assert.match(hmc(["compile", "pipeline.ts", "--target", "argo", "--kind", "corn"], { cwd }).stderr, 'Did you mean "cron"?');
});

test.run();
