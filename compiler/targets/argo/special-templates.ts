/** Templates of other kinds than a container: `suspend`, `http`, `resource`, `containerSet` (reference argo.md 1.1). */
import type { ArgoTemplate, ArgumentPart, ContainerComponent, Json, TaskOptions, TemplateValue } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";
import type { PodContext } from "./pod-context.ts";
import type { PodSettings } from "./pod.ts";
import type { JsonObject, Parameter, Template } from "./spec.ts";

/** What a template without a pod of its own has of the settings of a task. */
const withoutPod = ["retryStrategy", "memoize", "synchronization", "metrics", "annotations"] as const;

/** Options that count only where hmc writes the container. */
const ofContainers = ["image", "cpu", "memory", "accelerator", "env", "securityContext", "imagePullPolicy"] as const satisfies (keyof TaskOptions)[];

/** Adds what runs to a template. The volumes of the task are mounted in all containers of a set. */
export function addSpecial(template: Template, { kind, fields }: ArgoTemplate, { container: { volumeMounts } }: PodSettings, write: (parts: readonly ArgumentPart[]) => string): void {
  const value = (given: TemplateValue): Json => {
    switch (given.kind) {
      case "text":
        return write(given.parts);
      case "constant":
        return given.value;
      case "list":
        return given.items.map(value);
      case "object":
        return Object.fromEntries(Object.entries(given.fields).map(([name, field]) => [name, value(field)]));
    }
  };
  template[kind] = { ...(kind === "containerSet" && volumeMounts !== undefined ? { volumeMounts } : {}), ...(value({ kind: "object", fields }) as JsonObject) };
}

/**
 * The settings of a task that such a template has. Options that it has not are reported where the step itself or the call gives them.
 *
 * @param own the options of these two
 */
export function specialSettings(build: Build, kind: ArgoTemplate["kind"], { container: _, ...settings }: PodSettings, options: TaskOptions, own: TaskOptions, context: PodContext): Omit<PodSettings, "container"> {
  for (const option of ofContainers) {
    if (own[option] === undefined) continue;
    report(build, "HMC4141", own.spans?.[option] ?? context.span, { option, why: `a step of the kind "${kind}" has no container of hmc's`, instead: kind === "containerSet" ? "Say it of one of the containers." : "Remove it." });
  }
  if (kind === "suspend" && own.timeoutSeconds !== undefined) {
    report(build, "HMC4141", own.spans?.["timeout"] ?? context.span, { option: "timeout", why: "a suspended step only goes on, after its duration", instead: 'Give the step a "duration", or the pipeline a deadline.' });
  }
  if (kind === "resource" || kind === "containerSet") return settings;
  // A deadline is one of a pod.
  const timeout = kind === "suspend" || options.timeoutSeconds === undefined ? {} : { timeout: `${options.timeoutSeconds}s` };
  return { ...timeout, ...Object.fromEntries(withoutPod.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]]))) };
}

/** Where Argo finds the value of an output; undefined where the output is a file of the container. */
export function specialOutput(component: ContainerComponent, name: string): Parameter["valueFrom"] {
  if (component.template?.kind === "suspend") return { supplied: {} };
  const from = component.outputsFrom?.[name];
  return component.template?.kind === "resource" ? (from ?? { jsonPath: "" }) : undefined;
}

/** What people may choose of where they resume a run: the values of an input. */
export function choices(component: ContainerComponent, name: string): Pick<Parameter, "enum"> {
  const type = component.inputs[name]?.type;
  return component.template?.kind === "suspend" && type?.kind === "string" && type.literals !== undefined ? { enum: type.literals } : {};
}
