/** The functions of expr-lang that evaluate a predicate for each item of a list. */
import type { ExprCall, ExprNode } from "./expr.ts";
import { arithmetic, boolOf, compare, fail } from "./expr-operators.ts";
import { goTypeOf, isList, type ExprValue } from "./expr-value.ts";

/** What `#`, `#index` and `#acc` stand for. */
export interface Scope {
  index: number;
  accumulated?: ExprValue;
  item(): ExprValue;
}

export class PredicateCall {
  private readonly list: readonly ExprValue[];
  private readonly scope: Scope;

  /** @param of evaluates a node with what `scopes` says of `#` */
  constructor(
    private readonly node: ExprCall,
    private readonly of: (node: ExprNode) => ExprValue,
    private readonly scopes: Scope[],
  ) {
    const [given] = node.arguments;
    const list = given === undefined ? null : of(given);
    this.list = isList(list) ? list : list === null ? fail("reflect: call of reflect.Value.Len on zero Value") : fail(`reflect: call of reflect.Value.Index on ${kindOf(list)} Value`);
    const items = this.list;
    this.scope = { index: 0, item: () => items[this.scope.index] ?? null };
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

  private holds = (_: ExprValue, index: number): boolean => boolOf(this.at(index));

  private result(name: string): ExprValue {
    const { list } = this;
    switch (name) {
      case "all":
        return list.every(this.holds);
      case "none":
        return !list.some(this.holds);
      case "any":
        return list.some(this.holds);
      case "one":
        return list.filter(this.holds).length === 1;
      case "filter":
        return list.filter(this.holds);
      case "map":
        return list.map((_, index) => this.at(index));
      case "count":
        return BigInt(list.filter(this.holds).length);
      case "sum":
        return list.reduce<ExprValue>((sum, _, index) => arithmetic("+", this.at(index), sum), 0n);
      case "find":
        return list.find(this.holds) ?? null;
      case "findIndex":
        return indexOrNil(list.findIndex(this.holds));
      case "findLast":
        return list.findLast(this.holds) ?? null;
      case "findLastIndex":
        return indexOrNil(list.findLastIndex(this.holds));
      case "groupBy":
        return this.groups();
      case "sortBy":
        return this.sorted();
      default:
        return this.reduced();
    }
  }

  private groups(): ExprValue {
    const groups = new Map<ExprValue, ExprValue[]>();
    for (const [index, item] of this.list.entries()) {
      const key = this.at(index);
      if (typeof key === "object" && key !== null) return fail(`runtime error: hash of unhashable type ${goTypeOf(key)}`);
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return groups;
  }

  private sorted(): ExprValue {
    const [, , third] = this.node.arguments;
    const order = third === undefined ? "asc" : this.of(third);
    if (typeof order !== "string") return fail("sortBy order argument must be a string");
    if (order !== "asc" && order !== "desc") return fail("unknown order, use asc or desc");
    return sortedBy(this.list, this.list.map((_, index) => this.at(index)), order);
  }

  private reduced(): ExprValue {
    const [, , third] = this.node.arguments;
    const [first] = this.list;
    if (third === undefined && first === undefined) return fail("reduce of empty array with no initial value");
    this.scope.accumulated = third === undefined ? (first ?? null) : this.of(third);
    for (let index = third === undefined ? 1 : 0; index < this.list.length; index++) this.scope.accumulated = this.at(index);
    return this.scope.accumulated;
  }
}

function indexOrNil(index: number): ExprValue {
  return index < 0 ? null : BigInt(index);
}

function kindOf(value: ExprValue): string {
  return typeof value === "bigint" ? "int" : typeof value === "number" ? "float64" : typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "map";
}

/** Items in the order of what stands for them. Values that cannot be compared are an error. */
export function sortedBy(items: readonly ExprValue[], values: readonly ExprValue[], order: "asc" | "desc"): ExprValue[] {
  const indexed = items.map((item, index) => ({ item, value: values[index] ?? null }));
  const [low, high] = order === "asc" ? [-1, 1] : [1, -1];
  return indexed.sort((a, b) => (compare("<", a.value, b.value) ? low : compare("<", b.value, a.value) ? high : 0)).map(({ item }) => item);
}
