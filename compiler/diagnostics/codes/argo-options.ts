import { code } from "../code.ts";

/** 4140–4199: options, documents and sizes on Argo Workflows. */
export const argoOptionCodes = {
  HMC4140: code(
    "error",
    "Text that Argo rewrites",
    (p: { text: string; where: string; reason: string }) => `Argo does not keep the text "${p.text}" in ${p.where}: ${p.reason}. Write it in another way, or put it into a file.`,
  ),
  HMC4141: code("warning", "Option without effect on Argo", (p: { option: string; why: string; instead: string }) => `Argo does not honour "${p.option}": ${p.why}. ${p.instead}`),
  HMC4142: code("info", "A patch for KFP", (p: { task: string }) => `The "kfp" patch of "${p.task}" has no effect on Argo. Write "argo" options for the same effect there.`),
  HMC4143: code(
    "error",
    "An option of a newer Argo",
    (p: { option: string; version: string; since: string; instead: string }) => `Argo ${p.version} does not have "${p.option}", which is new in ${p.since}. ${p.instead}`,
  ),
  HMC4144: code("error", "An option that Argo cannot have so", (p: { option: string; why: string; instead: string }) => `Argo cannot take "${p.option}" as it is: ${p.why}. ${p.instead}`),
  HMC4145: code(
    "error",
    "A scheduled run without a value",
    (p: { parameter: string; pipeline: string }) => `Scheduled runs of "${p.pipeline}" have no value for the parameter "${p.parameter}". Give it a default, or compile with "--kind template" and start the runs yourself.`,
  ),
  HMC4146: code(
    "error",
    "An option for something that is not there",
    (p: { kind: "artifact" | "output" | "parameter"; option: string; name: string; task: string; suggestion: string | undefined }) =>
      `The option "${p.option}" names the ${p.kind} "${p.name}", which "${p.task}" does not have. ${p.suggestion === undefined ? "Remove it, or correct the name." : `Did you mean "${p.suggestion}"?`}`,
  ),
  HMC4150: code("error", "Unknown version of Argo", (p: { version: string; known: readonly string[] }) => `hmc does not know Argo ${p.version}. Choose one of: ${p.known.join(", ")}.`),
  HMC4151: code("error", "A text that no process can be given", (p: { where: string; bytes: number; limit: number }) => `The text of ${p.where} has ${p.bytes} bytes, and a process takes at most ${p.limit}. Pass it on as an artifact.`),
  HMC4152: code("error", "A pipeline that the cluster does not take", (p: { pipeline: string; bytes: number; limit: number }) => `"${p.pipeline}" has ${p.bytes} bytes as an object of the cluster, which takes at most ${p.limit}. Use loops, or split the pipeline.`),
  HMC4153: code("error", "Too many inputs of a template", (p: { template: string; inputs: number; limit: number }) => `The template "${p.template}" has ${p.inputs} inputs, and Argo takes at most ${p.limit}. Pass values on as one object.`),
  HMC4154: code(
    "warning",
    "A run whose state may not fit",
    (p: { pipeline: string; nodes: number; bytes: number; limit: number }) => `A run of "${p.pipeline}" has about ${p.nodes} nodes, whose state of ${p.bytes} bytes Argo may not be able to store: the cluster takes ${p.limit}. Split the pipeline, or let one task do more.`,
  ),
  HMC4155: code("warning", "A large text as a parameter", (p: { where: string; bytes: number }) => `The text of ${p.where} has ${p.bytes} bytes, and the state of a run holds it several times. Pass it on as an artifact.`),
  HMC4156: code("error", "A recursion of too many templates", (p: { pipeline: string; templates: number; limit: number }) => `"${p.pipeline}" needs ${p.templates} templates in one object, because they call each other, and Argo takes at most ${p.limit}. Use loops, or do more in one task.`),
};
