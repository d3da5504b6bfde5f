import { code } from "../code.ts";

/** 3xxx: the graph. */
export const graphCodes = {
  HMC3001: code("error", "Cycle", (p: { path: string }) => `These tasks wait for each other: ${p.path}. Remove one of the edges.`),
};
