/** What is wrong with a KFP file is said with a code, a place, and what to do; all of it at once. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import { invalidFiles } from "../conformance/corpus.ts";
import { startClock } from "./cpu-time.ts";

/** A pipeline of two tasks, the second of which takes a parameter and an artifact of the first. */
const pipeline = `components:
  comp-make:
    executorLabel: exec-make
    inputDefinitions:
      parameters:
        rows: {parameterType: NUMBER_INTEGER}
    outputDefinitions:
      artifacts:
        data: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}
      parameters:
        count: {parameterType: NUMBER_INTEGER}
  comp-use:
    executorLabel: exec-use
    inputDefinitions:
      artifacts:
        data: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}
      parameters:
        count: {parameterType: NUMBER_INTEGER}
        note: {parameterType: STRING, isOptional: true}
deploymentSpec:
  executors:
    exec-make:
      container: {image: tool, command: [make]}
    exec-use:
      container: {image: tool, command: [use]}
pipelineInfo: {name: two}
root:
  dag:
    tasks:
      make:
        cachingOptions: {enableCache: true}
        componentRef: {name: comp-make}
        inputs:
          parameters:
            rows: {componentInputParameter: rows}
        taskInfo: {name: make}
      use:
        componentRef: {name: comp-use}
        dependentTasks: [make]
        inputs:
          artifacts:
            data:
              taskOutputArtifact: {outputArtifactKey: data, producerTask: make}
          parameters:
            count:
              taskOutputParameter: {outputParameterKey: count, producerTask: make}
        taskInfo: {name: use}
  inputDefinitions:
    parameters:
      rows: {parameterType: NUMBER_INTEGER}
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.0
`;

const settings = `---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-use:
          imagePullPolicy: Always
`;

/** The text with one piece replaced, which must be there. */
function change(from: string, to: string, text = pipeline): string {
  assert.ok(text.includes(from), `${from} is there`);
  return text.replace(from, () => to);
}

/** Each finding as `HMC7001 3:5-3:8 message`. */
function findings(text: string): string[] {
  const { file, diagnostics } = readKfp(text, "pipeline.yaml");
  assert.is(file === undefined, diagnostics.some(({ severity }) => severity === "error"), "there is a file where there is no error");
  return diagnostics.map(({ code, message, span }) => `${code} ${span?.line}:${span?.column}-${span?.endLine}:${span?.endColumn} ${message}`);
}

/** Says what a text is found to be, in order; each expected finding may leave out its end. */
function expectFindings(text: string, ...expected: string[]): void {
  const found = findings(text);
  assert.equal(found.map((line, index) => line.slice(0, expected[index]?.length)), expected, found.join("\n"));
}

function expect(name: string, text: string | (() => string), ...expected: string[]): void {
  test(name, () => expectFindings(typeof text === "string" ? text : text(), ...expected));
}

expect("a file without a flaw has no findings", pipeline + settings);

// ------------------------------------------------------------------------------------------------------ text and YAML

