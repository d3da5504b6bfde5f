/**
 * The protocol of plain Argo: a file with the parameters of the template comes in, files at fixed paths go out. Argo puts
 * the input artifacts at their paths before the op starts, and takes the outputs from theirs (reference argo.md 3.3).
 * Inside it is KFP's: what Argo gives becomes an `ExecutorInput`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ArtifactType, Json, ParameterType } from "../../compiler/ir/types.ts";
import { jsonOfText } from "../codec.ts";
import { isArtifact, type Interface } from "../registry.ts";
import { absentText, escapeJson, escapeText, unescapeText } from "../text.ts";
import { checked, ContractError, type Artifact, type ExecutorInput, type ExecutorOutput, type RuntimeArtifact } from "./kfp.ts";

/** Where inputs and outputs lie in the container. */
export const argoRoot = "/hmc";

/** Before the name of an artifact: the input parameter with its metadata. */
const metadataPrefix = "hmc-meta-";
/** Before the name of a list of artifacts: the input parameter that says how many folders are around each. */
const depthPrefix = "hmc-depth-";

/** The name of an input or output in Argo, which takes ASCII only; the compiler's `parameterName` gives the same. */
export function argoName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}

/** One item of what Argo puts in place of `{{inputs.parameters}}`. */
interface Parameter {
  name: string;
  value?: string;
  default?: string;
}

/** What is passed on of an artifact beside its content. Texts in it are escaped. */
interface Metadata {
  /** Where there is none, it is that of the file, which lies elsewhere in every pod. */
  uri?: string;
  name?: string;
  metadata?: { [key: string]: Json };
}

/**
 * The executor input for an op in a pod of Argo.
 *
 * @param text the content of the file that Argo has made of `{{inputs.parameters}}`
 * @param root `/hmc`, or the folder that stands for it
 * @throws ContractError that names the input
 */
export function argoExecutorInput(op: string, contract: Interface, text: string, root: string): ExecutorInput {
  const parameters = readParameters(text);
  const parameterValues: { [name: string]: Json } = {};
  const artifacts: Record<string, { artifacts: RuntimeArtifact[] }> = {};
  for (const [name, { type }] of Object.entries(contract.inputs)) {
    const own = argoName(name);
    if (isArtifact(type)) {
      const given = inputArtifacts(op, name, type, parameters, join(root, "in", own));
      if (given !== undefined) artifacts[name] = { artifacts: given };
    } else {
      const value = parameters.get(own);
      if (value !== undefined && value !== absentText) parameterValues[name] = parsed(op, type, value, name);
    }
  }
  return { inputs: { parameterValues, artifacts }, outputs: { artifacts: plannedArtifacts(contract, root) } };
}

/**
 * Writes what an op gave, each output to the path from which Argo takes it: `out/params`, `out/artifacts`, `out/meta`.
 *
 * @param out the output artifacts as the op has left them
 */
export function writeArgoOutputs(contract: Interface, output: ExecutorOutput, out: Record<string, Artifact | Artifact[]>, root: string): void {
  for (const [name, { type }] of Object.entries(contract.outputs)) {
    const own = argoName(name);
    if (!isArtifact(type)) {
      const value = output.parameterValues[name] as Json;
      writeLine(join(root, "out/params", own), type.kind === "string" ? (value as string) : JSON.stringify(value));
      continue;
    }
    const written = (output.artifacts[name]?.artifacts ?? []).map(({ uri, ...more }): Metadata => ({ ...(uri.startsWith("file:") ? {} : { uri: escapeText(uri) }), ...more }));
    const folder = join(root, "out/artifacts", own);
    if (type.list) mkdirSync(folder, { recursive: true });
    for (const [index, { path }] of [out[name] ?? []].flat().entries()) putArtifact(path, type.list ? join(folder, String(index)) : folder);
    writeLine(join(root, "out/meta", own), JSON.stringify(type.list ? written : written[0]));
  }
}

function readParameters(text: string): Map<string, string> {
  let list: Parameter[];
  try {
    list = JSON.parse(text) as Parameter[];
  } catch (error) {
    throw new ContractError(`The parameters of the template are not JSON: ${(error as Error).message}.`);
  }
  if (!Array.isArray(list)) throw new ContractError("The parameters of the template are no JSON list.");
  return new Map(list.flatMap((parameter): [string, string][] => {
    const value = parameter.value ?? parameter.default;
    return value === undefined ? [] : [[parameter.name, value]];
  }));
}

/** Text that is no value of the type stays a text for the codec, which says what it must be. */
function parsed(op: string, type: ParameterType, text: string, path: string): Json {
  return checked("The input", op, () => jsonOfText(type, type.kind === "string" ? text : text.trim(), path));
}

/** Undefined where the artifact is not given. */
function inputArtifacts(op: string, name: string, type: ArtifactType, parameters: ReadonlyMap<string, string>, path: string): RuntimeArtifact[] | undefined {
  const text = parameters.get(metadataPrefix + argoName(name));
  if (text === absentText) return undefined;
  const metadata = text === undefined ? undefined : (parsed(op, { kind: "json" }, text, metadataPrefix + name) as Metadata | Metadata[] | null);
  if (type.list) return inputList(name, Array.isArray(metadata) ? metadata : undefined, path, Number(parameters.get(depthPrefix + argoName(name)) ?? 1));
  if (metadata === undefined && !existsSync(path)) return undefined;
  return [runtimeArtifact(name, (metadata as Metadata | null) ?? {}, path)];
}

/** Argo makes no folder where nothing was collected. */
function inputList(name: string, metadata: Metadata[] | undefined, folder: string, depth: number): RuntimeArtifact[] {
  const paths = entriesOf(folder, depth);
  const length = metadata?.length ?? paths.length;
  return Array.from({ length }, (_, index) => runtimeArtifact(name, metadata?.[index] ?? {}, paths[index] ?? join(folder, String(index))));
}

/** The entries of a folder, which are named by their place, or of the folders in it. */
function entriesOf(folder: string, depth: number): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder).sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map((entry) => join(folder, entry));
  return depth > 1 ? entries.flatMap((entry) => entriesOf(entry, depth - 1)) : entries;
}

function runtimeArtifact(name: string, given: Metadata, path: string): RuntimeArtifact {
  return { name: given.name ?? name, uri: given.uri === undefined ? `file://${path}` : unescapeText(given.uri), metadata: given.metadata ?? {}, customPath: path };
}

function plannedArtifacts(contract: Interface, root: string): Record<string, { artifacts: RuntimeArtifact[] }> {
  const result: Record<string, { artifacts: RuntimeArtifact[] }> = {};
  for (const [name, { type, metadata }] of Object.entries(contract.outputs)) {
    if (!isArtifact(type)) continue;
    const path = join(root, "out/artifacts", argoName(name), type.list ? "0" : "");
    result[name] = { artifacts: [runtimeArtifact(name, { metadata: escapeJson(metadata ?? {}) as { [key: string]: Json } }, path)] };
  }
  return result;
}

/** Argo takes an artifact, and a list as one folder, from its place only. An artifact that is only metadata is an empty file. */
function putArtifact(path: string, place: string): void {
  if (path !== place && existsSync(path)) cpSync(path, place, { recursive: true });
  if (!existsSync(place)) writeFileSync(place, "");
}

/** Argo strips one line break. */
function writeLine(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
}
