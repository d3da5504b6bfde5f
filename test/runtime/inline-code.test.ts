/** The code of ops in the compiled file: it runs as it stands there, has the same bytes everywhere, and is refused where it cannot travel. */
import * as fc from "fast-check";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { compileWithCode, type Compilation, type CompileOptions } from "../../compiler/compile.ts";
import { resolveOptions } from "../../compiler/ir/options.ts";
import type { Pipeline, Task } from "../../compiler/ir/types.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { asArgument, inlineCommand } from "../../compiler/targets/inline.ts";
import { inlineCode, inlineLimit } from "../../runtime/inline-code.ts";
import { unescapeJson } from "../../runtime/text.ts";
import { document, makeProject, number, op, run, span } from "./project.ts";

const source = `import { op, pipeline } from "hmc";
import { special } from "./special.ts";

export const tell = op({ inline: true }, async ({ text }: { text: string }): Promise<string> => {
  if (text === "fail") {
    throw new Error("it fails");
  }
  return text + special;
});

export const main = pipeline(({ text = "a" }: { text?: string }) => ({ told: tell({ text }) }));
`;
const special = "{{inputs.parameters.x}} {{{{ $$ $(HOME) ~7b ~ \u007f \u0001 é ☂ 🦀 `${x}` \\ \" '";
const files = { "pipeline.ts": source, "special.ts": `export const special = ${JSON.stringify(special)};\n` };

async function compiled(root: string, options: CompileOptions): Promise<Compilation> {
  return compileWithCode(nodeHost(), join(root, "pipeline.ts"), options, async (given, folder, ops) => inlineCode({ document: given, root: folder, ops, environment: () => undefined }));
}

interface KfpSpec {
  deploymentSpec: { executors: Record<string, { container: { image: string; command: string[]; args: string[] } }> };
}

/** The command of the op in KFP's file. */
async function commandOf(root: string): Promise<string[]> {
  const { output, diagnostics } = await compiled(root, { target: "kfp" });
  assert.ok(output !== undefined, diagnostics.map(({ message }) => message).join("\n"));
  const container = (parse(output) as KfpSpec).deploymentSpec.executors["exec-tell"]?.container;
  assert.is(container?.image, "node:24-slim");
  return container?.command ?? [];
}

/** Runs the command with an input; what the op gives, or what it prints. */
async function told([program = "", ...words]: string[], text: string): Promise<{ code: number | null; stderr: string; output?: string }> {
  const folder = makeProject({});
  const input = { inputs: { parameterValues: { text } }, outputs: { parameters: { Output: { outputFile: join(folder, "out") } }, outputFile: join(folder, "meta") } };
  const { code, stderr } = await run(program, [...words, "--executor-input", JSON.stringify(input)]);
  return { code, stderr, ...(code === 0 ? { output: readFileSync(join(folder, "out"), "utf8") } : {}) };
}

