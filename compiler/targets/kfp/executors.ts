/** What the pods of tasks run. */
import type { ContainerComponent, ImporterComponent, OpComponent, Span, TaskOptions } from "../../ir/types.ts";
import { printPlaceholder } from "../../expressions/placeholder-text.ts";
import { inlineCommand } from "../inline.ts";
import { runsInDriver } from "../../ir/options.ts";
import { type CommandLine, plainTexts } from "./command-line.ts";
import { constantOptions, type OptionValues } from "./constant-options.ts";
import { patchedContainer } from "./patch.ts";
import { resourcesOf } from "./resources.ts";
import { report, type Build } from "./scope.ts";
import type { ArtifactTypeSchema, ContainerSpec, ExecutorSpec, Port } from "./spec.ts";

/** An op: the entrypoint finds it by its id and reads everything else from the executor input. */
export function opExecutor(build: Build, component: OpComponent, task: string, options: TaskOptions, values: OptionValues, span: Span): ExecutorSpec {
  const start = options.inline === true ? inlineCommand(build.inline, component.id) : build.entrypoint;
  return entrypointExecutor(build, [...start, "run", component.id], task, options, values, span);
}

/** The helper that copies its inputs to the outputs of the same names. */
export function relayExecutor(build: Build, task: string, options: TaskOptions, span: Span): ExecutorSpec {
  return entrypointExecutor(build, [...build.entrypoint, "relay"], task, options, constantOptions, span);
}

/** Copies values and files with a shell: for each output what it is, the value or file, and where it goes. */
const shellScript = 'while [ "$#" -gt 0 ]; do mkdir -p "$(dirname "$3")"; if [ "$1" = file ]; then cp -r "$2" "$3"; else printf %s "$2" > "$3"; fi; shift 3; done';

/** The same helper in an image without the entrypoint. Its arguments are those of `shellCopy`, output by output. */
export function shellRelayExecutor(image: string): ExecutorSpec {
  return { container: { image, command: ["sh", "-ec", shellScript, "relay"], args: [] } };
}

/** The arguments with which the shell copies one input to the output of the same name. */
export function shellCopy(name: string, port: Port): string[] {
  return port.kind === "artifact"
    ? ["file", printPlaceholder({ placeholder: "inputPath", name }), printPlaceholder({ placeholder: "outputPath", name })]
    : ["value", printPlaceholder({ placeholder: "inputValue", name }), printPlaceholder({ placeholder: "outputFile", name })];
}

function entrypointExecutor(build: Build, command: string[], task: string, options: TaskOptions, values: OptionValues, span: Span): ExecutorSpec {
  const container = {
    ...podSpec(build, task, options, values, span),
    command,
    args: ["--executor-input", "{{$}}"],
  };
  return { container: patchedContainer(container, options) };
}

/** A foreign container. */
export function containerExecutor(build: Build, component: ContainerComponent, task: string, options: TaskOptions, values: OptionValues, { command, args }: CommandLine, span: Span): ExecutorSpec {
  const pod = podSpec(build, task, options, values, span);
  const env = [...Object.entries(component.env).map(([name, value]) => ({ name, value })), ...(pod.env ?? [])];
  if (build.real) {
    if (component.template === undefined && command.length === 0 && args.length === 0 && !runsInDriver(options.image)) report(build, "HMC4028", component.span, { container: component.name, version: build.capabilities.version });
    for (const text of plainTexts(component)) checkText(build, text, `the command line of "${component.name}"`, component.span);
    for (const [name, value] of Object.entries(component.env)) checkText(build, value, `the environment variable "${name}" of "${component.name}"`, component.span);
  }
  const container = {
    ...pod,
    ...(env.length === 0 ? {} : { env }),
    ...(command.length === 0 ? {} : { command }),
    ...(args.length === 0 ? {} : { args }),
  };
  return { container: patchedContainer(container, options) };
}

function podSpec(build: Build, task: string, options: TaskOptions, values: OptionValues, span: Span): ContainerSpec {
  if (options.image === undefined) report(build, "HMC4021", span, { task });
  const env = Object.entries(options.env ?? {}).flatMap(([name, value]) => (value.kind === "literal" ? [{ name, value: value.value }] : []));
  if (build.real) for (const { name, value } of env) checkText(build, value, `the environment variable "${name}" of "${task}"`, options.spans?.[`env.${name}`] ?? span);
  const image = options.image === undefined ? "" : values.text(options.image, "base_image");
  const resources = resourcesOf(options, !build.real, values);
  return { image, ...(env.length === 0 ? {} : { env }), ...(resources === undefined ? {} : { resources }) };
}

/** An artifact that exists already. */
export function importerExecutor(build: Build, component: ImporterComponent, type: ArtifactTypeSchema, uri: { constant: string } | { runtimeParameter: string }): ExecutorSpec {
  const { version } = build.capabilities;
  // Run-time values in the metadata are refused as such.
  const isConstant = Object.keys(component.inputs).length === 1;
  if (build.real && isConstant) {
    if ("constant" in uri) checkText(build, uri.constant, "the URI of an imported artifact", component.span);
    for (const [key, value] of Object.entries(component.metadata)) {
      if (typeof value !== "string" && typeof value !== "number") report(build, "HMC4026", component.span, { key, version });
      if (typeof value === "string") checkText(build, value, `the metadata "${key}"`, component.span);
    }
  }
  return {
    importer: {
      artifactUri: uri,
      typeSchema: type,
      ...(component.reimport ? { reimport: true } : {}),
      ...(Object.keys(component.metadata).length === 0 ? {} : { metadata: component.metadata }),
      ...(component.downloadToWorkspace ? { downloadToWorkspace: true } : {}),
    },
  };
}

const rewritten: [RegExp, string][] = [
  [/[\u{10000}-\u{10ffff}]/u, "its database refuses characters beyond U+FFFF, such as emoji"],
  [/[\0\u007f\ud800-\udfff]/u, "its API refuses this control character"],
  [/\{\{/, 'Argo takes "{{" for a template'],
  [/\$\$/, 'the kubelet makes one "$" of "$$"'],
];

/** Reports text that does not come through as it is (kfp-real 8). */
export function checkText(build: Build, text: string, where: string, span: Span): void {
  for (const [pattern, reason] of rewritten) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const from = Math.max(0, found.index - 10);
    report(build, "HMC4015", span, { text: text.slice(from, found.index + 20), where, reason, version: build.capabilities.version });
    return;
  }
}
