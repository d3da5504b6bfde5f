/** What the reader gives of a good file: its canonical form, its kind, and where everything stands. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KfpFile } from "../../compiler/importers/kfp/file.ts";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import { compiledFixtures, goldens } from "../conformance/corpus.ts";

function read(text: string): KfpFile {
  const { file, diagnostics } = readKfp(text, "x.yaml");
  assert.ok(file, diagnostics.map(({ message }) => message).join("\n"));
  return file;
}

/** The text that a path leads to. */
function textAt(text: string, file: KfpFile, path: readonly (string | number)[]): string {
  const { start, end } = file.locate(path);
  return text.slice(start, end);
}

const small = `# PIPELINE DEFINITION
components:
  comp-say:
    executorLabel: exec-say
    inputDefinitions:
      parameters:
        text:
          parameterType: STRING
deploymentSpec:
  executors:
    exec-say:
      container:
        command:
        - echo
        - "a\\
          \\ b"
        image: tool
pipelineInfo:
  name: small
root:
  dag:
    tasks:
      say:
        cachingOptions:
          enableCache: true
        componentRef:
          name: comp-say
        inputs:
          parameters:
            text:
              runtimeValue:
                constant: hello
        taskInfo:
          name: say
schemaVersion: 2.1.0
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-say:
          activeDeadlineSeconds: '3'
`;

test("every compiled fixture is read without a finding", () => {
  const files = compiledFixtures();
  assert.ok(files.length > 30);
  for (const { name, text } of files) {
    const { file, diagnostics } = readKfp(text, name);
    assert.equal(diagnostics, [], name);
    assert.is(file?.kind, "pipeline", name);
    assert.is(file?.platform !== undefined, text.includes("\nplatforms:"), name);
  }
});

test("all of KFP's own valid files are read without a finding, where they are at hand", () => {
  const files = goldens();
  if (files === undefined) return console.log("SKIPPED: ../shared/conformance is not beside the project");
  assert.ok(files.length >= 115);
  for (const { name, text } of files) assert.equal(readKfp(text, name).diagnostics, [], name);
  const components = files.filter(({ name, text }) => readKfp(text, name).file?.kind === "component").map(({ name }) => name);
  for (const name of ["valid/identity.yaml", "valid/preprocess.yaml", "valid/component_with_task_final_status_GH-12033.yaml"]) assert.ok(components.includes(name), name);
  for (const name of ["valid/two_step_pipeline.yaml", "valid/if_elif_else_complex.yaml"]) assert.not.ok(components.includes(name), name);
});

test("locate gives the place of a value, or of its nearest ancestor", () => {
  const file = read(small);
  assert.is(textAt(small, file, ["pipelineInfo", "name"]), "small");
  assert.is(textAt(small, file, ["deploymentSpec", "executors", "exec-say", "container", "command", 0]), "echo");
  assert.is(textAt(small, file, ["deploymentSpec", "executors", "exec-say", "container", "command", 1]), '"a\\\n          \\ b"');
  assert.is(textAt(small, file, ["root", "dag", "tasks", "say", "taskInfo"]), "name: say");
  assert.is(textAt(small, file, ["root", "dag", "tasks", "say", "taskInfo", "no", 3, "more"]), "name: say");
  assert.is(textAt(small, file, ["platforms", "kubernetes", "deploymentSpec", "executors", "exec-say", "activeDeadlineSeconds"]), "'3'");
  assert.equal(file.locate(["root", "dag", "tasks", "say", "inputs", "parameters", "text", "runtimeValue", "constant"]), { file: "x.yaml", start: 573, end: 578, line: 32, column: 27, endLine: 32, endColumn: 32 });
  assert.is(textAt(small, file, ["root", "dag", "tasks", "say", "inputs"]), "parameters:\n            text:\n              runtimeValue:\n                constant: hello");
});

test("places are those of the file where it begins with a byte order mark", () => {
  const marked = `\ufeff${small}`;
  assert.is(textAt(marked, read(marked), ["pipelineInfo", "name"]), "small");
});

