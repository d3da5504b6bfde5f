/** The workflows in the pages `docs/errors/HMC8nnn.md`: blocks that leave out what every workflow has. */
import { checkArgo } from "../../compiler/targets/argo/check/check.ts";
import { readArgo } from "../../compiler/targets/argo/check/read.ts";
import type { ArgoVersion } from "../../compiler/targets/argo/versions.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";

/**
 * The whole file that a block stands for: without a "kind" it is the spec of a Workflow; "main" is the entrypoint unless it names one, and
 * "work" a template that does something. `… 9 KB …` is text of that size, `# … and 200 more` repeats the line before it.
 */
export function wholeFile(block: string): string {
  const text = block
    .replace(/… (\d+) KB …/g, (_, size: string) => "x".repeat(Number(size) * 1024))
    .replace(/^(.*)\n *# … and (\d+) more\n/m, (_, line: string, count: string) => `${Array.from({ length: Number(count) + 1 }, (__, index) => line.replace(/name: \w+/, `name: n${index}`)).join("\n")}\n`);
  if (/^kind: /m.test(text)) return text;
  const entrypoint = /^entrypoint: /m.test(text) ? "" : "entrypoint: main\n";
  const work = /template: work\b/.test(text) && !/name: work\b/.test(text) && !/templateRef/.test(text) ? "- name: work\n  container: {image: alpine, command: [ls]}\n" : "";
  const spec = `${entrypoint}${text.replace(/\n*$/, "\n")}${work}`.replace(/^(?=.)/gm, "  ");
  return `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: page-}\nspec:\n${spec}`;
}

/** What the checker finds in a block. */
export function findingsOf(block: string, version: ArgoVersion = "4.0"): Diagnostic[] {
  const { documents, diagnostics } = readArgo(wholeFile(block), "workflow.yaml");
  return [...diagnostics, ...checkArgo(documents, { version })];
}
