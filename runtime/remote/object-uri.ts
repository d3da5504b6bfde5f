/** Where an object or a store lies, as a URI: `s3://bucket/key`, `gs://bucket/key`, `file:///folder`, or a path. */
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The bucket of `file` is none; its key is an absolute path. */
export type ObjectUri = { scheme: "s3" | "gs"; bucket: string; key: string } | { scheme: "file"; path: string };

/** What is wrong with a URI. */
export class BadObjectUri extends Error {
  override name = "BadObjectUri";
}

/**
 * Reads the URI of an object, or of the root of a store. The key is taken as it is written: KFP, too, decodes nothing.
 *
 * @param folder where relative paths begin
 * @throws BadObjectUri whose message completes "it …"
 */
export function parseObjectUri(text: string, folder: string): ObjectUri {
  if (text.trim() === "") throw new BadObjectUri("is empty");
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined) return { scheme: "file", path: resolve(folder, text) };
  switch (scheme.toLowerCase()) {
    case "s3":
      return { scheme: "s3", ...bucketAndKey(rest) };
    case "gs":
      return { scheme: "gs", ...bucketAndKey(rest) };
    case "file":
      return { scheme: "file", path: pathOfFileUri(text) };
    default:
      throw new BadObjectUri(`has the scheme "${scheme}", for which there is no adapter`);
  }
}

function bucketAndKey(rest: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^([^/]*)\/?(.*)$/s.exec(rest) ?? [];
  if (bucket === "") throw new BadObjectUri("names no bucket");
  if (bucket.includes("@") || bucket.includes(":")) throw new BadObjectUri("has credentials or a port where the bucket belongs; give credentials by the environment");
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/i.test(bucket)) throw new BadObjectUri(`has "${bucket}" as its bucket, which is no name of one`);
  return { bucket, key };
}

function pathOfFileUri(text: string): string {
  try {
    return fileURLToPath(text);
  } catch {
    throw new BadObjectUri("is no URI of a folder on this machine");
  }
}

/** The URI of an object of a bucket, or of a path. */
export function formatObjectUri(uri: ObjectUri): string {
  return uri.scheme === "file" ? pathToFileURL(uri.path).href : `${uri.scheme}://${uri.bucket}${uri.key === "" ? "" : `/${uri.key}`}`;
}

/** Whether a URI is that of an object which only a service has. */
export function isRemote(uri: string): boolean {
  return /^(s3|gs):\/\//i.test(uri);
}

/** Whether a text can be the key of an object in every store. */
export function isKey(key: string): boolean {
  return key !== "" && !key.includes("\0") && Buffer.byteLength(key) <= 1024 && key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
