/**
 * Random pipelines that KFP's SDK compiled from Python, imported: the printed code must compile in the shape of the SDK to what the file
 * says, by `ireq.py --alpha`.
 *
 * `HMC_RANDOM_SEEDS=100-199` takes other seeds.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../compiler/compile.ts";
import { importKfp } from "../../compiler/import.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import type { Checks } from "./checks.ts";
import { jsonLines, noPython, noTools, root, run, type Environment } from "./environment.ts";
import { generate } from "./random/generate.ts";
import { functionName, printPython } from "./random/python.ts";

interface Case {
  name: string;
  python: string;
  function: string;
  /** What the SDK compiles it to. */
  target: string;
}

export async function randomImports(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  const [first = 1, last = first] = (process.env["HMC_RANDOM_SEEDS"] ?? "1-5").split("-").map(Number);
  const folder = join(work, "random-imports");
  const cases = Array.from({ length: last - first + 1 }, (_, index) => casesOf(folder, first + index)).flat();
  if (python === undefined || tools === undefined) return checks.skip(`imports of ${cases.length} random pipelines`, python === undefined ? noPython : noTools);
  const script = (name: string): string => join(root, "test/conformance", name);
  const list = join(folder, "cases.json");
  writeFileSync(list, JSON.stringify(cases));
  const compiled = jsonLines<{ name: string; refused: string | null; broken: string | null }>(checks, await run(python, [script("random/sdk_yaml.py"), "--tools", tools, list]));
  const problems = new Map<string, string[]>();
  const pairs: { name: string; first: string; second: string }[] = [];
  for (const { name, target } of cases) {
    if (compiled.find((each) => each.name === name)?.refused !== null) continue;
    problems.set(name, importAndCompile(target));
    if (problems.get(name)?.length === 0) pairs.push({ name, first: target, second: `${target}.sdk.yaml` });
  }
  const file = join(folder, "pairs.json");
  writeFileSync(file, JSON.stringify(pairs));
  const compared = jsonLines<{ name: string; problems: string[] }>(checks, await run(python, [script("equivalent.py"), "--tools", tools, file]));
  for (const { name, problems: found } of compared) problems.set(name, found);
  for (const { name, refused, broken } of compiled) {
    const found = problems.get(name) ?? [];
    if (refused !== null) checks.skip(`import of ${name}`, `the SDK refuses it: ${refused}`);
    else if (found.length > 0 && broken !== null) checks.skip(`import of ${name}`, `what the SDK gives is broken: ${broken}`);
    else checks.expectNone(`import of ${name}`, found);
  }
}

/** The pipelines of one seed, written as a Python module. */
function casesOf(folder: string, seed: number): Case[] {
  const program = generate(seed, "twin");
  const place = join(folder, `twin-${seed}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), '{ "type": "module" }');
  const python = join(place, "pipeline.py");
  writeFileSync(python, printPython(program));
  return program.mains.map((main) => ({ name: `twin-${seed} ${main.name}`, python, function: functionName(main.name), target: join(place, `${main.name}.yaml`) }));
}

/** Writes what a file becomes, and what that compiles to, beside it. */
function importAndCompile(file: string): string[] {
  const entry = file.replace(/\.yaml$/, ".ts");
  const { typescript, diagnostics } = importKfp(nodeHost(), readFileSync(file, "utf8"), file, entry);
  if (typescript !== undefined) writeFileSync(entry, typescript);
  const found = diagnostics.map(({ code, message }) => `${code} ${message}`);
  if (typescript === undefined || found.length > 0) return found;
  const { output, diagnostics: refusals } = compile(nodeHost(), entry, { target: "kfp", kfp: { shape: "sdk" } });
  if (output === undefined) return refusals.map(({ code, message }) => `${code} ${message}`);
  writeFileSync(`${file}.sdk.yaml`, output);
  return [];
}
