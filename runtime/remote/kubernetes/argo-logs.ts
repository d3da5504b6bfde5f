/** What the pods of a run have written. */
import { isPassing, RequestError } from "../http/failure.ts";
import { pods, type Pod } from "./argo-objects.ts";
import type { KubernetesClient } from "./client.ts";
import { isNotFound, type Stored } from "./objects.ts";

export interface LogLine {
  /** The name of the node in its workflow. */
  node: string;
  pod: string;
  /** ISO 8601, with up to nine digits after the second. */
  time: string;
  text: string;
}

export interface LogOptions {
  onLine: (line: LogLine) => void;
  /** The container whose log is wanted: what the user's code runs in, where nothing is said. */
  container?: string;
  signal?: AbortSignal | undefined;
}

export interface FollowOptions extends LogOptions {
  /** Fires when the run has ended: what there is is read, and no new pod is waited for. */
  ended: AbortSignal;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** How often new pods are looked for. Milliseconds. */
  interval?: number;
}

/** Argo's name for the container of a template. */
const mainContainer = "main";

/** The pods of a workflow. */
export function podsOfWorkflow(name: string): string {
  return `workflows.argoproj.io/workflow=${name}`;
}

/** The pods of a run of Kubeflow Pipelines. */
export function podsOfKfpRun(id: string): string {
  return `pipeline/runid=${id}`;
}

/**
 * Reads what the pods of a run have written until now, pod by pod as they were made. Pods that are gone have no log. Throws a `RequestError`.
 *
 * @param selector the labels of the pods
 */
export async function podLogs(client: KubernetesClient, selector: string, { container = mainContainer, onLine, signal }: LogOptions): Promise<void> {
  for (const pod of await podsOf(client, selector, signal)) if (hasStarted(pod, container)) await new PodLog(client, pod, container, onLine).read(false, signal);
}

/** How long containers may go on writing when their run has ended. Milliseconds. */
const grace = 10_000;

/** Follows what the pods with these labels write, those that come later, too, until the run has ended. Throws a `RequestError`. */
export async function followLogs(client: KubernetesClient, selector: string, { container = mainContainer, onLine, ended, signal, sleep, interval = 2000 }: FollowOptions): Promise<void> {
  const followed = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const stop = new AbortController();
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  for (;;) {
    const isLast = ended.aborted;
    for (const pod of await podsOf(client, selector, signal)) {
      if (followed.has(pod.metadata.uid) || !hasStarted(pod, container)) continue;
      const log = new PodLog(client, pod, container, onLine);
      followed.set(pod.metadata.uid, followOne(client, log, { ended, stopped, signal, sleep, interval }).catch((error: unknown) => void failures.push(error)));
    }
    if (isLast || failures.length > 0) break;
    await sleep(interval, signal === undefined ? ended : AbortSignal.any([ended, signal]));
    signal?.throwIfAborted();
  }
  const all = Promise.all(followed.values());
  if (failures.length === 0) await Promise.race([all, sleep(grace, stopped)]);
  stop.abort();
  await all;
  if (failures.length > 0) throw failures[0];
}

/** How often in a row a log is taken up again that breaks off without a new line. */
const mostBreaks = 5;

interface FollowOne extends Required<Pick<FollowOptions, "ended" | "sleep" | "interval">> {
  /** Fires when nothing is followed any longer. */
  stopped: AbortSignal;
  signal: AbortSignal | undefined;
}

/** Follows one pod until its container has ended: API servers close a log without a word where the way to the pod breaks. */
async function followOne(client: KubernetesClient, log: PodLog, { ended, stopped, signal, sleep, interval }: FollowOne): Promise<void> {
  for (let breaks = 0; ; ) {
    const before = log.lines;
    try {
      await log.read(true, stopped);
    } catch (error) {
      if (!stopped.aborted && (!(error instanceof RequestError) || !isPassing(error.failure))) throw error;
      breaks = log.lines > before ? 0 : breaks + 1;
      if (breaks === mostBreaks) throw error;
    }
    signal?.throwIfAborted();
    const pod = await client.get(pods, log.pod.metadata.name, signal);
    if (pod === undefined) return;
    if (ended.aborted || hasStopped(pod, log.container)) return log.read(false, signal);
    await sleep(interval, stopped);
  }
}

function podsOf(client: KubernetesClient, selector: string, signal: AbortSignal | undefined): Promise<Stored<Pod>[]> {
  return client.list(pods, { labels: selector, signal }).then((found) => found.sort((one, other) => (one.metadata.creationTimestamp < other.metadata.creationTimestamp ? -1 : 1)));
}

function hasStarted({ status }: Stored<Pod>, container: string): boolean {
  return status?.containerStatuses?.some(({ name, state }) => name === container && state !== undefined && state.waiting === undefined) === true;
}

function hasStopped({ status }: Stored<Pod>, container: string): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed" || status?.containerStatuses?.some(({ name, state }) => name === container && state?.terminated !== undefined) === true;
}

/** The log of one pod. It knows what it has read, so that it can be taken up again. */
class PodLog {
  /** How many lines it has read. */
  lines = 0;
  readonly pod: Stored<Pod>;
  readonly container: string;
  readonly #client: KubernetesClient;
  readonly #onLine: (line: LogLine) => void;
  /** The time of the last line, and how many lines have this time. */
  #last = { time: "", count: 0 };

  constructor(client: KubernetesClient, pod: Stored<Pod>, container: string, onLine: (line: LogLine) => void) {
    this.#client = client;
    this.pod = pod;
    this.container = container;
    this.#onLine = onLine;
  }

  async read(isFollowing: boolean, signal: AbortSignal | undefined): Promise<void> {
    const { name, annotations } = this.pod.metadata;
    const { time: since, count } = this.#last;
    let known = count;
    let rest = "";
    const take = (line: string): void => {
      const [, time = "", text = line] = /^(\S+) ?(.*)$/s.exec(line) ?? [];
      // The API begins at a second.
      if (since !== "" && (isBefore(time, since) || (time === since && known-- > 0))) return;
      this.#last = { time, count: time === this.#last.time ? this.#last.count + 1 : 1 };
      this.lines++;
      this.#onLine({ node: annotations?.["workflows.argoproj.io/node-name"] ?? name, pod: name, time, text });
    };
    const query = { container: this.container, timestamps: "true", follow: isFollowing ? "true" : undefined, sinceTime: since === "" ? undefined : `${since.slice(0, 19)}Z` };
    try {
      for await (const piece of this.#client.log(name, query, signal)) {
        const parts = (rest + piece).split("\n");
        rest = parts.pop() ?? "";
        for (const line of parts) take(line);
      }
    } catch (error) {
      // The pod has gone with its log.
      if (!isNotFound(error)) throw error;
    }
    if (rest !== "") take(rest);
  }
}

/** Whether a time is before another one: their digits after the second may be of different number. */
function isBefore(one: string, other: string): boolean {
  const key = (time: string): string => `${time.slice(0, 19)}${time.slice(19).replace(/\D/g, "").padEnd(9, "0")}`;
  return key(one) < key(other);
}
