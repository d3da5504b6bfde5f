/**
 * Moves the end of a DAG template into a template of its own that runs as one task of the rest, and changes nothing that a run
 * shows: the same tasks run and end alike, whatever fails. Two things make that hard. A task of the end may wait for the failure
 * of an earlier one, so it is told how that ended. And a task that is left out because an earlier one failed makes Argo
 * fail the DAG (its assessment of DAGs lets omitted tasks inherit failures), which it could not see across the border.
 */
import { bug } from "../../bug.ts";
import { printExpr } from "../../expressions/argo/expr-print.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import { binary, bool, call, choose, index, joined, list, map, member, name, number, ofTask, path, text } from "./expr-build.ts";
import { freeName } from "./names.ts";
import { ABSENT, absent, addRegion, addTask, newRegion, require, type Called, type Region, type Requirement, type Result, type TaskDraft } from "./region.ts";
import { changeRegion, changeTask, replaced } from "./rewrite.ts";

const everyEnd: readonly Result[] = ["Succeeded", "Failed", "Errored", "Skipped", "Omitted"];
const nowhere = { start: 0, end: 0 } as const;

/** Parameters of the part: how earlier tasks ended, by name; and which of them failed or were left out for a failure. */
const ends = "hmc-ends";
const failures = "hmc-failures";
/** Output of the part: whether it left out tasks for a failure outside. */
const lost = "hmc-lost";

/** One of the alternatives must hold, or what is known of tasks outside. */
export interface Clause extends Requirement {
  condition: ExprNode;
  /** The tasks outside that the condition reads. */
  outside: string[];
}

/** What splitting knows of all regions. */
export interface Splitting {
  /** A template that does nothing, and does it at once. */
  nothing: Called;
  /** A template that gives back the parameter `value` that it gets. */
  carry(): Called;
  /** What tasks wait for beside their requirements. It becomes gates in the end. */
  clauses: Map<TaskDraft, Clause[]>;
}

/** Moves tasks to which no other task of the region leads back. */
export function extractTail(region: Region, tail: ReadonlySet<TaskDraft>, splitting: Splitting): void {
  const { task: part, region: inner } = addRegion(region, "part", region.span, `${region.wanted}-part`);
  const border = new Border(region, inner, part, tail, splitting);
  border.lift();
  for (const task of tail) border.move(task);
  border.passIn();
  border.passOut();
  if (region.parallelism !== undefined) {
    // The part has all places, so it begins when the tasks before it are done.
    inner.parallelism = region.parallelism;
    for (const task of region.tasks.values()) if (task !== part) require(part, [{ task, results: everyEnd }]);
  }
  border.inheritFailures();
}

class Border {
  /** Earlier tasks of which the part must know something. */
  readonly boundary = new Set<TaskDraft>();
  /** Earlier tasks without whose success the part does not begin. */
  readonly strict = new Set<TaskDraft>();
  /** What every task of the part needs: the part itself waits for it. */
  readonly lifted = new Set<string>();
  /** Texts of earlier tasks that the part reads: the trees that read them, by task. */
  readonly values = new Map<TaskDraft, Map<string, ExprNode>>();
  /** The names of the part's inputs, by what they pass on. */
  readonly names = new Map<string, string>();

  constructor(
    readonly outer: Region,
    readonly inner: Region,
    readonly part: TaskDraft,
    readonly tail: ReadonlySet<TaskDraft>,
    readonly splitting: Splitting,
  ) {}

  lift(): void {
    const [first] = inOrder(this.outer, this.splitting).filter((task) => this.tail.has(task));
    for (const requirement of first?.requirements ?? []) {
      const key = keyOf(requirement);
      if (!this.isNeeded(key)) continue;
      this.lifted.add(key);
      require(this.part, requirement.alternatives);
      const [only, ...more] = requirement.alternatives;
      if (only !== undefined && more.length === 0 && only.results.join() === "Succeeded") this.strict.add(only.task);
    }
  }

