import { code } from "../code.ts";

/** 4xxx: what a target, or a version of it, cannot do. */
export const targetCodes = {
  HMC4001: code("error", "Repetition is not possible on KFP", (p: { construct: string }) => `KFP cannot run ${p.construct}: its graphs have no cycles. Loop over a list, or compile for Argo.`),
};
