/**
 * The contract of object stores over real servers: S3 as moto has it (PyPI), Google Cloud Storage as fake-gcs-server has it (Go module proxy).
 * CI makes both once and keeps them; without one its checks are skipped, loudly.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../runtime/remote/open-store.ts";
import { contract } from "../remote/object-store-contract.ts";
import { gcsServer, motoServer, type ObjectServer } from "../remote/servers.ts";
import type { Checks } from "./checks.ts";
import { root, type Environment } from "./environment.ts";
import { sharedRuns } from "./shared-runs.ts";

const noMoto = "there is no Python with moto (set HMC_MOTO to one)";
const noGcs = "there is no fake-gcs-server (set HMC_GCS_SERVER to one)";

export async function objectStores(checks: Checks, { work, moto, gcs }: Environment): Promise<void> {
  if (moto === undefined) checks.skip("object stores: S3", noMoto);
  else await overServer(checks, work, await motoServer(moto));
  if (gcs === undefined) checks.skip("object stores: Google Cloud Storage", noGcs);
  else await overServer(checks, work, await gcsServer(gcs));
}

async function overServer(checks: Checks, work: string, server: ObjectServer): Promise<void> {
  const { kind, proxy, environment } = server;
  // The libraries read credentials from the environment of the process.
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    await server.makeBucket("hmc-contract");
    const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const settings = { root, environment, transfer: { patience: 1500, retry: { attempts: 4, pause: 20, longestPause: 100, random: Math.random, sleep } } };
    for (const [index, { name, run }] of contract.entries()) {
      const folder = join(work, "object-stores", `${kind}-${index}`);
      mkdirSync(folder, { recursive: true });
      const problem = await run({ kind, work: folder, faults: proxy, store: await openStore(`${kind}://hmc-contract/case ${index}`, settings), open: (uri) => openStore(uri, settings) }).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
      const unmet = proxy.unmet().map((fault) => `no request met the fault ${fault}`);
      checks.expectNone(`${kind}: ${name}`, [...(problem === undefined ? [] : [problem]), ...unmet]);
    }
    await server.makeBucket("hmc-runs");
    await sharedRuns(checks, work, server, "hmc-runs");
  } finally {
    await server.close();
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
