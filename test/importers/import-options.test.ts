/** Options of imported tasks that hmc writes in another way by itself: the patch keeps what the file says. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importKfp } from "../../compiler/import.ts";
import { hostWith, root } from "./printed.ts";

/** A pipeline of one container. */
function file(container: string, kubernetes = ""): string {
  return `pipelineInfo: {name: small}
schemaVersion: 2.1.0
components: {comp-work: {executorLabel: exec-work}}
deploymentSpec: {executors: {exec-work: {container: {image: "ghcr.io/acme/tool:1.0", command: [tool], ${container}}}}}
root: {dag: {tasks: {work: {componentRef: {name: comp-work}, taskInfo: {name: work}, cachingOptions: {enableCache: true}}}}}
${kubernetes === "" ? "" : `---\nplatforms: {kubernetes: {deploymentSpec: {executors: {exec-work: {${kubernetes}}}}}}\n`}`;
}

/** The options of the container in the imported code. */
function options(text: string): string {
  const { typescript, differences, diagnostics } = importKfp(hostWith({}), text, "small.yaml", `${root}/small.ts`);
  assert.equal(diagnostics.map(({ code, message }) => `${code} ${message}`), []);
  assert.equal(differences, []);
  const [, given = ""] = /image: "ghcr\.io\/acme\/tool:1\.0",?\s*([\s\S]*?)\s*\},?\s*\(\) => /.exec(typescript ?? "") ?? [];
  return given.replace(/\s+/g, " ").replace(/,$/, "");
}

const cases: [name: string, container: string, kubernetes: string, expected: string][] = [
  ["texts and numbers that agree are options", "resources: {cpuLimit: 1.5, resourceCpuLimit: 1500m, memoryRequest: 2.147483648, resourceMemoryRequest: 2Gi}", "", `cpu: { limit: "1500m" }, memory: { request: "2Gi" }`],
  ["numbers alone", "resources: {cpuLimit: 8.0, memoryLimit: 30.0}", "", "kfp: { container: { resources: { cpuLimit: 8, memoryLimit: 30 } } }"],
  ["texts alone", 'resources: {resourceCpuLimit: "2", resourceMemoryLimit: 4G}', "", `cpu: { limit: 2 }, memory: { limit: "4G" }, kfp: { container: { resources: { cpuLimit: null, memoryLimit: null } } }`],
  ["a number that is another", 'resources: {cpuRequest: 3, resourceCpuRequest: "2"}', "", "cpu: { request: 2 }, kfp: { container: { resources: { cpuRequest: 3 } } }"],
  ["an accelerator in both ways", 'resources: {accelerator: {type: nvidia.com/gpu, count: "1", resourceType: nvidia.com/gpu, resourceCount: "1"}}', "", "gpu: 1"],
  ["an accelerator in the older way", 'resources: {accelerator: {type: NVIDIA_TESLA_T4, count: "2"}}', "", `kfp: { container: { resources: { accelerator: { type: "NVIDIA_TESLA_T4", count: "2" } } } }`],
  ["an accelerator in the newer way", 'resources: {accelerator: {resourceType: amd.com/gpu, resourceCount: "2"}}', "", `accelerator: { type: "amd.com/gpu", count: 2 }, kfp: { container: { resources: { accelerator: { type: null, count: null } } } }`],
  ["a hook", "lifecycle: {preCacheCheck: {command: [check]}}", "", `kfp: { container: { lifecycle: { preCacheCheck: { command: ["check"] } } } }`],
  ["a hook, and settings that nobody reads", "lifecycle: {preCacheCheck: {command: [check]}}", "enabledSharedMemory: {volumeName: shm}", `kfp: { enabledSharedMemory: { volumeName: "shm" }, container: { lifecycle: { preCacheCheck: { command: ["check"] } } } }`],
  ["media of empty directories", "args: []", "emptyDirMounts: [{volumeName: a, mountPath: /a, medium: HugePages}]", `volumes: [{ emptyDir: { medium: "HugePages" }, name: "a", mountPath: "/a" }]`],
  ["ephemeral volumes without a storage class", "args: []", "genericEphemeralVolume: [{volumeName: a, mountPath: /a, size: 1Gi, accessModes: [ReadWriteOnce]}]", `volumes: [{ ephemeral: { size: "1Gi", accessModes: ["ReadWriteOnce"], storageClass: "" }, name: "a", mountPath: "/a" }]`],
];

for (const [name, container, kubernetes, expected] of cases) {
  test(name, () => assert.is(options(file(container, kubernetes)), expected));
}

test.run();
