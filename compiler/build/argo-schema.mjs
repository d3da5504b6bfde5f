/**
 * Makes `schemas/argo.schema.json`: what one YAML document of Argo may hold, strictly. Names and types of fields are those of
 * `api/jsonschema/schema.json` in argoproj/argo-workflows; what that file does not say (no other fields, choices, patterns, limits) is
 * added here, from Argo's full CRDs (reference argo.md 1.8 and 4.3).
 *
 *     git -C argo-workflows show v4.1.2:api/jsonschema/schema.json > schema.json
 *     node compiler/build/argo-schema.mjs schema.json
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, writeAtomically } from "./files.mjs";

const kinds = ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"];
const argo = "io.argoproj.workflow.v1alpha1.";

/** Text, or what Argo turns into text. */
const anyString = { type: ["string", "number", "boolean"] };
const quantity = String.raw`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+))?$`;
const name = { pattern: "^[a-zA-Z0-9][-a-zA-Z0-9]*$", maxLength: 128 };
const parameterName = { pattern: "^[-a-zA-Z0-9_]+$" };
const artifactName = { pattern: "^[-a-zA-Z0-9_{}.]+$" };
const metricName = { pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$" };
const schedule = String.raw`^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\s+([0-9]+(ns|us|µs|ms|s|m|h))+|([A-Za-z0-9*,/?-]+\s+){4}[A-Za-z0-9*,/?-]+)$`;
const artifactFields = { name: artifactName, mode: { minimum: 0, maximum: 511 } };

/** Whole definitions that Argo's file has wrong or leaves open. */
const replaced = {
  IntOrString: { type: ["string", "integer"] },
  Quantity: { type: ["string", "number"], pattern: quantity },
  AnyString: anyString,
  Item: {},
  Plugin: { type: "object" },
  FieldsV1: { type: "object" },
};

/** What is added to fields, by definition. */
const added = {
  Workflow: { status: { type: "object" } },
  CronWorkflow: { status: { type: "object" } },
  WorkflowSpec: { templates: { maxItems: 200 }, parallelism: { minimum: 1 } },
  CronWorkflowSpec: {
    schedules: { minItems: 1, items: { type: "string", pattern: schedule } },
    concurrencyPolicy: { enum: ["", "Allow", "Forbid", "Replace"] },
    startingDeadlineSeconds: { minimum: 0 },
  },
  Template: { name, parallelism: { minimum: 1 } },
  DAGTemplate: { tasks: { minItems: 1, maxItems: 200 } },
  DAGTask: { name },
  Inputs: { parameters: { maxItems: 500 } },
  Parameter: {
    name: parameterName,
    default: { $ref: "#/$defs/AnyString" },
    value: { $ref: "#/$defs/AnyString" },
    enum: { minItems: 1, items: { $ref: "#/$defs/AnyString" } },
  },
  ValueFrom: { default: { $ref: "#/$defs/AnyString" } },
  Artifact: artifactFields,
  ArtifactPaths: artifactFields,
  ArtifactGC: { strategy: { enum: ["", "OnWorkflowCompletion", "OnWorkflowDeletion", "Never"] } },
  WorkflowLevelArtifactGC: { strategy: { enum: ["", "OnWorkflowCompletion", "OnWorkflowDeletion", "Never"] } },
  PodGC: { strategy: { enum: ["", "OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess"] } },
  RetryStrategy: { retryPolicy: { enum: ["", "Always", "OnFailure", "OnError", "OnTransientError"] } },
  ResourceTemplate: { mergeStrategy: { enum: ["strategic", "merge", "json"] } },
  Metrics: { prometheus: { maxItems: 100 } },
  Prometheus: { name: metricName, help: { minLength: 1 } },
  MetricLabel: { key: metricName },
  Counter: { value: { minLength: 1 } },
  Histogram: { value: { minLength: 1 } },
  Gauge: { value: { minLength: 1, maxLength: 256 }, operation: { enum: ["Set", "Add", "Sub"] } },
};

/** Fields that Argo's file says are required, but that may come from elsewhere or have a default. */
const optional = { Container: ["image"], ScriptTemplate: ["image"], Gauge: ["realtime"] };

/** `io.k8s.api.core.v1.Volume` → `Volume`; Argo's own names come first where two have the same. */
function shortName(full, all) {
  const last = full.slice(full.lastIndexOf(".") + 1);
  return !full.startsWith(argo) && all.has(argo + last) ? `Kubernetes${last}` : last;
}

/** The schema, made of Argo's. */
export function argoSchema(source) {
  const definitions = new Map(Object.entries(source.definitions));
  const $defs = {};
  const waiting = kinds.map((kind) => argo + kind);

  const converted = (schema) => {
    if (schema.$ref !== undefined) {
      const full = schema.$ref.slice("#/definitions/".length);
      waiting.push(full);
      return { $ref: `#/$defs/${shortName(full, definitions)}` };
    }
    const { type, items, additionalProperties } = schema;
    return {
      ...(schema.const === undefined ? { type } : { const: schema.const }),
      ...(items === undefined ? {} : { items: converted(items) }),
      ...(additionalProperties === undefined ? {} : { additionalProperties: converted(additionalProperties) }),
    };
  };

  for (let full = waiting.pop(); full !== undefined; full = waiting.pop()) {
    const short = shortName(full, definitions);
    if ($defs[short] !== undefined) continue;
    const definition = definitions.get(full);
    if (replaced[short] !== undefined) $defs[short] = replaced[short];
    else if (definition.properties === undefined) $defs[short] = definition.type === "object" ? { type: "object", additionalProperties: false } : converted(definition);
    else {
      $defs[short] = {};
      const properties = Object.entries(definition.properties).map(([field, schema]) => {
        const extra = added[short]?.[field];
        if (extra?.$ref !== undefined || extra?.type === "object") return [field, extra];
        return [field, { ...converted(schema), ...extra }];
      });
      const required = (definition.required ?? []).filter((field) => !optional[short]?.includes(field));
      if (kinds.includes(short)) required.push("apiVersion", "kind");
      $defs[short] = { type: "object", properties: Object.fromEntries(properties), ...(required.length === 0 ? {} : { required }), additionalProperties: false };
    }
  }
  $defs.AnyString = replaced.AnyString;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "argo.schema.json",
    title: "Argo Workflows",
    $comment: "Made by compiler/build/argo-schema.mjs of the field names and types of Argo Workflows v4.1.2 (Apache-2.0) and the constraints of its CRDs.",
    type: "object",
    properties: { kind: { enum: kinds } },
    required: ["kind"],
    discriminator: { propertyName: "kind" },
    oneOf: kinds.map((kind) => ({ $ref: `#/$defs/${kind}` })),
    $defs: Object.fromEntries(Object.entries($defs).sort(([first], [second]) => (first < second ? -1 : 1))),
  };
}

/** The schema as text, with one definition a line. */
export function argoSchemaText(source) {
  const { $defs, ...head } = argoSchema(source);
  const lines = Object.entries($defs).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `${JSON.stringify(head).slice(0, -1)},"$defs":{\n${lines.join(",\n")}\n}}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    console.error("Give Argo's schema: node compiler/build/argo-schema.mjs <schema.json>");
    process.exit(1);
  }
  writeAtomically(join(root, "schemas/argo.schema.json"), argoSchemaText(JSON.parse(readFileSync(file, "utf8"))));
}
