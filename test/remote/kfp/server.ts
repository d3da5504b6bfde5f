/**
 * A server of KFP's v2beta1 API for tests. It is a fake: it holds everything in memory and runs nothing. It is strict: a request that the published API does
 * not have is a violation, and its own answers are checked as well.
 */
import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Request as WebRequest } from "undici";
import type { Run } from "../../../runtime/remote/kfp/api-types.ts";
import { operationOf, queryProblems, valueProblems } from "./contract.ts";
import { Refusal } from "./refusal.ts";
import { KfpService, type KfpState, type Request } from "./service.ts";

export type Fault =
  /** Answered without acting. */
  | { kind: "status"; status: number; retryAfter?: number }
  /** The connection is closed, and nothing was done. */
  | { kind: "closeBefore" }
  /** It was done, and the connection is closed without an answer. */
  | { kind: "closeAfter" }
  /** It was done, and half of the answer is sent. */
  | { kind: "cutOff" }
  /** It was done, and the answer comes late. */
  | { kind: "slow"; milliseconds: number }
  /** It was done twice, as by a proxy that repeats a request; the second answer is sent. */
  | { kind: "twice" };

export interface KfpServerOptions {
  namespaceRequired?: boolean;
  /** Whether who asks may do so. */
  auth?: (headers: IncomingHttpHeaders) => boolean;
  clock?: () => Date;
  pageLimit?: number;
  /** Before the addresses of the API, e.g. `/pipeline`. */
  basePath?: string;
  tls?: { cert: string; key: string; ca?: string; requestCert?: boolean };
}

export interface KfpServer {
  /** The address, with the base path. */
  readonly host: string;
  readonly requests: { method: string; path: string; query: Record<string, string>; status: number }[];
  /** What clients have done that the API does not have. */
  readonly violations: string[];
  readonly state: KfpState;
  /** Puts a fault at a request from now on: 0 is the next. */
  fault(nth: number, fault: Fault): void;
  setRun(runId: string, change: Partial<Run>): void;
  close(): Promise<void>;
}

export async function startKfpServer(options: KfpServerOptions = {}): Promise<KfpServer> {
  const { namespaceRequired = false, clock = () => new Date(), pageLimit, basePath = "", tls, auth } = options;
  const service = new KfpService({ namespaceRequired, clock, pageLimit });
  const requests: KfpServer["requests"] = [];
  const violations: string[] = [];
  const faults = new Map<number, Fault>();
  let count = 0;

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.get(count++);
    const url = new URL(message.url ?? "/", "http://localhost");
    const query = Object.fromEntries(url.searchParams);
    const method = message.method ?? "GET";
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const entry = { method, path: url.pathname.slice(basePath.length), query, status: 0 };
    requests.push(entry);
    if (fault?.kind === "closeBefore") return void message.socket.destroy();
    if (fault?.kind === "status") {
      entry.status = fault.status;
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", String(fault.retryAfter));
      return send(response, fault.status, new Refusal(fault.status, "the server is out of order").body);
    }
    const act = () => acted(message, entry.path, query, Buffer.concat(chunks));
    let result = await act();
    if (fault?.kind === "twice") result = await act();
    entry.status = result.status;
    if (fault?.kind === "closeAfter") return void message.socket.destroy();
    if (fault?.kind === "slow") await new Promise((done) => setTimeout(done, fault.milliseconds));
    if (fault?.kind !== "cutOff") return send(response, result.status, result.body);
    const text = JSON.stringify(result.body);
    response.writeHead(result.status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => message.socket.destroy());
  }

  async function acted(message: IncomingMessage, path: string, query: Record<string, string>, body: Buffer): Promise<{ status: number; body: object }> {
    try {
      if (auth !== undefined && !auth(message.headers)) throw new Refusal(401, "Unauthenticated: there are no valid credentials");
      const request = await checkedRequest(message, path, query, body, violations);
      const value = service.act(request);
      const problems = request.operation.response === null ? [] : valueProblems(request.operation.response, value, "the answer", false);
      if (problems.length > 0) throw new Error(problems.join("; "));
      return { status: 200, body: value };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: error.body };
    }
  }

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    answer(message, response).catch((error: unknown) => {
      violations.push(`the server of the tests has failed: ${String(error)}`);
      message.socket.destroy();
    });
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer({ ...tls, rejectUnauthorized: tls.requestCert === true }, listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    host: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}${basePath}`,
    requests,
    violations,
    state: service.state,
    fault: (nth, fault) => void faults.set(count + nth, fault),
    setRun: (runId, change) => service.setRun(runId, change),
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** A request as the published API has it; else it is a violation. */
async function checkedRequest(message: IncomingMessage, path: string, query: Record<string, string>, body: Buffer, violations: string[]): Promise<Request> {
  const method = message.method ?? "GET";
  const violated = (problem: string): never => {
    violations.push(`${method} ${path}: ${problem}`);
    throw new Refusal(400, problem);
  };
  const matched = operationOf(method, path);
  if (matched === undefined) {
    violations.push(`${method} ${path}: there is no such call`);
    throw new Refusal(404, "Not Found");
  }
  const { operation, names } = matched;
  const problems = queryProblems(operation, query);
  const type = message.headers["content-type"] ?? "";
  let value: unknown;
  let file: string | undefined;
  if (operation.files.length > 0) {
    const form = await new WebRequest("http://localhost", { method: "POST", headers: { "content-type": type }, body: new Uint8Array(body) }).formData().catch(() => violated("the body is no form"));
    for (const name of form.keys()) if (!operation.files.includes(name)) problems.push(`unknown field of the form "${name}"`);
    const uploaded = form.get(operation.files[0] ?? "");
    if (uploaded === null || typeof uploaded === "string") problems.push("the form has no file");
    else file = await uploaded.text();
  } else if (operation.body !== null) {
    if (!type.startsWith("application/json")) problems.push(`the content type is "${type}"`);
    try {
      value = JSON.parse(body.toString());
    } catch {
      violated("the body is no JSON");
    }
    problems.push(...valueProblems(operation.body, value, "the body", true));
  } else if (body.length > 0 && body.toString() !== "{}") problems.push("the call takes no body");
  if (problems.length > 0) violated(problems.join("; "));
  return { operation, names, query, body: value, file };
}
