/** Imported artifacts: no pod, only a location that the tasks which read it get (reference argo.md 3.2). */
import { bug } from "../../bug.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Expression, ImporterComponent, Json, Task } from "../../ir/types.ts";
import { report } from "./build.ts";
import { call, joined, list, map, sprig, text } from "./expr-build.ts";
import { addTask, type Channel, type LocationDraft, type Region } from "./region.ts";
import type { Reader, Scope } from "./scope.ts";
import { constantText } from "./translate.ts";
import { textFor } from "./values.ts";

/** The channel of an imported artifact. */
export function importArtifact(scope: Scope, region: Region, node: Task, component: ImporterComponent): Channel {
  const uri = node.inputs["uri"] ?? bug("an importer without a URI");
  // The values of its inputs are needed where the artifact is; nothing runs for it.
  const place = addTask(region, node.id, region, node.span);
  region.tasks.delete(place.name);
  const reader: Reader = { scope, region, task: place };
  if (component.downloadToWorkspace) report(scope.build, "HMC4105", node.span, { what: `"downloadToWorkspace"` });
  const location = uri.kind === "constant" ? constantLocation(scope, String(uri.value), uri) : runTimeLocation(scope, textFor(reader, uri));
  const [from] = place.requirements.flatMap(({ alternatives }) => alternatives.map(({ task }) => task));
  const meta: Channel = { kind: "parameter", name: `hmc-meta-${place.name}`, type: { kind: "string" }, home: region, value: metadataOf(reader, node, component, uri), optional: false };
  const type = Object.values(component.outputs)[0]?.type ?? bug("an importer without an output");
  const channel: Channel = { kind: "artifact", name: place.name, type, home: region, value: text(""), optional: false, location, meta };
  if (from === undefined) return channel;
  return { ...channel, from, meta: { ...meta, from } };
}

function metadataOf(reader: Reader, node: Task, component: ImporterComponent, uri: Expression): ExprNode {
  const inputs = Object.keys(component.inputs).filter((name) => name !== "uri");
  if (inputs.length === 0 && uri.kind === "constant") return text(constantText({ uri: uri.value, metadata: component.metadata }));
  const values = new Map(inputs.map((name) => [name, textFor(reader, node.inputs[name] ?? bug(`the importer lacks "${name}"`))]));
  return call("toJson", map([["uri", textFor(reader, uri)], ["metadata", filled(component.metadata, values)]]));
}

const placeholder = /\{\{\$\.inputs\.parameters\['([^']+)'\]\}\}/;

/** JSON with the values of inputs in the places of their placeholders. */
function filled(value: Json, values: ReadonlyMap<string, ExprNode>): ExprNode {
  if (typeof value === "string") return joined(value.split(new RegExp(placeholder, "g")).map((part, position) => (position % 2 === 0 ? text(constantText(part)) : (values.get(part) ?? bug(`no input "${part}"`)))));
  if (Array.isArray(value)) return list(value.map((item) => filled(item, values)));
  if (value === null || typeof value !== "object") return call("fromJSON", text(JSON.stringify(value)));
  return map(Object.entries(value).map(([key, item]) => [key, filled(item, values)] as const));
}

/** The location of a URI that is known: by its scheme. */
function constantLocation(scope: Scope, uri: string, at: Expression): LocationDraft {
  const [, scheme, bucket, key] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/?(.*)$/i.exec(uri) ?? [];
  const draft = located(scheme ?? "", text(bucket ?? ""), text(key ?? ""), text(uri));
  if (draft !== undefined) return draft;
  report(scope.build, "HMC4110", at.span, { uri });
  return { kind: "http", fields: { url: text(uri) } };
}

/** The location of a URI that only the run knows: in a store of the kind of the artifact repository. */
function runTimeLocation(scope: Scope, uri: ExprNode): LocationDraft {
  // Argo's validation computes these with the text of the tag in place of the URI, and wants them not to be empty.
  const part = (group: string): ExprNode => sprig("regexReplaceAll", text("^[a-z0-9]+://([^/]+)/(.*)$"), uri, text(group));
  const scheme = { s3: "s3", gcs: "gs", azure: "https", oss: "oss" }[scope.build.repository];
  return located(scheme, part("$1"), part("$2"), uri) ?? bug(`no location for "${scheme}"`);
}

function located(scheme: string, bucket: ExprNode, key: ExprNode, uri: ExprNode): LocationDraft | undefined {
  switch (scheme) {
    case "s3":
      return { kind: "s3", fields: { endpoint: text("s3.amazonaws.com"), bucket, key, useSDKCreds: true } };
    case "gs":
      return { kind: "gcs", fields: { bucket, key } };
    case "oss":
      return { kind: "oss", fields: { bucket, key } };
    case "http":
    case "https":
      return { kind: "http", fields: { url: uri } };
    default:
      return undefined;
  }
}

