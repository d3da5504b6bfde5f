/** What an adapter does by itself; `store-of-driver.ts` makes a whole store of it. Keys are those of the bucket. */
import type { Readable } from "node:stream";
import type { ObjectHead, StoreProblem } from "./object-store.ts";

export interface ObjectDriver {
  /** Of the bucket, without a `/` at its end. */
  readonly bucketUri: string;
  uriOf(key: string): string;
  /** Stores what a stream gives; if the stream fails, there is nothing new. */
  put(key: string, body: PutBody, signal: AbortSignal): Promise<void>;
  /** Begins to read an object. */
  open(key: string, signal: AbortSignal): Promise<{ body: Readable; bytes?: number }>;
  head(key: string): Promise<ObjectHead | undefined>;
  /** One page of a list, by key; `next` is missing after the last. */
  page(prefix: string, from: string | undefined): Promise<{ objects: ObjectHead[]; next?: string }>;
  delete(key: string): Promise<void>;
  /** What an error of the library behind it means; `detail` holds no secret. */
  explain(error: unknown): { problem: StoreProblem; detail?: string };
}

/** Either all bytes, for what is small, or a stream. */
export type PutBody = { sha256?: string } & ({ bytes: Buffer } | { stream: Readable; size?: number });

/** Up to this size an object is sent in one request, above it in parts of this size. Bytes. */
export const partSize = 8 * 1024 * 1024;

/** A status or the name of an error, as it may be shown. */
export function safeDetail(...parts: (string | number | undefined)[]): { detail?: string } {
  const shown = parts.filter((part) => part !== undefined && /^[A-Za-z0-9_.]{1,60}$/.test(String(part)));
  return shown.length === 0 ? {} : { detail: [...new Set(shown.map(String))].join(" ") };
}

/** What the status of an answer means; undefined where that is all well. */
export function problemOfStatus(status: number | undefined): StoreProblem | undefined {
  if (status === undefined || status < 300) return undefined;
  if (status === 401 || status === 403) return "noAccess";
  if (status === 404) return "notFound";
  return status === 408 || status === 429 || status >= 500 ? "busy" : "refused";
}

const connectionErrors = /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_\w+|ERR_SOCKET_\w+|ESOCKETTIMEDOUT|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+)$/;

/** The code of an error of the network, also of one behind another error. */
export function connectionError(error: unknown): string | undefined {
  for (let found = error, depth = 0; typeof found === "object" && found !== null && depth < 4; depth++) {
    const { code, cause } = found as { code?: unknown; cause?: unknown };
    if (typeof code === "string" && connectionErrors.test(code)) return code;
    found = cause;
  }
  return undefined;
}