expect("broken YAML", "a: [1\nb: 2\n", "HMC7001 1:5-2:2 This is not valid YAML: ");
expect("a file that is cut off within quotes", 'pipelineInfo: {name: "tw', 'HMC7001 1:25-1:25 This is not valid YAML: Missing closing "quote. Mend it here, or compile the file anew if it is cut off.');
expect("a file that is cut off after an escaped quote", "a: 'it''", "HMC7001 1:4-1:5 This is not valid YAML: This quote is never closed.");
expect("a file that is cut off between lines", () => pipeline.slice(0, pipeline.indexOf("schemaVersion: 2.1.0")), 'HMC7012 1:1-1:2 The pipeline has no "schemaVersion"');
expect("an alias without an anchor", "a: *nothing\n", 'HMC7001 1:4-1:12 This is not valid YAML: The alias "*nothing" names no anchor before it.');
expect("an empty file", "", 'HMC7002 1:1-1:1 The file "pipeline.yaml" is empty');
expect("a file of comments", "# Name: two\n---\n---\n", "HMC7002 1:1-1:1 ");
expect("a zip archive", "PK\u0003\u0004\u0014\u0000", "HMC7003 1:1-1:1 The file is a zip archive. Unpack it");
expect("a compressed file", "\u001f\ufffd\u0008", "HMC7003 1:1-1:1 The file is a compressed file.");
expect("a control character", "a: 1\nb: x\u0000y\n", "HMC7003 2:5-2:6 The file is no plain text: it holds the character U+0000.");
expect("half of a character", "a: \ud800\n", "HMC7003 1:4-1:5 The file is no plain text: it holds the character U+D800.");
expect("a line end of YAML 1.1 alone", "a: x\u2028y\n", "HMC7003 1:5-1:6 ");
expect("a key that stands twice", () => change("  comp-use:", "  comp-make:"), 'HMC7005 12:3-12:12 The key "comp-make" stands twice in one map.');
expect("a key in both spellings", () => change("sdkVersion: kfp", "schema_version: 2.1.0\nsdkVersion: kfp"), 'HMC7005 52:1-52:15 The key "schema_version" stands twice');
expect("values that JSON does not have", "a: 2001-01-01\nb: .inf\nc: !!binary aGk=\n1: x\n? [a]\n: b\n<<: 5\n", 'HMC7017 1:4-1:14 "2001-01-01" is a date, and', 'HMC7017 2:4-2:8 ".inf" is not a finite number', 'HMC7017 3:13-3:17 "aGk=" has the tag "tag:yaml.org,2002:binary"', 'HMC7017 4:1-4:2 "1" is a key that is no text', 'HMC7017 5:3-5:6 "?" is a key that is no text', 'HMC7017 7:5-7:6 "<<" merges something that is no map');

test("values that YAML repeats by aliases are read, up to a limit", () => {
  assert.equal(findings(change("{image: tool, command: [use]}", "*box", change("{image: tool, command: [make]}", "&box {image: tool, command: [make]}"))), []);
  const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", ...Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(", ")}]`)].join("\n");
  const clock = startClock();
  expectFindings(laughs, 'HMC7006 5:45-5:48 The alias "*a3" and those before it repeat more than 100,000 values.');
  assert.ok(clock() < 2000);
  expectFindings("a: &a [x, *a]\n", 'HMC7006 1:11-1:13 The alias "*a" stands within the value that it repeats.');
});

test("deep nesting is refused in bounded time, in every form", () => {
  for (const [open, close] of [["[", "]"], ["{a: ", "}"], ["- ", ""], ["? ", ""]] as const) {
    for (const depth of [250, 300_000]) {
      const clock = startClock();
      const [finding = ""] = findings(open.repeat(depth) + "x" + close.repeat(depth));
      assert.match(finding, "HMC7007 1:");
      assert.ok(clock() < 2000, `${depth} of ${open}`);
    }
  }
  const lines = Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
  assert.match(findings(lines)[0] ?? "", "HMC7007 ");
});

test("large files are refused in bounded time, by their text and by their number of words", () => {
  const clock = startClock();
  expectFindings(pipeline.padEnd(50 * 1024 * 1024, "# filler\n"), "HMC7004 1:1-1:1 The file has 50.0 MiB of text, and hmc reads 8 MiB at most.");
  assert.ok(clock() < 2000);
  expectFindings("a:\n" + "- x\n".repeat(400_000), "HMC7004 1:1-1:1 The file has more than 750,000 words and signs");
});

// ------------------------------------------------------------------------------------------------------ kinds of files

