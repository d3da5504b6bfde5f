/** Objects of Kubernetes, and what the API server says of them. */
import { RequestError } from "../http/failure.ts";

export interface ObjectMeta {
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  resourceVersion?: string;
  uid?: string;
  creationTimestamp?: string;
}

/** An object as it is sent. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** An object as the server has it. */
export type Stored<T extends KubernetesObject> = T & { metadata: { name: string; uid: string; resourceVersion: string; creationTimestamp: string } };

/** A kind of object: where its API is. */
export interface Resource<T extends KubernetesObject> {
  apiVersion: T["apiVersion"];
  kind: T["kind"];
  plural: string;
}

/** A field that another one holds: applying would take it away from them. */
export interface FieldConflict {
  /** E.g. `.spec.entrypoint`. */
  field: string;
  /** Who holds it, e.g. `kubectl-edit`. */
  manager: string;
}

/** What a server says why an object cannot be applied. Source: `Status` of `meta/v1` and `NewConflictError` of `managedfields`. */
interface Status {
  reason?: string;
  details?: { causes?: { reason?: string; message?: string; field?: string }[] };
}

/** The fields that others hold; undefined for other failures. */
export function fieldConflicts(error: unknown): FieldConflict[] | undefined {
  if (!(error instanceof RequestError) || error.failure.kind !== "conflict") return undefined;
  const causes = ((error.answer as Status | undefined)?.details?.causes ?? []).filter(({ reason }) => reason === "FieldManagerConflict");
  if (causes.length === 0) return undefined;
  const conflicts = causes.map(({ field = "", message = "" }) => ({ field, manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? message }));
  return conflicts.sort((one, other) => (one.field < other.field ? -1 : 1));
}

/** Whether there is one of this name already. */
export function isThereAlready(error: unknown): boolean {
  return error instanceof RequestError && error.failure.kind === "conflict" && (error.answer as Status | undefined)?.reason === "AlreadyExists";
}

/** Whether an object is not there, or its kind. */
export function isNotFound(error: unknown): error is RequestError {
  return error instanceof RequestError && error.failure.kind === "notFound";
}
