/** What each command prints and writes, and its exit code. */
import { existsSync, readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { commandNames } from "../../compiler/cli/command-names.ts";
import { root } from "../folders.ts";
import { folderWith, hmc, smallPipeline } from "./hmc.ts";

const crashed = "fixtures/crashed/pipeline.ts";
const escape = "\u001B[";

test("compile writes beside the source and says where, with nothing on standard output", () => {
  const cwd = folderWith({ "flows/pipeline.ts": smallPipeline, "flows/train.ts": smallPipeline });
  const { code, stdout, stderr } = hmc(["compile", "flows/pipeline.ts"], { cwd });
  assert.is(code, 0, stderr);
  assert.is(stdout, "");
  assert.ok(stderr.includes("Wrote hello (1 task) to flows/pipeline.yaml"), stderr);
  const spec = parse(readFileSync(`${cwd}/flows/pipeline.yaml`, "utf8")) as { pipelineInfo: { name: string } };
  assert.is(spec.pipelineInfo.name, "hello");
  assert.is(hmc(["compile", "flows/train.ts"], { cwd }).code, 0);
  assert.ok(existsSync(`${cwd}/flows/train.yaml`), "the file is named after the source");
});

test("pipeline.ts of the working directory is meant where no file is given", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  for (const args of [["compile", "-o", "-"], ["check"], ["list"], ["graph"], ["explain"], ["explain", "greet"], ["op", "greet", "-p", "name=you"]]) {
    const { code, stderr } = hmc(args, { cwd });
    assert.is(code, 0, `${args.join(" ")}: ${stderr}`);
  }
  assert.match(hmc(["explain", "greet"], { cwd }).stdout, /Runs the op greet/);
  assert.is(hmc(["list"], { cwd: folderWith({}) }).code, 1);
});

test("explain prints the page of a code", () => {
  const { code, stdout } = hmc(["explain", "hmc3020"], { cwd: folderWith({}) });
  assert.is(code, 0);
  assert.is(stdout.trimEnd(), readFileSync(`${root}/docs/errors/HMC3020.md`, "utf8").trimEnd());
});

test("compile -o writes anywhere, makes the folder, and - is standard output with the same bytes", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  assert.is(hmc(["compile", "pipeline.ts", "-o", "new/folder/out.yaml"], { cwd }).code, 0);
  const { stdout } = hmc(["compile", "pipeline.ts", "-o", "-"], { cwd });
  assert.is(stdout, readFileSync(`${cwd}/new/folder/out.yaml`, "utf8"));
  assert.is(existsSync(`${cwd}/pipeline.yaml`), false);
});

test("compile --target ir prints a document; --pipeline narrows what it exports", () => {
  const cwd = folderWith({ "pipeline.ts": `${smallPipeline}export const second = pipeline(() => { greet({ name: "x" }); });\n` });
  const exported = (...args: string[]) => (JSON.parse(hmc(["compile", "pipeline.ts", "--target", "ir", ...args], { cwd }).stdout) as { exported: string[] }).exported;
  assert.equal(exported(), ["hello", "second"]);
  assert.equal(exported("--pipeline", "second"), ["second"]);
});

test("compile options reach the target", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline.replace('{ image: "example.com/greet:1.0" }, ', "") });
  const { code, stdout, stderr } = hmc(["compile", "pipeline.ts", "-o", "-", "--image", "example.com/all:2.0", "--entrypoint", "node --enable-source-maps '/my app/main.mjs'", "--kfp-shape", "sdk"], { cwd });
  assert.is(code, 0, stderr);
  assert.ok(stdout.includes("example.com/all:2.0"));
  const container = (parseAllDocuments(stdout)[0]?.toJS() as { deploymentSpec: { executors: Record<string, { container: { command: string[] } }> } }).deploymentSpec.executors;
  assert.equal(Object.values(container)[0]?.container.command.slice(0, 3), ["node", "--enable-source-maps", "/my app/main.mjs"]);
});

test("compile --stats shows each stage", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const { stderr } = hmc(["compile", "pipeline.ts", "-o", "-", "--stats"], { cwd });
  for (const stage of ["analyse", "validate", "rules", "emit", "total"]) assert.match(stderr, new RegExp(`${stage} +[\\d.]+ ms`));
});

