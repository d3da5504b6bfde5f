/** The pods of a run: what they are of. */

/**
 * The task of a pod by the name of its node, e.g. `crashed-x7k2p.root.train.executor`, `crashed-x7k2p.train-driver` or `nightly-x7k2p.scale(0)`. KFP has a driver beside most tasks, which
 * prepares them, and which has the reason where that fails.
 */
export function taskOfNode(node: string): { task: string; isDriver: boolean } {
  const parts = node.replace(/\([^)]*\)$/, "").split(".").slice(1);
  const last = parts.at(-1) ?? node;
  const isDriver = /(?:^|-)driver$/.test(last);
  const name = last.replace(/-?(?:driver|executor)$/, "");
  return { task: name === "" || name === "system-container" || name === "system-container-impl" ? (parts.at(-2) ?? node) : name, isDriver };
}

/** The lines of a driver's log that say why: those of errors, without the marks of the logger, each once. */
export function causesIn(lines: readonly string[]): string[] {
  const causes = lines.flatMap((line) => {
    const [, text] = /^[EF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.]+:\d+\] (.*)$/.exec(line) ?? [];
    return text === undefined ? (/\b(?:error|failed)\b/i.test(line) ? [line] : []) : [text];
  });
  return [...new Set(causes)];
}
