/** The same pipelines, compiled by hmc and by the SDK of KFP from Python, must be equivalent. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "./checks.ts";
import { compileFixtures, forEach, noPython, noTools, run, root, type Environment } from "./environment.ts";

/** All twins, also those that only the shape of the SDK can have, apart from what the containers run: an op is another program in the two languages. */
export async function twins(checks: Checks, place: Environment): Promise<void> {
  await compare(checks, place, "twin", readdirSync(join(root, "fixtures")).filter(isTwin).sort(), ["--no-exec"]);
}

/** The first line of a `pipeline.py` whose containers run the same command lines. */
const sameCommandLines = "# The command lines are those of pipeline.ts.\n";

/**
 * Twins of foreign images, which have the same image, command and arguments to the byte. Also those that only the shape
 * of the SDK can have.
 */
export async function commandLines(checks: Checks, place: Environment): Promise<void> {
  const names = readdirSync(join(root, "fixtures")).filter((name) => isTwin(name) && readFileSync(pythonSource(name), "utf8").startsWith(sameCommandLines));
  await compare(checks, place, "command lines of", names, []);
}

function isTwin(name: string): boolean {
  return existsSync(pythonSource(name));
}

function pythonSource(name: string): string {
  return join(root, "fixtures", name, "pipeline.py");
}

async function compare(checks: Checks, { python, tools, work }: Environment, what: string, names: string[], flags: string[]): Promise<void> {
  if (names.length === 0) return checks.fail(what, "there are none");
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
    const name = `${what} ${fixture}`;
    if (file === undefined) return checks.fail(name, messages);
    if (refused.has(fixture)) return checks.fail(name, `kfp dsl compile: ${refused.get(fixture)}`);
    const { status, stdout, stderr } = await run(python, [join(tools, "ireq.py"), file, pythonFile(fixture), "--alpha", ...flags]);
    if (status === 0 && stdout.trim() === "EQUIVALENT") checks.pass(name);
    else checks.fail(name, stdout + stderr);
  });
}
