/** Types of the checker → types of the IR: what of TypeScript can cross from one container to another. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { ArtifactType, ParameterType, StructProperty, ValueType } from "../ir/types.ts";
import type { Context } from "./context.ts";
import { descriptionOf } from "./descriptions.ts";
import { literalOrder } from "./literal-order.ts";

const { TypeFlags } = ts;

/** Properties that a task result has beside its outputs. */
export const handleMembers = new Set(["~hmc.task", "after", "before"]);

/**
 * The IR type of a TypeScript type.
 *
 * `undefined` in a union is ignored: whether a value is optional is the caller's to say. Recursive types, `unknown` and
 * unions of several shapes are any JSON inside of lists and objects, and errors at the top.
 *
 * @param at where to report; for a declaration, its written type also tells the order of literals
 * @param path what the value is called in messages, e.g. `train.rows`
 * @returns undefined when the type cannot cross, which is then reported
 */
export function valueType(context: Context, type: ts.Type, at: ts.Node, path: string): ValueType | undefined {
  return new TypeReader(context, at).read(type, path, 0);
}

/** The parts of a union without `undefined` and `void`; a type that is no union is its only part. */
export function unionParts(type: ts.Type): ts.Type[] {
  return (type.isUnion() ? type.types : [type]).filter((part) => !(part.flags & (TypeFlags.Undefined | TypeFlags.Void)));
}

/** Whether a type allows `undefined`. */
export function mayBeUndefined(type: ts.Type): boolean {
  return (type.isUnion() ? type.types : [type]).some((part) => (part.flags & (TypeFlags.Undefined | TypeFlags.Void)) !== 0);
}

class TypeReader {
  /** Object types being read, outermost first. */
  #active: ts.Type[] = [];

  constructor(
    private readonly context: Context,
    private readonly at: ts.Node,
  ) {}

  /** @param depth 0 for the value itself, more inside of lists and objects */
  read(type: ts.Type, path: string, depth: number): ValueType | undefined {
    const parts = unionParts(type).map((part) => (part.isIntersection() ? primitivePart(part) : part));
    const nullable = parts.some((part) => part.flags & TypeFlags.Null);
    const solid = parts.filter((part) => !(part.flags & TypeFlags.Null));
    if (nullable && depth === 0) return this.#report("HMC2015", path, type);
    if (nullable && solid.length === 0) return { kind: "json" };
    const first = solid[0];
    if (first === undefined) return this.#report("HMC2002", path, type);
    if (solid.length === 1) return this.#readPart(first, path, depth, type);
    return this.#readUnion(solid, path, depth, type);
  }

