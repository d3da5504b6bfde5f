/** The environment of the main container. */
import { isRunTime } from "../../ir/traverse.ts";
import type { EnvironmentValue, Json, RunTime, TaskOptions } from "../../ir/types.ts";
import type { Build } from "./build.ts";
import { forKubelet, literal } from "./literal-text.ts";
import type { PodContext } from "./pod-context.ts";
import type { JsonObject } from "./spec.ts";

/** The names of all variables that the container has by its component and its options. */
export function environmentNames(options: TaskOptions, context: PodContext): Set<string> {
  return new Set([...Object.keys(context.environment ?? {}), ...Object.keys(options.env ?? {})]);
}

/**
 * The variables, those of the component first; an option of the same name takes the place of one. Kubernetes fills in
 * `$(NAME)` of a variable that stands before.
 */
export function environmentOf(build: Build, options: TaskOptions, context: PodContext): JsonObject[] {
  const names = environmentNames(options, context);
  const text = (name: string, value: string): JsonObject => {
    const where = `the environment variable "${name}" of "${context.componentId}"`;
    return { name, value: forKubelet(literal(build, value, where, options.spans?.[`env.${name}`] ?? context.span), names) };
  };
  const own = Object.entries(context.environment ?? {}).filter(([name]) => options.env?.[name] === undefined);
  return [
    ...own.map(([name, value]) => text(name, value)),
    ...Object.entries(options.env ?? {}).map(([name, value]) => (value.kind === "literal" ? text(name, value.value) : { name, valueFrom: sourceOf(value, context) })),
  ];
}

function sourceOf(value: Exclude<EnvironmentValue, { kind: "literal" }>, context: PodContext): JsonObject {
  switch (value.kind) {
    case "field":
      return { fieldRef: { fieldPath: value.path } };
    case "secret":
      return { secretKeyRef: keyOf(value, context) };
    case "configMap":
      return { configMapKeyRef: keyOf(value, context) };
  }
}

function keyOf({ name, key, optional }: { name: string | RunTime; key: string; optional?: boolean }, context: PodContext): Record<string, Json> {
  return { name: isRunTime(name) ? context.text(name) : name, key, ...(optional === undefined ? {} : { optional }) };
}
