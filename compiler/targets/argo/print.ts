/** Argo's documents as YAML, in the order in which people write them. */
import type { Document, Pipeline, ValueType } from "../../ir/types.ts";
import { digestOf } from "../digest.ts";
import { headerOf } from "../header.ts";
import { printYaml } from "../yaml.ts";
import { argoCron } from "./cron.ts";
import type { Manifest } from "./spec.ts";
import type { ArgoVersion } from "./versions.ts";

/**
 * The file: a comment that says what it was made from, and the documents.
 *
 * @param toolVersion of hmc
 */
export function printArgo(document: Document, pipeline: Pipeline, manifests: readonly Manifest[], { toolVersion, version }: { toolVersion: string; version: ArgoVersion }): string {
  const { schedule, timezone } = pipeline.options;
  const header = headerOf(document, pipeline, {
    typeName,
    toolVersion,
    digest: digestOf(document),
    more: [`For: Argo Workflows ${version}`],
    schedule: schedule === undefined ? undefined : `${argoCron(schedule)}${timezone === undefined ? "" : ` ${timezone}`}`,
  });
  return printYaml(header, manifests.map((manifest) => inOrder(manifest, "document") as object), "declared");
}

/** What an object of a document is, by where it stands. */
type Place = "document" | "spec" | "template" | "container" | "other";

/** Keys that have a place of their own: those before `*` come first, those behind it last, all others between. */
const orders: Record<Exclude<Place, "other">, readonly string[]> = {
  document: ["apiVersion", "kind", "metadata", "spec"],
  spec: ["entrypoint", "workflowTemplateRef", "arguments", "onExit", "*", "templates"],
  template: ["name", "annotations", "metadata", "inputs", "*", "volumes", "dag", "script", "container", "suspend", "http", "resource", "containerSet", "outputs"],
  container: ["image", "*", "command", "args", "source"],
};

/** The values that an object holds under a key: what they are. */
const places: Readonly<Record<string, Place>> = { spec: "spec", workflowSpec: "spec", templates: "template", container: "container", script: "container" };

function inOrder(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, place));
  if (typeof value !== "object" || value === null) return value;
  const order = place === "other" ? ["name"] : orders[place];
  const rest = order.includes("*") ? order.indexOf("*") : order.length;
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : rest);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => rank(left) - rank(right))
      .map(([key, item]) => [key, inOrder(item, placeOf(place, key))]),
  );
}

/** A label or a parameter may have any of these names, so the parent counts, too. */
function placeOf(parent: Place, key: string): Place {
  const isPlace = parent === "document" || parent === "spec" || parent === "template";
  return (isPlace ? places[key] : undefined) ?? "other";
}

/** Types as the comment names them. */
function typeName(type: ValueType): string {
  switch (type.kind) {
    case "string":
    case "number":
    case "integer":
    case "boolean":
    case "list":
    case "status":
    case "taskConfig":
      return type.kind;
    case "struct":
      return "object";
    case "json":
      return "JSON";
    case "artifact": {
      const title = type.schemaTitle === "" ? "artifact" : type.schemaTitle;
      return type.list ? `list of ${title}` : title;
    }
  }
}
