/** Pages of lists. Source: `validatedListOptions` in list_request_util.go, and backend/src/apiserver/list/list.go. */
import { columnsOf, fieldOf, sameCase, valueOf, type ListName } from "./columns.ts";
import { conditionsOf, matches, type Condition } from "./filter.ts";
import { invalid } from "./refusal.ts";

const [usualPage, largestPage] = [20, 200];

interface Order {
  sortBy: string;
  isDescending: boolean;
  /** Without those on tags, which a token does not hold. */
  conditions: Condition[];
}

/** The order of a list, and the item that the next page begins with. */
interface Token extends Order {
  sortValue: string | number;
  key: string;
}

export interface PageOptions {
  /** The most items of a page, for tests of paging. */
  pageLimit: number | undefined;
  /** Whether a page that no order was asked for comes backwards: only `sort_by` promises an order. */
  reorderPages: boolean;
}

/** One page of a list, the token of the next one, which is empty at the end, and how many items all pages have. */
export function page<T extends object>(list: ListName, items: readonly T[], query: Readonly<Record<string, string>>, { pageLimit = largestPage, reorderPages }: PageOptions): { items: T[]; next: string; total: number } {
  const size = pageSize(query["page_size"]);
  const given = query["page_token"] ?? "";
  const [sortBy, filter] = [query["sort_by"] ?? "", query["filter"] ?? ""];
  const token = given === "" ? undefined : tokenOf(given);
  const stated = conditionsOf(list, filter);
  const conditions = stated.filter(({ isTag }) => !isTag);
  // What a token holds need not be said again; but where it is, all of it must be the same.
  const asked = token === undefined || sortBy !== "" || conditions.length > 0 ? orderOf(list, sortBy, conditions) : undefined;
  if (token !== undefined && asked !== undefined && !isSame(token, asked)) {
    throw invalid("page token does not match the supplied sort by and/or filtering criteria. Either specify the same criteria or leave the latter empty if page token is specified");
  }
  const order = token ?? asked ?? orderOf(list, "", []);
  const { id } = columnsOf(list);
  const compare = (one: [string | number, string], other: [string | number, string]): number => (compared(one[0], other[0]) || compared(one[1], other[1])) * (order.isDescending ? -1 : 1);
  const placeOf = (item: T): [string | number, string] => [valueOf(item, order.sortBy), String(valueOf(item, id))];
  const matching = items.filter((item) => [...order.conditions, ...stated.filter(({ isTag }) => isTag)].every((condition) => matches(condition, item)));
  const sorted = [...matching].sort((one, other) => compare(placeOf(one), placeOf(other)));
  const rest = token === undefined ? sorted : sorted.filter((item) => compare(placeOf(item), [token.sortValue, token.key]) >= 0);
  const shown = rest.slice(0, Math.min(size, pageLimit));
  const following = rest[shown.length];
  const next = following === undefined ? "" : tokenText(order, placeOf(following));
  return { items: reorderPages && sortBy === "" && order.sortBy === "created_at" ? shown.reverse() : shown, next, total: matching.length };
}

function pageSize(text = "0"): number {
  const size = Number(text);
  if (size < 0) throw invalid(`The page size should be greater than 0. Got ${size}`);
  return size === 0 ? usualPage : Math.min(size, largestPage);
}

function orderOf(list: ListName, sortBy: string, conditions: Condition[]): Order {
  const [key = "created_at", direction = "asc", ...more] = sortBy.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (more.length > 0 || (direction !== "asc" && direction !== "desc")) {
    throw invalid(`Received invalid sort by format "${sortBy}". Supported format: "field_name", "field_name desc", or "field_name asc"`);
  }
  const field = fieldOf(list, key);
  if (field === undefined) throw invalid(`Invalid sorting field: "${key}" on listable type ${columnsOf(list).type}`);
  return { sortBy: field, isDescending: direction === "desc", conditions };
}

function compared(one: string | number, other: string | number): number {
  const [first, second] = [sameCase(one), sameCase(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/**
 * Whether what is asked for is what a token was made of. KFP compares Go values with values that have been JSON: numbers, times and lists are of other types
 * then, and never the same.
 */
function isSame(token: Order, asked: Order): boolean {
  const said = ({ sortBy, isDescending, conditions }: Order) => JSON.stringify([sortBy, isDescending, conditions]);
  return asked.conditions.every(({ value }) => typeof value === "string") && said(token) === said(asked);
}

function tokenText({ sortBy, isDescending, conditions }: Order, [sortValue, key]: [string | number, string]): string {
  return Buffer.from(JSON.stringify({ sortBy, isDescending, conditions, sortValue, key } satisfies Token)).toString("base64");
}

/** Reads a token; it is base64 with `+`, `/` and `=`, and must be encoded in a query. */
function tokenOf(text: string): Token {
  try {
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new Error("illegal base64 data");
    const token = JSON.parse(Buffer.from(text, "base64").toString()) as Token;
    if (typeof token.sortBy !== "string") throw new Error("no token");
    return token;
  } catch {
    throw invalid("Invalid page token");
  }
}
