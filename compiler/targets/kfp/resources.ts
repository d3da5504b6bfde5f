/** CPU, memory and accelerators of a container. */
import type { RunTime, TaskOptions } from "../../ir/types.ts";
import type { OptionValues } from "./constant-options.ts";
import type { ResourceSpec } from "./spec.ts";

/**
 * The resources of a container, or undefined where none are asked for.
 *
 * @param numbers also write the numeric twins of constants, which newer back ends ignore and the SDK still writes
 */
export function resourcesOf(options: TaskOptions, numbers: boolean, values: OptionValues): ResourceSpec | undefined {
  const resources: ResourceSpec = {};
  const { cpu, memory, accelerator } = options;
  if (cpu?.request !== undefined) {
    resources.resourceCpuRequest = values.text(cpu.request, "cpu_request");
    if (numbers && isConstant(cpu.request)) resources.cpuRequest = cores(cpu.request);
  }
  if (cpu?.limit !== undefined) {
    resources.resourceCpuLimit = values.text(cpu.limit, "cpu_limit");
    if (numbers && isConstant(cpu.limit)) resources.cpuLimit = cores(cpu.limit);
  }
  if (memory?.request !== undefined) {
    resources.resourceMemoryRequest = values.text(memory.request, "memory_request");
    if (numbers && isConstant(memory.request)) resources.memoryRequest = gigabytes(memory.request);
  }
  if (memory?.limit !== undefined) {
    resources.resourceMemoryLimit = values.text(memory.limit, "memory_limit");
    if (numbers && isConstant(memory.limit)) resources.memoryLimit = gigabytes(memory.limit);
  }
  if (accelerator !== undefined) {
    const { type, count } = accelerator;
    resources.accelerator = {
      resourceType: values.text(type, "accelerator_type"),
      resourceCount: values.text(count, "accelerator_count"),
      ...(numbers && isConstant(type) ? { type } : {}),
      ...(numbers && isConstant(count) ? { count: String(count) } : {}),
    };
  }
  return Object.keys(resources).length === 0 ? undefined : resources;
}

function isConstant<T extends string | number>(value: T | RunTime): value is T {
  return typeof value !== "object";
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
