/** Bundles: what is in them, what is not, the same bytes everywhere, errors at their place. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleOps } from "../../runtime/bundle.ts";
import { document, makeProject, number, op, run, span, string } from "./project.ts";

/** The output parameter `Output` of an op that needs no inputs. */
async function outputOf(main: string, name: string): Promise<string> {
  const folder = makeProject({});
  const input = { outputs: { parameters: { Output: { outputFile: join(folder, "out") } }, outputFile: join(folder, "meta") } };
  const { code, stderr } = await run(process.execPath, [main, "run", name, "--executor-input", JSON.stringify(input)]);
  assert.is(stderr, "");
  assert.is(code, 0);
  return readFileSync(join(folder, "out"), "utf8");
}

const simple = 'import { op } from "hmc";\nexport const one = op(async () => 1);\n';

test("the same sources give the same bytes in another folder, and the bundle is named after them", async () => {
  const given = document([op("one", {}, { Output: number })], []);
  const roots = [makeProject({ "ops.ts": simple }), join(makeProject({ "deeper/down/ops.ts": simple }), "deeper/down")];
  const [first, second] = await Promise.all(roots.map((root) => bundleOps({ document: given, root })));
  assert.is(first?.digest, second?.digest);
  assert.equal(readFileSync(first?.file as string), readFileSync(second?.file as string));
  assert.match(first?.file as string, `.hmc/build/${first?.digest?.slice(0, 16)}/main.mjs`);
  assert.not.match(readFileSync(first?.file as string, "utf8").split("//# sourceMappingURL")[0] as string, "../");
  const map = readFileSync(first?.file as string, "utf8").split("base64,").at(-1) as string;
  const { sources } = JSON.parse(Buffer.from(map, "base64").toString()) as { sources: string[] };
  assert.ok(sources.includes("ops.ts"));
  assert.equal(sources.filter((source) => source.startsWith("/") || source.startsWith("..")), []);
});

test("CommonJS dependencies, JSON and JavaScript files are bundled", async () => {
  const root = makeProject({
    "node_modules/old-style/package.json": '{"name":"old-style","version":"1.0.0","main":"index.js"}',
    "node_modules/old-style/index.js": 'const path = require("path");\nexports.base = (p) => path.basename(p) + require("./data.json").suffix;\n',
    "node_modules/old-style/data.json": '{"suffix":"!"}',
    "ops.ts": 'import { op } from "hmc";\nimport { base } from "old-style";\nexport const one = op(async () => base("/a/b"));\n',
  });
  const bundle = await bundleOps({ document: document([op("one", {}, { Output: string })], []), root, outfile: join(makeProject({}), "out/main.mjs") });
  assert.equal(bundle.diagnostics, []);
  assert.equal(bundle.external, []);
  assert.is(await outputOf(bundle.file as string, "one"), "b!");
});

test("dependencies find their file and folder, and a module may make its own require", async () => {
  const root = makeProject({
    "node_modules/old-style/package.json": '{"name":"old-style","version":"1.0.0","main":"index.js"}',
    "node_modules/old-style/index.js": 'const path = require("path");\nexports.own = [path.basename(__dirname), path.basename(__filename), path.dirname(__filename) === __dirname].join();\n',
    "node_modules/new-style/package.json": '{"name":"new-style","version":"1.0.0","type":"module","main":"index.js"}',
    "node_modules/new-style/index.js": 'import { createRequire } from "node:module";\nimport { dirname, basename } from "node:path";\nimport { fileURLToPath } from "node:url";\nconst require = createRequire(import.meta.url);\nconst __filename = fileURLToPath(import.meta.url);\nconst __dirname = dirname(__filename);\nexport const own = [basename(__dirname), typeof require("node:os").cpus].join();\n',
    "ops.ts": 'import { op } from "hmc";\nimport { own as old } from "old-style";\nimport { own } from "new-style";\nexport const one = op(async () => `${old} ${own}`);\nexport const two = op(async () => own);\n',
    "two.ts": 'import { op } from "hmc";\nimport { own } from "new-style";\nexport const two = op(async () => own);\n',
  });
  const both = await bundleOps({ document: document([op("one", {}, { Output: string })], []), root, outfile: join(makeProject({}), "out here/main.mjs") });
  assert.is(await outputOf(both.file as string, "one"), "out here,main.mjs,true out here,function");
  const alone = await bundleOps({ document: document([op("two", {}, { Output: string }, { implementation: { module: "two.ts", export: "two" } })], []), root, outfile: join(makeProject({}), "out/main.mjs") });
  assert.is(await outputOf(alone.file as string, "two"), "out,function");
});

