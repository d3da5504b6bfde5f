/** What of an analysis is shown in one file of an editor. */
import { posix } from "node:path";
import type { Analysis } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** A diagnostic, and the project root that its spans are relative to. */
export interface Finding {
  diagnostic: Diagnostic;
  root: string;
}

/** What editors grey out: it is there, and nothing uses it. */
export const unnecessary: ReadonlySet<string> = new Set(["HMC5001", "HMC5002", "HMC5091"]);

/** The findings in a file, each once, whatever number of analyses has it. Those of TypeScript are left out: its own server tells them. */
export class Findings {
  readonly #path: string;
  readonly #found = new Map<string, Finding>();

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path;
  }

  /** @param entry of the analysis, absolute: it has what is said of no place */
  add(entry: string, { diagnostics, root }: Analysis): void {
    for (const one of diagnostics) {
      if (one.code.startsWith("TS") || one.code === "HMC0006") continue;
      const file = one.span === undefined ? entry : posix.join(root, one.span.file);
      if (file === this.#path) this.#found.set(JSON.stringify([one.code, one.span?.start, one.span?.end, one.message]), { diagnostic: one, root });
    }
  }

  all(): Finding[] {
    return [...this.#found.values()];
  }
}

/** The errors of TypeScript in a file for which hmc has a fix. */
export function typescriptFixesIn(path: string, { diagnostics, root }: Analysis): Finding[] {
  return diagnostics.filter(({ code, fix, span }) => code.startsWith("TS") && fix !== undefined && span !== undefined && posix.join(root, span.file) === path).map((diagnostic) => ({ diagnostic, root }));
}
