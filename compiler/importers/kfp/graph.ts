/** From the tasks of a DAG to the nodes of a block. */
import { bug } from "../../bug.ts";
import { printCel, type Cel } from "../../expressions/cel.ts";
import { nodesOf } from "../../ir/traverse.ts";
import type { Arm, Block, Branch, Expression, Json, Loop, Node, Select, Task, Try, ValueType } from "../../ir/types.ts";
import { conditionOf, parseCondition } from "./cel.ts";
import { separate } from "./components.ts";
import { raiseCall, raiseContainer, raiseImporter } from "./tasks.ts";
import { camelCase } from "./identifiers.ts";
import { groupNumber, rolesOf, type TaskRole } from "./groups.ts";
import { inOrder, type Orderable } from "./order.ts";
import { producersOf, upstreamOf } from "./producers.ts";
import { componentOf, report, type DagScope, type PipelineScope, type RaisedTask, type Raising, type TaskPlace } from "./raising.ts";
import type { DagOutputArtifactSpec, DagOutputParameterSpec } from "./spec.ts";
import { artifactType, parameterType, refineItems } from "./types.ts";
import { artifactValue, parameterValue } from "./values.ts";

/** Raises every task of a DAG. What they give is in `dag.tasks` afterwards. */
export function raiseDag(dag: DagScope): Block {
  const places = placesOf(dag);
  const roles = rolesOf(dag.pipeline.raising, places);
  const exits = new Set<string>();
  for (const role of roles.values()) if (role.kind === "body" && role.exit !== undefined) exits.add(role.exit);
  const entries: { node: Node; place: TaskPlace; needs: Set<string> }[] = [];
  for (const place of byNeed(places)) {
    const role = roles.get(place.key);
    if (role === undefined || exits.has(place.key)) continue;
    const node = raiseTask(dag, place, role);
    const needs = upstreamOf(place.spec);
    const exit = role.kind === "body" && role.exit !== undefined ? places.get(role.exit) : undefined;
    if (exit !== undefined && node.kind === "try") {
      node.finally = { nodes: [raiseExit(dag, exit, roles.get(exit.key))] };
      for (const key of producersOf(exit.spec)) if (key !== place.key) needs.add(key);
    }
    orderAfter(dag, node, place);
    entries.push({ node, place, needs });
  }
  const indexes = new Map(entries.map(({ place }, index) => [place.key, index]));
  const orderable = entries.map(({ node, place, needs }): Orderable<Node> => ({
    item: node,
    needs: new Set([...needs].flatMap((key) => indexes.get(key) ?? [])),
    number: groupNumber(place.key),
    firstCalls: firstCallsIn(dag.pipeline, node),
  }));
  return { nodes: inOrder(orderable) };
}

function placesOf(dag: DagScope): Map<string, TaskPlace> {
  const places = new Map<string, TaskPlace>();
  for (const [key, spec] of Object.entries(dag.spec.dag?.tasks ?? {})) {
    const componentName = spec.componentRef?.name ?? "";
    places.set(key, { key, spec, componentName, component: componentOf(dag.pipeline.raising, componentName) ?? {}, path: [...dag.path, "dag", "tasks", key] });
  }
  return places;
}

/** Producers before consumers, otherwise as in the file. A cycle has been reported by the reader. */
function byNeed(places: ReadonlyMap<string, TaskPlace>): TaskPlace[] {
  const sorted = new Set<TaskPlace>();
  const entered = new Set<string>();
  const visit = (place: TaskPlace): void => {
    if (entered.has(place.key)) return;
    entered.add(place.key);
    for (const key of upstreamOf(place.spec)) {
      const producer = places.get(key);
      if (producer !== undefined) visit(producer);
    }
    sorted.add(place);
  };
  for (const place of places.values()) visit(place);
  return [...sorted];
}

function raiseTask(dag: DagScope, place: TaskPlace, role: TaskRole): Node {
  switch (role.kind) {
    case "container":
    case "importer": {
      const raise = role.kind === "container" ? raiseContainer : raiseImporter;
      return place.spec.parameterIterator === undefined && place.spec.artifactIterator === undefined ? raise(dag, place) : raiseRepeated(dag, place, raise);
    }
    case "call":
      return raiseCall(dag, place);
    case "loop":
      return raiseLoop(dag, place);
    case "condition":
      return raiseBranch(dag, place, [{ place, dag: innerDag(dag, place, inputsOf(dag, place)) }], undefined);
    case "branches":
      return raiseBranches(dag, place, role.arms) ?? raiseCall(dag, place);
    case "body":
      return raiseBody(dag, place);
  }
}

