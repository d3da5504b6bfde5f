/**
 * The executor protocol of KFP v2: an `ExecutorInput` comes in as JSON, parameter files and an `ExecutorOutput` go out.
 * Text in both is escaped (`text.ts`). The launcher reads `ExecutorOutput` first and the files second, `kfp.local` the
 * other way round, so both are always written and equal.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import type { Json } from "../../compiler/ir/types.ts";
import { decodeValue, encodeValue, ValueError } from "../codec.ts";
import { isArtifact, type Interface } from "../registry.ts";
import { escapeJson, escapeText, unescapeJson, unescapeText } from "../text.ts";

export interface RuntimeArtifact {
  name?: string;
  uri?: string;
  type?: { schemaTitle?: string; schemaVersion?: string; instanceSchema?: string };
  metadata?: { [key: string]: Json };
  customPath?: string;
  custom_path?: string;
}

interface ArtifactList {
  artifacts?: RuntimeArtifact[];
}

export interface ExecutorInput {
  inputs?: {
    parameterValues?: { [name: string]: Json };
    artifacts?: { [name: string]: ArtifactList };
  };
  outputs?: {
    parameters?: { [name: string]: { outputFile?: string } };
    artifacts?: { [name: string]: ArtifactList };
    outputFile?: string;
  };
}

export interface ExecutorOutput {
  parameterValues: { [name: string]: Json };
  artifacts: { [name: string]: { artifacts: { name: string; uri: string; metadata: { [key: string]: Json } }[] } };
}

/** An artifact as an op sees it. */
export interface Artifact {
  name: string;
  uri: string;
  path: string;
  metadata: { [key: string]: Json };
  /** In local runs, what its file or folder holds; programs are not told. */
  content?: { kind: "file" | "folder"; sha256: string; bytes: number; executable?: true };
}

/** What was given to, or came out of, an op does not fit its interface. */
export class ContractError extends Error {
  override name = "ContractError";
}

/**
 * The local path of an artifact: where the launcher has put an input, and from where it takes an output.
 * The mapping is the launcher's; any other URI (`kfp.local`, local runs) is itself a path.
 */
export function pathOf(artifact: RuntimeArtifact): string {
  const custom = artifact.customPath ?? artifact.custom_path;
  if (custom !== undefined && custom !== "") return custom;
  const path = mountPath(artifact.uri ?? "");
  return artifact.metadata?.["_kfp_workspace"] === true ? posix.join("/kfp-workspace/.artifacts", path) : path;
}

function mountPath(uri: string): string {
  const [, scheme, rest] = /^([a-z0-9]+):\/\/(.*)$/s.exec(uri) ?? [];
  if (rest === undefined) return uri;
  switch (scheme) {
    case "gs":
      return `/gcs/${rest}`;
    case "s3":
      return `/s3/${rest}`;
    case "minio":
      return `/minio/${rest}`;
    case "oci":
      return `/oci/${rest.replaceAll("/", "_")}/models`;
    case "file":
      return decodeURIComponent(new URL(uri).pathname);
    default:
      return uri;
  }
}

/**
 * The inputs of an op, decoded and checked, with defaults applied.
 *
 * @throws ContractError that names the input
 */
export function readInputs(op: string, contract: Interface, executorInput: ExecutorInput): Record<string, unknown> {
  const parameters = executorInput.inputs?.parameterValues ?? {};
  const artifacts = executorInput.inputs?.artifacts ?? {};
  const result: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(contract.inputs)) {
    if (isArtifact(input.type)) {
      const list = (artifacts[name]?.artifacts ?? []).map(decodeArtifact);
      if (input.type.list) {
        if (artifacts[name] !== undefined || !input.optional) result[name] = list;
      } else if (list[0] !== undefined) {
        result[name] = list[0];
      } else if (!input.optional) {
        throw new ContractError(`The input artifact "${name}" of "${op}" is missing.`);
      }
      continue;
    }
    const given = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    // An absent optional parameter arrives without its key, or as null from kfp.local.
    const value = given === undefined || given === null ? input.default : unescapeJson(given);
    if (value === undefined) {
      // The engine gives it only where the task has settings to pass on.
      if (input.type.kind === "taskConfig") result[name] = {};
      if (input.optional) continue;
      throw new ContractError(`The input "${name}" of "${op}" is missing.`);
    }
    result[name] = checked(`The input`, op, () => decodeValue(input.type as Exclude<typeof input.type, { kind: "artifact" }>, value, name));
  }
  return result;
}

/** The output artifacts of an op, with the folders of their paths made. */
export function prepareOutputs(op: string, contract: Interface, executorInput: ExecutorInput): Record<string, Artifact | Artifact[]> {
  const result: Record<string, Artifact | Artifact[]> = {};
  for (const [name, output] of Object.entries(contract.outputs)) {
    if (!isArtifact(output.type)) continue;
    const list = (executorInput.outputs?.artifacts?.[name]?.artifacts ?? []).map(decodeArtifact);
    const first = list[0];
    if (first === undefined) throw new ContractError(`The executor input has no output artifact "${name}", which "${op}" declares.`);
    for (const artifact of list) mkdirSync(dirname(artifact.path), { recursive: true });
    result[name] = output.type.list ? list : first;
  }
  return result;
}

/**
 * Checks what an op returned and wrote, and encodes it.
 *
 * @throws ContractError that names the output
 */
