/** The artifacts among the outputs of a task: into the content store, and out of it to where another run has them. */
import { relative, sep, join, isAbsolute } from "node:path";
import type { Artifact } from "../protocols/kfp.ts";
import type { Outputs } from "../protocols/local.ts";
import type { ArtifactStore } from "./content-store.ts";
import { contentOf, type Content } from "./content.ts";
import type { Value } from "./evaluate.ts";
import { isArtifact } from "./fingerprint.ts";

/** The outputs with each artifact replaced. */
export async function mapArtifacts(outputs: Outputs, change: (artifact: Artifact) => Promise<Artifact>): Promise<Outputs> {
  const result: Outputs = {};
  for (const [name, value] of Object.entries(outputs)) {
    if (isArtifact(value)) result[name] = await change(value);
    else if (Array.isArray(value) && value.some(isArtifact)) result[name] = await Promise.all((value as Artifact[]).map(change));
    else result[name] = value;
  }
  return result;
}

/** The place of a path below a folder, or undefined where it is not below it. */
function placeBelow(folder: string, path: string): string | undefined {
  const place = relative(folder, path);
  return place === "" || place === ".." || place.startsWith(`..${sep}`) || isAbsolute(place) ? undefined : place;
}

/** The same outputs with artifacts of one folder in another one, where they have been moved. */
export function moved(outputs: Outputs, from: string, to: string): Promise<Outputs> {
  return mapArtifacts(outputs, async (artifact) => at(artifact, placeBelow(from, artifact.path), to));
}

function at(artifact: Artifact, place: string | undefined, folder: string): Artifact {
  if (place === undefined) return artifact;
  const path = join(folder, place);
  return { ...artifact, uri: artifact.uri === artifact.path ? path : artifact.uri, path };
}

/** Takes the artifacts of a task into the store, and notes their content. What lies elsewhere is only noted. */
export function ingested(outputs: Outputs, folder: string, store: ArtifactStore): Promise<Outputs> {
  return mapArtifacts(outputs, async (artifact) => {
    const content = placeBelow(folder, artifact.path) === undefined ? await contentOf(artifact.path) : await store.ingest(artifact.path);
    return withContent(artifact, content);
  });
}

function withContent({ content: _, ...artifact }: Artifact, content: Content | undefined): Artifact {
  return content === undefined ? artifact : { ...artifact, content };
}

/**
 * Puts the artifacts of an earlier result where a task has them, and checks that they are what they were.
 *
 * @param from the folder in which the earlier task had them
 * @returns undefined where one that lies elsewhere, such as a file of the user, has changed
 * @throws DamagedContent
 */
export async function restored(outputs: Outputs, from: string, to: string, store: ArtifactStore): Promise<Outputs | undefined> {
  let isCurrent = true;
  const result = await mapArtifacts(outputs, async (artifact) => {
    const place = placeBelow(from, artifact.path);
    const { content } = artifact;
    if (content === undefined) return at(artifact, place, to);
    if (place === undefined) {
      if (!isSame(await contentOf(artifact.path), content)) isCurrent = false;
      return artifact;
    }
    const placed = at(artifact, place, to);
    if (!isSame(await contentOf(placed.path), content)) await store.materialise(content, placed.path);
    return placed;
  });
  return isCurrent ? result : undefined;
}

/** Puts the artifacts of a task where other machines find them; their URIs are those. What the user has elsewhere stays there alone. */
export function shared(outputs: Outputs, folder: string, share: (artifact: Artifact & { content: Content }) => Promise<string>): Promise<Outputs> {
  return mapArtifacts(outputs, async (artifact) => {
    const { content } = artifact;
    return content === undefined || placeBelow(folder, artifact.path) === undefined ? artifact : { ...artifact, uri: await share({ ...artifact, content }) };
  });
}

/** Whether the earlier result can be had, by what is there, without reading all of it. */
export async function isRestorable(outputs: Outputs, from: string, has: (content: Content) => boolean | Promise<boolean>): Promise<boolean> {
  let all = true;
  await mapArtifacts(outputs, async (artifact) => {
    const { content } = artifact;
    if (content !== undefined && placeBelow(from, artifact.path) !== undefined && !(await has(content))) all = false;
    return artifact;
  });
  return all;
}

/** A value of a pipeline as the user knows it: artifacts without what hmc notes of their content. */
export function withoutContents(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutContents);
  return isArtifact(value) ? withContent(value, undefined) : value;
}

function isSame(found: Content | undefined, content: Content): boolean {
  return found?.sha256 === content.sha256 && found.kind === content.kind;
}
