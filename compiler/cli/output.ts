/** Writing the file that a command was asked for. */
import { resolve } from "node:path";
import type { Host } from "../host.ts";
import { userError } from "./user-error.ts";

const reasons: Record<string, string> = {
  EACCES: "permission is denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "a part of its path is a file",
  ENOSPC: "there is no space left",
  ENAMETOOLONG: "the name is too long",
};

/** Writes a file, makes its folder where there is none, and gives its absolute path; ends the command where that fails. */
export function writeOutput(host: Host, given: string, content: string | Uint8Array): string {
  const path = resolve(host.cwd(), given);
  if (host.directoryExists(path)) return userError("HMC0012", { file: given, reason: "it is a directory" });
  try {
    host.writeFile(path, content);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return userError("HMC0012", { file: given, reason: reasons[code] ?? code });
  }
  return path;
}
