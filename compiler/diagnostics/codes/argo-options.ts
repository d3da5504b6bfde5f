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
};
