import { outsidePipeline, type TaskHandle } from "./op.ts";
import type { Int, RunStatus, Secret } from "./values.ts";

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

/** Names one key of a Kubernetes secret, which the cluster resolves; its value is in no file. */
export function secret(name: string, key: string): Secret {
  return { "~hmc.secret": true, name, key } as Secret;
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
 * after it.
 */
export function statusOf(task: TaskHandle): RunStatus {
  void task;
  return outsidePipeline("statusOf()");
}
