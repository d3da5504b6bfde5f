/** Options of tasks as fields of Argo's templates and containers (reference argo.md 2.10, 2.11). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keyedLocation, withTemplateOptions } from "../../compiler/targets/argo/artifact-settings.ts";
import { forKubelet, rewrittenByArgo } from "../../compiler/targets/argo/literal-text.ts";
import { mergePatch } from "../../compiler/targets/argo/merge-patch.ts";
import type { Template } from "../../compiler/targets/argo/spec.ts";
import { listOf } from "../kfp/documents.ts";
import { buildOf, contextOf, runTime, settingsOf } from "./emit-options.ts";

const image = "ghcr.io/acme/ops:1.0";

test("a task that asks for nothing has an image only", () => {
  assert.equal(settingsOf({}), { settings: { container: { image } }, diagnostics: [], codes: [] });
});

test("resources that are known are literal, others go through the patch of the pod, also as the name of a resource", () => {
  const { settings } = settingsOf({ cpu: { request: "2", limit: runTime("cores") }, memory: { limit: "4Gi" }, accelerator: { type: runTime("kind"), count: runTime("gpus") } });
  assert.equal(settings.container.resources, { requests: { cpu: "2" }, limits: { memory: "4Gi" } });
  assert.is(settings.podSpecPatch, '{"containers":[{"name":"main","resources":{"limits":{"cpu":{{=toJson(inputs.parameters.cores)}},{{=toJson(inputs.parameters.kind)}}:{{=toJson(inputs.parameters.gpus)}}}}}]}');
  assert.equal(settingsOf({ accelerator: { type: "nvidia.com/gpu", count: 2 } }).settings.container.resources, { limits: { "nvidia.com/gpu": "2" } });
});

test("a brace before a tag has a space behind it: Argo would take both for the beginning of the tag", () => {
  const { settings } = settingsOf({ accelerator: { type: runTime("kind"), count: 1 } });
  assert.is(settings.podSpecPatch, '{"containers":[{"name":"main","resources":{"limits":{ {{=toJson(inputs.parameters.kind)}}:"1"}}}]}');
});

test("what a run leaves out is removed from the pod", () => {
  const { settings } = settingsOf({ cpu: { limit: runTime("cores") }, nodeSelector: { json: runTime("nodes") } }, { maybe: ["cores", "nodes"] });
  assert.is(
    settings.podSpecPatch,
    '{"nodeSelector":{{=inputs.parameters.nodes != \'null\' ? inputs.parameters.nodes : \'null\'}},"containers":[{"name":"main","resources":{"limits":{"cpu":{{=inputs.parameters.cores != \'null\' ? toJson(inputs.parameters.cores) : \'null\'}}}}}]}',
  );
});

test("an accelerator that is no resource of Kubernetes is an error", () => {
  assert.equal(settingsOf({ accelerator: { type: "NVIDIA_TESLA_K80", count: 1 } }).codes, ["HMC4144"]);
});

test("the environment: text, and references that Kubernetes resolves; an option replaces a variable of the component", () => {
  const { settings } = settingsOf(
    {
      env: {
        MODE: { kind: "literal", value: "fast" },
        TOKEN: { kind: "secret", name: "api", key: "token" },
        ZONE: { kind: "configMap", name: runTime("zones"), key: "zone", optional: true },
        NODE: { kind: "field", path: "spec.nodeName" },
      },
    },
    { context: { environment: { HOME_DIR: "/home", MODE: "slow" } } },
  );
  assert.equal(settings.container.env, [
    { name: "HOME_DIR", value: "/home" },
    { name: "MODE", value: "fast" },
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "api", key: "token" } } },
    { name: "ZONE", valueFrom: { configMapKeyRef: { name: "{{inputs.parameters.zones}}", key: "zone", optional: true } } },
    { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ]);
});

/** What the kubelet makes of a text: the algorithm of Kubernetes' expansion package. */
function kubelet(text: string, values: Record<string, string>): string {
  let result = "";
  for (let index = 0; index < text.length; index++) {
    if (text[index] !== "$" || index + 1 >= text.length) {
      result += text[index];
      continue;
    }
    index++;
    const end = text[index] === "(" ? text.indexOf(")", index) : -1;
    if (text[index] === "$") result += "$";
    else if (text[index] !== "(") result += `$${text[index]}`;
    else if (end < 0) result += "$(";
    else {
      const name = text.slice(index + 1, end);
      result += values[name] ?? `$(${name})`;
      index = end;
    }
  }
  return result;
}

