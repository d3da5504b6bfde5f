import { code } from "../code.ts";

/** `; did you mean "x"?`, or what there is to choose from. */
function choice(names: readonly string[], suggestion: string | undefined): string {
  if (suggestion !== undefined) return ` Did you mean "${suggestion}"?`;
  return names.length === 0 ? " There is none." : ` Choose one of: ${names.map((name) => `"${name}"`).join(", ")}.`;
}

interface Named {
  /** `pipeline` or `op`. */
  kind: "pipeline" | "op";
  name: string;
  parameter: string;
}

/** 6xxx: local runs. */
export const runCodes = {
  HMC6001: code("error", "Task failed", (p: { task: string; reason: string; log: string }) => `The task "${p.task}" failed: ${p.reason.replace(/\.?$/, ".")} Read its log in "${p.log}".`),
  HMC6002: code("error", "Ops cannot be bundled", (p: { message: string }) => `The ops cannot be bundled: ${p.message}. Mend the file, or install the package that it imports.`),
  HMC6003: code("error", "Unknown parameter", (p: Named & { names: string[]; suggestion?: string | undefined }) => `The ${p.kind} "${p.name}" has no parameter "${p.parameter}".${choice(p.names, p.suggestion)}`),
  HMC6004: code("error", "Missing parameter", (p: Named & { type: string; option: string }) => `The ${p.kind} "${p.name}" needs the parameter "${p.parameter}" (${p.type}), which has no default. Give it with "${p.option} ${p.parameter}=…".`),
  HMC6005: code("error", "Parameter of the wrong type", (p: Named & { path: string; problem: string }) => `The parameter "${p.path}" of the ${p.kind} "${p.name}" ${p.problem}. Give a value of that type.`),
  HMC6006: code("error", "Malformed parameter", (p: { text: string; option: string }) => `"${p.option} ${p.text}" gives no value. Write "${p.option} name=value".`),
  HMC6007: code("error", "No container engine", (p: { tasks: string }) => `These tasks run a container image, but neither docker nor podman answers: ${p.tasks}. Start one of them, or run the commands on this machine with "--exec host".`),
  HMC6008: code("error", "Unknown op", (p: { op: string; file: string; names: string[]; suggestion?: string | undefined }) => `There is no op "${p.op}" in "${p.file}".${choice(p.names, p.suggestion)}`),
  HMC6009: code("error", "Unreadable inputs", (p: { file: string; problem: string }) => `The inputs in "${p.file}" cannot be read: ${p.problem}. Give a JSON object with one member for each input.`),
  HMC6010: code("error", "Wrong number of jobs", (p: { value: string }) => `"--jobs ${p.value}" is no whole number above 0. Give how many tasks may run at once, for example "--jobs 4".`),
  HMC6011: code("error", "Run directory cannot be written", (p: { folder: string; reason: string }) => `The run cannot be kept in "${p.folder}": ${p.reason}. Make it a folder that you may write to, with space left.`),
  HMC6012: code("error", "Fixed places on this machine", (p: { tasks: string }) => `The programs of ${p.tasks} use fixed paths ("files"), which may be files of yours. Run them in their images, with docker or podman and without "--exec host".`),
  HMC6013: code("error", "A variable of Argo in a local run", (p: { name: string; reader: string }) => `"${p.reader}" reads Argo's variable "${p.name}", which a run on this machine does not have. Use "run.name" and the like, or make it a parameter.`),
  HMC6014: code("error", "Workflow that cannot be simulated", (p: { file: string; problem: string }) => `"${p.file}" cannot be simulated: ${p.problem.replace(/\.?$/, ".")} Mend it, or leave out what the simulator does not have (see docs/simulator.md).`),
  HMC6015: code("error", "Unreadable outcomes", (p: { file: string; problem: string }) => `The outcomes in "${p.file}" cannot be read: ${p.problem.replace(/\.?$/, ".")} Write a mapping from names of templates or nodes to { params, result, fail, message, exitCode, artifacts }.`),
  HMC6016: code("error", "A step that only Argo has", (p: { task: string; kind: string }) => `"${p.task}" is a step of the kind "${p.kind}", which a run on this machine does not have. Try the pipeline with "hmc simulate", or compile it for Argo.`),
};
