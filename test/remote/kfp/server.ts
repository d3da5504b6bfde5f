/**
 * A server of KFP's v2beta1 API for tests. It holds everything in memory and runs nothing; what it answers is what KFP's own server would, as far as a client
 * can tell. It is strict: a request that the published API does not have is a violation, and its own answers are checked as well.
 */
import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Run } from "../../../runtime/remote/kfp/api-types.ts";
import { valueProblems } from "./contract.ts";
import { addDefaultExperiment } from "./experiments.ts";
import { Refusal, UploadRefusal } from "./refusal.ts";
import { readRequest, type Arrived } from "./request.ts";
import { serve } from "./routes.ts";
import { moveRun } from "./runs.ts";
import type { KfpState, Store } from "./state.ts";

export type Fault =
  /** Answered without acting; `retryAfter` is in seconds. */
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
  /** Whether it keeps users apart by namespaces, and pipelines must have one, too. */
  namespaceRequired?: boolean;
  /** Whether who asks may do so. */
  auth?: (headers: IncomingHttpHeaders) => boolean;
  clock?: () => Date;
  /** The most items of a page. */
  pageLimit?: number;
  /** Whether pages that no order was asked for come backwards. */
  reorderPages?: boolean;
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
  /** Moves a run on. */
  setRun(runId: string, change: Partial<Run>): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  /** A text is sent as it is. */
  body: object | string;
}

export async function startKfpServer(options: KfpServerOptions = {}): Promise<KfpServer> {
  const { namespaceRequired = false, clock = () => new Date(), pageLimit, reorderPages = false, basePath = "", tls, auth } = options;
  const store: Store = {
    state: { pipelines: [], versions: [], experiments: [], recurringRuns: [], runs: [], files: new Map() },
    isMultiUser: namespaceRequired,
    clock,
    pageLimit,
    reorderPages,
  };
  if (!namespaceRequired) addDefaultExperiment(store);
  const requests: KfpServer["requests"] = [];
  const violations: string[] = [];
  const faults = new Map<number, Fault>();
  let count = 0;

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.get(count++);
    const arrived = await arrivedOf(message, basePath, (problem) => violations.push(problem));
    const { method, path, query } = arrived;
    const entry = { method, path, query: Object.fromEntries(query), status: 0 };
    requests.push(entry);
    if (fault?.kind === "closeBefore") return void message.socket.destroy();
    if (fault?.kind === "status") {
      entry.status = fault.status;
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", String(fault.retryAfter));
      return send(response, { status: fault.status, body: "the server is out of order\n" });
    }
    let given = await acted(arrived);
    if (fault?.kind === "twice") given = await acted(arrived);
    entry.status = given.status;
    if (fault?.kind === "closeAfter") return void message.socket.destroy();
    if (fault?.kind === "slow") await new Promise((done) => setTimeout(done, fault.milliseconds));
    if (fault?.kind !== "cutOff") return send(response, given);
    const text = Buffer.from(JSON.stringify(given.body));
    response.writeHead(given.status, { "content-type": "application/json", "content-length": text.length });
    response.write(text.subarray(0, text.length / 2), () => message.socket.destroy());
  }

  async function acted(arrived: Arrived): Promise<Answer> {
    try {
      if (auth !== undefined && !auth(arrived.headers)) {
        if (arrived.headers.authorization === undefined && arrived.headers.cookie === undefined) violations.push(`${arrived.method} ${arrived.path}: there are no credentials`);
        throw new Refusal("Unauthenticated", "Unauthenticated: Request header error: there are no valid credentials", "Request header error: there are no valid credentials");
      }
      const request = await readRequest(arrived, (problem) => violations.push(problem));
      const body = serve(store, request);
      const problems = valueProblems(request.operation.response ?? "object", body, "the answer", false);
      if (problems.length > 0) throw new Error(problems.join("; "));
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof UploadRefusal)) throw error;
      return { status: error.status, body: error.body };
    }
  }

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    answer(message, response).catch((error: unknown) => {
      // A client that has gone is no mistake of this server.
      if (!message.socket.destroyed) violations.push(`the server of the tests has failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
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
    state: store.state,
    fault: (nth, fault) => void faults.set(count + nth, fault),
    setRun: (runId, change) => moveRun(store, runId, change),
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
}

async function arrivedOf(message: IncomingMessage, basePath: string, violated: (problem: string) => void): Promise<Arrived> {
  const { method = "GET", headers } = message;
  const { pathname, searchParams } = new URL(message.url ?? "/", "http://localhost");
  if (!pathname.startsWith(`${basePath}/`)) violated(`${method} ${pathname}: the address does not begin with "${basePath}"`);
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return { method, path: pathname.slice(basePath.length), query: searchParams, headers, body: Buffer.concat(chunks) };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/plain; charset=utf-8" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}
