/** The same pipelines, compiled by hmc and by the SDK of KFP from Python, must be equivalent. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "./checks.ts";
import { compileFixtures, forEach, noPython, noTools, run, root, type Environment } from "./environment.ts";

export async function twins(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  // Also what only the real back end refuses: the shape of the SDK has it.
  const names = readdirSync(join(root, "fixtures")).filter((name) => existsSync(join(root, "fixtures", name, "pipeline.py"))).sort();
  if (python === undefined || tools === undefined) return checks.skip(`${names.length} twins`, python === undefined ? noPython : noTools);
  const folder = join(work, "python");
  mkdirSync(folder, { recursive: true });
  const pythonFile = (name: string): string => join(folder, `${name}.yaml`);
  const [compiled, byKfp] = await Promise.all([
    compileFixtures(work, names, "sdk"),
    run(python, [join(root, "test/conformance/kfp_compile.py"), ...names.flatMap((name) => [`fixtures/${name}/pipeline.py`, pythonFile(name)])]),
  ]);
  const refused = new Map([...byKfp.stdout.matchAll(/^failed fixtures\/([^/]+)\/pipeline\.py: (.*)$/gm)].map(([, name, why]) => [name, why]));
  if (!byKfp.stdout.includes("ok ")) return checks.fail("kfp dsl compile", byKfp.stdout + byKfp.stderr);
  await forEach(compiled, async ({ fixture, file, messages }) => {
    const name = `twin ${fixture}`;
    if (file === undefined) return checks.fail(name, messages);
    if (refused.has(fixture)) return checks.fail(name, `kfp dsl compile: ${refused.get(fixture)}`);
    const { status, stdout, stderr } = await run(python, [join(tools, "ireq.py"), file, pythonFile(fixture), "--alpha", "--no-exec"]);
    if (status === 0 && stdout.trim() === "EQUIVALENT") checks.pass(name);
    else checks.fail(name, stdout + stderr);
  });
}
