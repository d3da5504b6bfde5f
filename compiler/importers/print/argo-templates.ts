/** What `argoTemplate(…)` returns: the template in the fields of Argo, with headers and variables as objects. */
import type { ArgumentPart, ContainerComponent, TemplateValue } from "../../ir/types.ts";
import { literal, objectLiteral, property } from "./constants.ts";
import { bracketed, type Doc } from "./layout.ts";
import { languageName, type Module } from "./module.ts";
import { quoted } from "./texts.ts";

/** Lists of names and values, which the language has as objects. */
const named = new Set(["http.headers", "containerSet.containers.env"]);

/**
 * The members of the object that the lambda returns.
 *
 * @param text prints a text with placeholders
 */
export function templateMembers(module: Module, { template, stdout, outputsFrom }: ContainerComponent, output: (name: string) => string, text: (parts: readonly ArgumentPart[], path: string) => Doc): Doc[] {
  if (template === undefined) return [];
  const value = (given: TemplateValue, path: string): Doc => {
    switch (given.kind) {
      case "text":
        return text(given.parts, path);
      case "constant":
        return String(given.value);
      case "object":
        return objectLiteral(Object.entries(given.fields).map(([name, field]) => property(name, value(field, `${path}.${name}`))));
      case "list":
        if (named.has(path)) return objectLiteral(given.items.flatMap((item) => (item.kind === "object" ? [member(item.fields, path)] : [])));
        return bracketed("[", given.items.map((item) => value(item, path)), "]");
    }
  };
  const member = (fields: Record<string, TemplateValue>, path: string): Doc => {
    const reference = fields["valueFrom"];
    const secret = reference?.kind === "object" ? reference.fields["secretKeyRef"] : undefined;
    if (secret?.kind === "object") return property(constant(fields["name"]), `${languageName(module, "secret")}(${quoted(constant(secret.fields["name"]))}, ${quoted(constant(secret.fields["key"]))})`);
    return property(constant(fields["name"]), fields["value"] === undefined ? '""' : value(fields["value"], path));
  };
  return [
    property(template.kind, value({ kind: "object", fields: template.fields }, template.kind)),
    ...(stdout === undefined ? [] : [property("result", output(stdout))]),
    ...(outputsFrom === undefined ? [] : [property("outputs", literal(module, outputsFrom, "outputs"))]),
  ];
}

function constant(value: TemplateValue | undefined): string {
  return value?.kind === "text" ? value.parts.join("") : "";
}
