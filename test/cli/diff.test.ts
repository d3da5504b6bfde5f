/** `hmc diff`: sides, formats, exit codes, and that reading a revision changes nothing. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diff } from "../../compiler/diff/change.ts";
import { root } from "../folders.ts";
import { folderWith, hmc, smallPipeline } from "./hmc.ts";

const louder = smallPipeline.replace('name = "world"', 'name = "all"');
const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(`${root}/schemas/diff.schema.json`, "utf8")) as object);

const hasGit = spawnSync("git", ["--version"]).status === 0;
if (!hasGit) console.log("SKIP  the tests of revisions: there is no program git");
const gitTest = hasGit ? test : test.skip;

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", ...args], { cwd, encoding: "utf8" });
  assert.is(status, 0, stderr);
  return stdout;
}

/** A repository with one commit. */
function repositoryWith(files: Record<string, string>): string {
  const cwd = folderWith(files);
  git(cwd, "init", "-q", "-b", "main");
  git(cwd, "add", "-A");
  git(cwd, "commit", "-q", "-m", "one");
  return cwd;
}

function write(cwd: string, file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

const json = (args: string[], cwd: string): Diff => {
  const { stdout, stderr } = hmc(["diff", ...args, "--format", "json"], { cwd });
  assert.is(stderr, "");
  const found = JSON.parse(stdout) as Diff;
  assert.ok(validate(found), JSON.stringify(validate.errors));
  return found;
};

test("two files, in each format", () => {
  const cwd = folderWith({ "a.ts": smallPipeline, "b.ts": louder });
  const text = hmc(["diff", "a.ts", "b.ts"], { cwd });
  assert.is(text.code, 0);
  assert.is(text.stdout, `--- a.ts
+++ b.ts

Pipeline hello
  ~ parameter name  string = "world" → string = "all"

Run again
  ○ greet  the default of a parameter has changed, so it may run again

Compiled file  1.1 kB → 1.1 kB
`.replace("1.1 kB → 1.1 kB", /Compiled file {2}(.*)/.exec(text.stdout)?.[1] ?? ""));
  assert.match(hmc(["diff", "a.ts", "b.ts", "--format", "markdown"], { cwd }).stdout, '| changed |  | parameter name | `string = "world"` | `string = "all"` |');
  const found = json(["a.ts", "b.ts"], cwd);
  assert.equal(found.changes, [{ subject: "parameter", action: "changed", pipeline: "hello", name: "name", before: 'string = "world"', after: 'string = "all"' }]);
  const [size] = found.sizes;
  assert.is((size?.after ?? 0) - (size?.before ?? 0), -4, "two letters less in the head and two in the specification");
  assert.match(hmc(["diff", "a.ts", "a.ts"], { cwd }).stdout, "No changes.");
  assert.is(hmc(["diff", "a.ts", "b.ts", "-o", "out/d.json", "--format", "json"], { cwd }).stdout, "");
  assert.is((JSON.parse(readFileSync(`${cwd}/out/d.json`, "utf8")) as Diff).changes.length, 1);
});

test("--exit-code: 0 for no changes, 1 for changes, 2 for trouble; without it changes are a success", () => {
  const cwd = folderWith({ "a.ts": smallPipeline, "b.ts": louder, "bad.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") });
  assert.is(hmc(["diff", "a.ts", "a.ts", "--exit-code"], { cwd }).code, 0);
  assert.is(hmc(["diff", "a.ts", "b.ts", "--exit-code"], { cwd }).code, 1);
  assert.is(hmc(["diff", "a.ts", "none.ts", "--exit-code"], { cwd }).code, 2);
  assert.is(hmc(["diff", "a.ts", "bad.ts", "--exit-code"], { cwd }).code, 2);
  assert.is(hmc(["diff", "a.ts", "b.ts"], { cwd }).code, 0);
});

test("a side that is nothing, a folder without pipelines, a side with errors", () => {
  const cwd = folderWith({ "a.ts": smallPipeline, "bad.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })"), "empty/x.ts": "export const x = 1;\n", "notes.txt": "" });
  assert.match(hmc(["diff", "a.ts", "notes.txt"], { cwd }).stderr, 'HMC0002: "notes.txt" is not a TypeScript file.');
  assert.match(hmc(["diff", "a.ts", "bda.ts"], { cwd }).stderr, 'HMC6200: "bda.ts" is neither a file, nor a folder, nor a revision of this repository. Did you mean "bad.ts"?');
  assert.match(hmc(["diff", "a.ts", "empty"], { cwd }).stderr, 'HMC6204: No file in "empty" exports a pipeline.');
  const bad = hmc(["diff", "a.ts", "bad.ts"], { cwd });
  assert.is(bad.code, 1);
  assert.match(bad.stderr, /bad\.ts:6:\d+ - error/);
  assert.match(bad.stderr, 'HMC6205: "bad.ts" cannot be compared');
  assert.is(bad.stdout, "");
});