  /** Whether every task of the part is left out where a requirement does not hold. */
  isNeeded(key: string): boolean {
    const need = new Set<TaskDraft>();
    const isLeftOut = ({ alternatives }: Requirement): boolean => alternatives.every(({ task, results }) => need.has(task) && !results.includes("Omitted"));
    for (const task of inOrder(this.outer, this.splitting)) {
      if (!this.tail.has(task)) continue;
      if (!task.requirements.some((requirement) => keyOf(requirement) === key || isLeftOut(requirement))) return false;
      need.add(task);
    }
    return true;
  }

  move(task: TaskDraft): void {
    const requirements = task.requirements.filter((requirement) => !this.lifted.has(keyOf(requirement)));
    const clauses: (Requirement & Partial<Clause>)[] = [...requirements, ...(this.splitting.clauses.get(task) ?? [])];
    task.requirements = [];
    const known: Clause[] = [];
    for (const clause of clauses) {
      const before = clause.alternatives.filter((alternative) => !this.tail.has(alternative.task));
      const alternatives = clause.alternatives.filter((alternative) => this.tail.has(alternative.task));
      const conditions = before.map(({ task: earlier, results }) => hasEnded(this.endOf(earlier), results));
      const outside = before.map(({ task: earlier }) => earlier.name);
      if (clause.condition !== undefined) conditions.push(this.inward(clause.condition));
      outside.push(...(clause.outside ?? []));
      if (conditions.length === 0) require(task, alternatives);
      else known.push({ alternatives, condition: anyOf(conditions), outside });
    }
    this.splitting.clauses.set(task, known);
    this.outer.tasks.delete(task.name);
    task.region = this.inner;
    this.inner.tasks.set(task.name, task);
    changeTask(task, (value) => this.inward(value));
  }

  /** How an earlier task ended, as tasks of the part read it. */
  endOf(task: TaskDraft): ExprNode {
    this.boundary.add(task);
    return index(call("fromJSON", path("inputs", "parameters", this.inputFor("ends", ends, "parameters"))), text(task.name));
  }

  inward(value: ExprNode): ExprNode {
    return replaced(value, (node) => this.fromInside(node));
  }

  /** What an expression of a moved task is in the part. */
  fromInside(node: ExprNode): ExprNode | undefined {
    const keys = pathOf(node);
    if (keys === undefined) return undefined;
    if (keys[0] === "inputs" && keys.length === 3) return this.imported(keys[1] === "artifacts" ? "artifacts" : "parameters", keys[2] ?? "");
    const task = keys[0] === "tasks" ? this.outer.tasks.get(keys[1] ?? "") : undefined;
    if (task === undefined || this.tail.has(task)) return undefined;
    if (keys[2] === "status") return this.endOf(task);
    this.boundary.add(task);
    if (keys[3] === "artifacts") return this.importedArtifact(task, keys.slice(4));
    const values = this.values.get(task) ?? new Map<string, ExprNode>();
    this.values.set(task, values);
    const key = keys.slice(2).join(".");
    if (!values.has(key)) values.set(key, node);
    const position = [...values.keys()].indexOf(key);
    return index(call("fromJSON", path("inputs", "parameters", this.inputFor(`values ${task.name}`, `${task.name}-values`, "parameters"))), number(position));
  }

  /** An input of the template around, passed on. */
  imported(kind: "parameters" | "artifacts", wanted: string): ExprNode {
    const input = this.inputFor(`${kind} ${wanted}`, wanted, kind);
    if (kind === "parameters") this.part.parameters.set(input, path("inputs", kind, wanted));
    else {
      const { optional = false } = this.outer.artifacts.get(wanted) ?? {};
      this.inner.artifacts.set(input, { optional });
      this.part.artifacts.set(input, { from: path("inputs", kind, wanted), optional });
    }
    return path("inputs", kind, input);
  }

