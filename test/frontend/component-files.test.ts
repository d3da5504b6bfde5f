/** `component("./x.yaml")`: however it is named, it is the component of its file; its types are those of the file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import typescript from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readComponentFile } from "../../compiler/component-files.ts";
import type { Pipeline } from "../../compiler/ir/types.ts";
import { root } from "../folders.ts";
import { compiledFixtures } from "../conformance/corpus.ts";
import { errorsOf, lowerFiles as lower, outline, type Lowered } from "./lowered.ts";

/** A v1 component of one text in and one out. */
const echo = (name = "Echo"): string => `
name: ${name}
inputs: [{name: text, type: String}, {name: times, type: Integer, optional: true}]
outputs: [{name: said, type: String}]
implementation: {container: {image: alpine:3.20, command: [echo, {inputValue: text}, {if: {cond: {isPresent: times}, then: [{inputValue: times}]}}, {outputPath: said}]}}
`;

/** A compiled component with the one output \`Output\`, as a Python function that returns a number has it. */
const scalar = `
pipelineInfo: {name: measure}
schemaVersion: 2.1.0
components: {comp-measure: {executorLabel: exec-measure, inputDefinitions: {parameters: {text: {parameterType: STRING}}}, outputDefinitions: {parameters: {Output: {parameterType: NUMBER_INTEGER}}}}}
deploymentSpec: {executors: {exec-measure: {container: {image: "alpine:3.20", command: [wc, "{{$.inputs.parameters['text']}}", "{{$.outputs.parameters['Output'].output_file}}"]}}}}
root:
  inputDefinitions: {parameters: {text: {parameterType: STRING}}}
  outputDefinitions: {parameters: {Output: {parameterType: NUMBER_INTEGER}}}
  dag:
    outputs: {parameters: {Output: {valueFromParameter: {outputParameterKey: Output, producerSubtask: measure}}}}
    tasks: {measure: {cachingOptions: {enableCache: true}, componentRef: {name: comp-measure}, inputs: {parameters: {text: {componentInputParameter: text}}}, taskInfo: {name: measure}}}
`;

/** A pipeline whose output only a condition gives, and whose component is called "load". */
const optional = `
pipelineInfo: {name: maybe}
schemaVersion: 2.1.0
components:
  comp-condition-1:
    inputDefinitions: {parameters: {pipelinechannel--text: {parameterType: STRING}}}
    outputDefinitions: {parameters: {load-said: {parameterType: STRING}}}
    dag:
      outputs: {parameters: {load-said: {valueFromParameter: {outputParameterKey: said, producerSubtask: load}}}}
      tasks: {load: {cachingOptions: {enableCache: true}, componentRef: {name: comp-load}, inputs: {parameters: {text: {componentInputParameter: pipelinechannel--text}}}, taskInfo: {name: load}}}
  comp-load: {executorLabel: exec-load, inputDefinitions: {parameters: {text: {parameterType: STRING}}}, outputDefinitions: {parameters: {said: {parameterType: STRING}}}}
deploymentSpec: {executors: {exec-load: {container: {image: "alpine:3.20", command: [echo, "{{$.outputs.parameters['said'].output_file}}"]}}}}
root:
  inputDefinitions: {parameters: {text: {parameterType: STRING}}}
  outputDefinitions: {parameters: {said: {parameterType: STRING}}}
  dag:
    outputs: {parameters: {said: {valueFromParameter: {outputParameterKey: load-said, producerSubtask: condition-1}}}}
    tasks:
      condition-1:
        componentRef: {name: comp-condition-1}
        inputs: {parameters: {pipelinechannel--text: {componentInputParameter: text}}}
        taskInfo: {name: condition-1}
        triggerPolicy: {condition: "inputs.parameter_values['pipelinechannel--text'] == 'yes'"}
`;

/** Analyses a project in memory. Every YAML file has its declaration file beside it. */
function lowerFiles(files: Record<string, string>): Lowered {
  const declared = Object.entries(files).flatMap(([name, text]) => (name.endsWith(".yaml") ? [[`${name}.d.ts`, readComponentFile(text, name).read?.declaration ?? ""]] : []));
  return lower({ ...Object.fromEntries(declared), ...files });
}

