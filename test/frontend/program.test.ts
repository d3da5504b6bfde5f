/** Opening a program: bad files, imports, what the checker is shown, whose settings count. */
import { posix } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { blank } from "../../compiler/frontend/blank.ts";
import { openProgram, type Opened } from "../../compiler/frontend/program.ts";
import { typescriptErrors } from "../../compiler/frontend/typescript-errors.ts";
import type { Host } from "../../compiler/host.ts";
import { nodeHost } from "../../compiler/node-host.ts";

type Scope = "pipeline" | "all";

/** A disk that holds only these files, by absolute path, and the language of hmc itself. */
function diskOf(files: Record<string, string | Uint8Array>, cwd = "/project"): Host {
  const disk = nodeHost();
  const paths = Object.keys(files);
  const isOwn = (path: string): boolean => path.includes("/language/");
  return {
    readFile: (path) => {
      const content = files[path];
      return content === undefined ? (isOwn(path) ? disk.readFile(path) : undefined) : typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
    fileExists: (path) => path in files || (isOwn(path) && disk.fileExists(path)),
    directoryExists: (path) => paths.some((file) => file.startsWith(`${path.replace(/\/$/, "")}/`)) || (isOwn(`${path}/`) && disk.directoryExists(path)),
    readDirectory: (path) => [...new Set(paths.filter((file) => file.startsWith(`${path}/`)).map((file) => posix.join(path, file.slice(path.length + 1).split("/")[0] ?? "")))],
    realpath: (path) => path,
    cwd: () => cwd,
    env: () => undefined,
    now: () => new Date(0),
    writeFile: () => assert.unreachable("opening writes no files"),
  };
}

function open(files: Record<string, string | Uint8Array>, { entry = "pipeline.ts", scope = "pipeline" }: { entry?: string; scope?: Scope } = {}): Opened & { found: string[] } {
  const opened = openProgram(diskOf(files), entry, { scope });
  if (opened.context !== undefined) opened.diagnostics.push(...typescriptErrors(opened.context, scope));
  const found = opened.diagnostics.map(({ code, span }) => (span === undefined ? code : `${code} ${span.file}:${span.line}:${span.column}`));
  return { ...opened, found };
}

const pipeline = `import { op, pipeline } from "hmc";\nexport const one = op(async () => 1);\nexport const p = pipeline(() => {\n  one();\n});\n`;

test("a good file has no findings, and needs no installation of hmc", () => {
  const opened = open({ "/project/pipeline.ts": pipeline });
  assert.equal(opened.found, []);
  assert.ok(opened.entryFile);
  assert.equal([...opened.texts], [["pipeline.ts", pipeline]]);
});

test("a path that is no readable TypeScript file", () => {
  const files = { "/project/pipeline.ts": pipeline, "/project/notes.md": "x", "/project/types.d.ts": "", "/project/blank.ts": " \n", "/project/sub/pipeline.ts": pipeline };
  assert.equal(open(files, { entry: "missing.ts" }).found, ["HMC0001"]);
  assert.match(open(files, { entry: "pipelin.ts" }).diagnostics[0]?.message ?? "", /Did you mean "pipeline\.ts"\?/);
  assert.equal(open(files, { entry: "notes.md" }).found, ["HMC0002"]);
  assert.equal(open(files, { entry: "types.d.ts" }).found, ["HMC0002"]);
  assert.equal(open(files, { entry: "blank.ts" }).found, ["HMC0003 blank.ts:1:1"]);
  assert.equal(open(files, { entry: "sub" }).found, ["HMC0011"]);
  assert.match(open(files, { entry: "sub" }).diagnostics[0]?.message ?? "", /sub\/pipeline\.ts/);
  assert.is(open(files, { entry: "missing.ts" }).context, undefined);
});

test("a file that is not UTF-8: the place of the first bad byte", () => {
  const bytes = new Uint8Array([...new TextEncoder().encode("// ä\nconst x = '"), 0xe9, 0x27]);
  const opened = open({ "/project/pipeline.ts": bytes });
  assert.equal(opened.found, ["HMC0004 pipeline.ts:2:12"]);
  assert.match(opened.diagnostics[0]?.message ?? "", /byte 17 /);
});

test("a character that means 'not UTF-8' is no mistake when it is written", () => {
  assert.equal(open({ "/project/pipeline.ts": `${pipeline}// \uFFFD\n` }).found, []);
});

test("a file of 5 MB, and one just small enough", () => {
  assert.equal(open({ "/project/pipeline.ts": `${pipeline}//${"x".repeat(5_000_000)}` }).found, ["HMC0005 pipeline.ts:1:1"]);
  assert.equal(open({ "/project/pipeline.ts": `${pipeline}//${"x".repeat(4_000_000)}` }).found, []);
  assert.equal(open({ "/project/pipeline.ts": `import { x } from "./big.ts";\n${pipeline}console.log(x);`, "/project/big.ts": `export const x = "${"x".repeat(5_000_000)}";` }).found.slice(0, 1), ["HMC0005 big.ts:1:1"]);
});

test("a byte order mark and CRLF: positions are those of an editor", () => {
  const text = `\uFEFFimport { op } from "hmc";\r\nconst a: string = 1;\r\nexport const o = op(async (): Promise<number> => {\r\n  return 1 + 2 + 3;\r\n}); const b: string = 2;\r\n`;
  const opened = open({ "/project/pipeline.ts": text });
  assert.equal(opened.found, ["TS2322 pipeline.ts:2:7", "TS2322 pipeline.ts:5:11"]);
  const [first] = opened.diagnostics;
  assert.is(opened.texts.get("pipeline.ts")?.slice(first?.span?.start, first?.span?.end), "a");
});

test("an import that does not resolve is reported once, where it stands, even when only an op uses it", () => {
  const source = `import { a } from "./a.ts";\nimport type { B } from "b-package";\nimport { c } from "./c.ts";\nexport * from "./d.ts";\nimport "./e.ts";\nimport { op } from "hmc";\nexport const o = op(async (): Promise<void> => {\n  console.log(c);\n});\nexport const x: B = a;\n`;
  const found = ["HMC0009 pipeline.ts:1:19", "HMC0009 pipeline.ts:2:24", "HMC0009 pipeline.ts:4:15", "HMC0009 pipeline.ts:5:8", "HMC0009 pipeline.ts:3:19"];
  assert.equal(open({ "/project/pipeline.ts": source }).found.sort(), found.sort());
  assert.equal(open({ "/project/pipeline.ts": source }, { scope: "all" }).found.sort(), found.sort());
});

test("an unresolved import of another file is reported in that file", () => {
  const files = { "/project/pipeline.ts": `import { x } from "./x.ts";\nexport { x };`, "/project/x.ts": `import { y } from "./y.ts";\nexport const x = y;` };
  assert.equal(open(files).found, ["HMC0009 x.ts:1:19"]);
});

test("circular imports", () => {
  const files = {
    "/project/pipeline.ts": `import { b } from "./b.ts";\nexport const a: number = b;\nexport const text = "a";`,
    "/project/b.ts": `import { text } from "./pipeline.ts";\nexport const b = text.length;`,
  };
  assert.equal(open(files).found, []);
  assert.equal([...open(files).texts.keys()].sort(), ["b.ts", "pipeline.ts"]);
});

test("imports without an ending, with .js, of a folder, of JSON", () => {
  const files = {
    "/project/pipeline.ts": `import { a } from "./a";\nimport { b } from "./b.js";\nimport { c } from "./c";\nimport d from "./d.json";\nexport const sum: number = a + b + c + d.value;`,
    "/project/a.ts": "export const a = 1;", "/project/b.ts": "export const b = 1;", "/project/c/index.ts": "export const c = 1;", "/project/d.json": `{ "value": 1 }`,
  };
  assert.equal(open(files).found, []);
});

test("the root is the nearest folder with a package.json or tsconfig.json; files above it keep their way", () => {
  const files = { "/project/app/package.json": "{}", "/project/app/src/pipeline.ts": `import { x } from "../../shared/x.ts";\nexport const y: string = x;`, "/project/shared/x.ts": "export const x = 1;\nconst bad: string = x;" };
  const opened = open(files, { entry: "app/src/pipeline.ts" });
  assert.is(opened.root, "/project/app");
  assert.equal([...opened.texts.keys()].sort(), ["../shared/x.ts", "src/pipeline.ts"]);
  assert.equal(opened.found.sort(), ["TS2322 ../shared/x.ts:2:7", "TS2322 src/pipeline.ts:2:14"]);
  assert.is(open({ "/project/deep/pipeline.ts": pipeline }, { entry: "deep/pipeline.ts" }).root, "/project/deep");
});

test("a syntax error is TypeScript's own, at its place", () => {
  assert.equal(open({ "/project/pipeline.ts": `import { pipeline } from "hmc";\nexport const p = pipeline(() => {\n  const = 3;\n});` }).found, ["TS1134 pipeline.ts:3:9", "TS1134 pipeline.ts:3:11"]);
});

test("TypeScript's errors carry their message in full and the related places", () => {
  const opened = open({ "/project/pipeline.ts": `interface A { a: { b: string } }\nexport const x: A = { a: { b: 1 } };` });
  assert.is(opened.diagnostics.length, 1);
  assert.match(opened.diagnostics[0]?.message ?? "", /Type 'number' is not assignable to type 'string'/);
  assert.equal(opened.diagnostics[0]?.related.map(({ span }) => `${span.file}:${span.line}:${span.column}`), ["pipeline.ts:1:20"]);
});

// ---------------------------------------------------------------------------------------------- what the checker sees

const withNode = {
  "/project/node_modules/@types/node/index.d.ts": `declare module "node:fs" { export function readFileSync(path: string): { length: number }; }\ndeclare var Buffer: { from(text: string): { length: number } };\ndeclare var process: { exit(code?: number): never; env: Record<string, string | undefined> };\ndeclare var console: { log(...data: unknown[]): void };`,
  "/project/node_modules/@types/node/package.json": `{ "name": "@types/node", "version": "20.0.0", "types": "index.d.ts" }`,
};
const loadsNode = (opened: Opened): boolean => opened.context?.program.getSourceFiles().some((file) => file.fileName.includes("@types/node")) ?? false;
const loads = (opened: Opened, name: string): boolean => opened.context?.program.getSourceFiles().some((file) => file.fileName.endsWith(name)) ?? false;

test("the body of an op whose result is written down is not checked, nor what only it uses", () => {
  const source = [
    `import * as hmc from "hmc";`,
    `import { op as task } from "hmc";`,
    `import { readFileSync } from "node:fs";`,
    `import { heavy } from "./heavy.ts";`,
    `interface Row { file: ReturnType<typeof readFileSync> }`,
    `function rows(path: string): Row[] { return [{ file: readFileSync(path) }, ...heavy(rows)]; }`,
    `export const a = task({ cpu: 1 }, async (input: { path: string }): Promise<number> => {`,
    `  const wrong: string = rows(input.path).length;`,
    `  return wrong;`,
    `});`,
    `export const b = hmc.op(async function (): Promise<number> {`,
    `  return rows("nothing at all").length + "x";`,
    `});`,
    `export const p = hmc.pipeline(() => { a({ path: 1 }); });`,
  ].join("\n");
  const files = { ...withNode, "/project/pipeline.ts": source, "/project/heavy.ts": "export const heavy = (x: unknown): never[] => [x as never];" };
  const opened = open(files);
  assert.equal(opened.found, ["TS2322 pipeline.ts:14:43"]);
  assert.not(loadsNode(opened));
  assert.not(loads(opened, "heavy.ts"));
  const all = open(files, { scope: "all" });
  assert.equal(all.found, ["TS2322 pipeline.ts:8:9", "TS2322 pipeline.ts:9:3", "TS2322 pipeline.ts:12:3", "TS2322 pipeline.ts:14:43"]);
  assert.ok(loadsNode(all));
  assert.ok(loads(all, "heavy.ts"));
});

test("a body that tells the result is checked for its type, and its errors are left to hmc check", () => {
  const source = `import { op, pipeline } from "hmc";\nexport const o = op(async () => {\n  const wrong: string = 1;\n  return { size: Buffer.from(wrong).length };\n});\nexport const p = pipeline(() => { const text: string = o().size; });`;
  const opened = open({ ...withNode, "/project/pipeline.ts": source });
  assert.equal(opened.found, ["TS2322 pipeline.ts:6:41"]);
  assert.ok(loadsNode(opened));
  assert.equal(open({ ...withNode, "/project/pipeline.ts": source }, { scope: "all" }).found, ["TS2322 pipeline.ts:3:9", "TS2322 pipeline.ts:6:41"]);
});

test("process.env and console need no types of Node", () => {
  const source = `import { op, pipeline } from "hmc";\nexport const o = op(async () => { console.log(1); return process.cwd(); });\nexport const p = pipeline(() => { if (process.env.CI === "1") o(); });`;
  for (const scope of ["pipeline", "all"] as const) assert.equal(open({ "/project/pipeline.ts": source }, { scope }).found, []);
  assert.not(loadsNode(open({ ...withNode, "/project/pipeline.ts": source })));
});

test("code beside the ops that needs Node's types gets them", () => {
  const source = `import { readFileSync } from "node:fs";\nexport const size: number = readFileSync("x").length;\nprocess.exit(size);`;
  assert.equal(open({ ...withNode, "/project/pipeline.ts": source }).found, []);
});

test("where Node's types are not installed its modules stand open for the graph, and hmc check says what is missing", () => {
  const source = `import { readFileSync } from "node:fs";\nimport { join } from "path";\nexport const size: number = readFileSync(join("a", "b")).length;`;
  assert.equal(open({ "/project/pipeline.ts": source }).found, []);
  assert.equal(open({ "/project/pipeline.ts": source }, { scope: "all" }).found, ["TS2591 pipeline.ts:1:30", "TS2591 pipeline.ts:2:22"]);
});

test("blanking keeps length, lines and everything outside of the bodies", () => {
  const source = [
    `import { op } from "hmc"; import fs from "node:fs"; import { kept } from "./kept.ts";`,
    `const helper = () => fs;`,
    `/** doc */ export const a = op(async (i: { x: string }): Promise<{ n: number }> => ({ n: helper()`,
    `  .readFileSync(i.x).length }) /* tail */);`,
    `export const b = op((): void => { helper(); });`,
    `export const tiny = op((): void => {});`,
    `export const inferred = op(() => kept);`,
    `op as unknown; const unusedButTyped = 1;`,
  ].join("\r\n");
  const { text, imports } = blank("/p.ts", source);
  assert.is(text.length, source.length);
  assert.equal([...text.matchAll(/\r\n/g)].map(({ index }) => index), [...source.matchAll(/\r\n/g)].map(({ index }) => index));
  assert.equal(imports.map(({ specifier, start }) => [specifier, source.slice(start, start + 9)]), [["node:fs", `"node:fs"`]]);
  assert.equal(text.split("\r\n").map((line) => line.replace(/ +/g, " ").trim()), [
    `import { op } from "hmc"; import { kept } from "./kept.ts";`,
    ``,
    `/** doc */ export const a = op(async (i: { x: string }): Promise<{ n: number }> => {throw 0;`,
    `} /* tail */);`,
    `export const b = op((): void => {throw 0; });`,
    `export const tiny = op((): void => {});`,
    `export const inferred = op(() => kept);`,
    `op as unknown; const unusedButTyped = 1;`,
  ]);
});

test("what is not hmc's op keeps its body", () => {
  const source = `import { op } from "other";\nexport const a = op((): void => { console.log("something"); });`;
  assert.is(blank("/p.ts", source).text, source);
});

test("a file with a syntax error is left as it is", () => {
  const source = `import { op } from "hmc";\nexport const a = op((): void => { console.log("something" });`;
  assert.is(blank("/p.ts", source).text, source);
});

// ---------------------------------------------------------------------------------------------- settings

test("the nearest tsconfig.json gives paths, also through extends", () => {
  const files = {
    "/project/tsconfig.json": `{ "extends": "./base.json", "compilerOptions": { "noUncheckedIndexedAccess": true } }`,
    "/project/base.json": `{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] }, "strict": false } }`,
    "/project/lib/x.ts": "export const xs: string[] = [];",
    "/project/pipeline.ts": `import { xs } from "@lib/x";\nexport const first: string = xs[0];\nexport const text: string = null;`,
  };
  assert.equal(open(files).found, ["TS2322 pipeline.ts:2:14", "TS2322 pipeline.ts:3:14"]);
});

test("the DOM of a tsconfig is for hmc check only", () => {
  const files = { "/project/tsconfig.json": `{ "compilerOptions": { "lib": ["es2022", "dom"] } }`, "/project/pipeline.ts": pipeline };
  assert.not(loads(open(files), "lib.dom.d.ts"));
  assert.ok(loads(open(files, { scope: "all" }), "lib.dom.d.ts"));
});

test("an installed hmc is taken before the compiler's own", () => {
  const files = {
    "/project/node_modules/hmc/package.json": `{ "name": "hmc", "types": "./index.d.ts" }`,
    "/project/node_modules/hmc/index.d.ts": `export declare const marker: "installed";`,
    "/project/pipeline.ts": `import { marker } from "hmc";\nexport const x: "own" = marker;`,
  };
  const opened = open(files);
  assert.equal(opened.found, ["TS2322 pipeline.ts:2:14"]);
  assert.match(opened.diagnostics[0]?.message ?? "", /"installed"/);
});

test("the findings are the same wherever the project lies", () => {
  const at = (folder: string) => {
    const opened = openProgram(diskOf({ [`${folder}/package.json`]: "{}", [`${folder}/pipeline.ts`]: `${pipeline}const bad: string = 1;` }, folder), `${folder}/pipeline.ts`, { scope: "pipeline" });
    assert.ok(opened.context);
    return typescriptErrors(opened.context, "pipeline");
  };
  assert.equal(at("/a/b/c"), at("/elsewhere"));
});

test.run();
