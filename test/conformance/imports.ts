/**
 * `hmc import` over real KFP files: each becomes TypeScript that passes `tsc --strict` and `hmc check`, and compiles in the shape of the SDK to
 * what the file says, by `ireq.py --alpha`. In the default shape it passes the schemas and the linter, or is refused for a reason that is
 * listed here.
 *
 * `HMC_IMPORT_FILES=FOLDER` takes other files; `HMC_IMPORT_ONLY=TEXT` only those with the text in their path.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import ts from "typescript";
import { check, compile } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { importKfp } from "../../compiler/import.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import type { Checks } from "./checks.ts";
import { jsonLines, noPython, noTools, root, run, type Environment, type Shape } from "./environment.ts";
import { featuresOf } from "./import-features.ts";
import { countByReason, unexplained } from "./shape-differences.ts";

interface Case {
  /** The path in its folder. */
  name: string;
  file: string;
  features: string[];
  entry: string | undefined;
  sdk: string | undefined;
  real: string | undefined;
  /** What stands in the way of the default shape. */
  refusals: string[];
  problems: Map<string, string[]>;
}

const shared = join(root, "../shared/conformance/kfp");

/** What the open back end cannot do, and so the default shape refuses; each reason is on the page of its code. */
const limits: Record<string, string[]> = {
  "valid/artifacts_complex.yaml": ["HMC4008"],
  "valid/artifacts_simple.yaml": ["HMC4060"],
  "valid/conditional_producer_and_consumers.yaml": ["HMC4008", "HMC4013"],
  "valid/container_with_artifact_output.yaml": ["HMC4060"],
  "valid/pipeline_with_condition_dynamic_task_output_custom_training_job.yaml": ["HMC4015"],
  "valid/pipeline_with_dynamic_importer_metadata.yaml": ["HMC4052"],
  "valid/pipeline_with_parallelfor_list_artifacts_GH-12033.yaml": ["HMC4009"],
};

export async function imports(checks: Checks, environment: Environment): Promise<void> {
  const folder = process.env["HMC_IMPORT_FILES"] ?? shared;
  if (!existsSync(folder)) return checks.skip("imports of real KFP files", `there is no ${folder}`);
  const files = yamlFiles(folder).filter((file) => !relative(folder, file).startsWith("invalid") && file.includes(process.env["HMC_IMPORT_ONLY"] ?? ""));
  const work = join(environment.work, "imports");
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, "package.json"), '{ "type": "module" }');
  const cases = files.map((file) => importFile(folder, file, work));
  typeCheck(cases);
  await compare(checks, cases, environment);
  report(checks, cases);
  if (folder === shared) for (const file of readdirSync(join(folder, "invalid"))) refuse(checks, join(folder, "invalid", file));
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.ya?ml$/.test(file)).map((file) => join(folder, file)).sort();
}

function importFile(folder: string, file: string, work: string): Case {
  const name = relative(folder, file).replaceAll("\\", "/");
  const stem = join(work, name.replace(/\.ya?ml$/, ""));
  mkdirSync(dirname(stem), { recursive: true });
  const text = readFileSync(file, "utf8");
  const entry = `${stem}.ts`;
  const found: Case = { name, file, features: featuresOf(text), entry: undefined, sdk: undefined, real: undefined, refusals: [], problems: new Map() };
  const imported = importKfp(nodeHost(), text, name, entry);
  found.problems.set("import", imported.diagnostics.filter(({ severity }) => severity !== "info").map(textOf));
  if (imported.typescript === undefined) return found;
  writeFileSync(entry, imported.typescript);
  found.entry = entry;
  found.problems.set("hmc check", errorsOf(check(nodeHost(), entry, { scope: "all", ops: "exported" }).diagnostics).map(textOf));
  for (const shape of ["sdk", "real"] satisfies Shape[]) {
    const compiled = compile(nodeHost(), entry, { target: "kfp", kfp: { shape } });
    const errors = errorsOf(compiled.diagnostics);
    if (compiled.output !== undefined) writeFileSync((found[shape] = `${stem}.${shape}.yaml`), compiled.output);
    else if (shape === "sdk") found.problems.set("compile (sdk shape)", errors.map(textOf));
    else found.refusals = errors.map(textOf);
  }
  return found;
}

