/**
 * Artifacts by their content: `.hmc/store/sha256/<2>/<62>`. What lies there is never given to a program: what a run works with is a copy
 * (a clone of the file system where it has such), so nothing that a program writes can change an artifact of another run.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { chmod, copyFile, lstat, mkdir, open, readFile, rename, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contentAndListing, contentOfFile, listingHead, readListing, type Content, type ListingEntry } from "./content.ts";
import { partialPath, writeDurably } from "./whole-file.ts";

/** An object of the store that is not there, or whose bytes are not those of its name. */
export class DamagedContent extends Error {
  override name = "DamagedContent";
  readonly sha256: string;
  readonly missing: boolean;

  constructor(sha256: string, missing: boolean) {
    super(missing ? `the store has no object ${sha256}` : `the bytes of the object ${sha256} are not those that were stored`);
    this.sha256 = sha256;
    this.missing = missing;
  }
}

/** What a run needs of a store of artifacts. */
export interface ArtifactStore {
  /** Takes what lies at a path into the store; undefined where nothing does. Afterwards it survives a crash of the machine. */
  ingest(path: string): Promise<Content | undefined>;
  /**
   * Puts content at a path, in place of what is there.
   *
   * @throws DamagedContent
   */
  materialise(content: Content, path: string): Promise<void>;
}

export class ContentStore implements ArtifactStore {
  readonly #folder: string;

  /** @param folder `.hmc/store` of the project, absolute; made when it is needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the object of a hash lies, or would lie. */
  objectPath(sha256: string): string {
    return join(this.#folder, "sha256", sha256.slice(0, 2), sha256.slice(2));
  }

  /** What is in a folder; undefined where the object is not there or is that of no folder. */
  readListing(sha256: string): ListingEntry[] | undefined {
    const object = this.objectPath(sha256);
    const text = existsSync(object) && isListing(object) ? readFileSync(object, "utf8") : undefined;
    return text === undefined ? undefined : readListing(text);
  }

  /** Whether all objects of some content are there. */
  has(content: Content): boolean {
    const listing = content.kind === "folder" ? this.readListing(content.sha256) : [];
    if (listing === undefined) return false;
    const files = content.kind === "file" ? [content] : listing.filter((entry) => entry.kind === "file");
    return files.every(({ sha256 }) => existsSync(this.objectPath(sha256)));
  }

  async ingest(path: string): Promise<Content | undefined> {
    const found = await contentAndListing(path, (file) => this.#ingestFile(file));
    if (found?.listing !== undefined) await this.#keepText(found.content.sha256, found.listing);
    return found?.content;
  }

  async materialise(content: Content, path: string): Promise<void> {
    const partial = partialPath(path);
    await mkdir(dirname(path), { recursive: true });
    try {
      if (content.kind === "file") await this.#copyOut(content, partial);
      else await this.#copyFolder(content, partial);
      await rm(path, { recursive: true, force: true });
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  }

  /** The hash is that of the copy: whoever still writes to the file cannot make it wrong. */
  async #ingestFile(path: string): Promise<Content> {
    const partial = partialPath(join(this.#folder, "partial", "object"));
    await mkdir(dirname(partial), { recursive: true });
    try {
      await copyFile(path, partial, constants.COPYFILE_FICLONE);
      const content = await contentOfFile(partial);
      await this.#keep(partial, content.sha256);
      return content;
    } finally {
      await rm(partial, { force: true });
    }
  }

  async #keep(partial: string, sha256: string): Promise<void> {
    const object = this.objectPath(sha256);
    if (await this.#isThere(object, partial)) return;
    await synchronised(partial);
    await chmod(partial, 0o444);
    await mkdir(dirname(object), { recursive: true });
    await rename(partial, object);
  }

  /** An object of the same size is taken for the same; it becomes young, so that a collection at this moment spares it. */
  async #isThere(object: string, partial: string): Promise<boolean> {
    if (!existsSync(object)) return false;
    const [kept, given] = await Promise.all([lstat(object), lstat(partial)]);
    if (kept.size !== given.size) return false;
    const now = new Date();
    return utimes(object, now, now).then(() => true, () => false);
  }

  async #keepText(sha256: string, text: string): Promise<void> {
    const object = this.objectPath(sha256);
    await mkdir(dirname(object), { recursive: true });
    await writeDurably(object, text);
  }

  async #copyOut({ sha256, executable }: Pick<Content, "sha256" | "executable">, to: string): Promise<void> {
    const object = this.objectPath(sha256);
    await copyFile(object, to, constants.COPYFILE_FICLONE).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" && !existsSync(object)) throw new DamagedContent(sha256, true);
      throw error;
    });
    if ((await contentOfFile(to)).sha256 !== sha256) throw await this.#damaged(sha256);
    await chmod(to, executable === true ? 0o755 : 0o644);
  }

  async #copyFolder({ sha256 }: Content, to: string): Promise<void> {
    const text = await readFile(this.objectPath(sha256), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") throw new DamagedContent(sha256, true);
      throw error;
    });
    if (createHash("sha256").update(text).digest("hex") !== sha256) throw await this.#damaged(sha256);
    await mkdir(to, { recursive: true });
    for (const entry of readListing(text)) {
      const path = join(to, entry.path);
      if (entry.kind === "folder") await mkdir(path);
      else if (entry.kind === "link") await symlink(entry.target, path);
      else await this.#copyOut(entry, path);
    }
  }

  /** A damaged object goes, so that the next ingest stores it anew. */
  async #damaged(sha256: string): Promise<DamagedContent> {
    await rm(this.objectPath(sha256), { force: true });
    return new DamagedContent(sha256, false);
  }
}

/** Files may be large: only the first bytes of an object say whether it is a listing. */
function isListing(object: string): boolean {
  const file = openSync(object, "r");
  try {
    const start = Buffer.alloc(listingHead.length);
    return readSync(file, start) === start.length && start.toString("latin1") === listingHead;
  } finally {
    closeSync(file);
  }
}

async function synchronised(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