/** The values that a task gives to the inputs of its component. */
export function inputsOf(dag: DagScope, place: TaskPlace): Map<string, Expression> {
  const inputs = new Map<string, Expression>();
  const { parameters } = place.component.inputDefinitions ?? {};
  for (const [name, source] of Object.entries(place.spec.inputs?.parameters ?? {})) {
    const value = parameterValue(dag, place, source, parameterType(parameters?.[name]?.parameterType), [...place.path, "inputs", "parameters", name]);
    if (value !== undefined) inputs.set(name, value);
  }
  for (const [name, source] of Object.entries(place.spec.inputs?.artifacts ?? {})) {
    const value = artifactValue(dag, source);
    if (value !== undefined) inputs.set(name, value);
  }
  return inputs;
}

function innerDag(dag: DagScope, place: TaskPlace, inputs: Map<string, Expression>): DagScope {
  return { pipeline: dag.pipeline, spec: place.component, path: ["components", place.componentName], inputs, tasks: new Map() };
}

function displayNameOf({ spec, key }: TaskPlace): { displayName?: string } {
  const name = spec.taskInfo?.name;
  return name === undefined || name === key ? {} : { displayName: name };
}

function regionId(pipeline: PipelineScope, kind: keyof PipelineScope["regions"]): string {
  pipeline.regions[kind] += 1;
  return `${kind}-${pipeline.regions[kind]}`;
}

/** The value that a DAG gives as one of its outputs: of several tasks that may give it, the first that does. */
export function dagOutput(dag: DagScope, name: string, artifact: boolean): Expression | undefined {
  const outputs = dag.spec.dag?.outputs;
  const selectors = artifact ? artifactSelectors(outputs?.artifacts?.[name]) : parameterSelectors(outputs?.parameters?.[name]);
  const values = selectors.flatMap(({ task, output }) => dag.tasks.get(task)?.output(output, artifact) ?? []);
  return values.reduceRight<Expression | undefined>((fallback, value) => (fallback === undefined ? value : { kind: "coalesce", value, fallback, type: value.type, span: value.span }), undefined);
}

// ---------------------------------------------------------------------------------------------- loops

function raiseLoop(dag: DagScope, place: TaskPlace): Loop {
  const inputs = inputsOf(dag, place);
  const { loop, itemInput } = openLoop(dag, place, inputs);
  loop.itemName = itemName(itemInput);
  Object.assign(loop, displayNameOf(place));
  inputs.set(itemInput, itemOf(loop));
  const inner = innerDag(dag, place, inputs);
  loop.body = raiseDag(inner);
  dag.tasks.set(place.key, region(place.key, loop.id, (name, artifact) => {
    const value = dagOutput(inner, name, artifact);
    return value === undefined ? undefined : collected(loop, value);
  }));
  return loop;
}

/** A container or importer that is itself a loop, without a group around it. */
function raiseRepeated(dag: DagScope, place: TaskPlace, raise: typeof raiseContainer): Loop {
  report(dag.pipeline.raising, "HMC7035", place.path, { task: place.key });
  const { parameterIterator: _, artifactIterator, iteratorPolicy: __, ...spec } = place.spec;
  const { loop, itemInput } = openLoop(dag, place, inputsOf(dag, place));
  // The item comes in as an input of the DAG does.
  const inner: DagScope = { ...dag, inputs: new Map(dag.inputs).set(loop.id, itemOf(loop)), tasks: new Map(dag.tasks) };
  const given = artifactIterator === undefined
    ? { ...spec.inputs, parameters: { ...spec.inputs?.parameters, [itemInput]: { componentInputParameter: loop.id } } }
    : { ...spec.inputs, artifacts: { ...spec.inputs?.artifacts, [itemInput]: { componentInputArtifact: loop.id } } };
  loop.body.nodes.push(raise(inner, { ...place, spec: { ...spec, inputs: given } }));
  dag.tasks.set(place.key, region(place.key, loop.id, (name, artifact) => {
    const value = inner.tasks.get(place.key)?.output(name, artifact);
    return value === undefined ? undefined : collected(loop, value);
  }));
  return loop;
}

