/** v1 components: what KFP v2's SDK makes of them; `test/conformance/reader-v1.ts` compares all of them with the SDK itself. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import { brokenV1Components, v1Components } from "./v1-components.ts";

for (const [name, text] of Object.entries(v1Components)) {
  test(`a component is read: ${name}`, () => {
    const { file, diagnostics } = readKfp(text, "component.yaml");
    assert.equal(diagnostics.filter(({ severity }) => severity === "error"), []);
    assert.is(file?.kind, "component");
  });
}

for (const [name, text] of Object.entries(brokenV1Components)) {
  test(`a component is refused, at its place: ${name}`, () => {
    const { file, diagnostics } = readKfp(text, "component.yaml");
    assert.is(file, undefined);
    assert.equal([...new Set(diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code))], ["HMC7025"]);
    for (const { span } of diagnostics) assert.ok(span !== undefined && span.end <= text.length && span.start <= span.end);
  });
}

const concat = `name: Copy to bucket
description: Copies a table.
inputs:
- {name: Table}
- {name: Bucket, type: String, default: b}
- {name: Part, type: Integer, optional: true}
outputs:
- {name: Rows, type: Integer}
implementation:
  container:
    image: tool:1
    command: [cp, {inputPath: Table}]
    args:
    - {concat: ["gs://", {inputValue: Bucket}]}
    - if: {cond: {isPresent: Part}, then: [--part, {inputValue: Part}], else: [--no-part, "é"]}
    - {outputPath: Rows}
    env: {MODE: fast}
`;

test("a component becomes a pipeline of one task", () => {
  const { file, diagnostics } = readKfp(concat, "component.yaml");
  assert.equal(diagnostics, []);
  const inputDefinitions = {
    artifacts: { table: { artifactType: { schemaTitle: "system.Artifact", schemaVersion: "0.0.1" } } },
    parameters: { bucket: { parameterType: "STRING", isOptional: true, defaultValue: "b" }, part: { parameterType: "NUMBER_INTEGER", isOptional: true } },
  };
  const outputDefinitions = { parameters: { rows: { parameterType: "NUMBER_INTEGER" } } };
  assert.equal(file?.spec, {
    pipelineInfo: { name: "copy-to-bucket" },
    schemaVersion: "2.1.0",
    deploymentSpec: {
      executors: {
        "exec-copy-to-bucket": {
          container: {
            image: "tool:1",
            command: ["cp", "{{$.inputs.artifacts['table'].path}}"],
            args: [
              `{"Concat": ["gs://", "{{$.inputs.parameters['bucket']}}"]}`,
              `{"IfPresent": {"InputName": "part", "Then": ["--part", "{{$.inputs.parameters['part']}}"], "Else": ["--no-part", "\\u00e9"]}}`,
              "{{$.outputs.parameters['rows'].output_file}}",
            ],
            env: [{ name: "MODE", value: "fast" }],
          },
        },
      },
    },
    components: { "comp-copy-to-bucket": { executorLabel: "exec-copy-to-bucket", inputDefinitions, outputDefinitions } },
    root: {
      inputDefinitions,
      outputDefinitions,
      dag: {
        outputs: { parameters: { rows: { valueFromParameter: { producerSubtask: "copy-to-bucket", outputParameterKey: "rows" } } } },
        tasks: {
          "copy-to-bucket": {
            taskInfo: { name: "copy-to-bucket" },
            cachingOptions: { enableCache: true },
            componentRef: { name: "comp-copy-to-bucket" },
            inputs: { parameters: { bucket: { componentInputParameter: "bucket" }, part: { componentInputParameter: "part" } }, artifacts: { table: { componentInputArtifact: "table" } } },
          },
        },
      },
    },
  });
  assert.is(file?.description, "Copies a table.");
});

test("parts of the pipeline are located in the component's file", () => {
  const { file } = readKfp(concat, "component.yaml");
  const textAt = (...path: (string | number)[]): string => {
    const { start, end } = file!.locate(path);
    return concat.slice(start, end);
  };
  assert.is(textAt("pipelineInfo", "name"), "Copy to bucket");
  assert.is(textAt("components", "comp-copy-to-bucket", "inputDefinitions", "parameters", "bucket"), "{name: Bucket, type: String, default: b}");
  assert.is(textAt("root", "inputDefinitions", "parameters", "bucket", "defaultValue"), "b");
  assert.is(textAt("root", "outputDefinitions", "parameters", "rows", "parameterType"), "{name: Rows, type: Integer}");
  assert.is(textAt("deploymentSpec", "executors", "exec-copy-to-bucket", "container", "args", 2), "{outputPath: Rows}");
  assert.is(textAt("deploymentSpec", "executors", "exec-copy-to-bucket", "container", "image"), "tool:1");
  assert.is(textAt("root", "dag", "tasks"), concat.trimEnd());
});

test.run();
