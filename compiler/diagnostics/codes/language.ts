import { code } from "../code.ts";

/** 1xxx: what of TypeScript a pipeline may use. */
export const languageCodes = {
  HMC1001: code("error", "Construct has no meaning in a graph", (p: { construct: string }) =>
    `A pipeline cannot contain ${p.construct}: it is compiled to a graph, not executed. Move it into an op.`),
  HMC1002: code("error", "Call of something that is no op", (p: { name: string }) =>
    `"${p.name}" is neither an op, a pipeline nor a function that hmc can read, so it cannot be called in a pipeline. Call it inside an op.`),
  HMC1003: code("error", "Computation on a run-time value", (p: { operation: string }) =>
    `${p.operation} cannot be computed on a value that is known only at run time. Move the computation into an op and use its output.`),
  HMC1004: code("error", "The outside world in a pipeline", (p: { name: string }) =>
    `"${p.name}" reads the clock, chance, the network or the machine, but a pipeline is compiled and must always give the same graph. Call it inside an op, or pass the value as a pipeline parameter.`),
  HMC1005: code("error", "await in a pipeline", (p: { what: string }) =>
    `${p.what} in a pipeline: calls of ops are plain calls, the graph itself says what waits for what. Remove it.`),
  HMC1006: code("error", "Variable carried from one iteration to the next", (p: { name: string }) =>
    `"${p.name}" is declared outside the loop and assigned in it, but iterations run in parallel and cannot hand values on. Collect results with ".map(…)" or ".push(…)", or do the loop inside an op.`),
  HMC1007: code("error", "Recursion", (p: { path: string; why: string }) =>
    `${p.path}: ${p.why}.`),
  HMC1008: code("error", "Return out of a loop or try", (p: { where: string }) =>
    `"return" inside ${p.where} cannot end the pipeline early: the rest of the graph is already there. Use a condition around what should be left out.`),
  HMC1009: code("error", "Loop without a list", (p: { loop: string }) =>
    `${p.loop} has no list of items, so its width is unknown. Use "for (const x of xs)", with "range(n)" for numbers.`),
  HMC1010: code("error", "Argument cannot be read", (p: { callee: string }) =>
    `The argument of "${p.callee}" is not an object that hmc can read. Pass an object literal, e.g. { data: load.data }.`),
  HMC1011: code("error", "Not known at compile time", (p: { what: string }) =>
    `${p.what} must be known at compile time. Use a literal, a "const" or "env(…)".`),
  HMC1012: code("error", "Jump in a loop", (p: { jump: string; why: string }) =>
    `"${p.jump}" is not possible: ${p.why}. Put the rest of the body into an "if".`),
  HMC1013: code("error", "List grows where its length is not known", (p: { name: string }) =>
    `"${p.name}.push(…)" stands where hmc cannot tell what the list holds. Push once in each iteration, unconditionally, to a list that is empty before the loop; or use ".map(…)".`),
  HMC1014: code("error", "runStatus() outside finally", () =>
    `"runStatus()" tells how the body of a "try" ended, so it can only be called in the "finally" block. Move it there.`),
  HMC1015: code("error", "Several outputs of one loop item", (p: { name: string }) =>
    `"${p.name}" stands for a task of an earlier loop, and this loop can go over one of its artifacts only. Loop once and do both steps in the same body.`),
  HMC1016: code("error", "throw in a pipeline", () =>
    `A pipeline cannot throw: failing is what an op does. Call an op that throws.`),
  HMC1017: code("error", "Assignment to a part", (p: { target: string }) =>
    `"${p.target}" cannot be assigned to: values in a pipeline do not change. Make a new object, or assign to a variable.`),
  HMC1019: code("error", "Function of the language in a wrong place", (p: { name: string; place: string }) =>
    `"${p.name}()" can only be used ${p.place}.`),
  HMC1020: code("error", "Error variable of catch", (p: { name: string }) =>
    `"${p.name}" has no value in a graph: an engine passes no error on. Use "runStatus()" in "finally", or let the op write what went wrong to an output.`),
  HMC1021: code("error", "Condition on something that has no truth", (p: { what: string }) =>
    `${p.what} cannot be a condition. Compare a number, a string or a boolean output.`),
  HMC1022: code("error", "Pipeline body cannot be read", (p: { name: string }) =>
    `The body of "${p.name}" is not a function that hmc can read. Pass an arrow function or a function declared in the same project.`),
  HMC1030: code("error", "statusOf() where there is no status", (p: { task: string; why: string }) =>
    `The status of "${p.task}" cannot be had here: ${p.why}. Pass "statusOf()" as an input of a call beside the task, or test it in the option "when" of that call, with the option { ignoreUpstreamFailure: true }.`),
  HMC1031: code("error", "statusOf() of something that is no task", () =>
    `"statusOf()" takes a task: what one call of an op or pipeline gives. Pass the variable of that call.`),
  HMC1032: code("error", "CEL that cannot be read", (p: { problem: string }) =>
    `This is no CEL: ${p.problem}. Write an expression of CEL, with values of the run between "\${" and "}".`),
  HMC1033: code("error", "Condition of a loop that runs tasks", () =>
    `The condition of a "while" is read between its turns, and no task runs there. Call the op at the end of the body, and compare what a variable keeps of it.`),
  HMC1034: code("error", "Loop that nothing ends", () =>
    `Nothing that this condition reads changes from turn to turn, so the loop would have no turn or no end. Assign a variable of the condition in the body, or leave with "break".`),
  HMC1035: code("error", "Loop in which nothing runs", () =>
    `No task runs in this loop, and a graph only hands on what tasks give. Compute the value inside an op.`),
  HMC1036: code("error", "Not a variable of Argo", (p: { name: string; isOfPod: boolean; suggestion?: string | undefined }) =>
    p.isOfPod
      ? `"${p.name}" has a value only in a pod. Use it on the command line of a container, or pass a variable of the workflow.`
      : `Argo has no variable "${p.name}" that is known everywhere. ${p.suggestion === undefined ? 'Use one such as "workflow.name"; the language itself names inputs, outputs, items and tasks.' : `Did you mean "${p.suggestion}"?`}`),
  HMC1040: code("error", "Path of a component is not constant", (p: { text: string }) =>
    `The path "${p.text}" is not known when the pipeline is compiled, and hmc must read the file then. Write it down: component("./score.component.yaml").`),
};