/** The loop that a task is, with nothing in it, and the input of its component that gets the items. */
function openLoop(dag: DagScope, place: TaskPlace, inputs: ReadonlyMap<string, Expression>): { loop: Loop; itemInput: string } {
  const { raising } = dag.pipeline;
  const { parameterIterator, artifactIterator, iteratorPolicy } = place.spec;
  const { parameters, artifacts } = place.component.inputDefinitions ?? {};
  const itemInput = parameterIterator?.itemInput ?? artifactIterator?.itemInput ?? "";
  const itemType: ValueType = artifactIterator === undefined ? parameterType(parameters?.[itemInput]?.parameterType) : artifactType(artifacts?.[itemInput]?.artifactType);
  const items = itemsOf(dag, place, inputs, itemType);
  refineList(raising, items, itemType);
  const loop: Loop = {
    kind: "loop",
    id: regionId(dag.pipeline, "for"),
    items,
    itemName: "item",
    itemType,
    ...(iteratorPolicy?.parallelismLimit === undefined ? {} : { parallelism: iteratorPolicy.parallelismLimit }),
    body: { nodes: [] },
    span: raising.file.locate(place.path),
  };
  return { loop, itemInput };
}

function itemOf({ id, itemType, span }: Loop): Expression {
  return { kind: "item", loop: id, type: itemType, span };
}

function itemsOf(dag: DagScope, place: TaskPlace, inputs: ReadonlyMap<string, Expression>, itemType: ValueType): Expression {
  const { raising } = dag.pipeline;
  const { parameterIterator, artifactIterator } = place.spec;
  const path = [...place.path, parameterIterator === undefined ? "artifactIterator" : "parameterIterator", "items"];
  const span = raising.file.locate(path);
  const name = parameterIterator?.items?.inputParameter ?? artifactIterator?.items?.inputArtifact;
  if (name !== undefined) {
    const list = inputs.get(name);
    if (list !== undefined) return list;
    report(raising, "HMC7032", path, { task: place.key, input: name });
  }
  const raw = parameterIterator?.items?.raw;
  return { kind: "constant", value: raw === undefined ? [] : (JSON.parse(raw) as Json), type: { kind: "list", items: itemType.kind === "artifact" ? { kind: "json" } : itemType }, span };
}

/** What a loop tells of the list that it runs over: the type of its items; of a field, that it is a list at all. */
function refineList(raising: Raising, items: Expression, itemType: ValueType): void {
  if (itemType.kind === "artifact") return;
  if (items.kind === "output" && items.type.kind === "list" && items.type.items.kind !== "json" && items.type.items.kind !== itemType.kind) separate(raising, items);
  const isMixed = items.type.kind === "list" && raising.mixed.has(items.type);
  if (items.type.kind === "list" && !(isMixed && itemType.kind === "string")) refineItems(items.type, itemType);
  // Whoever reads the same field sees it, too.
  if (items.kind === "member" && items.type.kind === "string") Object.assign(items.type, { kind: "list", items: itemType });
}

/** What the items may be called: the singular of the list, as far as the SDK's name of the input tells it. */
function itemName(itemInput: string): string {
  const list = /^pipelinechannel--(.+)-loop-item$/.exec(itemInput)?.[1];
  const last = list?.split(/-subvar-|-/).at(-1) ?? "";
  if (last === "" || last === "Output" || /^\d/.test(last)) return "item";
  const name = camelCase(last);
  return name.endsWith("ies") ? `${name.slice(0, -3)}y` : name.endsWith("s") && name.length > 2 ? name.slice(0, -1) : `${name}Item`;
}

/** Results of all iterations; of nested loops the back end makes one flat list (kfp-real 5). */
function collected(loop: Loop, value: Expression): Expression {
  const span = loop.span;
  const type: ValueType = value.type.kind === "artifact" ? { ...value.type, list: true } : { kind: "list", items: value.type };
  const collect: Expression = { kind: "collect", loop: loop.id, value, type, span };
  const isList = value.kind === "collect" || (value.kind === "call" && value.function === "flat");
  return isList ? { kind: "call", function: "flat", arguments: [collect], type: value.type, span } : collect;
}

// ---------------------------------------------------------------------------------------------- conditions

interface ArmPlace {
  place: TaskPlace;
  dag: DagScope;
}

