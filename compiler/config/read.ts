/** From the text of `hmc.yaml` to its settings, with a place for every value. */
import { isMap, isScalar, LineCounter, parseDocument, type Document as YamlDocument, type Node } from "yaml";
import type { ErrorObject } from "ajv";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Span } from "../ir/types.ts";
import { openSource, type Source } from "../yaml/source.ts";
import type { Config } from "./config.ts";
import { validateConfig } from "./config.validator.ts";

/** The way to a value: keys, and the numbers of items. */
export type ValuePath = readonly (string | number)[];

export interface OpenedConfig {
  /** As it is shown. */
  file: string;
  text: string;
  config: Config;
  /** Where a value stands, or what is nearest around it. */
  spanOf: (path: ValuePath) => Span;
}

/**
 * Reads a configuration. All mistakes come at once.
 *
 * @param file as it is shown in diagnostics
 */
export function readConfig(file: string, text: string): { opened: OpenedConfig } | { diagnostics: Diagnostic[] } {
  const source = openSource(file, text);
  const document = parseDocument(text, { version: "1.2", lineCounter: new LineCounter(), prettyErrors: false });
  if (document.errors.length > 0) {
    return { diagnostics: document.errors.map(({ pos, message }) => diagnostic("HMC6220", source.span(...pos), { problem: message })) };
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const spanOf = (path: ValuePath) => spanIn(document, source, path, "value");
  if (validateConfig(value)) return { opened: { file, text, config: value as Config, spanOf } };
  return { diagnostics: mistakes(validateConfig.errors ?? [], document, source) };
}

/** One diagnostic a place: what ajv says of it that tells most. */
function mistakes(errors: readonly ErrorObject[], document: YamlDocument, source: Source): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const error of errors) {
    const path = pathOf(error.instancePath, document);
    const { additionalProperty, propertyName } = error.params as { additionalProperty?: string; propertyName?: string };
    const unknown = additionalProperty ?? propertyName;
    const place = [...path, ...(unknown === undefined ? [] : [unknown])];
    const key = JSON.stringify(place);
    if (error.keyword === "pattern" && error.propertyName !== undefined) continue;
    if (!found.has(key)) found.set(key, diagnostic("HMC6221", spanIn(document, source, place, unknown === undefined ? "value" : "key"), { at: shownPath(place), problem: problemOf(error) }));
  }
  return [...found.values()];
}

/** The path of a JSON pointer; numbers where the value around is a list. */
function pathOf(pointer: string, document: YamlDocument): (string | number)[] {
  const path: (string | number)[] = [];
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const around: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    path.push(!isMap(around) && /^\d+$/.test(name) ? Number(name) : name);
  }
  return path;
}

/** `targets.prod.host` */
export function shownPath(path: ValuePath): string {
  return path.length === 0 ? "the file" : path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

/** A clause that says what is wrong and what is possible. */
function problemOf({ keyword, params, parentSchema, message = "is not allowed" }: ErrorObject): string {
  const { additionalProperty, missingProperty, allowedValues, allowedValue, pattern, type, error, tag } = params as {
    additionalProperty?: string; missingProperty?: string; allowedValues?: unknown[]; allowedValue?: unknown; pattern?: string; type?: string | string[]; error?: string; tag?: string;
  };
  if (additionalProperty !== undefined) {
    const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? knownSettings);
    const near = nearestName(additionalProperty, known);
    return /token|password|secret/i.test(additionalProperty) && near === undefined
      ? "is no setting: secrets do not stand in this file, only the names of variables and files that hold them"
      : `is no setting here${near === undefined ? "" : `; did you mean "${near}"?`}`;
  }
  if (keyword === "propertyNames") return "is no name of a target: use letters, digits, dots, dashes and underscores";
  if (missingProperty !== undefined) return `needs "${missingProperty}"`;
  if (allowedValues !== undefined) return `must be one of ${allowedValues.map((value) => JSON.stringify(value)).join(", ")}`;
  if (allowedValue !== undefined) return `must be ${JSON.stringify(allowedValue)}`;
  if (keyword === "discriminator") return error === "tag" ? 'needs a "type"' : `must have one of the types none, bearer, token-file, service-account, oidc and basic as "${tag ?? "type"}"`;
  if (pattern !== undefined && pattern.startsWith("^v?")) return 'must be a version such as "2.17"';
  if (type !== undefined) return `must be ${type === "object" ? "a map" : type === "array" ? "a list" : type === "string" ? "a text; put it in quotes" : `a ${String(type)}`}`;
  return message;
}

/** The settings of a target, for suggestions where the validator does not carry its schema. */
const knownSettings: Record<string, true> = Object.fromEntries(
  ["kind", "version", "host", "namespace", "auth", "tls", "kubeconfig", "experiment", "serviceAccount", "pipelineRoot", "image", "entrypoint", "artifactRepository", "params", "schedule", "timeout", "targets", "defaults"].map((name) => [name, true]),
);

/** The span of a value or of its key, which stands for a map; of the nearest thing around where there is none. */
function spanIn(document: YamlDocument, source: Source, path: ValuePath, part: "key" | "value"): Span {
  for (let length = path.length; length > 0; length--) {
    const around: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(around) ? around.items.find(({ key }) => isScalar(key) && String(key.value) === String(last)) : undefined;
    const node = pair === undefined ? (document.getIn(path.slice(0, length), true) as Node | undefined) : part === "key" || length < path.length || pair.value === null || isMap(pair.value) ? (pair.key as Node) : (pair.value as Node);
    const [start, end] = node?.range ?? [];
    if (start !== undefined && end !== undefined) return source.span(start, end);
  }
  return source.span(0, endOfLine(source.text, 0));
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}
