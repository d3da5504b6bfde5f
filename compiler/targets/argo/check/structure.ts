/**
 * Structure: fields that exist, types, choices, sizes. What Argo's strict decoding and the CRDs of the API server refuse
 * (reference argo.md 1.8, 4.1, 4.3).
 */
import { nearestName } from "../../../diagnostics/nearest.ts";
import { argoCapabilities, isOlder } from "../versions.ts";
import type { Path } from "./document.ts";
import { isFields, isGiven } from "./json.ts";
import { checkLooseText } from "./loose-text.ts";
import { dereferenced, schemaOfKind, versionsOf, type Schema } from "./schema.ts";
import type { Work } from "./work.ts";

/** Checks a whole document against the schema of its kind. */
export function checkStructure(work: Work): void {
  walk(work, schemaOfKind(work.model.kind), work.model.document.value, [], undefined);
}

function walk(work: Work, part: Schema, value: unknown, path: Path, holder: string | undefined): void {
  if (!isGiven(value)) return;
  const { name: definition, schema } = dereferenced(part);
  if (definition === "AnyString") return checkLooseText(work, path, value);
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return reportType(work, types, value, path);
  if (typeof value === "string") checkText(work, schema, value, path, definition, holder);
  else if (typeof value === "number") checkNumber(work, schema, value, path, definition);
  else if (Array.isArray(value)) walkList(work, schema, value, path);
  else if (isFields(value)) walkMap(work, schema, value, path, definition);
}

function walkList(work: Work, schema: Schema, value: readonly unknown[], path: Path): void {
  const { minItems = 0, maxItems = Infinity } = schema;
  if (value.length < minItems) {
    if (!isCheckedElsewhere(path)) work.report("HMC8018", { path }, { what: nameOf(path), part: "entries" });
  } else if (value.length > maxItems && argoCapabilities(work.version).fullCrds) {
    work.report("HMC8401", { path, part: "key" }, { what: nameOf(path), count: value.length, limit: maxItems });
  }
  if (schema.items !== undefined) for (const [index, item] of value.entries()) walk(work, schema.items, item, [...path, index], undefined);
}

/** Whether a rule of its own speaks of an empty list. */
function isCheckedElsewhere(path: Path): boolean {
  return path.at(-1) === "tasks" || path.at(-1) === "enum";
}

function walkMap(work: Work, schema: Schema, value: Readonly<Record<string, unknown>>, path: Path, definition: string | undefined): void {
  const { properties = {}, additionalProperties } = schema;
  for (const [field, member] of Object.entries(value)) {
    const memberPath = [...path, field];
    const known = Object.hasOwn(properties, field) ? properties[field] : undefined;
    if (known !== undefined) {
      const versions = definition === undefined ? undefined : versionsOf(definition, field);
      if (versions?.since !== undefined && isOlder(work.version, versions.since) && isGiven(member)) {
        work.report("HMC8403", { path: memberPath, part: "key" }, { field, since: versions.since, version: work.version });
      } else walk(work, known, member, memberPath, field);
    } else if (typeof additionalProperties === "object") walk(work, additionalProperties, member, memberPath, undefined);
    else if (additionalProperties === false) reportUnknown(work, definition, field, properties, value, memberPath);
  }
  for (const field of schema.required ?? []) {
    if (!isGiven(value[field]) && !isRequiredElsewhere(definition, field, value, work)) {
      work.report("HMC8007", { path, part: "key" }, { holder: labelOf(definition, path), field });
    }
  }
}

/** Whether a field has an older form: that is enough for older versions, and for the others it is reported itself. */
function isRequiredElsewhere(definition: string | undefined, field: string, siblings: Readonly<Record<string, unknown>>, work: Work): boolean {
  return definition === "CronWorkflowSpec" && field === "schedules" && (isOlder(work.version, "4.0") || isGiven(siblings["schedule"]));
}