test("the kubelet gives back what was written, but for variables of the container", () => {
  const names = new Set(["TOKEN"]);
  for (const written of ["", "$", "$$", "$$$", "$$$$", "$HOME", "${X}", "$(date)", "$(", "a$", "$$(date)", "echo $$ > /tmp/pid", "$(date) $$ $(x", "$$$(date)$"]) {
    assert.is(kubelet(forKubelet(written, names), { TOKEN: "s3cr3t" }), written, written);
  }
  assert.is(kubelet(forKubelet("--token=$(TOKEN)", names), { TOKEN: "s3cr3t" }), "--token=s3cr3t");
  assert.is(kubelet(forKubelet("$$(TOKEN)", names), { TOKEN: "s3cr3t" }), "$s3cr3t");
  assert.is(forKubelet("--token=$(TOKEN)", names), "--token=$(TOKEN)");
});

test("tags of Argo in texts are an error, other double braces are not", () => {
  for (const kept of ["{}", "{{ .Values.x }}", "{{- with secret \"a\" -}}", "{{jinja}}", "{{$.foo}}", "}}", "{ {workflow.name}}", "{{itemised}}", "{{workflow_name}}"]) assert.is(rewrittenByArgo(kept), undefined, kept);
  for (const lost of ["{{workflow.name}}", "{{ inputs.parameters.x }}", "{{=1+1}}", "{{item}}", "{{item.a}}", "a {{ b", "{{x}} {{retries}}", "{{pod.name}}", "{{a {{workflow.name}}"]) assert.type(rewrittenByArgo(lost), "string", lost);
  const { codes, diagnostics } = settingsOf({ env: { A: { kind: "literal", value: "run {{workflow.name}}" } }, labels: { a: "{{=x}}" }, annotations: { b: "{{jinja}}" }, displayName: "{{pod.name}}" });
  assert.equal(codes, ["HMC4140", "HMC4140", "HMC4140"]);
  assert.match(diagnostics[0]?.message ?? "", 'Argo replaces "{{workflow.name}}"');
});

test("volumes: one for each source, mounted where they are asked for", () => {
  const { settings } = settingsOf({
    volumes: [
      { kind: "emptyDir", name: "scratch", mountPath: "/tmp/a", medium: "Memory", sizeLimit: "1Gi" },
      { kind: "pvc", claim: "Data_Set", mountPath: "/data", subPath: "2024" },
      { kind: "pvc", claim: "Data_Set", mountPath: "/more", subPath: "2025" },
      { kind: "secret", secret: "data-set", mountPath: "/secret", optional: true },
      { kind: "configMap", configMap: runTime("map"), mountPath: "/map", optional: false },
      { kind: "ephemeral", name: "big", mountPath: "/big", size: "9Gi", accessModes: ["ReadWriteOnce"], storageClass: "fast", labels: { a: "b" } },
    ],
  });
  assert.equal(settings.volumes, [
    { name: "scratch", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
    { name: "data-set", persistentVolumeClaim: { claimName: "Data_Set" } },
    { name: "data-set-2", secret: { secretName: "data-set", optional: true } },
    { name: "volume", configMap: { name: "{{inputs.parameters.map}}" } },
    { name: "big", ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: "b" } }, spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "9Gi" } } } } } },
  ]);
  assert.equal(settings.container.volumeMounts, [
    { name: "scratch", mountPath: "/tmp/a" },
    { name: "data-set", mountPath: "/data", subPath: "2024" },
    { name: "data-set", mountPath: "/more", subPath: "2025" },
    { name: "data-set-2", mountPath: "/secret" },
    { name: "volume", mountPath: "/map" },
    { name: "big", mountPath: "/big" },
  ]);
});

test("a secret that a run may leave out is mounted by the patch, only where it is named", () => {
  const { settings } = settingsOf({ volumes: [{ kind: "secret", secret: runTime("key"), mountPath: "/key", optional: false }] }, { maybe: ["key"] });
  assert.is(settings.volumes, undefined);
  assert.is(
    settings.podSpecPatch,
    "{\"volumes\":{{=toJson(inputs.parameters.key != 'null' ? [{'name': 'volume', 'secret': {'secretName': inputs.parameters.key} }] : [])}},\"containers\":[{\"name\":\"main\",\"volumeMounts\":{{=toJson(inputs.parameters.key != 'null' ? [{'name': 'volume', 'mountPath': '/key'}] : [])}}}]}",
  );
});

