/** Ops and containers of two programs: which is which, and what has changed in them. An importer is part of its task. */
import { describeType } from "../ir/describe.ts";
import type { Component, Document } from "../ir/types.ts";
import { canonicalJson } from "./canonical.ts";
import type { Change } from "./change.ts";
import { pairing, type Pairing } from "./pairing.ts";
import type { Program } from "./side.ts";
import { typeKey } from "./type-key.ts";

/** The components of two programs by id: those of the same id and kind, then those that are the same but for their name. */
export function matchComponents(before: Program, after: Program): Pairing {
  const pairs = pairing();
  const isShared = ({ kind }: Component): boolean => kind !== "importer";
  for (const [id, component] of Object.entries(before.document.components)) {
    if (isShared(component) && after.document.components[id]?.kind === component.kind) pairs.add(id, id);
  }
  const left = Object.values(before.document.components).filter((component) => isShared(component) && !pairs.hasBefore(component.id));
  const right = Object.values(after.document.components).filter((component) => isShared(component) && !pairs.hasAfter(component.id));
  const identity = (component: Component, { code }: Program) => canonicalJson([component.kind, interfaceOf(component), programOf(component), code?.get(component.id) ?? null]);
  pairs.addUnique(left, right, (component) => identity(component, before), (component) => identity(component, after));
  // Without sources on both sides, the code of an op says nothing: its interface must do.
  if (before.code === undefined || after.code === undefined) {
    const shape = (component: Component) => canonicalJson([component.kind, interfaceOf(component), component.kind === "container" ? programOf(component) : null]);
    pairs.addUnique(left.filter(({ id }) => !pairs.hasBefore(id)), right.filter(({ id }) => !pairs.hasAfter(id)), shape, shape);
  }
  return pairs;
}

/** What goes in and out, without descriptions. */
function interfaceOf({ inputs, outputs }: Component): unknown {
  return {
    inputs: Object.entries(inputs).map(([name, input]) => [name, typeKey(input.type), input.optional, input.default ?? null]).sort(byName),
    outputs: Object.entries(outputs).map(([name, { type, metadata }]) => [name, typeKey(type), metadata ?? {}]).sort(byName),
  };
}

function byName([a]: unknown[], [b]: unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

/** What a component runs, as far as the document says it. */
function programOf(component: Component): unknown {
  switch (component.kind) {
    case "op":
      return component.passthroughs ?? [];
    case "container": {
      const { command, args, env, script, stdout, files, defaults, template, outputsFrom, passthroughs } = component;
      return { command, args, env, script, stdout, files, defaults, template, outputsFrom, passthroughs };
    }
    case "importer":
      return {};
  }
}

/** The changes of the components that tasks of both documents use. */
export function componentChanges(before: Program, after: Program, pairs: Pairing): Change[] {
  return [...pairs.entries()].flatMap(([first, second]) => {
    const [from, to] = [before.document.components[first], after.document.components[second]];
    if (from === undefined || to === undefined) return [];
    const changes: Change[] = [];
    if (first !== second) changes.push({ subject: "component", action: "renamed", component: second, before: first, after: second });
    changes.push(...members("input", to.id, inputsOf(from), inputsOf(to)), ...members("output", to.id, outputsOf(from), outputsOf(to)));
    if (hasOtherProgram(before.document, after.document, first, second)) changes.push({ subject: "command", action: "changed", component: second });
    if (hasOtherCode(before, after, first, second)) changes.push({ subject: "code", action: "changed", component: second });
    return changes;
  });
}

/** Whether the code of an op is known on both sides, and not the same. */
export function hasOtherCode(before: Program, after: Program, first: string, second: string): boolean {
  const [from, to] = [before.code?.get(first), after.code?.get(second)];
  return from !== undefined && to !== undefined && from !== to;
}

/** Whether another command makes the component another program. */
export function hasOtherProgram(before: Document, after: Document, first: string, second: string): boolean {
  const [from, to] = [before.components[first], after.components[second]];
  return from !== undefined && to !== undefined && canonicalJson(programOf(from)) !== canonicalJson(programOf(to));
}

/** Whether a task of the component gives other outputs, by their names, types and metadata. */
export function hasOtherOutputs(before: Document, after: Document, first: string, second: string): boolean {
  const key = ({ outputs }: Component) => canonicalJson((interfaceOf({ outputs, inputs: {} } as Component)));
  const [from, to] = [before.components[first], after.components[second]];
  return from !== undefined && to !== undefined && key(from) !== key(to);
}

interface Member {
  key: string;
  text: string;
}

function inputsOf({ inputs }: Component): Map<string, Member> {
  return new Map(Object.entries(inputs).map(([name, { type, optional, default: fallback }]) => {
    const text = `${describeType(type)}${fallback === undefined ? "" : ` = ${JSON.stringify(fallback)}`}${optional && fallback === undefined ? ", optional" : ""}`;
    return [name, { key: canonicalJson([typeKey(type), optional, fallback ?? null]), text }];
  }));
}

function outputsOf({ outputs }: Component): Map<string, Member> {
  return new Map(Object.entries(outputs).map(([name, { type, metadata }]) => {
    const text = `${describeType(type)}${metadata === undefined ? "" : `, metadata ${JSON.stringify(metadata)}`}`;
    return [name, { key: canonicalJson([typeKey(type), metadata ?? {}]), text }];
  }));
}

function members(subject: "input" | "output", component: string, before: Map<string, Member>, after: Map<string, Member>): Change[] {
  const changes: Change[] = [];
  for (const [name, { key, text }] of after) {
    const old = before.get(name);
    if (old === undefined) changes.push({ subject, action: "added", component, name, after: text });
    else if (old.key !== key) changes.push({ subject, action: "changed", component, name, before: old.text, after: text });
  }
  for (const [name, { text }] of before) if (!after.has(name)) changes.push({ subject, action: "removed", component, name, before: text });
  return changes;
}
