/** Containers and importers: what becomes of the lambda, and of the options of importArtifact(). */
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readImporter } from "../../compiler/frontend/importers.ts";
import { openProgram } from "../../compiler/frontend/program.ts";
import type { Argument } from "../../compiler/ir/types.ts";
import { containerOf, mistakesOf } from "./components.ts";
import { hostWith } from "./lowered.ts";

/** Arguments as text: placeholders in braces, optional ones as `?x(…:…)` where they are lists and `?x<…:…>` where they are single, joined ones as `+(…)`. */
function show(list: readonly Argument[]): string[] {
  return list.map((argument) => {
    switch (argument.kind) {
      case "ifPresent": {
        const [open, close] = argument.single === true ? ["<", ">"] : ["(", ")"];
        return `?${argument.input}${open}${show(argument.then).join(" ")}:${show(argument.otherwise).join(" ")}${close}`;
      }
      case "concat":
        return `+(${show(argument.items).join(" ")})`;
      case "text":
        return argument.parts.map((part) => (typeof part === "string" ? part : `{${Object.values(part).join(" ")}}`)).join("");
    }
  });
}

const inputs = "input: { sql: string; limit?: Int; mode?: string; n: Int; flag?: boolean; rows: Dataset; extra?: Dataset; tables: Dataset[]; list: string[]; config: { a: number } }, out: { model: Model; count: Int }";

/** The arguments that an expression for `args` gives. */
function args(expression: string, parameters = inputs, before = ""): string[] {
  const { component, mistakes } = containerOf(`${before}\nexport const c = container({ image: "etl:1" }, (${parameters}) => ({ args: ${expression} }));`);
  assert.equal(mistakes, []);
  return show(component?.args ?? []);
}

