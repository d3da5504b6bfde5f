/**
 * Colours of nodes by what they are and how they are wired, as in colour refinement (Weisfeiler and Leman, 1968): round 0 looks at a node alone,
 * each round more looks one edge further, in both directions. Equal colours of two sides mean equal surroundings, whatever the ids are.
 */
import { createHash } from "node:crypto";
import { neighboursOf, type Nodes, type Placed } from "./nodes.ts";

/** More rounds tell apart only nodes that differ further away than that. */
const mostRounds = 24;

/** The colours by id, of each round. */
export type Rounds = ReadonlyMap<string, string>[];

/**
 * @param alone what a node is by itself
 * @returns the rounds of both sides: as many as still tell more nodes apart
 */
export function colours(before: Nodes, after: Nodes, alone: (placed: Placed, side: "before" | "after") => string): [Rounds, Rounds] {
  const sides = [side(before, (placed) => alone(placed, "before")), side(after, (placed) => alone(placed, "after"))] as const;
  let kinds = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const found = new Set(sides.flatMap(({ rounds }) => [...(rounds.at(-1)?.values() ?? [])])).size;
    if (found === kinds) break;
    kinds = found;
    for (const { next } of sides) next();
  }
  return [sides[0].rounds, sides[1].rounds];
}

function side(nodes: Nodes, alone: (placed: Placed) => string): { rounds: Map<string, string>[]; next: () => void } {
  const neighbours = neighboursOf(nodes);
  const rounds = [new Map(nodes.all.map((placed) => [placed.id, hash(alone(placed))]))];
  const next = (): void => {
    const last = rounds.at(-1) ?? new Map<string, string>();
    rounds.push(new Map([...last].map(([id, colour]) => {
      const around = (neighbours.get(id) ?? []).map((neighbour) => `${neighbour.role} ${last.get(neighbour.id) ?? ""}`).sort();
      return [id, hash([colour, ...around].join("\n"))];
    })));
  };
  return { rounds, next };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
