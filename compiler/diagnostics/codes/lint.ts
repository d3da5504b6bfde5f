import { code } from "../code.ts";

/** 5xxx: legal, but probably not meant. These can be suppressed with a comment, whatever their severity. */
export const lintCodes = {
  HMC5001: code("warning", "Unused output", (p: { task: string; outputs: string }) => `Nothing uses the task "${p.task}" or its output ${p.outputs}. Pass it on, return it from the pipeline, or remove the call.`),
  HMC5002: code("warning", "Unused parameter", (p: { parameter: string; pipeline: string }) => `The parameter "${p.parameter}" of the pipeline "${p.pipeline}" is never used. Use it or remove it.`),
  HMC5003: code("warning", "Image without a fixed version", (p: { image: string; problem: string }) => `The image "${p.image}" ${p.problem}, so two runs may differ. Pin a version, or a digest.`),
  HMC5004: code("warning", "Schedule fires every minute", (p: { schedule: string }) => `The schedule "${p.schedule}" starts a run every minute. If that is meant, say so in a suppression; else give the minutes, such as "0 * * * *" for once an hour.`),
  HMC5005: code("warning", "Schedule fires sixty times an hour", (p: { schedule: string; hours: string; better: string }) => `The schedule "${p.schedule}" starts 60 runs in ${p.hours}, one each minute. Write "${p.better}" for one.`),
  HMC5006: code("warning", "Schedule with two kinds of days", (p: { schedule: string }) => `The schedule "${p.schedule}" restricts both the day of month and the day of week. Cron fires when either matches, not when both do. Restrict only one of them.`),
  HMC5007: code("warning", "Option without effect", (p: { option: string; needs: string }) => `The option "${p.option}" has no effect without "${p.needs}". Add "${p.needs}" or remove it.`),
  HMC5008: code("info", "Redundant order", (p: { task: string; upstream: string; reason: string }) => `"${p.task}" need not be put after "${p.upstream}": ${p.reason}. Remove the call of ".after()" or ".before()".`),
  HMC5009: code("warning", "Loop over an empty list", (p: { loop: string }) => `The loop "${p.loop}" never runs: its list is empty. Fill the list or remove the loop.`),
  HMC5010: code("warning", "Constant condition", (p: { value: string; effect: string }) => `This condition is always ${p.value}: ${p.effect}. Remove the condition or compare with a value of the run.`),
  HMC5011: code("warning", "Unlikely quantity", (p: { option: string; value: string; meaning: string; suggestion: string }) => `The option "${p.option}" is "${p.value}", which is ${p.meaning}. Did you mean "${p.suggestion}"?`),
  HMC5012: code("warning", "Relative mount path", (p: { path: string }) => `The mount path "${p.path}" is not absolute, and Kubernetes mounts at "/${p.path.replace(/^(?:\.\/)+/, "")}". Begin it with "/".`),

  HMC5020: code("error", "Credential in plain text", (p: { name: string; reason: string }) => `The environment variable "${p.name}" ${p.reason}, and everyone who sees the pipeline could read it. Use "secret()".`),
  HMC5021: code("error", "Credential read from the environment", (p: { name: string }) => `"env()" would write the value of "${p.name}", which looks like a credential, into the output. Use "secret()".`),

  HMC5090: code("warning", "Suppression without a reason", (p: { codes: string }) => `The suppression of ${p.codes} gives no reason. Write it after the codes: "-- why this is meant".`),
  HMC5091: code("warning", "Unused suppression", (p: { code: string; where: string }) => `The suppression of "${p.code}" matches nothing on ${p.where}. Remove it.`),
  HMC5092: code("warning", "Unknown code in a suppression", (p: { code: string; suggestion?: string | undefined }) => `There is no code "${p.code}". ${p.suggestion === undefined ? "The codes are listed in docs/errors/README.md." : `Did you mean "${p.suggestion}"?`}`),
  HMC5093: code("warning", "Code cannot be suppressed", (p: { code: string; reason: string }) => `"${p.code}" cannot be suppressed: ${p.reason}.`),
  HMC5094: code("warning", "Malformed suppression", (p: { text: string; problem: string }) => `The comment "${p.text}" suppresses nothing: ${p.problem}. Write "// hmc-disable-next-line HMC5003 -- reason" or "// hmc-disable-file HMC5003 -- reason".`),
};
