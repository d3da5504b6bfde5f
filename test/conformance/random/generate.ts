/** Makes random pipelines from a seed. */
import type { Json } from "../../../compiler/ir/types.ts";
import { randomNumbers } from "../../random.ts";
import {
  elementOf, fieldsOf, isArtifact, listOf,
  type Arm, type Call, type Callable, type Condition, type Op, type Options, type Pipeline, type Port, type Program, type Select, type Statement, type Type, type Value,
} from "./ast.ts";

/** `twin`: only what Python's SDK can say, and compiles without one of its bugs; `full`: whatever our language has. */
export type Mode = "twin" | "full";

interface Scope {
  values: Value[];
  /** Variables of calls: for `.after()`. */
  tasks: string[];
  /** Names whose type a condition around has narrowed: TypeScript refuses another comparison with a constant. */
  narrowed: Set<string>;
  depth: number;
  /** In twin mode what is called here can be collected: the scope is the body of a loop itself. */
  own: Value[];
}

const scalars: Type[] = ["string", "Int", "number", "boolean"];
const lists: Type[] = ["string[]", "Int[]", "number[]", "Plan[]"];
const texts = ["a", "b", "red", "007", "no", "x y"];

export function generate(seed: number, mode: Mode, count = 4): Program {
  return new Generator(seed, mode).program(count);
}

function isSelect(value: Value): boolean {
  return value.kind === "name" && value.name.startsWith("v");
}

class Generator {
  readonly #seed: number;
  readonly #mode: Mode;
  /** From 0 to 1. */
  readonly #random: () => number;
  #names = 0;
  #ops: Op[] = [];
  #pipelines: Pipeline[] = [];
  /** In twin mode: lists that a loop of the pipeline goes over; the SDK forgets to pass them on to a second one. */
  readonly #looped = new Set<Value>();
  #isInner = false;

  constructor(seed: number, mode: Mode) {
    this.#seed = seed;
    this.#mode = mode;
    this.#random = randomNumbers(Math.imul(seed + 1, 0x9e3779b1));
  }