  #readUnion(parts: ts.Type[], path: string, depth: number, type: ts.Type): ValueType | undefined {
    if (parts.every((part) => part.flags & TypeFlags.BooleanLike)) return { kind: "boolean" };
    if (parts.every((part) => part.flags & TypeFlags.StringLike)) {
      if (parts.every((part) => part.isStringLiteral())) return { kind: "string", literals: this.#literals(parts, type) as string[] };
      return { kind: "string" };
    }
    if (parts.every((part) => part.flags & TypeFlags.NumberLike || isInteger(part))) {
      if (parts.every((part) => part.isNumberLiteral())) {
        const literals = this.#literals(parts, type) as number[];
        return { kind: literals.every(Number.isInteger) ? "integer" : "number", literals };
      }
      return { kind: parts.every(isInteger) ? "integer" : "number" };
    }
    const brands = parts.map((part) => this.#artifact(part));
    if (brands.every((brand) => brand !== undefined)) {
      if (depth > 0) return this.#report("HMC2005", path, type);
      return { ...commonArtifact(brands), list: false };
    }
    const read = parts.map((part) => this.#readPart(part, path, Math.max(depth, 1), type));
    if (read.some((part) => part === undefined)) return undefined;
    const structs = read.filter((part): part is ParameterType & { kind: "struct" } => part?.kind === "struct");
    if (structs.length === read.length) return mergeStructs(structs);
    if (read.every((part) => part?.kind === "list")) return { kind: "list", items: { kind: "json" } };
    if (depth > 0) return { kind: "json" };
    return this.#report("HMC2003", path, type);
  }

  #readPart(type: ts.Type, path: string, depth: number, written: ts.Type): ValueType | undefined {
    const { checker } = this.context;
    if (type.flags & TypeFlags.Any) return this.#report("HMC2002", path, type);
    if (type.flags & (TypeFlags.Unknown | TypeFlags.NonPrimitive)) return depth > 0 ? { kind: "json" } : this.#report("HMC2002", path, type);
    if (type.flags & (TypeFlags.TypeParameter | TypeFlags.IndexedAccess | TypeFlags.Conditional | TypeFlags.Index | TypeFlags.Never)) return this.#report("HMC2002", path, type);
    if (type.isStringLiteral()) return { kind: "string", literals: [type.value] };
    if (type.isNumberLiteral()) return { kind: Number.isInteger(type.value) ? "integer" : "number", literals: [type.value] };
    if (type.flags & TypeFlags.StringLike) return { kind: "string" };
    if (type.flags & TypeFlags.NumberLike) return { kind: "number" };
    if (type.flags & TypeFlags.BooleanLike) return { kind: "boolean" };
    if (isInteger(type)) return { kind: "integer" };
    if (!(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return this.#report("HMC2001", path, written);

    const artifact = this.#artifact(type);
    if (artifact !== undefined) return depth > 0 ? this.#report("HMC2005", path, type) : { ...artifact, list: false };
    if (type.getProperty("~hmc.secret") !== undefined) return this.#report("HMC2004", path, type);
    if (type.getProperty("~hmc.configMap") !== undefined || type.getProperty("~hmc.field") !== undefined) return this.#report("HMC2001", path, type);
    if (type.getProperty("~hmc.status") !== undefined) return { kind: "status" };
    if (type.getProperty("~hmc.taskConfig") !== undefined) return depth > 0 ? this.#report("HMC2060", path, type) : { kind: "taskConfig" };
    const list = listType(type);
    if (list !== undefined) return this.#readList(list, path, depth);
    if (this.#cannotCross(type)) return this.#report("HMC2001", path, type);
    if (this.#active.includes(type)) return { kind: "json" };
    this.#active.push(type);
    const struct = this.#readStruct(type, checker, path, depth);
    this.#active.pop();
    return struct;
  }

  #readList(list: ts.Type, path: string, depth: number): ValueType | undefined {
    const { checker } = this.context;
    if (this.#active.includes(list)) return { kind: "json" };
    this.#active.push(list);
    try {
      const elements = checker.getTypeArguments(list as ts.TypeReference);
      if (checker.isTupleType(list)) {
        const tuple = elements.map((element, index) => this.#element(element, `${path}[${index}]`, depth + 1));
        if (!tuple.every((element) => element !== undefined)) return undefined;
        const target = (list as ts.TupleTypeReference).target;
        const items = sameType(tuple) ?? { kind: "json" };
        return target.hasRestElement || target.minLength !== elements.length ? { kind: "list", items } : { kind: "list", items, tuple };
      }
      const element = elements[0];
      if (element === undefined) return this.#report("HMC2002", path, list);
      const artifacts = unionParts(element).map((part) => this.#artifact(part));
      if (depth === 0 && artifacts.length > 0 && artifacts.every((artifact) => artifact !== undefined)) {
        return { ...commonArtifact(artifacts), list: true };
      }
      const items = this.#element(element, `${path}[]`, depth + 1);
      return items === undefined ? undefined : { kind: "list", items };
    } finally {
      this.#active.pop();
    }
  }

  #readStruct(type: ts.Type, checker: ts.TypeChecker, path: string, depth: number): ParameterType | undefined {
    const properties: Record<string, StructProperty> = {};
    const isTask = type.getProperty("~hmc.task") !== undefined;
    let complete = true;
    for (const property of checker.getPropertiesOfType(type)) {
      if (isTask && handleMembers.has(property.name)) continue;
      const declaration = property.valueDeclaration ?? property.declarations?.[0];
      const declared = checker.getTypeOfSymbol(property);
      const inner = new TypeReader(this.context, declaration !== undefined && !declaration.getSourceFile().isDeclarationFile ? declaration : this.at);
      inner.#active = this.#active;
      const read = inner.#parameter(declared, `${path}.${property.name}`, depth + 1);
      if (read === undefined) {
        complete = false;
        continue;
      }
      const nullable = unionParts(declared).some((part) => part.flags & TypeFlags.Null);
      const description = declaration === undefined ? undefined : descriptionOf(declaration);
      properties[property.name] = {
        type: read,
        optional: (property.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(declared),
        ...(nullable ? { nullable } : {}),
        ...(description === undefined ? {} : { description }),
      };
    }
    if (!complete) return undefined;
    const index = checker.getIndexInfosOfType(type)[0];
    if (index !== undefined) {
      const additional = this.#element(index.type, `${path}[${checker.typeToString(index.keyType)}]`, depth + 1);
      return additional === undefined ? undefined : { kind: "struct", properties, additional };
    }
    // `{}` and `object` say nothing of what is inside.
    return Object.keys(properties).length === 0 && !isTask ? { kind: "struct", properties, additional: { kind: "json" } } : { kind: "struct", properties };
  }

  /** An element of a list or a value under any key: one that may be missing is any JSON. */
  #element(type: ts.Type, path: string, depth: number): ParameterType | undefined {
    const read = this.#parameter(type, path, depth);
    const mayBeMissing = mayBeUndefined(type) || unionParts(type).some((part) => part.flags & TypeFlags.Null);
    return read !== undefined && mayBeMissing ? { kind: "json" } : read;
  }

  #parameter(type: ts.Type, path: string, depth: number): ParameterType | undefined {
    const read = this.read(type, path, depth);
    return read?.kind === "artifact" ? undefined : read;
  }

  #literals(parts: ts.Type[], type: ts.Type): (string | number)[] {
    return literalOrder(this.context, parts as ts.LiteralType[], type, this.at);
  }

  /** The schema of an artifact type; undefined for anything else. */
  #artifact(type: ts.Type): ArtifactSchema | undefined {
    const brand = type.flags & (TypeFlags.Object | TypeFlags.Intersection) ? type.getProperty("~hmc.artifact") : undefined;
    if (brand === undefined) return undefined;
    const [kind] = unionParts(this.context.checker.getTypeOfSymbol(brand));
    if (kind?.isStringLiteral() !== true) return anyArtifact;
    const instanceSchema = this.#marked(type, "schema ");
    const schemaVersion = this.#marked(type, "version ") ?? anyArtifact.schemaVersion;
    return { kind: "artifact", schemaTitle: kind.value, schemaVersion, ...(instanceSchema === undefined || instanceSchema === "" ? {} : { instanceSchema }) };
  }

  /** The text that the marks of an artifact type carry behind a word. */
  #marked(type: ts.Type, word: string): string | undefined {
    const property = type.getProperty("~hmc.schema");
    const marks = property === undefined ? [] : this.context.checker.getTypeOfSymbol(property).getProperties();
    return marks.find(({ name }) => name.startsWith(word))?.name.slice(word.length);
  }

  /** Functions, instances of classes, and what the standard library and Node declare: Date, Map, Promise, Buffer … */
  #cannotCross(type: ts.Type): boolean {
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return true;
    const symbol = type.getSymbol();
    if (symbol === undefined) return false;
    if (symbol.flags & ts.SymbolFlags.Class) return true;
    return (symbol.declarations ?? []).some((declaration) => {
      if (!ts.isInterfaceDeclaration(declaration)) return false;
      const file = declaration.getSourceFile();
      return this.context.program.isSourceFileDefaultLibrary(file) || file.fileName.includes("/node_modules/@types/node/");
    });
  }

  #report(code: "HMC2001" | "HMC2002" | "HMC2003" | "HMC2004" | "HMC2005" | "HMC2015" | "HMC2060", path: string, type: ts.Type): undefined {
    const name = this.context.checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
    const text = name.length > 120 ? `${name.slice(0, 119)}…` : name;
    this.context.report(diagnostic(code, this.context.spanOf(spanNode(this.at)), { path, type: text }));
    return undefined;
  }
}

