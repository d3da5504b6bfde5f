/** `hmc import` over the built command: what it writes, where, and what it refuses. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "../folders.ts";
import { folderWith, hmc } from "./hmc.ts";

const fixture = (path: string): string => readFileSync(`${root}/fixtures/${path}`, "utf8");
const prepare = fixture("twin-component-pipeline/prepare.pipeline.yaml");
const score = fixture("twin-component-v2/score.component.yaml");
const merge = fixture("twin-component-v1/merge.component.yaml");

test("a pipeline becomes TypeScript beside it, which compiles to the same", () => {
  const cwd = folderWith({ "flows/prepare.yaml": prepare });
  const { code, stdout, stderr } = hmc(["import", "flows/prepare.yaml"], { cwd });
  assert.is(code, 0, stderr);
  assert.is(stdout, "");
  assert.match(stderr, /Wrote prepare \(2 tasks\) to flows\/prepare\.ts/);
  assert.match(stderr, /It compiles to the same pipeline/);
  assert.match(readFileSync(`${cwd}/flows/prepare.ts`, "utf8"), /export const prepare = pipeline\(/);
  assert.is(hmc(["check", "flows/prepare.ts"], { cwd }).code, 0);
});

test("a component becomes a container, and the pipeline of one task that KFP makes of it", () => {
  const cwd = folderWith({ "score.component.yaml": score, "merge.yaml": merge });
  for (const [file, output, name, image] of [["score.component.yaml", "score.ts", "score", "alpine:3.20"], ["merge.yaml", "merge.ts", "mergeTables", "alpine:3.20"]] as const) {
    const { code, stderr } = hmc(["import", file], { cwd });
    assert.is(code, 0, stderr);
    assert.match(stderr, /\(1 task\) to/);
    assert.match(stderr, /It compiles to the same pipeline/);
    const text = readFileSync(`${cwd}/${output}`, "utf8");
    assert.match(text, new RegExp(`export const ${name} = container\\(`));
    assert.match(text, image);
    assert.match(text, new RegExp(`export const ${name}Pipeline = pipeline\\(`));
    assert.is(hmc(["check", output], { cwd }).code, 0);
  }
});

test("a file that exists is kept, unless --force says otherwise; -o names another one, and - is standard output", () => {
  const cwd = folderWith({ "prepare.yaml": prepare, "prepare.ts": "mine" });
  const kept = hmc(["import", "prepare.yaml"], { cwd });
  assert.is(kept.code, 1);
  assert.match(kept.stderr, /HMC7060: The file "prepare\.ts" exists/);
  assert.is(readFileSync(`${cwd}/prepare.ts`, "utf8"), "mine");
  assert.is(hmc(["import", "prepare.yaml", "-o", "new/other.ts"], { cwd }).code, 0);
  const { code, stdout, stderr } = hmc(["import", "prepare.yaml", "-o", "-"], { cwd });
  assert.is(code, 0);
  assert.is(stderr, "");
  assert.is(stdout, readFileSync(`${cwd}/new/other.ts`, "utf8"));
  assert.is(hmc(["import", "prepare.yaml", "--force"], { cwd }).code, 0);
  assert.is(readFileSync(`${cwd}/prepare.ts`, "utf8"), stdout);
});

test("what is no file is refused in one line", () => {
  const cwd = folderWith({ "prepare.yaml": prepare, "folder/x.yaml": prepare });
  for (const flags of [[], ["--types"]]) {
    const missing = hmc(["import", "prepar.yaml", ...flags], { cwd });
    assert.is(missing.code, 1);
    assert.match(missing.stderr, /HMC0001: There is no file "prepar\.yaml"\. Did you mean "prepare\.yaml"\?/);
    const folder = hmc(["import", "folder", ...flags], { cwd });
    assert.is(folder.code, 1);
    assert.match(folder.stderr, /HMC7062: "folder" is a directory/);
  }
});

test("bad input is shown at its place, and nothing is written", () => {
  const cwd = folderWith({ "bad.yaml": score.replace("executorLabel: exec-score", "executorLabel: exec-skore"), "other.yaml": "a: 1\n" });
  const { code, stderr } = hmc(["import", "bad.yaml"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, /^bad\.yaml:6:\d+ - error HMC70\d\d/);
  assert.match(stderr, "exec-skore");
  assert.not.ok(existsSync(`${cwd}/bad.ts`));
  const report = JSON.parse(hmc(["import", "other.yaml", "--format", "json"], { cwd }).stderr) as { diagnostics: { code: string; span: { file: string } }[] };
  assert.equal(report.diagnostics.map(({ code: found, span }) => [found, span.file]), [["HMC7009", "other.yaml"]]);
});

test("--types writes the types of several files beside them, and leaves alone what is up to date", () => {
  const cwd = folderWith({ "a/score.component.yaml": score, "a/merge.yaml": merge, "b.yaml": prepare });
  const first = hmc(["import", "--types", "a/score.component.yaml", "a/merge.yaml", "b.yaml"], { cwd });
  assert.is(first.code, 0, first.stderr);
  const files = ["a/score.component.yaml.d.ts", "a/merge.yaml.d.ts", "b.yaml.d.ts"];
  for (const file of files) assert.match(first.stderr, `Wrote ${file}`);
  assert.match(readFileSync(`${cwd}/b.yaml.d.ts`, "utf8"), /"b\.yaml": Pipeline</);
  assert.not.ok(existsSync(`${cwd}/b.ts`));
  const time = statSync(`${cwd}/b.yaml.d.ts`).mtimeMs;
  writeFileSync(`${cwd}/a/merge.yaml`, merge.replaceAll("Rows at most", "Most rows"));
  const second = hmc(["import", "--types", "a/merge.yaml", "b.yaml"], { cwd });
  assert.match(second.stderr, "Wrote a/merge.yaml.d.ts");
  assert.match(second.stderr, "Up to date b.yaml.d.ts");
  assert.match(readFileSync(`${cwd}/a/merge.yaml.d.ts`, "utf8"), "most_rows?: Int");
  assert.is(statSync(`${cwd}/b.yaml.d.ts`).mtimeMs, time);
});

test("--types never replaces what hmc has not written, and writes the others", () => {
  const cwd = folderWith({ "score.yaml": score, "score.yaml.d.ts": "export declare const mine: 1;\n", "bad.yaml": "a: 1\n", "b.yaml": prepare });
  const { code, stderr } = hmc(["import", "--types", "score.yaml", "bad.yaml", "b.yaml"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, /HMC7061: The file "score\.yaml\.d\.ts" exists, and hmc has not written it/);
  assert.match(stderr, /bad\.yaml:1:1 - error HMC7009/);
  assert.match(stderr, "Wrote b.yaml.d.ts");
  assert.is(readFileSync(`${cwd}/score.yaml.d.ts`, "utf8"), "export declare const mine: 1;\n");
  assert.not.ok(existsSync(`${cwd}/bad.yaml.d.ts`));
});

test("options that do not go together, several files, no file", () => {
  const cwd = folderWith({ "a.yaml": prepare, "b.yaml": prepare });
  assert.match(hmc(["import", "--types", "-o", "x.d.ts", "a.yaml"], { cwd }).stderr, /HMC0015: .*--types.* cannot be used with .*--output/);
  assert.match(hmc(["import", "a.yaml", "b.yaml"], { cwd }).stderr, /HMC0015: There are too many arguments/);
  assert.match(hmc(["import"], { cwd }).stderr, /HMC0015: The command needs <files>/);
  assert.not.ok(existsSync(`${cwd}/a.ts`));
});

const calling = `import { component, pipeline } from "hmc";
const prepare = component("./prepare.yaml");
export const outer = pipeline(({ text = "a" }: { text?: string }) => {
  const prepared = prepare({ text });
  return { rows: prepared.rows, table: prepared.table };
});
`;

test("a pipeline that calls a file: nothing is known, then the types, then another interface", () => {
  const cwd = folderWith({ "pipeline.ts": calling, "prepare.yaml": prepare });
  const before = hmc(["compile"], { cwd });
  assert.is(before.code, 1);
  const [, command = ""] = /HMC2071: .*Run: hmc (.*)/.exec(before.stderr) ?? [];
  assert.is(command, "import --types prepare.yaml");
  assert.is(hmc(command.split(" "), { cwd }).code, 0);
  assert.is(hmc(["compile"], { cwd }).code, 0);
  const yaml = readFileSync(`${cwd}/pipeline.yaml`, "utf8");
  assert.match(yaml, "comp-prepare:");
  writeFileSync(`${cwd}/prepare.yaml`, prepare.replaceAll(" text:", " words_in:").replaceAll("componentInputParameter: text", "componentInputParameter: words_in"));
  const after = hmc(["check", "pipeline.ts", "--format", "json"], { cwd });
  assert.is(after.code, 1);
  const codes = (JSON.parse(after.stdout) as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code);
  assert.ok(codes.includes("HMC2072") && codes.some((code) => code.startsWith("TS")), codes.join(" "));
});

test("what a file says is run: sh as the container, on this machine", () => {
  const cwd = folderWith({ "pipeline.ts": calling, "prepare.yaml": prepare });
  hmc(["import", "--types", "prepare.yaml"], { cwd });
  const { code, stdout, stderr } = hmc(["run", "--exec", "host", "-p", "text=hallo"], { cwd });
  assert.is(code, 0, stderr);
  const outputs = JSON.parse(stdout) as { rows: number; table: { path: string } };
  assert.is(outputs.rows, 3);
  assert.is(readFileSync(outputs.table.path, "utf8"), "hallo\n");
});

test.run();
