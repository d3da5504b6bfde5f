/**
 * Random pipelines on Argo: what is compiled for it must do, on the simulator of its controller, what the same pipeline does as
 * plain JavaScript.
 *
 * `HMC_RANDOM_SEEDS=100-199` takes other seeds, `HMC_RANDOM_REFUSALS=1` shows what the target refuses.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, hasErrors } from "../../compiler/compile.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { emitArgo } from "../../compiler/targets/argo/index.ts";
import { defaultArgoVersion } from "../../compiler/targets/argo/versions.ts";
import type { Checks } from "./checks.ts";
import { root, type Environment } from "./environment.ts";
import { argoDifferences, entrypoint } from "./random/argo.ts";
import { generate, type Mode } from "./random/generate.ts";
import { pipelineId } from "./random/names.ts";
import { printTypeScript } from "./random/typescript.ts";
import { errorsOf } from "./random-twins.ts";

/** What Argo is refused: artifacts that a pipeline gives in a loop cannot be collected. */
const limits = new Set(["HMC4103"]);

export async function randomArgo(checks: Checks, { work }: Environment): Promise<void> {
  const [first = 1, last = first] = (process.env["HMC_RANDOM_SEEDS"] ?? "1-5").split("-").map(Number);
  for (let seed = first; seed <= last; seed++) for (const mode of ["twin", "full"] as const) await runProgram(checks, work, seed, mode);
}

async function runProgram(checks: Checks, work: string, seed: number, mode: Mode): Promise<void> {
  const title = `${mode}-${seed}`;
  const folder = join(work, "random-argo", title);
  const program = generate(seed, mode);
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, "pipeline.ts");
  writeFileSync(join(folder, "package.json"), "{}");
  // Argo multiplies the pauses before retries with whole numbers only (HMC4144).
  writeFileSync(entry, printTypeScript(program).replaceAll("factor: 1.5", "factor: 2"));
  writeFileSync(join(folder, "derive.ts"), readFileSync(join(root, "test/conformance/random/derive.ts")));
  const { document, diagnostics } = check(nodeHost(), entry, { scope: "pipeline" });
  if (document === undefined || hasErrors(diagnostics)) return checks.fail(`analyse ${title}`, errorsOf(diagnostics));
  for (const main of program.mains) {
    const name = `${title} ${main.name}`;
    const { yaml, diagnostics: reported } = emitArgo(document, pipelineId(main.name), { version: defaultArgoVersion, entrypoint, repository: "s3", toolVersion: "0" });
    if (yaml === undefined) {
      const errors = reported.filter(({ severity }) => severity === "error");
      checks.expectNone(`refusals of ${name}`, errors.every(({ code }) => limits.has(code)) ? [] : [errorsOf(errors)]);
      if (process.env["HMC_RANDOM_REFUSALS"] !== undefined) console.log(`${name}\n${errorsOf(errors)}`);
      continue;
    }
    writeFileSync(join(folder, `${main.name}.argo.yaml`), yaml);
    checks.expectNone(`Argo's run of ${name}`, await argoDifferences(program, document, main, yaml, join(folder, `${main.name}.pods`)));
  }
}
