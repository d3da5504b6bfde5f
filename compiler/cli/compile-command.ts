/** `hmc compile` */
import { basename, dirname, join, resolve } from "node:path";
import { compileWithCode, type Compilation, type CompileOptions, type Target } from "../compile.ts";
import { kubernetesResources } from "../deploy/kfp/kubernetes-resources.ts";
import type { DiagnosticFormat } from "../diagnostics/render.ts";
import type { Host } from "../host.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { TaskOptions } from "../ir/types.ts";
import type { DocumentKind } from "../targets/argo/documents.ts";
import type { Repository } from "../targets/argo/build.ts";
import type { KfpOptions } from "../targets/kfp/index.ts";
import { CarriedCode } from "./carried-code.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeOutput } from "./output.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath, sourceFile } from "./source-file.ts";
import { statistics } from "./statistics.ts";
import type { Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";
import { watch } from "./watch.ts";

export interface CompileFlags {
  target: Target;
  output?: string;
  pipeline?: string;
  watch?: boolean;
  stats?: boolean;
  kfpShape: "real" | "sdk";
  kind?: DocumentKind;
  artifactRepository?: Repository;
  targetVersion?: string;
  entrypoint?: string;
  image?: string;
  /** The code of ops is carried in the file. */
  inline?: boolean;
  /** How diagnostics are written; `k8s`: as frames, and the output is resources of Kubernetes. */
  format: DiagnosticFormat | "k8s";
}

/** Compiles once, or with `--watch` again and again until SIGINT. */
export async function compileCommand(host: Host, terminal: Terminal, given: string, flags: CompileFlags): Promise<number> {
  const entry = sourceFile(host, given);
  for (const [option, value] of [["--kind", flags.kind], ["--artifact-repository", flags.artifactRepository]] as const) {
    if (value !== undefined && flags.target !== "argo") userError("HMC0015", { what: `The option "${option}" is for "--target argo" only.`, help: "hmc compile --help" });
  }
  if (flags.format === "k8s" && flags.target === "ir") userError("HMC0015", { what: 'The format "k8s" is for "--target kfp" and "--target argo" only.', help: "hmc compile --help" });
  const once = () => compileOnce(host, terminal, entry, flags);
  if (flags.watch !== true) return (await once()).exitCode;
  return watch(host, terminal, async () => [...(await once()).sources, entry]);
}

async function compileOnce(host: Host, terminal: Terminal, entry: string, flags: CompileFlags): Promise<{ exitCode: number; sources: string[] }> {
  const defaults: TaskOptions = { ...(flags.image === undefined ? {} : { image: flags.image }), ...(flags.inline === true ? { inline: true } : {}) };
  const carried = new CarriedCode(host);
  const compilation = await compileWithCode(host, entry, {
    target: flags.target,
    defaults,
    kfp: kfpOptions(flags),
    argo: argoOptions(flags),
    clock: () => performance.now(),
    ...(flags.pipeline === undefined ? {} : { pipeline: flags.pipeline }),
  }, carried.bundle);
  const { hasFailed } = reportDiagnostics(host, terminal, compilation, flags.format === "k8s" ? "frame" : flags.format, "err");
  if (compilation.output !== undefined) write(host, terminal, entry, flags, compilation, written(flags, compilation, compilation.output), carried);
  if (flags.stats === true) terminal.err(statistics(compilation));
  return {
    exitCode: hasFailed ? exitCodes.failure : exitCodes.success,
    sources: [...new Set([...compilation.texts.keys(), ...carried.inputs])].map((file) => resolve(compilation.root, file)),
  };
}

/** The text that is written. What Argo reads are resources of Kubernetes by themselves. */
function written({ format, target }: CompileFlags, { pipeline }: Compilation, output: string): string {
  return format === "k8s" && target === "kfp" && pipeline !== undefined ? kubernetesResources(output, pipeline) : output;
}

function kfpOptions(flags: CompileFlags): Partial<KfpOptions> {
  return { shape: flags.kfpShape, ...commonOptions(flags) };
}

function argoOptions(flags: CompileFlags): NonNullable<CompileOptions["argo"]> {
  return {
    // One run has no name that could be applied again.
    ...(flags.kind !== undefined ? { kind: flags.kind } : flags.format === "k8s" ? { kind: "standing" } : {}),
    ...(flags.artifactRepository === undefined ? {} : { repository: flags.artifactRepository }),
    ...commonOptions(flags),
  };
}

function commonOptions(flags: CompileFlags): { version?: string; entrypoint?: string[] } {
  return {
    ...(flags.targetVersion === undefined ? {} : { version: flags.targetVersion }),
    ...(flags.entrypoint === undefined ? {} : { entrypoint: splitCommand(flags.entrypoint) }),
  };
}

/** The words of a command line; quotes keep spaces. */
function splitCommand(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
}

function write(host: Host, terminal: Terminal, entry: string, flags: CompileFlags, compilation: Compilation, output: string, carried: CarriedCode): void {
  const path = flags.output ?? defaultOutput(entry, flags, compilation);
  if (path === "-") {
    terminal.out(output);
    return;
  }
  const file = writeOutput(host, path, output);
  if (flags.format !== "frame" && flags.format !== "k8s") return;
  const { green, bold } = terminal.errColors;
  const { pipeline } = compilation;
  const tasks = pipeline === undefined ? 0 : [...tasksOf(pipeline.body)].length;
  const what = pipeline === undefined ? "the IR" : `${bold(pipeline.id)} (${tasks} ${tasks === 1 ? "task" : "tasks"})`;
  terminal.err(`${green("✓")} Wrote ${what} to ${bold(shownPath(host, file))}\n${carried.summary()}`);
}

/** Beside the source, named after it, or after the pipeline where the source exports several. */
function defaultOutput(entry: string, { target, format }: CompileFlags, { document, pipeline }: Compilation): string {
  if (target === "ir") return "-";
  const isOnly = document === undefined || document.exported.length === 1;
  const name = isOnly || pipeline === undefined ? basename(entry).replace(/\.[cm]?tsx?$/, "") : pipeline.id;
  return join(dirname(entry), target === "argo" ? `${name}.argo.yaml` : format === "k8s" ? `${name}.k8s.yaml` : `${name}.yaml`);
}
