/** Every compiled fixture, in both shapes: the schemas and the loader of KFP, and the oracle of what its open-source back end takes. */
import { basename, join } from "node:path";
import type { Checks } from "./checks.ts";
import { compileFixtures, fixtures, noPython, noTools, root, run, type Environment, type Shape } from "./environment.ts";

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
      checks.expectNone(`${check} of ${basename(file, ".yaml")} (${shape} shape)`, problems);
    }
    if (status !== 0) checks.fail(`schema.py (${shape} shape)`, stderr);
  }
}
