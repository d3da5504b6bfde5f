/** Reading and writing objects of one namespace. */
import type { Call, HttpClient } from "../http/client.ts";
import { RequestError } from "../http/failure.ts";
import { isNotFound, type KubernetesObject, type Resource, type Stored } from "./objects.ts";

/** Who holds the fields that hmc has applied. */
export const fieldManager = "hmc";

export interface ApplyOptions {
  /** Nothing is written: the answer is what would be. */
  isDryRun?: boolean;
  /** Takes fields that others hold. */
  force?: boolean;
  signal?: AbortSignal | undefined;
}

export interface ListOptions {
  labels?: string;
  /** Objects of a page. */
  limit?: number;
  signal?: AbortSignal | undefined;
}

interface Page<T> {
  metadata?: { continue?: string };
  items?: T[];
}

/** What a request goes through. */
export type Requests = Pick<HttpClient, "base" | "send" | "follow" | "close">;

/** How often a list is begun anew whose next page has expired. */
const mostLists = 3;

/** A namespace of a cluster. All its methods throw a `RequestError`. */
export class KubernetesClient {
  readonly http: Requests;
  readonly namespace: string;

  constructor(http: Requests, namespace: string) {
    this.http = http;
    this.namespace = namespace;
  }

  /** The object; undefined where there is none. */
  async get<T extends KubernetesObject>(resource: Resource<T>, name: string, signal?: AbortSignal): Promise<Stored<T> | undefined> {
    try {
      return (await this.#send({ method: "GET", path: this.#path(resource, name) }, signal)) as Stored<T>;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** All objects, page by page. */
  async list<T extends KubernetesObject>(resource: Resource<T>, { labels, limit = 250, signal }: ListOptions = {}): Promise<Stored<T>[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const all: Stored<T>[] = [];
        let next: string | undefined;
        do {
          const page = (await this.#send({ method: "GET", path: this.#path(resource), query: { labelSelector: labels, limit: String(limit), continue: next } }, signal)) as Page<Stored<T>>;
          all.push(...(page.items ?? []).map((item) => ({ ...item, apiVersion: resource.apiVersion, kind: resource.kind })));
          next = page.metadata?.continue;
        } while (next !== undefined && next !== "");
        return all;
      } catch (error) {
        const isExpired = error instanceof RequestError && error.failure.kind === "refused" && error.failure.status === 410;
        if (!isExpired || attempt === mostLists) throw error;
      }
    }
  }

  /** Applies an object on the side of the server: fields that hmc has applied before and that are not in it go. The same twice is the same as once. */
  async apply<T extends KubernetesObject>(resource: Resource<T>, object: T & { metadata: { name: string } }, { isDryRun = false, force = false, signal }: ApplyOptions = {}): Promise<Stored<T>> {
    const query = { fieldManager, fieldValidation: "Strict", force: String(force), dryRun: isDryRun ? "All" : undefined };
    const path = this.#path(resource, object.metadata.name);
    return (await this.#send({ method: "PATCH", path, query, json: object, contentType: "application/apply-patch+yaml", isRepeatable: true }, signal)) as Stored<T>;
  }

  /** Makes an object. Its name is in it, so what is sent again where the answer was lost finds that it is there. */
  async create<T extends KubernetesObject>(resource: Resource<T>, object: T & { metadata: { name: string } }, signal?: AbortSignal): Promise<Stored<T>> {
    return (await this.#send({ method: "POST", path: this.#path(resource), query: { fieldManager, fieldValidation: "Strict" }, json: object, isRepeatable: true }, signal)) as Stored<T>;
  }

  /** Deletes this very object; nothing happens where it is gone. */
  async delete<T extends KubernetesObject>(resource: Resource<T>, { metadata: { name, uid } }: Stored<T>, signal?: AbortSignal): Promise<void> {
    try {
      await this.#send({ method: "DELETE", path: this.#path(resource, name), json: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } }, isRepeatable: true }, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** The log of a container, piece by piece. @param query as the API has it, e.g. `follow`, `sinceTime` */
  log(pod: string, query: Record<string, string | undefined>, signal?: AbortSignal): AsyncGenerator<string> {
    return this.http.follow({ method: "GET", path: `/api/v1/namespaces/${encodeURIComponent(this.namespace)}/pods/${encodeURIComponent(pod)}/log`, query, ...(signal === undefined ? {} : { signal }) });
  }

  #path({ apiVersion, plural }: Pick<Resource<KubernetesObject>, "apiVersion" | "plural">, name?: string): string {
    const api = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    return `${api}/namespaces/${encodeURIComponent(this.namespace)}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
  }

  #send(call: Call, signal: AbortSignal | undefined): Promise<unknown> {
    return this.http.send({ ...call, ...(signal === undefined ? {} : { signal }) });
  }
}
