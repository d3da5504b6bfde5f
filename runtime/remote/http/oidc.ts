/**
 * Identity tokens for a client id, as Google's Identity-Aware Proxy and other OpenID Connect proxies ask for: from a service account's key, from a
 * user's refresh token, from the metadata server of Google's machines, or by client credentials from any token endpoint.
 * Sources: RFC 6749 (4.4, 6), RFC 7523 (2.1), and Google's "Authenticate with a service account" for IAP.
 */
import { createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "undici";
import { RequestError, connectionFailure, statusFailure, type Failure } from "./failure.ts";
import { withoutSecrets } from "./secrets.ts";

export interface OidcSettings {
  /** The client id of the proxy: whom the token is for. */
  clientId: string;
  /** A JSON file of Google's, of the type `service_account` or `authorized_user`. */
  credentialsFile?: string;
  /** A token endpoint that gives tokens for client credentials. */
  tokenUrl?: string;
  clientSecret?: string;
  /** The address of the metadata server. */
  metadataHost: string;
  /** Milliseconds for one request. */
  timeout: number;
}

interface Token {
  token: string;
  /** Milliseconds since 1970. */
  expires: number;
}

/** The file of credentials, as far as it is read. */
interface CredentialsFile {
  type?: string;
  client_email?: string;
  private_key?: string;
  private_key_id?: string;
  token_uri?: string;
  client_id?: string;
  client_secret?: string;
  refresh_token?: string;
}

const googleTokenUri = "https://oauth2.googleapis.com/token";

/** A token for the client id. Throws a `RequestError` where there is none to be had. */
export async function oidcToken(settings: OidcSettings, now: () => number, signal?: AbortSignal): Promise<Token> {
  const { clientId, clientSecret, credentialsFile, tokenUrl } = settings;
  if (tokenUrl !== undefined) {
    const form = { grant_type: "client_credentials", client_id: clientId, scope: "openid", ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
    return fromEndpoint(tokenUrl, form, settings, now, signal);
  }
  if (credentialsFile === undefined) return fromMetadata(settings, now, signal);
  const file = readCredentials(credentialsFile);
  if (file.type === "service_account" && file.client_email !== undefined && file.private_key !== undefined) {
    const assertion = assertionOf(file as CredentialsFile & { client_email: string; private_key: string }, clientId, now(), credentialsFile);
    return fromEndpoint(file.token_uri ?? googleTokenUri, { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }, settings, now, signal);
  }
  if (file.type === "authorized_user" && file.refresh_token !== undefined && file.client_id !== undefined && file.client_secret !== undefined) {
    const form = { grant_type: "refresh_token", refresh_token: file.refresh_token, client_id: file.client_id, client_secret: file.client_secret, audience: clientId };
    return fromEndpoint(file.token_uri ?? googleTokenUri, form, settings, now, signal);
  }
  return refuse({ kind: "noCredentials", problem: `"${credentialsFile}" is of the type "${file.type ?? "none"}"; the key of a service account or the file of "gcloud auth application-default login" is needed` }, "reading the credentials");
}

function readCredentials(path: string): CredentialsFile {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as CredentialsFile;
  } catch (error) {
    const problem = error instanceof SyntaxError ? "is no JSON" : `cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`;
    return refuse({ kind: "noCredentials", problem: `the credentials file "${path}" ${problem}` }, "reading the credentials");
  }
}

/** A signed claim of a service account that it asks for a token for the client id. */
function assertionOf(file: CredentialsFile & { client_email: string; private_key: string }, audience: string, now: number, path: string): string {
  const seconds = Math.floor(now / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ alg: "RS256", typ: "JWT", ...(file.private_key_id === undefined ? {} : { kid: file.private_key_id }) });
  const claims = part({ iss: file.client_email, sub: file.client_email, aud: file.token_uri ?? googleTokenUri, iat: seconds, exp: seconds + 3600, target_audience: audience });
  try {
    return `${head}.${claims}.${createSign("RSA-SHA256").update(`${head}.${claims}`).sign(file.private_key, "base64url")}`;
  } catch {
    return refuse({ kind: "noCredentials", problem: `the private key in "${path}" cannot be used` }, "signing a claim");
  }
}

async function fromEndpoint(url: string, form: Record<string, string>, { timeout }: OidcSettings, now: () => number, signal: AbortSignal | undefined): Promise<Token> {
  const secrets = [form["client_secret"], form["refresh_token"], form["assertion"]].filter((secret) => secret !== undefined);
  const text = await answered(url, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(form).toString() }, timeout, secrets, signal);
  const answer = tokenAnswer(text);
  const token = answer.id_token ?? answer.access_token;
  if (token === undefined) return refuse({ kind: "noCredentials", problem: "the answer has no token" }, `POST ${url}`);
  return { token, expires: expiryOf(token) ?? now() + (answer.expires_in ?? 300) * 1000 };
}

function tokenAnswer(text: string): { id_token?: string; access_token?: string; expires_in?: number } {
  try {
    return JSON.parse(text) as ReturnType<typeof tokenAnswer>;
  } catch {
    return {};
  }
}

async function fromMetadata({ metadataHost, clientId, timeout }: OidcSettings, now: () => number, signal: AbortSignal | undefined): Promise<Token> {
  const url = `http://${metadataHost}/computeMetadata/v1/instance/service-accounts/default/identity?audience=${encodeURIComponent(clientId)}&format=full`;
  const token = (await answered(url, { method: "GET", headers: { "metadata-flavor": "Google" } }, timeout, [], signal)).trim();
  return { token, expires: expiryOf(token) ?? now() + 300_000 };
}

async function answered(url: string, options: { method: "GET" | "POST"; headers: Record<string, string>; body?: string }, timeout: number, secrets: string[], signal: AbortSignal | undefined): Promise<string> {
  const name = `${options.method} ${url.replace(/\?.*/s, "")}`;
  let status: number;
  let text: string;
  try {
    const answer = await request(url, { ...options, headersTimeout: timeout, bodyTimeout: timeout, ...(signal === undefined ? {} : { signal }) });
    status = answer.statusCode;
    text = await answer.body.text();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const failure = connectionFailure(error, timeout);
    return refuse(withoutSecrets({ kind: "noCredentials", problem: failure.kind === "timeout" ? `no token within ${timeout / 1000} s` : "problem" in failure ? failure.problem : failure }, secrets), name);
  }
  const failure = statusFailure(status, `status ${status}`);
  return failure === undefined ? text : refuse({ kind: "noCredentials", problem: `no token was given (status ${status})` }, name);
}

/** When a JSON Web Token ends, in milliseconds since 1970; undefined for other tokens. */
function expiryOf(token: string): number | undefined {
  const [, claims] = token.split(".");
  try {
    const { exp } = JSON.parse(Buffer.from(claims ?? "", "base64url").toString()) as { exp?: unknown };
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function refuse(failure: Failure, request: string): never {
  throw new RequestError(failure, request);
}