expect("two pipelines in one file", `${pipeline}---\n${pipeline}`, "HMC7008 54:1-54:2 A KFP file is a pipeline and at most one document of settings for its platform, but this one has 2 pipelines.");
expect("three documents", pipeline + settings + settings, "HMC7008 61:1-61:2 A KFP file is a pipeline and at most one document of settings for its platform, but this one has 1 pipeline and 2 documents of settings.");
expect("settings alone", settings, "HMC7009 1:1-1:1 This is only the platform's settings of a pipeline");
expect("a workflow of Argo", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n", 'HMC7009 1:1-1:2 This is an Argo "Workflow", not a pipeline or component of KFP v2. Give the pipeline that it was compiled from.');
expect("a pipeline of KFP v1", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata:\n  annotations: {pipelines.kubeflow.org/kfp_sdk_version: 1.8.22}\n", 'HMC7009 1:1-1:2 This is an Argo "Workflow" that the SDK of KFP v1 compiled');
expect("another object of Kubernetes", "apiVersion: v1\nkind: ConfigMap\n", 'HMC7009 1:1-1:2 This is a Kubernetes object "ConfigMap" of "v1"');
expect("a Pipeline without its version", "apiVersion: pipelines.kubeflow.org/v2beta1\nkind: Pipeline\nmetadata: {name: x}\n", 'HMC7009 1:1-1:1 This is a Kubernetes object "Pipeline", which holds no pipeline');
expect("a version without a pipeline", "apiVersion: pipelines.kubeflow.org/v2beta1\nkind: PipelineVersion\nspec: {}\n", 'HMC7009 1:1-1:2 This is a Kubernetes object "PipelineVersion" without "spec.pipelineSpec"');
expect("a list", "- a\n", "HMC7009 1:1-1:2 This is a list");
expect("plain text", "hello\n", "HMC7009 1:1-1:2 This is plain text");
expect("other YAML", "services:\n  web: {}\n", "HMC7009 1:1-1:2 This is some other YAML");
expect("a slip in the only key", "compnents: {}\n", 'HMC7009 1:1-1:2 This is some other YAML, not a pipeline or component of KFP v2. Did you mean "components" where it has "compnents".');
expect("a v1 component without its implementation", "name: x\ninputs: []\n", "HMC7009 1:1-1:2 This is a v1 component without an implementation");
expect("a schema version of the future", () => change("2.1.0", "3.0.0"), 'HMC7010 51:16-51:21 The file has the schema version "3.0.0", but hmc reads "2.1.0".');
expect("the schema version before", () => change("2.1.0", "2.0.0"), 'HMC7011 51:16-51:21 The file has the schema version "2.0.0"');
expect("a pipeline without a head", "components: {}\n", 'HMC7012 1:1-1:2 The pipeline has no "pipelineInfo.name"', 'HMC7012 1:1-1:2 The pipeline has no "root"', 'HMC7012 1:1-1:2 The pipeline has no "schemaVersion"');

// ------------------------------------------------------------------------------------------------------ fields

expect("unknown fields, in every layer", () => change("imagePullPolicy", "imagePulPolicy", change("image: tool, command: [use]", "image: tool, comand: [use]", change("executorLabel: exec-make", "executor: exec-make")) + settings), 'HMC7013 3:5-3:13 "executor" is no field of KFP\'s message ComponentSpec. Remove it.', 'HMC7013 25:32-25:38 "comand" is no field of KFP\'s message PipelineContainerSpec. Did you mean "command"?', 'HMC7013 59:11-59:25 "imagePulPolicy" is no field of KFP\'s message KubernetesExecutorConfig. Did you mean "imagePullPolicy"?');
expect("values of the wrong type", () => change("enableCache: true", "enableCache: 'yes'", change("dependentTasks: [make]", "dependentTasks: make")), 'HMC7014 31:39-31:44 "enableCache" must be true or false, but here is the text "yes". Write a value of that type.', 'HMC7014 39:25-39:29 "dependentTasks" must be a list, but here is the text "make".');
expect("an unknown name of a choice", () => change("parameterType: STRING", "parameterType: STRNG"), 'HMC7015 19:31-19:36 "STRNG" is no value of "parameterType". Did you mean "STRING"?');
expect("two fields of one choice", () => change("    executorLabel: exec-use\n", "    executorLabel: exec-use\n    dag: {}\n"), 'HMC7016 14:5-14:8 ComponentSpec takes either "executorLabel" or "dag", but both are given.');
expect("more problems than anyone reads", () => `pipelineInfo: {name: x}\n${Array.from({ length: 300 }, (_, index) => `x${index}: 1\n`).join("")}`, ...Array.from({ length: 200 }, (_, index) => `HMC7013 ${index + 2}:1`), "HMC7026 302:1-302:1 The file has more problems; the first 200 are shown.");
test("warnings without end refuse nothing", () => {
  const unused = Array.from({ length: 300 }, (_, index) => `  comp-${index}: {executorLabel: exec-use}\n`).join("");
  const found = findings(change("components:\n", `components:\n${unused}`));
  assert.equal([...new Set(found.map((finding) => finding.slice(0, 7)))], ["HMC7022"]);
  assert.is(found.length, 200);
});
expect("numbers of more digits than anyone writes", `a: ${"1".repeat(100_000)}\nb: 1${":1".repeat(100_000)}\n`, "HMC7017 1:4", "HMC7017 2:4");
expect("what the import does not keep", () => change("    executorLabel: exec-use\n", "    executorLabel: exec-use\n    singlePlatformSpecs: []\n") + settings + "    config: {a: 1}\n  vertex: {config: {}}\n", 'HMC7024 14:5-14:24 "singlePlatformSpecs" is not kept by the import', 'HMC7024 61:5-61:11 "config" is not kept', 'HMC7024 62:3-62:9 "vertex" is not kept by the import: hmc knows the platform "kubernetes" only.');

// ------------------------------------------------------------------------------------------------------ references

expect("a component that is not there", () => change("componentRef: {name: comp-use}", "componentRef: {name: comp-us}"), 'HMC7022 12:3-12:11 No task uses the component "comp-use".', 'HMC7022 24:5-24:13 No task uses the executor "exec-use".', 'HMC7018 38:30-38:37 There is no component "comp-us" in "components". Did you mean "comp-use"?');
expect("an executor that is not there", () => change("executorLabel: exec-use", "executorLabel: exec-used"), 'HMC7018 13:20-13:29 There is no executor "exec-used" in "deploymentSpec.executors". Did you mean "exec-use"?', "HMC7022 24:5");
expect("producers and outputs that are not there", () => change("outputArtifactKey: data, producerTask: make", "outputArtifactKey: model, producerTask: make", change("outputParameterKey: count, producerTask: make", "outputParameterKey: count, producerTask: mak")), 'HMC7018 43:55-43:60 There is no output artifact "model" in the component "comp-make" of the task "make".', 'HMC7018 46:78-46:81 There is no task "mak" in the graph of the pipeline. Did you mean "make"?');
expect("inputs of the pipeline that are not there", () => change("componentInputParameter: rows", "componentInputParameter: row"), 'HMC7018 35:45-35:48 There is no parameter "row" in the inputs of the pipeline. Did you mean "rows"?');
expect("an order after nothing", () => change("dependentTasks: [make]", "dependentTasks: [make, other]"), 'HMC7018 39:32-39:37 There is no task "other" in the graph of the pipeline.');
expect("iterators over nothing", () => change("        dependentTasks: [make]\n", "        dependentTasks: [make]\n        parameterIterator: {itemInput: nte, items: {inputParameter: lists}}\n"), 'HMC7018 40:40-40:43 There is no input parameter "nte" in the component "comp-use". Did you mean "note"?', 'HMC7018 40:69-40:74 There is no input parameter "lists" in the inputs of the task "use".');
expect("an iterator over what is no list", () => change("        dependentTasks: [make]\n", "        dependentTasks: [make]\n        parameterIterator: {itemInput: note, items: {raw: '{}'}}\n"), 'HMC7014 40:59-40:63 "raw" must be the JSON text of a list, but here is other text.');
expect("outputs of the graph that nothing gives", () => change("  inputDefinitions:\n    parameters:\n      rows", "  outputDefinitions:\n    parameters:\n      total: {parameterType: STRING}\n  inputDefinitions:\n    parameters:\n      rows"), 'HMC7012 50:7-50:12 The graph of the pipeline has no "outputs.parameters.total"');
expect("an output of the graph from a task that is not there", () => change("    tasks:\n", "    outputs: {parameters: {total: {valueFromParameter: {producerSubtask: mke, outputParameterKey: count}}}}\n    tasks:\n"), 'HMC7018 29:35-29:106 There is no output parameter "total" in the outputs of the pipeline.', 'HMC7018 29:74-29:77 There is no task "mke" in the graph of the pipeline. Did you mean "make"?');
expect("settings for an executor that is not there", () => pipeline + change("exec-use", "exec-using", settings), 'HMC7018 59:11-59:34 There is no executor "exec-using" in the "deploymentSpec" of the pipeline. Did you mean "exec-use"?');
expect("tasks that wait for each other", () => change("        componentRef: {name: comp-make}\n", "        componentRef: {name: comp-make}\n        dependentTasks: [use]\n"), 'HMC7019 30:7-30:11 These tasks wait for each other: "make" → "use" → "make".');
expect("a component that contains itself", () => change("    executorLabel: exec-use\n", "    dag: {tasks: {again: {componentRef: {name: comp-use}, inputs: {parameters: {count: {componentInputParameter: count}}, artifacts: {data: {componentInputArtifact: data}}}}}}\n"), 'HMC7020 12:3-12:11 The graph of a component contains itself: "comp-use" → "comp-use".', "HMC7022 24:5");
expect("a required input that is not given", () => change("            rows: {componentInputParameter: rows}\n", "            other: {componentInputParameter: rows}\n"), 'HMC7021 30:7-30:11 The task "make" gives nothing for the input "rows" of its component "comp-make"');
expect("an input from nowhere", () => change("{componentInputParameter: rows}", "{}"), 'HMC7012 35:13-35:17 The input "rows" of the task "make" has no "runtimeValue.constant"');
expect("a component without anything to run", () => change("    executorLabel: exec-use\n", ""), 'HMC7012 12:3-12:11 The component "comp-use" has no "dag"', "HMC7022 23:5");
expect("an empty graph", () => change("    executorLabel: exec-use\n", "    dag: {tasks: {}}\n"), 'HMC7012 13:5-13:8 The graph of the component "comp-use" has no "tasks"', "HMC7022 24:5");
expect("a container without an image", () => change("{image: tool, command: [use]}", "{command: [use]}"), 'HMC7012 25:7-25:16 The container of the executor "exec-use" has no "image"');
expect("an executor that nothing uses", () => change("    exec-use:\n", "    exec-old: {container: {image: old}}\n    exec-use:\n"), 'HMC7022 24:5-24:13 No task uses the executor "exec-old".');
expect("executors of Vertex", () => change("container: {image: tool, command: [use]}", "customJob: {customJob: {}}", change("container: {image: tool, command: [make]}", "resolver: {}")), 'HMC7023 23:7-23:15 The executor "exec-make" is a "resolver", which KFP\'s open-source back end cannot run', 'HMC7023 25:7-25:16 The executor "exec-use" is a "customJob"');

// ------------------------------------------------------------------------------------------------------ v1

expect("a v1 component with several flaws", "name: x\ninputs: [{name: a}]\nimplementation:\n  container:\n    image: tool\n    args: [{inputValue: a}, {outputPath: b}, 5]\n    comand: [x]\n", 'HMC7025 6:25-6:26 KFP does not load this v1 component: "inputValue" takes a parameter, but the input is an artifact. Give the input a type such as "String", or use "inputPath".', 'HMC7025 6:42-6:43 KFP does not load this v1 component: there is no output "b".', "HMC7025 6:46-6:47 KFP does not load this v1 component: an argument is neither text nor one placeholder.", 'HMC7025 7:5-7:11 KFP does not load this v1 component: the container has no member "comand". Write "command" if that is meant.');
expect("a v1 component that is a graph", "name: x\nimplementation:\n  graph: {tasks: {}}\n", "HMC7025 3:3-3:8 KFP does not load this v1 component: it is a graph, which KFP v2 has no reader for.");

test("KFP's own invalid files are refused, where they are at hand", () => {
  const files = invalidFiles();
  if (files === undefined) return console.log("SKIPPED: ../shared/conformance is not beside the project");
  assert.equal(
    files.map(({ name, text }) => [name, ...findings(text).map((finding) => finding.slice(0, 7))]),
    [["empty_file.yaml", "HMC7002"], ["empty_zip.zip", "HMC7002"], ["invalid-zip.zip", "HMC7003"], ["invalid_yaml.yaml", "HMC7013"], ["no_name.yaml", "HMC7012"]],
  );
});

test.run();