test("placement that is known stands in the template", () => {
  const { settings } = settingsOf({
    nodeSelector: { pool: "gpu" },
    tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule", seconds: 30 }, { json: [{ key: "a" }, { key: "b" }] }],
    affinity: [
      { expressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] },
      { fields: [{ key: "metadata.name", operator: "Exists" }], weight: 10 },
      { json: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: "x", operator: "Exists" }] }] } } },
    ],
  });
  assert.equal(settings.nodeSelector, { pool: "gpu" });
  assert.equal(settings.tolerations, [{ key: "gpu", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 30 }, { key: "a" }, { key: "b" }]);
  assert.equal(settings.affinity, {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] }, { matchExpressions: [{ key: "x", operator: "Exists" }] }] },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference: { matchFields: [{ key: "metadata.name", operator: "Exists" }] } }],
    },
  });
});

test("placement that only a run knows goes through the patch, with what is known beside it", () => {
  const tolerations = settingsOf({ tolerations: [{ key: "it's" }, { json: runTime("one") }, { json: runTime("many", listOf({ kind: "json" })) }] });
  assert.is(tolerations.settings.tolerations, undefined);
  assert.is(tolerations.settings.podSpecPatch, "{\"tolerations\":{{=toJson(concat([{'key': 'it\\'s'}], [fromJSON(inputs.parameters.one)], fromJSON(inputs.parameters.many)))}}}");
  const alone = settingsOf({ affinity: [{ json: runTime("where") }] });
  assert.is(alone.settings.podSpecPatch, '{"affinity":{"nodeAffinity":{{=inputs.parameters.where}}}}');
  const both = settingsOf({ affinity: [{ json: runTime("where") }, { expressions: [{ key: "a", operator: "Exists" }] }] });
  assert.is(both.settings.affinity, undefined);
  assert.match(both.settings.podSpecPatch ?? "", "len(concat([{'matchExpressions': [{'key': 'a', 'operator': 'Exists'}]}], (fromJSON(inputs.parameters.where)?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []))) > 0 ? toJson({'nodeSelectorTerms': ");
});

test("pull secrets of a task are added to the pod", () => {
  assert.is(settingsOf({ imagePullSecrets: ["a", "b"] }).settings.podSpecPatch, '{"imagePullSecrets":[{"name":"a"},{"name":"b"}]}');
  assert.is(
    settingsOf({ imagePullSecrets: ["a", runTime("b")] }, { maybe: ["b"] }).settings.podSpecPatch,
    "{\"imagePullSecrets\":{{=toJson(concat([{'name': 'a'}], inputs.parameters.b != 'null' ? [{'name': inputs.parameters.b}] : []))}}}",
  );
});

test("the user's patch of the pod is merged with hmc's own, containers by their names", () => {
  const { settings } = settingsOf({ imagePullSecrets: ["a"], cpu: { limit: runTime("c") }, argo: { podSpecPatch: { containers: [{ name: "main", tty: true }, { name: "wait", tty: false }], hostNetwork: true } } });
  assert.is(
    settings.podSpecPatch,
    '{"imagePullSecrets":[{"name":"a"}],"containers":[{"name":"main","resources":{"limits":{"cpu":{{=toJson(inputs.parameters.c)}}}},"tty":true},{"name":"wait","tty":false}],"hostNetwork":true}',
  );
});

test("labels, annotations, service account, deadline, pull policy and user", () => {
  const { settings } = settingsOf({ labels: { team: "a" }, annotations: { note: "b" }, serviceAccount: "runner", timeoutSeconds: 90, imagePullPolicy: "Always", securityContext: { runAsUser: 1000, runAsNonRoot: true } });
  assert.equal(settings, {
    metadata: { labels: { team: "a" }, annotations: { note: "b" } },
    serviceAccountName: "runner",
    activeDeadlineSeconds: 90,
    container: { image, imagePullPolicy: "Always", securityContext: { runAsUser: 1000, runAsNonRoot: true } },
  });
});

test("the display name is an annotation of the template since 3.7, of the pod before", () => {
  const name = { "workflows.argoproj.io/display-name": "Fit" };
  assert.equal(settingsOf({ displayName: "Fit" }).settings, { annotations: name, container: { image } });
  assert.equal(settingsOf({ displayName: "Fit", annotations: { a: "b" } }, { build: { version: "3.6" } }).settings, { metadata: { annotations: { ...name, a: "b" } }, container: { image } });
});

