import { outsidePipeline, type TaskHandle } from "./op.ts";
import type { ConfigMapKey, FieldPath, Int, RunStatus, Secret } from "./values.ts";

/**
 * Reads a variable of the environment in which `hmc compile` runs (a CI variable, for example) and puts its value
 * into the output. For what must stay secret use `secret()`.
 *
 * @param fallback the value where the variable is not set; without it an unset variable is an error
 */
export function env(name: string, fallback?: string): string {
  const world = globalThis as { process?: { env: Record<string, string | undefined> }; "~hmc.environment"?: Record<string, string> };
  // A bundle carries what the compiler read, so that a constant has the same value in the pipeline and in the container.
  const value = world["~hmc.environment"]?.[name] ?? world.process?.env[name] ?? fallback;
  if (value === undefined) throw new Error(`The environment variable "${name}" is not set.`);
  return value;
}

/** Settings of a reference to a key of a secret or a config map. */
export interface ReferenceOptions {
  /** The variable is left out where the object or its key does not exist; else the pod does not start. */
  optional?: boolean;
}

/**
 * Names one key of a Kubernetes secret, which the cluster resolves; its value is in no file.
 *
 * @param name of the secret; in the options of a call it may be a value that only the run knows, and where a run leaves that out, the variable is not set
 */
export function secret(name: string | undefined, key: string, options: ReferenceOptions = {}): Secret {
  return { "~hmc.secret": true, name, key, ...options } as Secret;
}

/**
 * Names one key of a Kubernetes config map, which the cluster resolves.
 *
 * @param name of the config map; in the options of a call it may be a value that only the run knows, and where a run leaves that out, the variable is not set
 */
export function configMap(name: string | undefined, key: string, options: ReferenceOptions = {}): ConfigMapKey {
  return { "~hmc.configMap": true, name, key, ...options } as ConfigMapKey;
}

/**
 * Names a field of the pod that runs the task, which the cluster resolves.
 *
 * @param path as in Kubernetes' downward API: `spec.nodeName`, `metadata.labels['team']`
 */
export function fieldPath(path: string): FieldPath {
  return { "~hmc.field": true, path } as FieldPath;
}

/** Runs at most `parallelism` iterations of a loop over `items` at once. */
export function limit<T>(items: readonly T[], parallelism: Int): T[] {
  void parallelism;
  return [...items];
}

/** The whole numbers from 0 to `count` - 1, to loop over. */
export function range(count: Int): Int[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The status of the body of the `try` in whose `finally` block this is called. */
export function runStatus(): RunStatus {
  return outsidePipeline("runStatus()");
}

/**
 * The status of an earlier task, which may have failed: an input of a task with `ignoreUpstreamFailure` that runs right
 * after it, or in its option `when`, which only Argo tests.
 */
export function statusOf(task: TaskHandle): RunStatus {
  void task;
  return outsidePipeline("statusOf()");
}
