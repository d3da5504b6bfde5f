/** The functions of expr-lang that evaluate a predicate for each item of a list. */
import type { ExprCall, ExprNode } from "./expr.ts";
import { arithmetic, boolOf, compare, fail } from "./expr-operators.ts";
import { goTypeOf, isList, isObject, type ExprValue } from "./expr-value.ts";

/** What `#`, `#index` and `#acc` stand for. */
export interface Scope {
  index: number;
  accumulated?: ExprValue;
  item(): ExprValue;
}

export class PredicateCall {
  private readonly indexes: readonly number[];
  private readonly scope: Scope;

  /** @param of evaluates a node with what `scopes` says of `#` */
  constructor(
    private readonly node: ExprCall,
    private readonly of: (node: ExprNode) => ExprValue,
    private readonly scopes: Scope[],
  ) {
    const [given] = node.arguments;
    const { length, at } = collectionOf(given === undefined ? null : of(given));
    this.indexes = Array.from({ length }, (_, index) => index);
    this.scope = { index: 0, item: () => at(this.scope.index) };
  }

  run(name: string): ExprValue {
    this.scopes.push(this.scope);
    try {
      return this.result(name);
    } finally {
      this.scopes.pop();
    }
  }

  /** The predicate for an item; without a predicate, the item itself. */
  private at(index: number): ExprValue {
    this.scope.index = index;
    const [, predicate] = this.node.arguments;
    return predicate === undefined ? this.scope.item() : this.of(predicate);
  }

  private holds = (index: number): boolean => boolOf(this.at(index));

  private item = (index: number): ExprValue => {
    this.scope.index = index;
    return this.scope.item();
  };

  private result(name: string): ExprValue {
    const { indexes } = this;
    switch (name) {
      case "all":
        return indexes.every(this.holds);
      case "none":
        return !indexes.some(this.holds);
      case "any":
        return indexes.some(this.holds);
      case "one":
        return indexes.filter(this.holds).length === 1;
      case "filter":
        return indexes.filter(this.holds).map(this.item);
      case "map":
        return indexes.map((index) => this.at(index));
      case "count":
        return BigInt(indexes.filter(this.holds).length);
      case "sum":
        return indexes.reduce<ExprValue>((sum, index) => arithmetic("+", this.at(index), sum), 0n);
      case "find":
        return this.itemOrNil(indexes.find(this.holds));
      case "findIndex":
        return indexOrNil(indexes.find(this.holds));
      case "findLast":
        return this.itemOrNil(indexes.findLast(this.holds));
      case "findLastIndex":
        return indexOrNil(indexes.findLast(this.holds));
      case "groupBy":
        return this.groups();
      case "sortBy":
        return this.sorted();
      default:
        return this.reduced();
    }
  }

  private itemOrNil(index: number | undefined): ExprValue {
    return index === undefined ? null : this.item(index);
  }

  private groups(): ExprValue {
    const groups = new Map<ExprValue, ExprValue[]>();
    for (const index of this.indexes) {
      const key = this.at(index);
      if (typeof key === "object" && key !== null) return fail(`hash of unhashable type: ${goTypeOf(key)}`);
      groups.set(key, [...(groups.get(key) ?? []), this.item(index)]);
    }
    return groups;
  }

  private sorted(): ExprValue {
    const [, , third] = this.node.arguments;
    const order = third === undefined ? "asc" : this.of(third);
    if (typeof order !== "string") return fail("sortBy order argument must be a string");
    if (order !== "asc" && order !== "desc") return fail("unknown order, use asc or desc");
    return sortedBy(this.indexes.map(this.item), this.indexes.map((index) => this.at(index)), order);
  }

  private reduced(): ExprValue {
    const [, , third] = this.node.arguments;
    const [first, ...others] = this.indexes;
    if (third === undefined && first === undefined) return fail("reduce of empty array with no initial value");
    this.scope.accumulated = third === undefined ? this.item(first ?? 0) : this.of(third);
    for (const index of third === undefined ? others : this.indexes) this.scope.accumulated = this.at(index);
    return this.scope.accumulated;
  }
}

function indexOrNil(index: number | undefined): ExprValue {
  return index === undefined ? null : BigInt(index);
}

/** What has a length is gone through, but only lists and texts, byte by byte, have items. */
function collectionOf(value: ExprValue): { length: number; at(index: number): ExprValue } {
  const list = typeof value === "string" ? [...Buffer.from(value)].map(BigInt) : value;
  if (isList(list)) return { length: list.length, at: (index) => list[index] ?? null };
  if (list === null) return fail("reflect: call of reflect.Value.Len on zero Value");
  if (!(list instanceof Map) && !isObject(list)) return fail(`reflect: call of reflect.Value.Len on ${goTypeOf(list)} Value`);
  return { length: list instanceof Map ? list.size : Object.keys(list).length, at: () => fail("reflect: call of reflect.Value.Index on map Value") };
}

/** Items in the order of what stands for them. Values that cannot be compared are an error. */
export function sortedBy(items: readonly ExprValue[], values: readonly ExprValue[], order: "asc" | "desc"): ExprValue[] {
  const indexed = items.map((item, index) => ({ item, value: values[index] ?? null }));
  const [low, high] = order === "asc" ? [-1, 1] : [1, -1];
  return indexed.sort((a, b) => (compare("<", a.value, b.value) ? low : compare("<", b.value, a.value) ? high : 0)).map(({ item }) => item);
}
