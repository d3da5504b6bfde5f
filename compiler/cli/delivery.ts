/** What commands deliver: a source file, compiled for a target. */
import { dirname, resolve } from "node:path";
import { readParameters } from "../../runtime/local/parameters.ts";
import type { ArgoDelivery } from "../../runtime/remote/kubernetes/argo-revision.ts";
import { bug } from "../bug.ts";
import { compileWithCode, hasErrors, type Compilation, type CompileOptions } from "../compile.ts";
import type { Target } from "../config/target.ts";
import { argoManifests } from "../deploy/argo/manifests.ts";
import { wantedOf, type Schedule, type Wanted } from "../deploy/kfp/wanted.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import type { Json, Pipeline, TaskOptions } from "../ir/types.ts";
import { workflowArguments } from "../targets/argo/workflow-parameters.ts";
import { kfpCron } from "../targets/kfp/schedule.ts";
import { CarriedCode } from "./carried-code.ts";
import { commitOf, isClean, repositoryOf } from "./git.ts";
import { reportDiagnostics } from "./report.ts";
import { sourceFile } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface DeliveryFlags {
  pipeline?: string;
  /** `name=value`, repeated. */
  parameter?: string[];
}

/** A source that was compiled for a target, and nothing is wrong with it. */
export interface CompiledDelivery {
  compilation: Compilation;
  pipeline: Pipeline;
  /** What is delivered. */
  output: string;
  parameters: Record<string, Json>;
  /** Whether it runs by itself there. */
  isScheduled: boolean;
  commit: { name: string; isClean: boolean } | undefined;
}

/** How many runs of a schedule go on at once where nothing is said; and what KFP allows. */
const [oneAtOnce, mostAtOnce] = [1, 10];

/**
 * Compiles a source for a target and says what is wrong; undefined where something is. Nothing is sent.
 *
 * @param use `once`: for one run, which needs all parameters; `schedule`: for the runs that begin by themselves
 */
export async function compiledDelivery(host: Host, terminal: Terminal, given: string, target: Target, flags: DeliveryFlags, use: "once" | "schedule"): Promise<CompiledDelivery | undefined> {
  const entry = sourceFile(host, given);
  const compilation = await compileWithCode(host, entry, { ...compileOptions(target), ...(flags.pipeline === undefined ? {} : { pipeline: flags.pipeline }) }, new CarriedCode(host).bundle);
  const { pipeline, output } = compilation;
  const isScheduled = target.hasSchedule && pipeline?.options.schedule !== undefined;
  const read = pipeline === undefined ? undefined : deliveredParameters(host, target, pipeline, flags.parameter ?? [], use === "once" || isScheduled);
  const diagnostics = [...compilation.diagnostics, ...(read?.diagnostics ?? []), ...(pipeline !== undefined && isScheduled && use === "schedule" && target.kind === "kfp" ? wrongConcurrency(pipeline) : [])];
  reportDiagnostics(host, terminal, { ...compilation, diagnostics }, "frame", "err");
  if (hasErrors(diagnostics)) return undefined;
  if (pipeline === undefined || output === undefined || read === undefined) return bug("a compilation gave neither a file nor an error");
  return { compilation, pipeline, output, parameters: read.values, isScheduled, commit: commitOfSource(entry) };
}

function compileOptions({ kind, image, version, entrypoint, artifactRepository, hasSchedule }: Target): CompileOptions {
  const common = { ...(version === undefined ? {} : { version: minorVersion(version) }), ...(entrypoint === undefined ? {} : { entrypoint }) };
  const defaults: TaskOptions = image === undefined ? {} : { image };
  if (kind === "kfp") return { target: "kfp", defaults, kfp: common };
  return { target: "argo", defaults, argo: { ...common, kind: hasSchedule ? "standing" : "template", ...(artifactRepository === undefined ? {} : { repository: artifactRepository }) } };
}

function wrongConcurrency({ options }: Pipeline): Diagnostic[] {
  const value = options.maxConcurrency ?? oneAtOnce;
  return value < 1 || value > mostAtOnce ? [diagnostic("HMC6251", options.spans?.["maxConcurrency"], { value })] : [];
}

/** What a KFP target should hold of it. */
export function wantedOnKfp({ pipeline, output, parameters, isScheduled, commit }: CompiledDelivery, target: Target): Wanted {
  return wantedOf({
    target: target.name,
    pipeline: pipeline.id,
    ...(pipeline.description === undefined ? {} : { description: pipeline.description }),
    yaml: output,
    ...(commit === undefined ? {} : { commit }),
    experiment: target.experiment ?? pipeline.options.experiment ?? pipeline.id,
    parameters,
    ...(target.serviceAccount === undefined ? {} : { serviceAccount: target.serviceAccount }),
    ...(target.pipelineRoot === undefined ? {} : { pipelineRoot: target.pipelineRoot }),
    ...(isScheduled ? { schedule: scheduleOf(pipeline) } : {}),
  });
}

/** What an Argo target should hold of it. */
export function deliveryToArgo({ pipeline, output, parameters, commit }: CompiledDelivery, target: Target): ArgoDelivery {
  const manifests = argoManifests(output, { arguments: workflowArguments(pipeline, parameters), serviceAccount: target.serviceAccount });
  return { manifests, ...(commit === undefined ? {} : { commit: commit.name }) };
}

function scheduleOf({ options }: Pipeline): Schedule {
  return { cron: kfpCron(options.schedule ?? bug("no schedule")), maxConcurrency: options.maxConcurrency ?? oneAtOnce, catchUp: options.catchUp ?? false };
}

/** `2.17.3` → `2.17`: what the compiler knows. */
function minorVersion(version: string): string {
  return version.replace(/^v/, "").split(".").slice(0, 2).join(".");
}

/** The parameters of the target that the pipeline has, under those of the command. */
function deliveredParameters(host: Host, target: Target, pipeline: Pipeline, texts: readonly string[], needsAll: boolean): { values: Record<string, Json>; diagnostics: Diagnostic[] } {
  const known = Object.keys(pipeline.inputs);
  const own = Object.entries(target.params).filter(([name]) => known.includes(name));
  const foreign = Object.keys(target.params).filter((name) => !known.includes(name));
  const { values, diagnostics } = readParameters(
    { kind: "pipeline", name: pipeline.id, inputs: pipeline.inputs },
    { texts, values: Object.fromEntries(own), option: "-p", resolvePath: (path) => resolve(host.cwd(), path) },
  );
  const warnings = foreign.map((parameter) => diagnostic("HMC6253", undefined, { parameter, target: target.name, pipeline: pipeline.id, suggestion: nearestName(parameter, known) }));
  return { values: values as Record<string, Json>, diagnostics: [...diagnostics.filter(({ code }) => needsAll || code !== "HMC6004"), ...warnings] };
}

function commitOfSource(entry: string): { name: string; isClean: boolean } | undefined {
  const repository = repositoryOf(dirname(entry));
  const name = repository === undefined ? undefined : commitOf(repository, "HEAD");
  return repository === undefined || name === undefined ? undefined : { name, isClean: isClean(repository) };
}
