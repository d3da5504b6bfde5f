import { code } from "../code.ts";

/** 62xx: comparing two pipelines. */
export const diffCodes = {
  HMC6200: code("error", "Unknown side of a comparison", (p: { side: string; suggestion?: string | undefined }) =>
    `"${p.side}" is neither a file, nor a folder, nor a revision of this repository.${p.suggestion === undefined ? "" : ` Did you mean "${p.suggestion}"?`} Give one of these, or a revision with a path, such as "main:pipelines/train.ts".`),
  HMC6201: code("error", "Revision outside of a repository", (p: { revision: string }) =>
    `"${p.revision}" needs a git repository, and this folder is in none. Run the command in the repository, or give two files.`),
  HMC6202: code("error", "Git failed", (p: { command: string; problem: string }) =>
    `"${p.command}" failed: ${p.problem.replace(/\.?$/, ".")} Install git, or mend the repository.`),
  HMC6203: code("error", "No such path in a revision", (p: { revision: string; path: string; suggestion?: string | undefined }) =>
    `The revision "${p.revision}" has no "${p.path}".${p.suggestion === undefined ? "" : ` Did you mean "${p.suggestion}"?`} Give its path there, as in "${p.revision}:pipelines/train.ts"; it begins at the root of the repository.`),
  HMC6204: code("error", "No pipelines in a folder", (p: { folder: string }) =>
    `No file in "${p.folder}" exports a pipeline. Give the folder that holds them, or a file.`),
  HMC6205: code("error", "Side with errors", (p: { side: string }) =>
    `"${p.side}" cannot be compared: it has the errors above. Mend them, or compare with another revision.`),
  HMC6206: code("warning", "Code that cannot be compared", (p: { side: string; problem: string }) =>
    `The code of the ops of "${p.side}" is not compared: ${p.problem.replace(/\.?$/, ".")} What has changed in the graph is complete.`),
};
