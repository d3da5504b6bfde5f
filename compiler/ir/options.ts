/** The options of a task: four layers, merged from the lowest to the highest. */
import { withInline } from "./inline.ts";
import { isKubernetesJson } from "./traverse.ts";
import type { Component, Document, Pipeline, Task, TaskOptions } from "./types.ts";

export type OptionLayer = "project" | "pipeline" | "op" | "call";

export interface ResolvedOptions {
  options: TaskOptions;
  /** Which layer gave each option; `env.NAME`, `labels.x` and the like by member. */
  origins: Record<string, OptionLayer>;
}

/** Options whose members are merged one by one; every other option is replaced as a whole. */
const mergedByMember = ["env", "nodeSelector", "labels", "annotations", "argo"] as const;

/** Options that are lists of which each layer adds some. */
const appended = ["volumes", "tolerations", "imagePullSecrets"] as const;

/**
 * The options of a task: project config < pipeline `defaults` < op < call. Maps are merged member by member,
 * volumes, tolerations and pull secrets are added up, anything else of a higher layer replaces the lower; so does a node
 * selector where either of the two is in Kubernetes' own form.
 */
export function resolveOptions(document: Document, pipeline: Pipeline, task: Task): ResolvedOptions {
  const layers: [OptionLayer, TaskOptions][] = [
    ["project", document.defaults],
    ["pipeline", pipeline.options.defaults ?? {}],
    ["op", componentOptions(document, task)],
    ["call", task.options],
  ];
  const options: Record<string, unknown> = {};
  const origins: Record<string, OptionLayer> = {};
  const spans: NonNullable<TaskOptions["spans"]> = {};
  for (const [layer, given] of layers) {
    for (const [name, value] of Object.entries(given)) {
      if (name === "spans") continue;
      if (name === "nodeSelector" && [options[name], value].some((selector) => selector !== undefined && isKubernetesJson(selector as object))) {
        for (const origin of Object.keys(origins)) if (origin.startsWith("nodeSelector.")) delete origins[origin];
        options[name] = value;
        if (isKubernetesJson(value as object)) origins["nodeSelector.json"] = layer;
        else for (const member of Object.keys(value as object)) origins[`nodeSelector.${member}`] = layer;
      } else if ((mergedByMember as readonly string[]).includes(name)) {
        options[name] = { ...(options[name] as object | undefined), ...(value as object) };
        for (const member of Object.keys(value as object)) origins[`${name}.${member}`] = layer;
      } else if ((appended as readonly string[]).includes(name)) {
        options[name] = [...((options[name] as unknown[] | undefined) ?? []), ...(value as unknown[])];
        origins[name] = layer;
      } else {
        options[name] = value;
        origins[name] = layer;
      }
    }
    Object.assign(spans, given.spans);
  }
  if (Object.keys(spans).length > 0) options["spans"] = spans;
  const isOp = task.target.kind === "component" && document.components[task.target.id]?.kind === "op";
  if (!isOp) return { options: options as TaskOptions, origins };
  const carried = withInline(options as TaskOptions);
  // What follows from the other of the two comes from where that was written.
  if (carried.inline === true) for (const [name, other] of [["image", "inline"], ["inline", "image"]] as const) if (origins[other] !== undefined) origins[name] ??= origins[other];
  if (carried.inline === undefined) delete origins["inline"];
  return { options: carried, origins };
}

/** Images that name a work of KFP's driver: no pod runs, and there is no command. */
const driverImages: unknown[] = ["argostub/createpvc", "argostub/deletepvc"];

/** Whether KFP does what a task asks for itself: it creates or deletes a PersistentVolumeClaim. */
export function runsInDriver(image: TaskOptions["image"]): boolean {
  return driverImages.includes(image);
}

function componentOptions(document: Document, task: Task): TaskOptions {
  if (task.target.kind === "pipeline") return {};
  const component: Component | undefined = document.components[task.target.id];
  return component === undefined || component.kind === "importer" ? {} : component.options;
}