test("a package with native code stays outside, and only the op that uses it loads it", async () => {
  const root = makeProject({
    "ops.ts": 'import { op } from "hmc";\nimport { DuckDBInstance } from "@duckdb/node-api";\nexport const query = op(async () => {\n  const db = await DuckDBInstance.create();\n  const result = await (await db.connect()).runAndReadAll("select 6 * 7 as x");\n  return String(result.getRows()[0]![0]);\n});\n',
    "plain.ts": simple,
  });
  const given = document([op("query", {}, { Output: string }), op("one", {}, { Output: number }, { implementation: { module: "plain.ts", export: "one" } })], []);
  mkdirSync(join(root, "node_modules"));
  symlinkSync(fileURLToPath(new URL("../../node_modules/@duckdb", import.meta.url)), join(root, "node_modules/@duckdb"));
  const bundle = await bundleOps({ document: given, root });
  assert.equal(bundle.external, ["@duckdb/node-api"]);
  assert.is(await outputOf(bundle.file as string, "query"), "42");
  // Without the package beside it, the other op still runs.
  const alone = await bundleOps({ document: given, root, outfile: join(makeProject({}), "main.mjs") });
  assert.is(await outputOf(alone.file as string, "one"), "1");
});

test("a package that only comes with code for one platform stays outside", async () => {
  const root = makeProject({
    "node_modules/wrapper/package.json": '{"name":"wrapper","version":"1.0.0","main":"index.js","dependencies":{"binary":"1.0.0"}}',
    "node_modules/wrapper/index.js": 'exports.value = "from node_modules";\n',
    "node_modules/binary/package.json": '{"name":"binary","version":"1.0.0","os":["linux"],"cpu":["x64"]}',
    "ops.ts": 'import { op } from "hmc";\nimport { value } from "wrapper";\nexport const one = op(async () => value);\n',
  });
  const bundle = await bundleOps({ document: document([op("one", {}, { Output: string })], []), root });
  assert.equal(bundle.external, ["wrapper"]);
  assert.not.match(readFileSync(bundle.file as string, "utf8").split("//# sourceMappingURL")[0] as string, "from node_modules");
  assert.is(await outputOf(bundle.file as string, "one"), "from node_modules");
});

test("constants from env() have the value of compile time, also where the variable is not set", async () => {
  const root = makeProject({ "ops.ts": 'import { env, op } from "hmc";\nconst region = env("HMC_TEST_REGION");\nexport const one = op(async () => region);\n' });
  const bundle = await bundleOps({
    document: { ...document([op("one", {}, { Output: string })], []), environment: ["HMC_TEST_REGION"] },
    root,
    environment: (name) => (name === "HMC_TEST_REGION" ? "mars" : undefined),
  });
  assert.is(await outputOf(bundle.file as string, "one"), "mars");
});

test("an import that does not resolve is a diagnostic at the import (HMC6002)", async () => {
  const root = makeProject({ "src/ops.ts": '// é\nimport { op } from "hmc";\nimport missing from "no-such-package";\nexport const one = op(async () => missing());\n' });
  const given = document([op("one", {}, { Output: number }, { implementation: { module: "src/ops.ts", export: "one" } })], []);
  const { file, diagnostics } = await bundleOps({ document: given, root });
  assert.is(file, undefined);
  assert.is(diagnostics.length, 1);
  const [found] = diagnostics;
  assert.is(found?.code, "HMC6002");
  assert.match(found?.message as string, 'Could not resolve "no-such-package"');
  assert.is(found?.span?.file, "src/ops.ts");
  assert.equal([found?.span?.line, found?.span?.column], [3, 21]);
  const line = '// é\nimport { op } from "hmc";\n'.length;
  assert.equal([found?.span?.start, found?.span?.end], [line + 20, line + 37]);
  assert.not.ok(existsSync(join(root, ".hmc")));
});

test("an op that its module does not export is a diagnostic at the op", async () => {
  const root = makeProject({ "ops.ts": simple });
  const { diagnostics } = await bundleOps({ document: document([op("two")], []), root });
  assert.equal(diagnostics.map(({ code, span: at }) => [code, at]), [["HMC6002", span]]);
});

test("a trivial op starts in less than twice the time of Node itself", async () => {
  const root = makeProject({ "ops.ts": simple });
  const { file } = await bundleOps({ document: document([op("one", {}, { Output: number })], []), root });
  const input = JSON.stringify({ outputs: { parameters: { Output: { outputFile: join(root, "out") } }, outputFile: join(root, "meta") } });
  const time = async (args: string[]): Promise<number> => {
    const before = performance.now();
    await run(process.execPath, args);
    return performance.now() - before;
  };
  const ratios: number[] = [];
  for (let index = 0; index < 9; index++) {
    const node = await time(["-e", "0"]);
    ratios.push((await time([file as string, "run", "one", "--executor-input", input])) / node);
  }
  const median = ratios.sort((a, b) => a - b)[4] as number;
  console.log(`    main.mjs run / node -e 0: ${median.toFixed(2)}`);
  assert.ok(median < 2, `${median}`);
});

test.run();
