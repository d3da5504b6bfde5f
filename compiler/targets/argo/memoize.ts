/** Results that are kept in a ConfigMap and taken from there: `memoize` (reference argo.md 2.10). */
import { createHash } from "node:crypto";
import { isRunTime } from "../../ir/traverse.ts";
import type { Component, TaskOptions } from "../../ir/types.ts";
import { argoTaskOptions } from "./argo-options.ts";
import type { Build } from "./build.ts";
import type { PodContext } from "./pod-context.ts";
import { readText } from "./pod-spec-patch.ts";
import type { JsonObject } from "./spec.ts";

/** What Argo takes for the key of an entry; a ConfigMap takes 253 characters. */
const allowedKey = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,252}$/;

/**
 * How the results of a task are kept, or undefined where they are not: only where that was asked for. The key has what the
 * task runs and the values of its inputs; artifacts are told apart by what is known of them among the parameters.
 */
export function memoize(build: Build, options: TaskOptions, context: PodContext): JsonObject | undefined {
  const { cache } = options;
  const settings = argoTaskOptions(options).memoize;
  if (cache?.enabled === false || (cache === undefined && settings === undefined)) return undefined;
  return {
    key: cache?.key === undefined ? computedKey(build, options, context) : givenKey(cache.key),
    maxAge: settings?.maxAgeSeconds === undefined ? "" : `${settings.maxAgeSeconds}s`,
    cache: { configMap: { name: settings?.configMap ?? configMapName(context.componentId) } },
  };
}

function givenKey(key: string): string {
  return allowedKey.test(key) ? key : sha256(key);
}

function computedKey(build: Build, options: TaskOptions, context: PodContext): string {
  const { componentId, parameters } = context;
  const component = build.document.components[componentId];
  const prefix = `${sanitised(componentId).slice(0, 100)}-${sha256(JSON.stringify([isRunTime(options.image) ? null : options.image, component === undefined ? null : runs(component)])).slice(0, 8)}`;
  const values = parameters.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? `inputs.parameters.${name}` : `inputs.parameters['${name}']`));
  if (isRunTime(options.image)) values.push(readText(options.image, context));
  if (values.length === 0) return prefix;
  return `${prefix}-{{=sprig.sha256sum(toJson([${values.join(", ")}]))}}`;
}

/** What a component runs: other code in the same image has another image or another place. */
function runs(component: Component): unknown {
  const interfaces = [Object.keys(component.inputs), Object.keys(component.outputs)];
  switch (component.kind) {
    case "op":
      return [...interfaces, component.implementation];
    case "container":
      return [...interfaces, component.command, component.args, component.env, component.script, component.files, ...(component.template === undefined ? [] : [component.template])];
    case "importer":
      return [...interfaces, component.metadata];
  }
}

/** Each component has a ConfigMap of its own, for one takes 1 MB. */
function configMapName(componentId: string): string {
  return `hmc-cache-${sanitised(componentId).toLowerCase()}`.slice(0, 253).replace(/-+$/, "");
}

function sanitised(text: string): string {
  return text.replace(/[^a-zA-Z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
