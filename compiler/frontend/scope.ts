/** Which value each variable has at a point of a pipeline body. */
import type { ts } from "ts-morph";
import type { Value } from "./values.ts";

/** What assigning to a variable of an outer scope means here. */
export type ScopeKind =
  /** The assignment goes through: a plain block, a `try`. */
  | "block"
  /** The assignment is kept aside, and merged with those of the other arms. */
  | "arm"
  /** The same: it is what the next turn of a `while` begins with. */
  | "turn"
  /** The assignment is a mistake: iterations cannot hand values on. */
  | "loop"
  /** An inlined function: the assignment is a mistake, too, as it would have to be merged where the function is called. */
  | "function";

export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  /** Variables declared here; undefined as value where none is assigned yet. */
  readonly declared = new Map<ts.Symbol, Value | undefined>();
  /** Assignments to variables of outer scopes, in an arm or a turn. */
  readonly assigned = new Map<ts.Symbol, Value>();

  constructor(kind: ScopeKind, parent?: Scope) {
    this.kind = kind;
    this.parent = parent;
  }

  declare(symbol: ts.Symbol, value: Value | undefined): void {
    this.declared.set(symbol, value);
  }

  has(symbol: ts.Symbol): boolean {
    return this.declared.has(symbol) || (this.parent?.has(symbol) ?? false);
  }

  lookup(symbol: ts.Symbol): Value | undefined {
    const assigned = this.assigned.get(symbol);
    if (assigned !== undefined) return assigned;
    return this.declared.has(symbol) ? this.declared.get(symbol) : this.parent?.lookup(symbol);
  }

  /** Assigns to the nearest declaration, or keeps the assignment in the arm or turn around. There must be no barrier. */
  assign(symbol: ts.Symbol, value: Value): void {
    if (this.declared.has(symbol)) this.declared.set(symbol, value);
    else if (this.kind === "arm" || this.kind === "turn") this.assigned.set(symbol, value);
    else this.parent?.assign(symbol, value);
  }

  /**
   * What lies between here and the declaration and takes no assignment: a loop, whose iterations cannot hand values
   * on, or a function, which may be called from anywhere.
   */
  barrier(symbol: ts.Symbol): "loop" | "function" | undefined {
    if (this.declared.has(symbol)) return undefined;
    return this.kind === "loop" || this.kind === "function" ? this.kind : this.parent?.barrier(symbol);
  }

  /** The scopes between here and the one that declares the variable, inner first. */
  scopesTo(symbol: ts.Symbol): Scope[] {
    if (this.declared.has(symbol)) return [];
    return [this, ...(this.parent?.scopesTo(symbol) ?? [])];
  }

  /** The scope that declares a variable. */
  owner(symbol: ts.Symbol): Scope | undefined {
    return this.declared.has(symbol) ? this : this.parent?.owner(symbol);
  }
}
