import { code } from "../code.ts";

/** 5xxx: legal, but probably not meant. */
export const lintCodes = {
  HMC5001: code("warning", "Unused output", (p: { task: string; output: string }) => `The output "${p.output}" of "${p.task}" is never used.`),
};
