/** Texts that mean themselves: what Argo and the kubelet would make of them otherwise. */
import type { Span } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";

/** The first words of Argo's variables. Tags with others stay as they are (reference argo.md 4.1, r72). */
const variables = /^(?:workflow|inputs|outputs|tasks|steps|item|pod|node|retries|lastRetry|cronworkflow|duration|status|exitCode|resourcesDuration)(?![\w-])/;

/**
 * Why Argo does not leave a text as it is; undefined where it does. It takes `{{name}}` for one of its variables, `{{=` for an
 * expression, and a `{{` without an end for a tag that ends somewhere in the rest of the template.
 */
export function rewrittenByArgo(text: string): string | undefined {
  for (let start = text.indexOf("{{"); start >= 0; ) {
    const end = text.indexOf("}}", start + 2);
    if (end < 0) return 'Argo takes "{{" for the beginning of a tag';
    const body = text.slice(start + 2, end);
    if (body.startsWith("=")) return `Argo evaluates "{{${body}}}"`;
    if (variables.test(body.trim())) return `Argo replaces "{{${body}}}"`;
    if (body.includes("{{")) return 'Argo takes "{{" for the beginning of a tag';
    start = text.indexOf("{{", end + 2);
  }
  return undefined;
}

/**
 * A text that goes out as it is, after a look at whether Argo leaves it so (HMC4140).
 *
 * @param where what the text is, for the message
 */
export function literal(build: Build, text: string, where: string, span: Span): string {
  const reason = rewrittenByArgo(text);
  if (reason !== undefined) {
    const from = Math.max(0, text.indexOf("{{") - 10);
    report(build, "HMC4140", span, { text: text.slice(from, from + 40), where, reason });
  }
  return text;
}

/**
 * The text that the kubelet turns into this one, in a command line or an environment variable. It makes one `$` of `$$` and
 * fills in `$(NAME)` of a variable of the container. The latter is kept, as on KFP: it is how a command line gets a secret.
 * Any other `$` comes out as it is written.
 *
 * @param names the variables that the text may read
 */
export function forKubelet(text: string, names: ReadonlySet<string>): string {
  if (!text.includes("$")) return text;
  let result = "";
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    const reference = character === "$" ? /^\$\(([^()]*)\)/.exec(text.slice(index)) : null;
    if (reference !== null && names.has(reference[1] ?? "")) {
      result += reference[0];
      index += reference[0].length - 1;
    } else if (character === "$" && text[index + 1] === "$") result += "$$";
    else result += character;
  }
  return result;
}
