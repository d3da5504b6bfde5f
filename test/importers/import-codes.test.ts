/** What the import says of files that the reader takes: each code with its place in the file. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { importText, pipelinesOf } from "./imported.ts";
import { componentFile, constant, group, input, operand, over, pipelineFile, run } from "./specs.ts";

/** The reports with a code, with the text of the file that they point to. */
function reported(text: string, code: string): { message: string; at: string }[] {
  const { diagnostics } = importText(text);
  return diagnostics.filter((found) => found.code === code).map(({ message, span }) => ({ message, at: placeOf(text, span) }));
}

function placeOf(text: string, span: Diagnostic["span"]): string {
  return span === undefined ? "nowhere" : text.slice(span.start, span.end).replace(/\s+/g, " ");
}

test("HMC7030: a Kubernetes setting that names nothing", () => {
  const imagePullSecret = [{ secretNameParameter: { componentInputParameter: "nobody" } }];
  assert.equal(reported(pipelineFile({ tasks: { train: run("", {}, { kubernetes: { imagePullSecret } }) } }), "HMC7030"), [
    { message: 'A Kubernetes setting of the task "train" names an input or task that gives no value. Correct the name in the platform document.', at: '{ "componentInputParameter": "nobody" }' },
  ]);
  const volumes = { pvcMount: [{ pvcNameParameter: { taskOutputParameter: { producerTask: "make", outputParameterKey: "nothing" } }, mountPath: "/a" }] };
  assert.is(reported(pipelineFile({ tasks: { make: run("-> name: string"), train: run("", {}, { kubernetes: volumes }) } }), "HMC7030").length, 1);
  assert.is(importText(pipelineFile({ tasks: { train: run("", {}, { kubernetes: { imagePullSecret } }) } })).typescript, undefined, "an error stops the import");
});

test("HMC7031: CEL that cannot be read, in a condition and a selector", () => {
  const channel = "pipelinechannel--kind";
  const lone = group(`${channel}: string`, { [channel]: input("kind") }, { grow: run("") }, { condition: `${operand(channel)} == ` });
  const [condition, ...others] = reported(pipelineFile({ interface: "kind: string", tasks: { "condition-1": lone } }), "HMC7031");
  assert.equal(others, []);
  assert.match(condition?.message ?? "", /^The CEL expression "inputs.parameter_values\['pipelinechannel--kind'\] == " cannot be read: .+\. Correct it; the back end would fail on it when the task is due\.$/);
  assert.is(condition?.at, `"inputs.parameter_values['pipelinechannel--kind'] == "`);
  const [selector] = reported(pipelineFile({ interface: "kind: string", tasks: { use: run("text: string", { text: input("kind", "string_value +") }) } }), "HMC7031");
  assert.is(selector?.at, '"string_value +"');
});

test("HMC7032: a loop over an input that the group around it is not given", () => {
  const list = "pipelinechannel--words";
  const loop = group(`${list}: list, ${list}-loop-item: string`, { [list]: input("list") }, { say: run("word: string", { word: input(`${list}-loop-item`) }) }, { more: over(list, `${list}-loop-item`) });
  const lone = group("list: list?, pipelinechannel--kind: string", { "pipelinechannel--kind": input("kind") }, { "for-loop-2": loop }, { condition: `${operand("pipelinechannel--kind")} == 'a'` });
  assert.equal(reported(pipelineFile({ interface: "kind: string", tasks: { "condition-1": lone } }), "HMC7032"), [
    { message: `The loop "for-loop-2" runs over its input "${list}", which nobody gives. Give the input, or put the items into "raw".`, at: `{ "inputParameter": "${list}" }` },
  ]);
});

