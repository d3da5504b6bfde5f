/** Container components in local runs: their command line, and the engine that runs it. */
import { spawnSync } from "node:child_process";
import type { Argument, ArgumentPart, ContainerComponent, ContextName, Json, TaskOptions } from "../../compiler/ir/types.ts";
import { bug } from "../../compiler/bug.ts";
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

/**
 * The words of command and arguments, with placeholders filled.
 *
 * @param context what the run says of itself
 */
export function commandLine(component: ContainerComponent, inputs: Inputs, executorInput: ExecutorInput, context: (name: ContextName) => string): string[] {
  const fill = (part: ArgumentPart): string => (typeof part === "string" ? part : placeholder(part, inputs, executorInput, context));
  const words = (argument: Argument): string[] => {
    switch (argument.kind) {
      case "text":
        return [argument.parts.map(fill).join("")];
      case "concat":
        return [argument.items.flatMap(words).join("")];
      case "ifPresent":
        return (inputs[argument.input] === undefined ? argument.otherwise : argument.then).flatMap(words);
    }
  };
  return [...component.command, ...component.args].flatMap(words);
}

function placeholder(part: Exclude<ArgumentPart, string>, inputs: Inputs, executorInput: ExecutorInput, context: (name: ContextName) => string): string {
  const outputs = executorInput.outputs;
  const metadata = (values: { [key: string]: Json } | undefined, key: string | undefined): string => (key === undefined ? JSON.stringify(values ?? {}) : textOf(values?.[key] ?? ""));
  switch (part.placeholder) {
    case "executorInput":
      return JSON.stringify(executorInput);
    case "inputValue":
      return textOf(inputs[part.name] as Parameters<typeof textOf>[0]);
    case "inputPath":
      return artifactOf(inputs, part.name).path;
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
    case "outputPath":
    case "outputUri":
      return outputs?.artifacts?.[part.name]?.artifacts?.[0]?.uri ?? bug(`there is no output artifact "${part.name}"`);
    case "outputFile":
      return outputs?.parameters?.[part.name]?.outputFile ?? bug(`there is no output parameter "${part.name}"`);
  }
}

function artifactOf(inputs: Inputs, name: string): Artifact {
  const value = inputs[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null ? (first as Artifact) : bug(`there is no input artifact "${name}"`);
}

/**
 * The process that runs a command in its image. The run directory and the files of the inputs are mounted under their own
 * paths, so paths mean the same inside and outside.
 */
export function engineCommand(
  engine: "docker" | "podman",
  given: { component: ContainerComponent; options: TaskOptions; words: string[]; env: Record<string, string>; folder: string; workspace?: string; mounts: string[]; name: string },
): string[] {
  const { component, words, env, folder, mounts, name, options } = given;
  const user = engine === "docker" && process.getuid !== undefined ? ["--user", `${process.getuid()}:${process.getgid?.() ?? 0}`] : [];
  return [
    engine, "run", "--rm", "--init", "--name", name, ...user,
    "--volume", `${folder}:${folder}`,
    ...(given.workspace === undefined ? [] : ["--volume", `${given.workspace}:${given.workspace}`]),
    ...mounts.flatMap((path) => ["--volume", `${path}:${path}:ro`]),
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...(component.command.length === 0 ? [] : ["--entrypoint", words[0] as string]),
    typeof options.image === "string" ? options.image : bug(`the container "${component.id}" has no image`),
    ...(component.command.length === 0 ? words : words.slice(1)),
  ];
}
