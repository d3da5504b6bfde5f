/**
 * The port of object stores: what hmc needs of a folder, S3 or Google Cloud Storage. One contract test runs over every adapter. Adapters are
 * opened by their URI in `open-store.ts`.
 */
import type { Readable } from "node:stream";

/** What a store knows of an object without reading it. */
export interface ObjectHead {
  /** Below the root of the store. */
  key: string;
  bytes: number;
  /** Another one for other content: an entity tag, a generation, or times of a file. */
  version: string;
  /** Hex, where it was given when the object was put. */
  sha256?: string;
}

/** Where the bytes of an object come from. A stream is read once, in pieces. */
export type ObjectSource = { file: string } | { bytes: Uint8Array } | { stream: Readable };

export interface PutOptions {
  /** Hex. What has another hash is not stored. What is there already with this hash, is not sent again. */
  sha256?: string;
  signal?: AbortSignal;
}

export interface GetOptions {
  /** Hex. What has another hash never gets to its path. */
  sha256?: string;
  signal?: AbortSignal;
}

/**
 * Objects below one root, by keys such as `sha256/ab/cdef`. A key has parts of any text but `.` and `..`, divided by `/`.
 *
 * All methods reject with an `ObjectStoreError`. Calls that fail for a passing reason are tried again.
 */
export interface ObjectStore {
  /** The URI of the root, without a `/` at its end. */
  readonly root: string;
  uriOf(key: string): string;
  /** Stores an object whole, or not at all, in place of one that is there. Large ones go in parts. */
  put(key: string, source: ObjectSource, options?: PutOptions): Promise<void>;
  /** Writes an object to a path, whole or not at all; the folder of the path is made. */
  get(key: string, path: string, options?: GetOptions): Promise<{ sha256: string; bytes: number }>;
  /** A small object; undefined where there is none. */
  read(key: string, signal?: AbortSignal): Promise<Buffer | undefined>;
  /** Undefined where there is no such object. */
  head(key: string): Promise<ObjectHead | undefined>;
  exists(key: string): Promise<boolean>;
  /** Objects whose key begins with a text, by key, read page by page. */
  list(prefix: string): AsyncIterable<ObjectHead>;
  /** It is no error if there is none. */
  delete(key: string): Promise<void>;
  /** Rejects where the root cannot be read: no bucket, no access, nobody answers. */
  check(): Promise<void>;
}

/**
 * `unreachable` and `busy` pass, and calls are tried again before anybody sees them; `damaged`: the bytes have another hash than was expected;
 * `refused`: any other answer.
 */
export type StoreProblem = "notFound" | "noBucket" | "noAccess" | "noCredentials" | "unreachable" | "busy" | "damaged" | "badKey" | "refused";

/**
 * A call that failed. Its message is a sentence for people. Whatever a service or a library says may hold tokens and signed addresses, so
 * only the status and the name of an error are kept.
 */
export class ObjectStoreError extends Error {
  override name = "ObjectStoreError";
  readonly problem: StoreProblem;
  readonly uri: string;

  /** @param detail a status, or the name of an error */
  constructor(problem: StoreProblem, uri: string, detail?: string) {
    super(`${sentences[problem](uri)}${detail === undefined ? "" : ` (${detail})`}`);
    this.problem = problem;
    this.uri = uri;
  }
}

const sentences: Readonly<Record<StoreProblem, (uri: string) => string>> = {
  notFound: (uri) => `there is no object "${uri}"`,
  noBucket: (uri) => `there is no bucket or folder for "${uri}"`,
  noAccess: (uri) => `these credentials may not use "${uri}"`,
  noCredentials: (uri) => `there are no credentials for "${uri}"`,
  unreachable: (uri) => `the service of "${uri}" does not answer`,
  busy: (uri) => `the service of "${uri}" is overloaded or broken`,
  damaged: (uri) => `the bytes of "${uri}" are not those that were expected`,
  badKey: (uri) => `"${uri}" is no name of an object`,
  refused: (uri) => `the service of "${uri}" refuses`,
};

/** Whether the same call may succeed later. */
export function isPassing({ problem }: ObjectStoreError): boolean {
  return problem === "unreachable" || problem === "busy";
}
