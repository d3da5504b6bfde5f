/** Options of ops, calls and pipelines: their normal form, their places, and what is refused. */
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readPipelineOptions, readTaskOptions, type ReadPipelineOptions, type ReadTaskOptions } from "../../compiler/frontend/option-values.ts";
import { openProgram } from "../../compiler/frontend/program.ts";
import type { Context } from "../../compiler/frontend/context.ts";
import { mistakesOf } from "./components.ts";
import { hostWith } from "./lowered.ts";

interface Reading<Options> {
  read: Options;
  mistakes: string[];
  context: Context;
  source: string;
}

/** Reads the constant `options` of a source with `reader`. */
function reading<Options>(source: string, files: Record<string, string>, environment: Record<string, string>, reader: (context: Context, expression: ts.Expression) => Options): Reading<Options> {
  const text = `import { configMap, env, fieldPath, secret } from "hmc";\n${source}`;
  const { context, entryFile, diagnostics } = openProgram(hostWith({ ...files, "pipeline.ts": text }, environment), "pipeline.ts", { scope: "pipeline" });
  assert.ok(context !== undefined && entryFile !== undefined);
  let expression: ts.Expression | undefined;
  entryFile.forEachChild((statement) => {
    if (!ts.isVariableStatement(statement)) return;
    for (const declaration of statement.declarationList.declarations) if (declaration.name.getText() === "options") expression = declaration.initializer;
  });
  assert.ok(expression);
  const read = reader(context, expression);
  return { read, mistakes: mistakesOf(diagnostics), context, source: text };
}

function task(options: string, { before = "", where = "op", files = {}, environment = {} }: { before?: string; where?: "op" | "call" | "defaults"; files?: Record<string, string>; environment?: Record<string, string> } = {}): Reading<ReadTaskOptions> {
  return reading(`${before}\nexport const options = ${options};`, files, environment, (context, expression) => readTaskOptions(context, expression, where));
}

function normal(options: string, around: Parameters<typeof task>[1] = {}): Omit<ReadTaskOptions["options"], "spans"> {
  const { read, mistakes } = task(options, around);
  assert.equal(mistakes, []);
  const { spans, ...rest } = read.options;
  assert.ok(spans);
  return rest;
}

