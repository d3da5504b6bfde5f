/**
 * Pods as processes of this machine: with this as the outcomes of its pods, the simulator runs a workflow. Files are staged and
 * collected as Argo's executor does (reference argo.md 3.3).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argoRoot } from "../protocols/argo.ts";
import { Limiter } from "../local/limiter.ts";
import { runProcess, type ProcessEnd } from "../local/process.ts";
import { keyOf, locationOf } from "./artifacts.ts";
import { argoDuration } from "./go.ts";
import type { OutcomeOf, PodOutcome, PodRequest } from "./options.ts";
import { environmentOf, expanded } from "./process-command.ts";
import { PodFiles } from "./process-files.ts";
import { StoreError, type ArtifactStore } from "./process-store.ts";
import type { Artifact, Json } from "./types.ts";

export interface ProcessSettings {
  /** Absolute; gets `pods/<name of the pod>` with the files and the log of each, and `volumes`. */
  folder: string;
  /** What pods pass on to each other. */
  store: ArtifactStore;
  /** The words that start the entrypoint in the image, such as `node /app/main.mjs`. */
  entrypoint: readonly string[];
  /** The bundle that stands for it; missing where the workflow runs no op. */
  bundle?: string;
  /** The working directory of ops. */
  root: string;
  /** The environment that processes inherit. */
  environment: Readonly<Record<string, string | undefined>>;
  /** How many run at once. */
  jobs: number;
}

/** Standard output is cut to its end (reference argo.md 2.1). */
const mostResult = 256 * 1024;

/** The exit code of Argo's own executor. */
const executorFailed = 64;

/** Runs each pod of a workflow as a process. The images are not used: programs are those of this machine. */
export function podProcesses(settings: ProcessSettings): OutcomeOf {
  const limiter = new Limiter(settings.jobs);
  return (pod) => limiter.run(() => runPod(pod, settings));
}

async function runPod(pod: PodRequest, settings: ProcessSettings): Promise<PodOutcome> {
  const { store } = settings;
  const [command] = pod.command ?? [];
  if (command === undefined) return { phase: "Error", message: `the ${pod.kind} template "${pod.template}" has no command that could run as a process` };
  const folder = join(settings.folder, "pods", pod.podName);
  const files = new PodFiles(pod, join(folder, "root"), join(settings.folder, "volumes"));
  const missing = stageArtifacts(pod.artifacts, files, store);
  if (missing !== undefined) return { phase: "Error", message: missing };
  const printedFile = join(folder, "stdout.txt");
  const end = await runProcess({ ...processOf(pod, files, folder, settings), logFile: join(folder, "log.txt"), ...(pod.capturesResult ? { printedFile } : {}), ...limitOf(pod) }, new AbortController().signal);
  const outcome = outcomeOf(end);
  const given = {
    ...outcome,
    params: readParameters(pod, files),
    ...(pod.capturesResult && existsSync(printedFile) ? { result: resultOf(readFileSync(printedFile)) } : {}),
  };
  const kept = keepArtifacts(pod, files, store);
  if (typeof kept === "string") return { ...given, ...(given.phase === "Succeeded" ? { phase: "Error", message: kept } : {}) };
  return { ...given, artifacts: kept };
}

/** Puts input artifacts at their paths; says what is wrong where it cannot. */
function stageArtifacts(artifacts: readonly Artifact[], files: PodFiles, store: ArtifactStore): string | undefined {
  for (const artifact of artifacts) {
    const path = files.place(artifact.path ?? "");
    const location = locationOf(artifact);
    try {
      if (location?.store === "raw") {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, String(location.at["data"] ?? ""));
      } else if (!(location !== undefined && store.get(keyIn(artifact), path)) && artifact.optional !== true) {
        return `artifact ${artifact.name} failed to load: ${location === undefined ? "it has no location" : `there is nothing under "${keyOf(artifact)}"`}`;
      }
    } catch (error) {
      if (error instanceof StoreError) return `artifact ${artifact.name} failed to load: ${error.message}`;
      throw error;
    }
  }
  return undefined;
}

/** The key together with the kind of its repository. */
function keyIn(artifact: Artifact): string {
  return `${locationOf(artifact)?.store ?? "s3"}:${keyOf(artifact)}`;
}

interface ProcessOfPod {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string | undefined>;
}

