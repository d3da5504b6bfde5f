/** What `argoTemplate(…)` runs in place of a container: a tree of texts with placeholders, in the fields of Argo's API. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { ArgoTemplate, ContainerComponent, TemplateValue } from "../ir/types.ts";
import { skipOuter } from "./callee.ts";
import type { CommandReader } from "./command-line.ts";
import { foldConstant } from "./constants.ts";
import type { PlaceReader } from "./container-places.ts";
import { withoutIndentation } from "./container-places.ts";
import type { Context } from "./context.ts";

/** The kinds of templates, and what may stand beside each. */
const kinds: Readonly<Record<ArgoTemplate["kind"], readonly string[]>> = { suspend: [], http: ["result"], resource: ["outputs"], containerSet: [] };

export type OwnTemplate = Pick<ContainerComponent, "template" | "stdout" | "outputsFrom">;

export class TemplateReader {
  constructor(
    private readonly context: Context,
    private readonly command: CommandReader,
    private readonly places: PlaceReader,
    private readonly owner: string,
  ) {}

  /** The template that the lambda returns; a pause after a reported mistake. */
  read(returned: ts.ObjectLiteralExpression): OwnTemplate {
    const members = new Map(this.#members(returned));
    const kind = (Object.keys(kinds) as ArgoTemplate["kind"][]).find((known) => members.has(known));
    const given = kind === undefined ? undefined : members.get(kind);
    if (kind === undefined || given === undefined) {
      this.context.report(diagnostic("HMC2035", this.context.spanOf(returned), { name: this.owner, kinds: Object.keys(kinds) }));
      return { template: { kind: "suspend", fields: {} } };
    }
    const own: OwnTemplate = {};
    for (const [name, value] of members) {
      if (name === kind) continue;
      if (!kinds[kind].includes(name)) this.context.report(diagnostic("HMC2026", this.context.spanOf(value), { option: name, suggestion: nearestName(name, kinds[kind]) }));
      else if (name === "result") Object.assign(own, this.places.read("stdout", value));
      else own.outputsFrom = this.places.sources(value);
    }
    const body = this.#value(given, [kind]);
    return { ...own, template: { kind, fields: body?.kind === "object" ? body.fields : {} } };
  }

  *#members(object: ts.ObjectLiteralExpression): Generator<[string, ts.Expression]> {
    for (const property of object.properties) {
      const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
      const name = property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) ? property.name.text : undefined;
      if (value === undefined || name === undefined) this.context.report(diagnostic("HMC2021", this.context.spanOf(property), { text: property.getText().replace(/\s+/g, " ") }));
      else yield [name, value];
    }
  }

  /** @param path the fields around the value, for those that the language writes in another way */
  #value(expression: ts.Expression, path: readonly string[]): TemplateValue | undefined {
    const value = skipOuter(expression);
    const place = path.join(".");
    if (place === "http.headers" || place === "containerSet.containers.env") return { kind: "list", items: this.#named(value) };
    if (ts.isObjectLiteralExpression(value)) {
      const fields: Record<string, TemplateValue> = {};
      for (const [name, member] of this.#members(value)) {
        const read = this.#value(member, [...path, name]);
        if (read !== undefined) fields[name] = read;
      }
      return { kind: "object", fields };
    }
    if (ts.isArrayLiteralExpression(value)) return { kind: "list", items: value.elements.flatMap((element) => this.#value(element, path) ?? []) };
    const folded = foldConstant(this.context, value);
    if (folded?.kind === "value" && (typeof folded.value === "number" || typeof folded.value === "boolean")) return { kind: "constant", value: folded.value };
    const text = this.command.text(value);
    return text === undefined ? undefined : { kind: "text", parts: place === "resource.manifest" ? withoutIndentation(text) : text };
  }

  /** `{ name: value }` as a list of names and values; a secret is a reference to it. */
  #named(value: ts.Expression): TemplateValue[] {
    if (!ts.isObjectLiteralExpression(value)) {
      this.context.report(diagnostic("HMC2021", this.context.spanOf(value), { text: value.getText().replace(/\s+/g, " ") }));
      return [];
    }
    return [...this.#members(value)].flatMap(([name, member]): TemplateValue[] => {
      const folded = foldConstant(this.context, member);
      if (folded?.kind === "secret" && typeof folded.name === "string") {
        return [object({ name: constantText(name), valueFrom: object({ secretKeyRef: object({ name: constantText(folded.name), key: constantText(folded.key) }) }) })];
      }
      const text = this.command.text(member);
      return text === undefined ? [] : [object({ name: constantText(name), value: { kind: "text", parts: text } })];
    });
  }
}

function object(fields: Record<string, TemplateValue>): TemplateValue {
  return { kind: "object", fields };
}

function constantText(text: string): TemplateValue {
  return { kind: "text", parts: [text] };
}
