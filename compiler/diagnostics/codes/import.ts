import { code } from "../code.ts";

function didYouMean(suggestion: string | undefined, otherwise: string): string {
  return suggestion === undefined ? otherwise : `Did you mean "${suggestion}"?`;
}

/** 7xxx: the import of KFP files. */
export const importCodes = {
  HMC7001: code("error", "Not YAML", (p: { problem: string }) => `This is not valid YAML: ${p.problem.replace(/\.$/, "")}. Mend it here, or compile the file anew if it is cut off.`),
  HMC7002: code("error", "Empty KFP file", (p: { file: string }) => `The file "${p.file}" is empty: it has comments at most. Give a pipeline or a component that KFP's compiler wrote.`),
  HMC7003: code("error", "Not a text file", (p: { what: string; advice: string }) => `The file is ${p.what}. ${p.advice}.`),
  HMC7004: code("error", "KFP file too large", (p: { has: string; most: string }) => `The file has ${p.has}, and hmc reads ${p.most} at most. KFP's server refuses a pipeline of that size; import its parts one by one.`),
  HMC7005: code("error", "Duplicate key", (p: { key: string }) => `The key "${p.key}" stands twice in one map. KFP's compiler never writes that, and its readers take different ones. Remove one of them.`),
  HMC7006: code("error", "Alias repeats too much", (p: { alias: string; problem: string }) => `The alias "*${p.alias}" ${p.problem}. Write the value out where it is needed.`),
  HMC7007: code("error", "Nested too deeply", (p: { depth: number }) => `More than ${p.depth} lists and maps stand within each other here. No KFP file needs that; flatten the value, or keep it as JSON text.`),
  HMC7008: code("error", "Wrong number of documents", (p: { has: string }) => `A KFP file is a pipeline and at most one document of settings for its platform, but this one has ${p.has}. Put each pipeline into a file of its own.`),
  HMC7009: code("error", "Not a KFP file", (p: { what: string; advice: string }) => `This is ${p.what}, not a pipeline or component of KFP v2. ${p.advice}.`),
  HMC7010: code("error", "Unsupported schema version", (p: { version: string }) => `The file has the schema version "${p.version}", but hmc reads "2.1.0". Compile the pipeline anew with kfp 2.`),
  HMC7011: code("warning", "Old schema version", (p: { version: string }) => `The file has the schema version "${p.version}", which KFP's servers refuse today. It is read as "2.1.0"; compare the result with what was meant.`),
  HMC7012: code("error", "Part is missing", (p: { what: string; part: string }) => `${p.what} has no "${p.part}", which KFP needs. Add it.`),
  HMC7013: code("error", "Unknown field of KFP", (p: { field: string; message: string; suggestion?: string | undefined }) => `"${p.field}" is no field of KFP's message ${p.message}. ${didYouMean(p.suggestion, "Remove it.")}`),
  HMC7014: code("error", "Value of the wrong type", (p: { name: string; expected: string; actual: string }) => `"${p.name}" must be ${p.expected}, but here is ${p.actual}. Write a value of that type.`),
  HMC7015: code("error", "Unknown name of a choice", (p: { field: string; value: string; names: string[]; suggestion?: string | undefined }) => `"${p.value}" is no value of "${p.field}". ${didYouMean(p.suggestion, `Write one of: ${p.names.map((name) => `"${name}"`).join(", ")}.`)}`),
  HMC7016: code("error", "Two fields of one choice", (p: { first: string; second: string; message: string }) => `${p.message} takes either "${p.first}" or "${p.second}", but both are given. Remove one of them.`),
  HMC7017: code("error", "Value that JSON does not have", (p: { value: string; problem: string }) => `"${p.value}" ${p.problem}, and KFP keeps nothing that JSON does not have. Put quotes around it if text is meant.`),
  HMC7018: code("error", "Reference to nothing", (p: { what: string; name: string; where: string; suggestion?: string | undefined }) => `There is no ${p.what} "${p.name}" in ${p.where}. ${didYouMean(p.suggestion, "Name one that exists.")}`),
  HMC7019: code("error", "Tasks of the KFP file wait for each other", (p: { path: string }) => `These tasks wait for each other: ${p.path}. Remove one of the edges.`),
  HMC7020: code("error", "Component contains itself", (p: { path: string }) => `The graph of a component contains itself: ${p.path}. KFP has no recursion; let one of the tasks run another component.`),
  HMC7021: code("error", "Task misses a required input", (p: { task: string; input: string; component: string }) => `The task "${p.task}" gives nothing for the input "${p.input}" of its component "${p.component}", which is neither optional nor has a default. Add it to the inputs of the task.`),
  HMC7022: code("warning", "Unused part of the KFP file", (p: { what: string; name: string }) => `No task uses the ${p.what} "${p.name}". It is left out of the import; remove it, or make a task use it.`),
  HMC7023: code("error", "Executor that open KFP lacks", (p: { executor: string; kind: string }) => `The executor "${p.executor}" is a "${p.kind}", which KFP's open-source back end cannot run and hmc cannot write. Make it a container or an importer.`),
  HMC7024: code("warning", "Field is not kept", (p: { field: string; reason: string }) => `"${p.field}" is not kept by the import: ${p.reason}. Remove it if nothing needs it.`),
  HMC7025: code("error", "Invalid v1 component", (p: { problem: string; advice: string }) => `KFP does not load this v1 component: ${p.problem}. ${p.advice}.`),
  HMC7026: code("error", "More problems than shown", (p: { count: number }) => `The file has more problems; the first ${p.count} are shown. Mend them, then import it again.`),
  HMC7030: code("error", "Setting without a value", (p: { task: string }) =>
    `A Kubernetes setting of the task "${p.task}" names an input or task that gives no value. Correct the name in the platform document.`),
  HMC7031: code("error", "CEL that cannot be read", (p: { text: string; problem: string }) =>
    `The CEL expression "${p.text}" cannot be read: ${p.problem}. Correct it; the back end would fail on it when the task is due.`),
  HMC7032: code("error", "Loop over an input that nobody gives", (p: { task: string; input: string }) =>
    `The loop "${p.task}" runs over its input "${p.input}", which nobody gives. Give the input, or put the items into "raw".`),
  HMC7035: code("warning", "Loop around a single task", (p: { task: string }) =>
    `The task "${p.task}" is itself a loop, not the group of one. It is imported as a loop around the task, which compiles to one more group.`),
  HMC7036: code("error", "A file that is no container", (p: { kind: string }) =>
    `The root of the file is an executor of the kind "${p.kind}", which alone is no component of hmc. Put it into a pipeline of one task, and import that.`),
  HMC7037: code("warning", "Variable given twice", (p: { task: string; variable: string }) =>
    `The task "${p.task}" sets the environment variable "${p.variable}" twice. The last one is kept; remove the other.`),
  HMC7038: code("warning", "Imported otherwise", (p: { what: string; before: string; after: string }) =>
    `The imported pipeline says ${p.after} in "${p.what}", where the file says ${p.before}. Check whether it matters, and report the file if it does.`),
  HMC7039: code("warning", "Imported code does not compile", (p: { code: string; problem: string; line: number }) =>
    `Line ${p.line} of the imported code does not compile: ${p.code}: ${p.problem} Mend it by hand.`),
  HMC7040: code("info", "Unknown placeholder", (p: { text: string }) => `"${p.text}" is no placeholder that hmc knows. It stays in the text as it is, for whoever fills it in.`),
  HMC7060: code("error", "File exists", (p: { file: string }) =>
    `The file "${p.file}" exists. Choose another one with -o, or replace it with --force.`),
  HMC7061: code("error", "Declaration file of another origin", (p: { file: string }) =>
    `The file "${p.file}" exists, and hmc has not written it. Move it away, then run "hmc import --types" again.`),
  HMC7062: code("error", "A directory, not a KFP file", (p: { file: string }) =>
    `"${p.file}" is a directory. Give the YAML file of a pipeline or component.`),
};
