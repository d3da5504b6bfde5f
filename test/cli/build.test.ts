/** `hmc build`: the folders of images, and what is in them. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "../folders.ts";
import { folderWith, hmc } from "./hmc.ts";

/** `(module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))` */
const wasm = Buffer.from("0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b", "hex");

const source = `import { op, pipeline, type Int } from "hmc";
import { add } from "wasmy";
import { pad } from "@acme/pad";
export const sum = op({ image: "ghcr.io/acme/sum:1.4" }, async (input: { a: Int; b: Int }) => add(input.a, input.b));
export const show = op(async (input: { n: number }) => pad(String(input.n)));
export const main = pipeline({ defaults: { image: "ghcr.io/acme/base:2" } }, ({ a = 2 }: { a?: Int }) => ({ text: show({ n: sum({ a, b: 3 }) }) }));
`;

function project(more: Record<string, string> = {}): string {
  const cwd = folderWith({
    "package.json": '{"type":"module"}',
    "pipeline.ts": source,
    "node_modules/@acme/pad/package.json": '{"name":"@acme/pad","version":"1.2.3","license":"MIT","type":"module","main":"index.js","types":"index.d.ts"}',
    "node_modules/@acme/pad/index.js": "export const pad = (text) => text.padStart(4);\n",
    "node_modules/@acme/pad/index.d.ts": "export declare function pad(text: string): string;\n",
    "node_modules/wasmy/package.json": '{"name":"wasmy","version":"0.1.0","license":"(MIT OR Apache-2.0)","type":"module","main":"index.js","types":"index.d.ts"}',
    "node_modules/wasmy/index.js": 'import { readFileSync } from "node:fs";\nconst bytes = readFileSync(new URL("./add.wasm", import.meta.url));\nexport const add = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.add;\n',
    "node_modules/wasmy/index.d.ts": "export declare function add(a: number, b: number): number;\n",
    ...more,
  });
  writeFileSync(join(cwd, "node_modules/wasmy/add.wasm"), wasm);
  return cwd;
}

test("a folder for each image, with what its ops need and nothing else", () => {
  const cwd = project();
  const { code, stdout, stderr } = hmc(["build"], { cwd });
  assert.is(code, 0, stderr);
  assert.is(stdout, "docker build -t ghcr.io/acme/base:2 build/base\ndocker build -t ghcr.io/acme/sum:1.4 build/sum\n");
  assert.equal(readdirSync(join(cwd, "build/sum")).sort(), [".dockerignore", ".hmc-build", "Dockerfile", "add.wasm", "main.mjs", "ops.json", "sbom.cdx.json"]);
  const [only] = JSON.parse(readFileSync(join(cwd, "build/sum/ops.json"), "utf8")) as { op: string; inputs: object }[];
  assert.equal([only?.op, Object.keys(only?.inputs ?? {})], ["sum", ["a", "b"]]);
  const dockerfile = readFileSync(join(cwd, "build/sum/Dockerfile"), "utf8");
  assert.match(dockerfile, /^FROM node:\d+\.\d+\.\d+-slim AS build$/m);
  assert.match(dockerfile, "COPY main.mjs ops.json add.wasm ./\nRUN node main.mjs list\n");
  assert.match(dockerfile, 'USER node\nENTRYPOINT ["node", "/app/main.mjs"]\n');
  assert.is(readFileSync(join(cwd, "build/sum/.dockerignore"), "utf8"), "*\n!main.mjs\n!ops.json\n!add.wasm\n");
});

test("the bundle runs where the image has it, with its WASM beside it; and so does a local run", () => {
  const cwd = project();
  hmc(["build"], { cwd });
  const image = realpathSync(mkdtempSync(join(tmpdir(), "hmc-image-")));
  process.once("exit", () => rmSync(image, { recursive: true, force: true }));
  cpSync(join(cwd, "build/sum"), image, { recursive: true });
  writeFileSync(join(image, "input.json"), JSON.stringify({ inputs: { parameterValues: { a: 2, b: 40 } }, outputs: { parameters: { Output: { outputFile: join(image, "out") } }, outputFile: join(image, "output.json") } }));
  const { status, stderr } = spawnSync(process.execPath, ["main.mjs", "run", "sum", "--executor-input-file", "input.json"], { cwd: image, encoding: "utf8" });
  assert.is(status, 0, stderr);
  assert.is(readFileSync(join(image, "out"), "utf8"), "42");
  const run = hmc(["run"], { cwd });
  assert.is(run.code, 0, run.stderr);
  assert.equal(JSON.parse(run.stdout), { text: "   5" });
});