const cases: [expression: string, expected: string[]][] = [
  [`["--sql", input.sql]`, ["--sql", "{inputValue sql}"]],
  ["[`--n=${input.n}`, String(input.n), input.n.toString()]", ["--n={inputValue n}", "{inputValue n}", "{inputValue n}"]],
  [`[input.rows.path, input.rows.uri, input["rows"].path]`, ["{inputPath rows}", "{inputUri rows}", "{inputPath rows}"]],
  [`[out.model.path, out.model.uri, fileOf(out.count)]`, ["{outputPath model}", "{outputUri model}", "{outputFile count}"]],
  ["['--out=' + out.model.path + '/x', `${out.model.path}.json`]", ["--out={outputPath model}/x", "{outputPath model}.json"]],
  ["[JSON.stringify(input.list), `${JSON.stringify(input.config)}`]", ["{inputValue list}", "{inputValue config}"]],
  ["[...(input.limit !== undefined ? ['--limit', `${input.limit}`] : [])]", ["?limit(--limit {inputValue limit}:)"]],
  ["[...(undefined === input.limit ? ['--all'] : [`${input.limit}`])]", ["?limit({inputValue limit}:--all)"]],
  ["[...(input.limit != null ? ['--limit'] : [])]", ["?limit(--limit:)"]],
  ["[...(!input.extra ? [] : ['--extra', input.extra.path])]", ["?extra(--extra {inputPath extra}:)"]],
  ["[...(input.mode ? ['--mode', input.mode] : [])]", ["?mode(--mode {inputValue mode}:)"]],
  ["[input.mode ?? 'fast', input.mode !== undefined ? `m-${input.mode}` : 'none']", ["?mode<{inputValue mode}:fast>", "?mode<m-{inputValue mode}:none>"]],
  ["[...(input.mode !== undefined ? [...(input.limit !== undefined ? ['both'] : ['mode'])] : [])]", ["?mode(?limit(both:mode):)"]],
  ["[...(input.n !== undefined ? ['always'] : ['never'])]", ["?n(always:never)"]],
  ["[...(input.mode !== undefined ? (input.limit !== undefined ? ['both'] : ['mode']) : [])]", ["?mode(?limit(both:mode):)"]],
  ["[input.mode !== undefined ? 'm' : undefined, input.mode === undefined ? 'm' : undefined, undefined]", ["?mode<m:>", "?mode(:m)"]],
  ["[input.mode !== undefined ? input.limit !== undefined ? 'a' : 'b' : 'c']", ["?mode<?limit<a:b>:c>"]],
  ["[concat('--n=', input.n, input.sql), concat()]", ["+(--n= {inputValue n} {inputValue sql})", "+()"]],
  ["[concat('{', input.mode !== undefined ? concat('m', input.mode) : undefined, ...(input.limit !== undefined ? ['l', input.limit] : []), ...['x', 'y'], '}')]", ["+({ ?mode<+(m {inputValue mode}):> ?limit(l {inputValue limit}:) x y })"]],
  ["[input.mode !== undefined ? concat('a', concat('b')) : 'c']", ["?mode<+(a +(b)):c>"]],
  ["[input.rows.metadata, input.rows.metadata.kind, input.rows.metadata['a b'], `k=${input.rows.metadata['k']}`, out.model.metadata['k'], out.model.metadata]", ["{inputMetadata rows}", "{inputMetadata rows kind}", "{inputMetadata rows a b}", "k={inputMetadata rows k}", "{outputMetadata model k}", "{outputMetadata model}"]],
  ["[input.rows, input.tables, `${input.tables}`, JSON.stringify(input.rows), JSON.stringify(input.rows.metadata)]", ["{inputArtifact rows}", "{inputArtifact tables}", "{inputArtifact tables}", "{inputArtifact rows}", "{inputMetadata rows}"]],
  ["[run.name, `${run.pipelineRoot}/x`, language.run.workspacePath, executorInput(), `--in=${executorInput()}`]", ["{context runName}", "{context pipelineRoot}/x", "{context workspacePath}", "{executorInput}", "--in={executorInput}"]],
  ["[`{{$.inputs.parameters['x'].json_escape[0]}}`, '{{$.json_escape[1]}}']", ["{{$.inputs.parameters['x'].json_escape[0]}}", "{{$.json_escape[1]}}"]],
  ["[`${1 + 1}`, 'a' + 'b', ...['x', 'y'], ...(1 > 2 ? ['no'] : ['yes'])]", ["2", "ab", "x", "y", "yes"]],
  ["['', `a${''}b`]", ["", "ab"]],
];

for (const [expression, expected] of cases) {
  test(expression, () => assert.equal(args(expression), expected));
}

test("destructured inputs and outputs, also with other names", () => {
  assert.equal(args("[q, `${n}`, rows.path, ...(n !== undefined ? ['n'] : [])]", "{ sql: q, n = 3 }: { sql: string; n?: Int }, { rows }: { rows: Dataset }"), ["{inputValue sql}", "{inputValue n}", "{outputPath rows}", "?n(n:)"]);
});

test("constants of the module and of the lambda", () => {
  const source = [
    `const common = ["--verbose", \`--level=\${1 + 1}\`] as const;`,
    `export const c = container({ image: "etl:1" }, (input: { a: string }) => {`,
    `  const where = \`/data/\${input.a}\`;`,
    `  const args = [where, ...common];`,
    `  return { command: ["etl"], args };`,
    `});`,
  ].join("\n");
  const { component, mistakes } = containerOf(source);
  assert.equal(mistakes, []);
  assert.equal([show(component?.command ?? []), show(component?.args ?? [])], [["etl"], ["/data/{inputValue a}", "--verbose", "--level=2"]]);
});

test("a long program in a template literal", () => {
  const program = `def main():\\n\n    print("\${'{'}{x}}")\n`.repeat(1500);
  const started = performance.now();
  const { component, mistakes } = containerOf(`const source = \`${program}\`;\nexport const c = container({ image: "etl:1" }, () => ({ command: ["sh", "-c", source, String.raw\`${program.replaceAll("${'{'}", "{")}\`] }));`);
  assert.equal(mistakes, []);
  assert.is(show(component?.command ?? [])[2]?.length, 1500 * `def main():\n\n    print("{{x}}")\n`.length);
  assert.is(show(component?.command ?? [])[3], `def main():\\n\n    print("{{x}}")\n`.repeat(1500));
  assert.ok(performance.now() - started < 20_000, "quickly");
});

