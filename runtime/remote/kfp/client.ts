/** The calls of KFP's v2beta1 API that hmc needs. Names and fields are those of KFP's OpenAPI; lists are read to their end. */
import type { HttpClient } from "../http/client.ts";
import type {
  Experiment, ListExperimentsResponse, ListPipelineVersionsResponse, ListPipelinesResponse, ListRecurringRunsResponse, ListRunsResponse,
  Pipeline, PipelineVersion, Predicate, RecurringRun, Run,
} from "./api-types.ts";

/** How many things one page of a list has at most: the server allows 200. */
const pageSize = 100;

/** How many pages of a list are read at most; a server that never comes to an end is broken. */
const mostPages = 1000;

const api = "/apis/v2beta1";

/** Which of several things a list has. Times are ISO 8601. */
export interface ListOptions {
  predicates?: readonly Predicate[];
  /** A field, and `asc` or `desc` after it. */
  sortBy?: string;
  /** Stops reading pages once there are as many. */
  most?: number;
  signal?: AbortSignal | undefined;
}

/** A file that becomes a version of a pipeline. */
export interface UploadedVersion {
  pipelineId: string;
  name: string;
  description: string;
  yaml: string;
}

/** A Kubeflow Pipelines server. All of its functions throw a `RequestError`. */
export class KfpClient {
  readonly #http: HttpClient;
  /** Where the server keeps users apart, the namespace of all that is listed and made. */
  readonly #namespace: string | undefined;

  /** @param namespace undefined for a server with one user, which takes none */
  constructor(http: HttpClient, namespace: string | undefined) {
    this.#http = http;
    this.#namespace = namespace;
  }

  /** Whether the server keeps users apart by namespaces. It is the first call: what has no v2beta1 API has no such address. */
  static async isMultiUser(http: HttpClient, signal?: AbortSignal): Promise<boolean> {
    const health = (await http.send({ method: "GET", path: `${api}/healthz`, ...withSignal(signal) })) as { multi_user?: boolean } | undefined;
    return health?.multi_user === true;
  }

  async pipelineNamed(name: string, signal?: AbortSignal): Promise<Pipeline | undefined> {
    const found = await this.#list(`${api}/pipelines`, { namespace: this.#namespace }, { predicates: [equals("name", name)], signal }, (page: ListPipelinesResponse) => page.pipelines);
    return found.find(({ display_name }) => display_name === name);
  }