test("HMC7035: a task that is itself a loop, be it a container or an importer", () => {
  const text = pipelineFile({ interface: "words: list", tasks: { say: run("words: list, word: string", { words: input("words") }, { more: over("words", "word") }) } });
  assert.is(reported(text, "HMC7035")[0]?.message, 'The task "say" is itself a loop, not the group of one. It is imported as a loop around the task, which compiles to one more group.');
  const importer = { artifactUri: { runtimeParameter: "uri" }, typeSchema: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" } };
  const imports = pipelineFile({ tasks: { importer: run("uri: string -> artifact: Dataset", {}, { importer, more: over(["a", "b"], "uri") }) } });
  assert.fixture(pipelinesOf(imports, ["HMC7035", "HMC7038"]), `export const main = pipeline(() => {
  for (const item of ["a", "b"]) {
    importArtifact<Dataset>({ uri: item });
  }
});
`);
});

test("HMC7036: a file that is an importer alone", () => {
  const text = componentFile({ interface: "uri: string -> artifact: Dataset", importer: { artifactUri: { runtimeParameter: "uri" } } });
  assert.equal(reported(text, "HMC7036").map(({ message }) => message), [
    'The root of the file is an executor of the kind "importer", which alone is no component of hmc. Put it into a pipeline of one task, and import that.',
  ]);
  assert.is(importText(text).typescript, undefined);
});

test("HMC7037: an environment variable that is set twice", () => {
  const container = { env: [{ name: "MODE", value: "a" }, { name: "TOKEN", value: "b" }, { name: "MODE", value: "c" }] };
  const secretAsEnv = [{ secretName: "api", secretNameParameter: { runtimeValue: { constant: "api" } }, keyToEnv: [{ secretKey: "key", envVar: "TOKEN" }] }];
  const text = pipelineFile({ tasks: { train: run("", {}, { container, kubernetes: { secretAsEnv } }) } });
  assert.equal(reported(text, "HMC7037").map(({ message }) => message), [
    'The task "train" sets the environment variable "MODE" twice. The last one is kept; remove the other.',
    'The task "train" sets the environment variable "TOKEN" twice. The last one is kept; remove the other.',
  ]);
  assert.is(reported(text, "HMC7037")[0]?.at, '{ "name": "MODE", "value": "c" }');
  assert.match(importText(text).typescript ?? "", 'env: { MODE: "c", TOKEN: secret("api", "key") }');
});

test("HMC7038: what the code says otherwise than the file", () => {
  const text = pipelineFile({ tasks: { use: run("n: int", { n: constant(1) }, { more: { retryPolicy: { maxRetryCount: 2 } } }) } });
  const found = reported(text, "HMC7038");
  assert.ok(found.length > 0);
  for (const { message, at } of found) {
    assert.match(message, /^The imported pipeline says ".*" in "use \/ retryPolicy \/ \w+", where the file says nothing\. Check whether it matters, and report the file if it does\.$|^The imported pipeline says 2 /);
    assert.is(at, '{ "maxRetryCount": 2 }');
  }
});

test("HMC7039: code that does not compile, with its line", () => {
  const { typescript = "", diagnostics } = importText(pipelineFile({ tasks: { train: run("", {}, { container: { image: "No Image" } }) } }));
  const line = typescript.split("\n").findIndex((text) => text.includes("No Image")) + 1;
  assert.equal(diagnostics.map(({ message }) => message), [
    `Line ${line} of the imported code does not compile: HMC3021: The image "No Image" is not a valid reference: it contains white space. Write it as "registry/repository:tag" or "registry/repository@sha256:…". Mend it by hand.`,
  ]);
});

test("HMC7040: placeholders of others stay as they are, on a command line and in a constant", () => {
  const region = "{{$.pipeline_google_cloud_location}}";
  const text = pipelineFile({ tasks: { train: run("name: string", { name: constant(`in ${region}`) }, { container: { args: ["--region", region, "{{ jinja }}"] } }) } });
  assert.equal(reported(text, "HMC7040").map(({ at }) => at), [`{ "runtimeValue": { "constant": "in ${region}" } }`, `"${region}"`].sort());
  const { typescript = "", differences } = importText(text);
  assert.equal(differences, []);
  assert.match(typescript, region);
  assert.match(typescript, "{{ jinja }}");
});

test.run();
