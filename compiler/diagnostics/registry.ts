/**
 * Every code that hmc can report. A code is permanent: it is never reused for something else.
 *
 * 0xxx project and input, 1xxx language subset, 2xxx types and values, 3xxx graph, 4xxx limits of targets,
 * 5xxx lint, 6xxx local runs, 7xxx import, 8xxx Argo files.
 */
import { argoCheckCodes } from "./codes/argo-check.ts";
import { argoCodes } from "./codes/argo.ts";
import { argoOptionCodes } from "./codes/argo-options.ts";
import { deployCodes } from "./codes/deploy.ts";
import { diffCodes } from "./codes/diff.ts";
import { graphCodes } from "./codes/graph.ts";
import { importCodes } from "./codes/import.ts";
import { languageCodes } from "./codes/language.ts";
import { lintCodes } from "./codes/lint.ts";
import { projectCodes } from "./codes/project.ts";
import { runCodes } from "./codes/run.ts";
import { targetCodes } from "./codes/target.ts";
import { typeCodes } from "./codes/types.ts";

export const registry = { ...projectCodes, ...languageCodes, ...typeCodes, ...graphCodes, ...targetCodes, ...argoCodes, ...argoOptionCodes, ...lintCodes, ...runCodes, ...diffCodes, ...deployCodes, ...importCodes, ...argoCheckCodes };

export type DiagnosticCode = keyof typeof registry;

/** What the message of a code names. */
export type Parameters<Code extends DiagnosticCode> = (typeof registry)[Code]["message"] extends (parameters: infer P) => string ? P : never;
