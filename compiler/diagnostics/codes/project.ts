import { code } from "../code.ts";

/** 0xxx: the project, its files and the command line. */
export const projectCodes = {
  HMC0001: code("error", "No such file", (p: { file: string }) => `There is no file "${p.file}". Check the path; it is taken from the folder in which you run hmc.`),
};
