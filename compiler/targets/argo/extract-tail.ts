/**
 * Moves the end of a DAG template into a template of its own that runs as one task of the rest, and changes nothing that a run
 * shows: the same tasks run and end alike, whatever fails. Two things make that hard. A task of the end may wait for the failure
 * of an earlier one, so it is told how that ended. And a task that is left out because an earlier one failed makes Argo
 * fail the DAG (its assessment of DAGs lets omitted tasks inherit failures), which it could not see across the border.
 */
import { bug } from "../../bug.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import { binary, bool, call, choose, index, joined, keysOf, member, name, ofTask, path, text } from "./expr-build.ts";
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

/** What splitting knows of tasks that it has added. */
export interface Splitting {
  /** A template that does nothing, and does it at once. */
  nothing: Called;
  /** A template that gives back the parameter `value` that it gets. */
  carry(): Called;
  /** Tasks of an outer template for which a gate stands. */
  standsFor: Map<TaskDraft, string[]>;
}

/** Moves tasks to which no other task of the region leads back. */
export function extractTail(region: Region, tail: ReadonlySet<TaskDraft>, splitting: Splitting): Region {
  const { task: part, region: inner } = addRegion(region, "part", region.span, `${region.wanted}-part`);
  const border = new Border(region, inner, part, tail, splitting);
  border.lift();
  for (const task of tail) border.move(task);
  border.passIn();
  border.passOut();
  if (region.parallelism !== undefined) {
    // The part has all places, so it begins when the tasks before it are done.
    inner.parallelism = region.parallelism;
    for (const task of region.tasks.values()) if (task !== part && !tail.has(task)) require(part, [{ task, results: everyEnd }]);
  }
  border.inheritFailures();
  return inner;
}

class Border {
  /** Earlier tasks of which the part must know something. */
  readonly boundary = new Set<TaskDraft>();
  /** Earlier tasks without whose success the part does not begin. */
  readonly strict = new Set<TaskDraft>();
  /** Conditions under which every task of the part runs: those of the part itself. */
  readonly lifted = new Set<string>();
  /** Texts of earlier tasks that the part reads: the trees that read them, by task. */
  readonly values = new Map<TaskDraft, Map<string, ExprNode>>();
  readonly gates = new Map<string, TaskDraft>();
  readonly inputs = new Map<string, ExprNode>();

  constructor(
    readonly outer: Region,
    readonly inner: Region,
    readonly part: TaskDraft,
    readonly tail: ReadonlySet<TaskDraft>,
    readonly splitting: Splitting,
  ) {}