  program(count: number): Program {
    this.#ops = this.#makeOps();
    for (let index = 0; index < 2; index++) this.#pipelines.push(this.#pipeline(`inner${"AB"[index]}`, 3, true));
    const mains = Array.from({ length: count }, (_, index) => this.#pipeline(`main${"ABCDEFGHIJKLMNOP"[index]}`, 6, false));
    return { seed: this.#seed, ops: this.#ops, pipelines: [...this.#pipelines, ...mains], mains };
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  #pick<T>(all: readonly T[]): T {
    if (all.length === 0) throw new Error("nothing to pick from");
    return all[Math.floor(this.#random() * all.length)] as T;
  }

  #name(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  #makeOps(): Op[] {
    const full = this.#mode === "full";
    const port = (name: string, type: Type): Port => ({ name, type });
    const source: Op = {
      name: "source",
      inputs: [{ name: "seed", type: "Int" }, this.#optional({ name: "note", type: "string" })],
      outputs: [...scalars.map((type, index) => port(`s${index}`, type)), port("data", "Dataset"), port("model", "Model")],
      single: false,
    };
    const lister: Op = { name: "makeLists", inputs: [port("size", "Int")], outputs: [...lists, ...(full ? (["Group", "Group[]"] as Type[]) : [])].map((type, index) => port(`l${index}`, type)), single: false };
    const join: Op = {
      name: "joinAll",
      inputs: (["Dataset[]", "Model[]", "string[]", "Int[]", "number[]"] as Type[]).map((type, index) => (index < 2 ? { ...port(`i${index}`, type), optional: true } : this.#optional(port(`i${index}`, type)))),
      outputs: [port("text", "string"), port("all", "Dataset")],
      single: false,
    };
    const oneJoin: Op = { name: "joinData", inputs: [port("parts", this.#pick(["Dataset[]", "Model[]"] as Type[]))], outputs: [port("count", "Int")], single: false };
    const taker: Op = { name: "takeItem", inputs: (["string", "Int", "number", "Plan"] as Type[]).map((type) => ({ name: `${type.toLowerCase()}In`, type, optional: true })), outputs: [port("taken", "string")], single: false };
    const others = Array.from({ length: 5 }, (_, index) => this.#op(`op${"ABCDE"[index]}`));
    return [source, lister, taker, ...(full ? [join] : []), oneJoin, ...others];
  }

  #op(name: string): Op {
    const inputs: Port[] = Array.from({ length: 1 + this.#upTo(3) }, (_, index) => {
      const type = this.#pick([...scalars, ...scalars, ...lists, "Plan", "Dataset", "Model"] as Type[]);
      const port: Port = { name: `${"abcd"[index]}${index}`, type };
      return this.#chance(0.35) ? (isArtifact(type) ? { ...port, optional: true } : this.#optional(port)) : port;
    });
    const single = this.#chance(0.3);
    const types = single ? [this.#pick([...scalars, ...lists])] : Array.from({ length: this.#upTo(3) }, () => this.#pick([...scalars, ...scalars, ...lists, "Dataset", "Model"] as Type[]));
    const outputs = types.map((type, index): Port => ({ name: single ? "Output" : `${"xyz"[index]}${isArtifact(type) ? "File" : "Value"}`, type }));
    return { name, inputs, outputs, single };
  }

  #optional(port: Port): Port {
    if (this.#chance(0.5)) return { ...port, optional: true };
    return { ...port, optional: true, default: this.#constant(port.type) };
  }

  #constant(type: Type): Json {
    const element = elementOf(type);
    if (element !== undefined) return Array.from({ length: 1 + this.#upTo(2) }, () => this.#constant(element));
    switch (type) {
      case "string":
        return this.#pick(texts);
      case "Int":
        return this.#upTo(8) - 3;
      case "number":
        return (this.#upTo(7) * 2 + 1) / 8 - 1;
      case "boolean":
        return this.#chance(0.5);
      default: {
        const fields = fieldsOf[type];
        if (fields === undefined) throw new Error(`no constant of ${type}`);
        return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, this.#constant(of)]));
      }
    }
  }

  #pipeline(name: string, size: number, isInner: boolean): Pipeline {
    this.#isInner = isInner;
    const inputs = Array.from({ length: this.#upTo(3) + (isInner ? 1 : 0) }, (_, index): Port => {
      const artifacts: Type[] = isInner ? ["Dataset", "Model"] : [];
      const type = this.#pick([...scalars, ...scalars, ...lists, ...artifacts] as Type[]);
      const port: Port = { name: `p${index}`, type };
      return !isArtifact(type) && this.#chance(0.5) ? (this.#chance(0.8) ? { ...port, optional: true, default: this.#constant(type) } : { ...port, optional: true }) : port;
    });
    const values: Value[] = inputs.map((port) => ({ kind: "name", type: port.type, name: port.name, ...(port.optional === true && port.default === undefined ? { optional: true } : {}) }));
    const scope: Scope = { values, tasks: [], narrowed: new Set(), depth: 0, own: [] };
    const body = this.#block(scope, size);
    if (!isInner && this.#chance(0.25)) {
      const inner = this.#nested(scope);
      const text = this.#valueOf("string", { ...scope, values: values.filter((value) => value.kind === "name") });
      body.push({ kind: "try", body: this.#block(inner, 3), exit: { kind: "call", variable: this.#name("e"), callable: { name: "leave", inputs: [], outputs: [] }, isPipeline: false, arguments: { text }, after: [], options: {} } });
    }
    // A value of a task: the SDK takes nothing else as an output.
    const candidates = scope.own.filter((value) => value.type !== "Group" && value.type !== "Group[]");
    const results: Value[] = [];
    for (let index = this.#upTo(2) + (isInner ? 1 : 0); index > 0 && candidates.length > 0; index--) results.push(this.#pick(candidates));
    const outputs = results.map((value, index): Port => ({ name: `r${index}`, type: value.type }));
    return { name, inputs, outputs, body, results };
  }

  #nested(scope: Scope): Scope {
    // The SDK does not pass fields of items on to groups inside of the loop.
    const values = this.#mode === "full" ? [...scope.values] : scope.values.filter((value) => value.kind !== "field");
    return { values, tasks: [...scope.tasks], narrowed: new Set(scope.narrowed), depth: scope.depth + 1, own: [] };
  }

  #block(scope: Scope, size: number): Statement[] {
    const statements: Statement[] = [];
    const count = 1 + this.#upTo(size - 1);
    for (let index = 0; index < count; index++) {
      const roll = this.#random();
      if (scope.depth < 3 && roll < 0.2) statements.push(...this.#branch(scope));
      else if (scope.depth < 3 && roll < 0.42) statements.push(...this.#loop(scope));
      else statements.push(...this.#call(scope, this.#pick(this.#callables(scope))));
    }
    return statements;
  }

  #callables(scope: Scope): Callable[] {
    // Lists of artifacts come only out of loops.
    const can = (callable: Callable): boolean => callable.inputs.every((port) => !(isArtifact(port.type) && port.type.endsWith("[]")) || port.optional === true || scope.values.some((value) => value.type === port.type));
    return [...this.#ops, ...this.#ops, ...this.#pipelines].filter(can);
  }

  /** A call, after those that make the artifacts that it needs. */
  #call(scope: Scope, callable: Callable): Statement[] {
    const before: Statement[] = [];
    const given: Record<string, Value> = {};
    for (const port of callable.inputs) {
      if (port.optional === true && this.#chance(0.4)) continue;
      if (isArtifact(port.type) && !scope.values.some((value) => value.type === port.type)) {
        if (port.optional === true || port.type.endsWith("[]")) continue;
        before.push(...this.#call(scope, this.#ops[0] as Op));
      }
      given[port.name] = this.#valueOf(port.type, scope, port.optional === true);
    }
    const variable = this.#name("t");
    const isPipeline = this.#pipelines.includes(callable as Pipeline);
    const after = this.#chance(0.15) && scope.tasks.length > 0 ? [this.#pick(scope.tasks)] : [];
    const options = isPipeline ? {} : this.#options();
    const outputs = callable.outputs.map((port): Value => ({ kind: "output", type: port.type, task: variable, output: port.name }));
    scope.values.push(...outputs);
    scope.own.push(...outputs);
    // A single value is no handle for TypeScript's narrowing of scalars, but still one for `.after()`.
    scope.tasks.push(variable);
    return [...before, { kind: "call", variable, callable, isPipeline, arguments: given, after, options }];
  }

  #options(): Options {
    const options: Options = {};
    if (!this.#chance(0.2)) return options;
    const some = (): boolean => this.#chance(0.2);
    if (some()) options.cache = false;
    if (some()) options.retry = this.#chance(0.5) ? 2 : { count: 3, backoff: 30, factor: 1.5, maxBackoff: 3600 };
    if (some()) options.cpu = { request: "500m", limit: "1500m" };
    if (some()) options.memory = { limit: "512Mi" };
    if (some()) options.gpu = 1;
    if (some()) options.env = { MODE: "fast", NAME: "x y" };
    if (some()) options.displayName = "A display name";
    // The SDK gives the Kubernetes options of a called pipeline's task to a task of the caller that has the same key.
    if (this.#mode === "twin" && this.#isInner) return options;
    if (some()) options.nodeSelector = { disk: "ssd" };
    if (some()) options.labels = { team: "ml" };
    if (some()) options.annotations = { "acme.com/note": "yes" };
    if (some()) options.imagePullPolicy = "Always";
    if (some()) options.timeout = 600;
    if (some()) options.secret = { env: "TOKEN", name: "api", key: "token" };
    if (some()) options.pvc = { name: "data", path: "/data" };
    return options;
  }

  #valueOf(type: Type, scope: Scope, takesAbsent = false): Value {
    const isFull = this.#mode === "full";
    const fits = (value: Value): boolean => value.type === type && (takesAbsent || !("optional" in value && value.optional === true));
    const known = scope.values.filter(fits);
    if (isArtifact(type)) return this.#pick(known);
    if (isFull && this.#chance(0.2)) {
      const expression = this.#expression(type, scope);
      if (expression !== undefined) return expression;
    }
    if (type === "string" && this.#chance(0.25)) return this.#template(scope);
    if (known.length > 0 && this.#chance(0.75)) return this.#pick(known);
    return { kind: "constant", type, value: this.#constant(type) };
  }

  #template(scope: Scope): Value {
    // The SDK loses fields of items in texts.
    const candidates = scope.values.filter((value) => scalars.includes(value.type) && value.kind !== "field" && (this.#mode === "full" || !isSelect(value)) && !("optional" in value && value.optional === true));
    const parts: (string | Value)[] = [this.#pick(["at ", "", "x="])];
    for (let index = this.#upTo(2); index >= 0 && candidates.length > 0; index--) parts.push(this.#pick(candidates), this.#pick([" ", "/", ": "]));
    return { kind: "template", type: "string", parts };
  }

  #expression(type: Type, scope: Scope): Value | undefined {
    const of = (wanted: Type): Value | undefined => {
      const found = scope.values.filter((value) => value.type === wanted && !("optional" in value && value.optional === true));
      return found.length === 0 ? undefined : this.#pick(found);
    };
    const constant = (wanted: Type): Value => ({ kind: "constant", type: wanted, value: this.#constant(wanted) });
    const list = listOf(type);
    const roll = this.#random();
    if (roll < 0.3 && (type === "Int" || type === "number")) {
      const left = of(type);
      return left === undefined ? undefined : { kind: "binary", type, operator: this.#pick(["+", "-", "*"]), left, right: constant(type) };
    }
    if (roll < 0.45 && type === "Int") {
      const found = scope.values.filter((value) => value.type.endsWith("[]") && !isArtifact(value.type) && !("optional" in value && value.optional === true));
      return found.length === 0 ? undefined : { kind: "length", type, list: this.#pick(found) };
    }
    if (roll < 0.6) {
      const absent = scope.values.filter((value) => value.type === type && "optional" in value && value.optional === true);
      return absent.length === 0 ? undefined : { kind: "coalesce", type, value: this.#pick(absent), fallback: constant(type) };
    }
    if (roll < 0.8 && list !== undefined && type !== "Plan") {
      const found = of(list);
      return found === undefined ? undefined : { kind: "element", type, list: found, index: this.#upTo(2), fallback: constant(type) };
    }
    const condition = scalars.includes(type) ? this.#condition(scope) : undefined;
    return condition === undefined ? undefined : { kind: "choice", type, condition, yes: constant(type), no: constant(type) };
  }

  /** @returns undefined where nothing is there to be compared */
  #condition(scope: Scope, deep = true): Condition | undefined {
    if (this.#mode === "full" && deep && this.#chance(0.4)) {
      const left = this.#condition(scope, false);
      const right = this.#condition(scope, false);
      if (left === undefined || right === undefined) return left;
      return this.#chance(0.3) ? { kind: "not", of: left } : { kind: this.#pick(["and", "or"] as const), left, right };
    }
    const key = (value: Value): string => (value.kind === "name" ? value.name : value.kind === "output" ? `${value.task}.${value.output}` : value.kind === "field" ? `${value.item}.${value.field}` : "");
    const free = scope.values.filter((value) => !scope.narrowed.has(key(value)) && !("optional" in value && value.optional === true));
    if (this.#mode === "full" && this.#chance(0.25)) {
      const list = free.filter((value) => value.type === "string[]" || value.type === "Int[]");
      const text = free.filter((value) => value.type === "string");
      const flag = free.filter((value) => value.type === "boolean");
      if (flag.length > 0 && this.#chance(0.4)) {
        const value = this.#pick(flag);
        scope.narrowed.add(key(value));
        return { kind: "truth", value };
      }
      if (list.length > 0 && this.#chance(0.5)) {
        const chosen = this.#pick(list);
        const element = elementOf(chosen.type) as Type;
        return { kind: "includes", list: chosen, value: { kind: "constant", type: element, value: this.#constant(element) } };
      }
      if (text.length > 0) return { kind: "startsWith", text: this.#pick(text), prefix: this.#pick(["a", "r", "00"]) };
    }
    // The SDK does not surface a one-of for a condition, and looks for items outside of nested loops.
    const isFull = this.#mode === "full";
    const operands = free.filter((value) => scalars.includes(value.type) && (isFull || !(isSelect(value) || value.kind === "field" || (value.kind === "name" && value.name.startsWith("i") && scope.depth > 1))));
    if (operands.length === 0) return undefined;
    const left = this.#pick(operands);
    const isOrdered = left.type === "Int" || left.type === "number";
    const operator = this.#pick(isOrdered ? (["===", "!==", "<", "<=", ">", ">="] as const) : (["===", "!=="] as const));
    // The SDK compares whole and fractional numbers; Python turns a comparison around whose right side is an item.
    const others = operands.filter((value) => value !== left && (value.type === left.type || (isOrdered && (value.type === "Int" || value.type === "number"))) && value.type !== "boolean" && (isFull || value.kind !== "name" || !value.name.startsWith("i")));
    scope.narrowed.add(key(left));
    if (others.length > 0 && this.#chance(0.3)) {
      const right = this.#pick(others);
      scope.narrowed.add(key(right));
      return { kind: "comparison", operator, left, right };
    }
    return { kind: "comparison", operator, left, right: { kind: "constant", type: left.type, value: this.#constant(left.type) } };
  }

  #branch(scope: Scope): Statement[] {
    const narrowed = new Set(scope.narrowed);
    const conditions: Condition[] = [];
    const isFull = this.#mode === "full";
    const first = this.#condition(scope);
    if (first === undefined) return this.#call(scope, this.#ops[0] as Op);
    conditions.push(first);
    while (conditions.length < 3 && this.#chance(0.35)) {
      const next = this.#condition(scope);
      if (next === undefined) break;
      conditions.push(next);
    }
    // The SDK puts what follows an Elif without Else into the DAG of the branches.
    const hasElse = conditions.length > 1 ? !isFull || this.#chance(0.7) : this.#chance(0.6);
    const inner = [...conditions, ...(hasElse ? [undefined] : [])].map((condition) => ({ condition, scope: this.#nested(scope) }));
    scope.narrowed = narrowed;
    if (hasElse && conditions.length === 1 && this.#chance(0.3)) return this.#ternary(scope, inner);
    const arms = inner.map(({ condition, scope: within }): Arm & { own: Value[] } => {
      const body = this.#block(within, 2);
      return { ...(condition === undefined ? {} : { condition }), body, own: within.own };
    });
    const selects: Select[] = [];
    // The SDK numbers the one-ofs of a branch as they are made, used or not; we number those that are used.
    for (let index = hasElse ? this.#upTo(isFull ? 2 : 1) : 0; index > 0; index--) {
      const shared = (arms[0]?.own ?? []).filter((value) => arms.every((arm) => arm.own.some((other) => other.type === value.type)));
      if (shared.length === 0) break;
      const { type } = this.#pick(shared);
      const value = (arm: (typeof arms)[number]): Value => (isFull && scalars.includes(type) && this.#chance(0.15) ? { kind: "constant", type, value: this.#constant(type) } : this.#pick(arm.own.filter((other) => other.type === type)));
      // The SDK forbids Collected among the values.
      const values = arms.map(value);
      if (!isFull && values.some((each) => each.kind === "name" && each.name.startsWith("c"))) continue;
      selects.push({ name: this.#name("v"), type, values });
    }
    if (isFull && selects.length === 0 && !hasElse) {
      const [given] = (arms[0]?.own ?? []).filter((value) => value.type === "string");
      if (given !== undefined) selects.push({ name: this.#name("v"), type: "string", values: [given], optional: true });
    }
    for (const select of selects) {
      const value: Value = { kind: "name", type: select.type, name: select.name, ...(select.optional === true ? { optional: true } : {}) };
      scope.values.push(value);
      if (isFull && select.optional !== true) scope.own.push(value);
      else if (scope.depth === 0 && select.optional !== true) scope.own.push(value);
    }
    return [{ kind: "if", style: "if", arms, selects }];
  }

  #ternary(scope: Scope, inner: { condition: Condition | undefined; scope: Scope }[]): Statement[] {
    const withOutput = this.#ops.filter((op) => op.outputs.length > 0 && this.#callables(scope).includes(op) && op.inputs.every((port) => !isArtifact(port.type) || port.optional === true || scope.values.some((value) => value.type === port.type)));
    const op = this.#pick(withOutput);
    const output = this.#pick(op.outputs);
    const arms = inner.map(({ condition, scope: within }): Arm => {
      const body = this.#call(within, op);
      return { ...(condition === undefined ? {} : { condition }), body };
    });
    const values = arms.map((arm): Value => ({ kind: "output", type: output.type, task: (arm.body.at(-1) as Call).variable, output: output.name }));
    const select: Select = { name: this.#name("v"), type: output.type, values };
    const value: Value = { kind: "name", type: select.type, name: select.name };
    scope.values.push(value);
    if (this.#mode === "full" || scope.depth === 0) scope.own.push(value);
    return [{ kind: "if", style: "ternary", arms, selects: [select] }];
  }

  #loop(scope: Scope): Statement[] {
    const isFull = this.#mode === "full";
    const iterable = scope.values.filter((value) => value.type.endsWith("[]") && !isArtifact(value.type) && !("optional" in value && value.optional === true));
    // Collected results are a list only for a consumer: the SDK cannot loop over them.
    const lists = isFull ? iterable : iterable.filter((value) => !this.#looped.has(value) && value.kind !== "field" && !(value.kind === "name" && /^[cv]/.test(value.name)));
    const isConstant = lists.length === 0 || this.#chance(0.35);
    const type = isConstant ? this.#pick(["string[]", "Int[]", "number[]", "Plan[]"] as Type[]) : this.#pick(lists).type;
    const items: Value = isConstant ? { kind: "constant", type, value: this.#constant(type) } : this.#pick(lists.filter((value) => value.type === type));
    this.#looped.add(items);
    const itemType = elementOf(type) as Type;
    const item = this.#name("i");
    const inner = this.#nested(scope);
    inner.values.push({ kind: "name", type: itemType, name: item });
    for (const [field, of] of Object.entries(fieldsOf[itemType] ?? {})) inner.values.push({ kind: "field", type: of, item, field });
    const body = this.#block(inner, 3);
    // The SDK passes a list on to a nested loop only for tasks that read the item.
    if (!isFull && !isConstant) body.unshift({ kind: "call", variable: this.#name("t"), callable: this.#ops[2] as Op, isPipeline: false, arguments: { [`${itemType.toLowerCase()}In`]: { kind: "name", type: itemType, name: item } }, after: [], options: {} });
    const collected: Extract<Statement, { kind: "for" }>["collected"] = [];
    const candidates = inner.own.filter((value) => listOf(value.type) !== undefined || (value.kind === "name" && value.name.startsWith("c")));
    for (let index = this.#upTo(2); index > 0 && candidates.length > 0; index--) {
      const from = this.#pick(candidates);
      const isNested = from.kind === "name" && from.name.startsWith("c");
      const list = isNested ? from.type : listOf(from.type);
      if (list === undefined) continue;
      collected.push({ name: this.#name("c"), type: list, from, isNested });
    }
    const style = collected.length === 0 ? "for" : this.#pick(["push", "map"] as const);
    for (const each of collected) {
      const value: Value = { kind: "name", type: each.type, name: each.name };
      scope.values.push(value);
      scope.own.push(value);
    }
    return [{ kind: "for", style, item, items, itemType, ...(this.#chance(0.2) ? { limit: 1 + this.#upTo(2) } : {}), body, collected }];
  }
}