const cases: [written: string, expected: object][] = [
  ["{ cpu: 2 }", { cpu: { request: "2", limit: "2" } }],
  ["{ cpu: 0.25 }", { cpu: { request: "250m", limit: "250m" } }],
  [`{ cpu: { request: "500m", limit: 2 } }`, { cpu: { request: "500m", limit: "2" } }],
  [`{ cpu: { limit: 1 } }`, { cpu: { limit: "1" } }],
  [`{ memory: "4Gi" }`, { memory: { request: "4Gi", limit: "4Gi" } }],
  ["{ memory: 1048576 }", { memory: { request: "1048576", limit: "1048576" } }],
  ["{ gpu: 2 }", { accelerator: { type: "nvidia.com/gpu", count: 2 } }],
  ["{ gpu: 0 }", {}],
  [`{ accelerator: { type: "amd.com/gpu" } }`, { accelerator: { type: "amd.com/gpu", count: 1 } }],
  [`{ timeout: 90 }`, { timeoutSeconds: 90 }],
  [`{ timeout: "90s" }`, { timeoutSeconds: 90 }],
  [`{ timeout: "10m" }`, { timeoutSeconds: 600 }],
  [`{ timeout: "1.5h" }`, { timeoutSeconds: 5400 }],
  [`{ timeout: "2d" }`, { timeoutSeconds: 172800 }],
  ["{ retry: 3 }", { retry: { count: 3 } }],
  [`{ retry: { count: 3, backoff: "30s", factor: 1.5, maxBackoff: "10m", policy: "onError" } }`, { retry: { count: 3, backoffSeconds: 30, factor: 1.5, maxBackoffSeconds: 600, policy: "onError" } }],
  ["{ cache: false }", { cache: { enabled: false } }],
  ["{ cache: true }", { cache: { enabled: true } }],
  [`{ cache: { key: "v1" } }`, { cache: { enabled: true, key: "v1" } }],
  [`{ env: { A: "a", T: secret("s", "k") } }`, { env: { A: { kind: "literal", value: "a" }, T: { kind: "secret", name: "s", key: "k" } } }],
  [`{ env: { A: "a" }, secrets: { T: secret("s", "k") } }`, { env: { A: { kind: "literal", value: "a" }, T: { kind: "secret", name: "s", key: "k" } } }],
  [`{ labels: { team: "ml" }, annotations: { a: "b" }, nodeSelector: { pool: "gpu" } }`, { labels: { team: "ml" }, annotations: { a: "b" }, nodeSelector: { pool: "gpu" } }],
  [`{ displayName: "X", image: "i:1", serviceAccount: "s", imagePullSecrets: ["r"], imagePullPolicy: "Never" }`, { displayName: "X", image: "i:1", serviceAccount: "s", imagePullSecrets: ["r"], imagePullPolicy: "Never" }],
  [`{ securityContext: { runAsUser: 0, runAsGroup: 10, runAsNonRoot: false } }`, { securityContext: { runAsUser: 0, runAsGroup: 10, runAsNonRoot: false } }],
  [`{ tolerations: [{ key: "gpu", operator: "Exists", effect: "NoExecute", seconds: 60 }] }`, { tolerations: [{ key: "gpu", operator: "Exists", effect: "NoExecute", seconds: 60 }] }],
  [`{ affinity: [{ weight: 5, expressions: [{ key: "zone", operator: "In", values: ["a"] }], fields: [{ key: "n", operator: "Exists" }] }] }`, { affinity: [{ weight: 5, expressions: [{ key: "zone", operator: "In", values: ["a"] }], fields: [{ key: "n", operator: "Exists" }] }] }],
  [`{ kfp: { a: { b: [1, null] } }, argo: {} }`, { kfp: { a: { b: [1, null] } }, argo: {} }],
  [`{ image: undefined, retry: 1 }`, { retry: { count: 1 } }],
  [
    `{ env: { S: secret("s", "k", { optional: true }), T: secret("s", "k", { optional: false }), C: configMap("c", "k", { optional: true }), N: fieldPath("spec.nodeName") } }`,
    { env: { S: { kind: "secret", name: "s", key: "k", optional: true }, T: { kind: "secret", name: "s", key: "k" }, C: { kind: "configMap", name: "c", key: "k", optional: true }, N: { kind: "field", path: "spec.nodeName" } } },
  ],
  [`{ nodeSelector: { json: { pool: "gpu" } } }`, { nodeSelector: { json: { pool: "gpu" } } }],
  [`{ nodeSelector: { json: "pipelines" } }`, { nodeSelector: { json: "pipelines" } }],
  [`{ nodeSelector: { json: undefined }, imagePullSecrets: [undefined, "r"] }`, { imagePullSecrets: ["r"] }],
  [`{ tolerations: [{ json: { key: "a" } }, { json: [{ key: "b" }] }, { key: "c" }] }`, { tolerations: [{ json: { key: "a" } }, { json: [{ key: "b" }] }, { key: "c" }] }],
  [`{ affinity: [{ json: { requiredDuringSchedulingIgnoredDuringExecution: {} } }] }`, { affinity: [{ json: { requiredDuringSchedulingIgnoredDuringExecution: {} } }] }],
];

for (const [written, expected] of cases) {
  test(written, () => assert.equal(normal(written), expected));
}

