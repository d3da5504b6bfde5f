/** The artifact repository of pods that run as processes: files of this machine, found by the keys of their objects. */
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

interface StoredObject {
  path: string;
  archived: boolean;
}

/** Why an artifact cannot be read, in a sentence. */
export class StoreError extends Error {
  override name = "StoreError";
}

/** Objects by key. An object is a file or a folder; a key may also be the folder of other keys. */
export class ArtifactStore {
  readonly #folder: string;
  readonly #objects = new Map<string, StoredObject>();
  #count = 0;

  /** @param folder gets the objects */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Copies a file or folder into the store.
   *
   * @param archived whether Argo would make a tar of it, which nothing but the whole artifact can be read from
   */
  put(key: string, path: string, archived: boolean): void {
    const place = join(this.#folder, String(this.#count++));
    copy(path, place);
    this.#objects.set(key, { path: place, archived });
  }

  /**
   * Copies an artifact, a part of one, or everything below a key to a path.
   *
   * @returns false where there is nothing under the key
   * @throws StoreError where an archive would be read as a folder
   */
  get(key: string, path: string): boolean {
    const found = this.#objects.get(key)?.path ?? this.#part(key);
    if (found !== undefined) {
      copy(found, path);
      return true;
    }
    const below = [...this.#objects].filter(([other]) => other.startsWith(`${key}/`));
    for (const [other, object] of below) {
      if (object.archived) throw new StoreError(`"${other}" is stored as an archive, so the folder "${key}" cannot be read: its artifact needs "archive: {none: {}}".`);
      copy(object.path, join(path, other.slice(key.length + 1)));
    }
    return below.length > 0;
  }

  /** What lies under a key inside of a folder that was stored as it is. */
  #part(key: string): string | undefined {
    for (let end = key.lastIndexOf("/"); end > 0; end = key.lastIndexOf("/", end - 1)) {
      const object = this.#objects.get(key.slice(0, end));
      if (object === undefined || object.archived) continue;
      const path = join(object.path, key.slice(end + 1));
      if (existsSync(path)) return path;
    }
    return undefined;
  }
}

function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}
