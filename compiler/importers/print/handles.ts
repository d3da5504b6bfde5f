/** Handles: what `.after()` takes of tasks and groups, also of those inside of other groups. */
import { bug } from "../../bug.ts";
import type { Block } from "../../ir/types.ts";
import { isWithin, nodeIn, placeOfBlock, placeOfNode, type Place } from "./places.ts";
import { declare, push, type Analysis, type Handle } from "./uses.ts";

/** What stands for a node in an `.after()` at a place; undefined where nothing runs in the node. */
export function handleAt(analysis: Analysis, id: string, at: Place): Handle | undefined {
  const { places } = analysis.uses;
  const found = handleOf(analysis, id);
  if (found === undefined) return undefined;
  let { handle, place } = found;
  while (!isWithin(at, place)) {
    const { via, node, place: around } = place.owner ?? bug(`"${id}" cannot be reached`);
    if (via === "loop") {
      addLoopHandle(analysis, node.id, handle);
      handle = { kind: "loop", id: node.id, inner: handle };
      place = around;
      continue;
    }
    let outer: Place = place;
    let definite = true;
    while (!isWithin(at, outer) && outer.owner !== undefined && outer.owner.via !== "loop") {
      if (outer.owner.via === "arm" || outer.owner.via === "while") definite = false;
      outer = outer.owner.place;
    }
    const home = homeOf(analysis, handle);
    const key = `${handleKey(handle)}@${[...places.ofBlock.keys()].indexOf(outer.block)}`;
    assignHandle(analysis, key, outer, home, handle, definite);
    analysis.homes.set(key, nodeIn(places, outer, home)?.id ?? home);
    handle = { kind: "variable", key };
    place = outer;
  }
  return handle;
}

function homeOf({ homes }: Analysis, handle: Handle): string {
  return handle.kind === "variable" ? (homes.get(handle.key) ?? bug("a variable without a home")) : handle.id;
}

/** The handle of a node, and the place where that can be read. */
function handleOf(analysis: Analysis, id: string): { handle: Handle; place: Place } | undefined {
  const { places } = analysis.uses;
  const node = places.nodes.get(id) ?? bug(`there is no node "${id}"`);
  const place = placeOfNode(places, id);
  switch (node.kind) {
    case "task":
      return { handle: { kind: "task", id }, place };
    case "loop": {
      const inner = handleInBlock(analysis, node.body);
      if (inner === undefined) return undefined;
      addLoopHandle(analysis, id, inner);
      return { handle: { kind: "loop", id, inner }, place };
    }
    case "while": {
      const inner = handleInBlock(analysis, node.body);
      return inner === undefined ? undefined : { handle: inner, place: placeOfBlock(places, node.body) };
    }
    case "branch": {
      const key = `arms@${id}`;
      const given = node.arms.flatMap((arm) => handleInBlock(analysis, arm.block) ?? []);
      for (const inner of given) assignHandle(analysis, key, place, homeOf(analysis, inner), inner, false);
      analysis.homes.set(key, id);
      return given.length === 0 ? undefined : { handle: { kind: "variable", key }, place };
    }
    case "try": {
      const inner = handleInBlock(analysis, node.body);
      return inner === undefined ? undefined : { handle: inner, place: placeOfBlock(places, node.body) };
    }
  }
}

/** The handle that stands for a block: of its last task, else of its last group. */
function handleInBlock(analysis: Analysis, block: Block): Handle | undefined {
  const tasksLast = [...block.nodes].sort((a, b) => Number(a.kind === "task") - Number(b.kind === "task"));
  for (const node of tasksLast.reverse()) {
    const handle = handleAt(analysis, node.id, placeOfBlock(analysis.uses.places, block));
    if (handle !== undefined) return handle;
  }
  return undefined;
}

function addLoopHandle({ loopHandles }: Analysis, loop: string, handle: Handle): void {
  const known = loopHandles.get(loop) ?? new Map<string, Handle>();
  loopHandles.set(loop, known);
  known.set(handleKey(handle), handle);
}

function assignHandle({ uses }: Analysis, key: string, place: Place, home: string, handle: Handle, definite: boolean): void {
  const assigned = uses.handleAssignments.get(home) ?? [];
  if (assigned.some((entry) => entry.key === key)) return;
  const isDeclared = [...uses.declarations.values()].flat().some((declaration) => declaration.kind === "handle" && declaration.key === key);
  if (!isDeclared) declare(uses, place, home, { kind: "handle", key, list: handle.kind === "loop", definite });
  push(uses.handleAssignments, home, { key, handle });
}

export function handleKey(handle: Handle): string {
  switch (handle.kind) {
    case "task":
      return handle.id;
    case "variable":
      return handle.key;
    case "loop":
      return `${handle.id}[${handleKey(handle.inner)}]`;
  }
}