  importedArtifact(task: TaskDraft, keys: string[]): ExprNode {
    const [output = "", ...more] = keys;
    const input = this.inputFor(`artifact ${task.name} ${output}`, `${task.name}-${output}`, "artifacts");
    const optional = !this.strict.has(task);
    this.inner.artifacts.set(input, { optional });
    this.part.artifacts.set(input, { from: ofTask(task.name, "outputs", "artifacts", output), optional });
    return path("inputs", "artifacts", input, ...more);
  }

  inputFor(key: string, wanted: string, kind: "parameters" | "artifacts"): string {
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const input = freeName(wanted, new Set(this.inner[kind].keys()));
    this.names.set(key, input);
    this.inner[kind].set(input, { optional: false });
    return input;
  }

  /**
   * The arguments of the part. What a task gives that has not succeeded cannot be read in an argument: some versions wait
   * for it forever. So a task that is left out together with it carries the values.
   */
  passIn(): void {
    for (const [task, values] of this.values) {
      const input = this.inputFor(`values ${task.name}`, "", "parameters");
      const all = call("toJson", list([...values.values()]));
      if (this.strict.has(task)) {
        this.part.parameters.set(input, all);
        continue;
      }
      const carries = addTask(this.outer, `carry-${task.name}`, this.splitting.carry(), task.span);
      carries.parameters.set("value", all);
      require(carries, [{ task, results: ["Succeeded"] }]);
      require(this.part, [{ task: carries, results: everyEnd }]);
      this.part.parameters.set(input, binary("??", valueIfAny(carries, "outputs", "parameters", "value"), text("[]")));
    }
    for (const task of this.boundary) if (!this.strict.has(task)) require(this.part, [{ task, results: everyEnd }]);
    const input = this.names.get("ends");
    if (input !== undefined) this.part.parameters.set(input, call("toJson", map([...this.boundary].map((task) => [task.name, ofTask(task.name, "status")] as const))));
  }

  /** Outputs of the template around that read moved tasks read the part. */
  passOut(): void {
    const given = new Map<string, ExprNode>();
    changeRegion(this.outer, (value) =>
      replaced(value, (node) => {
        const keys = pathOf(node);
        const task = keys?.[0] === "tasks" ? this.inner.tasks.get(keys[1] ?? "") : undefined;
        if (keys === undefined || task === undefined || !this.tail.has(task)) return undefined;
        const key = keys.slice(1).join(".");
        const known = given.get(key);
        if (known !== undefined) return known;
        const kind = keys[3] === "artifacts" ? "artifacts" : "parameters";
        const output = freeName(`${task.name}-${keys[4] ?? keys.at(-1) ?? ""}`, new Set(this.inner.outputs.keys()));
        if (kind === "artifacts") this.inner.outputs.set(output, { kind: "artifact", from: node, optional: true });
        else this.inner.outputs.set(output, { kind: "parameter", value: keys[2] === "status" ? node : binary("??", valueIfAny(task, ...keys.slice(2)), absent), default: ABSENT });
        const missing = text(keys[2] === "status" ? "Omitted" : ABSENT);
        const read = kind === "parameters" && this.lifted.size > 0 ? binary("??", valueIfAny(this.part, "outputs", kind, output), missing) : ofTask(this.part.name, "outputs", kind, output);
        given.set(key, read);
        return read;
      }),
    );
  }

  /** A last task around the part that is left out, for the failure that is at fault, where the part left out tasks for it. */
  inheritFailures(): void {
    const before = [...this.boundary].filter((task) => !this.strict.has(task));
    const isTold = this.outer.parameters.has(failures);
    if (before.length === 0 && !isTold) return;
    this.inner.parameters.set(failures, { optional: false });
    this.part.parameters.set(failures, joined([...(isTold ? [path("inputs", "parameters", failures)] : []), failedTasks(this.outer, before, this.splitting)]));
    if (before.length === 0) return;
    this.inner.outputs.set(lost, { kind: "parameter", value: inheritedBy(this.inner, this.splitting), default: "false" });
    const calm = addTask(this.outer, "calm", this.splitting.nothing, this.outer.span);
    require(calm, [{ task: this.part, results: ["Succeeded"] }]);
    calm.when = [binary("==", ofTask(this.part.name, "outputs", "parameters", lost), text("false"))];
    const witness = addTask(this.outer, "witness", this.splitting.nothing, this.outer.span);
    require(witness, [{ task: calm, results: ["Succeeded"] }]);
    for (const task of before) require(witness, [{ task, results: everyEnd }]);
  }
}

