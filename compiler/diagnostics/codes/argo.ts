import { code } from "../code.ts";

/** 4101–4139: what Argo Workflows cannot run as it is written. */
export const argoCodes = {
  HMC4101: code("error", "No expression of Argo", (p: { construct: string }) => `Argo's expressions do not have ${p.construct}. Compute the value in an op.`),
  HMC4102: code("error", "Artifacts in a way that Argo cannot pass on", (p: { construct: string }) => `${p.construct} does not reach a task on Argo. Collect the artifacts with ".map" over a list of values, or pass on one artifact.`),
  HMC4103: code(
    "error",
    "Fan-in of artifacts that no task of the loop writes",
    () => `Argo collects artifacts only where each iteration writes its own: by an op or a container in the loop, or in a pipeline that the loop calls and outside of the loops of that. Imported artifacts, those from outside the loop, those that a branch may replace, and lists are none; let an op in the loop copy them.`,
  ),
  HMC4104: code("error", `Values of "try" in "finally"`, () => `On Argo what runs in "finally" cannot read what a task of the "try" gives: the task may have failed. Say what it is then, with a value from before: "let x = \"none\"; try { x = … }" (Argo 3.7), or pass on "runStatus()".`),
  HMC4105: code("error", "Only on Kubeflow Pipelines", (p: { what: string }) => `Argo does not have ${p.what}: only Kubeflow Pipelines does. Remove it, or compile with "--target kfp".`),
  HMC4107: code(
    "error",
    "A work of KFP's driver",
    (p: { image: string }) => `The image "${p.image}" stands for a work of KFP's own driver, which Argo does not have. Use the option "workspace" of the pipeline, or a claim that exists.`,
  ),
  HMC4108: code("warning", "Option of a call of a pipeline", (p: { option: string; pipeline: string }) => `Argo cannot set "${p.option}" for the whole pipeline "${p.pipeline}": its tasks have their own options. Set it in the "defaults" of "${p.pipeline}".`),
  HMC4110: code("error", "A location that Argo does not know", (p: { uri: string }) => `Argo cannot load "${p.uri}": the URI must begin with "s3://", "gs://", "oss://" or "https://". Use one of these, or load it in an op.`),
  HMC4111: code(
    "error",
    "An argument that only the run decides",
    (p: { input: string; container: string }) => `The arguments of "${p.container}" depend on whether "${p.input}" has a value, which only the run knows, but the number of arguments on Argo is fixed. Give it a fallback with "??", or call the container in an "if".`,
  ),
  HMC4112: code(
    "warning",
    "No command",
    (p: { container: string }) => `The container "${p.container}" has no command, so Argo must look up that of the image in its registry, which fails for private ones. Write the "command".`,
  ),
  HMC4113: code("error", "A placeholder that Argo does not have", (p: { what: string; container: string }) => `Argo cannot write ${p.what} into the command line of "${p.container}". Pass it on as a parameter.`),
  HMC4114: code("error", "A pipeline that takes an artifact", (p: { input: string; pipeline: string }) => `A run of "${p.pipeline}" cannot be given the artifact "${p.input}". Take its URI as text, and read it with "importArtifact".`),
  HMC4115: code("error", "What Argo would refuse", (p: { what: string; code: string; problem: string }) => `Argo would refuse this pipeline because of ${p.what}: ${p.problem} (${p.code}) Correct it.`),
};
