/** What a KFP server holds, and what its calls do, as far as a client can tell. Source: backend/src/apiserver of Kubeflow Pipelines 2.17. */
import { randomUUID } from "node:crypto";
import { parseAllDocuments } from "yaml";
import type { Experiment, Pipeline, PipelineVersion, RecurringRun, Run } from "../../../runtime/remote/kfp/api-types.ts";
import type { Operation } from "./contract.ts";
import { page, type ListName } from "./lists.ts";
import { Refusal } from "./refusal.ts";

export interface KfpState {
  pipelines: Pipeline[];
  versions: PipelineVersion[];
  experiments: Experiment[];
  recurringRuns: RecurringRun[];
  runs: Run[];
  /** The uploaded files by the ids of their versions. */
  files: Map<string, string>;
}

export interface ServiceOptions {
  /** Whether users are kept apart by namespaces. */
  namespaceRequired: boolean;
  clock: () => Date;
  /** The most items of a page, for tests of paging. */
  pageLimit: number | undefined;
}

export interface Request {
  operation: Operation;
  names: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  file: string | undefined;
}

export class KfpService {
  readonly state: KfpState = { pipelines: [], versions: [], experiments: [], recurringRuns: [], runs: [], files: new Map() };
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
    if (!options.namespaceRequired) this.#experiment("Default", undefined);
  }

  /** Does what a request says. Throws a `Refusal`. */
  act({ operation, names, query, body, file }: Request): object {
    const { state } = this;
    const named = (name: string) => names[name] ?? "";
    switch (`${operation.method} ${operation.path.replace("/apis/v2beta1", "")}`) {
      case "GET /healthz":
        return { multi_user: this.#options.namespaceRequired, pipeline_store: "database" };
      case "GET /pipelines":
        return this.#list("pipelines", "pipelines", this.#inNamespace(state.pipelines, query), query);
      case "POST /pipelines":
        return this.#createPipeline(body as Pipeline);
      case "GET /pipelines/names/{name}":
        return found(state.pipelines, ({ name, namespace }) => name === named("name") && namespace === this.#namespace(query["namespace"]), "Pipeline", named("name"));
      case "GET /pipelines/{pipeline_id}":
        return this.#pipeline(named("pipeline_id"));
      case "DELETE /pipelines/{pipeline_id}":
        if (state.versions.some(({ pipeline_id }) => pipeline_id === named("pipeline_id"))) throw new Refusal(400, "Failed to delete pipeline: it has versions");
        return remove(state.pipelines, this.#pipeline(named("pipeline_id")));
      case "POST /pipelines/upload": {
        const name = query["name"] ?? "";
        checkFile(file);
        const pipeline = this.#createPipeline({ name, ...(query["display_name"] === undefined ? {} : { display_name: query["display_name"] }), ...(query["description"] === undefined ? {} : { description: query["description"] }), ...(query["namespace"] === undefined ? {} : { namespace: query["namespace"] }) });
        this.#upload(pipeline.pipeline_id ?? "", query, file);
        return pipeline;
      }
      case "POST /pipelines/upload_version":
        return this.#upload(query["pipelineid"] ?? "", query, file);
      case "GET /pipelines/{pipeline_id}/versions":
        this.#pipeline(named("pipeline_id"));
        return this.#list("versions", "pipeline_versions", state.versions.filter(({ pipeline_id }) => pipeline_id === named("pipeline_id")), query);
      case "GET /pipelines/{pipeline_id}/versions/{pipeline_version_id}":
        return this.#version(named("pipeline_version_id"));
      case "DELETE /pipelines/{pipeline_id}/versions/{pipeline_version_id}":
        return remove(state.versions, this.#version(named("pipeline_version_id")));
      case "GET /experiments":
        return this.#list("experiments", "experiments", this.#inNamespace(state.experiments, query), query);
      case "POST /experiments": {
        const { display_name, namespace, description } = body as Experiment;
        if (display_name === undefined || display_name === "") throw new Refusal(400, "Experiment name is empty. Please specify a valid experiment name");
        if (state.experiments.some((other) => other.display_name === display_name && other.namespace === this.#namespace(namespace))) throw new Refusal(409, `Already exist error: Failed to create a new experiment. The name ${display_name} already exists`);
        return this.#experiment(display_name, this.#namespace(namespace), description);
      }
      case "GET /experiments/{experiment_id}":
        return found(state.experiments, ({ experiment_id }) => experiment_id === named("experiment_id"), "Experiment", named("experiment_id"));
      case "GET /recurringruns":
        return this.#list("recurringRuns", "recurringRuns", this.#inNamespace(state.recurringRuns, query).filter(({ experiment_id }) => query["experiment_id"] === undefined || experiment_id === query["experiment_id"]), query);
      case "POST /recurringruns":
        return this.#createRecurringRun(body as RecurringRun);
      case "GET /recurringruns/{recurring_run_id}":
        return this.#recurringRun(named("recurring_run_id"));
      case "DELETE /recurringruns/{recurring_run_id}":
        return remove(state.recurringRuns, this.#recurringRun(named("recurring_run_id")));
      case "POST /recurringruns/{recurring_run_id}:enable":
        return this.#switch(named("recurring_run_id"), true);
      case "POST /recurringruns/{recurring_run_id}:disable":
        return this.#switch(named("recurring_run_id"), false);
      case "GET /runs":
        return this.#list("runs", "runs", this.#runsOf(query), query);
      case "POST /runs":
        return this.#createRun(body as Run);
      case "GET /runs/{run_id}":
        return this.#run(named("run_id"));
      case "DELETE /runs/{run_id}":
        return remove(state.runs, this.#run(named("run_id")));
      case "POST /runs/{run_id}:terminate":
        Object.assign(this.#run(named("run_id")), { state: "CANCELED", finished_at: this.#now() });
        return {};
      default:
        throw new Refusal(501, `this server of the tests has no ${operation.method} ${operation.path}`);
    }
  }

  setRun(runId: string, change: Partial<Run>): void {
    Object.assign(this.#run(runId), change);
  }

  #now(): string {
    return `${this.#options.clock().toISOString().slice(0, 19)}Z`;
  }

  /** The server with one user knows no namespaces. */
  #namespace(given: string | undefined): string | undefined {
    if (!this.#options.namespaceRequired) return undefined;
    if (given === undefined || given === "") throw new Refusal(400, "Invalid input error: Namespace cannot be empty in multi-user mode");
    return given;
  }

  #inNamespace<T extends { namespace?: string }>(items: readonly T[], query: Record<string, string>): T[] {
    const namespace = this.#namespace(query["namespace"]);
    return items.filter((item) => item.namespace === namespace);
  }

  #runsOf(query: Record<string, string>): Run[] {
    if (query["experiment_id"] !== undefined) return this.state.runs.filter(({ experiment_id }) => experiment_id === query["experiment_id"]);
    const inside = new Set(this.#inNamespace(this.state.experiments, query).map(({ experiment_id }) => experiment_id));
    return this.state.runs.filter(({ experiment_id }) => inside.has(experiment_id));
  }

  #list<T extends object>(name: ListName, field: string, items: readonly T[], query: Record<string, string>): object {
    const { items: shown, next, total } = page(name, items, query, this.#options.pageLimit);
    return { ...(shown.length === 0 ? {} : { [field]: shown }), ...(total === 0 ? {} : { total_size: total }), ...(next === "" ? {} : { next_page_token: next }) };
  }

  #createPipeline({ name: given = "", display_name: shown = "", description, namespace: wanted }: Pipeline): Pipeline {
    const [name, display_name] = [given === "" ? shown : given, shown === "" ? given : shown];
    if (name === "") throw new Refusal(400, "pipeline's name cannot be empty");
    const namespace = this.#namespace(wanted);
    if (this.state.pipelines.some((other) => other.name === name && other.namespace === namespace)) throw new Refusal(409, `Already exist error: Failed to create a new pipeline. The name ${name} already exists. Please specify a new name`);
    const pipeline: Pipeline = { pipeline_id: randomUUID(), display_name, name, created_at: this.#now(), ...(description === undefined ? {} : { description }), ...(namespace === undefined ? {} : { namespace }) };
    this.state.pipelines.push(pipeline);
    return pipeline;
  }

  #upload(pipelineId: string, { name: given = "", display_name: shown = "", description }: Record<string, string>, file: string | undefined): PipelineVersion {
    this.#pipeline(pipelineId);
    const pipeline_spec = checkFile(file);
    const [name, display_name] = [given === "" ? shown : given, shown === "" ? given : shown];
    if (name === "") throw new Refusal(400, "Please specify a valid pipeline version name");
    if (this.state.versions.some((other) => other.pipeline_id === pipelineId && other.name === name)) throw new Refusal(409, `Already exist error: Failed to create a new pipeline version. The name ${name} already exists`);
    const version: PipelineVersion = { pipeline_id: pipelineId, pipeline_version_id: randomUUID(), display_name, name, created_at: this.#now(), pipeline_spec, ...(description === undefined ? {} : { description }) };
    this.state.versions.push(version);
    this.state.files.set(version.pipeline_version_id ?? "", file ?? "");
    return version;
  }

  #experiment(display_name: string, namespace: string | undefined, description?: string): Experiment {
    const experiment: Experiment = { experiment_id: randomUUID(), display_name, created_at: this.#now(), storage_state: "AVAILABLE", ...(namespace === undefined ? {} : { namespace }), ...(description === undefined ? {} : { description }) };
    this.state.experiments.push(experiment);
    return experiment;
  }

  /** The experiment that is named; without a name, the default one of a server with one user. */
  #experimentOf(id: string | undefined): Experiment {
    if ((id === undefined || id === "") && this.#options.namespaceRequired) throw new Refusal(400, "Experiment id can not be empty");
    return id === undefined || id === "" ? found(this.state.experiments, ({ display_name }) => display_name === "Default", "Experiment", "Default") : found(this.state.experiments, ({ experiment_id }) => experiment_id === id, "Experiment", id);
  }

  #createRecurringRun(given: RecurringRun): RecurringRun {
    const { display_name, pipeline_version_reference, trigger, max_concurrency, mode } = given;
    if (display_name === undefined || display_name === "") throw new Refusal(400, "Recurring run's name cannot be empty");
    const concurrency = Number(max_concurrency ?? 0);
    if (concurrency < 1 || concurrency > 10) throw new Refusal(400, `The max_concurrency of the recurring run must be at least 1 and at most 10. Received ${concurrency}`);
    if (mode !== "ENABLE" && mode !== "DISABLE") throw new Refusal(400, "Recurring run's mode must be ENABLE or DISABLE");
    const cron = trigger?.cron_schedule?.cron;
    if (cron !== undefined && !/^@|^(?:\S+ ){4,5}\S+$/.test(cron)) throw new Refusal(400, `Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: Expected 5 to 6 fields, found ${cron.split(" ").length}`);
    this.#referred(pipeline_version_reference);
    const { experiment_id, namespace } = this.#experimentOf(given.experiment_id);
    const recurringRun: RecurringRun = { ...given, recurring_run_id: randomUUID(), experiment_id: experiment_id ?? "", created_at: this.#now(), updated_at: this.#now(), status: mode === "ENABLE" ? "ENABLED" : "DISABLED", ...(namespace === undefined ? {} : { namespace }) };
    this.state.recurringRuns.push(recurringRun);
    return recurringRun;
  }

  #createRun(given: Run): Run {
    if (given.display_name === undefined || given.display_name === "") throw new Refusal(400, "The run name is empty. Please specify a valid name");
    this.#referred(given.pipeline_version_reference);
    const { experiment_id } = this.#experimentOf(given.experiment_id);
    const run: Run = { ...given, run_id: randomUUID(), experiment_id: experiment_id ?? "", created_at: this.#now(), scheduled_at: this.#now(), finished_at: "1970-01-01T00:00:00Z", state: "PENDING", storage_state: "AVAILABLE" };
    this.state.runs.push(run);
    return run;
  }

  #referred(reference: RecurringRun["pipeline_version_reference"]): void {
    if (reference?.pipeline_id === undefined) throw new Refusal(400, "Failed to fetch a template with an empty pipeline spec manifest");
    this.#pipeline(reference.pipeline_id);
    if (reference.pipeline_version_id !== undefined) this.#version(reference.pipeline_version_id);
  }

  #switch(id: string, isOn: boolean): object {
    Object.assign(this.#recurringRun(id), { status: isOn ? "ENABLED" : "DISABLED", mode: isOn ? "ENABLE" : "DISABLE", updated_at: this.#now() });
    return {};
  }

  #pipeline(id: string): Pipeline {
    return found(this.state.pipelines, ({ pipeline_id }) => pipeline_id === id, "Pipeline", id);
  }

  #version(id: string): PipelineVersion {
    return found(this.state.versions, ({ pipeline_version_id }) => pipeline_version_id === id, "PipelineVersion", id);
  }

  #recurringRun(id: string): RecurringRun {
    return found(this.state.recurringRuns, ({ recurring_run_id }) => recurring_run_id === id, "Job", id);
  }

  #run(id: string): Run {
    return found(this.state.runs, ({ run_id }) => run_id === id, "Run", id);
  }
}

function found<T>(items: readonly T[], isWanted: (item: T) => boolean, kind: string, id: string): T {
  const item = items.find(isWanted);
  if (item === undefined) throw new Refusal(404, `ResourceNotFoundError: ${kind} ${id} not found`);
  return item;
}

function remove<T>(items: T[], item: T): object {
  items.splice(items.indexOf(item), 1);
  return {};
}

/** The specification in an uploaded file: the pipeline alone, or beside what Kubernetes is asked for. */
function checkFile(file: string | undefined): Record<string, unknown> {
  if (file === undefined) throw new Refusal(400, "Failed to get the uploaded file");
  const documents = parseAllDocuments(file, { version: "1.1" });
  if (documents.some(({ errors }) => errors.length > 0)) throw new Refusal(400, "Failed to parse the pipeline spec: invalid YAML");
  const [spec, platform] = documents.map((document) => document.toJS() as Record<string, unknown>);
  if (spec?.["root"] === undefined || spec["pipelineInfo"] === undefined || spec["schemaVersion"] !== "2.1.0") throw new Refusal(400, "unknown template format: pipeline spec is invalid");
  return platform === undefined ? spec : { pipeline_spec: spec, platform_spec: platform };
}
