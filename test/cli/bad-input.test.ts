/** Whatever is wrong with the input: one clear message with a place, exit code 1, never a stack. */
import { chmodSync, existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc, smallPipeline, type Outcome } from "./hmc.ts";

/** Asserts that a command has failed as a user's mistake and says all of these. */
function fails(outcome: Outcome, ...texts: (string | RegExp)[]): void {
  const { code, stdout, stderr } = outcome;
  assert.is(code, 1, stderr);
  assert.is(stdout, "", "nothing goes to standard output");
  assert.not.ok(/^\s+at .*[:(]\d+/m.test(stderr), `no stack in:\n${stderr}`);
  assert.not.ok(stderr.includes("bug in hmc"), stderr);
  for (const text of texts) assert.ok(typeof text === "string" ? stderr.includes(text) : text.test(stderr), `${String(text)} is in:\n${stderr}`);
}

const compile = (files: Record<string, string | Uint8Array>, ...args: string[]) => {
  const cwd = folderWith(files);
  const outcome = hmc(["compile", "pipeline.ts", ...args], { cwd });
  assert.is(existsSync(`${cwd}/pipeline.yaml`), false, "nothing is written");
  return outcome;
};

test("no such file, with the one that was meant", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  fails(hmc(["compile", "pipelin.ts"], { cwd }), "HMC0001", '"pipelin.ts"', 'Did you mean "pipeline.ts"?');
  fails(hmc(["compile", "elsewhere/x.ts"], { cwd }), "HMC0001", '"elsewhere/x.ts"');
});

test("a directory, with the file in it", () => {
  const cwd = folderWith({ "sub/pipeline.ts": smallPipeline });
  fails(hmc(["compile", "sub"], { cwd }), "HMC0011", '"sub/pipeline.ts"');
});

test("not a TypeScript file", () => {
  const cwd = folderWith({ "pipeline.py": "print(1)" });
  fails(hmc(["compile", "pipeline.py"], { cwd }), "HMC0002", '"pipeline.py"');
});

test("an empty file", () => {
  fails(compile({ "pipeline.ts": "" }), "pipeline.ts:1:1", "HMC0003");
  fails(compile({ "pipeline.ts": " \n\t\n" }), "pipeline.ts:1:1", "HMC0003");
});

test("a file without a pipeline", () => {
  fails(compile({ "pipeline.ts": "export const x = 1;\n" }), "pipeline.ts:1:1", "HMC0006");
});

test("a syntax error", () => {
  fails(compile({ "pipeline.ts": 'import { pipeline } from "hmc";\n\nexport const p = pipeline(() => { const = 1; });\n' }), "pipeline.ts:3:41", /TS1\d\d\d/);
});

test("a TypeScript error, with the types in question", () => {
  fails(compile({ "pipeline.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") }), "pipeline.ts:6:28", "TS2322", "'number' is not assignable to type 'string'");
});

test("several pipelines and none chosen, and one that is not there", () => {
  const two = { "pipeline.ts": `${smallPipeline}\nexport const goodbye = pipeline(() => { greet({ name: "you" }); });\n` };
  fails(compile(two), "pipeline.ts:5:14", "HMC0007", '"hello", "goodbye"', "pipeline.ts:10:14", "--pipeline");
  fails(compile(two, "--pipeline", "helo"), "HMC0008", 'Did you mean "hello"?');
  const cwd = folderWith(two);
  const { code } = hmc(["compile", "pipeline.ts", "--pipeline", "goodbye"], { cwd });
  assert.is(code, 0);
  assert.ok(existsSync(`${cwd}/goodbye.yaml`), "the file is named after the pipeline");
});