test("a function by its name is as good as one on the spot", () => {
  const { component, mistakes } = containerOf(`function build(input: { a: string }) {\n  return { args: [input.a] };\n}\nexport const c = container({ image: "etl:1" }, build);`);
  assert.equal(mistakes, []);
  assert.equal(show(component?.args ?? []), ["{inputValue a}"]);
});

test("the interface, the options, the image and the environment", () => {
  const { component, mistakes } = containerOf(`/** Extracts. */\nexport const c = container({ image: "etl:1", name: "extract", retry: 2 }, (input: { a?: string }, out: { rows: Dataset; count: Int }) => ({ image: "etl:2", env: { MODE: "x" }, args: [out.rows.path, fileOf(out.count)] }));`);
  assert.equal(mistakes, []);
  assert.is(component?.id, "extract");
  assert.is(component?.description, "Extracts.");
  assert.is(component?.options.image, "etl:2");
  assert.equal(component?.options.retry, { count: 2 });
  assert.equal(component?.env, { MODE: "x" });
  assert.equal(Object.entries(component?.outputs ?? {}).map(([name, { type }]) => [name, type.kind]), [["rows", "artifact"], ["count", "integer"]]);
});

const refused: [expression: string, mistake: string][] = [
  ["[`${input.list}`]", "HMC2021"],
  ["[...input.list]", "HMC2021"],
  ["[input.rows.name]", "HMC2021"],
  ["[JSON.stringify(input.rows.metadata['a'])]", "HMC2021"],
  ["[input.list]", "HMC2021"],
  ["[`${concat('a', 'b')}`]", "HMC2021"],
  ["[concat(input.list)]", "HMC2021"],
  ["[JSON.stringify(input.n)]", "HMC2021"],
  ["[['a']]", "HMC2021"],
  ["[{ name: 'x' }.name === run.name]", "HMC2021"],
  ["[fileOf(out.count), out.count]", "HMC2022"],
  ["[out.model]", "HMC2022"],
  ["[input.sql.toUpperCase()]", "HMC2021"],
  ["[`${input.n + 1}`]", "HMC2021"],
  ["[...(input.flag ? ['--flag'] : [])]", "HMC2021"],
  ["[...(input.limit ? ['--limit'] : [])]", "HMC2021"],
  ["[...(input.sql === 'x' ? ['x'] : [])]", "HMC2021"],
  ["[`${Math.random()}`]", "HMC2021"],
  ["[input.sql].concat(['a'])", "HMC2021"],
  ["[fileOf(input.n)]", "HMC2021"],
  ["[`${out.count}`]", "HMC2022"],
  ["[fileOf(out.model)]", "HMC2022"],
  ["[`${out.model}`]", "HMC2022"],
  ["[`${secret('a', 'b')}`]", "HMC2004"],
];

for (const [expression, code] of refused) {
  test(`${expression} is refused with ${code}`, () => {
    const { mistakes } = containerOf(`export const c = container({ image: "etl:1" }, (${inputs}) => ({ args: ${expression} }));`);
    assert.equal(mistakes.map((text) => text.slice(0, 9)), [`1 ${code}`]);
  });
}

test("a lambda that is no command line", () => {
  const codes = (lambda: string) => containerOf(`const build = () => ({ args: [] });\nexport const c = container({ image: "etl:1" }, ${lambda});`).mistakes.map((text) => text.slice(0, 9));
  assert.equal(codes("Math.random() > 0.5 ? build : build"), ["2 HMC2020"]);
  assert.equal(codes("() => build()"), ["2 HMC2020"]);
  assert.equal(codes("() => ({ ...build() })"), ["2 HMC2020"]);
  assert.equal(codes("() => { if (1 > 2) return {}; return { args: [] }; }"), ["2 HMC2020"]);
  assert.equal(codes("() => ({ image: String(Math.random()) })"), ["2 HMC2023"]);
  assert.equal(codes("() => ({ env: { A: String(Math.random()) } })"), ["2 HMC2023"]);
});

