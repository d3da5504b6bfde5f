// Options of ops, calls and pipelines.
import { configMap, container, fieldPath, fileOf, op, pipeline, secret, type Dataset, type Int, type OpOptions } from "../../../compiler/language/index.ts";

const onGpu: OpOptions = { gpu: 1, nodeSelector: { pool: "gpu" }, tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }] };

const everything = op(
  {
    ...onGpu,
    name: "everything",
    displayName: "Everything",
    image: "ghcr.io/acme/ml:1.0",
    cpu: { request: "500m", limit: 2 },
    memory: "4Gi",
    accelerator: { type: "nvidia.com/gpu", count: 2 },
    env: { MODE: "fast", TOKEN: secret("tokens", "hub", { optional: true }), ZONE: configMap("cluster", "zone"), NODE: fieldPath("spec.nodeName") },
    volumes: [
      { emptyDir: true, mountPath: "/scratch" },
      { emptyDir: { medium: "Memory", sizeLimit: "1Gi" }, name: "shm", mountPath: "/dev/shm" },
      { pvc: "data", mountPath: "/data", subPath: "rows" },
      { secret: "tokens", mountPath: "/tokens", optional: true },
      { configMap: "settings", mountPath: "/settings" },
      { ephemeral: { size: "10Gi", accessModes: ["ReadWriteOnce"], storageClass: "fast" }, name: "work", mountPath: "/work" },
    ],
    serviceAccount: "trainer",
    affinity: [{ weight: 50, expressions: [{ key: "zone", operator: "In", values: ["a"] }] }],
    labels: { team: "ml" },
    annotations: { note: "x" },
    imagePullSecrets: ["registry"],
    imagePullPolicy: "IfNotPresent",
    securityContext: { runAsUser: 1000, runAsNonRoot: true },
    retry: { count: 3, backoff: "30s", factor: 2, maxBackoff: "10m", policy: "onError" },
    timeout: "1.5h",
    cache: { key: "v1" },
    kfp: { pullPolicy: "Always" },
    argo: {
      mutexes: ["gpu", { name: "licence", namespace: "shared" }],
      semaphores: [{ configMap: "limits", key: "etl" }, { database: "etl" }],
      metrics: [{ name: "rows", help: "Rows", counter: { value: "1" } }, { name: "seconds", help: "Time", gauge: { value: "{{duration}}", realtime: true } }],
      artifacts: { model: { key: "models/{{workflow.name}}", archive: "none" }, src: { location: { git: { repo: "https://example.com/r.git", depth: 1 } } } },
      memoize: { maxAge: "1d" },
      patch: { priorityClassName: "high", sidecars: [{ name: "log" }] },
    },
  },
  () => {},
);
// @ts-expect-error 2353: not an option of Argo that hmc knows by name
op({ argo: { priorityClassName: "high" } }, () => {});
// @ts-expect-error 2322: a metric of no kind
op({ argo: { metrics: [{ name: "rows", help: "Rows" }] } }, () => {});
// @ts-expect-error 2322: a semaphore without a key
op({ argo: { semaphores: [{ configMap: "limits" }] } }, () => {});
pipeline({ workspace: { size: "1Gi" }, argo: { workspacePath: "/mnt/vol", podGC: { strategy: "OnPodSuccess", deleteDelay: "30s" }, artifactGC: "Never", podDisruptionBudget: { minAvailable: 1 }, cron: { schedules: ["0 3 * * *"] } } }, () => {});
// @ts-expect-error 2561: misspelt option of an op
op({ memroy: "4Gi" }, () => {});
// @ts-expect-error 2322: not a duration
op({ timeout: "soon" }, () => {});
// @ts-expect-error 2322: a volume without a place
op({ volumes: [{ emptyDir: true }] }, () => {});
// @ts-expect-error 2322: the texts of resources are no numbers
op({ kfp: { container: { resources: { resourceCpuLimit: 2 } } } }, () => {});
op({ kfp: { container: { resources: { cpuLimit: 2, resourceCpuLimit: null } }, podAffinity: [{ topologyKey: "zone" }] } }, () => {});
// @ts-expect-error 2559: not a part of a command line
container({ image: "etl:1" }, () => ({ arguments: [] }));

export const etl = container({ image: "etl:1" }, (input: { sql: string; limit?: Int }, out: { rows: Dataset; count: Int }) => ({
  command: ["etl"],
  args: [input.sql, ...(input.limit !== undefined ? ["--limit", `${input.limit}`] : []), out.rows.path, fileOf(out.count)],
}));

export const options = pipeline(
  {
    name: "options",
    schedule: "0 0 * * *",
    timezone: "Australia/Melbourne",
    experiment: "demos",
    defaults: { ...onGpu, retry: 2 },
    ttl: { success: "1d", failure: "7d" },
    deadline: "2h",
    workspace: { size: "10Gi" },
    pipelineRoot: "s3://bucket/root",
    maxConcurrency: 1,
    catchUp: false,
  },
  () => {
    everything({}, { retry: 0, timeout: 90, cache: false, name: "again", ignoreUpstreamFailure: true });
    // @ts-expect-error 2353: misspelt option of a call
    everything({}, { retries: 3 });
    // @ts-expect-error 2322: not a policy
    everything({}, { imagePullPolicy: "Sometimes" });
    // @ts-expect-error 2322: not a duration
    everything({}, { timeout: "1 hour" });
  },
);

const probe = op(() => ({ cores: 2, claim: "data", place: { pool: "gpu" } }));

/** In the body of a pipeline values have their real types, so options take them as they are. */
export const runTimeOptions = pipeline(
  ({ image, maybe, selector, taints }: { image: string; maybe?: string; selector: Record<string, unknown>; taints?: Record<string, string>[] }) => {
    const found = probe();
    everything({}, {
      image: `${image}:1.0`,
      cpu: found.cores,
      memory: { limit: found.claim },
      gpu: found.cores,
      env: { TOKEN: secret(maybe, "token"), ZONE: configMap(found.claim, "zone", { optional: true }) },
      volumes: [{ pvc: found.claim, mountPath: "/data" }, { secret: maybe, mountPath: "/tokens" }, { configMap: image, mountPath: "/settings" }],
      imagePullSecrets: [maybe, found.claim],
      nodeSelector: { json: selector },
      tolerations: [{ json: taints }, { key: "a" }],
      affinity: [{ json: found.place }],
    });
    everything({}, { accelerator: { type: found.claim, count: found.claim }, nodeSelector: found.place });
    // @ts-expect-error 2322: a mount must have a claim
    everything({}, { volumes: [{ pvc: maybe, mountPath: "/data" }] });
    // @ts-expect-error 2741: a config map fits "env" only
    everything({}, { secrets: { ZONE: configMap("cluster", "zone") } });
    // @ts-expect-error 2322: no object
    everything({}, { affinity: [{ json: image }] });
  },
);
// @ts-expect-error 2353: no option of a pipeline
pipeline({ cron: "0 0 * * *" }, () => {});
