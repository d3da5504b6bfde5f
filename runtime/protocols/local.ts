/** The protocol of local runs: KFP's executor protocol, with folders of the run directory in place of a bucket. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactType, Component, ContainerComponent, Json, ParameterType } from "../../compiler/ir/types.ts";
import { decodeValue, parseText } from "../codec.ts";
import { isArtifact } from "../registry.ts";
import { escapeJson, escapeText, unescapeJson, unescapeText } from "../text.ts";
import { ContractError, pathOf, type Artifact, type ExecutorInput, type ExecutorOutput, type RuntimeArtifact } from "./kfp.ts";

/** What a task gave, decoded: parameters and artifacts by output name. */
export type Outputs = Record<string, Json | Artifact | Artifact[]>;

/** Values by input name; absent ones have no key. */
export type Inputs = Record<string, Json | Artifact | Artifact[]>;

type Interface = Pick<Component, "inputs" | "outputs"> & Pick<ContainerComponent, "defaults">;

/**
 * The executor input of a task whose outputs go into a folder.
 *
 * @param folder absolute; gets `outputs/<parameter>`, `artifacts/<name>` and `executor-output.json`
 */
export function makeExecutorInput(component: Interface, inputs: Inputs, folder: string): ExecutorInput {
  const parameterValues: { [name: string]: Json } = {};
  const artifacts: Record<string, { artifacts: RuntimeArtifact[] }> = {};
  for (const [name, input] of Object.entries(component.inputs)) {
    const value = inputs[name];
    if (value === undefined) continue;
    if (isArtifact(input.type)) artifacts[name] = { artifacts: [value as Artifact | Artifact[]].flat().map((artifact) => encodeArtifact(artifact, input.type as ArtifactType)) };
    else parameterValues[name] = escapeJson(value as Json);
  }
  const parameters: Record<string, { outputFile: string }> = {};
  const outputArtifacts: Record<string, { artifacts: RuntimeArtifact[] }> = {};
  for (const [name, output] of Object.entries(component.outputs)) {
    if (isArtifact(output.type)) {
      const metadata = escapeJson(output.metadata ?? {}) as { [key: string]: Json };
      outputArtifacts[name] = { artifacts: [{ name, uri: join(folder, "artifacts", name), type: schemaOf(output.type), metadata }] };
    } else {
      parameters[name] = { outputFile: join(folder, "outputs", name) };
    }
  }
  return {
    inputs: { parameterValues, artifacts },
    outputs: { parameters, artifacts: outputArtifacts, outputFile: join(folder, "executor-output.json") },
  };
}

/**
 * What a task has written: the executor output where it wrote one (ops do), else the parameter files and the artifact
 * paths (containers do).
 *
 * @throws ContractError, ValueError
 */
export function readOutputs(component: Interface, executorInput: ExecutorInput): Outputs {
  const file = executorInput.outputs?.outputFile as string;
  const written = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<ExecutorOutput>) : {};
  const result: Outputs = {};
  for (const [name, output] of Object.entries(component.outputs)) {
    if (isArtifact(output.type)) {
      const planned = executorInput.outputs?.artifacts?.[name]?.artifacts ?? [];
      const given = written.artifacts?.[name]?.artifacts ?? planned;
      const decoded = given.map((artifact, index) => decodeArtifact({ ...planned[index], ...artifact }));
      if (output.type.list) result[name] = decoded;
      else if (decoded[0] !== undefined) result[name] = decoded[0];
    } else {
      result[name] = readParameter(output.type, name, written, executorInput.outputs?.parameters?.[name]?.outputFile as string, component.defaults?.[name]);
    }
  }
  return result;
}

/**
 * What an op gave, from its executor output.
 *
 * @throws ValueError
 */
export function decodeOutputs(component: Interface, { parameterValues, artifacts }: ExecutorOutput): Outputs {
  const result: Outputs = {};
  for (const [name, output] of Object.entries(component.outputs)) {
    if (!isArtifact(output.type)) {
      result[name] = decodeValue(output.type, unescapeJson(parameterValues[name] ?? null), name);
      continue;
    }
    const list = (artifacts[name]?.artifacts ?? []).map(decodeArtifact);
    if (output.type.list) result[name] = list;
    else if (list[0] !== undefined) result[name] = list[0];
  }
  return result;
}

function readParameter(type: ParameterType, name: string, written: Partial<ExecutorOutput>, file: string, fallback: Json | undefined): Json {
  const value = written.parameterValues?.[name];
  if (value !== undefined) return decodeValue(type, unescapeJson(value), name);
  if (!existsSync(file) && fallback !== undefined) return fallback;
  if (!existsSync(file)) throw new ContractError(`The output "${name}" is missing: nothing was written to "${file}".`);
  const content = readFileSync(file, "utf8");
  return type.kind === "string" ? decodeValue(type, unescapeText(content), name) : parseText(type, content.trim(), name);
}

function schemaOf({ schemaTitle, schemaVersion, instanceSchema }: ArtifactType): NonNullable<RuntimeArtifact["type"]> {
  return instanceSchema === undefined ? { schemaTitle, schemaVersion } : { instanceSchema };
}

function encodeArtifact(artifact: Artifact, type: ArtifactType): RuntimeArtifact {
  return {
    name: escapeText(artifact.name),
    uri: artifact.uri,
    type: schemaOf(type),
    metadata: escapeJson(artifact.metadata) as { [key: string]: Json },
    ...(artifact.path === pathOf({ uri: artifact.uri }) ? {} : { customPath: artifact.path }),
  };
}

function decodeArtifact(artifact: RuntimeArtifact): Artifact {
  return {
    name: unescapeText(artifact.name ?? ""),
    uri: artifact.uri ?? "",
    path: pathOf(artifact),
    metadata: unescapeJson(artifact.metadata ?? {}) as { [key: string]: Json },
  };
}
