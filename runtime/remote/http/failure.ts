/** What can go wrong between this machine and a server. */

/** Why a request has no answer that can be used. Texts hold no credentials. */
export type Failure =
  /** The server does not know who asks: 401, or it sends to a page for signing in. */
  | { kind: "unauthorized"; problem: string }
  /** The server knows who asks, and refuses: 403. */
  | { kind: "forbidden"; problem: string }
  | { kind: "notFound"; problem: string }
  /** There is one already, or it has changed meanwhile: 409. */
  | { kind: "conflict"; problem: string }
  /** The server refuses what it was sent: other 4xx. */
  | { kind: "refused"; status: number; problem: string }
  /** 5xx and 429, after all tries. */
  | { kind: "failing"; status: number; problem: string }
  /** The certificate is not trusted, or that of the client is missing or not taken. */
  | { kind: "tls"; problem: string }
  | { kind: "unknownHost"; problem: string }
  /** Nothing listens there, or the way to it is closed. */
  | { kind: "unreachable"; problem: string }
  | { kind: "timeout"; milliseconds: number }
  /** The connection ended before the answer was whole: whether the server has acted is not known. */
  | { kind: "cutOff"; problem: string }
  /** Something answers, but not the API that was asked for. */
  | { kind: "otherServer"; problem: string }
  /** The credentials could not be had. */
  | { kind: "noCredentials"; problem: string };

/** A request that failed. */
export class RequestError extends Error {
  override name = "RequestError";
  readonly failure: Failure;
  /** What was asked, e.g. `GET https://kfp.example.com/apis/v2beta1/runs`; without the query. */
  readonly request: string;
  /** What the server said beside a bad status, where that was JSON, without credentials. */
  readonly answer: unknown;

  constructor(failure: Failure, request: string, answer?: unknown) {
    super(`${request}: ${failure.kind === "timeout" ? `no answer within ${failure.milliseconds / 1000} s` : failure.problem}`);
    this.failure = failure;
    this.request = request;
    this.answer = answer;
  }
}

/** Whether the same request may succeed a moment later. */
export function isPassing({ kind }: Failure): boolean {
  switch (kind) {
    case "failing":
    case "unreachable":
    case "timeout":
    case "cutOff":
      return true;
    default:
      return false;
  }
}

const tlsCodes = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|EPROTO$)/;

/** The failure of a request that had no answer. */
export function connectionFailure(error: unknown, milliseconds: number): Failure {
  const causes = causesOf(error);
  const codes = causes.map(({ code }) => code ?? "");
  const problem = causes.map(({ message }) => message).find((message) => message !== "") ?? "the connection failed";
  if (codes.some((code) => tlsCodes.test(code))) return { kind: "tls", problem };
  if (codes.some((code) => code === "ENOTFOUND" || code === "EAI_AGAIN")) return { kind: "unknownHost", problem };
  if (codes.some((code) => /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM)$/.test(code))) return { kind: "unreachable", problem };
  if (codes.some((code) => /TIMEOUT|ETIMEDOUT/.test(code)) || causes.some(({ name }) => name === "TimeoutError")) return { kind: "timeout", milliseconds };
  return { kind: "cutOff", problem };
}

/** An error, what caused it, and what it gathers. */
function causesOf(error: unknown): { name?: string; code?: string; message: string }[] {
  if (!(error instanceof Error)) return [{ message: String(error) }];
  const { cause, errors } = error as Error & { cause?: unknown; errors?: unknown[] };
  return [error as Error & { code?: string }, ...(errors ?? []).flatMap(causesOf), ...(cause === undefined ? [] : causesOf(cause))];
}

/** The failure that a status says; undefined for success. */
export function statusFailure(status: number, problem: string): Failure | undefined {
  if (status < 300) return undefined;
  if (status < 400) return { kind: "unauthorized", problem: `it sends to another page, as servers do where one must sign in (${status})` };
  if (status === 401) return { kind: "unauthorized", problem };
  if (status === 403) return { kind: "forbidden", problem };
  if (status === 404) return { kind: "notFound", problem };
  if (status === 409) return { kind: "conflict", problem };
  return status === 429 || status >= 500 ? { kind: "failing", status, problem } : { kind: "refused", status, problem };
}
