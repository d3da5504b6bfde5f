/**
 * Argo's own linter on every fixture's YAML for Argo. First the linter itself: what it says of files whose verdict is known,
 * so that one which takes everything is noticed.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { argoFixtures } from "./argo-files.ts";
import type { Checks } from "./checks.ts";
import { forEach, noArgolint, noArgoCases, run, type Environment } from "./environment.ts";

/** What is said of a case of `lint/expected-v4.1.2.json`. */
interface Verdict {
  case: string;
  exit: number;
  message: string;
}

/** A case whose rule came with Argo 4.1: the linter of 4.0.5 takes it. */
const newer = "r68-reserved-sidecar";

export async function argoLint(checks: Checks, { argolint, argoCases }: Environment): Promise<void> {
  const fixtures = argoFixtures();
  if (argolint === undefined) return checks.skip(`argo lint of ${fixtures.length} fixtures`, noArgolint);
  if (argoCases === undefined) checks.skip("known verdicts of argo lint", noArgoCases);
  else await knownVerdicts(checks, argolint, argoCases);
  for (const { name, problems } of await forEach(fixtures, async ({ name, files }) => ({ name, problems: await lint(argolint, files) }))) {
    checks.expectNone(`argo lint of ${name}`, problems);
  }
}

/** What the linter says of files that belong together; nothing where it is content. */
async function lint(argolint: string, files: readonly string[]): Promise<string[]> {
  const { status, stdout, stderr } = await run(argolint, files);
  return status === 0 ? [] : [stdout + stderr];
}

async function knownVerdicts(checks: Checks, argolint: string, cases: string): Promise<void> {
  const patterns = readdirSync(join(cases, "lowering")).map((file) => join(cases, "lowering", file));
  const spoken = await forEach(patterns, async (file) => (await lint(argolint, [file])).map((text) => `${basename(file)}: ${text}`));
  checks.expectNone(`argo lint takes the ${patterns.length} canonical patterns`, spoken.flat());

  const verdicts = JSON.parse(readFileSync(join(cases, "lint/expected-v4.1.2.json"), "utf8")) as Verdict[];
  const folder = join(cases, "lint/cases/");
  const other = await forEach(verdicts, async ({ case: name, exit, message }) => {
    const said = (await lint(argolint, [join(folder, `${name}.yaml`)])).map((text) => text.replaceAll(folder, ""));
    if (exit === 0 || name === newer) return said.map((text) => `${name} should pass: ${text}`);
    return said.some((text) => text.includes(message)) ? [] : [`${name} should say ${message}: ${said.join("") || "it passes"}`];
  });
  checks.expectNone(`argo lint finds the fault in the ${verdicts.length} cases`, other.flat());
}