test("check finds what is wrong in the body of an op, which compile leaves alone", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline.replace("async (input: { name: string }) => ({", "async (input: { name: string }): Promise<{ text: string }> => ({").replace("Hello, ${input.name}", "${input.nam}") });
  const checked = hmc(["check", "pipeline.ts"], { cwd });
  assert.is(checked.code, 1);
  assert.ok(checked.stderr.includes("TS2551"), checked.stderr);
  assert.is(hmc(["compile", "pipeline.ts"], { cwd }).code, 0);
});

test("check of a good file says so; several files make one report", () => {
  const cwd = folderWith({ "a.ts": smallPipeline, "b.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") });
  const good = hmc(["check", "a.ts"], { cwd });
  assert.is(good.code, 0, good.stderr);
  assert.ok(good.stderr.includes("1 file has no errors"));
  const both = hmc(["check", "a.ts", "b.ts", "--format", "json"], { cwd });
  assert.is(both.code, 1);
  const report = JSON.parse(both.stdout) as { diagnostics: { code: string; span: { file: string } }[] };
  assert.equal(report.diagnostics.filter(({ code }) => code.startsWith("TS")).map(({ code, span }) => [code, span.file]), [["TS2322", "b.ts"]]);
});

test("check --format writes reports to standard output, with files relative to the working directory", () => {
  const cwd = folderWith({ "package.json": "{}", "flows/pipeline.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") });
  const sarif = JSON.parse(hmc(["check", "flows/pipeline.ts", "--format", "sarif"], { cwd }).stdout) as { version: string };
  assert.is(sarif.version, "2.1.0");
  const gitlab = JSON.parse(hmc(["check", "flows/pipeline.ts", "--format", "gitlab"], { cwd }).stdout) as { location: { path: string } }[];
  assert.is(gitlab[0]?.location.path, "flows/pipeline.ts");
  const inside = hmc(["check", "pipeline.ts"], { cwd: `${cwd}/flows` });
  assert.ok(inside.stderr.startsWith("pipeline.ts:6:28"), inside.stderr);
});

test("check --max-warnings fails on more warnings than that", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline.replace("example.com/greet:1.0", "example.com/greet:latest") });
  const plain = hmc(["check", "pipeline.ts"], { cwd });
  assert.is(plain.code, 0, plain.stderr);
  assert.match(plain.stderr, /warning/);
  assert.is(hmc(["check", "pipeline.ts", "--max-warnings", "0"], { cwd }).code, 1);
  assert.is(hmc(["check", "pipeline.ts", "--max-warnings", "9"], { cwd }).code, 0);
});

test("list names pipelines and ops with their types, also as JSON", () => {
  const { code, stdout } = hmc(["list", crashed]);
  assert.is(code, 0);
  assert.match(stdout, /in {2}threshold +number = 0\.75/);
  assert.match(stdout, /out model +Model/);
  const listed = JSON.parse(hmc(["list", crashed, "--format", "json"]).stdout) as { pipelines: { id: string }[]; components: { id: string }[] };
  assert.equal(listed.pipelines.map(({ id }) => id), ["crashed"]);
  assert.ok(listed.components.some(({ id }) => id === "create-training"));
});

test("explain shows the schedule for both engines with its next three fires, parameters and tasks", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline.replace("pipeline((", 'pipeline({ schedule: "30 2 * * 1", timezone: "Australia/Melbourne", experiment: "demos" }, (') });
  const { code, stdout, stderr } = hmc(["explain", "pipeline.ts"], { cwd, env: { TZ: "America/New_York" } });
  assert.is(code, 0, stderr);
  assert.match(stdout, /cron +30 2 \* \* 1/);
  assert.match(stdout, /KFP +0 30 2 \* \* 1/);
  const fires = [...stdout.matchAll(/Mon (\d{4}-\d\d-\d\d) 02:30/g)].map(([, day]) => new Date(`${day}T00:00:00Z`).getTime());
  assert.is(fires.length, 3);
  assert.is((fires[1] ?? 0) - (fires[0] ?? 0), 7 * 24 * 3600 * 1000);
  assert.match(stdout, /name +string +="? ?"world"/);
  assert.match(stdout, /greet +op greet/);
});

