/** `hmc explain HMC3020`: the page of a code. */
import { fileURLToPath } from "node:url";
import { bug } from "../bug.ts";
import { docsPath } from "../diagnostics/docs-path.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import { registry } from "../diagnostics/registry.ts";
import type { Host } from "../host.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

/** Whether a name is meant as a code, not as a task. */
export function isCode(name: string): boolean {
  return /^HMC\d+$/i.test(name);
}

/** Prints the page of a code: message, reason and way out. */
export function explainCode(host: Host, terminal: Terminal, given: string): number {
  const code = given.toUpperCase();
  if (!(code in registry)) return userError("HMC0018", { code, suggestion: nearestName(code, Object.keys(registry)) });
  const page = docsPath(code) ?? bug(`no page of ${code}`);
  // From the bundle in dist/cli, or from the source in compiler/cli: both lie two folders below the package.
  const bytes = host.readFile(fileURLToPath(new URL(`../../${page}`, import.meta.url))) ?? bug(`the page ${page} is missing`);
  terminal.out(new TextDecoder().decode(bytes));
  return exitCodes.success;
}
