/** The store of a URI. Its library is loaded when the first store of its kind is opened. */
import { setTimeout as after } from "node:timers/promises";
import { FolderDriver } from "./folder-driver.ts";
import { gcsDriver, type GcsLibrary } from "./gcs-driver.ts";
import type { ObjectDriver } from "./object-driver.ts";
import type { ObjectStore } from "./object-store.ts";
import { formatObjectUri, parseObjectUri, type ObjectUri } from "./object-uri.ts";
import { loadPeer, PeerMissing } from "./peer.ts";
import { s3Driver, type S3Library } from "./s3-driver.ts";
import { StoreOfDriver, type TransferSettings } from "./store-of-driver.ts";

export interface OpenSettings {
  /** The project root, absolute: where optional packages may be, and where relative paths begin. */
  root: string;
  environment: Record<string, string | undefined>;
  /** What tests change: patience and pauses. */
  transfer?: Partial<TransferSettings>;
}

const defaults: TransferSettings = {
  patience: 60_000,
  retry: {
    attempts: 5,
    pause: 250,
    longestPause: 10_000,
    random: Math.random,
    sleep: async (milliseconds, signal) => {
      await after(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    },
  },
};

/**
 * Opens the store whose root is a URI. Nobody is asked yet whether it is there: see `ObjectStore.check`.
 *
 * @throws BadObjectUri, PeerMissing
 */
export async function openStore(uri: string, settings: OpenSettings): Promise<ObjectStore> {
  const parsed = parseObjectUri(uri.replace(/(?<=[^:/])\/+$/, ""), settings.root);
  const transfer = { ...defaults, ...settings.transfer };
  if (parsed.scheme === "file") return new StoreOfDriver(new FolderDriver(parsed.path), "", transfer);
  return new StoreOfDriver(await remoteDriver(parsed, settings, transfer), parsed.key, transfer);
}

function remoteDriver(uri: Exclude<ObjectUri, { scheme: "file" }>, { root, environment }: OpenSettings, { patience, retry }: TransferSettings): Promise<ObjectDriver> | ObjectDriver {
  const settings = { bucket: uri.bucket, environment, patience, attempts: retry.attempts, longestPause: retry.longestPause };
  const library = loadLibrary(uri, root);
  return library.scheme === "s3" ? s3Driver(library, settings) : gcsDriver(library.storage, settings);
}

/** What `npm install` is given, by scheme. Version 8 of Google's library needs Node 22. */
const packages = { s3: "@aws-sdk/client-s3@3 @aws-sdk/lib-storage@3", gs: "@google-cloud/storage@7" } as const;

function loadLibrary(uri: Exclude<ObjectUri, { scheme: "file" }>, root: string): ({ scheme: "s3" } & S3Library) | { scheme: "gs"; storage: GcsLibrary } {
  if (uri.scheme === "s3") {
    const client = loadPeer("@aws-sdk/client-s3", root);
    const upload = loadPeer("@aws-sdk/lib-storage", root);
    if (client !== undefined && upload !== undefined) return { scheme: "s3", client: client as S3Library["client"], upload: upload as S3Library["upload"] };
  } else {
    const storage = loadPeer("@google-cloud/storage", root);
    if (storage !== undefined) return { scheme: "gs", storage: storage as GcsLibrary };
  }
  throw new PeerMissing(formatObjectUri(uri), packages[uri.scheme]);
}
