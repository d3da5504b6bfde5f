/** Text that Argo would change on its way (reference argo.md 2.1). The entrypoint escapes it; other programs cannot. */
import { escapeText } from "../../../runtime/text.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { Expression, Span } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";

/** Reports constants of a value for a program other than the entrypoint that would not arrive as they are. */
export function checkText(build: Build, expression: Expression, input: string, component: string): void {
  for (const part of expressionTree(expression)) {
    if (part.kind !== "constant") continue;
    const value = typeof part.value === "string" ? part.value : JSON.stringify(part.value);
    if (changed(value)) report(build, "HMC4140", part.span, { text: excerpt(value), where: `the input "${input}" of "${component}"`, reason: "it has control characters or a tag" });
  }
}

/** Reports text of a command line that Argo takes for one of its tags. */
export function checkCommandText(build: Build, text: string, component: string, span: Span): void {
  if (/\{\{\s*(?:=|inputs|outputs|tasks|steps|workflow|pod|node|item|retries|lastRetry|cronworkflow)/.test(text)) {
    report(build, "HMC4140", span, { text: excerpt(text.slice(text.indexOf("{{"))), where: `the command line of "${component}"`, reason: "it takes this for a tag" });
  }
}

/** Dollar signs and single tildes are safe here: the kubelet sees them in no parameter. */
function changed(text: string): boolean {
  return /\{\{/.test(text) || escapeText(text.replace(/[{$~]/g, "")) !== text.replace(/[{$~]/g, "");
}

function excerpt(text: string): string {
  return text.length <= 30 ? text : `${text.slice(0, 29)}…`;
}
