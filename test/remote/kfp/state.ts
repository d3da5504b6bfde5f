/** What a KFP server for tests holds, and what all of its services share. */
import type { Experiment, Pipeline, PipelineVersion, RecurringRun, Run } from "../../../runtime/remote/kfp/api-types.ts";
import { sameCase, type ListName } from "./columns.ts";
import { page, type PageOptions } from "./pages.ts";

/** Everything is as the API shows it. */
export interface KfpState {
  pipelines: Pipeline[];
  versions: PipelineVersion[];
  experiments: Experiment[];
  recurringRuns: RecurringRun[];
  runs: Run[];
  /** The uploaded files by the ids of their versions. */
  files: Map<string, string>;
}

/** What a service works with. */
export interface Store extends PageOptions {
  state: KfpState;
  /** Whether users are kept apart by namespaces. */
  isMultiUser: boolean;
  clock: () => Date;
}

/** The query of a request, by names. */
export type Query = Readonly<Record<string, string>>;

/** The time of nothing: what has no time is shown with that of 0 seconds. Source: `timestamppb.New(time.Unix(…, 0))` in api_converter.go. */
export const never = "1970-01-01T00:00:00Z";

/** The time in whole seconds, as KFP keeps it. */
export function nowOf({ clock }: Store): string {
  return `${clock().toISOString().slice(0, 19)}Z`;
}

/** Names are the same in upper and lower case: the indexes of the database have its usual collation. */
export function isSameName(one = "", other = ""): boolean {
  return sameCase(one) === sameCase(other);
}

/** Only these fields are shown that have a value: `EmitUnpopulated` is off. Source: `CustomMarshaler` in backend/src/apiserver/common/utils.go. */
export function shown<T extends object>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0))) as T;
}

/** One page of a list as an answer. */
export function listed<T extends object>(store: Store, list: ListName, field: string, items: readonly T[], query: Query): object {
  const { items: found, next, total } = page(list, items, query, store);
  return { ...(found.length === 0 ? {} : { [field]: found }), ...(total === 0 ? {} : { total_size: total }), ...(next === "" ? {} : { next_page_token: next }) };
}

export function remove<T>(items: T[], item: T): object {
  items.splice(items.indexOf(item), 1);
  return {};
}