test("a compiled file with the sources, in either shape", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline, "other.ts": louder });
  assert.is(hmc(["compile", "pipeline.ts"], { cwd }).code, 0);
  assert.is(hmc(["compile", "pipeline.ts", "--kfp-shape", "sdk", "-o", "sdk.yaml"], { cwd }).code, 0);
  for (const file of ["pipeline.yaml", "sdk.yaml"]) {
    const same = json([file, "pipeline.ts"], cwd);
    assert.equal(same.changes, []);
    assert.is(same.isCodeCompared, false);
    assert.equal(json([file, "other.ts"], cwd).changes.map(({ subject, name }) => [subject, name]), [["parameter", "name"]]);
    assert.match(hmc(["diff", file, "pipeline.ts"], { cwd }).stdout, "The code of ops is not compared");
  }
});

test("a pipeline that KFP cannot run is compared with sources, and not with a compiled file", () => {
  const loop = smallPipeline.replace("const greeting = greet({ name });", "let greeting = greet({ name });\n  while (greeting.text !== \"\") greeting = greet({ name: greeting.text });");
  const cwd = folderWith({ "pipeline.ts": smallPipeline, "loop.ts": loop });
  assert.is(hmc(["compile", "pipeline.ts"], { cwd }).code, 0);
  const found = json(["pipeline.ts", "loop.ts"], cwd);
  assert.ok(found.changes.some(({ subject, action }) => subject === "while" && action === "added"));
  assert.is(found.sizes[0]?.after, undefined);
  const { code, stderr } = hmc(["diff", "pipeline.yaml", "loop.ts"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, /loop\.ts:\d+:\d+ - error HMC4001/);
  assert.match(stderr, 'HMC6205: "loop.ts" cannot be compared');
});

test("code that cannot be bundled is a warning, and the graph is compared", () => {
  const cwd = folderWith({ "a.ts": smallPipeline, "b.ts": `import missing from "./missing.js";\n${louder.replace("`Hello, ${input.name}`", "String(missing)")}`, "missing.d.ts": "declare const missing: number;\nexport default missing;\n" });
  const { code, stdout, stderr } = hmc(["diff", "a.ts", "b.ts"], { cwd });
  assert.is(code, 0, stderr);
  assert.match(stderr, 'warning HMC6206: The code of the ops of "b.ts" is not compared');
  assert.match(stdout, "parameter name");
  assert.match(stdout, "The code of ops is not compared");
});

gitTest("revisions: with and without a path, from a folder, of another file", () => {
  const cwd = repositoryWith({ "pipeline.ts": smallPipeline, "jobs/train.ts": smallPipeline, "package.json": '{ "type": "module" }' });
  write(cwd, "pipeline.ts", louder);
  git(cwd, "commit", "-q", "-am", "two");
  write(cwd, "jobs/train.ts", louder);
  const sides = (args: string[], folder = cwd) => {
    const { before, after, changes } = json(args, folder);
    return [before, after, changes.length];
  };
  assert.equal(sides([]), ["HEAD:pipeline.ts", "pipeline.ts", 0]);
  assert.equal(sides(["HEAD~1"]), ["HEAD~1:pipeline.ts", "pipeline.ts", 1]);
  assert.equal(sides(["HEAD~1", "HEAD"]), ["HEAD~1:pipeline.ts", "HEAD:pipeline.ts", 1]);
  assert.equal(sides(["jobs/train.ts"]), ["HEAD:jobs/train.ts", "jobs/train.ts", 1]);
  assert.equal(sides(["main", "jobs/train.ts"]), ["main:jobs/train.ts", "jobs/train.ts", 1]);
  assert.equal(sides(["main:jobs/train.ts"]), ["main:jobs/train.ts", "jobs/train.ts", 1]);
  assert.equal(sides(["main:jobs/train.ts", "pipeline.ts"]), ["main:jobs/train.ts", "pipeline.ts", 1]);
  assert.equal(sides(["HEAD~1:", "HEAD:"]), ["HEAD~1:", "HEAD:", 1]);
  assert.equal(sides(["HEAD:jobs", "jobs"]), ["HEAD:jobs", "jobs", 1]);
  write(cwd, "new/pipeline.ts", smallPipeline);
  const added = json(["HEAD", "new/pipeline.ts"], cwd);
  assert.is(added.before, "HEAD:new/pipeline.ts, which is not there");
  assert.equal(added.changes.map(({ subject, action }) => [subject, action]), [["pipeline", "added"]]);
  assert.match(hmc(["diff", "HEAD~1", "HEAD"], { cwd: join(cwd, "new") }).stderr, 'HMC6203: The revision "HEAD~1" has no "new/pipeline.ts".');
  assert.equal(sides(["HEAD:./train.ts", "train.ts"], join(cwd, "jobs")), ["HEAD:jobs/train.ts", "train.ts", 1]);
});

gitTest("a revision is read without a change of the work tree, the index or the temporary folder", () => {
  const cwd = repositoryWith({ "pipeline.ts": smallPipeline });
  write(cwd, "pipeline.ts", louder);
  write(cwd, "staged.txt", "staged");
  git(cwd, "add", "staged.txt");
  write(cwd, "untracked.txt", "untracked");
  const temporary = folderWith({});
  const state = () => [createHash("sha256").update(readFileSync(join(cwd, ".git/index"))).digest("hex"), git(cwd, "--no-optional-locks", "status", "--porcelain"), readFileSync(join(cwd, "pipeline.ts"), "utf8"), readdirSync(join(cwd, ".git")).sort()];
  const before = state();
  assert.is(hmc(["diff"], { cwd, env: { TMPDIR: temporary } }).code, 0);
  assert.equal(state(), before);
  assert.equal(readdirSync(temporary).filter((name) => name.startsWith("hmc-diff-")), []);
});

gitTest("packages come from the work tree, and where they lie is no change of the code", () => {
  const source = smallPipeline.replace('import { op, pipeline } from "hmc";', 'import shout from "shout";\nimport { op, pipeline } from "hmc";').replace("`Hello, ${input.name}`", "shout(input.name)");
  const cwd = repositoryWith({ "pipeline.ts": source, "package.json": '{ "type": "module" }', ".gitignore": "node_modules\n" });
  write(cwd, "node_modules/shout/package.json", '{ "name": "shout", "version": "1.0.0", "types": "index.d.ts" }');
  write(cwd, "node_modules/shout/index.js", "module.exports = (text) => text.toUpperCase();\n");
  write(cwd, "node_modules/shout/index.d.ts", "declare function shout(text: string): string;\nexport = shout;\n");
  write(cwd, "tsconfig.json", '{ "compilerOptions": { "esModuleInterop": true } }');
  const found = json([], cwd);
  assert.equal(found.changes, []);
  assert.ok(found.isCodeCompared);
});

gitTest("no repository, no such path, errors in a revision, a broken repository", () => {
  const outside = folderWith({ "a.ts": smallPipeline });
  assert.match(hmc(["diff", "main:a.ts", "a.ts"], { cwd: outside, env: { GIT_CEILING_DIRECTORIES: dirname(outside) } }).stderr, 'HMC6201: "main:a.ts" needs a git repository');
  const cwd = repositoryWith({ "pipeline.ts": smallPipeline.replace("greet({ name })", "greet({ name: 1 })") });
  assert.match(hmc(["diff", "main:pipelin.ts", "pipeline.ts"], { cwd }).stderr, 'HMC6203: The revision "main" has no "pipelin.ts". Did you mean "main:pipeline.ts"?');
  write(cwd, "pipeline.ts", smallPipeline);
  const bad = hmc(["diff"], { cwd });
  assert.is(bad.code, 1);
  assert.match(bad.stderr, /^pipeline\.ts:6:\d+ - error/m);
  assert.match(bad.stderr, 'HMC6205: "HEAD:pipeline.ts" cannot be compared');
  const blob = git(cwd, "rev-parse", "HEAD:pipeline.ts").trim();
  rmSync(join(cwd, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true });
  assert.match(hmc(["diff"], { cwd }).stderr, 'HMC6202: "git checkout-index" failed: error: unable to read');
  assert.match(hmc(["diff"], { cwd, env: { PATH: folderWith({}) } }).stderr, /HMC6202: "git rev-parse" failed: there is no program git\. Install git/);
});

test.run();
