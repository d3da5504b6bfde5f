/** The KFP v2 target: a pipeline of the IR as the YAML that `kfp` uploads. */
import { bug } from "../../bug.ts";
import type { Document } from "../../ir/types.ts";
import { digestOf } from "../digest.ts";
import { refusal, type Emission, type EmissionOptions } from "../emission.ts";
import { headerOf } from "../header.ts";
import { printYaml } from "../yaml.ts";
import { assemble } from "./assemble.ts";
import { capabilitiesOf, knownVersions } from "./capabilities.ts";
import { checkGraph, countTasks, prune } from "./checks.ts";
import { lowerPipeline } from "./lower.ts";
import { checkRepetition } from "./repetition.ts";
import { kfpCron } from "./schedule.ts";
import { report, type Build } from "./scope.ts";
import { typeName } from "./type-names.ts";

export interface KfpOptions extends EmissionOptions {
  /** `real`: what works on the open-source back end; `sdk`: what the Python SDK emits for the same pipeline. */
  shape: "real" | "sdk";
  /** The version of KFP, e.g. `2.17`. */
  version: string;
}

/** What `emitKfp` uses where nothing else is asked for. */
export const kfpDefaults = { shape: "real", entrypoint: ["node", "/app/main.mjs"], version: "2.17" } as const satisfies Partial<Omit<KfpOptions, "entrypoint">> & { entrypoint: readonly string[] };

/**
 * Compiles one pipeline of a document to KFP's YAML: the pipeline spec and, where Kubernetes is asked for something,
 * the platform spec as a second document.
 *
 * @returns the YAML, or undefined where an error was reported, or a bundle is missing
 */
export function emitKfp(document: Document, pipelineId: string, options: KfpOptions): Emission {
  const pipeline = document.pipelines[pipelineId] ?? bug(`no pipeline "${pipelineId}"`);
  const capabilities = capabilitiesOf(options.version);
  const build: Build = {
    document,
    capabilities: capabilities ?? { version: options.version, cacheKey: false, initContainers: false, inputLimit: 0, taskLimit: 0 },
    real: options.shape === "real",
    entrypoint: options.entrypoint,
    inline: { bundles: options.inline ?? new Map(), missing: new Set() },
    diagnostics: [],
    stack: [],
  };
  if (capabilities === undefined) {
    report(build, "HMC4030", undefined, { version: options.version, known: knownVersions });
    return refusal(build.diagnostics);
  }
  if (!checkRepetition(build, pipeline)) return refusal(build.diagnostics);
  const root = lowerPipeline(build, pipeline);
  prune(root);
  checkGraph(build, root);
  if (build.diagnostics.some(({ severity }) => severity === "error")) return refusal(build.diagnostics);
  const tasks = countTasks(root);
  if (tasks > capabilities.taskLimit) report(build, "HMC4027", pipeline.span, { tasks, limit: capabilities.taskLimit, version: capabilities.version });
  const missing = [...build.inline.missing];
  if (missing.length > 0 || options.isCheck === true) return { yaml: undefined, diagnostics: build.diagnostics, missing };
  const { pipeline: spec, platform } = assemble(pipeline, root, `hmc-${options.toolVersion}`, build.real);
  const { schedule } = pipeline.options;
  const header = headerOf(document, pipeline, {
    title: "PIPELINE DEFINITION",
    typeName,
    toolVersion: options.toolVersion,
    digest: digestOf(document),
    schedule: schedule === undefined ? undefined : kfpCron(schedule),
  });
  return { yaml: printYaml(header, platform === undefined ? [spec] : [spec, platform], "sorted"), diagnostics: build.diagnostics, missing };
}