test("protobuf's own spelling of fields is read, and keys of maps and of free data stay as they are", () => {
  const text = `pipeline_info: {name: x}
schema_version: 2.1.0
components:
  comp_a: {executor_label: exec_a, output_definitions: {artifacts: {my_out: {artifact_type: {schema_title: system.Model}, metadata: {some_key: {inner_key: 1}}}}}, input_definitions: {parameters: {my_in: {parameter_type: STRUCT, is_optional: true, default_value: {a_b: 1}}}}}
deployment_spec: {executors: {exec_a: {container: {image: tool, resources: {resource_cpu_limit: '1'}}}}}
root: {dag: {tasks: {task_a: {component_ref: {name: comp_a}, caching_options: {enable_cache: true}}}}}
---
platforms: {kubernetes: {deployment_spec: {executors: {exec_a: {pod_metadata: {labels: {app_name: x}}}}}}}
`;
  const file = read(text);
  assert.equal(file.spec, {
    pipelineInfo: { name: "x" },
    schemaVersion: "2.1.0",
    components: {
      comp_a: {
        executorLabel: "exec_a",
        outputDefinitions: { artifacts: { my_out: { artifactType: { schemaTitle: "system.Model" }, metadata: { some_key: { inner_key: 1 } } } } },
        inputDefinitions: { parameters: { my_in: { parameterType: "STRUCT", isOptional: true, defaultValue: { a_b: 1 } } } },
      },
    },
    deploymentSpec: { executors: { exec_a: { container: { image: "tool", resources: { resourceCpuLimit: "1" } } } } },
    root: { dag: { tasks: { task_a: { componentRef: { name: "comp_a" }, cachingOptions: { enableCache: true } } } } },
  });
  assert.equal(file.platform, { platforms: { kubernetes: { deploymentSpec: { executors: { exec_a: { podMetadata: { labels: { app_name: "x" } } } } } } } });
  assert.is(textAt(text, file, ["components", "comp_a", "inputDefinitions", "parameters", "my_in", "defaultValue", "a_b"]), "1");
});

