/** Servers of object stores on this machine, each behind a proxy that can break what passes. */
import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { faultProxy, type FaultProxy } from "./fault-proxy.ts";

export interface ObjectServer {
  kind: "s3" | "gs";
  proxy: FaultProxy;
  /** What a client needs to find the server. */
  environment: Record<string, string>;
  makeBucket(name: string): Promise<void>;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program that serves HTTP, and waits until it answers. */
async function serving(command: string, args: string[], address: string): Promise<() => Promise<void>> {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  let isGone = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => ((said = error.message), (isGone = true), resolve()));
    child.on("close", () => ((isGone = true), resolve()));
  });
  const onExit = (): void => void child.kill("SIGKILL");
  process.on("exit", onExit);
  for (let tries = 0; !(await fetch(address).then(() => true, () => false)); tries++) {
    if (isGone || tries > 300) {
      child.kill("SIGKILL");
      throw new Error(`${command} does not answer: ${said}`);
    }
    await after(100);
  }
  return async () => {
    process.removeListener("exit", onExit);
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
    await gone;
    clearTimeout(timer);
  };
}

async function succeeded(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
}

/** S3 as moto has it. @param python one that imports moto */
export async function motoServer(python: string): Promise<ObjectServer> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const stop = await serving(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], address);
  const proxy = await faultProxy(address);
  return {
    kind: "s3",
    proxy,
    environment: { AWS_ENDPOINT_URL_S3: proxy.url, AWS_ACCESS_KEY_ID: "contract-key", AWS_SECRET_ACCESS_KEY: "contract-secret", AWS_REGION: "us-east-1" },
    makeBucket: async (name) => succeeded(await fetch(`${address}/${name}`, { method: "PUT" })),
    close: () => proxy.close().then(stop),
  };
}

/** Google Cloud Storage as fake-gcs-server has it. @param program its path */
export async function gcsServer(program: string): Promise<ObjectServer> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const proxy = await faultProxy(address);
  const stop = await serving(program, ["-scheme", "http", "-host", "127.0.0.1", "-port", String(port), "-backend", "memory", "-external-url", proxy.url, "-log-level", "error"], `${address}/storage/v1/b`);
  return {
    kind: "gs",
    proxy,
    environment: { STORAGE_EMULATOR_HOST: proxy.url },
    makeBucket: async (name) => succeeded(await fetch(`${address}/storage/v1/b`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name }) })),
    close: () => proxy.close().then(stop),
  };
}