/** One strict program for all of them. */
function typeCheck(cases: readonly Case[]): void {
  const entries = new Map(cases.flatMap((found) => (found.entry === undefined ? [] : [[found.entry, found] as const])));
  const program = ts.createProgram([...entries.keys()], {
    strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: true, types: [],
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    paths: { hmc: [join(root, "dist/language/index.d.ts")] },
  });
  for (const found of cases) if (found.entry !== undefined) found.problems.set("tsc --strict", []);
  for (const { file, start = 0, code, messageText } of ts.getPreEmitDiagnostics(program)) {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    entries.get(file?.fileName ?? "")?.problems.get("tsc --strict")?.push(`line ${line}: TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  }
}

async function compare(checks: Checks, cases: readonly Case[], { python, tools, work }: Environment): Promise<void> {
  if (python === undefined || tools === undefined) return checks.skip(`comparisons of ${cases.length} imports`, python === undefined ? noPython : noTools);
  const script = (name: string): string => join(root, "test/conformance", name);
  const pairs = join(work, "imports", "pairs.json");
  const named = new Map(cases.map((found) => [found.name, found]));
  const differences = async (shape: Shape): Promise<{ name: string; problems: string[] }[]> => {
    writeFileSync(pairs, JSON.stringify(cases.flatMap(({ name, file, [shape]: second }) => (second === undefined ? [] : [{ name, first: file, second }]))));
    return jsonLines(checks, await run(python, [script("equivalent.py"), "--tools", tools, pairs]));
  };
  for (const { name, problems } of await differences("sdk")) named.get(name)?.problems.set("ireq --alpha", problems);
  const real = await differences("real");
  for (const { name, problems } of real) named.get(name)?.problems.set("differs in the default shape, for no reason that is listed", unexplained(problems));
  console.log("The default shape differs from these files in:");
  for (const [title, count] of countByReason(real.flatMap(({ problems }) => problems))) console.log(`${String(count).padStart(6)}  ${title}`);
  for (const shape of ["sdk", "real"] satisfies Shape[]) {
    const files = new Map(cases.flatMap((found) => (found[shape] === undefined ? [] : [[found[shape], found] as const])));
    const linted = await run(python, [script("schema.py"), "--tools", tools, ...(shape === "real" ? ["--oss"] : []), ...files.keys()]);
    for (const { file, check: what, problems } of jsonLines<{ file: string; check: string; problems: string[] }>(checks, linted)) files.get(file)?.problems.set(`${what} (${shape} shape)`, problems);
  }
}

/** A line a file: what is in it, and how it went. */
function report(checks: Checks, cases: readonly Case[]): void {
  const width = Math.max(...cases.map(({ name }) => name.length));
  for (const { name, features, refusals, problems } of cases) {
    const found = [...problems].flatMap(([what, list]) => list.map((problem) => `${what}: ${problem}`));
    const limit = limits[name] ?? [];
    // A refusal is a finding, too, unless the back end itself cannot do it.
    const unexpected = refusals.filter((refusal) => !limit.some((code) => refusal.startsWith(code)));
    found.push(...unexpected.map((refusal) => `compile (real shape): ${refusal}`));
    for (const code of limit) if (!refusals.some((refusal) => refusal.startsWith(code))) found.push(`the default shape takes it, though ${code} was expected`);
    checks.expectNone(`import ${name.padEnd(width)}  ${features.join(", ")}${limit.length === 0 ? "" : `  [${limit.join(", ")} by default]`}`, found);
  }
}

/** What is no KFP file is refused with a place. */
function refuse(checks: Checks, file: string): void {
  const { typescript, diagnostics } = importKfp(nodeHost(), readFileSync(file, "latin1"), basename(file), join(dirname(file), "never.ts"));
  const errors = errorsOf(diagnostics);
  checks.expectNone(`import of invalid/${basename(file)} is refused: ${errors[0] === undefined ? "" : textOf(errors[0])}`, typescript === undefined && errors.length > 0 && errors.every(({ span }) => span !== undefined) ? [] : ["it was taken, or the error has no place"]);
}

function errorsOf(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

function textOf({ code, message, span }: Diagnostic): string {
  return `${code} ${span === undefined ? "" : `line ${span.line}: `}${message}`;
}