  async createPipeline(name: string, description: string | undefined, signal?: AbortSignal): Promise<Pipeline> {
    const pipeline: Pipeline = { display_name: name, ...(description === undefined ? {} : { description }), ...(this.#namespace === undefined ? {} : { namespace: this.#namespace }) };
    return (await this.#http.send({ method: "POST", path: `${api}/pipelines`, json: pipeline, ...withSignal(signal) })) as Pipeline;
  }

  versions(pipelineId: string, options: ListOptions = {}): Promise<PipelineVersion[]> {
    return this.#list(`${api}/pipelines/${encodeURIComponent(pipelineId)}/versions`, {}, options, (page: ListPipelineVersionsResponse) => page.pipeline_versions);
  }

  async uploadVersion({ pipelineId, name, description, yaml }: UploadedVersion, signal?: AbortSignal): Promise<PipelineVersion> {
    return (await this.#http.send({
      method: "POST",
      path: `${api}/pipelines/upload_version`,
      query: { name, pipelineid: pipelineId, description },
      file: { field: "uploadfile", name: "pipeline.yaml", content: yaml, type: "application/yaml" },
      ...withSignal(signal),
    })) as PipelineVersion;
  }

  async deleteVersion(pipelineId: string, versionId: string, signal?: AbortSignal): Promise<void> {
    await this.#http.send({ method: "DELETE", path: `${api}/pipelines/${encodeURIComponent(pipelineId)}/versions/${encodeURIComponent(versionId)}`, ...withSignal(signal) });
  }

  async experimentNamed(name: string, signal?: AbortSignal): Promise<Experiment | undefined> {
    const found = await this.#list(`${api}/experiments`, { namespace: this.#namespace }, { predicates: [equals("name", name)], signal }, (page: ListExperimentsResponse) => page.experiments);
    return found.find(({ display_name }) => display_name === name);
  }

  async createExperiment(name: string, signal?: AbortSignal): Promise<Experiment> {
    const experiment: Experiment = { display_name: name, ...(this.#namespace === undefined ? {} : { namespace: this.#namespace }) };
    return (await this.#http.send({ method: "POST", path: `${api}/experiments`, json: experiment, ...withSignal(signal) })) as Experiment;
  }

  recurringRuns(options: ListOptions = {}): Promise<RecurringRun[]> {
    return this.#list(`${api}/recurringruns`, { namespace: this.#namespace }, options, (page: ListRecurringRunsResponse) => page.recurringRuns);
  }

  async createRecurringRun(recurringRun: RecurringRun, signal?: AbortSignal): Promise<RecurringRun> {
    return (await this.#http.send({ method: "POST", path: `${api}/recurringruns`, json: recurringRun, ...withSignal(signal) })) as RecurringRun;
  }

  /** Enabling what is enabled changes nothing, so it may be said twice; the same for disabling. */
  async setEnabled(recurringRunId: string, isEnabled: boolean, signal?: AbortSignal): Promise<void> {
    await this.#http.send({ method: "POST", path: `${api}/recurringruns/${encodeURIComponent(recurringRunId)}:${isEnabled ? "enable" : "disable"}`, isRepeatable: true, ...withSignal(signal) });
  }

  async deleteRecurringRun(recurringRunId: string, signal?: AbortSignal): Promise<void> {
    await this.#http.send({ method: "DELETE", path: `${api}/recurringruns/${encodeURIComponent(recurringRunId)}`, ...withSignal(signal) });
  }

  runs(options: ListOptions & { experimentId?: string } = {}): Promise<Run[]> {
    return this.#list(`${api}/runs`, { namespace: this.#namespace, experiment_id: options.experimentId }, options, (page: ListRunsResponse) => page.runs);
  }

  async run(runId: string, signal?: AbortSignal): Promise<Run> {
    return (await this.#http.send({ method: "GET", path: `${api}/runs/${encodeURIComponent(runId)}`, ...withSignal(signal) })) as Run;
  }

  async createRun(run: Run, signal?: AbortSignal): Promise<Run> {
    return (await this.#http.send({ method: "POST", path: `${api}/runs`, json: run, ...withSignal(signal) })) as Run;
  }

  /** A run that is ending already is refused. */
  async terminateRun(runId: string, signal?: AbortSignal): Promise<void> {
    await this.#http.send({ method: "POST", path: `${api}/runs/${encodeURIComponent(runId)}:terminate`, ...withSignal(signal) });
  }

  /** Reads a list page by page. What stands on two pages, because the list has changed between them, comes once. */
  async #list<Page extends { next_page_token?: string }, T extends object>(path: string, query: Record<string, string | undefined>, { predicates, sortBy, most, signal }: ListOptions, itemsOf: (page: Page) => T[] | undefined): Promise<T[]> {
    const found = new Map<string, T>();
    let token: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const answer = ((await this.#http.send({
        method: "GET",
        path,
        query: { ...query, page_size: String(pageSize), page_token: token, sort_by: sortBy, filter: filterOf(predicates) },
        ...withSignal(signal),
      })) ?? {}) as Page;
      for (const item of itemsOf(answer) ?? []) found.set(idOf(item), item);
      token = answer.next_page_token;
      if (token === undefined || token === "" || (most !== undefined && found.size >= most)) break;
    }
    return [...found.values()].slice(0, most);
  }
}

/** What tells a thing from all others: the id that the server has given it. */
function idOf(item: object): string {
  const { run_id, recurring_run_id, pipeline_version_id, pipeline_id, experiment_id } = item as Record<string, string | undefined>;
  return run_id ?? recurring_run_id ?? pipeline_version_id ?? pipeline_id ?? experiment_id ?? JSON.stringify(item);
}

/** KFP decodes filters once more after HTTP has. */
function filterOf(predicates: readonly Predicate[] | undefined): string | undefined {
  return predicates === undefined || predicates.length === 0 ? undefined : encodeURIComponent(JSON.stringify({ predicates }));
}

export function equals(key: string, value: string): Predicate {
  return { operation: "EQUALS", key, string_value: value };
}

function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
