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
  HMC6020: code("error", "Program missing on this machine", (p: { programs: string }) => `With "--exec host" the commands of containers run on this machine, which does not have these programs: ${p.programs}. Install them, or run without "--exec host" and with docker or podman.`),
  HMC6021: code("warning", "Damaged artifact", (p: { task: string; object: string; missing: boolean }) => `An artifact that the task "${p.task}" has given before (${p.object}) ${p.missing ? "is no longer in the store" : "is damaged: its bytes are not those that were stored"}. The task runs again.`),
  HMC6022: code("error", "Unknown run", (p: { run: string; suggestion?: string | undefined }) => `${p.run === "last" ? "This project has no such run yet." : `There is no run "${p.run}" in this project.`}${p.suggestion === undefined ? "" : ` Did you mean "${p.suggestion}"?`} Runs are the folders of ".hmc/runs"; "last" is the latest one.`),
  HMC6023: code("error", "Ambiguous run", (p: { run: string; runs: string[] }) => `Several runs begin with "${p.run}": ${p.runs.map((id) => `"${id}"`).join(", ")}. Give more of the id.`),
  HMC6024: code("error", "Parameter of a run that goes on", (p: { parameter: string; run: string; before: string }) => `The run "${p.run}" has ${p.before} as its parameter "${p.parameter}", which cannot change while it goes on. Leave "-p ${p.parameter}=…" out, or start a new run: what is the same comes from the cache.`),
  HMC6025: code("error", "Run in progress", (p: { run: string; pid: number; file: string }) => `The run "${p.run}" is in progress, in the process ${p.pid}. Wait until it ends, or end that process. If there is none on any machine that shares this folder, delete "${p.file}".`),
  HMC6026: code("error", "Result missing in an earlier run", (p: { task: string; run: string; missing: string[] }) => `"${p.task}" cannot run alone: the run "${p.run}" has no result of ${p.missing.map((task) => `"${task}"`).join(", ")}, which it needs. Go on with that run first ("hmc run --resume ${p.run}"), or use "--from".`),
  HMC6027: code("info", "Code changed since a run", (p: { ops: string[] }) => `The code of ${p.ops.map((op) => `"${op}"`).join(", ")} has changed since: tasks of it, and those that get other inputs from them, run again; everything else is kept.`),
  HMC6028: code("error", "Unknown task of a run", (p: { task: string; option: string; names: string[]; suggestion?: string | undefined; ambiguous: boolean }) => (p.ambiguous ? `"${p.option} ${p.task}" can mean several tasks.${choice(p.names, undefined)}` : `"${p.option} ${p.task}" names no task of the pipeline.${choice(p.names, p.suggestion)}`)),
  HMC6029: code("error", "Run that cannot go on", (p: { run: string; problem: string }) => `The run "${p.run}" cannot go on: ${p.problem}. Start a new run: what is the same comes from the cache.`),
  HMC6030: code("info", "Processes of an earlier start", (p: { count: number }) => `${p.count === 1 ? "One process" : `${p.count} processes`} of an earlier start of this run went on without it. ${p.count === 1 ? "It was" : "They were"} ended, and the tasks run again.`),
  HMC6031: code("info", "Containers on this machine", (p: { programs: string[] }) => `The commands of containers run on this machine, without their images: ${p.programs.map((program) => `"${program}"`).join(", ")}. Leave "--exec host" out to run them in docker or podman.`),
  HMC6040: code("error", "Unknown task in a run", (p: { task: string; run: string; names: string[]; suggestion?: string | undefined }) => `The run "${p.run}" has no task "${p.task}".${choice(p.names, p.suggestion)}`),
  HMC6041: code("error", "Place of a copy is taken", (p: { file: string }) => `"${p.file}" exists already, and nothing is replaced. Give another folder with "--output", or remove it.`),
  HMC6060: code("error", "File of somebody else", (p: { file: string }) => `"${p.file}" was not written by "hmc build", and nothing is replaced. Give another folder with "--output", or remove it.`),
  HMC6061: code("error", "Code that cannot be carried", (p: { op: string; parts: string[] }) => `The code of "${p.op}" cannot be carried in the compiled file: it needs ${p.parts.join(" and ")}. Name an image that "hmc build" has made, or set "inline: false".`),
  HMC6062: code("error", "Code too large to be carried", (p: { op: string; bytes: number; limit: number; parts: { name: string; bytes: number }[] }) => `The code of "${p.op}" has ${p.bytes} bytes, and the compiled file carries at most ${p.limit} for an op.${p.parts.length === 0 ? "" : ` Most of it is ${p.parts.map(({ name, bytes }) => `"${name}" (${bytes} bytes)`).join(", ")}.`} Make it smaller, or name an image that "hmc build" has made.`),
  HMC6080: code("error", "Not an object store", (p: { option: string; problem: string }) => `What "${p.option}" names is no object store: it ${p.problem}. Give a folder, "s3://bucket/prefix" or "gs://bucket/prefix".`),
  HMC6081: code("error", "Package for an object store missing", (p: { uri: string; install: string }) => `"${p.uri}" needs a package that is not installed. Run "npm install ${p.install}" in the project.`),
  HMC6082: code("error", "Object store that cannot be used", (p: { option: string; problem: string }) => `The object store of "${p.option}" cannot be used: ${p.problem}. Mend its name, the credentials or the connection (see docs/object-stores.md), or run without it.`),
  HMC6083: code("warning", "Object store that fails during a run", (p: { problem: string }) => `Results cannot be read from the object store, or put there: ${p.problem}. The run goes on without them: tasks run that need not, and other machines do not find what they give.`),
};
