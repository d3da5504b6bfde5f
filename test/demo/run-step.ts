/** Runs the code of an op as ordinary code: artifacts are files in a temporary folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifact, Op } from "hmc";

/** A folder of its own for one test; it is removed when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hmc-demo-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let artifacts = 0;

/** An artifact that lies in the folder. */
export function artifact<Kind extends Artifact>(folder: string, name: string): Kind {
  const path = join(folder, `${name}-${++artifacts}`);
  return { name, uri: `file://${path}`, path, metadata: {} } as Artifact as Kind;
}

/**
 * Runs the implementation of an op.
 *
 * @returns its outputs: the artifacts by the names given, and what the implementation returned
 */
export async function runStep<Input, Outputs extends object, Result>(op: Op<Input, Outputs, Result>, input: Input, folder: string, ...names: (keyof Outputs & string)[]): Promise<Outputs & Result> {
  const { implementation } = op["~hmc.op"] as unknown as { implementation: (input: Input, out: Outputs) => Promise<Result> };
  const out = Object.fromEntries(names.map((name) => [name, artifact(folder, name)])) as Outputs;
  return { ...out, ...(await implementation(input, out)) };
}