test("a byte order mark and CRLF are no mistakes, and places count without the mark", () => {
  const plain = hmc(["compile", "pipeline.ts", "-o", "-"], { cwd: folderWith({ "pipeline.ts": smallPipeline }) });
  const marked = hmc(["compile", "pipeline.ts", "-o", "-"], { cwd: folderWith({ "pipeline.ts": `\uFEFF${smallPipeline.replaceAll("\n", "\r\n")}` }) });
  assert.is(marked.code, 0, marked.stderr);
  const withoutDigest = (text: string) => text.replace(/^# Digest: .*$/m, "");
  assert.is(withoutDigest(marked.stdout), withoutDigest(plain.stdout));
  const broken = `\uFEFF${smallPipeline.replace("greet({ name })", "greet({ name: 1 })").replaceAll("\n", "\r\n")}`;
  fails(compile({ "pipeline.ts": broken }), "pipeline.ts:6:28", "TS2322");
  fails(compile({ "pipeline.ts": `\uFEFFimport { pipeline } from "hmx";\r\n` }), "pipeline.ts:1:26", "HMC0009");
});

test("a file of 5 MB", () => {
  const started = performance.now();
  fails(compile({ "pipeline.ts": `${smallPipeline}// ${"x".repeat(5 * 1024 * 1024)}\n` }), "pipeline.ts:1:1", "HMC0005", "4194304");
  assert.ok(performance.now() - started < 10_000);
});

test("a file that is not UTF-8, with the place of the first wrong byte", () => {
  const bytes = Buffer.concat([Buffer.from("// gr\u00fc\u00dfe\n// caf"), Buffer.from([0xe9]), Buffer.from(`\n${smallPipeline}`)]);
  fails(compile({ "pipeline.ts": bytes }), "pipeline.ts:2:7", "HMC0004", "byte 17");
});

test("an import that does not resolve, of a file and of a package", () => {
  fails(compile({ "pipeline.ts": `import { x } from "./missing.ts";\n${smallPipeline}` }), "pipeline.ts:1:19", "HMC0009", '"./missing.ts"');
  fails(compile({ "pipeline.ts": `import { x } from "no-such-package";\n${smallPipeline}` }), "pipeline.ts:1:19", "HMC0009", '"no-such-package"');
});

test("circular imports are no mistake", () => {
  const cwd = folderWith({
    "pipeline.ts": `import { greet } from "./ops.ts";\nimport { pipeline } from "hmc";\nexport const base = "world";\nexport const hello = pipeline(() => { greet({ name: base }); });\n`,
    "ops.ts": `import { op } from "hmc";\nimport { base } from "./pipeline.ts";\nexport const greet = op({ image: "example.com/greet:1.0" }, async (input: { name: string }): Promise<{ text: string }> => ({ text: input.name + base }));\n`,
  });
  const { code, stderr } = hmc(["compile", "pipeline.ts"], { cwd });
  assert.is(code, 0, stderr);
});

test("constants that need each other are reported, not followed for ever", () => {
  const outcome = compile({
    "pipeline.ts": `import { other } from "./other.ts";\n${smallPipeline.replace('name = "world"', "name = one")}export const one: string = other;\n`,
    "other.ts": `import { one } from "./pipeline.ts";\nexport const other: string = one;\n`,
  });
  fails(outcome, /pipeline\.ts:\d+:\d+|other\.ts:\d+:\d+/);
});

test("an error in an imported file is shown in that file", () => {
  fails(compile({ "pipeline.ts": `import { one } from "./lib/one.ts";\n${smallPipeline.replace('"world"', "one")}`, "lib/one.ts": "export const one: string = 1;\n" }), "lib/one.ts:1:14", "TS2322");
});

test("all mistakes are shown at once", () => {
  fails(compile({ "pipeline.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })").replace("greeting.text", "greeting.txt") }), "pipeline.ts:6:28", "TS2322", "pipeline.ts:7:27", "TS2551");
});

test("an unknown command, option and value, with what was meant and where to look", () => {
  fails(hmc(["complie", "x.ts"]), "HMC0010", 'Unknown command "complie"', 'Did you mean "compile"?', "hmc --help");
  fails(hmc(["compile", "x.ts", "--traget", "kfp"]), "HMC0010", 'Unknown option "--traget"', 'Did you mean "--target"?', "hmc compile --help");
  fails(hmc(["compile", "x.ts", "--target", "kfb"]), "HMC0015", '"kfb"', "kfp, argo, ir", 'Did you mean "kfp"?');
  fails(hmc(["compile", "x.ts", "--kfp-shape"]), "HMC0015", "--kfp-shape");
  fails(hmc(["op"]), "HMC0015", "<op>", "hmc op --help");
  fails(hmc(["explain", "HMC30200"]), "HMC0018", 'Did you mean "HMC3020"?');
  fails(hmc(["explain", "x.ts", "task", "more"]), "HMC0015", "too many arguments", "hmc explain --help");
  fails(hmc(["compile", "a.ts", "b.ts"]), "HMC0015", "too many arguments");
  fails(hmc(["check", "x.ts", "--max-warnings", "-1"]), "HMC0015", "--max-warnings");
  fails(hmc(["--no-such"]), "HMC0010", '"--no-such"');
});

test("a target version that is not known", () => {
  fails(compile({ "pipeline.ts": smallPipeline }, "--target-version", "1.8"), "HMC4030", "1.8");
});

test("a task that is not there", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  fails(hmc(["explain", "pipeline.ts", "greeet"], { cwd }), "pipeline.ts:5:14", "HMC0016", 'Did you mean "greet"?');
});

test("an output that cannot be written", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline, "file": "", "folder/x": "", "locked/x": "" });
  fails(hmc(["compile", "pipeline.ts", "-o", "folder"], { cwd }), "HMC0012", '"folder"', "it is a directory");
  fails(hmc(["compile", "pipeline.ts", "-o", "file/out.yaml"], { cwd }), "HMC0012", '"file/out.yaml"', "a part of its path is a file");
  fails(hmc(["graph", "pipeline.ts", "-o", "file/out.mmd"], { cwd }), "HMC0012");
  fails(hmc(["bundle", "pipeline.ts", "-o", "file/main.mjs"], { cwd }), "HMC0012");
  chmodSync(`${cwd}/locked`, 0o555);
  if (process.getuid?.() !== 0) fails(hmc(["compile", "pipeline.ts", "-o", "locked/out.yaml"], { cwd }), "HMC0012", "permission is denied");
});

test("an environment variable that is not set", () => {
  const source = smallPipeline.replace("{ op, pipeline }", "{ env, op, pipeline }").replace('"example.com/greet:1.0"', 'env("HMC_TEST_IMAGE")');
  fails(compile({ "pipeline.ts": source }), "pipeline.ts:3:", "HMC0014", '"HMC_TEST_IMAGE"');
});

test("every command reports a file with errors in the same way", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") });
  for (const args of [["check"], ["list"], ["explain"], ["graph"], ["run"], ["bundle"]]) fails(hmc([...args, "pipeline.ts"], { cwd }), "pipeline.ts:6:28", "TS2322");
  fails(hmc(["op", "pipeline.ts", "greet"], { cwd }), "pipeline.ts:6:28", "TS2322");
});

test.run();
