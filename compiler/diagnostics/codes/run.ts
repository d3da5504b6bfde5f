import { code } from "../code.ts";

/** 6xxx: local runs. */
export const runCodes = {
  HMC6001: code("error", "Task failed", (p: { task: string }) => `The task "${p.task}" failed.`),
};
