/** Artifacts and where they are. */
import { ControllerError } from "./errors.ts";
import { isRecord } from "./read.ts";
import type { Artifact, Json, JsonObject } from "./types.ts";

/** The field that holds the key of an artifact in each kind of store; stores without are in no list of keys. */
const KEYS: { readonly [store: string]: string } = { artifactory: "url", azure: "blob", gcs: "key", hdfs: "path", http: "url", oss: "key", s3: "key", plugin: "key" };

const STORES = ["artifactory", "azure", "git", "gcs", "hdfs", "http", "oss", "raw", "s3", "plugin"];

/** The location of an artifact: the store and what it says. */
export function locationOf(artifact: Artifact): { store: string; at: JsonObject } | undefined {
  const store = STORES.find((name) => isRecord(artifact[name]));
  return store === undefined ? undefined : { store, at: artifact[store] as JsonObject };
}

/** The key of an artifact in its store: empty where it has none. */
export function keyOf(artifact: Artifact): string {
  const location = locationOf(artifact);
  if (!location) return "";
  const value = location.at[KEYS[location.store] ?? ""];
  if (typeof value !== "string") return "";
  return location.store === "http" || location.store === "artifactory" ? pathOfUrl(value) : value;
}

function pathOfUrl(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? url;
}

/** Whether an artifact says where it is, at least by a key. */
export function hasLocationOrKey(artifact: Artifact): boolean {
  const location = locationOf(artifact);
  if (!location) return false;
  if (location.store === "raw") return true;
  if (location.store === "git") return typeof location.at["repo"] === "string" && location.at["repo"] !== "";
  return keyOf(artifact) !== "" || (location.store === "hdfs" && Array.isArray(location.at["addresses"]));
}

/**
 * The same artifact, but a part of it.
 *
 * @throws ControllerError where the store has no keys
 */
export function within(artifact: Artifact, subPath: string): Artifact {
  const location = locationOf(artifact);
  if (!location) throw new ControllerError("key unsupported: cannot get key for artifact location, because it is invalid");
  const field = KEYS[location.store];
  if (field === undefined) throw new ControllerError("key unsupported");
  const key = `${keyOf(artifact)}/${subPath}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
  return { ...artifact, [location.store]: { ...location.at, [field]: key as Json } };
}
