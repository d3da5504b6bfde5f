/** CPU, memory and accelerators of the main container. */
import { isRunTime } from "../../ir/traverse.ts";
import type { Json, RunTime, TaskOptions } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";
import { defined, nonEmptyMap } from "./defined.ts";
import type { PodContext } from "./pod-context.ts";
import { patchText } from "./pod-spec-patch.ts";
import type { JsonObject } from "./spec.ts";

export interface Resources {
  /** What is known. */
  constants: JsonObject | undefined;
  /** What only a run knows, for the patch of the pod: quantities of a template must be literal (reference argo.md 2.11). */
  patched: JsonObject | undefined;
}

/** What the main container asks for. An accelerator is a limit, as Kubernetes wants it. */
export function resourcesOf(build: Build, options: TaskOptions, context: PodContext): Resources {
  const constants: Sides = { requests: {}, limits: {} };
  const patched: Sides = { requests: {}, limits: {} };
  const add = (side: keyof Sides, resource: string, value: string | RunTime | undefined): void => {
    if (value === undefined) return;
    if (isRunTime(value)) patched[side][resource] = patchText(value, context);
    else constants[side][resource] = value;
  };
  for (const resource of ["cpu", "memory"] as const) {
    add("requests", resource, options[resource]?.request);
    add("limits", resource, options[resource]?.limit);
  }
  const { accelerator } = options;
  if (accelerator !== undefined) {
    const count = isRunTime(accelerator.count) ? accelerator.count : String(accelerator.count);
    if (isRunTime(accelerator.type)) patched.limits[patchText(accelerator.type, context) as string] = patchText(count, context);
    else {
      add("limits", accelerator.type, count);
      const span = options.spans?.["accelerator"] ?? options.spans?.["gpu"] ?? context.span;
      if (!accelerator.type.includes("/")) report(build, "HMC4144", span, { option: "accelerator.type", why: `"${accelerator.type}" is no resource of Kubernetes`, instead: 'Name one with its domain, such as "nvidia.com/gpu".' });
    }
  }
  return { constants: sides(constants), patched: sides(patched) };
}

interface Sides {
  requests: Record<string, Json>;
  limits: Record<string, Json>;
}

function sides({ requests, limits }: Sides): JsonObject | undefined {
  return defined<JsonObject>({ requests: nonEmptyMap(requests), limits: nonEmptyMap(limits) });
}
