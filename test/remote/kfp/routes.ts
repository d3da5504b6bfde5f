/** Which service answers which call. */
import type { Experiment, Pipeline, PipelineVersion, RecurringRun, Run } from "../../../runtime/remote/kfp/api-types.ts";
import type { Operation } from "./contract.ts";
import { createExperiment, experimentOf, listExperiments } from "./experiments.ts";
import { createPipeline, createVersion, deletePipeline, listPipelines, listVersions, pipelineNamed, pipelineOf, versionOf } from "./pipelines.ts";
import { createRecurringRun, listRecurringRuns, recurringRunOf, setEnabled } from "./recurring-runs.ts";
import { attempting } from "./refusal.ts";
import { createRun, listRuns, runOf, terminateRun } from "./runs.ts";
import { remove, type Query, type Store } from "./state.ts";
import { upload, uploadVersion, type Uploaded } from "./uploads.ts";

/** A request that the contract has, read. */
export interface Request {
  operation: Operation;
  /** What the path names. */
  names: Record<string, string>;
  query: Query;
  body: unknown;
  file: Uploaded;
}

interface Route {
  /** What a refusal tells first. */
  failed: string;
  act: (store: Store, request: Request, id: string) => object;
}

/** By method and path below the API; `id` is the last name of the path. */
const routes: Readonly<Record<string, Route>> = {
  // Source: `newHealthzResponse` in backend/src/apiserver/main.go.
  "GET /healthz": { failed: "", act: ({ isMultiUser }) => ({ commit_sha: "unknown", tag_name: "2.17.0", multi_user: isMultiUser, pipeline_store: "database" }) },
  "GET /pipelines": { failed: "Failed to list pipelines", act: (store, { query }) => listPipelines(store, query) },
  "POST /pipelines": { failed: "Failed to create a pipeline due to server error", act: (store, { body }) => createPipeline(store, body as Pipeline) },
  "GET /pipelines/{pipeline_id}": { failed: "Failed to get a pipeline", act: (store, _, id) => pipelineOf(store, id) },
  "GET /pipelines/names/{name}": { failed: "Failed to get a pipeline by its name", act: (store, { query }, name) => pipelineNamed(store, name, query["namespace"]) },
  "DELETE /pipelines/{pipeline_id}": { failed: "Failed to delete pipeline", act: (store, { query }, id) => deletePipeline(store, id, query["cascade"] === "true") },
  "POST /pipelines/upload": { failed: "", act: (store, { query, file }) => upload(store, query, file) },
  "POST /pipelines/upload_version": { failed: "", act: (store, { query, file }) => uploadVersion(store, query, file) },
  "GET /pipelines/{pipeline_id}/versions": { failed: "Failed to list pipeline versions", act: (store, { query }, id) => listVersions(store, id, query) },
  "POST /pipelines/{pipeline_id}/versions": { failed: "Failed to create a pipeline version. Check error stack", act: (_, { body }) => createVersion(body as PipelineVersion) },
  "GET /pipelines/{pipeline_id}/versions/{pipeline_version_id}": { failed: "Failed to get a pipeline version", act: (store, _, id) => versionOf(store, id) },
  "DELETE /pipelines/{pipeline_id}/versions/{pipeline_version_id}": { failed: "Failed to delete a pipeline version", act: (store, _, id) => remove(store.state.versions, versionOf(store, id)) },
  "GET /experiments": { failed: "List experiments failed", act: (store, { query }) => listExperiments(store, query) },
  "POST /experiments": { failed: "Failed to create a experiment", act: (store, { body }) => createExperiment(store, body as Experiment) },
  "GET /experiments/{experiment_id}": { failed: "Failed to fetch experiment", act: (store, _, id) => experimentOf(store, id) },
  "GET /recurringruns": { failed: "Failed to list recurring runs", act: (store, { query }) => listRecurringRuns(store, query) },
  "POST /recurringruns": { failed: "Failed to create a recurring run", act: (store, { body }) => createRecurringRun(store, body as RecurringRun) },
  "GET /recurringruns/{recurring_run_id}": { failed: "Failed to fetch a recurring run", act: (store, _, id) => recurringRunOf(store, id) },
  "DELETE /recurringruns/{recurring_run_id}": { failed: "Failed to delete a recurring run", act: (store, _, id) => remove(store.state.recurringRuns, recurringRunOf(store, id)) },
  "POST /recurringruns/{recurring_run_id}:enable": { failed: "Failed to enable a recurring run", act: (store, _, id) => setEnabled(store, id, true) },
  "POST /recurringruns/{recurring_run_id}:disable": { failed: "Failed to disable a recurring run", act: (store, _, id) => setEnabled(store, id, false) },
  "GET /runs": { failed: "Failed to list runs", act: (store, { query }) => listRuns(store, query) },
  "POST /runs": { failed: "Failed to create a new run", act: (store, { body }) => createRun(store, body as Run) },
  "GET /runs/{run_id}": { failed: "Failed to get a run", act: (store, _, id) => runOf(store, id) },
  "DELETE /runs/{run_id}": { failed: "Failed to delete a run", act: (store, _, id) => remove(store.state.runs, runOf(store, id)) },
  "POST /runs/{run_id}:terminate": { failed: "Failed to terminate a run", act: (store, _, id) => terminateRun(store, id) },
};

/** Does what a request says. Throws a refusal. */
export function serve(store: Store, request: Request): object {
  const { operation, names } = request;
  const call = `${operation.method} ${operation.path.replace("/apis/v2beta1", "")}`;
  const route = routes[call];
  if (route === undefined) throw new Error(`the contract has ${call}, but no service answers it`);
  const act = () => route.act(store, request, Object.values(names).at(-1) ?? "");
  return route.failed === "" ? act() : attempting(route.failed, act);
}
