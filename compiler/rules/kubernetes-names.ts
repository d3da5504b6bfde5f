/** Names of Kubernetes objects that options refer to, and the syntax of labels and annotations. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { isKubernetesJson } from "../ir/traverse.ts";
import type { Document, RunTime, Span, TaskOptions } from "../ir/types.ts";
import { isLabel, isSubdomain, labelKeyProblem, labelValueProblem } from "./kubernetes-syntax.ts";
import { optionSources, optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

export const kubernetesNames: Rule = {
  codes: ["HMC3028", "HMC3029"],
  scope: "cluster",
  check(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const { options, span } of optionSources(document)) found.push(...checkObjects(options, span), ...checkMetadata(options, span));
    for (const pipeline of Object.values(document.pipelines)) {
      const name = pipeline.options.workspace?.storageClass;
      if (name !== undefined && !isSubdomain(name)) {
        found.push(diagnostic("HMC3029", optionSpan(pipeline.options, pipeline.span, "workspace.storageClass"), { option: "workspace.storageClass", name }));
      }
    }
    return found;
  },
};

function checkObjects(options: TaskOptions, span: Span | undefined): Diagnostic[] {
  const found: Diagnostic[] = [];
  const check = (option: string, path: string, name: string | RunTime | undefined, valid: (name: string) => boolean = isSubdomain): void => {
    if (typeof name === "string" && !valid(name)) found.push(diagnostic("HMC3029", optionSpan(options, span, path), { option, name }));
  };
  check("serviceAccount", "serviceAccount", options.serviceAccount);
  options.imagePullSecrets?.forEach((name, index) => check("imagePullSecrets", `imagePullSecrets.${index}`, name));
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value.kind === "secret" || value.kind === "configMap") check(`env.${name}`, `env.${name}`, value.name);
  }
  options.volumes?.forEach((volume, index) => {
    const path = `volumes.${index}`;
    switch (volume.kind) {
      case "emptyDir":
        return check("name", `${path}.name`, volume.name, isLabel);
      case "ephemeral":
        // No class at all: only a volume that exists can be bound.
        if (volume.storageClass !== "") check("storageClass", `${path}.ephemeral.storageClass`, volume.storageClass);
        return check("name", `${path}.name`, volume.name, isLabel);
      case "pvc":
        return check("pvc", `${path}.pvc`, volume.claim);
      case "secret":
        return check("secret", `${path}.secret`, volume.secret);
      case "configMap":
        return check("configMap", `${path}.configMap`, volume.configMap);
    }
  });
  return found;
}

/** All annotations of an object together (`TotalAnnotationSizeLimitB` of Kubernetes), in bytes. */
const ANNOTATIONS_LIMIT = 256 * 1024;

function checkMetadata(options: TaskOptions, span: Span | undefined): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (option: string, key: string, problem: string | undefined): void => {
    if (problem !== undefined) found.push(diagnostic("HMC3028", optionSpan(options, span, `${option}.${key}`), { option, key, problem }));
  };
  const checkLabels = (option: string, labels: Record<string, string> | undefined): void => {
    for (const [key, value] of Object.entries(labels ?? {})) report(option, key, labelKeyProblem(key) ?? labelValueProblem(value));
  };
  checkLabels("labels", options.labels);
  if (options.nodeSelector !== undefined && !isKubernetesJson(options.nodeSelector)) checkLabels("nodeSelector", options.nodeSelector);
  options.volumes?.forEach((volume, index) => {
    if (volume.kind === "ephemeral") checkLabels(`volumes.${index}.ephemeral.labels`, volume.labels);
  });
  for (const [key, value] of Object.entries(options.annotations ?? {})) {
    report("annotations", key, labelKeyProblem(key) ?? (new TextEncoder().encode(value).length > ANNOTATIONS_LIMIT ? "its value is longer than 256 KiB" : undefined));
  }
  return found;
}
