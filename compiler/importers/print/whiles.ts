/** Loops whose condition decides: `while`, `do … while`, and the variables that they carry. */
import { bug } from "../../bug.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { Carried, While } from "../../ir/types.ts";
import { atLeast, levels, type Site } from "./body.ts";
import { docComment } from "./comments.ts";
import { expression, typed } from "./expressions.ts";
import { hardLine, type Doc } from "./layout.ts";
import { camelCase, takeName } from "./names.ts";
import { blockSite, blockStatements, braces } from "./statements.ts";
import { mayEndAbsent } from "./static-types.ts";
import { typeText } from "./types.ts";
import { keys, readsOf } from "./uses.ts";

export function whileStatements(site: Site, node: While): Doc[] {
  const declarations = node.carried.map((carried) => declaration(site, node, carried));
  const reads = node.carried.flatMap(({ next }) => readsOf(next));
  const turn = braces(blockStatements(blockSite(site, node.body), node.body, { reads, print: (at) => handOver(at, node) }));
  const condition = expression(site, node.condition).doc;
  const statement: Doc = node.test === "before" ? ["while (", condition, ") ", turn] : ["do ", turn, " while (", condition, ");"];
  const comment = docComment(node.displayName);
  return [...declarations, comment === undefined ? statement : [comment, hardLine, statement]];
}

/** `let turn: number = 0;` before the loop. */
function declaration(site: Site, node: While, carried: Carried): Doc {
  const { body, scope } = site;
  const name = takeName(scope, camelCase(carried.name), "Value");
  const optional = mayEndAbsent(body, carried);
  const initial = typed(site, carried.initial, carried.type, optional, name).doc;
  body.names.set(keys.carried(node.id, carried.name), name);
  return ["let ", name, ": ", typeText(body.module, carried.type), optional ? " | undefined" : "", " = ", initial, ";"];
}

/** The assignments at the end of a turn. All values are read before the first variable changes. */
function handOver(site: Site, node: While): Doc[] {
  const { names } = site.body;
  const values = node.carried.map((carried) => {
    const name = names.get(keys.carried(node.id, carried.name)) ?? bug("no variable");
    const optional = mayEndAbsent(site.body, carried);
    const value = typed(site, carried.next, carried.type, optional, name);
    // Without a cast TypeScript narrows the variable by what the turn has given, and goes in a circle.
    return { name, reads: carriedIn(node, carried), value: optional ? [atLeast(value, levels.unary), " as ", typeText(site.body.module, carried.type), " | undefined"] : value.doc, carried };
  });
  const isEarly = values.some(({ reads }, index) => values.slice(0, index).some(({ carried }) => reads.has(carried.name)));
  if (!isEarly) return values.map(({ name, value }) => [name, " = ", value, ";"]);
  const next = values.map(({ name }) => takeName(site.scope, camelCase(`next-${name}`), "Value"));
  return [...values.map(({ value }, index) => ["const ", next[index] ?? "", " = ", value, ";"]), ...values.map(({ name }, index) => [name, " = ", next[index] ?? "", ";"])];
}

/** The values of this turn that the next one's is made of. */
function carriedIn(node: While, { next }: Carried): Set<string> {
  return new Set([...expressionTree(next)].flatMap((part) => (part.kind === "carried" && part.loop === node.id ? [part.name] : [])));
}
