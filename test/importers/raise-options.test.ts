/** What executors and their Kubernetes settings ask for, as options. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../compiler/ir/types.ts";
import { imported, pipelinesOf } from "./imported.ts";
import { constant, group, input, operand, output, pipelineFile, run } from "./specs.ts";

/** A constant in both ways that the SDK writes it. */
function named(field: string, name: string): Record<string, Json> {
  return { [field]: name, [`${field}Parameter`]: { runtimeValue: { constant: name } } };
}

/** The code of a file with one task that has these settings. */
function withSettings(kubernetes: Record<string, Json>): string {
  return imported(pipelineFile({ tasks: { train: run("", {}, { kubernetes }) } }));
}

test("resources of the container", () => {
  const resources = {
    resourceCpuRequest: "500m", cpuRequest: 0.5, resourceCpuLimit: "2", cpuLimit: 2, resourceMemoryRequest: "1Gi", memoryRequest: 1.073741824, resourceMemoryLimit: "4G", memoryLimit: 4,
    accelerator: { resourceType: "nvidia.com/gpu", type: "nvidia.com/gpu", resourceCount: "2", count: "2" },
  };
  assert.fixture(imported(pipelineFile({ tasks: { train: run("", {}, { container: { resources, env: [{ name: "A", value: "1" }, { name: "B_C", value: "yes" }] } }) } })), `export const train = container(
  {
    image: "example.com/tool:1.0",
    cpu: { request: "500m", limit: 2 },
    memory: { request: "1Gi", limit: "4G" },
    gpu: 2,
    env: { A: "1", B_C: "yes" },
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("numbers alone, as old files have them", () => {
  const resources = { cpuLimit: 2, memoryLimit: 4, accelerator: { type: "nvidia.com/gpu", count: "1" } };
  assert.fixture(imported(pipelineFile({ tasks: { train: run("", {}, { container: { resources } }) } })), `export const train = container(
  {
    image: "example.com/tool:1.0",
    kfp: { container: { resources: { cpuLimit: 2, memoryLimit: 4, accelerator: { type: "nvidia.com/gpu", count: "1" } } } },
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("resources, image and accelerator from parameters and tasks", () => {
  const channel = (name: string): string => `{{$.inputs.parameters['pipelinechannel--${name}']}}`;
  const given = {
    cpu_limit: constant(channel("cores")), memory_limit: constant(channel("memory")), accelerator_type: constant(channel("kind")), accelerator_count: constant(channel("count")), base_image: constant(channel("choose-image-Output")),
    "pipelinechannel--cores": input("cores"), "pipelinechannel--memory": input("memory"), "pipelinechannel--kind": input("kind"), "pipelinechannel--count": input("count"), "pipelinechannel--choose-image-Output": output("choose-image", "Output"),
  };
  const resources = { resourceCpuLimit: channel("cores"), resourceMemoryLimit: channel("memory"), accelerator: { resourceType: channel("kind"), resourceCount: channel("count") } };
  const tasks = { "choose-image": run("-> Output: string"), train: run("", given, { container: { image: channel("choose-image-Output"), resources }, after: ["choose-image"] }) };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "cores: string, memory: string, kind: string, count: string", tasks })), `export const main = pipeline(({ cores, memory, kind, count }: { cores: string; memory: string; kind: string; count: string }) => {
  const chooseImageTask = chooseImage();
  train({}, { image: chooseImageTask.Output, cpu: { limit: cores }, memory: { limit: memory }, accelerator: { type: kind, count } });
});
`);
});

test("retries and caching", () => {
  const retry = (policy: Record<string, Json>): Json => ({ maxRetryCount: 3, backoffDuration: "0s", backoffFactor: 2, backoffMaxDuration: "3600s", ...policy });
  const tasks = {
    plain: run("", {}, { more: { retryPolicy: retry({}) } }),
    patient: run("", {}, { more: { retryPolicy: retry({ backoffDuration: "60s", backoffFactor: 3, backoffMaxDuration: "7200s" }) } }),
    fresh: run("", {}, { more: { cachingOptions: {} } }),
    keyed: run("", {}, { more: { cachingOptions: { enableCache: true, cacheKey: "v1" } } }),
  };
  assert.fixture(imported(pipelineFile({ tasks })), `export const plain = container({ retry: 3, image: "example.com/tool:1.0" }, () => ({ command: ["plain"] }));

export const patient = container(
  { retry: { count: 3, backoff: "1m", factor: 3, maxBackoff: "2h" }, image: "example.com/tool:1.0" },
  () => ({ command: ["patient"] }),
);

export const fresh = container({ cache: false, image: "example.com/tool:1.0" }, () => ({ command: ["fresh"] }));

export const keyed = container({ cache: { key: "v1" }, image: "example.com/tool:1.0" }, () => ({ command: ["keyed"] }));

export const main = pipeline(() => {
  plain();
  patient();
  fresh();
  keyed();
});
`);
});

test("environment variables from secrets, config maps and fields of the pod", () => {
  assert.fixture(withSettings({
    secretAsEnv: [{ ...named("secretName", "database"), keyToEnv: [{ secretKey: "password", envVar: "PASSWORD" }, { secretKey: "user", envVar: "USER" }], optional: false }, { ...named("secretName", "other"), keyToEnv: [{ secretKey: "token", envVar: "TOKEN" }], optional: true }],
    configMapAsEnv: [{ ...named("configMapName", "settings"), keyToEnv: [{ configMapKey: "mode", envVar: "MODE" }], optional: false }],
    fieldPathAsEnv: [{ name: "NODE", fieldPath: "spec.nodeName" }],
  }), `export const train = container(
  {
    image: "example.com/tool:1.0",
    env: {
      PASSWORD: secret("database", "password"),
      USER: secret("database", "user"),
      TOKEN: secret("other", "token", { optional: true }),
      MODE: configMap("settings", "mode"),
      NODE: fieldPath("spec.nodeName"),
    },
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("volumes of every kind", () => {
  assert.fixture(withSettings({
    pvcMount: [{ constant: "models", mountPath: "/models", pvcNameParameter: { runtimeValue: { constant: "models" } } }, { constant: "models", mountPath: "/old", subPath: "v1", pvcNameParameter: { runtimeValue: { constant: "models" } } }],
    secretAsVolume: [{ ...named("secretName", "keys"), mountPath: "/keys", optional: false }],
    configMapAsVolume: [{ ...named("configMapName", "settings"), mountPath: "/etc/settings", optional: true }],
    emptyDirMounts: [{ volumeName: "shm", mountPath: "/dev/shm", medium: "Memory", sizeLimit: "1Gi" }],
    genericEphemeralVolume: [{ volumeName: "scratch", mountPath: "/scratch", accessModes: ["ReadWriteOnce"], size: "5Gi", storageClassName: "fast", metadata: { labels: { team: "ml" }, annotations: { note: "x" } } }],
  }), `export const train = container(
  {
    image: "example.com/tool:1.0",
    volumes: [
      { emptyDir: { medium: "Memory", sizeLimit: "1Gi" }, name: "shm", mountPath: "/dev/shm" },
      { pvc: "models", mountPath: "/models" },
      { pvc: "models", mountPath: "/old", subPath: "v1" },
      { secret: "keys", mountPath: "/keys" },
      { configMap: "settings", mountPath: "/etc/settings", optional: true },
      {
        ephemeral: {
          size: "5Gi",
          accessModes: ["ReadWriteOnce"],
          storageClass: "fast",
          labels: { team: "ml" },
          annotations: { note: "x" },
        },
        name: "scratch",
        mountPath: "/scratch",
      },
    ],
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("a volume claim that a task made", () => {
  const pvcMount = [{ taskOutputParameter: { producerTask: "createpvc", outputParameterKey: "name" }, mountPath: "/data", pvcNameParameter: { taskOutputParameter: { producerTask: "createpvc", outputParameterKey: "name" } } }];
  const tasks = { createpvc: run("-> name: string", {}, { container: { image: "argostub/createpvc" } }), train: run("", {}, { kubernetes: { pvcMount }, after: ["createpvc"] }) };
  assert.fixture(pipelinesOf(pipelineFile({ tasks })), `export const main = pipeline(() => {
  const createpvcTask = createpvc();
  train({}, { volumes: [{ pvc: createpvcTask.name, mountPath: "/data" }] }).after(createpvcTask);
});
`);
});

test("where pods may run", () => {
  assert.fixture(withSettings({
    nodeSelector: { labels: { "cloud.google.com/gke-accelerator": "nvidia-tesla-t4" } },
    tolerations: [{ key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" }, { operator: "Exists", effect: "NoExecute", tolerationSeconds: "60" }],
    nodeAffinity: [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] }, { matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["bad"] }], weight: 10 }],
  }), `export const train = container(
  {
    image: "example.com/tool:1.0",
    nodeSelector: { "cloud.google.com/gke-accelerator": "nvidia-tesla-t4" },
    tolerations: [
      { key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" },
      { operator: "Exists", effect: "NoExecute", seconds: 60 },
    ],
    affinity: [
      { expressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] },
      { fields: [{ key: "metadata.name", operator: "NotIn", values: ["bad"] }], weight: 10 },
    ],
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("objects of Kubernetes as they stand, and from parameters", () => {
  const kubernetes = {
    nodeSelector: { nodeSelectorJson: { componentInputParameter: "selector" } },
    tolerations: [{ tolerationJson: { runtimeValue: { constant: { key: "gpu", operator: "Exists" } } } }],
    nodeAffinity: [{ nodeAffinityJson: { componentInputParameter: "affinity" } }],
  };
  const tasks = { train: run("", {}, { kubernetes }) };
  assert.fixture(pipelinesOf(pipelineFile({ interface: "selector: struct, affinity: struct", tasks })), `export const main = pipeline(({ selector, affinity }: { selector: Record<string, unknown>; affinity: Record<string, unknown> }) => {
  train({}, { nodeSelector: { json: selector }, affinity: [{ json: affinity }] });
});
`);
});

test("pods: labels, secrets and policy of images, deadline, users", () => {
  assert.fixture(withSettings({
    podMetadata: { labels: { team: "ml" }, annotations: { "example.com/note": "it's" } },
    imagePullSecret: [named("secretName", "registry")],
    imagePullPolicy: "Always",
    activeDeadlineSeconds: "5400",
    securityContext: { runAsUser: "1000", runAsGroup: "3000", runAsNonRoot: true },
  }), `export const train = container(
  {
    image: "example.com/tool:1.0",
    labels: { team: "ml" },
    annotations: { "example.com/note": "it's" },
    imagePullSecrets: ["registry"],
    imagePullPolicy: "Always",
    timeout: "90m",
    securityContext: { runAsUser: 1000, runAsGroup: 3000, runAsNonRoot: true },
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("what only KFP has is a patch", () => {
  assert.fixture(withSettings({
    enabledSharedMemory: { volumeName: "shm", size: "1Gi" },
    podAffinity: [{ matchPodLabels: { app: "db" }, topologyKey: "kubernetes.io/hostname", anti: true }],
  }), `export const train = container(
  {
    image: "example.com/tool:1.0",
    kfp: {
      podAffinity: [{ matchPodLabels: { app: "db" }, topologyKey: "kubernetes.io/hostname", anti: true }],
      enabledSharedMemory: { volumeName: "shm", size: "1Gi" },
    },
  },
  () => ({ command: ["train"] }),
);

export const main = pipeline(() => {
  train();
});
`);
});

test("names of secrets and settings from parameters, in a group", () => {
  const channel = "pipelinechannel--secret";
  const kubernetes = {
    secretAsEnv: [{ secretNameParameter: { componentInputParameter: channel }, keyToEnv: [{ secretKey: "token", envVar: "TOKEN" }], optional: false }],
    secretAsVolume: [{ secretNameParameter: { componentInputParameter: channel }, mountPath: "/keys", optional: false }],
    imagePullSecret: [{ secretNameParameter: { componentInputParameter: channel } }],
  };
  const lone = group(`${channel}: string`, { [channel]: input("secret") }, { train: run("", {}, { kubernetes }) }, { condition: `${operand(channel)} != ''` });
  assert.fixture(pipelinesOf(pipelineFile({ interface: "secret: string", tasks: { "condition-1": lone } })), `export const main = pipeline(({ secret: secretInput }: { secret: string }) => {
  if (secretInput !== "") {
    train({}, {
      volumes: [{ secret: secretInput, mountPath: "/keys" }],
      imagePullSecrets: [secretInput],
      env: { TOKEN: secret(secretInput, "token") },
    });
  }
});
`);
});

test("settings of the pipeline", () => {
  const pipelineConfig = {
    resourceTtlOnCompletion: 3600, resourceTtlOnSuccess: 60, resourceTtlOnFailure: 7200, activeDeadlineSeconds: 1800,
    workspace: { size: "10Gi", kubernetes: { pvcSpecPatch: { accessModes: ["ReadWriteMany"], storageClassName: "fast" } } },
  };
  const info = { displayName: "The main one", description: "Trains.\nEvery day." };
  assert.fixture(pipelinesOf(pipelineFile({ tasks: { train: run("") }, pipelineConfig, info, more: { defaultPipelineRoot: "gs://bucket/root" } })), `/**
 * Trains.
 * Every day.
 */
export const main = pipeline(
  {
    displayName: "The main one",
    pipelineRoot: "gs://bucket/root",
    ttl: { completion: "1h", success: "1m", failure: "2h" },
    deadline: "30m",
    workspace: { size: "10Gi", accessModes: ["ReadWriteMany"], storageClass: "fast" },
  },
  () => {
    train();
  },
);
`);
});

test.run();
