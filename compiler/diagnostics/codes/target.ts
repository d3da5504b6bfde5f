import { code } from "../code.ts";

/** 4xxx: what a target, or a version of it, cannot do. */
export const targetCodes = {
  HMC4001: code("error", "Repetition is not possible on KFP", (p: { construct: string }) => `KFP cannot run ${p.construct}: its graphs have no cycles, so the end of a repetition cannot be decided in the run. Loop over a list, loop inside an op, or compile with "--target argo".`),
  HMC4002: code(
    "error",
    "A failed run stays failed on KFP",
    (p: { version: string }) => `KFP ${p.version} cannot run "catch": a run with a failed task stays failed. Use "finally" and look at "runStatus()", or handle the error inside the op.`,
  ),
  HMC4003: code(
    "error",
    "Computation on several run-time values",
    (p: { values: string[]; version: string }) =>
      `KFP ${p.version} cannot compute with ${p.values.map((value) => `"${value}"`).join(" and ")} together: an expression may read one run-time value. Move the computation into an op.`,
  ),
  HMC4004: code(
    "error",
    "Not a KFP expression",
    (p: { construct: string; version: string }) => `KFP ${p.version} cannot evaluate ${p.construct} between tasks. Move the computation into an op.`,
  ),
  HMC4005: code(
    "error",
    "No loop index on KFP",
    (p: { loop: string; ofTasks: boolean; version: string }) =>
      p.ofTasks
        ? `KFP ${p.version} does not know the index of an iteration of the loop over "${p.loop}", and so goes over one output of earlier tasks only. Loop once and do both steps in the same body.`
        : `KFP ${p.version} does not know the index of an iteration of the loop over "${p.loop}". Put the index into the items, or loop over "range(n)".`,
  ),
  HMC4006: code(
    "error",
    "Range of a run-time length",
    (p: { version: string }) => `KFP ${p.version} cannot loop over "range(n)" where n is known only at run time. Return the list from an op, or use a constant.`,
  ),
  HMC4007: code(
    "error",
    "Nested fan-in is flattened",
    (p: { version: string }) =>
      `KFP ${p.version} makes one flat list of results collected from nested loops. Give the inner list to an op inside the outer loop and collect what that op returns.`,
  ),
  HMC4008: code(
    "error",
    "Fan-in of a task that may be skipped",
    (p: { version: string }) => `KFP ${p.version} cannot collect a value that some iterations do not produce: its driver crashes. Give the value in every branch, with an "else".`,
  ),
  HMC4009: code(
    "error",
    "Loop over artifacts",
    (p: { version: string }) => `The open-source back end of KFP ${p.version} cannot loop over a list of artifacts. Loop over parameters (for example URIs), or give the whole list to one op.`,
  ),
  HMC4010: code(
    "error",
    "A task after an exit task",
    (p: { task: string; exit: string; version: string }) =>
      `On KFP ${p.version} nothing can run after "${p.exit}", which runs however its upstream ended, but "${p.task}" does. Move "${p.task}" into the same "finally" block.`,
  ),
  HMC4011: code(
    "error",
    "Several upstream tasks of a task that ignores failures",
    (p: { task: string; upstream: string[]; version: string }) =>
      `KFP ${p.version} would run "${p.task}" once for each of ${p.upstream.map((name) => `"${name}"`).join(", ")}, because it ignores upstream failures. Put the upstream tasks into "try" and "${p.task}" into "finally".`,
  ),
  HMC4012: code(
    "error",
    "A result of the body read in finally",
    (p: { value: string; version: string }) =>
      `On KFP ${p.version} "finally" cannot read "${p.value}" of its "try" body: where the body failed there is no such value, and KFP gives an empty text. Read "runStatus()", or store the value in the body.`,
  ),
  HMC4013: code(
    "error",
    "A value that may be absent",
    (p: { value: string; version: string }) =>
      `KFP ${p.version} cannot pass "${p.value}" on where its branch gives none. Give a value in every branch, write a fallback with "??", or make the call inside the branch.`,
  ),
  HMC4014: code(
    "error",
    "An optional parameter inside a group",
    (p: { input: string; version: string }) =>
      `KFP ${p.version} cannot pass the optional parameter "${p.input}" into a condition, loop, try or sub-pipeline when the run leaves it out. Give "${p.input}" a default.`,
  ),
  HMC4015: code(
    "error",
    "Text that the engine rewrites",
    (p: { text: string; where: string; reason: string; version: string }) => `KFP ${p.version} does not keep the text ${JSON.stringify(p.text)} in ${p.where}: ${p.reason}. Write it in another way, or read it from a file.`,
  ),
  HMC4016: code(
    "error",
    "Too much constant input",
    (p: { task: string; bytes: number; limit: number; version: string }) =>
      `The constants of "${p.task}" take ${p.bytes} bytes; all inputs of a task on KFP ${p.version} must stay under ${p.limit} together. Read large data from an artifact.`,
  ),
  HMC4017: code("warning", "Option without effect on KFP", (p: { option: string; why: string; instead: string; version: string }) => `KFP ${p.version} does not honour "${p.option}": ${p.why}. ${p.instead}`),
  HMC4018: code(
    "warning",
    "No time zones on KFP",
    (p: { timezone: string; version: string }) => `The scheduler of KFP ${p.version} has no time zone per schedule, so "${p.timezone}" is not used: it runs in the server's zone. Write the schedule for that zone, and set "timezone" to "UTC" if it is UTC.`,
  ),
  HMC4019: code(
    "error",
    "Unknown field in the KFP patch",
    (p: { field: string; of: string; near: string | undefined; version: string }) =>
      `"${p.field}" is no field of the KFP ${p.version} ${p.of}, ${p.of === "container spec" ? "and nobody would read it" : "and the back end would refuse the pipeline"}.${p.near === undefined ? " See the fields in the documentation." : ` Did you mean "${p.near}"?`}`,
  ),
  HMC4020: code("info", "A helper task costs a pod", (p: { task: string; why: string; version: string }) => `KFP ${p.version} needs the helper task "${p.task}" ${p.why}; it costs a pod.`),
  HMC4021: code("error", "No image for a task", (p: { task: string }) => `The task "${p.task}" has no image. Set "image" on the op, on the call, in the pipeline's "defaults" or in the project's configuration.`),
  HMC4022: code(
    "warning",
    "Options on the call of a pipeline",
    (p: { option: string; pipeline: string; version: string }) => `KFP ${p.version} takes no "${p.option}" on the call of the pipeline "${p.pipeline}". Set it on the pipeline's tasks or in its "defaults".`,
  ),
  HMC4023: code(
    "error",
    "A property of an artifact as a value",
    (p: { property: string; version: string }) => `KFP ${p.version} cannot pass the property "${p.property}" of an artifact as a value; conditions can read it. Give the artifact to the op and read the property there.`,
  ),
  HMC4024: code(
    "warning",
    "Artifacts of a list that may be empty",
    (p: { version: string }) => `On KFP ${p.version} the run fails if this loop's list is empty, because its artifacts are collected. Make sure that the list has at least one item.`,
  ),
  HMC4025: code(
    "error",
    "A run-time value inside a list or object",
    (p: { version: string }) => `KFP ${p.version} can put only text into a list or object that is built between tasks. Build it in an op.`,
  ),
  HMC4026: code(
    "warning",
    "Artifact metadata that KFP changes",
    (p: { key: string; version: string }) => `KFP ${p.version} stores the metadata "${p.key}" in another form (only text and numbers stay as they are). Use text or a number.`,
  ),
  HMC4027: code(
    "warning",
    "More tasks than the cluster may take",
    (p: { tasks: number; limit: number; version: string }) =>
      `The pipeline has ${p.tasks} tasks; on KFP ${p.version} a workflow of more than about ${p.limit} does not fit into the cluster's database with default settings. Use loops, or split the pipeline.`,
  ),
  HMC4028: code(
    "error",
    "A container without a command",
    (p: { container: string; version: string }) => `KFP ${p.version} never uses the entrypoint of an image, so "${p.container}" needs "command" or "args".`,
  ),
  HMC4029: code(
    "error",
    "Optional argument that KFP cannot resolve",
    (p: { input: string; version: string }) =>
      `KFP ${p.version} cannot decide at run time whether "${p.input}" is there for these arguments. Pass "${p.input}" always, or give it a default.`,
  ),
  HMC4030: code("error", "Unknown version of KFP", (p: { version: string; known: string[] }) => `hmc does not know KFP ${p.version}. Choose one of: ${p.known.join(", ")}.`),
  HMC4031: code("info", "Options for another target", (p: { task: string }) => `The options "argo" of "${p.task}" have no effect on KFP. Write a "kfp" patch where the same can be had there.`),
  HMC4032: code(
    "error",
    "Two tasks that ignore failures of one task",
    (p: { tasks: string[]; upstream: string; version: string }) =>
      `On KFP ${p.version} only one of ${p.tasks.map((task) => `"${task}"`).join(" and ")} would run after "${p.upstream}", because they run however it ends. Put them into one "finally" block.`,
  ),
  HMC4033: code("error", "Results of a loop over nothing", (p: { version: string }) => `The list of this loop is empty, and KFP ${p.version} cannot collect results of a loop that never runs. Add an item, or use an empty list in place of the results.`),
  HMC4034: code(
    "error",
    "A list of artifacts of several tasks",
    (p: { version: string }) => `KFP ${p.version} can make a list of artifacts only from a loop. Produce the artifacts in a loop and collect them, or give the op one input for each.`,
  ),
  HMC4035: code(
    "error",
    "An output that a failed task does not give",
    (p: { task: string; input: string; version: string }) =>
      `"${p.task}" runs even if the task before it fails, but then KFP ${p.version} has no value for "${p.input}" and never starts it. Pass text instead, or order the tasks with ".after()" and leave the input out.`,
  ),
  HMC4036: code(
    "warning",
    "Text of a task that may have failed",
    (p: { task: string; input: string; version: string }) =>
      `"${p.task}" runs even if the task before it fails, and then KFP ${p.version} passes empty text as "${p.input}", not the default. Treat "" as missing in the op.`,
  ),
  HMC4040: code(
    "error",
    "Field of a newer KFP",
    (p: { field: string; version: string }) => `"${p.field}" is a field of later versions of KFP; KFP ${p.version} does not know it and would refuse the pipeline. Remove it, or do its work in the op.`,
  ),
  HMC4050: code(
    "error",
    "Text of the run that KFP cannot give here",
    (p: { name: string; where: string; instead: string; version: string }) => `KFP ${p.version} cannot fill in "${p.name}" ${p.where}. ${p.instead}.`,
  ),
  HMC4051: code(
    "error",
    "The path of a workspace that is not there",
    (p: { name: string; pipeline: string }) => `"${p.name}" is the path of a workspace, and the pipeline "${p.pipeline}" has none. Give it the option "workspace", with a size.`,
  ),
  HMC4052: code(
    "error",
    "Artifact metadata known only at run time",
    (p: { version: string }) => `KFP ${p.version} stores the metadata of an imported artifact as it stands and fills in no run-time value. Write constants, or let an op write the artifact with its metadata.`,
  ),
  HMC4053: code(
    "error",
    "A value of a task that may be skipped",
    (p: { value: string; version: string }) => `KFP ${p.version} cannot pass "${p.value}" out of its group where the task is skipped. Put the call into an "if", and give a value in its "else".`,
  ),
  HMC4054: code(
    "error",
    "CEL without a run-time value",
    (p: { version: string }) => `KFP ${p.version} computes an input from one run-time value, and this CEL has none. Put a value into it with "\${…}" or "cel.of()", or write the result as a constant.`,
  ),
  HMC4060: code(
    "error",
    "Placeholder that KFP leaves as it is",
    (p: { text: string; container: string; version: string }) =>
      `KFP ${p.version} does not fill in "${p.text}" on a command line, and "${p.container}" would get it as it is. Pass the value as a parameter, or read it from executorInput().`,
  ),
  HMC4061: code(
    "warning",
    "A setting that is not passed on",
    (p: { option: string; task: string; setting: string; version: string }) =>
      `KFP ${p.version} does not pass "${p.option}" of "${p.task}" on to what the task starts: "${p.setting}" is not in its "passthrough". Add it there, or remove the option.`,
  ),
  HMC4062: code(
    "error",
    "A part of a container that only Argo has",
    (p: { member: string; container: string; why: string; instead: string; version: string }) => `KFP ${p.version} cannot do "${p.member}" of "${p.container}": ${p.why}. ${p.instead}`,
  ),
  HMC4063: code(
    "error",
    "A variable of Argo",
    (p: { name: string; instead?: string | undefined; version: string }) =>
      `KFP ${p.version} does not know Argo's variable "${p.name}". ${p.instead === undefined ? "Find the value out in an op, or compile for Argo." : `Use "${p.instead}", which each target has.`}`,
  ),
  HMC4064: code(
    "error",
    "Status of a task in a condition",
    (p: { task: string; version: string }) => `KFP ${p.version} cannot test the status of "${p.task}" in a condition. Pass "statusOf()" as an input, and look at it in the task.`,
  ),
};
