/** `hmc run` and `hmc op` from a TypeScript file to printed outputs; every HMC6xxx that a user can meet. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import picocolors from "picocolors";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { opCommand } from "../../compiler/cli/op.ts";
import { runCommand, type RunFlags } from "../../compiler/cli/run.ts";
import type { Terminal } from "../../compiler/cli/terminal.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { launcher } from "../cli/hmc.ts";
import { makeProject, readJson, run } from "./project.ts";

const source = `import { argoVariable, container, fileOf, op, pipeline, type Dataset, type Int } from "hmc";
import { readFileSync, writeFileSync } from "node:fs";

export const write = op({ image: "example.com/ops:1" }, async (input: { text: string; times?: Int }, out: { file: Dataset }) => {
  if (input.text === "bad") {
    throw new Error("cannot write");
  }
  writeFileSync(out.file.path, input.text.repeat(input.times ?? 1));
});

export const measure = op({ image: "example.com/ops:1" }, async (input: { file: Dataset; factor: number; mode?: "fast" | "exact" }) => {
  console.log("measuring");
  return { size: readFileSync(input.file.path, "utf8").length * input.factor, mode: input.mode ?? "none" };
});

export const upper = container({ image: "example.com/tools:1" }, (input: { text: string; suffix?: string }, out: { result: string; copy: Dataset }) => ({
  command: ["sh", "-c", 'printf %s "$0$1" | tr a-z A-Z > "$2"; printf %s "$0" > "$3"'],
  args: [input.text, ...(input.suffix !== undefined ? [\`-\${input.suffix}\`] : ["-"]), fileOf(out.result), out.copy.path],
}));

export const main = pipeline(({ text, times = 2, limits = [1] }: { text: string; times?: Int; limits?: number[] }) => {
  const written = write({ text, times });
  const sizes = limits.map((factor) => measure({ file: written.file, factor }).size);
  return { file: written.file, sizes };
});

export const shouting = pipeline(({ text = "abc" }: { text?: string }) => {
  const loud = upper({ text, suffix: "x" });
  const quiet = upper({ text: loud.result });
  return { result: quiet.result };
});

export const roll = container({ image: "example.com/tools:1" }, (input: { text: string }, out: { eyes: Int; note: string }) => ({
  command: ["sh"],
  args: ["-e"],
  script: \`
    if [ "\${input.text}" = "it's" ]; then echo 6; fi
    echo "by \${argoVariable("workflow.name")}" >&2
  \`,
  stdout: out.eyes,
  defaults: { note: "none" },
}));

export const rolling = pipeline(() => {
  const rolled = roll({ text: "it's" });
  return { eyes: rolled.eyes, note: rolled.note, run: argoVariable("workflow.uid") };
});

export const fixed = container({ image: "example.com/tools:1" }, (_input: {}, out: { note: string }) => ({ command: ["make-note"], files: { note: "/tmp/note" } }));
export const timed = container({ image: "example.com/tools:1" }, () => ({ command: ["echo", argoVariable("workflow.duration")] }));
export const argoOnly = pipeline(() => {
  fixed();
  timed();
  upper({ text: argoVariable("workflow.priority") });
});
`;

const root = makeProject({ "package.json": "{}", "pipeline.ts": source });
const file = join(root, "pipeline.ts");

interface Printed {
  code: number;
  out: string;
  err: string;
}

function recording(): { terminal: Terminal; printed: (code: number) => Printed } {
  let out = "";
  let err = "";
  const colors = picocolors.createColors(false);
  const terminal: Terminal = { out: (text) => void (out += text), err: (text) => void (err += text), outColors: colors, errColors: colors, width: 100 };
  return { terminal, printed: (code) => ({ code, out, err }) };
}

async function hmcRun(flags: RunFlags): Promise<Printed> {
  const { terminal, printed } = recording();
  return printed(await runCommand(nodeHost(), terminal, file, flags));
}

async function hmcOp(name: string, flags: Parameters<typeof opCommand>[4]): Promise<Printed> {
  const { terminal, printed } = recording();
  return printed(await opCommand(nodeHost(), terminal, file, name, flags));
}

test("a run prints the outputs alone to standard output, the progress and where things lie to standard error", async () => {
  const { code, out, err } = await hmcRun({ pipeline: "main", parameter: ["text=a=b", "limits=[1, 0.5]"] });
  assert.is(err.includes("error"), false, err);
  assert.is(code, 0);
  const outputs = JSON.parse(out) as { sizes: number[]; file: { path: string } };
  assert.equal(outputs.sizes, [6, 3]);
  assert.ok(existsSync(outputs.file.path));
  assert.equal(Object.keys(outputs.file).sort(), ["metadata", "name", "path", "uri"]);
  assert.match(err, /▸ write\n/);
  assert.match(err, /✓ for-1\/1\/measure \d/);
  assert.match(err, /✓ succeeded in .*Logs, artifacts and run\.json: /);
});

test("a failed task shows its log, the TypeScript line that threw, and its call in the pipeline (HMC6001)", async () => {
  const { code, out, err } = await hmcRun({ pipeline: "main", parameter: ["text=bad"] });
  assert.is(code, 1);
  assert.is(out, "");
  const line = source.split("\n").findIndex((text) => text.includes("cannot write")) + 1;
  assert.match(err, `│ ${line} |     throw new Error("cannot write");`);
  assert.match(err, `error HMC6001: The task "write" failed: Error: cannot write (pipeline.ts:${line}:11). Read its log in "`);
  assert.match(err, "const written = write({ text, times });");
  assert.match(err, "· for-1");
});

test("mistakes in parameters are reported all at once, with a suggestion (HMC6003 to HMC6006, HMC6010)", async () => {
  const before = runs();
  const { code, err } = await hmcRun({ pipeline: "main", parameter: ["txt=x", "times=2.5", 'limits=[1,"a"]', "nothing"], jobs: "0" });
  assert.is(code, 1);
  for (const message of [
    'HMC6003: The pipeline "main" has no parameter "txt". Did you mean "text"?',
    'HMC6005: The parameter "times" of the pipeline "main" must be a whole number, but is 2.5.',
    'HMC6005: The parameter "limits[1]" of the pipeline "main" must be a number, but is "a".',
    'HMC6006: "-p nothing" gives no value. Write "-p name=value".',
    'HMC6004: The pipeline "main" needs the parameter "text" (a string), which has no default. Give it with "-p text=…".',
    'HMC6010: "--jobs 0" is no whole number above 0.',
  ]) assert.ok(err.includes(message), `${message}\n--- in\n${err}`);
  assert.equal(runs(), before);
});

test("--json gives the events, the last of which has the outcome", async () => {
  const last = (out: string): unknown => JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
  const good = last((await hmcRun({ pipeline: "main", parameter: ["text=x"], json: true })).out) as { state: string; outputs: { sizes: number[] } };
  assert.equal([good.state, good.outputs.sizes], ["succeeded", [2]]);
  const bad = last((await hmcRun({ pipeline: "main", parameter: ["text=bad"], json: true })).out) as { state: string; failures: { task: string; exitCode: number }[] };
  assert.equal([bad.state, bad.failures[0]?.task, bad.failures[0]?.exitCode], ["failed", "write", 1]);
});

test("containers run on this machine on request, with their arguments filled in", async () => {
  const { code, out, err } = await hmcRun({ pipeline: "shouting", exec: "host" });
  assert.is(code, 0, err);
  assert.equal(JSON.parse(out), { result: "ABC-X-" });
});

test("a program that is text, what it prints, and the default of what it does not write", async () => {
  const { code, out, err } = await hmcRun({ pipeline: "rolling", exec: "host" });
  assert.is(code, 0, err);
  const { run: id, ...outputs } = JSON.parse(out) as { run: string };
  assert.equal(outputs, { eyes: 6, note: "none" });
  const folder = join(root, ".hmc/runs", id, "tasks/roll");
  assert.is(readFileSync(join(folder, "log.txt"), "utf8"), `by ${id}\n6\n`);
  assert.is(readFileSync(join(folder, "attempts/1/script"), "utf8"), `if [ "it's" = "it's" ]; then echo 6; fi\necho "by ${id}" >&2\n`);
});

test("what only Argo has does not start: fixed places without an image, its variables (HMC6012, HMC6013)", async () => {
  const before = runs();
  const { code, err } = await hmcRun({ pipeline: "argo-only", exec: "host" });
  assert.is(code, 1);
  assert.match(err, 'HMC6012: The programs of "fixed" use fixed paths');
  assert.match(err, 'HMC6013: "timed" reads Argo\'s variable "workflow.duration"');
  assert.match(err, 'HMC6013: "argoOnly" reads Argo\'s variable "workflow.priority"');
  assert.equal(runs(), before);
});

test("steps that only Argo has do not start (HMC6016)", async () => {
  const before = runs();
  const source = 'import { argoTemplate, pipeline } from "hmc";\nexport const pause = argoTemplate({}, () => ({ suspend: {} }));\nexport const p = pipeline(() => { pause({}); });\n';
  const project = makeProject({ "package.json": "{}", "pipeline.ts": source });
  const { code, stderr } = await run(process.execPath, [launcher, "run", "pipeline.ts"], { cwd: project });
  assert.is(code, 1);
  assert.match(stderr, 'HMC6016: "pause" is a step of the kind "suspend"');
  assert.equal(runs(), before);
});

test("a run that cannot keep its files does not start and says why (HMC6011)", async () => {
  const blocked = makeProject({ "package.json": "{}", ".hmc": "a file", "pipeline.ts": 'import { op, pipeline } from "hmc";\nexport const one = op(() => 1);\nexport const p = pipeline(() => { one({}); });\n' });
  const { code, stdout, stderr } = await run(process.execPath, [launcher, "run", "pipeline.ts"], { cwd: blocked });
  assert.is(stderr.trim(), 'error HMC6011: The run cannot be kept in ".hmc": a part of its path is a file. Make it a folder that you may write to, with space left.');
  assert.equal([code, stdout], [1, ""]);
});

test("without a container engine a run of containers does not start (HMC6007)", async () => {
  const before = runs();
  const path = process.env["PATH"];
  process.env["PATH"] = "/nonexistent";
  try {
    const { code, err } = await hmcRun({ pipeline: "shouting" });
    assert.is(code, 1);
    assert.match(err, 'HMC6007: These tasks run a container image, but neither docker nor podman answers: "upper".');
    assert.match(err, '"--exec host"');
    assert.equal(runs(), before);
  } finally {
    process.env["PATH"] = path;
  }
});

test("one op runs alone, with parameters by text and artifacts by path", async () => {
  writeFileSync(join(root, "data.txt"), "12345");
  const { code, out, err } = await hmcOp("measure", { parameter: [`file=${join(root, "data.txt")}`, "factor=2"] });
  assert.is(code, 0, err);
  assert.equal(JSON.parse(out), { size: 10, mode: "none" });
});

test("one op runs with inputs from a JSON file, which the command line overrides", async () => {
  writeFileSync(join(root, "inputs.json"), JSON.stringify({ file: { uri: join(root, "data.txt"), metadata: { a: 1 } }, factor: 3, mode: "fast" }));
  const { out, err } = await hmcOp("measure", { inputJson: join(root, "inputs.json"), parameter: ["factor=4"] });
  assert.equal(JSON.parse(out === "" ? `"${err}"` : out), { size: 20, mode: "fast" });
});

test("mistakes in the inputs of an op are reported (HMC6004, HMC6005, HMC6008, HMC6009)", async () => {
  const wrong = await hmcOp("measure", { parameter: ["factor=x", "mode=slow"] });
  assert.is(wrong.code, 1);
  assert.match(wrong.err, 'HMC6005: The parameter "factor" of the op "measure" must be a number, but is "x".');
  assert.match(wrong.err, 'HMC6005: The parameter "mode" of the op "measure" must be one of "fast", "exact", but is "slow".');
  assert.match(wrong.err, 'HMC6004: The op "measure" needs the parameter "file" (the path of an artifact)');
  const unknown = await hmcOp("mesure", {});
  assert.is(unknown.code, 1);
  assert.match(unknown.err, /HMC6008: There is no op "mesure" in ".*pipeline\.ts"\. Did you mean "measure"\?/);
  writeFileSync(join(root, "list.json"), "[1]");
  writeFileSync(join(root, "half.json"), "{");
  for (const [name, problem] of [["absent.json", "there is no such file"], ["list.json", "it holds no object"], ["half.json", "JSON"]] as const) {
    const { code, err } = await hmcOp("measure", { inputJson: join(root, name) });
    assert.is(code, 1);
    assert.match(err, "HMC6009");
    assert.match(err, problem);
  }
});

test("Ctrl-C ends the tasks, records the run as stopped, and gives 130", async () => {
  const slow = makeProject({
    "package.json": "{}",
    "pipeline.ts": 'import { op, pipeline } from "hmc";\nexport const nap = op({ image: "example.com/ops:1" }, async () => {\n  console.log(process.pid);\n  await new Promise((resolve) => setTimeout(resolve, 60_000));\n});\nexport const main = pipeline(() => {\n  nap();\n});\n',
  });
  const log = () => {
    const [id] = runs(slow);
    const file = id === undefined ? "" : join(slow, ".hmc/runs", id, "tasks/nap/log.txt");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  let waiting: NodeJS.Timeout | undefined;
  const ended = await run(process.execPath, [launcher, "run", join(slow, "pipeline.ts")], {
    onStderr: (_, kill) => {
      waiting ??= setInterval(() => {
        if (log() === "") return;
        clearInterval(waiting);
        kill("SIGINT");
      }, 100);
    },
  });
  clearInterval(waiting);
  assert.is(ended.code, 130, ended.stderr);
  assert.match(ended.stderr, "✗ stopped in ");
  assert.is((readJson(join(slow, ".hmc/runs", runs(slow)[0] as string, "run.json")) as { state: string }).state, "stopped");
  const pid = Number(log());
  assert.ok(pid > 0);
  assert.throws(() => process.kill(pid, 0), "ESRCH");
});

function runs(of = root): string[] {
  const folder = join(of, ".hmc/runs");
  return existsSync(folder) ? readdirSync(folder) : [];
}

test.run();
