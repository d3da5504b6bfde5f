import { code } from "../code.ts";

/** 2xxx: types and values that cross from task to task. */
export const typeCodes = {
  HMC2001: code("error", "Type cannot leave the process", (p: { path: string; type: string }) => `"${p.path}" has the type "${p.type}", which cannot be passed between containers. Use strings, numbers, booleans, lists, plain objects or artifacts.`),
};
