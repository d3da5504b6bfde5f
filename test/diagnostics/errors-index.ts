/** The page that lists all codes; `HMC_UPDATE=1` on `registry.test.ts` writes it. */
import { registry } from "../../compiler/diagnostics/registry.ts";

const ranges: readonly [prefix: string, title: string][] = [
  ["HMC0", "The project, its files and the command line"],
  ["HMC1", "The language: what of TypeScript a pipeline may use"],
  ["HMC2", "Types and values"],
  ["HMC3", "The graph, and what its nodes need to run"],
  ["HMC4", "Limits of targets"],
  ["HMC5", "Lint: legal, but probably not meant"],
  ["HMC6", "Local runs"],
  ["HMC7", "Import of KFP files"],
  ["HMC8", "Argo YAML that is checked: structure, scope and flow, expressions, values, limits and versions"],
];

/** The text of `docs/errors/README.md`. */
export function errorsIndex(): string {
  const codes = Object.entries(registry).sort(([left], [right]) => (left < right ? -1 : 1));
  const parts = ranges.flatMap(([prefix, title]) => {
    const rows = codes.filter(([code]) => code.startsWith(prefix)).map(([code, { severity, title: words }]) => `| [${code}](${code}.md) | ${severity} | ${words} |`);
    return rows.length === 0 ? [] : [`## ${title}\n\n| code | severity | title |\n|---|---|---|\n${rows.join("\n")}\n`];
  });
  const head = [
    "# Codes",
    "",
    "Everything that hmc can report. A code is permanent: it is never used for something else. How they are shown and suppressed",
    "is in [diagnostics.md](../diagnostics.md). This page is generated from the registry.",
    "",
    "",
  ].join("\n");
  return head + parts.join("\n");
}