test("what only Argo does: shorthands are written out, durations are seconds", () => {
  const written = `{ argo: {
    mutexes: ["gpu", { name: "licence", namespace: "shared", database: true }], semaphores: [{ configMap: "limits", key: "etl" }, { database: "etl", namespace: "n" }],
    metrics: [{ name: "rows", help: "Rows", labels: { a: "b" }, when: "{{status}} == Failed", histogram: { value: "{{duration}}", buckets: [1, 2.5] } }],
    retryExpression: "asInt(lastRetry.exitCode) > 1", retryOnOtherNode: true, memoize: { maxAge: "1d", configMap: "cache" },
    artifacts: { model: { key: "m/{{workflow.name}}", archive: "none", gc: "Never", mode: 0o644 }, src: { location: { git: { repo: "r", depth: 1 } } }, text: { raw: "a", archive: { compressionLevel: 0 } } },
    globalNames: { auc: "score" }, podSpecPatch: { dnsPolicy: "None" }, patch: { priorityClassName: "high", sidecars: null },
  } }`;
  assert.equal(normal(written).argo, {
    mutexes: [{ name: "gpu" }, { name: "licence", namespace: "shared", database: true }],
    semaphores: [{ configMap: "limits", key: "etl" }, { database: "etl", namespace: "n" }],
    metrics: [{ name: "rows", help: "Rows", labels: { a: "b" }, when: "{{status}} == Failed", histogram: { value: "{{duration}}", buckets: [1, 2.5] } }],
    retryExpression: "asInt(lastRetry.exitCode) > 1",
    retryOnOtherNode: true,
    memoize: { maxAgeSeconds: 86400, configMap: "cache" },
    artifacts: {
      model: { key: "m/{{workflow.name}}", archive: { none: {} }, gc: "Never", mode: 420 },
      src: { location: { git: { repo: "r", depth: 1 } } },
      text: { raw: "a", archive: { tar: { compressionLevel: 0 } } },
    },
    globalNames: { auc: "score" },
    podSpecPatch: { dnsPolicy: "None" },
    patch: { priorityClassName: "high", sidecars: null },
  });
});

test("what only Argo does for a pipeline", () => {
  const { read, mistakes } = ofPipeline(`{ argo: {
    parallelism: 2, failFast: false, maxPods: 20, podGC: "OnPodSuccess", artifactGC: { strategy: "OnWorkflowDeletion", serviceAccount: "gc", force: true }, volumeClaimGC: "OnWorkflowSuccess",
    workspacePath: "/mnt/vol", artifactRepository: { configMap: "repos", key: "s3" }, archiveLogs: true, priority: -1, suspend: false, podPriorityClass: "high", podDisruptionBudget: { minAvailable: "50%" },
    labels: { a: "b" }, annotations: { c: "d" }, parametersFrom: { cfg: { configMap: "cfg", key: "k", optional: true } },
    cron: { concurrencyPolicy: "Replace", startingDeadline: "5m", successfulHistory: 0, stopWhen: "cronworkflow.failed >= 3", schedules: ["0 3 * * *"] }, patch: { hostNetwork: true },
  } }`);
  assert.equal(mistakes, []);
  assert.equal(read.options.argo, {
    parallelism: 2,
    failFast: false,
    maxPods: 20,
    podGC: { strategy: "OnPodSuccess" },
    artifactGC: { strategy: "OnWorkflowDeletion", serviceAccount: "gc", force: true },
    volumeClaimGC: "OnWorkflowSuccess",
    workspacePath: "/mnt/vol",
    artifactRepository: { configMap: "repos", key: "s3" },
    archiveLogs: true,
    priority: -1,
    suspend: false,
    podPriorityClass: "high",
    podDisruptionBudget: { minAvailable: "50%" },
    labels: { a: "b" },
    annotations: { c: "d" },
    parametersFrom: { cfg: { configMap: "cfg", key: "k", optional: true } },
    cron: { concurrencyPolicy: "Replace", startingDeadlineSeconds: 300, successfulHistory: 0, stopWhen: "cronworkflow.failed >= 3", schedules: ["0 3 * * *"] },
    patch: { hostNetwork: true },
  });
});

const refusedArgo: [written: string, mistake: RegExp][] = [
  [`{ priorityClassName: "high" }`, /HMC2034 "argo" has no option "priorityClassName". What hmc has no name for goes into its "patch"/],
  [`{ mutex: ["a"] }`, /HMC2034 .*Did you mean "mutexes"\?/],
  [`{ memoize: { maxAge: "soon" } }`, /HMC2024 The option "argo.memoize.maxAge"/],
  [`{ metrics: [{ name: "a", help: "b" }] }`, /HMC2025 .*exactly one of "counter", "gauge", "histogram"/],
  [`{ metrics: [{ name: "a", counter: { value: "1" } }] }`, /HMC2025 .*an object with "help"/],
  [`{ semaphores: [{ configMap: "a" }] }`, /HMC2025 .*an object with "key"/],
  [`{ artifacts: { a: { archive: "gzip" } } }`, /HMC2025 .*one of "none", "tar", "zip"/],
  [`{ artifacts: { a: { key: "k", raw: "x" } } }`, /HMC2025 .*at most one of "key", "raw", "location"/],
  [`{ artifacts: { a: { location: {} } } }`, /HMC2025 .*exactly one of "s3"/],
  [`{ patch: [1] }`, /HMC2025 .*an object/],
];

