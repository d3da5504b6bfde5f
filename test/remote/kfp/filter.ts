/** Filters of lists. Source: `parseAPIFilter` in list_request_util.go, backend/src/apiserver/filter/filter.go, and `extractTagFiltersFromFilterSpec` in pipeline_server.go. */
import type { PredicateOperation } from "../../../runtime/remote/kfp/api-types.ts";
import { columnsOf, fieldOf, sameCase, valueOf, type ListName } from "./columns.ts";
import { valueProblems } from "./contract.ts";
import { invalid } from "./refusal.ts";

type Scalar = string | number;

export interface Condition {
  operation: PredicateOperation;
  /** A field of the items, or the name of a tag. */
  field: string;
  isTag: boolean;
  value: Scalar | Scalar[];
}

const operations: readonly PredicateOperation[] = ["OPERATION_UNSPECIFIED", "EQUALS", "NOT_EQUALS", "GREATER_THAN"];
/** The numbers of the operations, which protobuf takes as well: 4 is none. */
const operationNumbers = new Map<unknown, PredicateOperation>([...operations.entries(), [5, "GREATER_THAN_EQUALS"], [6, "LESS_THAN"], [7, "LESS_THAN_EQUALS"], [8, "IN"], [9, "IS_SUBSTRING"]]);

/** What a filter of a query says. It is decoded once more than other parameters: a `%` or a `+` in it must be encoded twice. */
export function conditionsOf(list: ListName, encoded: string): Condition[] {
  if (encoded === "") return [];
  const failed = (why: string) => invalid(`failed to parse valid filter from "${encoded}": ${why}`);
  let filter: unknown;
  try {
    filter = JSON.parse(decodeURIComponent(encoded.replaceAll("+", " ")));
  } catch (error) {
    throw failed(String(error));
  }
  const predicates = protoNames(filter);
  const [problem] = valueProblems("V2beta1Filter", predicates, "filter", true);
  if (problem !== undefined) throw failed(problem);
  return ((predicates as { predicates?: Record<string, unknown>[] }).predicates ?? []).map((predicate) => conditionOf(list, predicate));
}

/** JSON as protobuf reads it: names in camelCase are the same as those in snake_case, and enums may be numbers. */
function protoNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(protoNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name === "operation" ? (operationNumbers.get(item) ?? item) : protoNames(item)]));
}

function conditionOf(list: ListName, { operation = "OPERATION_UNSPECIFIED", key = "", ...values }: Record<string, unknown>): Condition {
  const [kind, value] = scalarOf(values);
  const condition = { operation: operation as PredicateOperation, value };
  const { hasTags } = columnsOf(list);
  if (hasTags && String(key).startsWith("tags.")) {
    if (operation !== "EQUALS") throw invalid(`only EQUALS operation is supported for tag filtering, got ${String(operation)} for key "${String(key)}"`);
    if (kind !== "string") throw invalid(`tag filter value must be a string for key "${String(key)}"`);
    return { ...condition, field: String(key).slice("tags.".length), isTag: true };
  }
  if (operation === "OPERATION_UNSPECIFIED") throw invalid("Error using Filter.Predicate.Operation with go_client.Predicate_Operation");
  if (kind === undefined) throw invalid("Error using Filter.Predicate.Value with <nil>");
  if (key === "") throw invalid(`Predicate key cannot be empty for operation ${String(operation)} and value ${String(value)}`);
  if (operation === "IN" && !Array.isArray(value)) throw invalid(`cannot use IN operator with scalar type ${kind}`);
  if (operation === "IS_SUBSTRING" && kind !== "string") throw invalid(`cannot use non string value type ${kind} with operator IS_SUBSTRING`);
  if (operation !== "IN" && Array.isArray(value)) throw invalid(`cannot use scalar operator ${String(operation)} on array type ${kind}`);
  const field = fieldOf(list, String(key));
  if (field === undefined) throw invalid(`no support for filtering on unrecognized field "${String(key)}"`);
  return { ...condition, field, isTag: false };
}

/** The value of a predicate with its Go type. Times become seconds. */
function scalarOf(values: Record<string, unknown>): [string | undefined, Scalar | Scalar[]] {
  const [[name, value] = [undefined, undefined]] = Object.entries(values);
  const listed = () => (value as { values?: Scalar[] }).values ?? [];
  switch (name) {
    case "string_value":
      return ["string", String(value)];
    case "int_value":
      return ["int32", Number(value)];
    case "long_value":
      return ["int64", Number(value)];
    case "timestamp_value":
      return ["int64", Math.floor(Date.parse(String(value)) / 1000)];
    case "string_values":
      return ["[]string", listed()];
    case "int_values":
      return ["[]int32", listed()];
    case "long_values":
      return ["[]int64", listed().map(Number)];
    default:
      return [undefined, ""];
  }
}

/** Whether an item is what a condition asks for. */
export function matches({ operation, field, isTag, value }: Condition, item: object): boolean {
  if (isTag) return (item as { tags?: Record<string, string> }).tags?.[field] === value;
  const own = sameCase(valueOf(item, field));
  const equals = (other: Scalar) => own === sameCase(typeof own === "number" ? Number(other) : String(other));
  if (Array.isArray(value)) return value.some(equals);
  const other = sameCase(typeof own === "number" ? Number(value) : String(value));
  switch (operation) {
    case "EQUALS":
      return equals(value);
    case "NOT_EQUALS":
      return !equals(value);
    case "GREATER_THAN":
      return own > other;
    case "GREATER_THAN_EQUALS":
      return own >= other;
    case "LESS_THAN":
      return own < other;
    case "LESS_THAN_EQUALS":
      return own <= other;
    case "IS_SUBSTRING":
      return like(String(other)).test(String(own));
    case "IN":
    case "OPERATION_UNSPECIFIED":
      return false;
  }
}

/** A pattern of SQL's LIKE around a text that is not escaped: `%` and `_` in it stand for others. */
function like(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%", ".*").replaceAll("_", "."), "s");
}
