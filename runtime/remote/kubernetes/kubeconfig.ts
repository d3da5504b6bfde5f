/** Kubeconfigs, read with the library of Kubernetes: it knows the ways to credentials, among them programs that print them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { parseDocument } from "yaml";
import type { TlsSettings } from "../http/client.ts";
import type { Credentials } from "../http/credentials.ts";
import { RequestError } from "../http/failure.ts";
import { importPeer, PeerMissing } from "../peer.ts";
import type { Cluster } from "./connection.ts";
import { ClusterUnusable } from "./failure.ts";

type Library = Pick<typeof import("@kubernetes/client-node"), "KubeConfig">;
type KubeConfig = InstanceType<Library["KubeConfig"]>;

export interface KubeconfigRequest {
  /** Files that are read as one: of two things with one name the first counts, and what is not there is left out. */
  paths: readonly string[];
  /** The current one where it is undefined. */
  context: string | undefined;
  root: string;
  /** How long credentials may take. Milliseconds. */
  timeout: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** @throws ClusterUnusable, PeerMissing, RequestError */
export async function readKubeconfig({ paths, context, root, timeout, now }: KubeconfigRequest): Promise<Cluster> {
  const present = paths.filter((path) => existsSync(path));
  if (present.length === 0) throw new ClusterUnusable({ kind: "noKubeconfig", paths: [...paths] });
  const library = (await importPeer("@kubernetes/client-node", root)) as Library | undefined;
  if (library === undefined) throw new PeerMissing("kubeconfig", "@kubernetes/client-node@1");
  const load = (): KubeConfig => selected(merged(present.map((path) => readOne(library, path)), library), context);
  const config = load();
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("a context without a cluster was taken");
  const { server, proxyUrl } = cluster;
  const credentials = new KubeconfigCredentials(load, timeout, now);
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  return { server, namespace: namespace === "" ? undefined : namespace, credentials, tls: await credentials.tls(), ...(proxyUrl === undefined ? {} : { proxy: proxyUrl }) };
}

/** What is read of a kubeconfig before the library sees it. */
interface RawKubeconfig {
  users?: { user?: { tokenFile?: string; "auth-provider"?: unknown; exec?: RawExec } | null }[];
}

interface RawExec {
  apiVersion?: string;
  command?: string;
  env?: { name: string; value: string }[] | null;
}

/** Reads a file. The library does not know `tokenFile` nor what programs for credentials are told, so both are put as it knows them. */
function readOne({ KubeConfig }: Library, path: string): KubeConfig {
  const bad = (problem: string): never => {
    throw new ClusterUnusable({ kind: "badKubeconfig", path, problem });
  };
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return bad((error as NodeJS.ErrnoException).code ?? "it cannot be opened");
  }
  // Messages with the text of the file would show what it keeps secret.
  const document = parseDocument(text, { prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) return bad(`line ${text.slice(0, problem.pos[0]).split("\n").length} is not YAML (${problem.code})`);
  const raw = document.toJS() as RawKubeconfig | null;
  if (typeof raw !== "object" || raw === null) return bad("it is empty");
  for (const { user } of Array.isArray(raw.users) ? raw.users : []) {
    if (typeof user?.tokenFile === "string") user["auth-provider"] = { name: "tokenFile", config: { tokenFile: inFolderOf(path, user.tokenFile) } };
    const exec = user?.exec;
    if (exec === undefined || exec === null) continue;
    if (exec.command?.includes("/") === true) exec.command = inFolderOf(path, exec.command);
    exec.env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify({ apiVersion: exec.apiVersion, kind: "ExecCredential", spec: { interactive: false } }) }];
  }
  const config = new KubeConfig();
  try {
    config.loadFromString(JSON.stringify(raw));
  } catch (error) {
    return bad((error as Error).message);
  }
  config.makePathsAbsolute(dirname(path));
  return config;
}

function inFolderOf(kubeconfig: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(kubeconfig), path);
}

function merged(configs: readonly KubeConfig[], { KubeConfig }: Library): KubeConfig {
  const firsts = <T extends { name: string }>(lists: readonly T[][]): T[] => [...new Map(lists.flat().reverse().map((item) => [item.name, item])).values()].reverse();
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: firsts(configs.map((one) => one.getClusters())),
    users: firsts(configs.map((one) => one.getUsers())),
    contexts: firsts(configs.map((one) => one.getContexts())),
    currentContext: configs.map((one) => one.getCurrentContext()).find((name) => typeof name === "string" && name !== ""),
  });
  return config;
}