test("retry: every failure by default, pauses that double, bounded since 3.7", () => {
  assert.equal(settingsOf({ retry: { count: 3 } }).settings.retryStrategy, { limit: 3, retryPolicy: "Always" });
  assert.equal(settingsOf({ retry: { count: 3, backoffSeconds: 10, maxBackoffSeconds: 60, policy: "onError" } }).settings.retryStrategy, { limit: 3, retryPolicy: "OnError", backoff: { duration: "10s", factor: 2, cap: "60s" } });
  assert.equal(settingsOf({ retry: { count: 1, backoffSeconds: 10, factor: 1 } }, { build: { version: "3.6" } }), { settings: { retryStrategy: { limit: 1, retryPolicy: "Always", backoff: { duration: "10s", factor: 1 } }, container: { image } }, diagnostics: [], codes: [] });
  assert.equal(settingsOf({ retry: { count: 3, backoffSeconds: 10, maxBackoffSeconds: 60 } }, { build: { version: "3.6" } }).codes, ["HMC4143"]);
  assert.equal(settingsOf({ retry: { count: 3, backoffSeconds: 10, factor: 1.5 } }).codes, ["HMC4144"]);
  assert.equal(settingsOf({ retry: { count: 2 }, argo: { retryExpression: "asInt(lastRetry.exitCode) > 1", retryOnOtherNode: true } }).settings.retryStrategy, {
    limit: 2,
    retryPolicy: "Always",
    expression: "asInt(lastRetry.exitCode) > 1",
    affinity: { nodeAntiAffinity: {} },
  });
  assert.equal(settingsOf({ argo: { retryExpression: "true" } }).codes, ["HMC4144"]);
});

test("results are kept only where that was asked for; the key has the component, what it runs and the inputs", () => {
  assert.is(settingsOf({}).settings.memoize, undefined);
  assert.is(settingsOf({ cache: { enabled: false }, argo: { memoize: {} } }).settings.memoize, undefined);
  const { settings } = settingsOf({ cache: { enabled: true } }, { context: { parameters: ["rows", "data-meta"] } });
  assert.match(JSON.stringify(settings.memoize), /^\{"key":"train-[0-9a-f]{8}-\{\{=sprig\.sha256sum\(toJson\(\[inputs\.parameters\.rows, inputs\.parameters\['data-meta'\]\]\)\)\}\}","maxAge":"","cache":\{"configMap":\{"name":"hmc-cache-train"\}\}\}$/);
  assert.is.not(JSON.stringify(settingsOf({ cache: { enabled: true }, image: "other" }, { context: { parameters: ["rows", "data-meta"] } }).settings.memoize), JSON.stringify(settings.memoize));
  assert.equal(settingsOf({ cache: { enabled: true, key: "v1" }, argo: { memoize: { maxAgeSeconds: 3600, configMap: "cache" } } }).settings.memoize, { key: "v1", maxAge: "3600s", cache: { configMap: { name: "cache" } } });
  assert.match((settingsOf({ cache: { enabled: true, key: "v1/ä" } }).settings.memoize?.["key"] as string) ?? "", /^[0-9a-f]{64}$/);
  assert.match((settingsOf({ argo: { memoize: {} } }).settings.memoize?.["key"] as string) ?? "", /^train-[0-9a-f]{8}$/);
});

test("locks and metrics", () => {
  const argo = { mutexes: [{ name: "m" }, { name: "d", namespace: "n", database: true }], semaphores: [{ configMap: "c", key: "k" }, { database: "s", namespace: "n" }] };
  assert.equal(settingsOf({ argo }).settings.synchronization, {
    mutexes: [{ name: "m" }, { name: "d", namespace: "n", database: true }],
    semaphores: [{ configMapKeyRef: { name: "c", key: "k" } }, { database: { key: "s" }, namespace: "n" }],
  });
  assert.equal(settingsOf({ argo }, { build: { version: "3.6" } }).codes, ["HMC4143"]);
  const metrics = [
    { name: "a", help: "A", labels: { x: "{{workflow.name}}" }, when: "{{status}} == Failed", counter: { value: "1" } },
    { name: "b", help: "B", gauge: { value: "{{duration}}" } },
    { name: "c", help: "C", histogram: { value: "{{duration}}", buckets: [1, 2.5] } },
  ];
  assert.equal(settingsOf({ argo: { metrics } }).settings.metrics, {
    prometheus: [
      { name: "a", help: "A", labels: [{ key: "x", value: "{{workflow.name}}" }], when: "{{status}} == Failed", counter: { value: "1" } },
      { name: "b", help: "B", gauge: { realtime: false, value: "{{duration}}" } },
      { name: "c", help: "C", histogram: { value: "{{duration}}", buckets: [1, 2.5] } },
    ],
  });
  assert.equal(settingsOf({ argo: { metrics: Array.from({ length: 101 }, (_, index) => ({ name: `m${index}`, help: "x", counter: { value: "1" } })) } }).codes, ["HMC4144"]);
});

