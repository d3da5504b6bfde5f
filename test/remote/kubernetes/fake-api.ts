/**
 * A server of the Kubernetes API for tests of requests. It is a fake: it says what a test has it say. It is strict: what the API does not have is a violation.
 * What objects become is checked on a real one.
 */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";

export interface FakeApi {
  host: string;
  /** As `METHOD path`, without the query. */
  requests: string[];
  /** The headers that say who asked, and the name in the certificate of the client. */
  callers: { authorization: string | undefined; certificate: string | undefined }[];
  violations: string[];
  close(): Promise<void>;
}

export interface FakeCall {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The object that was sent. */
  body: unknown;
  authorization: string | undefined;
}

/** What it says: a status and an object, nothing at all, or an answer that breaks off in the middle. */
export type FakeAnswer = { status?: number; body: unknown } | "silence" | "cutOff" | "lost";

/** The reasons of `Status` objects. */
const reasons: Record<number, string> = { 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "AlreadyExists", 410: "Expired", 422: "Invalid", 429: "TooManyRequests", 500: "InternalError" };

/** What a server says against a request. */
export function status(code: number, message: string, more: object = {}): FakeAnswer {
  return { status: code, body: { kind: "Status", apiVersion: "v1", status: "Failure", code, message, reason: reasons[code] ?? "", ...more } };
}

export async function startFakeApi(answerTo: (call: FakeCall) => FakeAnswer, tls?: { cert: string; key: string; ca?: string }): Promise<FakeApi> {
  const requests: string[] = [];
  const callers: FakeApi["callers"] = [];
  const violations: string[] = [];
  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const { pathname: path, searchParams: query } = new URL(message.url ?? "/", "http://api");
      const method = message.method ?? "";
      const text = Buffer.concat(chunks).toString();
      requests.push(`${method} ${path}`);
      violations.push(...problemsOf(method, path, query, message.headers["content-type"], text).map((problem) => `${method} ${path}: ${problem}`));
      const peer = tls === undefined ? undefined : (message.socket as TLSSocket).getPeerCertificate().subject?.CN;
      callers.push({ authorization: message.headers.authorization, certificate: Array.isArray(peer) ? peer.join() : peer });
      const answer = answerTo({ method, path, query, body: text === "" ? undefined : (JSON.parse(text) as unknown), authorization: message.headers.authorization });
      if (answer === "silence") return;
      if (answer === "lost") return void message.socket.destroy();
      if (answer === "cutOff") {
        response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
        return void response.write('{"kind":', () => message.socket.destroy());
      }
      // Logs are text, all else is JSON.
      if (typeof answer.body === "string") return void response.writeHead(answer.status ?? 200, { "content-type": "text/plain" }).end(answer.body);
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer({ ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: tls.ca !== undefined }, listener);
  // A test that fails and leaves it open ends all the same.
  server.unref();
  server.on("connection", (socket) => void socket.unref());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    host: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    callers,
    violations,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** The queries that each call has. Source: the OpenAPI of Kubernetes 1.35. */
const queries: Record<string, readonly string[]> = {
  "GET one": [],
  "GET all": ["labelSelector", "limit", "continue"],
  "PATCH one": ["fieldManager", "fieldValidation", "force", "dryRun"],
  "POST all": ["fieldManager", "fieldValidation", "dryRun"],
  "DELETE one": [],
  "GET log": ["container", "timestamps", "follow", "sinceTime"],
};

function problemsOf(method: string, path: string, query: URLSearchParams, type: string | undefined, text: string): string[] {
  const isLog = /^\/api\/v1\/namespaces\/[a-z0-9-]+\/pods\/[a-z0-9.-]+\/log$/.test(path);
  const [, , name] = /^\/(?:apis\/argoproj\.io\/v1alpha1|api\/v1)\/namespaces\/[a-z0-9-]+\/(workflowtemplates|cronworkflows|workflows|pods)(?:\/([a-z0-9.-]+))?$/.exec(path) ?? [];
  const known = queries[`${method} ${isLog ? "log" : name === undefined ? "all" : "one"}`];
  if (known === undefined || !path.includes("/namespaces/")) return ["there is no such call"];
  const problems = [...query.keys()].filter((key) => !known.includes(key)).map((key) => `unknown query "${key}"`);
  const wanted = method === "PATCH" ? "application/apply-patch+yaml" : text === "" ? undefined : "application/json";
  if (type !== wanted) problems.push(`the content type is "${type}"`);
  if (method === "PATCH" && query.get("fieldManager") === null) problems.push("an apply without a manager");
  return problems;
}
