/** The service of experiments. Source: experiment_server.go and `GetValidExperimentNamespacePair` in resource_manager.go. */
import { randomUUID } from "node:crypto";
import type { Experiment } from "../../../runtime/remote/kfp/api-types.ts";
import { alreadyExists, attempting, internally, invalid, notFound } from "./refusal.ts";
import { isSameName, listed, never, nowOf, shown, type Query, type Store } from "./state.ts";

/** The longest name. Source: backend/src/apiserver/validation/length.go. */
const longestName = 128;

/** What there is from the start where nobody is kept apart. Source: `CreateDefaultExperiment` in resource_manager.go. */
export function addDefaultExperiment(store: Store): void {
  add(store, { display_name: "Default", description: "All runs created without specifying an experiment will be grouped here." });
}

export function createExperiment(store: Store, given: Experiment): Experiment {
  const { display_name = "", description } = given;
  internally("Failed to convert API experiment to model experiment", () => {
    if (display_name === "") throw invalid("Experiment must have a non-empty name");
    if (Buffer.byteLength(display_name) > longestName) throw invalid(`Experiment.Name length cannot exceed ${longestName}`);
  });
  const namespace = namespaceOfExperiments(store, given.namespace);
  if (store.state.experiments.some((other) => isSameName(other.display_name, display_name) && other.namespace === namespace)) {
    throw alreadyExists(`Failed to create a new experiment. The name ${display_name} already exists. Please specify a new name`);
  }
  return add(store, shown({ display_name, description, namespace } as Experiment));
}

export function listExperiments(store: Store, query: Query): object {
  const namespace = namespaceOfExperiments(store, query["namespace"]);
  return listed(store, "experiments", "experiments", store.state.experiments.filter((experiment) => experiment.namespace === namespace), query);
}

export function experimentOf({ state }: Store, id: string): Experiment {
  const found = state.experiments.find(({ experiment_id }) => experiment_id === id);
  if (found === undefined) throw notFound("Experiment", id);
  return found;
}

/** The experiment of a new run or recurring run. Only a server with one user has one for those that name none. */
export function experimentFor(store: Store, id = ""): Experiment {
  if (id === "") {
    if (store.isMultiUser) throw invalid("Experiment id can not be empty in multi-user mode");
    return store.state.experiments.find(({ display_name }) => display_name === "Default") ?? add(store, { display_name: "Default" });
  }
  return attempting(`Failed to fetch namespace for experiment ${id}: Failed to fetch namespace from experiment ${id}`, () => experimentOf(store, id));
}

/** Lists what belongs to an experiment, or to all experiments of a namespace. Source: `listJobs` in job_server.go, `listRuns` in run_server.go. */
export function ofExperiment<T extends { experiment_id?: string }>(store: Store, items: readonly T[], query: Query, kind: string): T[] {
  const { experiment_id = "", namespace = "" } = query;
  if (experiment_id !== "") {
    const { experiment_id: id } = attempting(`Failed to fetch namespace from experiment ${experiment_id}`, () => experimentOf(store, experiment_id));
    return items.filter((item) => item.experiment_id === id);
  }
  if (!store.isMultiUser) return [...items];
  if (namespace === "") throw invalid(`${kind} cannot have an empty namespace in multi-user mode`);
  return items.filter((item) => experimentOf(store, item.experiment_id ?? "").namespace === namespace);
}

/** A server with one user knows no namespaces: what is given is not looked at. */
function namespaceOfExperiments({ isMultiUser }: Store, given = ""): string | undefined {
  if (!isMultiUser) return undefined;
  if (given === "") throw invalid("An experiment cannot have an empty namespace in multi-user mode");
  return given;
}

function add(store: Store, given: Experiment): Experiment {
  const experiment: Experiment = { experiment_id: randomUUID(), ...given, created_at: nowOf(store), storage_state: "AVAILABLE", last_run_created_at: never };
  store.state.experiments.push(experiment);
  return experiment;
}
