/** Variables that are declared before a node and assigned inside of it. */
import { bug } from "../../bug.ts";
import type { Branch, Expression, Node } from "../../ir/types.ts";
import type { Site } from "./body.ts";
import { asTernary } from "./branches.ts";
import { expression, typed } from "./expressions.ts";
import { handleText, nameOfValue } from "./fan-in.ts";
import type { Doc } from "./layout.ts";
import { languageType } from "./module.ts";
import { camelCase, takeName } from "./names.ts";
import { staticType } from "./static-types.ts";
import { typeText } from "./types.ts";
import { keys, type Declaration } from "./uses.ts";

/** Variables that are assigned inside of the node. */
export function declarations(site: Site, node: Node): Doc[] {
  const declared = site.body.uses.declarations.get(node.id) ?? [];
  return declared.flatMap((declaration) => (asTernary(site, node) === undefined || declaration.kind !== "select" ? [declarationText(site, declaration)] : []));
}

function declarationText(site: Site, declaration: Declaration): Doc {
  const { body, scope } = site;
  const { module, names } = body;
  switch (declaration.kind) {
    case "select": {
      const { select, branch } = declaration;
      const name = takeName(scope, camelCase(select.name) === select.name ? select.name : camelCase(select.name), "Value");
      names.set(keys.select(branch, select.name), name);
      const optional = select.values.some((value) => staticType(body, value).optional);
      const initial = initialValue(site, branch, select.values);
      const isPlain = initial?.kind === "constant" && initial.value !== null && typeof initial.value !== "object" && !("literals" in select.type) && !optional && initial.type.kind === select.type.kind;
      const type: Doc = isPlain ? "" : [": ", typeText(module, select.type), optional ? " | undefined" : ""];
      return ["let ", name, type, initial === undefined ? "" : [" = ", typed(site, initial, select.type, optional, name).doc], ";"];
    }
    case "export": {
      const name = takeName(scope, nameOfValue(declaration.expression), "Value");
      names.set(declaration.key, name);
      const { type, optional } = staticType(body, declaration.expression);
      return ["let ", name, ": ", typeText(module, type), optional ? " | undefined" : "", ";"];
    }
    case "handle": {
      const name = takeName(scope, "last");
      names.set(declaration.key, name);
      if (declaration.list) body.listHandles.add(declaration.key);
      return ["let ", name, ": ", languageType(module, "TaskHandle"), declaration.list ? "[]" : "", declaration.definite && !declaration.list ? "" : " | undefined", ";"];
    }
  }
}

/** What a select is before its node: of a branch the value in an `else` that is not written, of a `try` the one that no task gives. */
function initialValue({ body }: Site, id: string, values: readonly Expression[]): Expression | undefined {
  const node = body.uses.places.nodes.get(id);
  if (node?.kind === "try") return initialOfTry(values);
  const last = values.at(-1);
  if (node?.kind !== "branch" || writesElse(node) || last === undefined || last.kind === "absent") return undefined;
  return last;
}

/** The value of `catch`, or else of the body, that is known before the `try`: it is not assigned again there. */
export function initialOfTry([ofBody, ofCatch]: readonly Expression[]): Expression | undefined {
  return [ofCatch, ofBody].find((value) => value?.kind === "constant" || value?.kind === "input");
}

/** Whether an `else` is printed: one that is written, or that holds something. */
export function writesElse(branch: Branch): boolean {
  return branch.hasElse || (branch.arms.at(-1)?.block.nodes.length ?? 0) > 0;
}

/** After a node: what is kept of it for the outside. */
export function assignments(site: Site, id: string): Doc[] {
  const { uses, names } = site.body;
  const exported = (uses.exports.get(id) ?? []).map(({ key, expression: value }) => [names.get(key) ?? bug("no variable"), " = ", expression(site, value).doc, ";"]);
  const handles = (uses.handleAssignments.get(id) ?? []).map(({ key, handle }) => [names.get(key) ?? bug("no variable"), " = ", handleText(site.body, site.scope, handle, handle.kind === "variable" ? undefined : site.body.inline.get(handle.id)), ";"]);
  return [...exported, ...handles];
}

/** Whether the only thing that reads a node is one variable of the outside. */
export function isOnlyKept({ body: { uses } }: Site, id: string): boolean {
  return uses.count.get(id) === 1 && (uses.exports.get(id) ?? []).length + (uses.handleAssignments.get(id) ?? []).length === 1;
}