for (const [written, mistake] of refusedArgo) {
  test(`argo: ${written} is refused`, () => {
    const { mistakes } = task(`{ argo: ${written} }`);
    assert.equal(mistakes.length, 1, mistakes.join("\n"));
    assert.match(mistakes[0] ?? "", mistake);
  });
}

test("a path of the workspace that is none (argo)", () => {
  assert.match(ofPipeline(`{ argo: { workspacePath: "mnt" } }`).mistakes[0] ?? "", /HMC2025 .*an absolute path/);
  assert.match(ofPipeline(`{ argo: { podDisruptionBudget: { minAvailable: 1, maxUnavailable: 1 } } }`).mistakes[0] ?? "", /HMC2025 .*exactly one of/);
});

test("volumes of every kind; those without a name are named after their mount path", () => {
  const written = `{ volumes: [
    { emptyDir: true, mountPath: "/scratch/a" },
    { emptyDir: { medium: "Memory", sizeLimit: "1Gi" }, name: "shm", mountPath: "/dev/shm" },
    { pvc: "data", mountPath: "/data", subPath: "rows" },
    { secret: "tokens", mountPath: "/tokens", optional: true },
    { configMap: "settings", mountPath: "/settings" },
    { ephemeral: { size: "10Gi", storageClass: "fast", labels: { a: "b" }, annotations: { c: "d" } }, name: "work", mountPath: "/work" },
    { emptyDir: { medium: "HugePages-2Mi" }, name: "pages", mountPath: "/pages" },
  ] }`;
  assert.equal(normal(written).volumes, [
    { kind: "emptyDir", name: "empty-dir-scratch-a", mountPath: "/scratch/a" },
    { kind: "emptyDir", name: "shm", mountPath: "/dev/shm", medium: "Memory", sizeLimit: "1Gi" },
    { kind: "pvc", claim: "data", mountPath: "/data", subPath: "rows" },
    { kind: "secret", secret: "tokens", mountPath: "/tokens", optional: true },
    { kind: "configMap", configMap: "settings", mountPath: "/settings", optional: false },
    { kind: "ephemeral", name: "work", mountPath: "/work", size: "10Gi", accessModes: ["ReadWriteOnce"], storageClass: "fast", labels: { a: "b" }, annotations: { c: "d" } },
    { kind: "emptyDir", name: "pages", mountPath: "/pages", medium: "HugePages-2Mi" },
  ]);
});

test("spreads, constants of other files, shorthand, computed names; the last one counts", () => {
  const files = { "common.ts": `export const common = { cpu: 1, memory: "2Gi", labels: { team: "ml" } } as const;\nexport enum Pool { Gpu = "gpu" }` };
  const options = normal("{ ...common, cpu: 2 * 2, image, labels: { ...common.labels, [key]: `${Pool.Gpu}-1` }, ...(1 > 2 ? { retry: 1 } : { retry: 2 }) }", { before: `import { common, Pool } from "./common.ts";\nconst image = "i:" + 1; const key = "pool";`, files });
  assert.equal(options, { cpu: { request: "4", limit: "4" }, memory: { request: "2Gi", limit: "2Gi" }, labels: { team: "ml", pool: "gpu-1" }, image: "i:1", retry: { count: 2 } });
});

test("env() and process.env are read from the host, and their names are kept", () => {
  const { read, mistakes, context } = task(`{ image: \`i:\${env("TAG")}\`, serviceAccount: env("ACCOUNT", "nobody"), env: { REF: process.env.REF ?? "" } }`, { environment: { TAG: "7", REF: "main" } });
  assert.equal(mistakes, []);
  const { spans, ...options } = read.options;
  assert.ok(spans);
  assert.equal(options, { image: "i:7", serviceAccount: "nobody", env: { REF: { kind: "literal", value: "main" } } });
  assert.equal([...context.environment].sort(), ["ACCOUNT", "REF", "TAG"]);
});

