/**
 * Deliveries to Argo on a real kube-apiserver with Argo's CRDs: what is applied, planned, taken back and pruned, who else writes, and deliveries that are killed at
 * each of their requests. Argo's controller does not run: where it would write, the check does.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openKubernetes } from "../../runtime/remote/kubernetes/connection.ts";
import { cases } from "../remote/kubernetes/argo-contract.ts";
import { startApiServer, type ApiServer } from "./argo-api-server.ts";
import type { Checks } from "./checks.ts";
import { noArgoCases, noKubeapi, root, type Environment } from "./environment.ts";

export async function argoDeploy(checks: Checks, { kubeapi, argoCases, work }: Environment): Promise<void> {
  if (kubeapi === undefined) return checks.skip("deliveries to Argo", noKubeapi);
  if (argoCases === undefined) return checks.skip("deliveries to Argo", noArgoCases);
  const folder = join(work, "argo-deploy");
  mkdirSync(folder, { recursive: true });
  let server: ApiServer;
  try {
    server = await startApiServer(kubeapi, folder, join(argoCases, "crds"));
  } catch (error) {
    return checks.fail("kube-apiserver with Argo's CRDs starts", String(error));
  }
  const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  try {
    for (const [index, { name, run }] of cases.entries()) {
      const namespace = `case-${index}`;
      await server.ensureNamespace(namespace);
      const settings = { root, environment: () => undefined, timeout: 30_000, retry: { attempts: 4, pause: 20, longestPause: 100, random: Math.random, sleep }, now: Date.now };
      const client = await openKubernetes({ kind: "kubeconfig", file: server.kubeconfig, namespace }, settings);
      const problem = await run({ client, kubectl: (args) => server.kubectl(["-n", namespace, ...args]), sleep }).then(
        () => [],
        (error: unknown) => [error instanceof Error ? `${error.stack}\n${(error as { details?: string }).details ?? ""}` : String(error)],
      );
      checks.expectNone(`Argo: ${name}`, problem);
      await client.http.close();
    }
  } finally {
    await server.stop();
  }
}
