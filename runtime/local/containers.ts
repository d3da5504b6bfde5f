/** Container components in local runs: their command line, and the engine that runs it. */
import { spawnSync } from "node:child_process";
import type { Argument, ArgumentPart, ContainerComponent, ContextName, Json, TaskOptions } from "../../compiler/ir/types.ts";
import { bug } from "../../compiler/bug.ts";
import { contextOfArgo } from "../../compiler/ir/argo-variables.ts";
import { textOf } from "../codec.ts";
import type { Artifact, ExecutorInput } from "../protocols/kfp.ts";
import type { Inputs } from "../protocols/local.ts";

/** `host` runs the command on this machine without its image. */
export type Engine = "docker" | "podman" | "host";

/** The first container engine that answers, if any. */
export function findEngine(): Engine | undefined {
  for (const engine of ["docker", "podman"] as const) {
    const { status } = spawnSync(engine, ["version", "--format", "{{.Server.Version}}"], { stdio: "ignore", timeout: 5000 });
    if (status === 0) return engine;
  }
  return undefined;
}

/** What placeholders stand for in one task. */
export interface Filling {
  component: ContainerComponent;
  inputs: Inputs;
  executorInput: ExecutorInput;
  /** What the run says of itself. */
  context: (name: ContextName) => string;
}

/** The words of command and arguments, with placeholders filled. */
export function commandLine(filling: Filling): string[] {
  const { component, inputs } = filling;
  const words = (argument: Argument): string[] => {
    switch (argument.kind) {
      case "text":
        return [filled(filling, argument.parts)];
      case "concat":
        return [argument.items.flatMap(words).join("")];
      case "ifPresent":
        return (inputs[argument.input] === undefined ? argument.otherwise : argument.then).flatMap(words);
    }
  };
  return [...component.command, ...component.args].flatMap(words);
}

/** Text with placeholders filled, such as that of a script. */
export function filled(filling: Filling, parts: readonly ArgumentPart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : placeholder(part, filling))).join("");
}

function placeholder(part: Exclude<ArgumentPart, string>, { component, inputs, executorInput, context }: Filling): string {
  const outputs = executorInput.outputs;
  const metadata = (values: { [key: string]: Json } | undefined, key: string | undefined): string => (key === undefined ? JSON.stringify(values ?? {}) : textOf(values?.[key] ?? ""));
  switch (part.placeholder) {
    case "executorInput":
      return JSON.stringify(executorInput);
    case "inputValue":
      return textOf(inputs[part.name] as Parameters<typeof textOf>[0]);
    case "inputPath":
      return component.files?.[part.name] ?? artifactOf(inputs, part.name).path;
    case "inputUri":
      return artifactOf(inputs, part.name).uri;
    case "inputMetadata":
      return metadata(artifactOf(inputs, part.name).metadata, part.key);
    case "inputArtifact": {
      const given = executorInput.inputs?.artifacts?.[part.name]?.artifacts ?? [];
      return JSON.stringify(Array.isArray(inputs[part.name]) ? given : (given[0] ?? null));
    }
    case "outputMetadata":
      return metadata(outputs?.artifacts?.[part.name]?.artifacts?.[0]?.metadata, part.key);
    case "context":
      return context(part.name);
    case "argoVariable":
      return context(contextOfArgo(part.name) ?? bug(`a local run has no "${part.name}"`));
    case "outputPath":
    case "outputUri":
      return (part.placeholder === "outputPath" ? component.files?.[part.name] : undefined) ?? outputs?.artifacts?.[part.name]?.artifacts?.[0]?.uri ?? bug(`there is no output artifact "${part.name}"`);
    case "outputFile":
      return component.files?.[part.name] ?? outputs?.parameters?.[part.name]?.outputFile ?? bug(`there is no output parameter "${part.name}"`);
  }
}

function artifactOf(inputs: Inputs, name: string): Artifact {
  const value = inputs[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null ? (first as Artifact) : bug(`there is no input artifact "${name}"`);
}

/** A file or folder of this machine, and where it is in the container. */
export interface Mount {
  from: string;
  to: string;
}

/** The artifacts that a container reads, each where it says or else under its own path. */
export function inputMounts(component: ContainerComponent, inputs: Inputs): Mount[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    if (!isArtifacts(value)) return [];
    return [value].flat().map(({ path }) => ({ from: path, to: component.files?.[name] ?? path }));
  });
}

function isArtifacts(value: Inputs[string]): value is Artifact | Artifact[] {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null && "uri" in first && "path" in first;
}

/** What a container writes at places of its own, and where the run keeps it. */
export function outputCopies({ files = {}, outputs }: ContainerComponent, executorInput: ExecutorInput): Mount[] {
  return Object.entries(files).flatMap(([name, from]) => {
    if (outputs[name] === undefined) return [];
    const to = executorInput.outputs?.parameters?.[name]?.outputFile ?? executorInput.outputs?.artifacts?.[name]?.artifacts?.[0]?.uri;
    return to === undefined ? [] : [{ from, to }];
  });
}

/**
 * The process that runs a command in its image. The run directory and the files of the inputs are mounted under their own
 * paths, so paths mean the same inside and outside.
 */
export function engineCommand(
  engine: "docker" | "podman",
  given: { component: ContainerComponent; options: TaskOptions; words: string[]; env: Record<string, string>; folder: string; workspace?: string; mounts: Mount[]; name: string },
): string[] {
  const { component, words, env, folder, mounts, name, options } = given;
  const user = engine === "docker" && process.getuid !== undefined ? ["--user", `${process.getuid()}:${process.getgid?.() ?? 0}`] : [];
  return [
    // What lies at a fixed place is copied out of the container when it has ended.
    engine, "run", ...(component.files === undefined ? ["--rm"] : []), "--init", "--name", name, ...user,
    "--volume", `${folder}:${folder}`,
    ...(given.workspace === undefined ? [] : ["--volume", `${given.workspace}:${given.workspace}`]),
    ...mounts.flatMap(({ from, to }) => ["--volume", `${from}:${to}:ro`]),
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...(component.command.length === 0 ? [] : ["--entrypoint", words[0] as string]),
    typeof options.image === "string" ? options.image : bug(`the container "${component.id}" has no image`),
    ...(component.command.length === 0 ? words : words.slice(1)),
  ];
}
