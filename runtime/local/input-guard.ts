/**
 * Keeps what one program writes into its input from the others that read it: the inputs of a task are looked at before and after it, and what has
 * changed is put back from the content store. (On a cluster every task has copies of its own, so a program that writes there does no harm.)
 */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "../protocols/kfp.ts";
import type { Inputs } from "../protocols/local.ts";
import { ObjectStoreError } from "../remote/object-store.ts";
import { DamagedContent, type ArtifactStore } from "./content-store.ts";
import { isArtifact } from "./fingerprint.ts";

/** What the artifacts of a task looked like, by path. */
export type Stamps = ReadonlyMap<string, { artifact: Artifact; stamp: string }>;

/** @param isOwn whether a path is one of this project's runs: other files are the user's own business */
export async function stampsOf(inputs: Inputs, isOwn: (path: string) => boolean): Promise<Stamps> {
  const stamps = new Map<string, { artifact: Artifact; stamp: string }>();
  for (const artifact of Object.values(inputs).flat().filter(isArtifact)) {
    if (artifact.content !== undefined && isOwn(artifact.path)) stamps.set(artifact.path, { artifact, stamp: await stampOf(artifact.path) });
  }
  return stamps;
}

/**
 * Puts back what has changed.
 *
 * @returns the names of the artifacts that are as they were, and of those that the store no longer has
 */
export async function putBack(before: Stamps, artifacts: ArtifactStore): Promise<{ back: string[]; lost: string[] }> {
  const found = { back: [] as string[], lost: [] as string[] };
  for (const [path, { artifact, stamp }] of before) {
    if ((await stampOf(path)) === stamp || artifact.content === undefined) continue;
    try {
      await artifacts.materialise(artifact.content, path);
      found.back.push(artifact.name);
    } catch (error) {
      if (!(error instanceof DamagedContent || error instanceof ObjectStoreError)) throw error;
      found.lost.push(artifact.name);
    }
  }
  return found;
}

/** What the log of a task says of them. */
export function changeNotice({ back, lost }: { back: string[]; lost: string[] }): string {
  const names = [...back, ...lost].map((name) => `"${name}"`).join(", ");
  if (names === "") return "";
  const outcome = lost.length === 0 ? "It was put back" : "It could not be put back, because the store has lost it";
  return `hmc: the task has changed its input ${names}, which other tasks may read. ${outcome}: copy an input before you write into it.\n`;
}

/** Sizes and times of a file, or of all that is in a folder. Reading changes none of them. */
async function stampOf(path: string): Promise<string> {
  const stat = await lstat(path, { bigint: true }).catch(() => undefined);
  if (stat === undefined) return "nothing";
  const own = `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
  if (!stat.isDirectory()) return own;
  const names = (await readdir(path)).sort();
  const inside: string[] = [];
  for (const name of names) inside.push(`${name}: ${await stampOf(join(path, name))}`);
  return `${own} [${inside.join(", ")}]`;
}
