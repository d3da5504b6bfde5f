import { code } from "../code.ts";

/** 2xxx: types and values that cross from task to task. */
export const typeCodes = {
  HMC2001: code("error", "Type cannot leave the process", (p: { path: string; type: string }) =>
    `"${p.path}" has the type "${p.type}", which cannot be passed between containers. Use strings, numbers, booleans, lists, plain objects or artifacts.`),
  HMC2002: code("error", "Type is not known", (p: { path: string; type: string }) =>
    `"${p.path}" has the type "${p.type}", which does not say what is passed. Write down a type of strings, numbers, booleans, lists, plain objects or artifacts.`),
  HMC2003: code("error", "Type has several shapes", (p: { path: string; type: string }) =>
    `"${p.path}" has the type "${p.type}", and a parameter has one shape: text, a number, a boolean, a list or an object. Choose one, or put the value into an object.`),
  HMC2004: code("error", "Secret outside of the environment", (p: { path: string }) =>
    `"${p.path}" is a secret, and a secret fits only "env", "secrets" and volumes: as a value it would be stored in plain text. Put it into the op's option "env".`),
  HMC2005: code("error", "Artifact inside a value", (p: { path: string }) =>
    `"${p.path}" is an artifact inside an object or a list of lists, where no back end can pass it. Make it an input or output of its own.`),
  HMC2006: code("error", "Output is not an artifact", (p: { path: string; type: string }) =>
    `"${p.path}" has the type "${p.type}", but the second parameter of an op declares artifacts. Return the value from the function instead.`),
  HMC2007: code("error", "Output may be missing", (p: { path: string }) =>
    `The output "${p.path}" may be missing, but every task must give all of its outputs. Return it always, for example as an empty text or list.`),
  HMC2008: code("error", "Output name is taken", (p: { name: string; by: string }) =>
    `The output "${p.name}" has the name of ${p.by}. Give it another name.`),
  HMC2009: code("error", "Inputs are not named", (p: { name: string; type: string }) =>
    `The inputs of "${p.name}" have the type "${p.type}", but they must be an object type with named properties, such as { rows: Dataset; depth?: Int }.`),
  HMC2010: code("error", "Not a constant of the module", (p: { name: string; what: string; why: string }) =>
    `"${p.name}" is ${p.what}, but it is ${p.why}, so it is not known when the pipeline is compiled. Declare it as a constant of a module: export const name = ….`),
  HMC2011: code("error", "Op is not exported", (p: { name: string; file: string }) =>
    `The op "${p.name}" is not exported from "${p.file}", so the container cannot find it. Write "export" before its declaration.`),
  HMC2012: code("error", "Declaration without source", (p: { name: string; what: string; file: string }) =>
    `"${p.name}" is ${p.what}, but only its declaration is in "${p.file}", and hmc must read its source. Import it from a package or file that has the TypeScript source.`),
  HMC2013: code("error", "Default is not constant", (p: { path: string }) =>
    `The default of "${p.path}" is not known when the pipeline is compiled. Use a literal or a constant.`),
  HMC2014: code("error", "Value does not fit the type", (p: { path: string; value: string; expected: string }) =>
    `"${p.path}" is ${p.value}, but must be ${p.expected}.`),
  HMC2015: code("error", "Null as a value", (p: { path: string; type: string }) =>
    `"${p.path}" has the type "${p.type}", and "null" cannot be passed as a parameter. Make it optional instead: "${p.path.split(".").pop()}?".`),
  HMC2020: code("error", "Container is not a command line", (p: { name: string; found: string }) =>
    `The lambda of the container "${p.name}" must return an object literal with "command", "args", "script" and the like, but ${p.found}. It is analysed, not run.`),
  HMC2021: code("error", "Not known on the command line", (p: { text: string }) =>
    `"${p.text}" is no part of a command line that hmc can write down. Use text, constants, inputs, "out.x.path", "fileOf(out.x)", templates of these, and ...(input.x !== undefined ? […] : []).`),
  HMC2022: code("error", "Wrong way to name an output", (p: { name: string; use: string }) =>
    `The output "${p.name}" has no value while the container runs. Write ${p.use}.`),
  HMC2023: code("error", "Option is not constant", (p: { option: string }) =>
    `The option "${p.option}" is not known when the pipeline is compiled. Use a literal, a constant, env() or, for credentials, secret().`),
  HMC2024: code("error", "Bad duration", (p: { option: string; value: string }) =>
    `The option "${p.option}" is ${p.value}, which is no duration. Write seconds as a number, or "90s", "10m", "2h", "1d".`),
  HMC2025: code("error", "Option has the wrong value", (p: { option: string; value: string; expected: string }) =>
    `The option "${p.option}" is ${p.value}, but must be ${p.expected}.`),
  HMC2026: code("error", "Unknown option", (p: { option: string; suggestion?: string | undefined }) =>
    `There is no option "${p.option}" here. ${p.suggestion === undefined ? "Remove it." : `Did you mean "${p.suggestion}"?`}`),
  HMC2027: code("error", "Secret in the wrong option", (p: { option: string }) =>
    `The option "${p.option}" is a secret, but a secret fits only "env", "secrets" and volumes: here it would be stored in plain text.`),
  HMC2028: code("error", "Variable is set twice", (p: { name: string }) =>
    `The environment variable "${p.name}" is set in "env" and in "secrets". Remove one of them.`),
  HMC2030: code("error", "Place of something that the container does not have", (p: { owner: string; member: string; what: string; name: string; suggestion?: string | undefined }) =>
    `"${p.member}" names "${p.name}", but "${p.owner}" has no ${p.what} of that name. ${p.suggestion === undefined ? "Declare it, or remove it here." : `Did you mean "${p.suggestion}"?`}`),
  HMC2031: code("error", "Place of a file is unusable", (p: { name: string; problem: string }) =>
    `The place of "${p.name}" in "files" ${p.problem}. Give each an absolute path of its own, such as "/data/${p.name}".`),
  HMC2032: code("error", "Output that is not what the program prints", (p: { owner: string; problem: string; instead: string }) =>
    `"stdout" of "${p.owner}" ${p.problem}. ${p.instead}`),
  HMC2034: code("error", "Not an option of Argo", (p: { option: string; suggestion?: string | undefined }) =>
    `"argo" has no option "${p.option}". ${p.suggestion === undefined ? "" : `Did you mean "${p.suggestion}"? `}What hmc has no name for goes into its "patch".`),
  HMC2035: code("error", "No template of Argo", (p: { name: string; kinds: readonly string[] }) =>
    `The lambda of "${p.name}" must return an object with one of ${p.kinds.map((kind) => `"${kind}"`).join(", ")}. It is analysed, not run.`),
  HMC2060: code("error", "TaskConfig in the wrong place", (p: { path: string }) =>
    `"${p.path}" is of type TaskConfig, but only an input of an op or container gets the settings of its task. Declare it there.`),
  HMC2061: code("error", "TaskConfig is given", (p: { name: string; input: string }) =>
    `The input "${p.input}" of "${p.name}" gets the settings of the task itself. Leave it out of the call.`),
  HMC2062: code("warning", "Settings that nobody takes over", (p: { owner: string; input?: string }) =>
    p.input === undefined
      ? `"${p.owner}" has a "passthrough", but no input of type TaskConfig to get these settings. Add one, or remove the passthrough.`
      : `The input "${p.input}" of "${p.owner}" stays empty, because "${p.owner}" has no "passthrough". Name the settings that it takes over.`),
  HMC2063: code("error", "Metadata of an unknown output", (p: { owner: string; name: string; suggestion?: string | undefined }) =>
    `"${p.owner}" has no output artifact "${p.name}". ${p.suggestion === undefined ? "Remove its metadata." : `Did you mean "${p.suggestion}"?`}`),
  HMC2070: code("error", "No such component file", (p: { path: string; problem: string; suggestion?: string | undefined }) =>
    `"${p.path}" ${p.problem}. ${p.suggestion === undefined ? "Name a YAML file of KFP; its path is relative to this file." : `Did you mean "${p.suggestion}"?`}`),
  HMC2071: code("error", "Component without a declaration file", (p: { file: string; path: string }) =>
    `There is no "${p.file}.d.ts" beside "${p.file}", so editors and tsc know no types of it. Run: hmc import --types ${p.path}`),
  HMC2072: code("error", "Declaration file with other types", (p: { file: string; path: string }) =>
    `The types in "${p.file}.d.ts" are not those of "${p.file}". Run: hmc import --types ${p.path}`),
  HMC2073: code("warning", "Declaration file of an older component", (p: { file: string; path: string }) =>
    `"${p.file}" has changed since "${p.file}.d.ts" was written; the types are still right. Run: hmc import --types ${p.path}`),
  HMC2074: code("error", "Two component files of one name", (p: { name: string; first: string; second: string }) =>
    `"${p.first}" and "${p.second}" have one name and different types, and types are found by the name of a file. Rename one of them, and run "hmc import --types" again.`),
};
