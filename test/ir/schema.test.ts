/** The schema of the IR and the types of the IR say the same. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Project, type Symbol as TypeSymbol, type Type } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import ajvOptions from "../../compiler/build/ajv-options.json" with { type: "json" };
import { root } from "../folders.ts";

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  type?: string;
  description?: string;
  $defs?: Record<string, Schema>;
}

const text = readFileSync(`${root}/schemas/ir.schema.json`, "utf8");
const schema = JSON.parse(text) as Schema;
const project = new Project({ tsConfigFilePath: `${root}/tsconfig.json`, skipAddingFilesFromTsConfig: true });
const types = project.addSourceFileAtPath(`${root}/compiler/ir/types.ts`);

/** Compares a type, as the checker sees it, with a schema; returns where they differ. */
function differences(type: Type, given: Schema, path: string, seen: Set<string>): string[] {
  const at = resolve(given);
  const bare = type.getNonNullableType();
  // `Json` is the only type of the IR that holds null.
  if (type.isUnion() && type.getUnionTypes().some((member) => member.isNull())) return Object.keys(at).every((key) => key === "description") ? [] : [`${path}: any JSON is allowed`];
  const key = `${bare.getText()} ${given.$ref ?? path}`;
  if (seen.has(key)) return [];
  seen.add(key);
  if (bare.isBoolean()) return expectEqual(path, at.type, "boolean");
  if (bare.isString()) return expectEqual(path, at.type, "string");
  if (bare.isNumber()) return expectEqual(path, at.type, "number");
  if (bare.isStringLiteral()) return expectEqual(path, at.const ?? at.enum?.join(), bare.getLiteralValue());
  if (bare.isArray()) return [...expectEqual(path, at.type, "array"), ...differences(bare.getArrayElementTypeOrThrow(), at.items ?? {}, `${path}[]`, seen)];
  if (bare.isUnion()) return unionDifferences(bare, at, path, seen);
  const record = bare.getStringIndexType();
  if (record !== undefined) return typeof at.additionalProperties === "object" ? differences(record, at.additionalProperties, `${path}.*`, seen) : [`${path}: a map in the types`];
  const properties = bare.getProperties();
  return [
    ...expectEqual(path, at.type, "object"),
    ...expectEqual(`${path}: other properties`, at.additionalProperties, false),
    ...expectEqual(`${path}: properties`, Object.keys(at.properties ?? {}).sort().join(), properties.map((property) => property.getName()).sort().join()),
    ...expectEqual(`${path}: required`, [...(at.required ?? [])].sort().join(), properties.filter((property) => !property.isOptional()).map((property) => property.getName()).sort().join()),
    ...properties.flatMap((property) => differences(typeOf(property), at.properties?.[property.getName()] ?? {}, `${path}.${property.getName()}`, seen)),
  ];
}

function unionDifferences(union: Type, at: Schema, path: string, seen: Set<string>): string[] {
  const members = union.getUnionTypes();
  if (members.every((member) => member.isStringLiteral())) return expectEqual(path, (at.enum ?? []).map(String).sort().join(), members.map((member) => String(member.getLiteralValue())).sort().join());
  const branches = [...(at.anyOf ?? [at])].flatMap((branch) => branch.oneOf ?? [branch]);
  const label = (branch: Schema) => resolve(branch).properties?.["kind"]?.const ?? branch.$ref ?? JSON.stringify(resolve(branch).properties?.["placeholder"] ?? branch.type);
  const wanted = members.map((member) => {
    const tag = member.isObject() || member.isIntersection() ? (member.getProperty("kind") ?? member.getProperty("placeholder")) : undefined;
    const branch = branches.find((candidate) => {
      if (tag === undefined) return candidate.type === member.getText() || candidate.$ref === `#/$defs/${member.getSymbol()?.getName()}` || (member.getStringIndexType() !== undefined && typeof candidate.additionalProperties === "object");
      const tagged = resolve(candidate).properties?.[tag.getName()];
      const literals = typeOf(tag).isUnion() ? typeOf(tag).getUnionTypes().map((literal) => literal.getLiteralValue()) : [typeOf(tag).getLiteralValue()];
      return [tagged?.const, ...(tagged?.enum ?? [])].includes(literals[0]);
    });
    return { member, branch };
  });
  const extra = branches.filter((branch) => !wanted.some((found) => found.branch === branch)).map((branch) => `${path}: the types lack ${String(label(branch))}`);
  return [...extra, ...wanted.flatMap(({ member, branch }) => (branch === undefined ? [`${path}: the schema lacks ${member.getText()}`] : differences(member, branch, `${path}<${String(label(branch))}>`, seen)))];
}

function typeOf(property: TypeSymbol): Type {
  return property.getTypeAtLocation(types);
}

function resolve(given: Schema): Schema {
  return given.$ref === undefined ? given : (schema.$defs?.[given.$ref.replace("#/$defs/", "")] ?? {});
}

function expectEqual(path: string, actual: unknown, expected: unknown): string[] {
  return actual === expected ? [] : [`${path}: the schema has ${JSON.stringify(actual)}, the types have ${JSON.stringify(expected)}`];
}

test("every field of the types is in the schema, with its type, and the reverse", () => {
  const seen = new Set<string>();
  const found = differences(types.getInterfaceOrThrow("Document").getType(), schema, "Document", seen);
  assert.equal(found, []);
  assert.ok(seen.size > 100, "the comparison reaches the whole of the IR");
});

test("the comparison sees a missing, a superfluous and a changed field", () => {
  const document = types.getInterfaceOrThrow("Document").getType();
  const changed = (change: (copy: Schema) => void): string[] => {
    const copy = structuredClone(schema);
    change(copy);
    return differences(document, copy, "Document", new Set());
  };
  assert.is(changed((copy) => delete copy.properties?.["entry"]).length > 0, true);
  assert.is(changed((copy) => Object.assign(copy.properties ?? {}, { more: { type: "string" } })).length > 0, true);
  assert.is(changed((copy) => Object.assign(copy.properties?.["entry"] ?? {}, { type: "number" })).length > 0, true);
});

test("the schema was made of the types as they are", async () => {
  const { irSchema } = (await import(`${root}/compiler/build/ir-schema.mjs`)) as { irSchema(): string };
  assert.is(text, irSchema(), "run: node compiler/build/ir-schema.mjs");
});

test("the schema is valid JSON Schema 2020-12 in the strict mode of ajv, and every definition has a use", () => {
  const ajv = new Ajv2020(ajvOptions);
  assert.is(ajv.validateSchema(schema as object), true);
  assert.type(ajv.compile(schema as object), "function");
  for (const name of Object.keys(schema.$defs ?? {})) assert.ok(text.includes(`"#/$defs/${name}"`), `${name} is used`);
});

test.run();
