import { code } from "../code.ts";

/** 1xxx: what of TypeScript a pipeline may use. */
export const languageCodes = {
  HMC1001: code("error", "Construct has no meaning in a graph", (p: { construct: string }) => `A pipeline cannot contain ${p.construct}: it is compiled to a graph, not executed. Move it into an op.`),
};