test("each option and each member knows where it was written, in whichever file", () => {
  const { read, source } = task(`{ ...common, retry: 3, env: { A: "a" }, secrets: { T: secret("s", "k") }, volumes: [{ pvc: "d", mountPath: "/d" }] }`, { before: `const common = { cpu: 2 };` });
  const text = (name: string): string => {
    const span = read.options.spans?.[name];
    return span === undefined ? "" : `${span.line} ${source.slice(span.start, span.end)}`;
  };
  assert.is(text("cpu"), "2 2");
  assert.is(text("retry"), "3 3");
  assert.is(text("env.A"), `3 "a"`);
  assert.is(text("env.T"), `3 secret("s", "k")`);
  assert.is(text("volumes.0"), `3 { pvc: "d", mountPath: "/d" }`);
  assert.is(text("volumes.0.mountPath"), `3 "/d"`);
});

test("name and ignoreUpstreamFailure are no options of the container", () => {
  const { read, mistakes } = task(`{ name: "again", ignoreUpstreamFailure: true }`, { where: "call" });
  assert.equal(mistakes, []);
  assert.is(read.name, "again");
  assert.is(read.ignoreUpstreamFailure, true);
  assert.equal(Object.keys(read.options), ["spans"]);
});

test("no options at all", () => {
  const { context } = task("{}");
  assert.equal(readTaskOptions(context, undefined, "op"), { options: {} });
});

const refused: [written: string, code: string, named: string][] = [
  ["{ retry: Math.random() }", "HMC2023", `"retry"`],
  ["{ env: { A: 'a', B: String(Math.random()) } }", "HMC2023", `"env.B"`],
  ["{ ...JSON.parse('{}') }", "HMC2023", `"...JSON.parse`],
  ["makeOptions()", "HMC2023", `"makeOptions()"`],
  [`{ timeout: "soon" }`, "HMC2024", `"timeout" is "soon"`],
  [`{ timeout: "0.5s" }`, "HMC2024", `"timeout" is "0.5s"`],
  ["{ timeout: -1 }", "HMC2024", `"timeout" is -1`],
  ["{ timeout: 0 }", "HMC2024", `"timeout" is 0`],
  [`{ retry: { count: 1, backoff: "a while" } }`, "HMC2024", `"retry.backoff"`],
  ["{ retry: 1.5 }", "HMC2025", `"retry" is 1.5`],
  ["{ retry: -1 }", "HMC2025", `"retry" is -1`],
  ["{ gpu: 0.5 }", "HMC2025", `"gpu" is 0.5`],
  ["{ memory: 0.5 }", "HMC2025", `"memory" is 0.5`],
  ["{ cpu: -1 }", "HMC2025", `"cpu" is -1`],
  ["{ env: { A: 1 } }", "HMC2025", `"env.A" is 1`],
  [`{ secrets: { A: "plain" } }`, "HMC2025", `"secrets.A" is "plain"`],
  [`{ volumes: [{ mountPath: "/a" }] }`, "HMC2025", `"volumes.0"`],
  [`{ volumes: [{ emptyDir: true }] }`, "HMC2025", `"volumes.0"`],
  [`{ imagePullPolicy: "Sometimes" }`, "HMC2025", `"imagePullPolicy" is "Sometimes"`],
  ["{ labels: [] }", "HMC2025", `"labels" is []`],
  ["{ ...{ retyr: 3 } }", "HMC2026", `"retyr" here. Did you mean "retry"?`],
  [`{ image: secret("s", "k") }`, "HMC2027", `"image"`],
  [`{ labels: { token: secret("s", "k") } }`, "HMC2027", `"labels.token"`],
  [`{ kfp: { token: secret("s", "k") } }`, "HMC2027", `"kfp"`],
  [`{ env: { T: "x" }, secrets: { T: secret("s", "k") } }`, "HMC2028", `"T"`],
  [`{ image: makeImage() }`, "HMC2023", `"image"`],
  [`{ env: { T: secret(makeImage(), "k") } }`, "HMC2023", `"env.T"`],
  [`{ nodeSelector: { json: { pool: makeImage() } } }`, "HMC2023", `"nodeSelector.json.pool"`],
  [`{ secrets: { T: configMap("c", "k") } }`, "HMC2025", `"secrets.T" is a reference to a config map`],
  [`{ labels: { node: fieldPath("spec.nodeName") } }`, "HMC2025", `"labels.node" is a reference to a field of the pod`],
  [`{ tolerations: [{ json: 1 }] }`, "HMC2025", `"tolerations.0.json" is 1`],
  [`{ volumes: [{ emptyDir: { medium: "disk" }, mountPath: "/a" }] }`, "HMC2025", `"volumes.0.emptyDir.medium" is "disk"`],
];

