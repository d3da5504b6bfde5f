/** What lists of KFP can be filtered and sorted by. Source: `APIToModelFieldMap` of the models in backend/src/apiserver/model. */
import { Refusal } from "./refusal.ts";

export type ListName = "pipelines" | "versions" | "experiments" | "recurringRuns" | "runs";

interface Columns {
  /** The Go type, which messages name. */
  type: string;
  /** Fields by the keys of the API: those of version 1 count as well. */
  keys: Readonly<Record<string, string>>;
  /** The field that tells items apart. */
  id: string;
  hasTags: boolean;
}

const columns: Readonly<Record<ListName, Columns>> = {
  pipelines: {
    type: "Pipeline",
    keys: { id: "pipeline_id", pipeline_id: "pipeline_id", name: "name", display_name: "display_name", created_at: "created_at", description: "description", namespace: "namespace" },
    id: "pipeline_id",
    hasTags: true,
  },
  versions: {
    type: "PipelineVersion",
    keys: { id: "pipeline_version_id", pipeline_version_id: "pipeline_version_id", name: "name", display_name: "display_name", created_at: "created_at", description: "description" },
    id: "pipeline_version_id",
    hasTags: true,
  },
  experiments: {
    type: "Experiment",
    keys: { id: "experiment_id", experiment_id: "experiment_id", name: "display_name", display_name: "display_name", created_at: "created_at", last_run_created_at: "last_run_created_at", description: "description", namespace: "namespace", storage_state: "storage_state" },
    id: "experiment_id",
    hasTags: false,
  },
  recurringRuns: {
    type: "Job",
    keys: { id: "recurring_run_id", recurring_run_id: "recurring_run_id", name: "display_name", display_name: "display_name", created_at: "created_at", updated_at: "updated_at", description: "description" },
    id: "recurring_run_id",
    hasTags: false,
  },
  runs: {
    type: "Run",
    keys: { id: "run_id", run_id: "run_id", name: "display_name", display_name: "display_name", created_at: "created_at", finished_at: "finished_at", description: "description", scheduled_at: "scheduled_at", storage_state: "storage_state", experiment_id: "experiment_id", state: "state", recurring_run_id: "recurring_run_id" },
    id: "run_id",
    hasTags: false,
  },
};

/** Keys of KFP whose columns hold what the API shows otherwise, or not. */
const withoutField: Readonly<Partial<Record<ListName, readonly string[]>>> = { versions: ["status", "pipeline_spec"], runs: ["status", "state_history", "runtime_details", "namespace"] };

export function columnsOf(list: ListName): Columns {
  return columns[list];
}

/** The field of a key; undefined for a key that KFP does not have. */
export function fieldOf(list: ListName, key: string): string | undefined {
  if (withoutField[list]?.includes(key) === true) throw new Refusal("Unimplemented", `this server of the tests keeps no "${key}" of ${list}`);
  return Object.hasOwn(columns[list].keys, key) ? columns[list].keys[key] : undefined;
}

/** The value of a column: times in seconds since 1970, all else as text; what is missing is empty. */
export function valueOf(item: object, field: string): string | number {
  const value = (item as Record<string, unknown>)[field];
  return field.endsWith("_at") ? Math.floor(Date.parse(String(value)) / 1000) : String(value ?? "");
}

/** Texts as MySQL and MariaDB compare them with their usual collations: upper and lower case are the same. */
export function sameCase(text: string | number): string | number {
  return typeof text === "string" ? text.toLowerCase() : text;
}
