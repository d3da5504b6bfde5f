import { code } from "../code.ts";

/** 0xxx: the project, its files and the command line. */
export const projectCodes = {
  HMC0001: code("error", "No such file", (p: { file: string; suggestion?: string | undefined }) =>
    `There is no file "${p.file}". ${p.suggestion === undefined ? "Check the path; it is taken from the folder in which you run hmc." : `Did you mean "${p.suggestion}"?`}`),
  HMC0002: code("error", "Not a TypeScript file", (p: { file: string }) =>
    `"${p.file}" is not a TypeScript file. Give a file that ends in ".ts", ".mts", ".cts" or ".tsx".`),
  HMC0003: code("error", "Empty file", (p: { file: string }) =>
    `"${p.file}" is empty. Export a pipeline from it: export const name = pipeline(() => { … }).`),
  HMC0004: code("error", "Not UTF-8", (p: { file: string; offset: number }) =>
    `"${p.file}" is not UTF-8: byte ${p.offset} is not part of a valid character. Save the file as UTF-8.`),
  HMC0005: code("error", "File too large", (p: { file: string; size: number; limit: number }) =>
    `"${p.file}" is too large: it has ${p.size} bytes, and hmc reads at most ${p.limit}. Split the file, or move its data to a file that an op reads.`),
  HMC0006: code("error", "No pipeline", (p: { file: string }) =>
    `"${p.file}" exports no pipeline. Export one: export const name = pipeline(() => { … }).`),
  HMC0007: code("error", "Several pipelines, none chosen", (p: { file: string; names: string[] }) =>
    `"${p.file}" exports several pipelines: ${p.names.map((name) => `"${name}"`).join(", ")}. Choose one with --pipeline ${p.names[0] ?? "NAME"}.`),
  HMC0008: code("error", "No such pipeline", (p: { name: string; known: string[]; suggestion?: string | undefined }) =>
    `There is no pipeline "${p.name}". ${p.suggestion === undefined ? "" : `Did you mean "${p.suggestion}"? `}The file exports ${p.known.map((name) => `"${name}"`).join(", ")}.`),
  HMC0009: code("error", "Import does not resolve", (p: { specifier: string }) =>
    `The import "${p.specifier}" does not resolve to a file. Check the path, or install the package.`),
  HMC0010: code("error", "Unknown command or option", (p: { what: "command" | "option" | "argument" | "value"; name: string; suggestion?: string | undefined; help: string }) =>
    `Unknown ${p.what} "${p.name}". ${p.suggestion === undefined ? "" : `Did you mean "${p.suggestion}"? `}Run "${p.help}" for what there is.`),
  HMC0011: code("error", "A directory, not a file", (p: { file: string; suggestion?: string | undefined }) =>
    `"${p.file}" is a directory. Give the file that exports the pipeline${p.suggestion === undefined ? "" : `, for example "${p.suggestion}"`}.`),
  HMC0012: code("error", "Output cannot be written", (p: { file: string; reason: string }) =>
    `The output "${p.file}" cannot be written: ${p.reason}. Choose another file with -o, or "-o -" for standard output.`),
  HMC0014: code("error", "Environment variable is not set", (p: { name: string }) =>
    `The environment variable "${p.name}" is not set. Set it for hmc, or give a fallback: env("${p.name}", "…").`),
  HMC0015: code("error", "Missing argument", (p: { what: string; help: string }) =>
    `${p.what} Run "${p.help}" for how to use it.`),
  HMC0016: code("error", "No such task", (p: { task: string; pipeline: string; known: string[]; suggestion?: string | undefined }) =>
    `The pipeline "${p.pipeline}" has no task "${p.task}". ${p.suggestion === undefined ? "" : `Did you mean "${p.suggestion}"? `}It has ${p.known.map((name) => `"${name}"`).join(", ")}.`),
  HMC0017: code("error", "File cannot be read", (p: { file: string }) => `The file "${p.file}" cannot be read. Give yourself the permission to read it.`),
  HMC0018: code("error", "No such code", (p: { code: string; suggestion?: string | undefined }) =>
    `There is no code "${p.code}". ${p.suggestion === undefined ? "" : `Did you mean "${p.suggestion}"? `}Give one that hmc has reported, such as HMC3001.`),
};