export function outputsOf(op: string, contract: Interface, returned: unknown, out: Record<string, Artifact | Artifact[]>): ExecutorOutput {
  const result: ExecutorOutput = { parameterValues: {}, artifacts: {} };
  const values = outputValues(op, contract, returned);
  for (const [name, output] of Object.entries(contract.outputs)) {
    const type = output.type;
    if (isArtifact(type)) {
      const list = [out[name] ?? []].flat();
      result.artifacts[name] = { artifacts: list.map((artifact) => encodeArtifact(op, name, artifact)) };
    } else if (!Object.hasOwn(values, name) || values[name] === undefined) {
      throw new ContractError(`The output "${name}" of "${op}" is missing: return it.`);
    } else {
      result.parameterValues[name] = escapeJson(checked("The output", op, () => encodeValue(type, values[name], name)));
    }
  }
  return result;
}

/** Writes an `ExecutorOutput` and the parameter files, which say the same. */
export function writeExecutorOutput(executorInput: ExecutorInput, output: ExecutorOutput): void {
  for (const [name, value] of Object.entries(output.parameterValues)) {
    const file = executorInput.outputs?.parameters?.[name]?.outputFile;
    if (file !== undefined) writeFile(file, typeof value === "string" ? value : JSON.stringify(value));
  }
  if (executorInput.outputs?.outputFile !== undefined) writeFile(executorInput.outputs.outputFile, JSON.stringify(output));
}

/**
 * The built-in op `relay`: gives every output the input of the same name, parameters as they came, artifacts by URI and metadata.
 *
 * @throws ContractError where an output has no input of its name
 */
export function relay(executorInput: ExecutorInput): void {
  const result: ExecutorOutput = { parameterValues: {}, artifacts: {} };
  for (const name of Object.keys(executorInput.outputs?.parameters ?? {})) {
    const value = executorInput.inputs?.parameterValues?.[name];
    if (value === undefined || value === null) throw new ContractError(`The input "${name}" of "relay" is missing.`);
    result.parameterValues[name] = value;
  }
  for (const [name, outputs] of Object.entries(executorInput.outputs?.artifacts ?? {})) {
    // The launcher adds this output to every container.
    if (name === "executor-logs") continue;
    const given = executorInput.inputs?.artifacts?.[name]?.artifacts;
    if (given === undefined || given.length === 0) throw new ContractError(`The input artifact "${name}" of "relay" is missing.`);
    result.artifacts[name] = {
      artifacts: given.map((artifact) => ({ name: outputs.artifacts?.[0]?.name ?? name, uri: artifact.uri ?? "", metadata: artifact.metadata ?? {} })),
    };
  }
  writeExecutorOutput(executorInput, result);
}

/** The output parameters by name: an object is read by property, anything else, and a record, is the single output `Output`. */
function outputValues(op: string, contract: Interface, returned: unknown): Record<string, unknown> {
  if (returned === undefined) return {};
  const isObject = typeof returned === "object" && returned !== null && !Array.isArray(returned);
  const single = contract.outputs["Output"]?.type;
  const isRecord = single?.kind === "json" || (single?.kind === "struct" && single.additional !== undefined);
  // A Date or a Map has no outputs as properties: it is the output, and the codec says what is wrong with it.
  const isForeign = isObject && single !== undefined && !Object.hasOwn(returned, "Output") && ![Object.prototype, null].includes(Object.getPrototypeOf(returned) as object | null);
  const values = isObject && !isRecord && !isForeign ? (returned as Record<string, unknown>) : { Output: returned };
  for (const [name, value] of Object.entries(values)) {
    const declared = Object.hasOwn(contract.outputs, name) ? contract.outputs[name] : undefined;
    if (value !== undefined && (declared === undefined || isArtifact(declared.type))) {
      throw new ContractError(`"${op}" returned the output "${name}", which it does not declare.`);
    }
  }
  return values;
}

function decodeArtifact(artifact: RuntimeArtifact): Artifact {
  const metadata = unescapeJson(artifact.metadata ?? {}) as { [key: string]: Json };
  return { name: unescapeText(artifact.name ?? ""), uri: artifact.uri ?? "", path: pathOf(artifact), metadata };
}

function encodeArtifact(op: string, output: string, artifact: Artifact): { name: string; uri: string; metadata: { [key: string]: Json } } {
  const metadata: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(artifact.metadata as Record<string, unknown>)) {
    const path = `${output}.metadata.${key}`;
    if (value === undefined) continue;
    // The launcher cannot store a null.
    if (value === null) throw new ContractError(`The output "${path}" of "${op}" is null. Leave it out.`);
    metadata[key] = checked("The output", op, () => encodeValue({ kind: "json" }, value, path));
  }
  if (!existsSync(artifact.path) && Object.keys(metadata).length === 0) {
    throw new ContractError(`The output artifact "${output}" of "${op}" is missing: write it to "out.${output}.path".`);
  }
  return { name: escapeText(artifact.name), uri: artifact.uri, metadata: escapeJson(metadata) as { [key: string]: Json } };
}

/** Does a conversion; names the input or output whose value does not fit. */
export function checked<T>(what: string, op: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    if (error instanceof ValueError) throw new ContractError(`${what} "${error.path}" of "${op}" ${error.problem}.`);
    throw error;
  }
}

function writeFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