type ArtifactSchema = Omit<ArtifactType, "list">;

const anyArtifact: ArtifactSchema = { kind: "artifact", schemaTitle: "system.Artifact", schemaVersion: "0.0.1" };

/** The schema that all have, else that of any artifact. */
function commonArtifact(schemas: ArtifactSchema[]): ArtifactSchema {
  const [first, ...others] = schemas;
  const text = JSON.stringify(first);
  return first !== undefined && others.every((schema) => JSON.stringify(schema) === text) ? first : anyArtifact;
}

/** What to underline of a declaration: its name and type, not its default or body. */
function spanNode(node: ts.Node): ts.Node {
  if ((ts.isPropertySignature(node) || ts.isParameter(node)) && node.type !== undefined) return node.type;
  if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isPropertyAssignment(node)) && ts.isIdentifier(node.name)) return node.name;
  return node;
}

/** Of `number & TaskHandle` the number; of an intersection of objects the intersection. */
function primitivePart(type: ts.IntersectionType): ts.Type {
  if (isInteger(type)) return type;
  return type.types.find((part) => part.flags & (TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike)) ?? type;
}

/** Of a list, or of the result of an op that is a list (`string[] & TaskHandle`), the list. */
function listType(type: ts.Type): ts.Type | undefined {
  for (const part of type.isIntersection() ? type.types : [type]) {
    const target = part.flags & TypeFlags.Object && (part as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference ? (part as ts.TypeReference).target : undefined;
    if (target === undefined) continue;
    if (target.objectFlags & ts.ObjectFlags.Tuple) return part;
    const name = target.symbol.name;
    if ((name === "Array" || name === "ReadonlyArray") && target.symbol.declarations?.[0]?.getSourceFile().isDeclarationFile === true) return part;
  }
  return undefined;
}

/** Whether a type is `Int`. */
function isInteger(type: ts.Type): boolean {
  if (!type.isIntersection() || !type.types.some((part) => part.flags & TypeFlags.NumberLike)) return false;
  return type.types.some((part) => part.flags & TypeFlags.Object && part.getProperty("~hmc.int") !== undefined);
}

function mergeStructs(structs: (ParameterType & { kind: "struct" })[]): ParameterType {
  const properties: Record<string, StructProperty> = {};
  for (const name of new Set(structs.flatMap((struct) => Object.keys(struct.properties)))) {
    const found = structs.flatMap((struct) => struct.properties[name] ?? []);
    const description = found.find((property) => property.description !== undefined)?.description;
    properties[name] = {
      type: mergeTypes(found.map((property) => property.type)),
      optional: found.length < structs.length || found.some((property) => property.optional),
      ...(found.some((property) => property.nullable) ? { nullable: true } : {}),
      ...(description === undefined ? {} : { description }),
    };
  }
  const additional = structs.flatMap((struct) => struct.additional ?? []);
  return additional.length === 0 ? { kind: "struct", properties } : { kind: "struct", properties, additional: mergeTypes(additional) };
}

function mergeTypes(types: ParameterType[]): ParameterType {
  const same = sameType(types);
  if (same !== undefined) return same;
  const literals = types.flatMap((type) => (type.kind === "string" ? (type.literals ?? []) : []));
  if (types.every((type) => type.kind === "string" && type.literals !== undefined)) return { kind: "string", literals: [...new Set(literals)] };
  const [kind, ...others] = new Set(types.map((type) => type.kind));
  return others.length === 0 && (kind === "string" || kind === "number" || kind === "integer") ? { kind } : { kind: "json" };
}

/** The type that all are, if they are all the same. */
function sameType(types: ParameterType[]): ParameterType | undefined {
  const [first, ...others] = types;
  const text = JSON.stringify(first);
  return others.every((type) => JSON.stringify(type) === text) ? first : undefined;
}

/** Whether a type of the IR is an artifact or a list of artifacts. */
export function isArtifact(type: ValueType): type is ArtifactType {
  return type.kind === "artifact";
}
