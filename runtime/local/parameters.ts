/** Parameters of a run from the command line, by the declared types. */
import { basename } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { nearestName } from "../../compiler/diagnostics/nearest.ts";
import type { Input, Json } from "../../compiler/ir/types.ts";
import { decodeValue, describeType, parseText, ValueError } from "../codec.ts";
import { pathOf, type Artifact } from "../protocols/kfp.ts";
import { isArtifact } from "../registry.ts";
import type { Value } from "./evaluate.ts";

export interface Owner {
  kind: "pipeline" | "op";
  name: string;
  inputs: Record<string, Input>;
}

export interface GivenParameters {
  /** `name=value` texts. */
  texts: readonly string[];
  /** The option of the texts, for messages. */
  option: string;
  /** Values from a JSON file; texts win over them. */
  values?: Readonly<Record<string, Json>>;
  /** Makes a path of an artifact absolute. */
  resolvePath: (path: string) => string;
}

/** The values of parameters, checked; all mistakes at once. Defaults are not filled in. */
export function readParameters(owner: Owner, given: GivenParameters): { values: Record<string, Value>; diagnostics: Diagnostic[] } {
  const values: Record<string, Value> = {};
  const diagnostics: Diagnostic[] = [];
  const named = { kind: owner.kind, name: owner.name };
  const take = (parameter: string, read: (input: Input) => Value): void => {
    const input = Object.hasOwn(owner.inputs, parameter) ? owner.inputs[parameter] : undefined;
    if (input === undefined) {
      const names = Object.keys(owner.inputs);
      diagnostics.push(diagnostic("HMC6003", undefined, { ...named, parameter, names, suggestion: nearestName(parameter, names) }));
      return;
    }
    try {
      values[parameter] = read(input);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      values[parameter] = null;
      diagnostics.push(diagnostic("HMC6005", undefined, { ...named, parameter, path: error.path, problem: error.problem }));
    }
  };
  for (const [parameter, value] of Object.entries(given.values ?? {})) {
    take(parameter, (input) => (isArtifact(input.type) ? artifacts(input.type.list, value, parameter, given.resolvePath) : decodeValue(input.type, value, parameter)));
  }
  for (const text of given.texts) {
    const [, parameter, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (parameter === undefined || value === undefined) diagnostics.push(diagnostic("HMC6006", undefined, { text, option: given.option }));
    else take(parameter, (input) => (isArtifact(input.type) ? artifacts(input.type.list, input.type.list ? value.split(",") : value, parameter, given.resolvePath) : parseText(input.type, value, parameter)));
  }
  for (const [parameter, input] of Object.entries(owner.inputs)) {
    if (input.optional || input.default !== undefined || Object.hasOwn(values, parameter)) continue;
    const type = isArtifact(input.type) ? "the path of an artifact" : describeType(input.type);
    diagnostics.push(diagnostic("HMC6004", undefined, { ...named, parameter, type, option: given.option }));
  }
  return { values, diagnostics };
}

/** Artifacts from paths or URIs, or from objects with a `uri` and `metadata`. */
function artifacts(list: boolean, value: Json, parameter: string, resolvePath: (path: string) => string): Artifact | Artifact[] {
  if (!list) return artifact(value, parameter, resolvePath);
  if (!Array.isArray(value)) throw new ValueError(parameter, "must be a list of paths");
  return value.map((item, index) => artifact(item, `${parameter}[${index}]`, resolvePath));
}

function artifact(value: Json, path: string, resolvePath: (path: string) => string): Artifact {
  const given = typeof value === "string" ? { uri: value } : value;
  if (typeof given !== "object" || given === null || Array.isArray(given) || typeof given["uri"] !== "string") {
    throw new ValueError(path, 'must be the path of an artifact, or an object with "uri" and "metadata"');
  }
  const uri = /^[a-z][a-z0-9+.-]*:\/\//i.test(given["uri"]) ? given["uri"] : resolvePath(given["uri"]);
  const metadata = typeof given["metadata"] === "object" && given["metadata"] !== null && !Array.isArray(given["metadata"]) ? given["metadata"] : {};
  return { name: basename(uri), uri, path: pathOf({ uri }), metadata };
}