function lowered(body: string, files: Record<string, string>, before = ""): string[] {
  const { document, diagnostics } = lowerFiles({ ...files, "pipeline.ts": `import { component, op, pipeline } from "hmc";\n${before}\nexport const p = pipeline(({ text = "a" }: { text?: string }) => {\n${body}\n});\n` });
  assert.equal(errorsOf(diagnostics), []);
  const pipeline = document?.pipelines["p"];
  assert.ok(pipeline !== undefined, "there is a pipeline");
  return outline(pipeline as Pipeline);
}

test("a task is named after the constant, and has the inputs and outputs of the file", () => {
  const lines = lowered("const said = sayIt({ text });\nsayIt({ text: said.said, times: 2 }).after(said);", { "parts/echo.yaml": echo() }, 'const sayIt = component("./parts/echo.yaml");');
  assert.equal(lines, ["say-it = say-it(text: $text)", 'say-it-2 = say-it(text: say-it.said, times: 2) after say-it']);
});

test("imported under another name, as a member, of other files, in an object, called directly", () => {
  const files = {
    "parts/echo.yaml": echo(),
    "parts/index.ts": 'import { component as file } from "hmc";\nexport const echo = file("./echo.yaml");\nexport default file("../parts/echo.yaml");\n',
    "all.ts": 'import * as hmc from "hmc";\nimport { echo } from "./parts/index.ts";\nexport const parts = { echo, other: hmc.component("./parts/echo.yaml") };\nexport { echo as renamed } from "./parts/index.ts";\n',
  };
  const lines = lowered(
    'first({ text });\nparts.echo({ text });\nparts.other({ text });\nrenamed({ text });\nmain({ text });\ncomponent("./parts/echo.yaml")({ text });',
    files,
    'import main, { echo as first } from "./parts/index.ts";\nimport { parts, renamed } from "./all.ts";',
  );
  assert.equal(lines.map((line) => line.replace(/\(.*/, "")), ["echo = echo", "echo-2 = echo", "other = other", "echo-3 = echo", "index = index", "echo-4 = echo"]);
});

test("the one output \"Output\" is the value itself", () => {
  assert.equal(lowered('const size = measure({ text });\nif (size > 3) sayIt({ text: "long", times: size });\nreturn { size };', { "echo.yaml": echo(), "measure.yaml": scalar }, 'const measure = component("./measure.yaml");\nconst sayIt = component("./echo.yaml");'), [
    "measure = measure(text: $text)",
    "if-1 if (measure.Output > 3)",
    '  say-it = say-it(text: "long", times: measure.Output)',
    "if-1 else",
    "return { size: measure.Output }",
  ]);
});

test("what a pipeline calls itself gets an id that nothing else has; an output may be absent", () => {
  const source = (body: string): Record<string, string> => ({
    "maybe.yaml": optional,
    "pipeline.ts": `import { component, op, pipeline } from "hmc";\nimport { load } from "./ops.ts";\nconst perhaps = component("./maybe.yaml");\nconst needs = op({ image: "a:1" }, async (input: { text: string }): Promise<void> => { console.log(input); });\nexport { needs };\nexport const p = pipeline(() => {\nconst { said } = perhaps({ text: "yes" });\nload({ since: "1" });\n${body}\n});\n`,
  });
  const good = lowerFiles(source('needs({ text: said ?? "nothing" });'));
  assert.equal(errorsOf(good.diagnostics), []);
  assert.equal(Object.keys(good.document?.components ?? {}).sort(), ["load", "load-2", "needs"]);
  assert.equal(good.document?.components["load-2"]?.kind, "container");
  const [branch] = good.document?.pipelines["perhaps"]?.body.nodes ?? [];
  assert.is(branch?.kind === "branch" && branch.arms[0]?.block.nodes[0]?.kind === "task" ? branch.arms[0].block.nodes[0].target.id : undefined, "load-2");
  assert.equal(lowerFiles(source("needs({ text: said });")).diagnostics.map(({ code }) => code), ["TS2322"]);
});

test("a name that something else has is reported", () => {
  const { diagnostics } = lowerFiles({ "echo.yaml": echo(), "pipeline.ts": 'import { component, pipeline } from "hmc";\nimport { load } from "./ops.ts";\nconst ops = { load: component("./echo.yaml") };\nexport const p = pipeline(() => {\nload({ since: "1" });\nops.load({ text: "a" });\n});\n' });
  assert.equal(diagnostics.map(({ code, span }) => `${span?.line} ${code}`), ["6 HMC3004"]);
});

test("missing and wrong inputs are TypeScript's errors, with the types of the file", () => {
  const { diagnostics } = lowerFiles({ "echo.yaml": echo(), "pipeline.ts": 'import { component, pipeline } from "hmc";\nconst sayIt = component("./echo.yaml");\nexport const p = pipeline(() => {\nsayIt({});\nsayIt({ text: 1 });\nsayIt({ text: "a", word: "b" });\nsayIt({ text: "a" }).sed;\n});\n' });
  assert.equal(diagnostics.filter(({ code }) => code.startsWith("TS")).map(({ code, span }) => `${span?.line} ${code}`), ["4 TS2345", "5 TS2322", "6 TS2353", "7 TS2339"]);
});

test("the files are sources, each mistake of one is reported once, and a warning is no obstacle", () => {
  const withPaths = echo().replace("image: alpine:3.20,", "image: alpine:3.20, fileOutputs: {said: /tmp/said},");
  const { document, diagnostics } = lowerFiles({ "echo.yaml": withPaths, "other.ts": 'import { component } from "hmc";\nexport const other = component("./echo.yaml");\n', "pipeline.ts": 'import { component, pipeline } from "hmc";\nimport { other } from "./other.ts";\nconst sayIt = component("./echo.yaml");\nexport const p = pipeline(() => {\nother({ text: "a" });\nsayIt({ text: "b" });\n});\n' });
  assert.equal(diagnostics.map(({ code, span }) => [code, span?.file.split("/").at(-1)]), [["HMC7024", "echo.yaml"]]);
  assert.equal(document?.sources.map(({ path }) => path.split("/").at(-1)), ["echo.yaml", "other.ts", "pipeline.ts"]);
});

test("options of the call stand above those of the file", () => {
  const { document } = lowerFiles({ "echo.yaml": echo(), "pipeline.ts": 'import { component, pipeline } from "hmc";\nconst sayIt = component("./echo.yaml");\nexport const p = pipeline(() => {\nsayIt({ text: "a" }, { cpu: 2, image: "alpine:3.21", name: "first" });\n});\n' });
  const component = document?.components["say-it"];
  const [task] = document?.pipelines["p"]?.body.nodes ?? [];
  assert.is(component?.kind === "container" ? component.options.image : undefined, "alpine:3.20");
  assert.is(task?.kind === "task" ? `${task.id} ${task.options.image}` : undefined, "first alpine:3.21");
});

/** What TypeScript, as users install it, says of files in a new folder: `file:line: message`. */
function checked(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(root, "test/.types-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const program = typescript.createProgram(Object.keys(files).map((name) => join(folder, name)), {
      target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.NodeNext, lib: ["lib.es2022.d.ts"], types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true,
    });
    return typescript.getPreEmitDiagnostics(program).map((error) => `${error.file?.fileName.split("/").at(-1)}:${(error.file?.getLineAndCharacterOfPosition(error.start ?? 0).line ?? -1) + 1}: ${typescript.flattenDiagnosticMessageText(error.messageText, " ")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("without a declaration file TypeScript says which command writes it, and nothing more", () => {
  const found = checked({ "pipeline.ts": 'import { component, pipeline } from "hmc";\nconst sayIt = component("./parts/echo.yaml");\nexport const p = pipeline(() => {\n  const said = sayIt({ text: 1 });\n  return { size: said.anything.length };\n});\n' });
  assert.is(found.length, 1);
  assert.match(found[0] ?? "", /^pipeline\.ts:2: .*Run: hmc import --types \.\/parts\/echo\.yaml/);
});

test("declaration files of every compiled fixture pass TypeScript, and make calls", () => {
  const files: Record<string, string> = {};
  for (const { name, text } of compiledFixtures()) {
    const file = `${name.split("/")[1]}.yaml`;
    const { read } = readComponentFile(text, file);
    if (read !== undefined) files[`${file}.d.ts`] = read.declaration;
  }
  assert.ok(Object.keys(files).length > 40);
  files["echo.yaml.d.ts"] = readComponentFile(echo(), "echo.yaml").read?.declaration ?? "";
  files["pipeline.ts"] = 'import { component, pipeline } from "hmc";\nconst sayIt = component("../echo.yaml");\nexport const p = pipeline(() => ({ said: sayIt({ text: "a" }).said.length }));\nsayIt({ text: 1 });\n';
  assert.equal(checked(files), ["pipeline.ts:4: Type 'number' is not assignable to type 'string'."]);
});

test.run();