/** A wrapper with its arms; undefined where its conditions do not exclude each other as those of `if … else` do. */
function raiseBranches(dag: DagScope, place: TaskPlace, armKeys: readonly string[]): Branch | undefined {
  const wrapper = innerDag(dag, place, inputsOf(dag, place));
  const places = placesOf(wrapper);
  const arms = armKeys.flatMap((key): ArmPlace[] => {
    const arm = places.get(key);
    return arm === undefined || (arm.spec.dependentTasks ?? []).length > 0 ? [] : [{ place: arm, dag: innerDag(wrapper, arm, inputsOf(wrapper, arm)) }];
  });
  return arms.length === armKeys.length && ownConditions(dag, arms) !== undefined ? raiseBranch(dag, place, arms, wrapper) : undefined;
}

/** Each arm's own condition, without the negation of those before it; undefined as the condition of an `else`. */
function ownConditions(dag: DagScope, arms: readonly ArmPlace[]): (Cel | string | undefined)[] | undefined {
  const own: (Cel | string | undefined)[] = [];
  for (const { place } of arms) {
    const text = place.spec.triggerPolicy?.condition ?? "";
    const cel = parseCondition(text);
    if (cel === undefined) return arms.length === 1 ? [text] : undefined;
    const parts = conjuncts(cel);
    const negated = parts.slice(0, own.length);
    const isNegation = (part: Cel | undefined, index: number): boolean => {
      const before = own[index];
      return part?.kind === "not" && typeof before === "object" && printCel(part.operand) === printCel(before);
    };
    if (negated.length < own.length || !negated.every(isNegation)) return undefined;
    const [first, ...more] = parts.slice(own.length);
    if (first === undefined && own.length === 0) return undefined;
    own.push(first === undefined ? undefined : more.reduce<Cel>((left, right) => ({ kind: "binary", operator: "&&", left, right }), first));
  }
  return own.slice(0, -1).includes(undefined) ? undefined : own;
}

function conjuncts(cel: Cel): Cel[] {
  return cel.kind === "binary" && cel.operator === "&&" ? [...conjuncts(cel.left), ...conjuncts(cel.right)] : [cel];
}

/** @param wrapper the DAG that holds the arms, where they are several */
function raiseBranch(dag: DagScope, place: TaskPlace, armPlaces: readonly ArmPlace[], wrapper: DagScope | undefined): Branch {
  const { raising } = dag.pipeline;
  const span = raising.file.locate(place.path);
  const conditions = ownConditions(dag, armPlaces) ?? [];
  const branch: Branch = { kind: "branch", id: regionId(dag.pipeline, "if"), arms: [], selects: [], hasElse: false, span };
  if (wrapper !== undefined) Object.assign(branch, displayNameOf(place));
  for (const [index, arm] of armPlaces.entries()) {
    const own = conditions[index];
    const path = [...arm.place.path, "triggerPolicy", "condition"];
    const raisedArm: Arm = {
      ...(own === undefined ? {} : { condition: conditionOf(raising, own, arm.dag.inputs, path) }),
      ...displayNameOf(arm.place),
      block: raiseDag(arm.dag),
      span: raising.file.locate(arm.place.path),
    };
    branch.arms.push(raisedArm);
    if (own === undefined) branch.hasElse = true;
    wrapper?.tasks.set(arm.place.key, region(arm.place.key, branch.id, (name, artifact) => dagOutput(arm.dag, name, artifact)));
  }
  if (!branch.hasElse) branch.arms.push({ block: { nodes: [] }, span });
  const selects = new Map<string, Expression>();
  dag.tasks.set(place.key, region(place.key, branch.id, (name, artifact) => {
    const key = `${artifact ? "artifact" : "parameter"} ${name}`;
    const known = selects.get(key);
    if (known !== undefined) return known;
    const values = armPlaces.map((arm) => (wrapper === undefined ? dagOutput(arm.dag, name, artifact) : armOutput(wrapper, arm, name, artifact)));
    const select = selectOf(branch, name, values, span);
    if (select !== undefined) selects.set(key, select);
    return select;
  }));
  return branch;
}

/** What an arm gives as an output of the wrapper. */
function armOutput(wrapper: DagScope, arm: ArmPlace, name: string, artifact: boolean): Expression | undefined {
  const outputs = wrapper.spec.dag?.outputs;
  const selectors = artifact ? artifactSelectors(outputs?.artifacts?.[name]) : parameterSelectors(outputs?.parameters?.[name]);
  const found = selectors.find(({ task }) => task === arm.place.key);
  return found === undefined ? undefined : dagOutput(arm.dag, found.output, artifact);
}

