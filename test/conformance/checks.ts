/** A list of checks: prints a line for each as it is done, and counts them. */
export interface Checks {
  pass(name: string): void;
  /** @param why what was found, several lines allowed */
  fail(name: string, why: string): void;
  /** For what cannot be done here: it is printed, and counted apart. */
  skip(name: string, why: string): void;
  /** A pass without problems, a failure with any. */
  expectNone(name: string, problems: readonly string[]): void;
  readonly counts: { passed: number; failed: number; skipped: number };
}

export function newChecks(print: (line: string) => void = console.log): Checks {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const checks: Checks = {
    counts,
    pass(name) {
      counts.passed++;
      print(`ok    ${name}`);
    },
    fail(name, why) {
      counts.failed++;
      print(`FAIL  ${name}\n${why.replace(/^/gm, "        ")}`);
    },
    skip(name, why) {
      counts.skipped++;
      print(`SKIP  ${name}: ${why}`);
    },
    expectNone(name, problems) {
      if (problems.length === 0) checks.pass(name);
      else checks.fail(name, problems.join("\n"));
    },
  };
  return checks;
}
