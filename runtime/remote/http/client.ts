/** Requests to a JSON API, with credentials, time limits and tries. */
import { EnvHttpProxyAgent, FormData, request, type Dispatcher } from "undici";
import { retrying, type RetrySettings } from "../retry.ts";
import type { Credentials } from "./credentials.ts";
import { connectionFailure, isPassing, RequestError, statusFailure, type Failure } from "./failure.ts";
import { hidden, withoutSecrets } from "./secrets.ts";

export interface HttpSettings {
  /** The address that paths are appended to, without a slash at its end. */
  base: string;
  credentials: Credentials;
  tls?: TlsSettings;
  /** How long the beginning of an answer, and each further part of it, may take. Milliseconds. */
  timeout: number;
  retry: RetrySettings;
  /** Where the addresses of proxies are read: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, also in small letters. */
  environment: (name: string) => string | undefined;
}

/** PEM texts. */
export interface TlsSettings {
  /** Whom to trust in place of the authorities that Node knows. */
  ca?: string;
  cert?: string;
  key?: string;
  /** The name in the certificate of the server, where it is not that of the address. */
  servername?: string;
  /** False takes any certificate. */
  rejectUnauthorized?: boolean;
}

export interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with a slash. */
  path: string;
  /** What is undefined is left out. */
  query?: Readonly<Record<string, string | undefined>>;
  json?: unknown;
  /** What `json` is; `application/json` where it is missing. */
  contentType?: string;
  /** A file that is uploaded, as a form. */
  file?: { field: string; name: string; content: string; type: string };
  /** Whether it may be sent again where it is not known if the server has acted. Reading always may. */
  isRepeatable?: boolean;
  signal?: AbortSignal;
}

/** Longer pauses than this are not waited for, whatever `Retry-After` says. Milliseconds. */
const longestRetryAfter = 30_000;

/** A server that answers in JSON. It holds connections until it is closed. */
export class HttpClient {
  readonly base: string;
  readonly #settings: HttpSettings;
  readonly #dispatcher: Dispatcher;

  constructor(settings: HttpSettings) {
    this.base = settings.base;
    this.#settings = settings;
    const { tls = {}, timeout, environment } = settings;
    const proxy = (name: string) => environment(name) ?? environment(name.toUpperCase()) ?? "";
    this.#dispatcher = new EnvHttpProxyAgent({
      connect: { ...tls, timeout },
      requestTls: tls,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      httpProxy: proxy("http_proxy"),
      httpsProxy: proxy("https_proxy"),
      noProxy: proxy("no_proxy"),
    });
  }

  /** The value that the server answers; undefined where the answer is empty. Throws a `RequestError`. */
  send(call: Call): Promise<unknown> {
    return this.#retrying(call, async () => {
      const { headers, body } = await this.#begin(call, "application/json");
      const text = await this.#whole(call, body);
      if (text === "") return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return this.#fail(call, isPage(headers) ? { kind: "otherServer", problem: "it answers with a page instead of JSON" } : { kind: "cutOff", problem: "the answer is not whole" });
      }
    });
  }

  /** The text that the server answers, piece by piece, however long it takes to say more. Throws a `RequestError`, also where the text breaks off. */
  async *follow(call: Call): AsyncGenerator<string> {
    const { body } = await this.#retrying(call, () => this.#begin(call, "*/*", 0));
    try {
      for await (const piece of body.setEncoding("utf8")) yield piece as string;
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      this.#fail(call, connectionFailure(error, this.#settings.timeout));
    }
  }

  #retrying<T>(call: Call, act: () => Promise<T>): Promise<T> {
    let isRenewed = false;
    return retrying(this.#settings.retry, call.signal ?? new AbortController().signal, async () => {
      try {
        return await act();
      } catch (error) {
        // Credentials may have expired on the way. A server that does not know who asks has not acted.
        if (isRenewed || !(error instanceof RequestError) || error.failure.kind !== "unauthorized" || !this.#settings.credentials.renew()) throw error;
        isRenewed = true;
        return await act();
      }
    }, (error) => error instanceof RequestError && mayRepeat(call) && isPassing(error.failure));
  }

  #fail({ method, path }: Call, failure: Failure, answer?: unknown): never {
    throw new RequestError(withoutSecrets(failure, this.#settings.credentials.secrets()), `${method} ${this.base}${path}`, answer);
  }

  async #whole(call: Call, body: Dispatcher.ResponseData["body"]): Promise<string> {
    try {
      return await body.text();
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      return this.#fail(call, connectionFailure(error, this.#settings.timeout));
    }
  }

  /**
   * Sends a request, and gives the answer of a server that did what was asked.
   *
   * @param bodyTimeout how long each part of the answer may take, in milliseconds; 0 is any time
   */
  async #begin(call: Call, accept: string, bodyTimeout = this.#settings.timeout): Promise<Dispatcher.ResponseData> {
    const { timeout, credentials, retry } = this.#settings;
    const url = new URL(`${this.base}${call.path}`);
    for (const [key, value] of Object.entries(call.query ?? {})) if (value !== undefined) url.searchParams.set(key, value);
    const headers: Record<string, string> = { accept, ...(await credentials.headers(call.signal)) };
    let answer: Dispatcher.ResponseData;
    try {
      answer = await request(url, {
        method: call.method,
        dispatcher: this.#dispatcher,
        headers: call.json === undefined ? headers : { ...headers, "content-type": call.contentType ?? "application/json" },
        body: call.file === undefined ? (call.json === undefined ? null : JSON.stringify(call.json)) : form(call.file),
        bodyTimeout,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      return this.#fail(call, connectionFailure(error, timeout));
    }
    if (answer.statusCode < 300) return answer;
    const text = hidden(await this.#whole(call, answer.body), credentials.secrets());
    const failure = statusFailure(answer.statusCode, problemOf(text, answer.statusCode));
    if (failure?.kind === "failing" && mayRepeat(call)) await this.#pauseAsTold(answer, call.signal, retry);
    return failure === undefined ? answer : this.#fail(call, failure, jsonOf(text));
  }

  /** Waits as `Retry-After` asks. */
  async #pauseAsTold({ headers }: Dispatcher.ResponseData, signal: AbortSignal | undefined, { sleep }: RetrySettings): Promise<void> {
    const seconds = Number(headers["retry-after"] ?? Number.NaN);
    if (seconds > 0) await sleep(Math.min(seconds * 1000, longestRetryAfter), signal);
  }

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }
}

function mayRepeat({ method, isRepeatable }: Call): boolean {
  return method === "GET" || isRepeatable === true;
}

function form({ field, name, content, type }: NonNullable<Call["file"]>): FormData {
  const data = new FormData();
  data.append(field, new Blob([content], { type }), name);
  return data;
}

function isPage(headers: Dispatcher.ResponseData["headers"]): boolean {
  return String(headers["content-type"] ?? "").startsWith("text/html");
}

/** What a server says is wrong: the message of its JSON, or the beginning of its text. */
function problemOf(text: string, status: number): string {
  const answer = jsonOf(text) as { message?: unknown; error_message?: unknown; error?: unknown } | null | undefined;
  const said = answer === undefined ? (/^\s*</.test(text) ? undefined : text.trim()) : (answer?.error_message ?? answer?.message ?? answer?.error);
  const line = typeof said === "string" ? (said.split("\n")[0] ?? "").trim() : "";
  return line === "" ? `status ${status}` : line.slice(0, 300);
}

/** Undefined where the text is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
