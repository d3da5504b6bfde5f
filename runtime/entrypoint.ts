/**
 * The container's `main.mjs`: runs one op of the registry by the executor protocol. Exit codes: 0 done, 1 the op
 * crashed, 2 something does not fit the declared interface, 143 and 130 stopped by SIGTERM and SIGINT.
 * It starts at every task, so it has no dependency and loads only the op that it runs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { inspect } from "node:util";
import { argoExecutorInput, argoRoot, writeArgoOutputs } from "./protocols/argo.ts";
import { fillTemplates } from "./protocols/kfp-templates.ts";
import { ContractError, outputsOf, prepareOutputs, readInputs, relay, writeExecutorOutput, type ExecutorInput } from "./protocols/kfp.ts";
import { implementationOf, type Registry, type RegistryEntry } from "./registry.ts";
import { codeFrame, mapStack, type SourcePosition } from "./stack.ts";

/** What `--error-file` gets when a run fails, for the scheduler of local runs. */
export interface Failure {
  kind: "contract" | "crash";
  message: string;
  /** The mapped stack of a crash. */
  stack?: string;
  position?: SourcePosition;
}

const usage = `Usage:
  main.mjs run <op> --executor-input '<json>' | --executor-input-file <file>
  main.mjs run <op> --argo [--root <folder>] <file>
  main.mjs relay --executor-input '<json>' | --executor-input-file <file>
  main.mjs list [--json]`;

/**
 * Runs the command line of a bundle and ends the process.
 *
 * @param registry the ops of the bundle
 * @param argv the arguments after the script
 */
export async function main(registry: Registry, argv: readonly string[]): Promise<never> {
  const [command, ...rest] = argv;
  if (command === "list") {
    list(registry, rest.includes("--json"));
    process.exit(0);
  }
  const options = optionsOf(command === "run" ? rest.slice(1) : rest);
  const run: Run = { settled: false, errorFile: options.get("--error-file") };
  const crashed = (error: unknown): never => fail(run, failureOf(error));
  process.on("uncaughtException", crashed);
  process.on("unhandledRejection", crashed);
  endOnSignals(run);
  try {
    if (command === "run") await runOp(registry, rest[0], options, run);
    else if (command === "relay") relay(readExecutorInput(options));
    else throw new ContractError(command === undefined ? usage : `There is no command "${command}".\n${usage}`);
  } catch (error) {
    crashed(error);
  }
  // Work that the op has left behind, such as an open connection, does not keep the task running.
  process.exit(0);
}

/** The state of one start of the bundle. */
interface Run {
  /** The outcome is known: done, reported as failed, or stopped by a signal. */
  settled: boolean;
  errorFile: string | undefined;
}

function fail(run: Run, failure: Failure): never {
  run.settled = true;
  report(failure, run.errorFile);
  process.exit(failure.kind === "contract" ? 2 : 1);
}

function list(registry: Registry, json: boolean): void {
  const names = Object.keys(registry).sort();
  const lines = json ? names.map((op) => JSON.stringify({ op, ...registry[op]?.interface })) : names;
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

async function runOp(registry: Registry, op: string | undefined, options: Map<string, string>, run: Run): Promise<void> {
  if (op === undefined || op.startsWith("--")) throw new ContractError(`Name the op to run.\n${usage}`);
  const entry: RegistryEntry | undefined = Object.hasOwn(registry, op) ? registry[op] : undefined;
  if (entry === undefined) throw new ContractError(`There is no op "${op}" in this bundle. It has: ${Object.keys(registry).sort().join(", ")}.`);
  const root = options.get("--root") ?? argoRoot;
  const byArgo = options.get("--argo");
  const executorInput = byArgo === undefined ? readExecutorInput(options) : argoExecutorInput(op, entry.interface, readText("parameter", byArgo), root);
  const input = readInputs(op, entry.interface, executorInput);
  const out = prepareOutputs(op, entry.interface, executorInput);
  process.on("exit", (code) => {
    if (run.settled) return;
    fail(run, { kind: "crash", message: `"${op}" ended before it returned: it ended the process with the code ${code}.` });
  });
  process.on("beforeExit", () => {
    // Nothing is left that could settle it.
    if (!run.settled) fail(run, { kind: "crash", message: `"${op}" ended before it returned: its promise was never settled.` });
  });
  const implementation = implementationOf(await entry.load());
  if (implementation === undefined) throw new ContractError(`"${op}" is not made by op(): its module exports something else under this name.`);
  const returned: unknown = await implementation(input, out);
  const outputs = outputsOf(op, entry.interface, returned, out);
  if (byArgo === undefined) writeExecutorOutput(executorInput, outputs);
  else writeArgoOutputs(entry.interface, outputs, out, root);
  run.settled = true;
}

function optionsOf(args: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const [, name, value] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(args[index] as string) ?? [];
    // Argo appends the file of the parameters behind everything else.
    if (name === "--argo") options.set(name, args.at(-1) as string);
    else if (name !== undefined) options.set(name, value ?? args[++index] ?? "");
  }
  return options;
}

function readExecutorInput(options: Map<string, string>): ExecutorInput {
  const file = options.get("--executor-input-file");
  const text = options.get("--executor-input") ?? (file === undefined ? undefined : readText("executor input", file));
  if (text === undefined) throw new ContractError(`The executor input is missing.\n${usage}`);
  let executorInput: ExecutorInput;
  try {
    executorInput = JSON.parse(text) as ExecutorInput;
  } catch (error) {
    throw new ContractError(`The executor input is not JSON: ${(error as Error).message}.`);
  }
  if (typeof executorInput !== "object" || executorInput === null || Array.isArray(executorInput)) throw new ContractError("The executor input is no JSON object.");
  if (executorInput.inputs?.parameterValues !== undefined) executorInput.inputs.parameterValues = fillTemplates(executorInput.inputs.parameterValues);
  return executorInput;
}

function readText(what: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ContractError(`The ${what} file "${file}" cannot be read.`);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ContractError) return { kind: "contract", message: error.message };
  try {
    return crashOf(error);
  } catch {
    return { kind: "crash", message: "The op threw something that cannot be shown." };
  }
}

function crashOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: "crash", message: `The op threw ${typeof error === "string" ? JSON.stringify(error) : inspect(error)}, which is no Error and has no stack.` };
  const { stack, position } = mapStack(error);
  const cause = error.cause instanceof Error ? `\nCaused by ${mapStack(error.cause).stack}` : "";
  return { kind: "crash", message: error.message === "" ? error.name : `${error.name}: ${error.message}`, stack: stack + cause, ...(position === undefined ? {} : { position }) };
}

function report(failure: Failure, file: string | undefined): void {
  const lines = [`hmc: ${failure.message}`];
  const { position, stack } = failure;
  if (position !== undefined) lines.push(`${position.file}:${position.line}:${position.column}`, codeFrame(position));
  // The message stands above already.
  if (stack !== undefined) lines.push(stack.startsWith(failure.message) ? stack.slice(failure.message.length).replace(/^\n/, "") : stack);
  process.stderr.write(lines.map((line) => `${line}\n`).join(""));
  if (file === undefined) return;
  try {
    writeFileSync(file, JSON.stringify(failure));
  } catch (error) {
    process.stderr.write(`hmc: ${(error as Error).message}\n`);
  }
}

/** SIGTERM and SIGINT end the process with its exit handlers, unless the op handles the signal itself. */
function endOnSignals(run: Run): void {
  for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      run.settled = true;
      process.exit(code);
    });
  }
}