test("numbers, names and nulls have one form", () => {
  const text = small
    .replace("enableCache: true", "enableCache: true\n        retryPolicy: {maxRetryCount: '3', backoffFactor: '2.5', backoffDuration: 60s}\n        triggerPolicy: {strategy: 2, condition: null}")
    .replace("image: tool", "image: tool\n        resources: {accelerator: {count: 9007199254740993, type: null}, cpuLimit: 3}")
    .replace("parameterType: STRING", "parameterType: 3\n          defaultValue: null\n          isOptional: true")
    .replace("activeDeadlineSeconds: '3'", "activeDeadlineSeconds: 3.0");
  const { spec, platform } = read(text);
  const task = spec.root?.dag?.tasks?.["say"];
  assert.equal(task?.retryPolicy, { maxRetryCount: 3, backoffFactor: 2.5, backoffDuration: "60s" });
  assert.equal(task?.triggerPolicy, { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" });
  assert.equal(spec.deploymentSpec?.executors?.["exec-say"]?.container?.resources, { accelerator: { count: "9007199254740993" }, cpuLimit: 3 });
  assert.equal(spec.components?.["comp-say"]?.inputDefinitions?.parameters?.["text"], { parameterType: "STRING", defaultValue: null, isOptional: true });
  assert.equal(platform?.platforms?.["kubernetes"]?.deploymentSpec?.executors?.["exec-say"], { activeDeadlineSeconds: "3" });
});

test("names that JavaScript's objects have, too, are names like others", () => {
  const text = small.replaceAll("comp-say", "__proto__").replaceAll("exec-say", "constructor").replace(/^( +)say:/m, "$1toString:");
  const { spec } = read(text);
  assert.equal(Object.keys(spec.components ?? {}), ["__proto__"]);
  assert.equal(Object.keys(spec.root?.dag?.tasks ?? {}), ["toString"]);
  assert.match(readKfp(text.replace("name: __proto__", "name: valueOf"), "x.yaml").diagnostics.map(({ message }) => message).join("\n"), 'There is no component "valueOf" in "components".');
});

test("further lines of quoted text and of lists in brackets may begin in any column, as PyYAML has it", () => {
  const text = small.replace('"a\\\n          \\ b"', `"a\\\n\\ b\n\n  c"\n        - 'x\n  y'`).replace("image: tool", "image: tool\n        args: [x,\ny,\n]");
  assert.is.not(text, small);
  const container = read(text).spec.deploymentSpec?.executors?.["exec-say"]?.container;
  assert.equal([container?.command, container?.args], [["echo", "a b\nc", "x y"], ["x", "y"]]);
});

test("a block of text that ends with the file ends as it does there, as PyYAML has it", () => {
  const [spec = ""] = small.split("---\n");
  const told = (end: string): unknown => read(`${spec.trimEnd()}\npipelineInfo:\n  name: small\n  description: |${end}`.replace(/^pipelineInfo:\n {2}name: small\n(?! {2}description)/m, "")).spec.pipelineInfo?.description;
  assert.equal([told("\n    one\n    two"), told("\n    one\n    two\n"), told("-\n    one\n"), told("+\n    one\n\n"), told("+\n    one")], ["one\ntwo", "one\ntwo\n", "one", "one\n\n", "one"]);
});

// ------------------------------------------------------------------------------------------------------ other forms

test("JSON is read, and so is a file with the platform's settings first", () => {
  const file = read(small);
  assert.equal(read(JSON.stringify(file.spec, null, 2)).spec, file.spec);
  const [first = "", second = ""] = small.split("---\n");
  assert.equal(read(`${second}---\n${first}`).platform, file.platform);
});

test("a pipeline within a Kubernetes object is read with its settings, and located", () => {
  const { spec, platform } = read(small);
  const version = `apiVersion: pipelines.kubeflow.org/v2beta1
kind: Pipeline
metadata: {name: small}
---
apiVersion: pipelines.kubeflow.org/v2beta1
kind: PipelineVersion
metadata: {name: small-1}
spec:
  pipelineSpec: ${JSON.stringify(spec)}
  platformSpec: ${JSON.stringify(platform)}
`;
  const file = read(version);
  assert.equal([file.spec, file.platform, file.kind], [spec, platform, "pipeline"]);
  assert.is(textAt(version, file, ["pipelineInfo", "name"]), '"small"');
  assert.is(textAt(version, file, ["platforms", "kubernetes", "deploymentSpec", "executors", "exec-say"]), '{"activeDeadlineSeconds":"3"}');
});

test("a job with its pipeline is read, with a warning for what belongs to one run", () => {
  const { spec } = read(small);
  const { file, diagnostics } = readKfp(JSON.stringify({ pipelineSpec: spec, runtimeConfig: { parameters: {} } }), "job.json");
  assert.equal(file?.spec, spec);
  assert.equal(diagnostics.map(({ code, message }) => `${code} ${message}`), ['HMC7024 "runtimeConfig" is not kept by the import: it belongs to one run of the pipeline. Remove it if nothing needs it.']);
});

test("what the schema version before said otherwise is read in today's fields", () => {
  const old = small.replace("2.1.0", "2.0.0").replace("parameterType: STRING", "type: STRING").replace("constant: hello", "constantValue: {stringValue: hello}");
  const { file, diagnostics } = readKfp(old, "x.yaml");
  assert.equal(diagnostics.map(({ code }) => code), ["HMC7011"]);
  assert.equal({ ...file?.spec, schemaVersion: "2.1.0" }, read(small).spec);
});

test("a compiled component is one task that passes everything through", () => {
  const component = `components:
  comp-add:
    executorLabel: exec-add
    inputDefinitions: {parameters: {a: {parameterType: STRING}}, artifacts: {d: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}}
    outputDefinitions: {parameters: {o: {parameterType: STRING}}, artifacts: {m: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}}}}
deploymentSpec: {executors: {exec-add: {container: {image: tool}}}}
pipelineInfo: {name: add}
root:
  dag:
    outputs: {parameters: {o: {valueFromParameter: {producerSubtask: add, outputParameterKey: o}}}, artifacts: {m: {artifactSelectors: [{producerSubtask: add, outputArtifactKey: m}]}}}
    tasks:
      add:
        cachingOptions: {enableCache: true}
        componentRef: {name: comp-add}
        inputs: {parameters: {a: {componentInputParameter: a}}, artifacts: {d: {componentInputArtifact: d}}}
        taskInfo: {name: add}
  inputDefinitions: {parameters: {a: {parameterType: STRING}}, artifacts: {d: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}}
  outputDefinitions: {parameters: {o: {parameterType: STRING}}, artifacts: {m: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}}}}
schemaVersion: 2.1.0
`;
  assert.is(read(component).kind, "component");
  for (const [from, to] of [
    ["pipelineInfo: {name: add}", "pipelineInfo: {name: other}"],
    ["enableCache: true", "enableCache: false"],
    ["{componentInputParameter: a}", "{runtimeValue: {constant: x}}"],
    ["componentRef: {name: comp-add}", "componentRef: {name: comp-add}\n        triggerPolicy: {condition: 'true'}"],
    [" artifacts: {m: {artifactSelectors: [{producerSubtask: add, outputArtifactKey: m}]}}}\n    tasks", "}\n    tasks"],
    ["  inputDefinitions: {parameters: {a: {parameterType: STRING}}, artifacts: {d: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}}\n  output", "  inputDefinitions: {parameters: {a: {parameterType: STRING}, b: {parameterType: STRING}}, artifacts: {d: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}}\n  output"],
  ] as const) {
    assert.ok(component.includes(from), from);
    let changed = component.replace(from, to);
    if (to.startsWith("}")) changed = changed.replace(/, artifacts: \{m: [^\n]*\nschema/, "}\nschema");
    assert.is(read(changed).kind, "pipeline", to);
  }
});

test.run();