/** The kubeconfig with the context as the current one. */
function selected(config: KubeConfig, wanted: string | undefined): KubeConfig {
  const known = config.getContexts().map(({ name }) => name);
  const name = wanted ?? (config.getCurrentContext() as string | undefined);
  const context = name === undefined ? null : config.getContextObject(name);
  if (name === undefined || context === null) throw new ClusterUnusable({ kind: "noContext", context: name, known });
  config.setCurrentContext(name);
  const cluster = config.getCluster(context.cluster);
  if (cluster === null) throw new ClusterUnusable({ kind: "brokenContext", context: name, missing: "cluster", name: context.cluster });
  if (!context.user) {
    // Nobody in particular: the library needs someone to find the authority of the cluster.
    config.users = [...config.getUsers(), { name: "" }];
    config.contexts = config.getContexts().map((one) => (one.name === name ? { ...one, user: "" } : one));
  } else if (config.getUser(context.user) === null) throw new ClusterUnusable({ kind: "brokenContext", context: name, missing: "user", name: context.user });
  // Else the library refuses to speak of it: there is no certificate to verify.
  if (cluster.server.startsWith("http:")) config.clusters = config.getClusters().map((one) => (one.name === cluster.name ? { ...one, skipTLSVerify: true } : one));
  return config;
}

/** What the library adds to a request. */
interface Additions {
  headers?: Record<string, string>;
  /** `user:password`. */
  auth?: string;
  ca?: Buffer | string;
  cert?: Buffer | string;
  key?: Buffer | string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** How long what the library gave is used. It knows itself when a token ends, but runs a program that does not say so each time. Milliseconds. */
const holdTime = 60_000;

class KubeconfigCredentials implements Credentials {
  readonly #load: () => KubeConfig;
  readonly #timeout: number;
  readonly #now: () => number;
  #config: KubeConfig;
  #held: { additions: Additions; until: number } | undefined;

  constructor(load: () => KubeConfig, timeout: number, now: () => number) {
    this.#load = load;
    this.#config = load();
    this.#timeout = timeout;
    this.#now = now;
  }

  async headers(): Promise<Record<string, string>> {
    const { headers = {}, auth } = await this.#additions();
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value.trim()]));
    return auth === undefined ? own : { ...own, authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
  }

  /** The certificates; those of the client stay as they are for as long as the connection is open. */
  async tls(): Promise<TlsSettings> {
    const { ca, cert, key, servername, rejectUnauthorized } = await this.#additions();
    return {
      ...(ca === undefined ? {} : { ca: ca.toString() }),
      ...(cert === undefined ? {} : { cert: cert.toString() }),
      ...(key === undefined ? {} : { key: key.toString() }),
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    };
  }

  renew(): boolean {
    const { exec, authProvider } = this.#config.getCurrentUser() ?? {};
    if (!exec && !authProvider) return false;
    this.#config = this.#load();
    this.#held = undefined;
    return true;
  }

  secrets(): string[] {
    const { headers = {}, auth } = this.#held?.additions ?? {};
    const password = auth?.slice(auth.indexOf(":") + 1);
    return [...Object.entries(headers).filter(([name]) => name.toLowerCase() === "authorization").map(([, value]) => value.replace(/^\w+ /, "").trim()), ...(auth === undefined || password === undefined ? [] : [auth, password])];
  }

  async #additions(): Promise<Additions> {
    if (this.#held !== undefined && this.#held.until > this.#now()) return this.#held.additions;
    const additions: Additions = {};
    const config = this.#config;
    // The proxy is the business of the connection.
    config.clusters = config.getClusters().map(({ proxyUrl, ...cluster }) => cluster);
    const late = new AbortController();
    try {
      await Promise.race([
        config.applyToHTTPSOptions(additions as Parameters<KubeConfig["applyToHTTPSOptions"]>[0]),
        after(this.#timeout, undefined, { signal: late.signal }).then(() => Promise.reject(new Error(`no credentials within ${this.#timeout / 1000} s`))),
      ]);
    } catch (error) {
      throw new RequestError({ kind: "noCredentials", problem: credentialProblem(error) }, `reading the credentials of the context "${config.getCurrentContext()}"`);
    } finally {
      late.abort();
    }
    this.#held = { additions, until: this.#now() + holdTime };
    return additions;
  }
}

/** What went wrong, without what a program has printed as credentials. */
function credentialProblem(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof TypeError) return "what the program for credentials has printed is no ExecCredential";
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `there is no "${path ?? "file"}"`;
  return message.trim().split("\n")[0]?.slice(0, 300) || "the program for credentials has failed";
}
