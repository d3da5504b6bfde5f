/** Filters, order and pages as KFP's API has them. Source: backend/src/apiserver/filter and list of Kubeflow Pipelines 2.17. */
import { valueProblems } from "./contract.ts";
import { Refusal } from "./refusal.ts";
import type { Predicate } from "../../../runtime/remote/kfp/api-types.ts";

/** The fields that may be filtered and sorted by, with the names of version 1 that still count. */
const fields = {
  pipelines: { id: "pipeline_id", pipeline_id: "pipeline_id", name: "name", display_name: "display_name", created_at: "created_at", description: "description", namespace: "namespace" },
  versions: { id: "pipeline_version_id", pipeline_version_id: "pipeline_version_id", name: "name", display_name: "display_name", created_at: "created_at", description: "description" },
  experiments: { id: "experiment_id", experiment_id: "experiment_id", name: "display_name", display_name: "display_name", created_at: "created_at", last_run_created_at: "last_run_created_at", description: "description", namespace: "namespace", storage_state: "storage_state" },
  recurringRuns: { id: "recurring_run_id", recurring_run_id: "recurring_run_id", name: "display_name", display_name: "display_name", created_at: "created_at", updated_at: "updated_at", description: "description" },
  runs: { run_id: "run_id", id: "run_id", name: "display_name", display_name: "display_name", created_at: "created_at", finished_at: "finished_at", description: "description", scheduled_at: "scheduled_at", storage_state: "storage_state", namespace: "namespace", experiment_id: "experiment_id", state: "state", recurring_run_id: "recurring_run_id" },
} as const satisfies Record<string, Record<string, string>>;

export type ListName = keyof typeof fields;

const [usualPage, largestPage] = [20, 200];

interface Token {
  sortBy: string;
  isDescending: boolean;
  filter: string;
  /** The id of the first item of the next page. */
  next: string;
}

/** One page, and the token of the next; an empty one at the end. */
export function page<T extends object>(name: ListName, items: readonly T[], query: Readonly<Record<string, string>>, limit = largestPage): { items: T[]; next: string; total: number } {
  const size = Math.min(Number(query["page_size"] ?? usualPage) || usualPage, largestPage, limit);
  const known: Record<string, string> = fields[name];
  const id = known["id"] ?? "";
  const given = query["page_token"] === undefined || query["page_token"] === "" ? undefined : tokenOf(query["page_token"]);
  const words = (query["sort_by"] ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length > 2 || (words.length === 2 && words[1] !== "asc" && words[1] !== "desc")) throw new Refusal(400, `Received invalid sort by format "${query["sort_by"]}"`);
  const sortBy = words[0] ?? "created_at";
  if (known[sortBy] === undefined) throw new Refusal(400, `Invalid sorting field: "${sortBy}"`);
  const order = { sortBy, isDescending: words[1] === "desc", filter: query["filter"] ?? "" };
  if (given !== undefined && (given.sortBy !== order.sortBy || given.isDescending !== order.isDescending || given.filter !== order.filter)) {
    throw new Refusal(400, "page_token does not match the supplied sort by and/or filtering criteria");
  }
  const text = (item: T, key: string): string => String((item as Record<string, unknown>)[known[key] ?? ""] ?? "");
  const compare = (one: T, other: T) => compared(text(one, sortBy), text(other, sortBy)) || compared(text(one, "id"), text(other, "id"));
  const matching = items.filter((item) => predicatesOf(order.filter).every((predicate) => matches(predicate, known, item))).sort((one, other) => (order.isDescending ? compare(other, one) : compare(one, other)));
  const from = given === undefined ? 0 : Math.max(matching.findIndex((item) => (item as Record<string, unknown>)[id] === given.next), 0);
  const following = matching[from + size];
  const next = following === undefined ? "" : Buffer.from(JSON.stringify({ ...order, next: (following as Record<string, unknown>)[id] })).toString("base64");
  return { items: matching.slice(from, from + size), next, total: matching.length };
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function tokenOf(text: string): Token {
  try {
    return JSON.parse(Buffer.from(text, "base64").toString()) as Token;
  } catch {
    throw new Refusal(400, "Invalid page token");
  }
}

function predicatesOf(text: string): Predicate[] {
  if (text === "") return [];
  let filter: unknown;
  try {
    filter = JSON.parse(text);
  } catch {
    throw new Refusal(400, "Failed to parse the filter");
  }
  const problems = valueProblems("V2beta1Filter", filter, "filter", true);
  if (problems.length > 0) throw new Refusal(400, problems.join("; "));
  return (filter as { predicates?: Predicate[] }).predicates ?? [];
}

function matches({ key = "", operation, string_value, string_values }: Predicate, known: Record<string, string>, item: object): boolean {
  const field = known[key];
  if (field === undefined) throw new Refusal(400, `no support for filtering on unrecognized field "${key}"`);
  const value = String((item as Record<string, unknown>)[field] ?? "").toLowerCase();
  const wanted = string_value?.toLowerCase();
  switch (operation) {
    case "EQUALS":
      return value === wanted;
    case "NOT_EQUALS":
      return value !== wanted;
    case "IS_SUBSTRING":
      return wanted !== undefined && value.includes(wanted);
    case "IN":
      return string_values?.values?.some((one) => one.toLowerCase() === value) === true;
    default:
      throw new Refusal(400, `this server of the tests has no "${String(operation)}"`);
  }
}
