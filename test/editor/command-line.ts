/** What the command line says of a file, for comparison with what an editor shows. */
import { join } from "node:path";
import { check, compile } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Host } from "../../compiler/host.ts";

/** What `hmc check` and a compile to the target find in the file itself; without TypeScript's findings, which an editor has from TypeScript. */
export function commandLineFindings(host: Host, path: string, target: "kfp" | "argo"): Diagnostic[] {
  const checked = check(host, path, { scope: "all", ops: "exported" });
  const compiled = compile(host, path, { target }).diagnostics.filter(({ code }) => code.startsWith("HMC4"));
  const isHere = ({ span }: Diagnostic): boolean => span === undefined || join(checked.root, span.file) === path;
  return [...checked.diagnostics, ...compiled].filter((one) => !one.code.startsWith("TS") && one.code !== "HMC0006" && isHere(one));
}
