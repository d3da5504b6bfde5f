/** Who asks: the headers that say so, made of what a target names. */
import { readFileSync } from "node:fs";
import { oidcToken, type OidcSettings } from "./oidc.ts";
import { RequestError } from "./failure.ts";

export interface Credentials {
  /** The headers of a request. Throws a `RequestError` where the credentials cannot be had. */
  headers(signal?: AbortSignal): Promise<Record<string, string>>;
  /** Forgets what may have expired. Returns whether new credentials may differ. */
  renew(): boolean;
  /** What must be shown nowhere. */
  secrets(): string[];
}

/** What credentials are made of. Secrets are read when they are needed, and kept in memory only. */
export type CredentialSource =
  /** Nothing, or the certificate of the connection. */
  | { kind: "none" }
  | { kind: "bearer"; token: string }
  /** A file whose content may change: it is read for each request, as mounted tokens of service accounts ask for. */
  | { kind: "tokenFile"; path: string }
  | { kind: "basic"; user: string; password: string }
  | ({ kind: "oidc" } & OidcSettings);

/** @param now milliseconds since 1970 */
export function credentialsOf(source: CredentialSource, now: () => number): Credentials {
  switch (source.kind) {
    case "none":
      return { headers: async () => ({}), renew: () => false, secrets: () => [] };
    case "bearer":
      return { headers: async () => bearer(source.token), renew: () => false, secrets: () => [source.token] };
    case "tokenFile":
      return fileCredentials(source.path);
    case "basic":
      return basicCredentials(source.user, source.password);
    case "oidc":
      return oidcCredentials(source, now);
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function fileCredentials(path: string): Credentials {
  let last = "";
  const read = (): string => {
    try {
      return readFileSync(path, "utf8").trim();
    } catch (error) {
      throw new RequestError({ kind: "noCredentials", problem: `the token file "${path}" cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})` }, "reading the token");
    }
  };
  return {
    headers: async () => bearer((last = read())),
    renew: () => read() !== last,
    secrets: () => (last === "" ? [] : [last]),
  };
}

function basicCredentials(user: string, password: string): Credentials {
  const pair = Buffer.from(`${user}:${password}`).toString("base64");
  return { headers: async () => ({ authorization: `Basic ${pair}` }), renew: () => false, secrets: () => [password, pair] };
}

/** How long before its end a token counts as expired, for clocks that differ and requests that last. Milliseconds. */
const expiryMargin = 60_000;

function oidcCredentials(source: OidcSettings, now: () => number): Credentials {
  let held: { token: string; expires: number } | undefined;
  return {
    async headers(signal) {
      if (held === undefined || held.expires - expiryMargin <= now()) held = await oidcToken(source, now, signal);
      return bearer(held.token);
    },
    renew() {
      const isHeld = held !== undefined;
      held = undefined;
      return isHeld;
    },
    secrets: () => [...(held === undefined ? [] : [held.token]), ...(source.clientSecret === undefined ? [] : [source.clientSecret])],
  };
}