function reportUnknown(work: Work, definition: string | undefined, field: string, properties: Record<string, Schema>, siblings: Readonly<Record<string, unknown>>, path: Path): void {
  const place = { path, part: "key" } as const;
  const versions = definition === undefined ? undefined : versionsOf(definition, field);
  if (versions?.until !== undefined) {
    if (isOlder(versions.until, work.version)) work.report("HMC8404", place, { field, until: versions.until, version: work.version, instead: versions.instead });
    return;
  }
  const suggestion = nearestName(field, Object.keys(properties));
  const isCase = suggestion?.toLowerCase() === field.toLowerCase() && !Object.hasOwn(siblings, suggestion);
  work.report("HMC8006", place, { field, holder: labelOf(definition, path.slice(0, -1)), suggestion }, isCase ? { fix: { title: `Write "${suggestion}"`, place, newText: suggestion } } : {});
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return isFields(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const typeNames: Readonly<Record<string, string>> = { string: "text", integer: "a whole number", number: "a number", boolean: "true or false", object: "a map", array: "a list" };

function reportType(work: Work, types: readonly string[], value: unknown, path: Path): void {
  const name = nameOf(path);
  const written = work.model.document.written?.(path);
  if (types.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    const text = written ?? String(value);
    return work.report("HMC8009", { path }, { text, meaning: typeof value === "number" ? "a number" : String(value), name }, { fix: { title: "Put quotes around it", place: { path }, newText: JSON.stringify(text) } });
  }
  const expected = types.map((type) => typeNames[type] ?? type).join(" or ");
  const actual = Array.isArray(value) ? "a list" : isFields(value) ? "a map" : typeof value === "string" ? `the text ${JSON.stringify(shortened(value))}` : String(value);
  work.report("HMC8008", { path }, { name, expected, actual });
}

function checkText(work: Work, schema: Schema, value: string, path: Path, definition: string | undefined, holder: string | undefined): void {
  if (schema.const !== undefined && value !== schema.const) return work.report("HMC8010", { path }, { field: nameOf(path), value, names: [schema.const], suggestion: undefined });
  if (schema.enum !== undefined && !schema.enum.includes(value) && !value.includes("{{")) {
    const names = schema.enum.filter((name) => name !== "");
    return work.report("HMC8010", { path }, { field: nameOf(path), value, names, suggestion: nearestName(value, names) });
  }
  if (value.length > (schema.maxLength ?? Infinity)) {
    return holder === "name" ? work.report("HMC8402", { path }, { what: "name", name: value, length: value.length, limit: schema.maxLength ?? 0 }) : work.report("HMC8405", { path }, { field: nameOf(path), fact: `has ${value.length} characters`, limit: `at most ${schema.maxLength}` });
  }
  if (value.length < (schema.minLength ?? 0)) return work.report("HMC8007", { path, part: "key" }, { holder: labelOf(undefined, path.slice(0, -1)), field: nameOf(path) });
  if (schema.pattern === undefined || expressionOf(schema.pattern).test(value) || path.includes("schedules")) return;
  if (definition === "Quantity") return work.report("HMC8304", { path }, { field: nameOf(path), value, isTag: value.includes("{{") });
  work.report("HMC8016", { path }, { name: value, grammar: grammarOf(schema.pattern) });
}

const compiled = new Map<string, RegExp>();

/** The regular expression of a pattern, made once. */
function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern) ?? new RegExp(pattern);
  compiled.set(pattern, known);
  return known;
}

/** What a pattern of names means. */
function grammarOf(pattern: string): string {
  if (pattern.includes("{}.")) return `letters, digits, "-", "_", "." and tags`;
  if (pattern.startsWith("^[-")) return `letters, digits, "-" and "_"`;
  if (pattern.includes("a-zA-Z_")) return `letters, digits and "_", without a digit at the start`;
  return `letters, digits and "-", beginning with a letter or digit`;
}

function checkNumber(work: Work, schema: Schema, value: number, path: Path, definition: string | undefined): void {
  if (definition === "Quantity") return;
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (value >= minimum && value <= maximum) return;
  work.report("HMC8405", { path }, { field: nameOf(path), fact: `is ${value}`, limit: value < minimum ? `at least ${minimum}` : `at most ${maximum}` });
}

/** The name of what stands at a path: its own key, or that of the list that holds it. */
function nameOf(path: Path): string {
  const key = path.findLast((step) => typeof step === "string");
  return key === undefined ? "the document" : String(key);
}

const labels: Readonly<Record<string, string>> = {
  Workflow: "a Workflow", WorkflowTemplate: "a WorkflowTemplate", ClusterWorkflowTemplate: "a ClusterWorkflowTemplate", CronWorkflow: "a CronWorkflow",
  WorkflowSpec: "a workflow", CronWorkflowSpec: "a CronWorkflow", Template: "a template", DAGTask: "a task", WorkflowStep: "a step",
  Parameter: "a parameter", Artifact: "an artifact", Container: "a container", ScriptTemplate: "a script",
};

function labelOf(definition: string | undefined, path: Path): string {
  return (definition === undefined ? undefined : labels[definition]) ?? `"${nameOf(path)}"`;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

