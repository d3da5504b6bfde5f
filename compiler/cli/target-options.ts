/** The target of a command: `hmc.yaml`, variables and flags. */
import { dirname, join, relative } from "node:path";
import { readConfig, type OpenedConfig } from "../config/read.ts";
import { resolveTarget, type Overrides, type Target } from "../config/target.ts";
import { RequestError } from "../../runtime/remote/http/failure.ts";
import { connectTools, requestDiagnostic, type ConnectTools } from "../deploy/connect.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { reportDiagnostics } from "./report.ts";
import type { Terminal } from "./terminal.ts";
import { UserError, userError } from "./user-error.ts";

export interface TargetFlags extends Omit<Overrides, "version"> {
  /** The name of the target. */
  to?: string;
  on?: string;
  /** The file of targets. */
  config?: string;
  targetVersion?: string;
}

export interface OpenedTarget {
  target: Target;
  tools: ConnectTools;
  /** Undefined where flags and variables say all. */
  file: string | undefined;
}

const configFile = "hmc.yaml";

/** The target that a command means; reports what is wrong and gives undefined then. */
export function openTarget(host: Host, terminal: Terminal, flags: TargetFlags): OpenedTarget | undefined {
  const path = flags.config === undefined ? nearestConfig(host) : join(host.cwd(), flags.config);
  const report = (diagnostics: Diagnostic[], texts = new Map<string, string>()): undefined => {
    reportDiagnostics(host, terminal, { diagnostics, texts, root: host.cwd() }, "frame", "err");
    return undefined;
  };
  const bytes = path === undefined ? undefined : host.readFile(path);
  let opened: OpenedConfig | undefined;
  const texts = new Map<string, string>();
  if (path !== undefined) {
    const shown = relative(host.cwd(), path).replaceAll("\\", "/");
    const text = new TextDecoder().decode(bytes ?? new Uint8Array());
    texts.set(shown, text);
    const read = readConfig(shown, text);
    if ("diagnostics" in read) return report(read.diagnostics, texts);
    opened = read.opened;
  }
  const { targetVersion, to, on, config: _, ...rest } = flags;
  const resolved = resolveTarget({ opened, name: to ?? on, flags: { ...rest, ...(targetVersion === undefined ? {} : { version: targetVersion }) }, environment: (name) => host.env(name) });
  if ("diagnostics" in resolved) return report(resolved.diagnostics, texts);
  return { target: resolved.target, tools: connectTools(path === undefined ? host.cwd() : dirname(path), (name) => host.env(name)), file: opened?.file };
}

/** The nearest `hmc.yaml` from the working directory upwards. */
function nearestConfig(host: Host): string | undefined {
  for (let folder = host.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, configFile);
    if (host.fileExists(path)) return path;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Ends the command where it is for KFP and the target is not. */
export function kfpOnly({ kind, name }: Target, what: string): void {
  if (kind !== "kfp") userError("HMC6229", { what, target: name, kind });
}

/** Does something with a server; a request that fails ends the command with its code. */
export async function withServer<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { code, message } = requestDiagnostic(error);
    throw new UserError(`${code}: ${message}`);
  }
}
