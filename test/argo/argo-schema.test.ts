/** `schemas/argo.schema.json`: strict, and the same as what the checker walks and `versions.ts` says of its fields. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readArgo } from "../../compiler/targets/argo/check/read.ts";
import { argoLimits, fieldVersions } from "../../compiler/targets/argo/versions.ts";
import ajvOptions from "../../compiler/build/ajv-options.json" with { type: "json" };
import { root } from "../folders.ts";
import { recorded, yamlFiles } from "./corpora.ts";

interface Definition {
  properties?: Record<string, { maxItems?: number; maxLength?: number }>;
}

const text = readFileSync(join(root, "schemas/argo.schema.json"), "utf8");
const schema = JSON.parse(text) as { $defs: Record<string, Definition> };
const validate = new Ajv2020({ ...ajvOptions, allErrors: true }).compile(schema);

const workflow = (template: object, more: object = {}): unknown => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { generateName: "x-" }, spec: { entrypoint: "main", templates: [{ name: "main", ...template }], ...more } });
const fine = { container: { image: "alpine", command: ["ls"] } };

test("what it accepts", () => {
  assert.ok(validate(workflow(fine)), JSON.stringify(validate.errors));
  assert.ok(validate(workflow({ ...fine, retryStrategy: { limit: "{{inputs.parameters.n}}" } })));
  assert.ok(validate(workflow({ ...fine, retryStrategy: { limit: 2 } })));
  assert.ok(validate(workflow(fine, { arguments: { parameters: [{ name: "p", value: 5, enum: [5, "a", true] }] } })));
  assert.ok(validate({ ...(workflow(fine) as object), status: { phase: "Succeeded" } }));
});

test("what it refuses", () => {
  const wrong: [string, unknown][] = [
    ["an unknown kind", { ...(workflow(fine) as object), kind: "Workfow" }],
    ["an unknown field", workflow({ ...fine, dependson: "a" })],
    ["another case", workflow({ Container: fine.container })],
    ["a removed field", workflow({ ...fine, synchronization: { mutex: { name: "x" } } })],
    ["an unknown choice", workflow({ ...fine, retryStrategy: { retryPolicy: "Sometimes" } })],
    ["a list as a value", workflow(fine, { arguments: { parameters: [{ name: "p", value: [1] }] } })],
    ["a quantity that is a tag", workflow({ container: { image: "x", resources: { limits: { memory: "{{x}}" } } } })],
    ["a name with a dot", workflow(fine, { arguments: { parameters: [{ name: "p.q" }] } })],
    ["a DAG without tasks", workflow({ dag: { tasks: [] } })],
    ["201 templates", workflow(fine, { templates: Array.from({ length: 201 }, (_, index) => ({ name: `t${index}`, ...fine })) })],
  ];
  for (const [what, document] of wrong) assert.not.ok(validate(document), what);
});

test("it is small, and names its source", () => {
  assert.ok(text.length < 70_000, `${text.length} bytes`);
  assert.match(text, /Argo Workflows v4\.1\.2/);
  assert.not.match(text, /"description":"/);
});

test("the fields of the table of versions are in it, and those that are gone are not", () => {
  for (const { type, field, since, until } of fieldVersions) {
    const has = schema.$defs[type]?.properties?.[field] !== undefined;
    if (until !== undefined) assert.not.ok(has, `${type}.${field} is gone since ${until}`);
    if (since !== undefined) assert.ok(has, `${type}.${field} came with ${since}`);
  }
});

test("the limits are the same", () => {
  const field = (type: string, name: string): { maxItems?: number; maxLength?: number } => schema.$defs[type]?.properties?.[name] ?? {};
  assert.is(field("WorkflowSpec", "templates").maxItems, argoLimits.templates);
  assert.is(field("DAGTemplate", "tasks").maxItems, argoLimits.tasks);
  assert.is(field("Inputs", "parameters").maxItems, argoLimits.inputParameters);
  assert.is(field("Metrics", "prometheus").maxItems, argoLimits.metrics);
  assert.is(field("Gauge", "value").maxLength, argoLimits.gaugeValue);
  assert.is(field("DAGTask", "name").maxLength, argoLimits.name);
});

if (recorded !== undefined) {
  const folder: string = recorded;
  test("it accepts the recorded workflows, but for faults that a schema can see", () => {
    const refused: string[] = [];
    for (const part of ["lowering", "sim/patterns", "sim/examples"]) {
      for (const { name, text: yaml } of yamlFiles(join(folder, part))) {
        for (const { value } of readArgo(yaml, name).documents) if (!validate(value)) refused.push(name);
      }
    }
    assert.equal(refused, ["80-misc"]);
  });
}

test.run();
