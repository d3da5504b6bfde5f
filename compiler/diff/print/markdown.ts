/** A comparison for a merge request, in the Markdown of GitLab and GitHub. */
import type { Diff } from "../change.ts";
import { codeRemark, reasonText, rerunName, sectionsOf, short, sizeText, type Row } from "./rows.ts";

/** The longest value that is shown whole. */
const longest = 120;

/** The most rows of a table: a comment has a limit, and nobody reads more. */
const mostRows = 100;

/** A section for each pipeline, then what runs again, then sizes. */
export function diffMarkdown(diff: Diff): string {
  const head = `### Pipelines: ${code(diff.before)} → ${code(diff.after)}`;
  if (diff.changes.length === 0 && diff.reruns.length === 0) return `${head}\n\nNo changes.${diff.isCodeCompared ? "" : ` ${codeRemark}`}\n`;
  const parts = [head];
  for (const { title, rows } of sectionsOf(diff)) parts.push(`#### ${heading(title)}`, table(["", "where", "what", "before", "after"], rows.map(cells)));
  if (diff.reruns.length > 0) parts.push("#### Tasks that run again", table(["task", "runs again", "because"], rerunCells(diff)));
  const sizes = diff.sizes.flatMap((size) => {
    const text = sizeText(size);
    return text === undefined ? [] : [`${diff.sizes.length > 1 ? `${code(size.pipeline)}${size.file === undefined ? "" : ` (${code(size.file)})`}: ` : ""}${text}`];
  });
  if (sizes.length > 0) parts.push(`Compiled file: ${sizes.join("; ")}`);
  if (!diff.isCodeCompared) parts.push(codeRemark);
  return `${parts.join("\n\n")}\n`;
}

/** `Pipeline nightly (jobs.ts)`, names as code. */
function heading(title: string): string {
  return title.replace(/^Pipeline (\S+)/, (_, name: string) => `Pipeline ${code(name)}`).replace(/\((.+)\)$/, (_, file: string) => `(${code(file)})`);
}

function cells({ action, where, what, before, after }: Row): string[] {
  return [action, where.map(code).join(", "), escaped(what), before === undefined ? "" : code(short(before, longest)), after === undefined ? "" : code(short(after, longest))];
}

function rerunCells(diff: Diff): string[][] {
  return diff.reruns.map((rerun) => [code(rerunName(rerun, diff)), rerun.certain ? "yes" : "maybe", reasonText(rerun)]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const shown = rows.slice(0, mostRows).map(line);
  const rest = rows.length > mostRows ? [`\n… and ${rows.length - mostRows} more.`] : [];
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...shown, ...rest].join("\n");
}

/** Text between backticks, more than it has itself; a bar would end the cell of a table. */
function code(text: string): string {
  const longestRun = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  const edge = longestRun > 0 || text === "" || text.startsWith(" ") || text.endsWith(" ") ? " " : "";
  return `${fence}${edge}${text.replaceAll("|", "\\|")}${edge}${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&");
}