for (const [written, code, named] of refused) {
  test(`${written} is refused with ${code}`, () => {
    const { mistakes } = task(written, { before: "declare function makeOptions(): { retry: number }; declare function makeImage(): string;" });
    assert.is(mistakes.length, 1, mistakes.join("\n"));
    assert.ok(mistakes[0]?.startsWith(`2 ${code} `) || mistakes[0]?.startsWith(`1 ${code} `), mistakes[0]);
    assert.ok(mistakes[0]?.includes(named), mistakes[0]);
  });
}

test("what is wrong with one option does not take the others away", () => {
  const { read, mistakes } = task(`{ retry: Math.random(), cpu: 2, timeout: "soon", image: "i:1" }`);
  assert.equal(mistakes.map((text) => text.slice(0, 9)), ["2 HMC2023", "2 HMC2024"]);
  assert.equal([read.options.cpu, read.options.image, read.options.retry], [{ request: "2", limit: "2" }, "i:1", undefined]);
});

test("options that belong elsewhere are refused", () => {
  const codes = (written: string, where: "op" | "call" | "defaults") => task(written, { where }).mistakes.map((text) => text.slice(2, 9));
  assert.equal(codes(`{ ...{ ignoreUpstreamFailure: true } }`, "op"), ["HMC2026"]);
  assert.equal(codes(`{ ...{ name: "x" } }`, "defaults"), ["HMC2026"]);
});

// ---------------------------------------------------------------------------------------------- pipelines

function ofPipeline(options: string): Reading<ReadPipelineOptions> {
  return reading(`export const options = ${options};`, {}, {}, readPipelineOptions);
}

test("options of a pipeline", () => {
  const { read, mistakes } = ofPipeline(`{
    name: "nightly", description: "Every night.", displayName: "Nightly", schedule: "0 0 * * *", timezone: "Australia/Melbourne", experiment: "demos",
    defaults: { retry: 2, env: { A: "a" } }, ttl: { success: "1d", failure: 3600 }, deadline: "2h", workspace: { size: "10Gi", accessModes: ["ReadWriteMany"] },
    pipelineRoot: "s3://bucket", maxConcurrency: 2, catchUp: false, kfp: { a: 1 },
  }`);
  assert.equal(mistakes, []);
  assert.is(read.name, "nightly");
  assert.is(read.description, "Every night.");
  const { spans, defaults, ...options } = read.options;
  assert.equal(options, {
    displayName: "Nightly", schedule: "0 0 * * *", timezone: "Australia/Melbourne", experiment: "demos", ttlSeconds: { success: 86400, failure: 3600 }, deadlineSeconds: 7200,
    workspace: { size: "10Gi", accessModes: ["ReadWriteMany"] }, pipelineRoot: "s3://bucket", maxConcurrency: 2, catchUp: false, kfp: { a: 1 },
  });
  assert.equal([defaults?.retry, defaults?.env], [{ count: 2 }, { A: { kind: "literal", value: "a" } }]);
  assert.equal(Object.keys(defaults?.spans ?? {}), ["retry", "env", "env.A"]);
  assert.is(spans?.["schedule"]?.line, 3);
  assert.equal(ofPipeline(`{ ttl: "7d" }`).read.options.ttlSeconds, { completion: 604800 });
});

test("options of a pipeline that are refused", () => {
  const codes = (written: string) => ofPipeline(written).mistakes.map((text) => text.slice(2, 9));
  assert.equal(codes("{ schedule: String(Math.random()) }"), ["HMC2023"]);
  assert.equal(codes(`{ deadline: "never" }`), ["HMC2024"]);
  assert.equal(codes("{ maxConcurrency: 0 }"), ["HMC2025"]);
  assert.equal(codes(`{ ...{ cron: "0 0 * * *" } }`), ["HMC2026"]);
  assert.equal(codes(`{ experiment: secret("a", "b") }`), ["HMC2027"]);
  assert.equal(codes(`{ defaults: { timeout: "never" } }`), ["HMC2024"]);
});

test.run();
