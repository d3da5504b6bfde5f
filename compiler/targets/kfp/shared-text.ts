/**
 * Constants that reach whoever asks: defaults of pipelines, items of loops, what a called pipeline is given, literals of CEL. Ops decode
 * what was encoded, foreign containers do not: where a document has no op, such text stays as it is.
 */
import { escapeJson, escapeText } from "../../../runtime/text.ts";
import type { Span } from "../../ir/types.ts";
import { checkText } from "./executors.ts";
import type { Build } from "./scope.ts";
import type { Encode } from "./supply.ts";

function hasOps({ document }: Build): boolean {
  return Object.values(document.components).some(({ kind }) => kind === "op");
}

/** How the text in a constant is written; what nobody would decode and the back end does not keep is reported. */
export function sharedEncode(build: Build, where: string, span: Span): Encode {
  if (hasOps(build)) return escapeJson;
  return (value) => {
    if (build.real) checkText(build, typeof value === "string" ? value : JSON.stringify(value), where, span);
    return value;
  };
}

/** How a text is written that is compared with such constants, or joined to them. */
export function sharedText(build: Build, where: string, span: Span): (text: string) => string {
  if (hasOps(build)) return escapeText;
  return (text) => {
    if (build.real) checkText(build, text, where, span);
    return text;
  };
}
