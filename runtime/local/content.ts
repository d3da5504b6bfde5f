/** What a file or folder holds, by its content alone: where it lies, and when it was written, does not count. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** The content of an artifact. */
export interface Content {
  kind: "file" | "folder";
  /** Of a file: of its bytes; of a folder: of the text of its listing. Hex. */
  sha256: string;
  /** Of all files together. */
  bytes: number;
  /** Of a file that may be executed. */
  executable?: true;
}

/** One entry of a folder, at any depth. */
export type ListingEntry =
  | { path: string; kind: "file"; sha256: string; bytes: number; executable?: true }
  | { path: string; kind: "folder" }
  /** A symbolic link is kept as it is written. */
  | { path: string; kind: "link"; target: string };

/** What cannot be an artifact: a socket, a device, a pipe. */
export class NoContent extends Error {
  override name = "NoContent";
}

/** A file up to this size is read at once, which is faster. Bytes. */
const small = 1 << 20;

/** The content of a file. */
export async function contentOfFile(path: string): Promise<Content> {
  const { size, mode } = await lstat(path);
  const executable = (mode & 0o111) === 0 ? {} : { executable: true as const };
  const hash = createHash("sha256");
  if (size <= small) {
    const bytes = await readFile(path);
    return { kind: "file", sha256: hash.update(bytes).digest("hex"), bytes: bytes.length, ...executable };
  }
  let bytes = 0;
  await pipeline(createReadStream(path, { highWaterMark: small }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { kind: "file", sha256: hash.digest("hex"), bytes, ...executable };
}

/** The content of a file or a folder; undefined where there is neither. */
export async function contentOf(path: string): Promise<Content | undefined> {
  return (await contentAndListing(path, contentOfFile))?.content;
}

/**
 * The content of a file or a folder with its listing, if it is one.
 *
 * @param ofFile reads a file, and may do more with it
 */
export async function contentAndListing(path: string, ofFile: (path: string) => Promise<Content>): Promise<{ content: Content; listing?: string } | undefined> {
  const stat = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (stat === undefined) return undefined;
  if (stat.isFile()) return { content: await ofFile(path) };
  if (!stat.isDirectory()) throw new NoContent(`"${path}" is neither a file nor a folder`);
  const entries = await entriesOf(path, "", ofFile);
  const listing = listingText(entries);
  const bytes = entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.bytes : 0), 0);
  return { content: { kind: "folder", sha256: createHash("sha256").update(listing).digest("hex"), bytes }, listing };
}

async function entriesOf(root: string, folder: string, ofFile: (path: string) => Promise<Content>): Promise<ListingEntry[]> {
  const names = (await readdir(join(root, folder), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries: ListingEntry[] = [];
  for (const found of names) {
    const path = folder === "" ? found.name : `${folder}/${found.name}`;
    if (found.isDirectory()) entries.push({ path, kind: "folder" }, ...(await entriesOf(root, path, ofFile)));
    else if (found.isSymbolicLink()) entries.push({ path, kind: "link", target: await readlink(join(root, path)) });
    else if (found.isFile()) {
      const { sha256, bytes, executable } = await ofFile(join(root, path));
      entries.push({ path, kind: "file", sha256, bytes, ...(executable === undefined ? {} : { executable }) });
    } else throw new NoContent(`"${join(root, path)}" is neither a file, a folder nor a link`);
  }
  return entries;
}

/** How the listing of a folder begins. */
export const listingHead = "hmc folder 1\n";

/** The listing of a folder as it is hashed and kept: one entry a line. */
export function listingText(entries: readonly ListingEntry[]): string {
  return `${listingHead}${entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")}`;
}

export function readListing(text: string): ListingEntry[] {
  return text.split("\n").slice(1, -1).map((line) => JSON.parse(line) as ListingEntry);
}