function processOf(pod: PodRequest, files: PodFiles, folder: string, { entrypoint, bundle, root, environment }: ProcessSettings): ProcessOfPod {
  const variables = environmentOf(pod.env, environment);
  const words = [...(pod.command ?? []), ...(pod.args ?? [])].map((word) => expanded(word, variables));
  const start = startOfOp(words, entrypoint, bundle);
  if (pod.source !== undefined) {
    // The path of the script is the last word.
    const path = files.place(words.at(-1) as string);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, start !== undefined ? files.placedVolumes(pod.source) : files.placed(pod.source));
  }
  if (start !== undefined) {
    const args = [...start.args, ...words.slice(start.count, -1), "--root", files.place(argoRoot), files.placed(words.at(-1) as string)];
    return { command: process.execPath, args, cwd: root, env: { ...environment, ...variables } };
  }
  const cwd = pod.container?.workingDir === undefined ? join(folder, "work") : files.place(pod.container.workingDir);
  mkdirSync(cwd, { recursive: true });
  const [command, ...args] = words.map((word) => files.placed(word));
  const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, files.placed(value)]));
  return { command: command as string, args, cwd, env: { ...environment, ...env } };
}

/** What starts an op: the bundle in place of the entrypoint of the image, or the code that the command carries; and how many words that takes. */
function startOfOp(words: readonly string[], entrypoint: readonly string[], bundle: string | undefined): { args: string[]; count: number } | undefined {
  if (bundle !== undefined && entrypoint.every((word, index) => words[index] === word)) return { args: [bundle], count: entrypoint.length };
  const carried = words.length === 9 && words[0] === "node" && words[1] === "-e" && words[5] === "run" && words[7] === "--argo";
  return carried ? { args: words.slice(1, 5), count: 5 } : undefined;
}

function limitOf({ resolved: { timeout, activeDeadlineSeconds } }: PodRequest): { timeoutSeconds?: number } {
  const limits = [...(timeout === undefined ? [] : [argoDuration(timeout) / 1000]), ...(activeDeadlineSeconds === undefined ? [] : [Number(activeDeadlineSeconds)])];
  return limits.length === 0 ? {} : { timeoutSeconds: Math.min(...limits) };
}

function outcomeOf(end: ProcessEnd): Pick<PodOutcome, "phase" | "message" | "exitCode"> {
  const failed = (code: number): ReturnType<typeof outcomeOf> => ({ phase: "Failed", message: `Error (exit code ${code})`, exitCode: code });
  switch (end.kind) {
    case "exit":
      return end.code === 0 ? { phase: "Succeeded", exitCode: 0 } : failed(end.code);
    case "timeout":
      return { phase: "Failed", message: "Pod was active on the node longer than the specified deadline" };
    case "unstartable":
      return { phase: "Error", message: `Error (exit code ${executorFailed}): failed to find name in PATH: ${end.message}`, exitCode: executorFailed };
    case "signal":
    case "stopped":
      return failed(137);
  }
}

/** One line break at the end is no part of a value. */
function readParameters({ outputs }: PodRequest, files: PodFiles): Record<string, string> {
  return Object.fromEntries(
    (outputs.parameters ?? []).flatMap(({ name, valueFrom }): [string, string][] => {
      const path = valueFrom?.path === undefined ? undefined : files.place(valueFrom.path);
      return path !== undefined && existsSync(path) ? [[name, readFileSync(path, "utf8").replace(/\n$/, "")]] : [];
    }),
  );
}

function resultOf(stdout: Buffer): string {
  const text = stdout.at(-1) === 0x0a ? stdout.subarray(0, -1) : stdout;
  return text.subarray(-mostResult).toString("utf8");
}

/** Stores output artifacts and says where; or what is wrong. */
function keepArtifacts({ outputs, podName }: PodRequest, files: PodFiles, store: ArtifactStore): Record<string, { [store: string]: Json }> | string {
  const kept: Record<string, { [store: string]: Json }> = {};
  for (const artifact of outputs.artifacts ?? []) {
    const path = files.place(artifact.path ?? "");
    if (!existsSync(path)) {
      if (artifact.optional === true) continue;
      return `failed to save outputs: ${artifact.path ?? ""} does not exist`;
    }
    const archived = !(typeof artifact.archive === "object" && artifact.archive !== null && "none" in artifact.archive);
    const given = locationOf(artifact);
    const location = given === undefined ? { s3: { key: `${podName}/${artifact.name}${archived ? ".tgz" : ""}` } } : { [given.store]: given.at };
    store.put(keyIn({ ...artifact, ...location }), path, archived);
    kept[artifact.name] = location;
  }
  return kept;
}
