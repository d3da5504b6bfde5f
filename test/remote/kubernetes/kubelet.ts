/** What a kube-apiserver asks for the logs of pods: a fake kubelet, which knows nothing but texts. */
import { createServer } from "node:https";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

export interface Kubelet {
  port: number;
  /** Adds lines, each with its time, to the log of a pod. */
  write(pod: string, lines: readonly string[]): void;
  /** Breaks off the connections of those who follow a pod. */
  cut(pod: string): void;
  /** Ends the log of a pod. */
  end(pod: string): void;
  close(): Promise<void>;
}

export async function startKubelet(): Promise<Kubelet> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "node" }]);
  const logs = new Map<string, { lines: string[]; followers: Set<ServerResponse>; hasEnded: boolean }>();
  const log = (pod: string): { lines: string[]; followers: Set<ServerResponse>; hasEnded: boolean } => {
    const found = logs.get(pod) ?? { lines: [], followers: new Set(), hasEnded: false };
    logs.set(pod, found);
    return found;
  };
  const server = createServer({ key, cert }, (message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? "/", "https://node");
    const [, kind, , pod = ""] = pathname.split("/");
    if (kind !== "containerLogs" || searchParams.get("timestamps") !== "true") return void response.writeHead(404).end();
    const since = searchParams.get("sinceTime") ?? "";
    const { lines, followers, hasEnded } = log(pod);
    response.writeHead(200, { "content-type": "text/plain" });
    response.flushHeaders();
    for (const line of lines) if (line.slice(0, 19) >= since.slice(0, 19)) response.write(`${line}\n`);
    if (searchParams.get("follow") !== "true" || hasEnded) return void response.end();
    followers.add(response);
    response.on("close", () => followers.delete(response));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    write(pod, lines) {
      const { lines: all, followers } = log(pod);
      all.push(...lines);
      for (const follower of followers) for (const line of lines) follower.write(`${line}\n`);
    },
    cut(pod) {
      for (const follower of log(pod).followers) follower.socket?.destroy();
      log(pod).followers.clear();
    },
    end(pod) {
      log(pod).hasEnded = true;
      for (const follower of log(pod).followers) follower.end();
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
