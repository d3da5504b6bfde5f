/** The command line: `main` is what the launcher calls. */
import { CommanderError } from "commander";
import { Bug } from "../bug.ts";
import { nodeHost } from "../node-host.ts";
import { exitCodes } from "./exit-codes.ts";
import { commandLine } from "./command-line.ts";
import { UserError } from "./user-error.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { usageError } from "./usage-error.ts";
import { version } from "../version.ts";

/**
 * Runs one command.
 *
 * @param args what stands after `hmc`
 * @returns the exit code
 */
export async function main(args: string[], terminal: Terminal = processTerminal()): Promise<number> {
  ignoreClosedPipe();
  try {
    return await commandLine(nodeHost(), terminal, args);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.success;
      return report(terminal, usageError(error, args).message);
    }
    if (error instanceof UserError) return report(terminal, error.message);
    return reportBug(terminal, error);
  }
}

function report(terminal: Terminal, message: string): number {
  const { red, bold } = terminal.errColors;
  terminal.err(`${red(bold("error"))} ${message}\n`);
  return exitCodes.failure;
}

/** Prints what is needed to report a bug in hmc. The stack only on request: it says nothing to a user. */
function reportBug(terminal: Terminal, error: unknown): number {
  const { red, bold } = terminal.errColors;
  const message = error instanceof Error ? `${error instanceof Bug ? "" : `${error.name}: `}${error.message}` : String(error);
  terminal.err(`${red(bold("This is a bug in hmc."))} ${message}\n`);
  terminal.err(`hmc ${version()}, Node ${process.version}, ${process.platform} ${process.arch}\n`);
  if (process.env["HMC_DEBUG"] !== undefined && error instanceof Error) terminal.err(`${error.stack ?? ""}\n`);
  else terminal.err("Run the command again with HMC_DEBUG=1 for where it happened.\n");
  terminal.err("Please report it with the two lines above and, if you can, the source file, to the maintainers of hmc.\n");
  return exitCodes.bug;
}

/** `hmc list … | head -1` closes the pipe: that is no failure. */
function ignoreClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.success);
    throw error;
  });
}