/** How many tasks a part needs around it beside those that carry values. */
export const tasksAroundPart = 3;

/** A region that passes on one value. */
export function carrier(region: Region, nothing: Called): Region {
  const carry = newRegion(region.build, "carry", region.span);
  carry.parameters.set("value", { optional: false });
  addTask(carry, "nothing", nothing, region.span).when = [bool(false)];
  carry.outputs.set("value", { kind: "parameter", value: path("inputs", "parameters", "value"), default: ABSENT });
  return carry;
}

// ---------------------------------------------------------------------------------------------- gates

/** The conditions of the gates that a task needs: one for all that is known, one for each clause that has other alternatives. */
export function gatesOf(task: TaskDraft, { clauses }: Splitting): string[] {
  const own = clauses.get(task) ?? [];
  const whole = own.filter(({ alternatives }) => alternatives.length === 0).map(({ condition }) => printExpr(condition));
  return [...(whole.length === 0 ? [] : [whole.join(" && ")]), ...own.filter(({ alternatives }) => alternatives.length > 0).map(({ condition }) => printExpr(condition))];
}

/** Adds the tasks that succeed where tasks outside have ended as they must, and are skipped otherwise. */
export function addGates(region: Region, splitting: Splitting): void {
  const gates = new Map<string, TaskDraft>();
  const gate = (conditions: ExprNode[]): TaskDraft => {
    const key = conditions.map(printExpr).join(" && ");
    const known = gates.get(key) ?? addTask(region, "gate", splitting.nothing, region.span);
    known.when = conditions;
    gates.set(key, known);
    return known;
  };
  for (const task of [...region.tasks.values()]) {
    const clauses = splitting.clauses.get(task) ?? [];
    const whole = clauses.filter(({ alternatives }) => alternatives.length === 0);
    if (whole.length > 0) require(task, [{ task: gate(whole.map(({ condition }) => condition)), results: ["Succeeded"] }]);
    for (const { alternatives, condition } of clauses) if (alternatives.length > 0) require(task, [...alternatives, { task: gate([condition]), results: ["Succeeded"] }]);
  }
}

// ---------------------------------------------------------------------------------------------- failures

/** The tasks of a region in an order in which each comes after those that it waits for. */
export function inOrder(region: Region, splitting: Splitting): TaskDraft[] {
  const ordered = new Set<TaskDraft>();
  const add = (task: TaskDraft): void => {
    if (ordered.has(task)) return;
    for (const earlier of tasksBefore(task, splitting)) add(earlier);
    ordered.add(task);
  };
  for (const task of region.tasks.values()) add(task);
  return [...ordered];
}

export function tasksBefore(task: TaskDraft, { clauses }: Splitting): TaskDraft[] {
  return [...task.requirements, ...(clauses.get(task) ?? [])].flatMap(({ alternatives }) => alternatives.map(({ task: earlier }) => earlier));
}

/** The names of those of the tasks that failed, or were left out for a failure, each between commas. */
function failedTasks(region: Region, wanted: readonly TaskDraft[], splitting: Splitting): ExprNode {
  const needed = new Set<TaskDraft>();
  const need = (task: TaskDraft): void => {
    if (needed.has(task)) return;
    needed.add(task);
    tasksBefore(task, splitting).forEach(need);
  };
  wanted.forEach(need);
  const failed = new Map<TaskDraft, ExprNode>();
  const bindings: [string, ExprNode][] = [];
  for (const task of inOrder(region, splitting)) {
    if (!needed.has(task)) continue;
    const phase = ofTask(task.name, "status");
    const inherited = inheritedFrom(task, failed, splitting);
    const own = hasEnded(phase, ["Failed", "Errored"]);
    const variable = `f${bindings.length}`;
    bindings.push([variable, inherited === undefined ? own : binary("||", own, binary("&&", hasEnded(phase, ["Omitted"]), inherited))]);
    failed.set(task, name(variable));
  }
  return bound(bindings, joined(wanted.map((task) => choose(failed.get(task) ?? bug("a task without its failure"), text(`,${task.name},`), text("")))));
}

