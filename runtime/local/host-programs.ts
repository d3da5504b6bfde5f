/** The programs of container components that run on this machine in place of their image. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Diagnostic, diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { ContainerComponent } from "../../compiler/ir/types.ts";

/** The program of each component whose name is known before the run. */
export function hostCommands(containers: readonly ContainerComponent[]): { id: string; program: string }[] {
  return containers.flatMap(({ id, command, args }) => {
    const [first] = [...command, ...args];
    if (first?.kind !== "text" || !first.parts.every((part) => typeof part === "string")) return [];
    const program = first.parts.join("");
    return program === "" ? [] : [{ id, program }];
  });
}

/** Reports the programs that this machine does not have, all at once. */
export function missingPrograms(commands: readonly { id: string; program: string }[], containers: readonly ContainerComponent[], environment: Record<string, string | undefined>): Diagnostic[] {
  const missing = commands.filter(({ program }) => !isOnMachine(program, environment));
  const [first] = missing;
  if (first === undefined) return [];
  const span = containers.find(({ id }) => id === first.id)?.span;
  return [diagnostic("HMC6020", span, { programs: missing.map(({ id, program }) => `"${program}" of "${id}"`).join(", ") })];
}

/** As a shell finds it: a path as it stands, a name in the folders of PATH. */
function isOnMachine(program: string, environment: Record<string, string | undefined>): boolean {
  if (program.includes("/")) return program.startsWith("/") ? isExecutable(program) : true;
  return (environment["PATH"] ?? "").split(delimiter).some((folder) => folder !== "" && isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
