/** Runs one try of a task of a local run, and reads what it gave. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { ContainerComponent, ImporterComponent, Json, TaskOptions } from "../../compiler/ir/types.ts";
import { textOf, ValueError } from "../codec.ts";
import type { Failure as EntrypointFailure } from "../entrypoint.ts";
import { ContractError, pathOf, type ExecutorInput } from "../protocols/kfp.ts";
import { makeExecutorInput, readOutputs, type Inputs } from "../protocols/local.ts";
import { commandLine, engineCommand, filled, inputMounts, outputCopies, type Engine, type Filling } from "./containers.ts";
import { taskContext } from "./run-context.ts";
import type { ArtifactStore } from "./content-store.ts";
import { NoContent } from "./content.ts";
import { forgetProcess, noteProcess } from "./orphans.ts";
import { ingested, moved } from "./outputs.ts";
import { graceSeconds, runProcess, type ProcessEnd, type ProcessRequest } from "./process.ts";
import { whyStopped, type Execute, type TaskRequest, type TaskResult } from "./scheduler.ts";
import { writeJson, type RunStore } from "./store.ts";

export interface ExecutorSettings {
  store: RunStore;
  /** The project root: the working directory of ops. */
  root: string;
  /** The bundle of ops; missing where the document has none. */
  bundle?: string;
  /** The engine of container components; missing where the document has none. */
  engine?: Engine;
  /** The environment that tasks inherit. */
  environment: Record<string, string | undefined>;
  artifacts: ArtifactStore;
  /** Told when a try has its folder, before its process starts. */
  onStart: (request: TaskRequest, attempt: number) => void;
  /** When it fires, running processes are killed. */
  kill?: AbortSignal;
}

/**
 * An executor of child processes on this machine. Each try has a folder of its own; when it has succeeded, its artifacts become those of the
 * task, and are in the content store.
 */
export function localExecutor(settings: ExecutorSettings): Execute {
  return async (request, signal) => {
    if (request.component.kind === "importer") return importArtifact(request.component, request.inputs, settings.root);
    const { store, artifacts } = settings;
    const { attempt, folder } = store.newAttempt(request.key);
    if (attempt > 1) appendFileSync(store.logFile(request.key), `\n--- attempt ${attempt} ---\n`);
    const executorInput = makeExecutorInput(request.component, request.inputs, folder);
    settings.onStart(request, attempt);
    const end = await runTry(request, { attempt, folder, executorInput }, settings, signal);
    if (end.kind !== "exit" || end.code !== 0) return failureOf(end, request, join(folder, "error.json"), signal);
    try {
      const outputs = readOutputs(request.component, executorInput);
      store.publishArtifacts(request.key, folder);
      const place = store.artifactsFolder(request.key);
      return { ok: true, outputs: await ingested(await moved(outputs, join(folder, "artifacts"), place), place, artifacts) };
    } catch (error) {
      if (error instanceof ContractError) return { ok: false, reason: error.message };
      if (error instanceof ValueError) return { ok: false, reason: `The output "${error.path}" ${error.problem}.` };
      if (error instanceof NoContent) return { ok: false, reason: `an output artifact cannot be kept: ${error.message}.` };
      throw error;
    }
  };
}

/** One try of a task, with its folder. */
interface Try {
  attempt: number;
  folder: string;
  executorInput: ExecutorInput;
}

async function runTry(request: TaskRequest, given: Try, settings: ExecutorSettings, signal: AbortSignal): Promise<ProcessEnd> {
  const { store, kill } = settings;
  const { folder, executorInput } = given;
  const logFile = store.logFile(request.key);
  const inputFile = writeJson(join(folder, "executor-input.json"), executorInput);
  const { timeoutSeconds } = request.options;
  const common = {
    env: { ...settings.environment, ...literalEnvironment(request.options) },
    logFile,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(kill === undefined ? {} : { kill }),
    onStart: (pid: number) => noteProcess(folder, pid),
  };
  try {
    if (request.component.kind === "op") {
      const args = [settings.bundle as string, "run", request.component.id, "--executor-input-file", inputFile, "--error-file", join(folder, "error.json")];
      return await runProcess({ ...common, command: process.execPath, args, cwd: settings.root }, signal);
    }
    const component = request.component as ContainerComponent;
    const work = join(folder, "work");
    mkdirSync(work);
    const filling: Filling = { component, inputs: request.inputs, executorInput, context: taskContext(store, request.key) };
    const words = commandLine(filling);
    if (component.script !== undefined) {
      const script = join(folder, "script");
      writeFileSync(script, filled(filling, component.script));
      words.push(script);
    }
    const printedFile = component.stdout === undefined ? undefined : executorInput.outputs?.parameters?.[component.stdout]?.outputFile;
    const end = await runContainer(filling, request, words, { ...common, cwd: work, ...(printedFile === undefined ? {} : { printedFile }) }, given, settings, signal);
    trimOutputs(component, executorInput);
    return end;
  } finally {
    forgetProcess(folder);
  }
}

