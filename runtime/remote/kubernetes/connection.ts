/** From what a target says to a client of its cluster. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { HttpClient, type TlsSettings } from "../http/client.ts";
import { credentialsOf, type Credentials, type CredentialSource } from "../http/credentials.ts";
import type { RetrySettings } from "../retry.ts";
import { KubernetesClient } from "./client.ts";
import { ClusterUnusable } from "./failure.ts";
import { readKubeconfig } from "./kubeconfig.ts";

export type KubernetesConnection = {
  /** In place of that of the context or of the service account. */
  namespace?: string;
  /** In place of the user of the kubeconfig or of the service account. */
  credentials?: CredentialSource;
  /** In place of, one by one, what the kubeconfig or the service account has. */
  tls?: TlsSettings;
} & (
  | { kind: "server"; server: string }
  /** `file` in place of what `KUBECONFIG` says, or `~/.kube/config`; `context` in place of the current one. */
  | { kind: "kubeconfig"; file?: string; context?: string }
  | { kind: "inCluster" }
  /** As kubectl does: a kubeconfig where there is one, else the service account of the pod. */
  | { kind: "default" }
);

export interface ConnectSettings {
  /** The project root, absolute: where optional packages may be. */
  root: string;
  environment: (name: string) => string | undefined;
  /** How long the beginning of an answer, and each further part of it, may take. Milliseconds. */
  timeout: number;
  retry: RetrySettings;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Where a pod has its service account; tests have another place. */
  accountFolder?: string;
}

/** Where the requests go, and with what. */
export interface Cluster {
  server: string;
  namespace: string | undefined;
  credentials: Credentials;
  tls: TlsSettings;
  /** In place of what the environment says. */
  proxy?: string;
}

/** Where Kubernetes mounts the token, the authority and the namespace of a pod. */
const defaultAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Opens a cluster, without asking it anything. Close its `http` in the end.
 *
 * @throws ClusterUnusable, `PeerMissing` where a kubeconfig needs `@kubernetes/client-node`, `RequestError` where credentials cannot be had
 */
export async function openKubernetes(connection: KubernetesConnection, settings: ConnectSettings): Promise<KubernetesClient> {
  const { environment, timeout, retry, now } = settings;
  const cluster = await clusterOf(connection, settings);
  const { proxy } = cluster;
  const http = new HttpClient({
    base: cluster.server.replace(/\/+$/, ""),
    credentials: connection.credentials === undefined ? cluster.credentials : credentialsOf(connection.credentials, now),
    tls: { ...cluster.tls, ...connection.tls },
    timeout,
    retry,
    environment: proxy === undefined ? environment : (name) => (/^https?_proxy$/.test(name) ? proxy : undefined),
  });
  return new KubernetesClient(http, connection.namespace ?? cluster.namespace ?? "default");
}

async function clusterOf(connection: KubernetesConnection, settings: ConnectSettings): Promise<Cluster> {
  switch (connection.kind) {
    case "server":
      return { server: connection.server, namespace: undefined, credentials: credentialsOf({ kind: "none" }, settings.now), tls: {} };
    case "kubeconfig":
      return readKubeconfig({ paths: connection.file === undefined ? defaultKubeconfigs(settings) : [connection.file], context: connection.context, ...settings });
    case "inCluster":
      return podCluster(settings);
    case "default": {
      const paths = defaultKubeconfigs(settings);
      if (paths.some((path) => existsSync(path))) return readKubeconfig({ paths, context: undefined, ...settings });
      return settings.environment("KUBERNETES_SERVICE_HOST") === undefined ? Promise.reject(new ClusterUnusable({ kind: "noKubeconfig", paths })) : podCluster(settings);
    }
  }
}

function defaultKubeconfigs({ environment }: ConnectSettings): string[] {
  const named = (environment("KUBECONFIG") ?? "").split(delimiter).filter((path) => path !== "");
  return named.length > 0 ? named : [join(homedir(), ".kube", "config")];
}

function podCluster({ environment, now, accountFolder = defaultAccountFolder }: ConnectSettings): Cluster {
  const host = environment("KUBERNETES_SERVICE_HOST");
  const port = environment("KUBERNETES_SERVICE_PORT") ?? "443";
  if (host === undefined) throw new ClusterUnusable({ kind: "notInCluster", missing: "KUBERNETES_SERVICE_HOST" });
  const file = (name: string): string => join(accountFolder, name);
  for (const name of ["token", "ca.crt"]) if (!existsSync(file(name))) throw new ClusterUnusable({ kind: "notInCluster", missing: file(name) });
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    namespace: existsSync(file("namespace")) ? readFileSync(file("namespace"), "utf8").trim() : undefined,
    credentials: credentialsOf({ kind: "tokenFile", path: file("token") }, now),
    tls: { ca: readFileSync(file("ca.crt"), "utf8") },
  };
}