// ---------------------------------------------------------------------------------------------- what only Argo has

/** What a container with inputs, outputs and these members of its lambda is. */
function placed(members: string) {
  return containerOf(`export const c = container({ image: "etl:1" }, (input: { seed: Int; rows: Dataset; tables?: Dataset[] }, out: { model: Model; count: Int; note: string }) => ({ command: ["python"], ${members} }));`);
}

test("a program, what it prints, its places and the defaults of its outputs", () => {
  const { component, mistakes } = placed('script: `import sys\nprint(${input.seed}, "${input.rows.path}", "${fileOf(out.note)}")\n`, stdout: out.count, files: { rows: "/data/rows.csv", model: "/tmp/model", note: `/tmp/${"note"}` }, defaults: { note: "none" }');
  assert.equal(mistakes, []);
  assert.equal(component?.script, ["import sys\nprint(", { placeholder: "inputValue", name: "seed" }, ', "', { placeholder: "inputPath", name: "rows" }, '", "', { placeholder: "outputFile", name: "note" }, '")\n']);
  assert.is(component?.stdout, "count");
  assert.equal(component?.files, { rows: "/data/rows.csv", model: "/tmp/model", note: "/tmp/note" });
  assert.equal(component?.defaults, { note: "none" });
});

const programs: [written: string, script: unknown[]][] = [
  ["`\n    import json\n    if ${input.seed}:\n      print(1)\n    `", ["import json\nif ", { placeholder: "inputValue", name: "seed" }, ":\n  print(1)\n"]],
  ["`\n      a\n\n    ${input.seed}\n\tb\n  `", ["      a\n\n    ", { placeholder: "inputValue", name: "seed" }, "\n\tb\n"]],
  ["`\r\n  a\r\n  b\r\n`", ["a\r\nb\r\n".replaceAll("\r\n", "\n")]],
  ["`  a\n  b`", ["  a\n  b"]],
  ["`\n  ${input.seed}`", [{ placeholder: "inputValue", name: "seed" }]],
];

for (const [written, script] of programs) {
  test(`the indentation that lines share is none of the program: ${JSON.stringify(written)}`, () => {
    const { component, mistakes } = placed(`script: ${written}`);
    assert.equal(mistakes, []);
    assert.equal(component?.script, script);
  });
}

test("variables of Argo on a command line", () => {
  const { component, mistakes } = placed('args: [argoVariable("workflow.duration"), `${argoVariable("workflow.parameters.date")}/${language.argoVariable("retries")}`], script: `${argoVariable("workflow.labels.a.b/c")}`');
  assert.equal(mistakes, []);
  assert.equal(show(component?.args ?? []), ["{argoVariable workflow.duration}", "{argoVariable workflow.parameters.date}/{argoVariable retries}"]);
  assert.equal(component?.script, [{ placeholder: "argoVariable", name: "workflow.labels.a.b/c" }]);
});

