/** The test of docs/testing.md under vitest, which is too large to be installed with the project. */
import { join } from "node:path";
import { pageProject } from "../testing/page-project.ts";
import type { Checks } from "./checks.ts";
import { run, type Environment } from "./environment.ts";

export async function vitest(checks: Checks, { vitest: installed }: Environment): Promise<void> {
  if (installed === undefined) return checks.skip("tests of pipelines under vitest", "there is no folder with vitest (set HMC_VITEST)");
  const start = async (change: (test: string) => string): Promise<{ status: number; text: string }> => {
    const folder = pageProject((test) => change(test.replace('from "node:test"', 'from "vitest"')), { vitest: join(installed, "node_modules/vitest") });
    const { status, stdout, stderr } = await run(process.execPath, [join(installed, "node_modules/vitest/vitest.mjs"), "run", "--root", folder], { cwd: folder, env: { NODE_OPTIONS: "" } });
    return { status, text: stdout + stderr };
  };
  const good = await start((test) => test);
  checks.expectNone("vitest passes the tests of docs/testing.md", good.status === 0 && /Tests\s+2 passed/.test(good.text.replace(/\x1b\[\d*m/g, "")) ? [] : [good.text]);
  const bad = await start((test) => test.replace("auc: 0.6", 'auc: "0.6" as unknown as number'));
  checks.expectNone("a mock that breaks makes the test fail under vitest", bad.status === 1 && bad.text.includes('The output "auc" of "train" must be a number') ? [] : [bad.text]);
}