test("the command of KFP's file runs as it stands, and nothing in it is replaced on the way", async () => {
  const command = await commandOf(makeProject(files));
  for (const word of command) {
    assert.not.match(word, /\{\{|\$\$|\$\(|[^\t\n\x20-\x7e]/);
    assert.ok(word.length < 131_072);
  }
  const { code, stderr, output } = await told(command, "text ");
  assert.equal([code, stderr], [0, ""]);
  assert.is(unescapeJson(output ?? ""), `text ${special}`);
});

test("on Argo the command is the same but for the words behind the code", async () => {
  const root = makeProject(files);
  const onKfp = await commandOf(root);
  const { output } = await compiled(root, { target: "argo" });
  const templates = (parse(output ?? "") as { spec: { templates: { name: string; script?: { image: string; command: string[] } }[] } }).spec.templates;
  const script = templates.find(({ name }) => name === "tell")?.script;
  assert.equal(script?.command.slice(0, 5), onKfp.slice(0, 5));
  assert.equal([script?.image, script?.command.slice(5)], ["node:24-slim", ["run", "tell", "--argo"]]);
});

test("the stack of a crash names the line of TypeScript, and nothing of hmc", async () => {
  const { code, stderr } = await told(await commandOf(makeProject(files)), "fail");
  assert.is(code, 1);
  assert.match(stderr, "hmc: Error: it fails\npipeline.ts:6:");
  assert.not.match(stderr, "main.mjs");
});

test("the same sources give the same file in another folder", async () => {
  const deep = join(makeProject(Object.fromEntries(Object.entries(files).map(([name, text]) => [`deeper/down/${name}`, text]))), "deeper/down");
  writeFileSync(join(deep, "package.json"), "{}");
  assert.equal(await commandOf(makeProject(files)), await commandOf(deep));
});

test("any text survives as an argument", () => {
  const decoded = (argument: string): string => argument.replace(/~(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("{", "}", "$", "(", "~", "7", "b", "\n", "\t", "\u007f", "\u0001", "a", " ", "\\", "'") }), (text) => {
    const argument = asArgument(text);
    assert.not.match(argument, /\{\{|\$\$|\$\(|[^\t\n\x20-\x7e]/);
    assert.is(decoded(argument), text);
  }), { numRuns: 2_000 });
});

test("what follows from an option comes from where that was written; an explicit no is no", () => {
  const task = (id: string): Task => ({ kind: "task", id, target: { kind: "component", id }, inputs: {}, after: [], ignoreUpstreamFailure: false, options: {}, span });
  const of = document([op("carried", {}, {}, { options: { inline: true } }), op("official", {}, {}, { options: { image: "docker.io/library/node:22@sha256:abc" } }), op("own", {}, {}, { options: { image: "node:22", inline: false } }), op("other", {}, {}, { options: { image: "acme/node:22" } })], []);
  const pipeline = { id: "p", name: "p", options: {}, inputs: {}, outputs: {}, body: { nodes: [] }, span } as unknown as Pipeline;
  const resolved = (id: string): unknown => {
    const { options, origins } = resolveOptions(of, pipeline, task(id));
    return [options.image, options.inline, origins];
  };
  assert.equal(resolved("carried"), ["node:24-slim", true, { inline: "op", image: "op" }]);
  assert.equal(resolved("official"), ["docker.io/library/node:22@sha256:abc", true, { image: "op", inline: "op" }]);
  assert.equal(resolved("own"), ["node:22", undefined, { image: "op" }]);
  assert.equal(resolved("other"), ["acme/node:22", undefined, { image: "op" }]);
});

test("a bundle that is not given is asked for, and there is no file without it", async () => {
  const missing = new Set<string>();
  inlineCommand({ bundles: new Map(), missing }, "tell");
  assert.equal([...missing], ["tell"]);
  const root = makeProject(files);
  const without = await compileWithCode(nodeHost(), join(root, "pipeline.ts"), { target: "kfp" }, async () => ({ bundles: new Map(), diagnostics: [] }));
  assert.equal([without.output, without.missingCode], [undefined, ["tell"]]);
});

const given = document([op("big", {}, { Output: number })], []);
const ofBig = (root: string): ReturnType<typeof inlineCode> => inlineCode({ document: given, root, ops: ["big"], environment: () => undefined });
/** About as many bytes of code. */
const ballast = (bytes: number): string => `export const ballast = ${JSON.stringify(Array.from({ length: bytes / 8 }, (_, index) => `v${index}`.padEnd(5, "x")))};\n`;
const big = 'import { op } from "hmc";\nimport { ballast } from "ballast";\nexport const big = op(async () => ballast.length);\n';

test("what is too large is refused, and what takes most room is named: HMC6062", async () => {
  const root = makeProject({ "ops.ts": big, "node_modules/ballast/package.json": '{"name":"ballast","version":"1.0.0","main":"index.js","type":"module"}', "node_modules/ballast/index.js": ballast(80_000) });
  const { bundles, diagnostics } = await ofBig(root);
  assert.is(bundles.size, 0);
  assert.is(diagnostics[0]?.code, "HMC6062");
  assert.match(diagnostics[0]?.message ?? "", /^The code of "big" has \d{5,6} bytes, and the compiled file carries at most 64000 for an op\. Most of it is "ballast" \(\d+ bytes\), "ops\.ts"/);
});

test("without room for the source map, the code is carried without it", async () => {
  const carried = async (functions: number): Promise<string | undefined> => {
    const lines = Array.from({ length: functions }, (_, index) => `  (x: number) => x + ${index},\n`).join("");
    return (await ofBig(makeProject({ "ops.ts": `import { op } from "hmc";\nconst all = [\n${lines}];\nexport const big = op(async () => all.length);\n` }))).bundles.get("big");
  };
  const map = /\n\/\/# sourceMappingURL=data:[^\n]*$/;
  assert.match((await carried(200)) ?? "", map);
  const almost = await carried(3_000);
  assert.ok(almost !== undefined && almost.length <= inlineLimit);
  assert.not.match(almost ?? "", map);
});

test("native code and WASM files are refused: HMC6061", async () => {
  const native = makeProject({ "ops.ts": 'import { op } from "hmc";\nimport addon from "addon";\nexport const big = op(async () => addon.value);\n', "node_modules/addon/package.json": '{"name":"addon","version":"1.0.0","main":"addon.node"}' });
  assert.is((await ofBig(native)).diagnostics[0]?.message, 'The code of "big" cannot be carried in the compiled file: it needs the package "addon", which has native code. Name an image that "hmc build" has made, or set "inline: false".');
  const wasm = makeProject({
    "ops.ts": 'import { op } from "hmc";\nimport { size } from "sized";\nexport const big = op(async () => size());\n',
    "node_modules/sized/package.json": '{"name":"sized","version":"1.0.0","main":"index.js","type":"module"}',
    "node_modules/sized/index.js": 'import { readFileSync } from "node:fs";\nexport const size = () => readFileSync(new URL("./sized.wasm", import.meta.url)).length;\n',
    "node_modules/sized/sized.wasm": "wasm",
  });
  assert.match((await ofBig(wasm)).diagnostics[0]?.message ?? "", 'it needs the file "sized.wasm"');
});

test("what cannot be bundled is an error at its place: HMC6002", async () => {
  const { diagnostics } = await ofBig(makeProject({ "ops.ts": 'import "nothing";\nexport const big = 1;\n' }));
  assert.is(diagnostics[0]?.code, "HMC6002");
  assert.is(diagnostics[0]?.span?.file, "ops.ts");
});

test.run();
