/** The exit codes of hmc. They are documented in `docs/cli.md`. */
export const exitCodes = {
  success: 0,
  /** An error in the source, in the command or in the run. */
  failure: 1,
  /** The sides of `hmc diff --exit-code` cannot be compared; 1 says that they differ. */
  trouble: 2,
  /** A bug in hmc (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;
