import { code } from "../code.ts";

/** 7xxx: files of other tools that are imported. */
export const importCodes = {
  HMC7030: code("error", "Setting without a value", (p: { task: string }) =>
    `A Kubernetes setting of the task "${p.task}" names an input or task that gives no value. Correct the name in the platform document.`),
  HMC7031: code("warning", "CEL that cannot be read", (p: { text: string; problem: string }) =>
    `The CEL expression "${p.text}" cannot be read: ${p.problem}. It is kept as it stands; check it before you compile.`),
  HMC7032: code("error", "Loop over an input that nobody gives", (p: { task: string; input: string }) =>
    `The loop "${p.task}" runs over its input "${p.input}", which nobody gives. Give the input, or put the items into "raw".`),
  HMC7033: code("error", "Items are no list", (p: { task: string }) =>
    `The items of the loop "${p.task}" are no JSON list. Write them as JSON, for example '["a", "b"]'.`),
  HMC7034: code("warning", "Order of a group without tasks", (p: { task: string }) =>
    `The group "${p.task}" waits for other tasks, and has no task that could wait. The order is lost; remove "dependentTasks", or put a task into the group.`),
  HMC7035: code("warning", "Loop around a single task", (p: { task: string }) =>
    `The task "${p.task}" is itself a loop, not the group of one. It is imported as a loop around the task, which compiles to one more group.`),
  HMC7036: code("error", "Executor of another kind", (p: { component: string; kind: string }) =>
    `The component "${p.component}" has an executor of the kind "${p.kind}", which KFP's open back end does not run. Replace it with a container.`),
  HMC7037: code("warning", "Variable given twice", (p: { task: string; variable: string }) =>
    `The task "${p.task}" sets the environment variable "${p.variable}" twice. The last one is kept; remove the other.`),
  HMC7038: code("warning", "Imported otherwise", (p: { what: string; before: string; after: string }) =>
    `The imported pipeline says ${p.after} in "${p.what}", where the file says ${p.before}. Check whether it matters, and report the file if it does.`),
  HMC7039: code("warning", "Imported code does not compile", (p: { code: string; problem: string; line: number }) =>
    `Line ${p.line} of the imported code does not compile: ${p.code}: ${p.problem} Mend it by hand.`),
  HMC7060: code("error", "File exists", (p: { file: string }) =>
    `The file "${p.file}" exists. Choose another one with -o, or replace it with --force.`),
};
