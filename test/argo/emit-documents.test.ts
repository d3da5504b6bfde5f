/** A pipeline's options as objects of Kubernetes, and their YAML (reference argo.md 1.4, 1.6). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import type { Pipeline, PipelineOptions } from "../../compiler/ir/types.ts";
import { argoCron } from "../../compiler/targets/argo/cron.ts";
import { documentsOf, objectName, type DocumentKind } from "../../compiler/targets/argo/documents.ts";
import { printArgo } from "../../compiler/targets/argo/print.ts";
import { newRegion } from "../../compiler/targets/argo/region.ts";
import type { Manifest, Template } from "../../compiler/targets/argo/spec.ts";
import { withWorkspace } from "../../compiler/targets/argo/workspace.ts";
import { document, given, integer, listOf, number, op, pipeline, text } from "../kfp/documents.ts";
import { buildOf } from "./emit-options.ts";

const templates: Template[] = [{ name: "nightly", dag: { tasks: [{ name: "fit", template: "fit" }] } }, { name: "fit", container: { image: "x", command: ["fit"] } }];

function made(options: PipelineOptions, more: { inputs?: Pipeline["inputs"]; kind?: DocumentKind; description?: string; id?: string; version?: "3.6" | "4.1"; called?: PipelineOptions } = {}): { manifests: Manifest[]; codes: string[]; of: Pipeline } {
  const of = pipeline(more.id ?? "nightly", [], { options, inputs: more.inputs ?? {}, ...(more.description === undefined ? {} : { description: more.description }) });
  const inner = pipeline("inner", [], { options: more.called ?? {} });
  const build = buildOf({ version: more.version ?? "4.1" }, document([op("fit", {})], of, inner));
  build.pipelines.set(inner.id, { id: inner.id, region: newRegion(build, inner.id, inner.span), inputs: new Map(), outputs: new Map(), prefix: undefined });
  const manifests = documentsOf(build, of, { entrypoint: of.id, templates }, more.kind);
  return { manifests, codes: build.diagnostics.map(({ code }) => code), of };
}

test("a pipeline without a schedule is one run", () => {
  const { manifests, codes } = made({});
  assert.equal(codes, []);
  assert.equal(manifests, [
    { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { generateName: "nightly-", labels: { "hmc.dev/pipeline": "nightly" } }, spec: { entrypoint: "nightly", templates } },
  ]);
});

test("a pipeline with a schedule is a template and a CronWorkflow that starts it", () => {
  const { manifests, codes } = made({ schedule: "0 3 * * 7", timezone: "Australia/Melbourne", displayName: "Nightly", experiment: "demos" }, { description: "Fits." });
  assert.equal(codes, []);
  const metadata = {
    labels: { "hmc.dev/pipeline": "nightly", "hmc.dev/experiment": "demos" },
    annotations: { "workflows.argoproj.io/title": "Nightly", "workflows.argoproj.io/description": "Fits." },
  };
  assert.equal(manifests, [
    { apiVersion: "argoproj.io/v1alpha1", kind: "WorkflowTemplate", metadata: { name: "nightly", ...metadata }, spec: { workflowMetadata: metadata, entrypoint: "nightly", templates } },
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: { name: "nightly", ...metadata },
      spec: { schedules: ["0 3 * * 0"], timezone: "Australia/Melbourne", concurrencyPolicy: "Forbid", workflowSpec: { workflowTemplateRef: { name: "nightly" } } },
    },
  ]);
  assert.equal(made({ schedule: "0 3 * * *" }, { kind: "template" }).manifests.map(({ kind }) => kind), ["WorkflowTemplate"]);
  assert.equal(made({ schedule: "0 3 * * *" }, { kind: "workflow" }).manifests.map(({ kind }) => kind), ["Workflow"]);
});

test("parameters: text as it is, other values as JSON, what they may be, and what a run may leave out", () => {
  const inputs = {
    mode: given({ kind: "string", literals: ["fast", "slow"] }, { default: "fast", description: "How." }),
    size: given({ kind: "integer", literals: [1, 2] }, { optional: true }),
    list: given(listOf(integer), { default: [1, 2] }),
    rate: given(number),
    note: given(text, { default: "{{workflow.name}}" }),
    data: given({ kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: false }),
  };
  const { manifests } = made({ argo: { parametersFrom: { rate: { configMap: "c", key: "k", optional: true }, mode: { configMap: "c", key: "m" } } } }, { inputs });
  assert.equal((manifests[0]?.spec as { arguments: unknown }).arguments, {
    parameters: [
      { name: "mode", valueFrom: { configMapKeyRef: { name: "c", key: "m" }, default: "fast" }, description: "How.", enum: ["fast", "slow"] },
      { name: "size", value: "~(absent)", enum: ["1", "2", "~(absent)"] },
      { name: "list", value: "[1,2]" },
      { name: "rate", valueFrom: { configMapKeyRef: { name: "c", key: "k", optional: true } } },
      { name: "note", value: "~(7b){workflow.name}}" },
    ],
  });
  assert.equal(made({ argo: { parametersFrom: { raet: { configMap: "c", key: "k" } } } }, { inputs }).codes, ["HMC4146"]);
});

test("a scheduled run has nobody to give it a value", () => {
  const inputs = { from: given(text), to: given(text, { optional: true }) };
  assert.equal(made({ schedule: "0 3 * * *" }, { inputs }).codes, ["HMC4145"]);
  assert.equal(made({ schedule: "0 3 * * *", argo: { parametersFrom: { from: { configMap: "c", key: "k" } } } }, { inputs }).codes, []);
  assert.equal(made({ schedule: "0 3 * * *" }, { inputs, kind: "template" }).codes, []);
});

test("what a schedule may do: how many runs, missed runs, Argo's own settings", () => {
  const cron = (options: PipelineOptions): Record<string, unknown> | undefined => made({ schedule: "0 3 * * *", ...options }).manifests[1]?.spec;
  assert.is(cron({ maxConcurrency: 3 })?.["concurrencyPolicy"], "Allow");
  assert.equal(made({ schedule: "0 3 * * *", maxConcurrency: 3 }).codes, ["HMC4141"]);
  assert.equal(made({ schedule: "0 3 * * *", maxConcurrency: 1, catchUp: false }).codes, []);
  assert.equal(made({ schedule: "0 3 * * *", catchUp: true }).codes, ["HMC4141"]);
  assert.is(cron({ catchUp: true })?.["startingDeadlineSeconds"], 86400);
  const settings = { concurrencyPolicy: "Replace", startingDeadlineSeconds: 60, successfulHistory: 2, failedHistory: 1, when: "{{= cronworkflow.failed < 3 }}", stopWhen: "cronworkflow.failed >= 3", schedules: ["0 4 * * 5-7"], suspend: true };
  assert.equal(cron({ argo: { cron: settings } }), {
    schedules: ["0 3 * * *", "0 4 * * 0,5,6"],
    concurrencyPolicy: "Replace",
    startingDeadlineSeconds: 60,
    successfulJobsHistoryLimit: 2,
    failedJobsHistoryLimit: 1,
    when: "{{= cronworkflow.failed < 3 }}",
    stopStrategy: { expression: "cronworkflow.failed >= 3" },
    suspend: true,
    workflowSpec: { workflowTemplateRef: { name: "nightly" } },
  });
  assert.is(argoCron(" 5 4  * * 7 "), "5 4 * * 0");
});

test("the options of the pipeline that is run", () => {
  const { manifests, codes } = made({
    ttlSeconds: { completion: 3600, failure: 7200 },
    deadlineSeconds: 900,
    workspace: { size: "10Gi", storageClass: "fast" },
    argo: {
      maxPods: 5,
      priority: 3,
      suspend: true,
      archiveLogs: true,
      podPriorityClass: "high",
      mutexes: [{ name: "m" }],
      metrics: [{ name: "n", help: "h", counter: { value: "1" } }],
      podGC: { strategy: "OnPodSuccess", deleteDelaySeconds: 30, labels: { a: "b" } },
      artifactGC: { strategy: "OnWorkflowDeletion", serviceAccount: "gc", force: true },
      artifactRepository: { configMap: "repositories", key: "models" },
      volumeClaimGC: "OnWorkflowCompletion",
      podDisruptionBudget: { minAvailable: 1 },
      labels: { team: "a" },
      annotations: { note: "b" },
      patch: { hostNetwork: true, templates: [{ name: "fit", daemon: true }] },
    },
  });
  assert.equal(codes, []);
  assert.equal(manifests[0]?.metadata, { generateName: "nightly-", labels: { "hmc.dev/pipeline": "nightly", team: "a" }, annotations: { note: "b" } });
  assert.equal(manifests[0]?.spec, {
    entrypoint: "nightly",
    suspend: true,
    parallelism: 5,
    priority: 3,
    podPriorityClassName: "high",
    activeDeadlineSeconds: 900,
    ttlStrategy: { secondsAfterCompletion: 3600, secondsAfterFailure: 7200 },
    podGC: { strategy: "OnPodSuccess", deleteDelayDuration: "30s", labelSelector: { matchLabels: { a: "b" } } },
    artifactGC: { strategy: "OnWorkflowDeletion", serviceAccountName: "gc", forceFinalizerRemoval: true },
    artifactRepositoryRef: { configMap: "repositories", key: "models" },
    archiveLogs: true,
    podDisruptionBudget: { minAvailable: 1 },
    synchronization: { mutexes: [{ name: "m" }] },
    metrics: { prometheus: [{ name: "n", help: "h", counter: { value: "1" } }] },
    volumeClaimTemplates: [{ metadata: { name: "workspace" }, spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "10Gi" } } } }],
    volumeClaimGC: { strategy: "OnWorkflowCompletion" },
    templates: [templates[0], { ...templates[1], daemon: true }],
    hostNetwork: true,
  });
});

test("options without effect are said: of the run on a called pipeline, of KFP, the pipeline root", () => {
  assert.equal(made({ pipelineRoot: "s3://x", kfp: {} }).codes, ["HMC4142", "HMC4141"]);
  assert.equal(made({}, { called: { ttlSeconds: { completion: 1 }, deadlineSeconds: 1, workspace: { size: "1Gi" }, argo: { parallelism: 2, failFast: true, maxPods: 3 } } }).codes, ["HMC4141", "HMC4141", "HMC4141", "HMC4141"]);
});

test("an experiment that is no label is an annotation", () => {
  assert.equal(made({ experiment: "my demos" }).manifests[0]?.metadata.annotations, { "hmc.dev/experiment": "my demos" });
});

test("names that are too long end with a hash", () => {
  const long = "a-very-long-name-of-a-pipeline-that-nobody-should-ever-have-written-down";
  const { manifests } = made({ schedule: "0 3 * * *" }, { id: long });
  const [template, cron] = manifests;
  assert.match(template?.metadata.name ?? "", /^a-very-long-name-of-a-pipeline-that-nobody-should-ever-h-[0-9a-f]{6}$/);
  assert.is(template?.metadata.name?.length, 63);
  assert.ok((cron?.metadata.name?.length ?? 99) <= 52);
  assert.ok((made({}, { id: long }).manifests[0]?.metadata.generateName?.length ?? 99) <= 58);
  assert.is(objectName("My_Pipe.x", 63), "my-pipe-x");
});

test("the workspace is mounted where a pod is told its path", () => {
  const given: Template[] = [
    { name: "main", inputs: { parameters: [{ name: "where" }] }, dag: { tasks: [{ name: "a", template: "inner", arguments: { parameters: [{ name: "dir", value: "/ws/data" }, { name: "n", value: "1" }] } }, { name: "b", template: "other", arguments: { parameters: [{ name: "n", value: "{{inputs.parameters.where}}" }] } }] } },
    { name: "inner", inputs: { parameters: [{ name: "dir" }, { name: "n" }] }, dag: { tasks: [{ name: "a", template: "leaf", arguments: { parameters: [{ name: "path", value: "{{= inputs.parameters.dir + '/x' }}" }] } }] } },
    { name: "leaf", inputs: { parameters: [{ name: "path" }] }, script: { image: "x", source: "{{inputs.parameters}}", volumeMounts: [{ name: "hmc", mountPath: "/hmc" }] } },
    { name: "other", inputs: { parameters: [{ name: "n" }] }, container: { image: "x" } },
    { name: "own", container: { image: "x", args: ["ls /ws"] } },
  ];
  const mount = { name: "workspace", mountPath: "/ws" };
  const result = withWorkspace(given, "/ws");
  assert.equal(result.map((template) => (template.script ?? template.container)?.volumeMounts), [undefined, undefined, [{ name: "hmc", mountPath: "/hmc" }, mount], undefined, [mount]]);
});

test("the file: a comment, and documents whose keys stand in the order in which people write them", () => {
  const { manifests, of } = made({ schedule: "0 3 * * *", timezone: "UTC", argo: { patch: { hostNetwork: true, templates: [{ name: "fit", container: { env: [{ value: "1", name: "A" }], args: ["a\nb\n"] }, outputs: { parameters: [{ valueFrom: { path: "/x" }, name: "o" }] } }] } } }, { inputs: { n: given(integer, { default: 3 }) } });
  const yaml = printArgo(document([], of), of, manifests, { toolVersion: "1.2.3", version: "4.1" });
  assert.is(
    yaml.replace(/sha256:[0-9a-f]+/, "sha256:…"),
    `# Name: nightly
# Inputs:
#    n: integer [Default: 3]
# Compiler: hmc 1.2.3
# Source: pipeline.ts
# Digest: sha256:…
# For: Argo Workflows 4.1
# Schedule: 0 3 * * * UTC
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: nightly
  labels:
    hmc.dev/pipeline: nightly
spec:
  entrypoint: nightly
  arguments:
    parameters:
      - name: "n"
        value: "3"
  workflowMetadata:
    labels:
      hmc.dev/pipeline: nightly
  hostNetwork: true
  templates:
    - name: nightly
      dag:
        tasks:
          - name: fit
            template: fit
    - name: fit
      container:
        image: x
        env:
          - name: A
            value: "1"
        command:
          - fit
        args:
          - |
            a
            b
      outputs:
        parameters:
          - name: o
            valueFrom:
              path: /x
---
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata:
  name: nightly
  labels:
    hmc.dev/pipeline: nightly
spec:
  schedules:
    - 0 3 * * *
  timezone: UTC
  concurrencyPolicy: Forbid
  workflowSpec:
    workflowTemplateRef:
      name: nightly
`,
  );
  const read = parseAllDocuments(yaml).map((one) => one.toJS() as Manifest);
  assert.equal(read.map(({ kind }) => kind), ["WorkflowTemplate", "CronWorkflow"]);
});

test.run();