test("the bill of materials names the packages with versions and licences; the same sources give the same bytes", () => {
  const [one, two] = [project(), project()];
  for (const cwd of [one, two]) hmc(["build"], { cwd });
  for (const image of ["base", "sum"]) {
    for (const name of readdirSync(join(one, "build", image))) assert.equal(readFileSync(join(one, "build", image, name)), readFileSync(join(two, "build", image, name)), `${image}/${name}`);
  }
  const bill = JSON.parse(readFileSync(join(one, "build/base/sbom.cdx.json"), "utf8")) as { bomFormat: string; specVersion: string; components: { group?: string; name: string; version: string; purl: string; licenses: object[] }[] };
  assert.equal([bill.bomFormat, bill.specVersion], ["CycloneDX", "1.5"]);
  const pad = bill.components.find(({ name }) => name === "pad");
  assert.equal([pad?.group, pad?.version, pad?.purl, pad?.licenses], ["@acme", "1.2.3", "pkg:npm/%40acme/pad@1.2.3", [{ expression: "MIT" }]]);
});

test("packages with native code are installed in the image, by their exact version", () => {
  const cwd = project({ "pipeline.ts": 'import { op, pipeline } from "hmc";\nimport { DuckDBInstance } from "@duckdb/node-api";\nexport const count = op({ image: "acme/duck:1" }, async () => { await DuckDBInstance.create(); return 1; });\nexport const main = pipeline(() => { count({}); });\n' });
  mkdirSync(join(cwd, "node_modules/@duckdb"));
  for (const name of readdirSync(join(root, "node_modules/@duckdb"))) symlinkSync(realpathSync(join(root, "node_modules/@duckdb", name)), join(cwd, "node_modules/@duckdb", name));
  const { code, stderr } = hmc(["build", "--base", "node:22-slim@sha256:abc"], { cwd });
  assert.is(code, 0, stderr);
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/@duckdb/node-api/package.json"), "utf8")) as { version: string };
  assert.equal((JSON.parse(readFileSync(join(cwd, "build/duck/package.json"), "utf8")) as { dependencies: object }).dependencies, { "@duckdb/node-api": version });
  assert.match(readFileSync(join(cwd, "build/duck/Dockerfile"), "utf8"), "FROM node:22-slim@sha256:abc AS build\nWORKDIR /app\nCOPY package.json ./\nRUN npm install --omit=dev");
  const bill = readFileSync(join(cwd, "build/duck/sbom.cdx.json"), "utf8");
  assert.match(bill, "pkg:npm/%40duckdb/node-bindings@");
  // What it depends on has the version of the bill, too.
  const { overrides } = JSON.parse(readFileSync(join(cwd, "build/duck/package.json"), "utf8")) as { overrides: Record<string, string> };
  assert.ok(Object.keys(overrides).includes("@duckdb/node-bindings"), JSON.stringify(overrides));
  for (const [name, own] of Object.entries(overrides)) assert.match(bill, `pkg:npm/${name.replace("@", "%40")}@${own}"`);
  assert.equal(schemaErrors(bill), []);
});

/** What the published schema of CycloneDX 1.5 finds in a bill of materials. */
function schemaErrors(bill: string): string[] {
  const schemas = join(root, "node_modules/@cyclonedx/cyclonedx-library/res/schema");
  const schemaOf = (name: string): object => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  // Their addresses are not those under which the schema names them.
  for (const name of ["spdx", "jsf-0.82"]) ajv.addSchema({ ...schemaOf(name), $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json` });
  const validate = ajv.compile(schemaOf("bom-1.5"));
  return validate(JSON.parse(bill)) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

test("bills of materials are what the schema of CycloneDX asks for", () => {
  const cwd = project();
  hmc(["build"], { cwd });
  for (const image of ["base", "sum"]) {
    const bill = readFileSync(join(cwd, "build", image, "sbom.cdx.json"), "utf8");
    assert.equal(schemaErrors(bill), []);
    assert.ok(schemaErrors(bill.replace('"type": "library"', '"type": "book"')).length > 0);
  }
});

test("HMC6060: nothing of somebody else is replaced; what an earlier build has written is", () => {
  const cwd = project();
  hmc(["build"], { cwd });
  writeFileSync(join(cwd, "build/sum/notes.txt"), "mine");
  writeFileSync(join(cwd, "pipeline.ts"), source.replace("add(input.a, input.b)", "input.a"));
  const again = hmc(["build"], { cwd });
  assert.is(again.code, 0, again.stderr);
  assert.not(existsSync(join(cwd, "build/sum/add.wasm")));
  assert.is(readFileSync(join(cwd, "build/sum/notes.txt"), "utf8"), "mine");
  mkdirSync(join(cwd, "other/sum"), { recursive: true });
  writeFileSync(join(cwd, "other/sum/Dockerfile"), "FROM mine");
  const { code, stderr } = hmc(["build", "-o", "other"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, "HMC6060");
  assert.is(readFileSync(join(cwd, "other/sum/Dockerfile"), "utf8"), "FROM mine");
  assert.ok(existsSync(join(cwd, "other/base/main.mjs")));
});

test.run();