  /** What every first task of the part waits for, the part waits for. */
  lift(): void {
    const isEarly = ({ alternatives }: Requirement): boolean => alternatives.every(({ task }) => !this.tail.has(task));
    const first = [...this.tail].filter((task) => task.requirements.every(isEarly));
    for (const requirement of first[0]?.requirements ?? []) {
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
    for (const task of inOrder(this.outer)) {
      if (!this.tail.has(task)) continue;
      if (!task.requirements.some((requirement) => keyOf(requirement) === key || isLeftOut(requirement))) return false;
      need.add(task);
    }
    return true;
  }

  move(task: TaskDraft): void {
    const requirements = task.requirements.filter((requirement) => !this.lifted.has(keyOf(requirement)));
    task.requirements = [];
    const early: Requirement[] = [];
    for (const { alternatives } of requirements) {
      const before = alternatives.filter((alternative) => !this.tail.has(alternative.task));
      const beside = alternatives.filter((alternative) => this.tail.has(alternative.task));
      if (beside.length === 0) early.push({ alternatives: before });
      else require(task, before.length === 0 ? beside : [...beside, { task: this.gate([{ alternatives: before }]), results: ["Succeeded"] }]);
    }
    if (early.length > 0) require(task, [{ task: this.gate(early), results: ["Succeeded"] }]);
    this.outer.tasks.delete(task.name);
    task.region = this.inner;
    this.inner.tasks.set(task.name, task);
    changeTask(task, (value) => replaced(value, (node) => this.fromInside(node)));
  }

  /** A task of the part that succeeds where earlier tasks have ended as they must, and is skipped otherwise. */
  gate(requirements: Requirement[]): TaskDraft {
    const key = requirements.map(keyOf).join(" && ");
    const known = this.gates.get(key);
    if (known !== undefined) return known;
    const gate = addTask(this.inner, "gate", this.splitting.nothing, this.outer.span);
    this.gates.set(key, gate);
    const tasks = requirements.flatMap(({ alternatives }) => alternatives.map(({ task }) => task));
    for (const task of tasks) this.boundary.add(task);
    this.splitting.standsFor.set(gate, tasks.map((task) => task.name));
    gate.when = requirements.map(({ alternatives }) => anyOf(alternatives.map(({ task, results }) => hasEnded(this.endOf(task), results))));
    return gate;
  }

  /** How an earlier task ended, as tasks of the part read it. */
  endOf(task: TaskDraft): ExprNode {
    return index(call("fromJSON", path("inputs", "parameters", ends)), text(task.name));
  }

  /** What an expression of a moved task is in the part. */
  fromInside(node: ExprNode): ExprNode | undefined {
    const keys = keysOf(node);
    if (keys === undefined) return undefined;
    if (keys[0] === "inputs" && keys.length === 3) return this.imported(keys[1] as "parameters" | "artifacts", keys[2] ?? "");
    const task = keys[0] === "tasks" ? this.outer.tasks.get(keys[1] ?? "") : undefined;
    if (task === undefined || this.tail.has(task)) return undefined;
    this.boundary.add(task);
    if (keys[2] === "status") return this.endOf(task);
    if (keys[3] === "artifacts") return this.importedArtifact(task, keys.slice(4));
    const values = this.values.get(task) ?? new Map<string, ExprNode>();
    this.values.set(task, values);
    const key = keys.slice(2).join(".");
    values.set(key, node);
    return index(call("fromJSON", path("inputs", "parameters", this.inputFor(`values ${task.name}`, `${task.name}-values`, "parameters"))), text(key));
  }

  /** An input of the template around, passed on. */
  imported(kind: "parameters" | "artifacts", wanted: string): ExprNode {
    const known = this.inputs.get(`${kind} ${wanted}`);
    if (known !== undefined) return known;
    const input = this.inputFor(`${kind} ${wanted}`, wanted, kind);
    const own = path("inputs", kind, input);
    this.inputs.set(`${kind} ${wanted}`, own);
    if (kind === "parameters") this.part.parameters.set(input, path("inputs", kind, wanted));
    else {
      const { optional = false } = this.outer.artifacts.get(wanted) ?? {};
      this.inner.artifacts.set(input, { optional });
      this.part.artifacts.set(input, { from: path("inputs", kind, wanted), optional });
    }
    return own;
  }

  importedArtifact(task: TaskDraft, keys: string[]): ExprNode {
    const [output = "", ...more] = keys;
    const input = this.inputFor(`artifact ${task.name} ${output}`, `${task.name}-${output}`, "artifacts");
    const optional = !this.strict.has(task);
    this.inner.artifacts.set(input, { optional });
    this.part.artifacts.set(input, { from: ofTask(task.name, "outputs", "artifacts", output), optional });
    return path("inputs", "artifacts", input, ...more);
  }

  readonly names = new Map<string, string>();

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
      const all = call("toJson", { kind: "map", entries: [...values].map(([key, value]) => ({ key: text(key), value })), ...nowhere });
      if (this.strict.has(task)) {
        this.part.parameters.set(input, all);
        continue;
      }
      const carrier = addTask(this.outer, `carry-${task.name}`, this.splitting.carry(), task.span);
      carrier.parameters.set("value", all);
      require(carrier, [{ task, results: ["Succeeded"] }]);
      require(this.part, [{ task: carrier, results: everyEnd }]);
      this.part.parameters.set(input, binary("??", valueIfAny(carrier, "outputs", "parameters", "value"), text("{}")));
      this.inner.parameters.set(input, { optional: false });
    }
    for (const task of this.boundary) if (!this.strict.has(task)) require(this.part, [{ task, results: everyEnd }]);
    if (this.boundary.size === 0) return;
    this.inner.parameters.set(ends, { optional: false });
    this.part.parameters.set(ends, call("toJson", { kind: "map", entries: [...this.boundary].map((task) => ({ key: text(task.name), value: ofTask(task.name, "status") })), ...nowhere }));
  }

  /** Outputs of the template around that read moved tasks read the part. */
  passOut(): void {
    const given = new Map<string, ExprNode>();
    changeRegion(this.outer, (value) =>
      replaced(value, (node) => {
        const keys = keysOf(node);
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
    if (before.length === 0) return;
    const blamed = failedTasks(this.outer, before, this.splitting);
    this.inner.parameters.set(failures, { optional: false });
    this.part.parameters.set(failures, blamed);
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
  return binary("in", phase, { kind: "array", items: results.map((result) => text(phases[result])), ...nowhere });
}

/** A value of a task, nil where there is none. */
function valueIfAny(task: TaskDraft, ...keys: string[]): ExprNode {
  return keys.reduce<ExprNode>((object, key) => member(object, key, true), index(name("tasks"), text(task.name)));
}

// ---------------------------------------------------------------------------------------------- failures

/** The tasks of a region in an order in which each comes after those that it waits for. */
export function inOrder(region: Region): TaskDraft[] {
  const ordered = new Set<TaskDraft>();
  const add = (task: TaskDraft): void => {
    if (ordered.has(task)) return;
    for (const earlier of tasksBefore(task)) add(earlier);
    ordered.add(task);
  };
  for (const task of region.tasks.values()) add(task);
  return [...ordered];
}

export function tasksBefore(task: TaskDraft): TaskDraft[] {
  return task.requirements.flatMap(({ alternatives }) => alternatives.map(({ task: earlier }) => earlier));
}

/** The names of those of the tasks that failed, or were left out for a failure, each between commas. */
function failedTasks(region: Region, wanted: readonly TaskDraft[], splitting: Splitting): ExprNode {
  const needed = new Set<TaskDraft>();
  const need = (task: TaskDraft): void => {
    if (needed.has(task)) return;
    needed.add(task);
    tasksBefore(task).forEach(need);
  };
  wanted.forEach(need);
  const failed = new Map<TaskDraft, ExprNode>();
  const bindings: [string, ExprNode][] = [];
  for (const task of inOrder(region)) {
    if (!needed.has(task)) continue;
    const phase = ofTask(task.name, "status");
    const inherited = inheritedFrom(task, failed, splitting);
    const own = hasEnded(phase, ["Failed", "Errored"]);
    bindings.push([`f${bindings.length}`, inherited === undefined ? own : binary("||", own, binary("&&", hasEnded(phase, ["Omitted"]), inherited))]);
    failed.set(task, name(bindings.at(-1)?.[0] ?? ""));
  }
  return bound(bindings, joined(wanted.map((task) => choose(failed.get(task) ?? bug("a task without its failure"), text(`,${task.name},`), text("")))));
}

/** Whether a task of the region was left out for a failure outside: the text `true` or `false`. */
function inheritedBy(region: Region, splitting: Splitting): ExprNode {
  const inherited = new Map<TaskDraft, ExprNode>();
  const bindings: [string, ExprNode][] = [];
  const isLast = new Set(region.tasks.values());
  for (const task of inOrder(region)) {
    for (const earlier of tasksBefore(task)) isLast.delete(earlier);
    const cause = inheritedFrom(task, inherited, splitting);
    if (cause === undefined) continue;
    bindings.push([`f${bindings.length}`, binary("&&", hasEnded(ofTask(task.name, "status"), ["Omitted"]), cause)]);
    inherited.set(task, name(bindings.at(-1)?.[0] ?? ""));
  }
  return bound(bindings, choose(anyOf([...isLast].flatMap((task) => inherited.get(task) ?? [])), text("true"), text("false")));
}

/** Whether one of those that a task waits for has failed; undefined where that cannot be told here. */
function inheritedFrom(task: TaskDraft, known: ReadonlyMap<TaskDraft, ExprNode>, splitting: Splitting): ExprNode | undefined {
  const causes = tasksBefore(task).flatMap((earlier) => {
    const own = known.get(earlier);
    const outside = (splitting.standsFor.get(earlier) ?? []).map((outer) => binary("contains", path("inputs", "parameters", failures), text(`,${outer},`)));
    return [...(own === undefined ? [] : [own]), ...outside];
  });
  return causes.length === 0 ? undefined : anyOf(causes);
}

function bound(bindings: readonly [string, ExprNode][], body: ExprNode): ExprNode {
  return bindings.reduceRight<ExprNode>((inner, [variable, value]) => ({ kind: "let", name: variable, value, body: inner, ...nowhere }), body);
}
