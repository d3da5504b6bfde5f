import { diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Dialect } from "../../yaml/dialect.ts";
import { plainScalar, taggedScalar } from "./yaml-scalars.ts";

/** YAML as Python reads it, for files that KFP's compiler wrote. */
export const kfpYaml: Dialect = {
  plainScalar,
  taggedScalar,
  keyText: () => undefined,
  notYaml: (span, problem) => diagnostic("HMC7001", span, { problem }),
  notText: (span, what, advice) => diagnostic("HMC7003", span, { what, advice }),
  tooLarge: (span, has, most) => diagnostic("HMC7004", span, { has, most }),
  tooDeep: (span, depth) => diagnostic("HMC7007", span, { depth }),
  duplicateKey: (span, key, first) => diagnostic("HMC7005", span, { key }, { related: [{ message: "It stands here first.", span: first }] }),
  endlessAlias: (span, alias, problem) => diagnostic("HMC7006", span, { alias, problem }),
  noJson: (span, value, problem) => diagnostic("HMC7017", span, { value, problem }),
};