function artifactSelectors(output: DagOutputArtifactSpec | undefined): { task: string; output: string }[] {
  return (output?.artifactSelectors ?? []).map(({ producerSubtask = "", outputArtifactKey = "" }) => ({ task: producerSubtask, output: outputArtifactKey }));
}

function parameterSelectors(output: DagOutputParameterSpec | undefined): { task: string; output: string }[] {
  const selectors = output?.valueFromOneof?.parameterSelectors ?? (output?.valueFromParameter === undefined ? [] : [output.valueFromParameter]);
  return selectors.map(({ producerSubtask = "", outputParameterKey = "" }) => ({ task: producerSubtask, output: outputParameterKey }));
}

function selectOf(branch: Branch, output: string, given: (Expression | undefined)[], span: Branch["span"]): Expression | undefined {
  const type = given.find((value) => value !== undefined)?.type;
  if (type === undefined) return undefined;
  const values = branch.arms.map((_, index): Expression => given[index] ?? { kind: "absent", type, span });
  const name = selectName(branch, output, values);
  const select: Select = { name, type, values, span };
  branch.selects.push(select);
  return { kind: "select", branch: branch.id, name, type, span };
}

/** Named after what the arms give: the output, or the task where the output says nothing. */
function selectName(branch: Branch, output: string, values: readonly Expression[]): string {
  const first = values.find((value) => value.kind === "output");
  const base = first?.kind === "output" ? (first.output === "Output" ? "result" : first.output) : output.replace(/^pipelinechannel--/, "");
  let name = base;
  for (let count = 2; branch.selects.some((select) => select.name === name); count++) name = `${base}${count}`;
  return name;
}

// ---------------------------------------------------------------------------------------------- try

function raiseBody(dag: DagScope, place: TaskPlace): Try {
  const inner = innerDag(dag, place, inputsOf(dag, place));
  const span = dag.pipeline.raising.file.locate(place.path);
  const node: Try = { kind: "try", id: regionId(dag.pipeline, "try"), ...displayNameOf(place), body: raiseDag(inner), span };
  dag.tasks.set(place.key, {
    ...region(place.key, node.id, (name, artifact) => dagOutput(inner, name, artifact)),
    status: (type, at) => ({ kind: "status", try: node.id, type, span: at }),
  });
  return node;
}

/** The task of `finally`: it waits for the body in any case. */
function raiseExit(dag: DagScope, place: TaskPlace, role: TaskRole | undefined): Node {
  const { dependentTasks: _, triggerPolicy: __, ...spec } = place.spec;
  return raiseTask(dag, { ...place, spec }, role ?? { kind: "container" });
}

function region(key: string, id: string, output: RaisedTask["output"]): RaisedTask {
  return { key, id, output, status: (type, span) => ({ kind: "taskStatus", task: id, type, span }) };
}

// ---------------------------------------------------------------------------------------------- order

/** Edges beyond those of data. A group has none of its own: its first task has them. */
function orderAfter(dag: DagScope, node: Node, place: TaskPlace): void {
  const producers = producersOf(place.spec);
  const extra = (place.spec.dependentTasks ?? []).filter((key) => !producers.has(key)).flatMap((key) => dag.tasks.get(key)?.id ?? []);
  if (extra.length === 0) return;
  const first: Task = [...nodesOf({ nodes: [node] })].find((inner) => inner.kind === "task") ?? bug(`there is no task in "${place.key}"`);
  for (const id of extra) if (!first.after.includes(id)) first.after.push(id);
}

/** The first call inside a node of each thing that is called. */
function firstCallsIn(pipeline: PipelineScope, node: Node): Map<string, number> {
  const calls = new Map<string, number>();
  for (const task of nodesOf({ nodes: [node] })) {
    if (task.kind !== "task") continue;
    const key = pipeline.keys.get(task.id) ?? task.id;
    const { id } = task.target;
    const count = key === id ? "1" : key.startsWith(`${id}-`) ? key.slice(id.length + 1) : /-(\d+)$/.exec(key)?.[1];
    if (count !== undefined && /^\d+$/.test(count)) calls.set(id, Math.min(calls.get(id) ?? Number.POSITIVE_INFINITY, Number(count)));
  }
  return calls;
}
