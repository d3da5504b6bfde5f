/** A proxy between a client and a server of the test, which breaks what passes through it. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/**
 * What happens to a request. `status`: it gets this answer, and the server never sees it. `reset`: its connection breaks off. `cut`: the body of the answer
 * ends after so many bytes. `spoil`: one byte of the body of the answer is another. `lost`: the server does it, but the answer never comes.
 * `stall`: nobody answers. `slow`: the answer comes in pieces, with pauses of so many milliseconds.
 */
export type Fault =
  | { kind: "status"; status: number }
  | { kind: "reset" }
  | { kind: "cut"; after: number }
  | { kind: "spoil" }
  | { kind: "lost" }
  | { kind: "stall" }
  | { kind: "slow"; pause: number };

export interface FaultProxy {
  url: string;
  /** The next so many requests that fit are broken; then all is well. */
  fail(fault: Fault, matches: { method?: string; path?: RegExp; times: number }): void;
  /** The faults of `fail` that no request has met: a test that has some has proved nothing. All are forgotten. */
  unmet(): string[];
  /** How many requests came since it was asked last, as `METHOD path`. */
  seen(): string[];
  close(): Promise<void>;
}

export async function faultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  let waiting: { fault: Fault; method?: string; path?: RegExp; times: number; isMet?: boolean }[] = [];
  let seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, answer) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const found = waiting.find(({ method, path }) => (method === undefined || method === incoming.method) && (path === undefined || path.test(incoming.url ?? "")));
    if (found !== undefined) {
      found.isMet = true;
      if (--found.times === 0) waiting = waiting.filter((other) => other !== found);
    }
    pass(incoming, answer, found?.fault);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });

  function pass(incoming: IncomingMessage, answer: ServerResponse, fault: Fault | undefined): void {
    incoming.on("error", () => undefined);
    answer.on("error", () => undefined);
    if (fault?.kind === "stall") return void incoming.resume();
    if (fault?.kind === "reset") return void incoming.socket.destroy();
    if (fault?.kind === "status") {
      incoming.resume();
      incoming.on("end", () => answer.writeHead(fault.status, { "content-length": "0" }).end());
      return;
    }
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false }, (response) => void give(response, answer, fault));
    onward.on("error", () => void incoming.socket.destroy());
    incoming.pipe(onward);
  }

  async function give(response: IncomingMessage, answer: ServerResponse, fault: Fault | undefined): Promise<void> {
    const chunks: Buffer[] = [];
    if (fault === undefined) {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
      return;
    }
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (fault.kind === "lost") return void answer.socket?.destroy();
    answer.writeHead(response.statusCode ?? 500, response.headers);
    if (fault.kind === "spoil") {
      const middle = Math.floor(body.length / 2);
      body[middle] = (body[middle] ?? 0) ^ 1;
      answer.end(body);
    } else if (fault.kind === "cut") {
      answer.write(body.subarray(0, fault.after), () => answer.socket?.destroy());
    } else if (fault.kind === "slow") {
      const piece = Math.ceil(body.length / 5);
      for (let start = 0; start < body.length; start += piece) {
        await new Promise((resolve) => setTimeout(resolve, fault.pause));
        answer.write(body.subarray(start, start + piece));
      }
      answer.end();
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (fault, matches) => void waiting.push({ fault, ...matches }),
    unmet: () => {
      const before = waiting.filter(({ isMet }) => isMet !== true);
      waiting = [];
      return before.map((given) => JSON.stringify({ ...given, path: given.path?.source }));
    },
    seen: () => {
      const before = seen;
      seen = [];
      return before;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
