/** From a target to a client of its cluster. */
import { openKubernetes, type KubernetesConnection } from "../../../runtime/remote/kubernetes/connection.ts";
import type { KubernetesClient } from "../../../runtime/remote/kubernetes/client.ts";
import { ClusterUnusable } from "../../../runtime/remote/kubernetes/failure.ts";
import { PeerMissing } from "../../../runtime/remote/peer.ts";
import type { Target } from "../../config/target.ts";
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { credentialSource, pathIn, tlsSettings, tries, type ConnectTools } from "../connect.ts";

/**
 * Opens the cluster of a target: its host, the pod that hmc runs in, or a kubeconfig. What the target says of credentials, certificates and namespace counts more
 * than what the kubeconfig does. Nothing is asked yet. Throws as `openKubernetes` does.
 */
export async function connectArgo(target: Target, tools: ConnectTools): Promise<{ client: KubernetesClient } | { diagnostics: Diagnostic[] }> {
  const source = credentialSource(target, tools);
  const tls = tlsSettings(target, tools);
  if ("diagnostic" in source) return { diagnostics: [source.diagnostic] };
  if ("diagnostics" in tls) return tls;
  const { environment, sleep, random, now, folder } = tools;
  const isOwn = target.auth.type !== "none" && target.auth.type !== "service-account";
  const connection: KubernetesConnection = {
    ...placeOf(target, folder),
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    ...(isOwn || target.host !== undefined ? { credentials: source } : {}),
    tls: tls.tls,
  };
  return { client: await openKubernetes(connection, { root: folder, environment, timeout: target.timeout, retry: { ...tries, sleep, random }, now }) };
}

function placeOf({ host, auth, kubeconfig }: Target, folder: string): Pick<KubernetesConnection, never> & ({ kind: "server"; server: string } | { kind: "kubeconfig"; file?: string; context?: string } | { kind: "inCluster" } | { kind: "default" }) {
  if (host !== undefined) return { kind: "server", server: host };
  if (kubeconfig.file !== undefined || kubeconfig.context !== undefined) {
    return { kind: "kubeconfig", ...(kubeconfig.file === undefined ? {} : { file: pathIn(folder, kubeconfig.file) }), ...(kubeconfig.context === undefined ? {} : { context: kubeconfig.context }) };
  }
  return auth.type === "service-account" ? { kind: "inCluster" } : { kind: "default" };
}

/** What keeps hmc from a cluster, to a user; undefined for other errors. */
export function clusterDiagnostic(error: unknown): Diagnostic | undefined {
  if (error instanceof PeerMissing) return diagnostic("HMC6257", undefined, { what: "A kubeconfig", install: error.install });
  if (!(error instanceof ClusterUnusable)) return undefined;
  return error.obstacle.kind === "noArgo" ? diagnostic("HMC6256", undefined, { server: error.obstacle.server }) : diagnostic("HMC6255", undefined, { problem: error.message });
}
