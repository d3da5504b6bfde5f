/** Writing the file that a command was asked for. */
import { resolve } from "node:path";
import type { Host } from "../host.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { UserError, userError } from "./user-error.ts";

const reasons: Record<string, string> = {
  EACCES: "permission is denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "a part of its path is a file",
  ENOSPC: "there is no space left",
  EDQUOT: "there is no space left for you",
  EFBIG: "files may not be that large",
  ENAMETOOLONG: "the name is too long",
};

/** The absolute path of an output; ends the command where it is a directory. */
export function outputPath(host: Host, given: string): string {
  const path = resolve(host.cwd(), given);
  return host.directoryExists(path) ? userError("HMC0012", { file: given, reason: "it is a directory" }) : path;
}

/** Writes a file, makes its folder where there is none, and gives its absolute path; ends the command where that fails. */
export function writeOutput(host: Host, given: string, content: string | Uint8Array): string {
  const path = outputPath(host, given);
  try {
    host.writeFile(path, content);
  } catch (error) {
    throw unwritable(given, error);
  }
  return path;
}

/** What to throw where the writing of a file has failed: the user's mistake if the system says why, else the error itself. */
export function unwritable(given: string, error: unknown): unknown {
  const reason = unwritableReason(error);
  return reason === undefined ? error : new UserError(`HMC0012: ${diagnostic("HMC0012", undefined, { file: given, reason }).message}`);
}

/** Why the system refused to write; undefined for any other error. */
export function unwritableReason(error: unknown): string | undefined {
  return reasons[(error as NodeJS.ErrnoException).code ?? ""];
}
