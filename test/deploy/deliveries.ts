/** Deliveries for tests, to a server that the tests start. */
import { readFileSync } from "node:fs";
import { HttpClient, type Call } from "../../runtime/remote/http/client.ts";
import { credentialsOf } from "../../runtime/remote/http/credentials.ts";
import { KfpClient } from "../../runtime/remote/kfp/client.ts";
import { deliver } from "../../compiler/deploy/kfp/deliver.ts";
import { planDelivery, type Step } from "../../compiler/deploy/kfp/plan.ts";
import type { Settled } from "../../compiler/deploy/kfp/settle.ts";
import { wantedOf, type Delivery, type Wanted } from "../../compiler/deploy/kfp/wanted.ts";
import { root } from "../folders.ts";

const compiled = readFileSync(`${root}/fixtures/crashed/kfp.yaml`, "utf8");

/** A delivery of the demo; `content` makes another version of it. */
export function delivery(content: string, change: Partial<Delivery> = {}): Wanted {
  return wantedOf({
    target: "prod",
    pipeline: "crashed",
    yaml: compiled.replaceAll("synthetic:crashes", `synthetic:${content}`),
    commit: { name: "0123456789012345678901234567890123456789", isClean: true },
    experiment: "demos",
    parameters: { depth: 4 },
    schedule: { cron: "0 0 0 * * *", maxConcurrency: 1, catchUp: false },
    ...change,
  });
}

/** The end of a process, as a server sees it: nothing more comes. */
export class Killed extends Error {
  override name = "Killed";
}

/** A client that ends for good at one of its requests: before it is sent, or after the server has acted on it. */
class MortalClient extends HttpClient {
  #left: number;
  readonly #isAfter: boolean;

  constructor(settings: ConstructorParameters<typeof HttpClient>[0], life: number, isAfter: boolean) {
    super(settings);
    this.#left = life;
    this.#isAfter = isAfter;
  }

  override async send(call: Call): Promise<unknown> {
    const isLast = this.#left-- <= 0;
    if (isLast && !this.#isAfter) throw new Killed();
    const answer = await super.send(call);
    if (isLast) throw new Killed();
    return answer;
  }
}

export interface Connecting {
  /** The request at which the client ends, from 0; and when. */
  killed?: { at: number; isAfter: boolean };
  namespace?: string;
  timeout?: number;
}

/** A connection whose pauses take no time. */
export function connect(host: string, { killed, namespace, timeout = 2000 }: Connecting = {}): { http: HttpClient; client: KfpClient } {
  const settings = {
    base: host,
    credentials: credentialsOf({ kind: "none" }, Date.now),
    timeout,
    retry: { attempts: 4, pause: 1, longestPause: 1, sleep: async () => undefined, random: () => 0 },
    environment: () => undefined,
  };
  const http = killed === undefined ? new HttpClient(settings) : new MortalClient(settings, killed.at, killed.isAfter);
  return { http, client: new KfpClient(http, namespace) };
}

/** Delivers over a connection of its own. */
export async function delivered(host: string, wanted: Wanted, connecting: Connecting = {}, plan: (wanted: Wanted, found: Parameters<typeof planDelivery>[1]) => Step[] = planDelivery): Promise<Settled> {
  const { http, client } = connect(host, connecting);
  try {
    return await deliver(wanted, plan, { client, onStep: () => undefined });
  } finally {
    await http.close();
  }
}