const misplaced: [members: string, mistake: RegExp][] = [
  ['args: [argoVariable("workflow.duraton")]', /HMC1036 .*Did you mean "workflow\.duration"\?/],
  ['args: [argoVariable("inputs.parameters.seed")]', /HMC1036 .*the language itself names/],
  ["args: [argoVariable(String(Math.random()))]", /HMC1011/],
  ["script: `${input.rows.name}`", /HMC2021/],
  ["stdout: out.model", /HMC2032 .*is no output parameter/],
  ["stdout: input.seed", /HMC2032/],
  ["stdout: out.count, args: [fileOf(out.count)]", /HMC2032 .*"fileOf\(out\.count\)"/],
  ["stdout: out.count, script: `${fileOf(out.count)}`", /HMC2032 .*"fileOf\(out\.count\)"/],
  ['stdout: out.count, files: { count: "/tmp/count" }', /HMC2032 .*"files\.count"/],
  ["stdout: out.count, defaults: { count: 1 as Int }", /HMC2032 .*"defaults\.count"/],
  ['files: { modle: "/tmp/model" }', /HMC2030 .*Did you mean "model"\?/],
  ['files: { seed: "/tmp/seed" }', /HMC2030 .*no input artifact or output of that name/],
  ['files: { model: "tmp/model" }', /HMC2031 .*no absolute path/],
  ['files: { model: "/tmp/../etc" }', /HMC2031 .*no absolute path/],
  ['files: { model: "/tmp/x", note: "/tmp/x" }', /HMC2031 .*also that of "model"/],
  ["files: { model: String(Math.random()) }", /HMC2023/],
  ['defaults: { model: "x" }', /HMC2030 .*no output parameter of that name/],
  ["defaults: { count: 1.5 as Int }", /HMC2014/],
  ["scripts: ``", /HMC2026 .*Did you mean "script"\?/],
];

for (const [members, mistake] of misplaced) {
  test(`${members} is refused`, () => {
    const { mistakes } = placed(members);
    assert.ok(mistakes.some((found) => mistake.test(found)), mistakes.join("\n"));
  });
}

// ---------------------------------------------------------------------------------------------- importers

function importer(call: string) {
  const opened = openProgram(hostWith({ "pipeline.ts": `import { importArtifact, secret, type Dataset, type Model } from "hmc";\nconst place = { reimport: true };\nexport const f = (uri: string) => ${call};` }), "pipeline.ts", { scope: "pipeline" });
  const { context, entryFile, diagnostics } = opened;
  assert.ok(context !== undefined && entryFile !== undefined);
  let found: ts.CallExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "importArtifact") found = node;
    ts.forEachChild(node, visit);
  };
  visit(entryFile);
  assert.ok(found);
  const read = readImporter(context, found, "importer");
  return { component: read?.component, uri: read?.uri.getText(), mistakes: mistakesOf(diagnostics).map((text) => text.slice(0, 9)) };
}

test("an importer: its type, its options, and where the artifact lies", () => {
  const { component, uri, mistakes } = importer(`importArtifact<Dataset>({ uri: \`\${uri}/rows\`, ...place, metadata: { source: "bq", n: 1 + 1 }, downloadToWorkspace: true })`);
  assert.equal(mistakes, []);
  assert.is(uri, "`${uri}/rows`");
  const { span, inputs, outputs, ...rest } = component ?? assert.unreachable() as never;
  assert.ok(span);
  assert.equal(rest, { kind: "importer", id: "importer", name: "importArtifact", reimport: true, metadata: { source: "bq", n: 2 }, downloadToWorkspace: true });
  assert.equal([inputs["uri"]?.type, outputs["artifact"]?.type], [{ kind: "string" }, { kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: false }]);
});

test("an importer whose type comes from where it goes, or is any artifact", () => {
  const title = (call: string) => importer(call).component?.outputs["artifact"]?.type;
  assert.is((title("importArtifact<Model>({ uri })") as { schemaTitle?: string }).schemaTitle, "system.Model");
  assert.is((title("importArtifact({ uri })") as { schemaTitle?: string }).schemaTitle, "system.Artifact");
});

test("an importer with options that are not constant, or of no artifact", () => {
  assert.equal(importer("importArtifact<Dataset>({ uri, reimport: uri === 'x' })").mistakes, ["2 HMC2023"]);
  assert.equal(importer("importArtifact<Dataset>({ uri, metadata: { token: secret('a', 'b') } })").mistakes, ["2 HMC2027"]);
  assert.equal(importer("importArtifact<never>({ uri })").mistakes, ["2 HMC2002"]);
});

test.run();
