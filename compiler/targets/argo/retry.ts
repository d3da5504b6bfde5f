/** What happens where a try of a task has failed: `retryStrategy` of the template that runs a pod (reference argo.md 2.10). */
import type { Retry, TaskOptions } from "../../ir/types.ts";
import { argoTaskOptions } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { defined } from "./defined.ts";
import type { PodContext } from "./pod-context.ts";
import type { JsonObject } from "./spec.ts";
import { isOlder } from "./versions.ts";

const policies = { always: "Always", onFailure: "OnFailure", onError: "OnError", onTransientError: "OnTransientError" } as const;

/**
 * The strategy, or undefined where nothing is tried again. Without a policy every failure is, as on KFP and on this machine;
 * Argo's own default leaves errors out, such as a lost node.
 */
export function retryStrategy(build: Build, options: TaskOptions, context: PodContext): JsonObject | undefined {
  const { retry } = options;
  const { retryExpression, retryOnOtherNode } = argoTaskOptions(options);
  const span = options.spans?.["retry"] ?? options.spans?.["argo"] ?? context.span;
  if (retry === undefined) {
    for (const [option, value] of Object.entries({ retryExpression, retryOnOtherNode })) {
      if (value !== undefined) report(build, "HMC4144", span, { option: `argo.${option}`, why: "nothing is tried again without a number of retries", instead: 'Set "retry", too.' });
    }
    return undefined;
  }
  return defined<JsonObject>({
    limit: retry.count,
    retryPolicy: policies[retry.policy ?? "always"],
    expression: retryExpression,
    backoff: backoffOf(build, retry, span),
    affinity: retryOnOtherNode === true ? { nodeAntiAffinity: {} } : undefined,
  });
}

/** The pauses. Argo multiplies with whole numbers, and knows an upper bound of a pause since 3.7. */
function backoffOf(build: Build, retry: Retry, span: PodContext["span"]): JsonObject | undefined {
  const { backoffSeconds = 0, factor = 2, maxBackoffSeconds } = retry;
  if (backoffSeconds === 0) return undefined;
  if (!Number.isInteger(factor)) report(build, "HMC4144", span, { option: "retry.factor", why: `Argo multiplies pauses with whole numbers, not with ${factor}`, instead: `Write ${Math.max(1, Math.round(factor))}.` });
  if (maxBackoffSeconds !== undefined && isOlder(build.version, "3.7")) {
    report(build, "HMC4143", span, { option: "retry.maxBackoff", version: build.version, since: "3.7", instead: "Use a smaller count or factor." });
    return undefined;
  }
  return defined<JsonObject>({ duration: `${backoffSeconds}s`, factor, cap: maxBackoffSeconds === undefined ? undefined : `${maxBackoffSeconds}s` });
}
