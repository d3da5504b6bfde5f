/** Where the command line writes, and in which colours. */
import picocolors from "picocolors";

export type Colors = ReturnType<typeof picocolors.createColors>;

export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Diagnostics, progress and remarks. */
  err(text: string): void;
  /** Colours of the results. */
  outColors: Colors;
  /** Colours of the diagnostics. */
  errColors: Colors;
  /** Columns of the screen; 100 where there is none. */
  width: number;
}

/**
 * Whether to colour what goes to a stream: `NO_COLOR` (https://no-color.org) wins, then `FORCE_COLOR`, then whether it is a terminal.
 */
export function wantsColor(environment: Record<string, string | undefined>, isTerminal: boolean): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const force = environment["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outColors: picocolors.createColors(wantsColor(process.env, process.stdout.isTTY === true)),
    errColors: picocolors.createColors(wantsColor(process.env, process.stderr.isTTY === true)),
    width: process.stdout.columns ?? 100,
  };
}
