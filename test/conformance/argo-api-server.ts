/** A kube-apiserver over an etcd of its own, with Argo's CRDs: on 127.0.0.1, for as long as a test needs it. */
import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { run, type Finished } from "./environment.ts";

export interface ApiServer {
  /** The path of a kubeconfig that may do everything. */
  kubeconfig: string;
  kubectl(args: readonly string[]): Promise<Finished>;
  /** Makes a namespace, once. */
  ensureNamespace(name: string): Promise<void>;
  /** Ends what was started, and waits for it. */
  stop(): Promise<void>;
}

/** Seconds that the API server has to answer, on a machine that is busy with other things. */
const patience = 180;

/**
 * @param kubeapi the program that holds etcd, kube-apiserver and kubectl
 * @param folder for data, keys and logs
 * @param crds the folder of Argo's CRDs
 * @throws with the end of the log of what did not start
 */
export async function startApiServer(kubeapi: string, folder: string, crds: string): Promise<ApiServer> {
  mkdirSync(folder, { recursive: true });
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  const kubeconfig = writeIdentity(folder, `https://127.0.0.1:${apiPort}`);
  const kubectl = (args: readonly string[]): Promise<Finished> => run(kubeapi, ["kubectl", `--kubeconfig=${kubeconfig}`, `--cache-dir=${join(folder, "discovery")}`, ...args]);
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    for (const program of programs.reverse()) await program.stop();
  };
  const must = async (what: string, finished: Promise<Finished>): Promise<void> => {
    const { status, stderr } = await finished;
    if (status !== 0) throw new Error(`${what}: ${stderr}`);
  };
  try {
    programs.push(
      start(kubeapi, folder, "etcd", [
        `--data-dir=${join(folder, "etcd")}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        "--unsafe-no-fsync",
        "--log-level=warn",
      ]),
    );
    const api = start(kubeapi, folder, "apiserver", [
      `--etcd-servers=${etcd}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      `--secure-port=${apiPort}`,
      // Without a certificate it makes one here.
      `--cert-dir=${folder}`,
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(folder, "accounts.key")}`,
      `--service-account-signing-key-file=${join(folder, "accounts.key")}`,
      "--service-cluster-ip-range=10.0.0.0/24",
      "--authorization-mode=AlwaysAllow",
      "--enable-priority-and-fairness=false",
      "--profiling=false",
    ]);
    programs.push(api);
    await until("kube-apiserver", programs, async () => (await kubectl(["get", "--raw", "/readyz"])).status === 0);
    await must("namespace default", kubectl(["wait", "--for=create", "namespace/default", "--timeout=120s"]));
    await must("Argo's CRDs", kubectl(["create", "--validate=false", "-f", crds]));
    await must("Argo's CRDs", kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=120s"]));
  } catch (error) {
    await stop();
    throw error;
  }
  const namespaces = new Set(["default"]);
  return {
    kubeconfig,
    kubectl,
    stop,
    async ensureNamespace(name) {
      if (namespaces.has(name)) return;
      namespaces.add(name);
      await must(`namespace ${name}`, kubectl(["create", "namespace", name]));
    },
  };
}

/** Writes a token and the key for service accounts, and the kubeconfig that uses the token. */
function writeIdentity(folder: string, server: string): string {
  const token = randomBytes(16).toString("hex");
  writeFileSync(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  writeFileSync(join(folder, "accounts.key"), generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin", namespace: "default" } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return kubeconfig;
}

interface Program {
  name: string;
  log: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

function start(kubeapi: string, folder: string, name: string, args: readonly string[]): Program {
  const log = join(folder, `${name}.log`);
  const child = spawn(kubeapi, [name, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = createWriteStream(log);
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  }).then(() => void output.end());
  // What breaks off the tests must not leave it running.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    name,
    log,
    process: child,
    async stop() {
      child.kill();
      const late = new AbortController();
      void setTimeout(20_000, undefined, { signal: late.signal, ref: false }).then(kill, () => undefined);
      await ended;
      late.abort();
      process.off("exit", kill);
    },
  };
}

/** Waits until something holds, but not for programs that have ended. */
async function until(what: string, programs: readonly Program[], holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patience * 1000;
  const endOfLog = (program: Program): string => `${program.name}: ${readFileSync(program.log, "utf8").slice(-3000)}`;
  while (!(await holds())) {
    const dead = programs.find((program) => program.process.exitCode !== null || program.process.signalCode !== null);
    if (dead !== undefined) throw new Error(`${dead.name} has ended: ${endOfLog(dead)}`);
    if (Date.now() > end) throw new Error(`${what} does not answer after ${patience} s\n${programs.map(endOfLog).join("\n")}`);
    await setTimeout(300);
  }
}

/** Ports of 127.0.0.1 that nothing listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address !== null && typeof address === "object") ports.push(address.port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}
