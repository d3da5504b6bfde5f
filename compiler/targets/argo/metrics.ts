/** Prometheus metrics of templates and workflows. */
import type { Span } from "../../ir/types.ts";
import type { Metric } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { defined } from "./defined.ts";
import type { JsonObject } from "./spec.ts";
import { argoLimits } from "./versions.ts";

/** `metrics`, or undefined where there are none. */
export function metricsOf(build: Build, metrics: readonly Metric[] | undefined, span: Span): JsonObject | undefined {
  if (metrics === undefined || metrics.length === 0) return undefined;
  if (metrics.length > argoLimits.metrics) report(build, "HMC4144", span, { option: "argo.metrics", why: `Argo takes at most ${argoLimits.metrics} metrics, and here are ${metrics.length}`, instead: "Leave some out." });
  return {
    prometheus: metrics.map(({ name, help, labels, when, counter, gauge, histogram }) => {
      const kinds: JsonObject = {
        ...(counter === undefined ? {} : { counter: { value: counter.value } }),
        ...(gauge === undefined ? {} : { gauge: { realtime: gauge.realtime ?? false, ...(gauge.operation === undefined ? {} : { operation: gauge.operation }), value: gauge.value } }),
        ...(histogram === undefined ? {} : { histogram: { value: histogram.value, buckets: histogram.buckets } }),
      };
      return { ...defined<JsonObject>({ name, help, labels: labels === undefined ? undefined : Object.entries(labels).map(([key, value]) => ({ key, value })), when }), ...kinds };
    }),
  };
}
