/** Importers: `importArtifact<Dataset>({ uri })` brings an existing artifact into the graph. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { ImporterComponent, Json } from "../ir/types.ts";
import { foldConstant } from "./constants.ts";
import { type Folded, foldedToJson } from "./folded.ts";
import type { Context } from "./context.ts";
import { isArtifact, valueType } from "./types.ts";

export interface ReadImporter {
  component: ImporterComponent;
  /** Where the artifact lies: any expression of the pipeline. */
  uri: ts.Expression;
  /** Metadata that is not constant: it may hold any values of the pipeline. */
  metadata: ts.Expression | undefined;
}

/**
 * Reads a call of `importArtifact`.
 *
 * @param id of the component
 * @returns undefined when it is not usable, which is reported
 */
export function readImporter(context: Context, call: ts.CallExpression, id: string): ReadImporter | undefined {
  const [options] = call.arguments;
  const type = artifactOf(context, call);
  const read = valueType(context, type, call.typeArguments?.[0] ?? call, "importArtifact");
  if (options === undefined || read === undefined) return undefined;
  // The type argument is bound to artifacts: TypeScript has reported anything else.
  if (!isArtifact(read) || read.list) return undefined;
  const { uri, metadata, settings } = readSettings(context, options);
  if (uri === undefined) {
    context.report(diagnostic("HMC2023", context.spanOf(options), { option: "uri" }));
    return undefined;
  }
  const span = context.spanOf(call);
  const component: ImporterComponent = {
    kind: "importer",
    id,
    name: "importArtifact",
    inputs: { uri: { type: { kind: "string" }, optional: false, span } },
    outputs: { artifact: { type: read, span } },
    span,
    reimport: isTrue(settings.get("reimport")),
    metadata: readMetadata(context, settings.get("metadata")),
    downloadToWorkspace: isTrue(settings.get("downloadToWorkspace")),
  };
  return { component, uri, metadata };
}

/** The artifact type: written between the angle brackets, or what the call gives. */
function artifactOf(context: Context, call: ts.CallExpression): ts.Type {
  const written = call.typeArguments?.[0];
  if (written !== undefined) return context.checker.getTypeFromTypeNode(written);
  const result = context.checker.getTypeAtLocation(call);
  const artifact = result.getProperty("artifact");
  return artifact === undefined ? result : context.checker.getTypeOfSymbol(artifact);
}

/** The `uri` and the `metadata`, which may be known only at run time, and the other options, which are constants. */
function readSettings(context: Context, options: ts.Expression): { uri: ts.Expression | undefined; metadata: ts.Expression | undefined; settings: Map<string, Folded> } {
  const settings = new Map<string, Folded>();
  let uri: ts.Expression | undefined;
  let metadata: ts.Expression | undefined;
  if (!ts.isObjectLiteralExpression(options)) return { uri, metadata, settings };
  for (const property of options.properties) {
    const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
    const key = property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) ? property.name.text : undefined;
    if (key === "uri") {
      uri = value;
      continue;
    }
    const folded = ts.isSpreadAssignment(property) ? foldConstant(context, property.expression) : value === undefined ? undefined : foldConstant(context, value);
    if (folded === undefined && key === "metadata") metadata = value;
    else if (folded === undefined) context.report(diagnostic("HMC2023", context.spanOf(value ?? property), { option: key ?? property.getText() }));
    else if (key !== undefined) settings.set(key, folded);
    else if (folded.kind === "object") for (const [name, entry] of folded.entries) settings.set(name, entry);
  }
  return { uri, metadata, settings };
}

function readMetadata(context: Context, folded: Folded | undefined): Record<string, Json> {
  if (folded?.kind !== "object") return {};
  const metadata: Record<string, Json> = {};
  for (const [name, entry] of folded.entries) {
    if (entry.kind === "undefined") continue;
    const json = foldedToJson(entry);
    if (json === undefined) context.report(diagnostic("HMC2027", context.spanOf(entry.node), { option: `metadata.${name}` }));
    else metadata[name] = json;
  }
  return metadata;
}

function isTrue(folded: Folded | undefined): boolean {
  return folded?.kind === "value" && folded.value === true;
}
