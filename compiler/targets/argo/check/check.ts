/**
 * The checker of Argo documents: what `argo lint` refuses, and what it lets pass although the workflow hangs or fails
 * (reference argo.md 4). It reads plain objects, so it also checks what hmc itself emits.
 */
import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../../diagnostics/sort.ts";
import { soleTag } from "../../../expressions/argo/tags.ts";
import { newestArgoVersion, type ArgoVersion } from "../versions.ts";
import { checkAbsentNames, checkAbsentTag } from "./absence.ts";
import { checkCalls } from "./calls.ts";
import { checkConditionText } from "./conditions.ts";
import { checkCron } from "./cron.ts";
import { checkDependencies } from "./dependencies.ts";
import type { ArgoDocument, Path } from "./document.ts";
import { recognise } from "./documents.ts";
import { checkExpression, withoutTags, type Expression } from "./expressions.ts";
import { openLibrary } from "./library.ts";
import { checkLoops } from "./loops.ts";
import { checkMetrics } from "./metrics.ts";
import { modelOf } from "./model.ts";
import { checkNames } from "./names.ts";
import { textsOf } from "./places.ts";
import { checkPolicies } from "./policies.ts";
import { checkPorts } from "./ports.ts";
import { checkSpecialTemplates } from "./resources.ts";
import { checkStructure } from "./structure.ts";
import { checkTag, tagsOf } from "./tags.ts";
import { checkPodResources, checkTemplates } from "./templates.ts";
import { checkVolumes } from "./volumes.ts";
import { reporter, type Work } from "./work.ts";

export interface CheckOptions {
  /** The version of Argo that the documents are for; the newest where none is given. */
  version?: ArgoVersion;
}

/** A finding, and the path of what it is about: for who has no text but knows where the parts of a document come from. */
export interface Finding {
  diagnostic: Diagnostic;
  document: ArgoDocument;
  path: Path;
}

const rules: readonly ((work: Work) => void)[] = [
  checkStructure, checkNames, checkTemplates, checkPolicies, checkSpecialTemplates, checkCalls, checkPorts, checkVolumes, checkMetrics, checkLoops, checkDependencies, checkCron, checkTexts,
];

/**
 * Checks documents, which may refer to each other's templates.
 *
 * @returns the findings in the order of the documents; of one file in the order of its text
 */
export function checkArgo(documents: readonly ArgoDocument[], options: CheckOptions = {}): Diagnostic[] {
  return sortDiagnostics(findings(documents, options).map(({ diagnostic }) => diagnostic));
}

/** The same, with the paths of what is found. */
export function findings(documents: readonly ArgoDocument[], { version = newestArgoVersion }: CheckOptions = {}): Finding[] {
  const models = documents.map((document) => ({ document, model: modelOf(document) }));
  const library = openLibrary(models.flatMap(({ model }) => model ?? []));
  return models.flatMap(({ document, model }) => {
    const found: { diagnostic: Diagnostic; path: Path }[] = [];
    const report = reporter(document, found);
    if (model === undefined) recognise(document, report);
    else for (const rule of rules) rule({ model, version, library, report });
    return found.map((finding) => ({ ...finding, document }));
  });
}

/** Checks every text that Argo fills in or evaluates. */
function checkTexts(work: Work): void {
  checkPodResources(work, work.model.spec["podResources"], [...work.model.specPath, "podResources"]);
  for (const text of textsOf(work.model)) {
    const expressions: Expression[] = [];
    const read = (source: string, offset: number): void => {
      const expression = checkExpression(work, text, source, offset);
      if (expression === undefined) return;
      expressions.push(expression);
      checkAbsentNames(work, text, expression);
    };
    if (text.role === "expression" && soleTag(text.text) === undefined) read(withoutTags(text.text), 0);
    else {
      const tags = tagsOf(work, text);
      for (const tag of tags) {
        if (tag.kind === "expression") read(tag.content, tag.contentStart);
        else {
          checkTag(work, text, tag);
          checkAbsentTag(work, text, tag);
        }
      }
      if (text.role === "when") checkConditionText(work, text, tags, expressions);
    }
  }
}
