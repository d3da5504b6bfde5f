/** Constant texts: literals in one line, and long texts as constants of the module. */
import { camelCase } from "./names.ts";

/** What cannot be seen, or only by its effect on what is around it. */
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A string literal: in double quotes, or in single quotes where the text holds more of the others. */
export function quoted(text: string): string {
  const literal = escapeUnprintable(JSON.stringify(text));
  const count = (quote: string): number => text.split(quote).length;
  return count('"') > count("'") ? `'${literal.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : literal;
}

/**
 * The text of a template literal, without its backticks.
 *
 * @param breaks `keep` leaves line breaks as they are, `escape` writes `\n`
 */
export function templateText(text: string, breaks: "keep" | "escape"): string {
  const parts = text.replace(/\\|`|\$\{/g, (found) => `\\${found}`).split("\n");
  return parts.map(escapeUnprintable).join(breaks === "keep" ? "\n" : "\\n");
}

function escapeUnprintable(text: string): string {
  return text.replace(unprintable, (found) => {
    if (found === "\t") return "\\t";
    if (found === "\r") return "\\r";
    return [...Array(found.length).keys()].map((index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
  });
}

/** A text of several lines as a template literal: raw where it holds backslashes and needs no escapes of its own. */
export function multilineLiteral(text: string): string {
  const needsEscapes = text.includes("`") || text.includes("${") || text.endsWith("\\") || text.replaceAll("\n", "").replaceAll("\t", "").search(unprintable) >= 0;
  if (text.includes("\\") && !needsEscapes) return `String.raw\`${text}\``;
  return `\`${templateText(text, "keep")}\``;
}

/** A telling name for what Python components are made of. */
export function nameOfText(text: string): string | undefined {
  if (text.includes("kfp.dsl.executor_main")) return "runPython";
  if (/\bpip install\b/.test(text)) return "installPackages";
  const functions = [...text.matchAll(/^(?:async )?def (\w+)\(/gm)].map(([, name = ""]) => name);
  const name = camelCase(functions.find((candidate) => !candidate.startsWith("_")) ?? functions[0] ?? "");
  return name === "" ? undefined : `${name}Source`;
}
