/**
 * Random pipelines, printed as our TypeScript and as Python for KFP's SDK: both compilers must agree, the schemas and the linter must take
 * what we emit, and a run must do what the same pipeline does as plain JavaScript.
 *
 * Each seed makes two files, each of four pipelines that call two others: one of what the SDK can say too, one of all that we can.
 * `HMC_RANDOM_SEEDS=100-199` takes other seeds, `HMC_RANDOM_REFUSALS=1` shows what targets refuse.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, hasErrors } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { emitKfp, kfpDefaults } from "../../compiler/targets/kfp/index.ts";
import { pipelineId } from "./random/names.ts";
import type { Checks } from "./checks.ts";
import { noPython, noTools, root, run, type Environment, type Shape } from "./environment.ts";
import { generate, type Mode } from "./random/generate.ts";
import { functionName, printPython } from "./random/python.ts";
import { processDifferences, scheduledDifferences, taskCount } from "./random/run.ts";
import { printTypeScript } from "./random/typescript.ts";

interface Case {
  name: string;
  python: string | null;
  function: string;
  sdk: string | null;
  real: string | null;
}

const mostProcesses = 12;

/** What the default shape may refuse: each is a limit of the back end. */
const limits = new Set(["HMC4003", "HMC4004", "HMC4007", "HMC4008", "HMC4013", "HMC4014", "HMC4015", "HMC4025"]);

export async function randomTwins(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  const [first = 1, last = first] = (process.env["HMC_RANDOM_SEEDS"] ?? "1-5").split("-").map(Number);
  const cases: Case[] = [];
  for (let seed = first; seed <= last; seed++) {
    for (const mode of ["twin", "full"] as const) cases.push(...(await compileProgram(checks, work, seed, mode)));
  }
  if (python === undefined || tools === undefined) return checks.skip(`${cases.length} random twins`, python === undefined ? noPython : noTools);
  const file = join(work, "random", "cases.json");
  writeFileSync(file, JSON.stringify(cases));
  const { status, stdout, stderr } = await run(python, [join(root, "test/conformance/random/random_twins.py"), "--tools", tools, file]);
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    const { name, check: what, problems, fault } = JSON.parse(line) as { name: string; check: string; problems: string[]; fault: string | null };
    if (fault === null) checks.expectNone(`${what} of ${name}`, problems);
    else checks.skip(`${what} of ${name}`, `the SDK's own result is ${fault}`);
  }
  if (status !== 0) checks.fail("random_twins.py", stderr);
}

/** Compiles all pipelines of a program in both shapes, and runs them. */
async function compileProgram(checks: Checks, work: string, seed: number, mode: Mode): Promise<Case[]> {
  const title = `${mode}-${seed}`;
  const folder = join(work, "random", title);
  const program = generate(seed, mode);
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, "pipeline.ts");
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(entry, printTypeScript(program));
  writeFileSync(join(folder, "derive.ts"), readFileSync(join(root, "test/conformance/random/derive.ts")));
  const pythonFile = join(folder, "pipeline.py");
  if (mode === "twin") writeFileSync(pythonFile, printPython(program));
  const { document, diagnostics } = check(nodeHost(), entry, { scope: "pipeline" });
  if (document === undefined || hasErrors(diagnostics)) {
    checks.fail(`analyse ${title}`, errorsOf(diagnostics));
    return [];
  }
  const cases = program.mains.map((main): Case => {
    const name = `${title} ${main.name}`;
    const emitted = (shape: Shape): string | null => emit(checks, document, name, pipelineId(main.name), shape, join(folder, `${main.name}.${shape}.yaml`), mode);
    return { name, python: mode === "twin" ? pythonFile : null, function: functionName(main.name), sdk: emitted("sdk"), real: emitted("real") };
  });
  for (const main of program.mains) checks.expectNone(`run of ${title} ${main.name}`, await scheduledDifferences(program, document, main));
  // A process for each task is slow: one pipeline of each file, if it is small.
  const small = program.mains.find((main) => taskCount(program, main) <= mostProcesses);
  if (small !== undefined) checks.expectNone(`hmc run of ${title} ${small.name}`, await processDifferences(program, document, small, folder));
  return cases;
}

function emit(checks: Checks, document: Document, name: string, id: string, shape: Shape, file: string, mode: Mode): string | null {
  const options = { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], toolVersion: "0", shape };
  const { yaml, diagnostics } = emitKfp(document, id, options);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (yaml === undefined) {
    // In the other mode the SDK's shape lacks what it cannot say.
    const isAllowed = mode === "full" || shape === "real";
    checks.expectNone(`refusals of ${name} (${shape} shape)`, isAllowed && errors.every(({ code }) => limits.has(code)) ? [] : [errorsOf(errors)]);
    if (process.env["HMC_RANDOM_REFUSALS"] !== undefined) console.log(`${name} (${shape} shape)\n${errorsOf(errors)}`);
    return null;
  }
  if (emitKfp(document, id, options).yaml !== yaml) checks.fail(`same bytes of ${name} (${shape} shape)`, "two of the same document differ");
  writeFileSync(file, yaml);
  return file;
}

export function errorsOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code, message, span }) => `${span?.file}:${span?.line}:${span?.column} ${code} ${message}`).join("\n");
}