test("a patch for KFP has no effect, and a task needs an image", () => {
  assert.equal(settingsOf({ kfp: { container: {} } }).codes, ["HMC4142"]);
  assert.equal(settingsOf({ image: undefined as unknown as string }).codes, ["HMC4021"]);
  assert.is(settingsOf({ image: runTime("i") }).settings.container.image, "{{inputs.parameters.i}}");
});

const finished: Template = {
  name: "train",
  inputs: { artifacts: [{ name: "table", path: "/in/table" }] },
  outputs: { parameters: [{ name: "acc", valueFrom: { path: "/out/acc" } }], artifacts: [{ name: "model", path: "/out/model", archive: { none: {} }, s3: { key: "old" } }] },
  container: { image, args: ["a"], volumeMounts: [{ name: "v", mountPath: "/a" }, { name: "v", mountPath: "/b" }] },
  volumes: [{ name: "v", emptyDir: {} }],
};

test("settings of artifacts and global names are applied to the finished template", () => {
  const build = buildOf({ repository: "azure" });
  const argo = {
    artifacts: { table: { location: { http: { url: "https://x" } }, mode: 420, optional: true }, model: { key: "m/{{workflow.name}}", archive: { tar: { compressionLevel: 9 } }, gc: "Never" } },
    globalNames: { acc: "accuracy" },
  };
  const result = withTemplateOptions(build, finished, { argo }, contextOf());
  assert.equal(result.inputs, { artifacts: [{ name: "table", path: "/in/table", mode: 420, optional: true, http: { url: "https://x" } }] });
  assert.equal(result.outputs, {
    parameters: [{ name: "acc", valueFrom: { path: "/out/acc" }, globalName: "accuracy" }],
    artifacts: [{ name: "model", path: "/out/model", archive: { tar: { compressionLevel: 9 } }, azure: { blob: "m/{{workflow.name}}" }, artifactGC: { strategy: "Never" } }],
  });
  assert.equal(keyedLocation("gcs", "k"), { gcs: { key: "k" } });
  assert.equal(withTemplateOptions(build, finished, { argo: { artifacts: { table: { raw: "x" } } } }, contextOf()).inputs, { artifacts: [{ name: "table", path: "/in/table", raw: { data: "x" } }] });
});

test("settings of what is not there are errors, with the name that was meant", () => {
  const build = buildOf();
  withTemplateOptions(build, finished, { argo: { artifacts: { tabel: { raw: "" } }, globalNames: { zz: "x" } } }, contextOf());
  assert.equal(build.diagnostics.map(({ code }) => code), ["HMC4146", "HMC4146"]);
  assert.match(build.diagnostics[0]?.message ?? "", 'Did you mean "table"?');
});

test("the patch comes last; lists of named things are merged by name, mounts by their path, others replaced", () => {
  const patch = { container: { args: ["b"], volumeMounts: [{ mountPath: "/b", name: "v", readOnly: true }], env: [{ name: "A", value: "1" }] }, volumes: [{ name: "w", emptyDir: {} }], daemon: true, outputs: null };
  const result = withTemplateOptions(buildOf(), finished, { argo: { patch } }, contextOf()) as unknown as Record<string, unknown>;
  assert.equal(result, {
    name: "train",
    inputs: finished.inputs,
    container: { image, args: ["b"], volumeMounts: [{ name: "v", mountPath: "/a" }, { name: "v", mountPath: "/b", readOnly: true }], env: [{ name: "A", value: "1" }] },
    volumes: [{ name: "v", emptyDir: {} }, { name: "w", emptyDir: {} }],
    daemon: true,
  });
  assert.equal(mergePatch({ a: [1, 2], b: { c: 1 } }, { a: [3], b: { c: null, d: [{ name: "x" }] } }), { a: [3], b: { d: [{ name: "x" }] } });
});

test.run();