/** Whether a task of the region was left out for a failure outside: the text `true` or `false`. */
function inheritedBy(region: Region, splitting: Splitting): ExprNode {
  const inherited = new Map<TaskDraft, ExprNode>();
  const bindings: [string, ExprNode][] = [];
  const isLast = new Set(region.tasks.values());
  for (const task of inOrder(region, splitting)) {
    for (const earlier of tasksBefore(task, splitting)) isLast.delete(earlier);
    const cause = inheritedFrom(task, inherited, splitting);
    if (cause === undefined) continue;
    const variable = `f${bindings.length}`;
    bindings.push([variable, binary("&&", hasEnded(ofTask(task.name, "status"), ["Omitted"]), cause)]);
    inherited.set(task, name(variable));
  }
  return bound(bindings, choose(anyOf([...isLast].flatMap((task) => inherited.get(task) ?? [])), text("true"), text("false")));
}

/** Whether one of those that a task waits for has failed; undefined where that cannot be told here. */
function inheritedFrom(task: TaskDraft, known: ReadonlyMap<TaskDraft, ExprNode>, splitting: Splitting): ExprNode | undefined {
  const inside = tasksBefore(task, splitting).flatMap((earlier) => known.get(earlier) ?? []);
  const outside = (splitting.clauses.get(task) ?? []).flatMap((clause) => clause.outside).map((earlier) => binary("contains", path("inputs", "parameters", failures), text(`,${earlier},`)));
  const causes = [...inside, ...outside];
  return causes.length === 0 ? undefined : anyOf(causes);
}

function bound(bindings: readonly [string, ExprNode][], body: ExprNode): ExprNode {
  return bindings.reduceRight<ExprNode>((inner, [variable, value]) => ({ kind: "let", name: variable, value, body: inner, ...nowhere }), body);
}

// ---------------------------------------------------------------------------------------------- conditions

function keyOf({ alternatives }: Requirement): string {
  return alternatives.map(({ task, results }) => `${task.name}.${results.join("|")}`).sort().join(" || ");
}

function anyOf(conditions: readonly ExprNode[]): ExprNode {
  return conditions.reduceRight<ExprNode | undefined>((right, left) => (right === undefined ? left : binary("||", left, right)), undefined) ?? bool(false);
}

/** The phase of a node that counts as a result. */
const phases: Record<Result, string> = { Succeeded: "Succeeded", Failed: "Failed", Errored: "Error", Skipped: "Skipped", Omitted: "Omitted" };

function hasEnded(phase: ExprNode, results: readonly Result[]): ExprNode {
  if (results.length === everyEnd.length) return bool(true);
  const [only, ...more] = results;
  if (only !== undefined && more.length === 0) return binary("==", phase, text(phases[only]));
  return binary("in", phase, list(results.map((result) => text(phases[result]))));
}

/** The keys of a path, also of one that may end early. */
function pathOf(node: ExprNode): string[] | undefined {
  if (node.kind === "identifier") return [node.name];
  if (node.kind !== "member" || node.property.kind !== "string") return undefined;
  const keys = pathOf(node.object);
  return keys === undefined ? undefined : [...keys, node.property.value];
}

/** A value of a task, nil where there is none. */
function valueIfAny(task: TaskDraft, ...keys: string[]): ExprNode {
  const [first = "", ...more] = keys;
  return more.reduce<ExprNode>((object, key) => member(object, key, true), ofTask(task.name, first));
}
