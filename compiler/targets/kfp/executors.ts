/** What the pods of tasks run. */
import type { Argument, ArgumentPart, ContainerComponent, ImporterComponent, Json, OpComponent, Span, TaskOptions } from "../../ir/types.ts";
import { resourcesOf } from "./resources.ts";
import { report, type Build } from "./scope.ts";
import type { ArtifactTypeSchema, ContainerSpec, ExecutorSpec } from "./spec.ts";

/** An op: the entrypoint finds it by its id and reads everything else from the executor input. */
export function opExecutor(build: Build, component: OpComponent, task: string, options: TaskOptions, span: Span): ExecutorSpec {
  return entrypointExecutor(build, ["run", component.id], task, options, span);
}

/** The helper that copies its inputs to the outputs of the same names. */
export function relayExecutor(build: Build, task: string, options: TaskOptions, span: Span): ExecutorSpec {
  return entrypointExecutor(build, ["relay"], task, options, span);
}

function entrypointExecutor(build: Build, words: string[], task: string, options: TaskOptions, span: Span): ExecutorSpec {
  return {
    container: {
      ...podSpec(build, task, options, span),
      command: [...build.entrypoint, ...words],
      args: ["--executor-input", "{{$}}"],
    },
  };
}

/**
 * A foreign container.
 *
 * @param given which optional inputs the task gets: always, never, or only known at run time
 */
export function containerExecutor(build: Build, component: ContainerComponent, task: string, options: TaskOptions, given: (input: string) => "given" | "absent" | "unknown", span: Span): ExecutorSpec {
  const print = (list: Argument[]): string[] => list.flatMap((argument) => printArgument(build, component, argument, given, span));
  const [command, args] = [print(component.command), print(component.args)];
  const pod = podSpec(build, task, options, span);
  const env = [...Object.entries(component.env).map(([name, value]) => ({ name, value })), ...(pod.env ?? [])];
  if (build.real) {
    if (command.length === 0 && args.length === 0) report(build, "HMC4028", component.span, { container: component.name, version: build.capabilities.version });
    for (const text of plainTexts(component)) checkText(build, text, `the command line of "${component.name}"`, component.span);
    for (const [name, value] of Object.entries(component.env)) checkText(build, value, `the environment variable "${name}" of "${component.name}"`, component.span);
  }
  return {
    container: {
      ...pod,
      ...(env.length === 0 ? {} : { env }),
      ...(command.length === 0 ? {} : { command }),
      ...(args.length === 0 ? {} : { args }),
    },
  };
}

function podSpec(build: Build, task: string, options: TaskOptions, span: Span): ContainerSpec {
  if (options.image === undefined) report(build, "HMC4021", span, { task });
  const env = Object.entries(options.env ?? {}).flatMap(([name, value]) => (value.kind === "literal" ? [{ name, value: value.value }] : []));
  if (build.real) for (const { name, value } of env) checkText(build, value, `the environment variable "${name}" of "${task}"`, options.spans?.[`env.${name}`] ?? span);
  const resources = resourcesOf(options, !build.real);
  return { image: options.image ?? "", ...(env.length === 0 ? {} : { env }), ...(resources === undefined ? {} : { resources }) };
}

function printArgument(build: Build, component: ContainerComponent, argument: Argument, given: (input: string) => "given" | "absent" | "unknown", span: Span): string[] {
  if (argument.kind === "text") return [argument.parts.map(printPart).join("")];
  const { input, then, otherwise } = argument;
  // The back end resolves IfPresent only in a few places (kfp-lowering 31), so what is known is decided here.
  const state = build.real ? given(input) : "unknown";
  if (state !== "unknown") return (state === "given" ? then : otherwise).flatMap((inner) => printArgument(build, component, inner, given, span));
  const texts = (list: Argument[]): string[] | undefined => {
    const words: string[] = [];
    for (const inner of list) {
      if (inner.kind !== "text" || (build.real && inner.parts.some((part) => typeof part !== "string" && part.placeholder !== "inputValue"))) return undefined;
      words.push(inner.parts.map(printPart).join(""));
    }
    return words;
  };
  const [present, absent] = [texts(then), texts(otherwise)];
  if (present === undefined || absent === undefined || (build.real && component.inputs[input]?.type.kind === "artifact")) {
    report(build, "HMC4029", span, { input, version: build.capabilities.version });
    return [];
  }
  return [pythonJson({ IfPresent: { InputName: input, Then: present, ...(absent.length === 0 ? {} : { Else: absent }) } })];
}

function printPart(part: ArgumentPart): string {
  if (typeof part === "string") return part;
  switch (part.placeholder) {
    case "inputValue":
      return `{{$.inputs.parameters['${part.name}']}}`;
    case "inputPath":
      return `{{$.inputs.artifacts['${part.name}'].path}}`;
    case "inputUri":
      return `{{$.inputs.artifacts['${part.name}'].uri}}`;
    case "outputPath":
      return `{{$.outputs.artifacts['${part.name}'].path}}`;
    case "outputUri":
      return `{{$.outputs.artifacts['${part.name}'].uri}}`;
    case "outputFile":
      return `{{$.outputs.parameters['${part.name}'].output_file}}`;
    case "executorInput":
      return "{{$}}";
  }
}

/** JSON with the spaces of Python's `json.dumps`: the back end recognises `{"IfPresent":` by its text. */
function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (value !== null && typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`).join(", ")}}`;
  return JSON.stringify(value);
}

function plainTexts(component: ContainerComponent): string[] {
  const collect = (argument: Argument): string[] =>
    argument.kind === "text" ? argument.parts.filter((part) => typeof part === "string") : [...argument.then, ...argument.otherwise].flatMap(collect);
  return [...component.command, ...component.args].flatMap(collect);
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