async function runContainer(
  { component, executorInput }: Filling,
  request: TaskRequest,
  words: string[],
  common: Omit<ProcessRequest, "command" | "args">,
  { attempt, folder }: Try,
  settings: ExecutorSettings,
  signal: AbortSignal,
): Promise<ProcessEnd> {
  if (settings.engine === "host" || settings.engine === undefined) {
    const [command, ...args] = words;
    return runProcess({ ...common, env: { ...common.env, ...component.env }, command: command ?? "true", args }, signal);
  }
  const engine = settings.engine;
  const mounts = inputMounts(component, request.inputs).filter(({ from }) => existsSync(from));
  const name = `hmc-${settings.store.id}-${request.key.replace(/[^a-zA-Z0-9_.-]/g, ".")}-${attempt}`;
  const env = { ...literalEnvironment(request.options), ...component.env };
  const [command, ...args] = engineCommand(engine, { component, options: request.options, words, env, folder, mounts, name, ...(existsSync(settings.store.workspace) ? { workspace: settings.store.workspace } : {}) });
  const ask = (...given: string[]): Promise<ProcessEnd> => runProcess({ command: engine, args: given, cwd: common.cwd, env: common.env, logFile: common.logFile }, new AbortController().signal);
  const onStart = (pid: number) => noteProcess(folder, pid, { engine, name });
  const end = await runProcess({ ...common, command: command as string, args, onStart, onStop: () => void ask("stop", "-t", String(graceSeconds), name), onKill: () => void ask("kill", name) }, signal);
  if (component.files !== undefined) {
    for (const { from, to } of outputCopies(component, executorInput)) {
      mkdirSync(dirname(to), { recursive: true });
      await ask("cp", `${name}:${from}`, to);
    }
    await ask("rm", "--force", name);
  }
  return end;
}

/** One line break at the end of what a program prints or writes at a place of its own is none of the value: as Argo does it, which alone has these. */
function trimOutputs({ stdout, files = {} }: ContainerComponent, executorInput: ExecutorInput): void {
  for (const name of [...(stdout === undefined ? [] : [stdout]), ...Object.keys(files)]) {
    const file = executorInput.outputs?.parameters?.[name]?.outputFile;
    const text = file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
    if (file !== undefined && text.endsWith("\n")) writeFileSync(file, text.slice(0, -1));
  }
}

/** Variables with a value in the document. What comes from the cluster is inherited from the environment of hmc. */
function literalEnvironment(options: TaskOptions): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.env ?? {})) if (value.kind === "literal") result[name] = value.value;
  return result;
}

/** An importer starts no process: the artifact is where its URI says; a relative path is taken from the project root. */
export function importArtifact(component: ImporterComponent, inputs: Inputs, root: string): TaskResult {
  const uri = inputs["uri"];
  if (typeof uri !== "string") return { ok: false, reason: "it has no URI." };
  const location = /^[a-z][a-z0-9+.-]*:/i.test(uri) ? uri : resolve(root, uri);
  const path = pathOf({ uri: location });
  const isLocal = location.startsWith("file:") || !location.includes("://");
  if (isLocal && !existsSync(path)) return { ok: false, reason: `the imported artifact "${path}" does not exist.` };
  return { ok: true, outputs: { artifact: { name: "artifact", uri: location, path, metadata: filledMetadata(component.metadata, inputs) as Record<string, Json> } } };
}

const placeholder = /\{\{\$\.inputs\.parameters\['([^']+)'\]\}\}/g;

/** The metadata with its run-time values, which are further inputs of the importer. */
function filledMetadata(metadata: Json, inputs: Inputs): Json {
  const text = (written: string): string => written.replace(placeholder, (_, name: string) => textOf(inputs[name] as Json));
  if (typeof metadata === "string") {
    const [match] = metadata.matchAll(placeholder);
    return match !== undefined && match[0] === metadata ? ((inputs[match[1] ?? ""] ?? null) as Json) : text(metadata);
  }
  if (Array.isArray(metadata)) return metadata.map((item) => filledMetadata(item, inputs));
  if (metadata === null || typeof metadata !== "object") return metadata;
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [text(key), filledMetadata(value, inputs)]));
}

function failureOf(end: ProcessEnd, request: TaskRequest, errorFile: string, signal: AbortSignal): TaskResult {
  switch (end.kind) {
    case "timeout":
      return { ok: false, reason: `it ran longer than its timeout of ${request.options.timeoutSeconds} s.` };
    case "stopped":
      return { ok: false, reason: whyStopped(signal) };
    case "unstartable":
      return { ok: false, reason: `its command cannot be started: ${end.message}.`, isError: true };
    case "signal":
      return { ok: false, reason: `its process was ended by ${end.signal}.` };
    case "exit": {
      const failure = existsSync(errorFile) ? (JSON.parse(readFileSync(errorFile, "utf8")) as EntrypointFailure) : undefined;
      const place = failure?.position === undefined ? "" : ` (${failure.position.file}:${failure.position.line}:${failure.position.column})`;
      return { ok: false, reason: failure === undefined ? `it ended with the exit code ${end.code}.` : `${clipped(failure.message)}${place}`, exitCode: end.code };
    }
  }
}

/** The log has the whole message. */
function clipped(message: string): string {
  return message.length <= 1000 ? message : `${message.slice(0, 1000)}…`;
}
