/** Every compiled fixture, in both shapes: the schemas and the loader of KFP, and the oracle of what its open-source back end takes. */
import { basename, join } from "node:path";
import type { Checks } from "./checks.ts";
import { compileFixtures, fixtures, noPython, noTools, root, run, type Environment, type Shape } from "./environment.ts";

/** What irlint also says of the SDK's own files of these twins: it takes items without a type for text, whoever reads them. */
const ofTheSdk: Record<string, RegExp> = { "twin-loop-untyped": /^comp-for-loop-\d+\/train-\d+\.\w+: type STRING -> / };

export async function schema(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  const names = fixtures();
  if (python === undefined) return checks.skip(`schemas of ${names.length} fixtures`, noPython);
  if (tools === undefined) checks.skip(`irlint of ${names.length} fixtures`, noTools);
  for (const shape of ["real", "sdk"] satisfies Shape[]) {
    const compiled = await compileFixtures(work, names, shape);
    for (const { fixture, file, messages } of compiled) if (file === undefined) checks.fail(`compile ${fixture} (${shape} shape)`, messages);
    const files = compiled.flatMap(({ file }) => file ?? []);
    if (files.length === 0) continue;
    // What the back end refuses in the shape of the SDK is the reason for the other shape: there, only the IR itself is checked.
    const lint = tools === undefined ? [] : ["--tools", tools, ...(shape === "real" ? ["--oss"] : [])];
    const { status, stdout, stderr } = await run(python, [join(root, "test/conformance/schema.py"), ...lint, ...files]);
    for (const line of stdout.split("\n").filter((text) => text !== "")) {
      const { file, check, problems } = JSON.parse(line) as { file: string; check: string; problems: string[] };
      const fixture = basename(file, ".yaml");
      const same = shape === "sdk" && check === "irlint" ? ofTheSdk[fixture] : undefined;
      checks.expectNone(`${check} of ${fixture} (${shape} shape)`, same === undefined ? problems : problems.filter((problem) => !same.test(problem)));
    }
    if (status !== 0) checks.fail(`schema.py (${shape} shape)`, stderr);
  }
}
