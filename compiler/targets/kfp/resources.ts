/** CPU, memory and accelerators of a container. */
import type { TaskOptions } from "../../ir/types.ts";
import type { ResourceSpec } from "./spec.ts";

/**
 * The resources of a container, or undefined where none are asked for.
 *
 * @param numbers also write the numeric twins, which newer back ends ignore and the SDK still writes
 */
export function resourcesOf(options: TaskOptions, numbers: boolean): ResourceSpec | undefined {
  const resources: ResourceSpec = {};
  const { cpu, memory, accelerator } = options;
  if (cpu?.request !== undefined) {
    resources.resourceCpuRequest = cpu.request;
    if (numbers) resources.cpuRequest = cores(cpu.request);
  }
  if (cpu?.limit !== undefined) {
    resources.resourceCpuLimit = cpu.limit;
    if (numbers) resources.cpuLimit = cores(cpu.limit);
  }
  if (memory?.request !== undefined) {
    resources.resourceMemoryRequest = memory.request;
    if (numbers) resources.memoryRequest = gigabytes(memory.request);
  }
  if (memory?.limit !== undefined) {
    resources.resourceMemoryLimit = memory.limit;
    if (numbers) resources.memoryLimit = gigabytes(memory.limit);
  }
  if (accelerator !== undefined) {
    const count = String(accelerator.count);
    resources.accelerator = { resourceType: accelerator.type, resourceCount: count, ...(numbers ? { type: accelerator.type, count } : {}) };
  }
  return Object.keys(resources).length === 0 ? undefined : resources;
}

/** `500m` → 0.5. */
function cores(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

const units: Record<string, number> = {
  K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

/** `2Gi` → 2.147483648 (10⁹ bytes). */
function gigabytes(quantity: string): number {
  const match = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity);
  if (match === null) return Number.NaN;
  return (Number(match[1]) * (units[match[2] ?? ""] ?? 1)) / 1e9;
}