test("explain of a task shows where inputs come from and which layer gave each option", () => {
  const source = smallPipeline
    .replace('op({ image: "example.com/greet:1.0" }', 'op({ image: "example.com/greet:1.0", cpu: 2, env: { A: "op", B: "op" } }')
    .replace("pipeline((", 'pipeline({ defaults: { memory: "2Gi", cpu: 1 } }, (')
    .replace("greet({ name })", 'greet({ name }, { env: { B: "call", C: secret(name, "key", { optional: true }), D: fieldPath("spec.nodeName") }, timeout: "10m", image: `x/${name}:1`, accelerator: { type: name } })')
    .replace("import { op", "import { fieldPath, secret, op");
  const { code, stdout, stderr } = hmc(["explain", "pipeline.ts", "greet"], { cwd: folderWith({ "pipeline.ts": source }) });
  assert.is(code, 0, stderr);
  assert.match(stdout, /name +string +← name/);
  assert.match(stdout, /cpu +2 +from op/);
  assert.match(stdout, /memory +2Gi +from defaults of the pipeline/);
  assert.match(stdout, /env\.A +op +from op/);
  assert.match(stdout, /env\.B +call +from this call/);
  assert.match(stdout, /timeout +600 s +from this call/);
  assert.match(stdout, /env\.C +secret ← name \/ key, if it exists +from this call/);
  assert.match(stdout, /env\.D +field spec\.nodeName of the pod +from this call/);
  assert.match(stdout, /image +← `x\/\$\{name\}:1` +from this call/);
  assert.match(stdout, /accelerator +\{"type":"← name","count":1\} +from this call/);
});

test("graph draws in each format, to a file or to standard output", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const draw = (...args: string[]) => hmc(["graph", "pipeline.ts", ...args], { cwd });
  assert.ok(draw().stdout.includes("│ greet │"));
  assert.ok(draw("--format", "mermaid").stdout.startsWith("flowchart TD\n"));
  assert.ok(draw("--format", "dot").stdout.startsWith('digraph "hello" {'));
  assert.is((JSON.parse(draw("--format", "json").stdout) as { graphs: { pipeline: string }[] }).graphs[0]?.pipeline, "hello");
  assert.is(draw("--format", "dot", "-o", "graph.dot").stdout, "");
  assert.is(readFileSync(`${cwd}/graph.dot`, "utf8"), draw("--format", "dot").stdout);
});

test("bundle writes a file that lists the ops of the pipeline", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const { code, stderr } = hmc(["bundle", "pipeline.ts", "-o", "out/main.mjs"], { cwd });
  assert.is(code, 0, stderr);
  assert.ok(readFileSync(`${cwd}/out/main.mjs`, "utf8").includes("greet"));
});

test("help names every command; every command has its own help with examples", () => {
  const { code, stdout } = hmc(["--help"]);
  assert.is(code, 0);
  for (const name of commandNames) {
    assert.match(stdout, new RegExp(`^  ${name} `, "m"));
    const help = hmc([name, "--help"]);
    assert.is(help.code, 0);
    assert.ok(help.stdout.includes("Examples:\n") && help.stdout.includes(`hmc ${name} `), name);
  }
  assert.is(hmc([]).stdout, stdout, "no command at all shows the help");
});

test("--version is that of the package", () => {
  const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { version: string };
  assert.equal(hmc(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
});

test("colours: none in a pipe, all with FORCE_COLOR, none with NO_COLOR whatever else", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") });
  const colours = (env: Record<string, string>) => hmc(["compile", "pipeline.ts"], { cwd, env }).stderr.includes(escape);
  assert.is(colours({}), false);
  assert.is(colours({ FORCE_COLOR: "1" }), true);
  assert.is(colours({ FORCE_COLOR: "0" }), false);
  assert.is(colours({ FORCE_COLOR: "1", NO_COLOR: "1" }), false);
});

test.run();
