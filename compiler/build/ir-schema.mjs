/**
 * Makes `schemas/ir.schema.json` of `compiler/ir/types.ts`, whose comments become descriptions.
 * `node compiler/build/ir-schema.mjs` after a change of the types; a test compares the two.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { root, writeAtomically } from "./files.mjs";

/** The schema of the IR, as text. */
export function irSchema(source = readFileSync(join(root, "compiler/ir/types.ts"), "utf8")) {
  const file = ts.createSourceFile("types.ts", source, ts.ScriptTarget.ES2022, true);
  const declarations = new Map();
  const constants = new Map();
  for (const statement of file.statements) {
    if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) declarations.set(statement.name.text, statement);
    if (ts.isVariableStatement(statement)) for (const { name, initializer } of statement.declarationList.declarations) constants.set(name.getText(), initializer.text);
  }
  const $defs = {};

  const described = (node, schema) => {
    const description = ts.getJSDocCommentsAndTags(node).map((comment) => ts.getTextOfJSDocComment(comment.comment)?.replace(/\s+/g, " ")).filter(Boolean).join(" ");
    return description === "" ? schema : { description, ...schema };
  };

  /** The same for a member of a union, whose comment stands before its `|`. */
  const commented = (part, schema) => {
    const before = part.parent.types.filter((other) => other.end < part.pos).at(-1)?.end ?? part.parent.pos;
    const comment = /\/\*\*(.*?)\*\//s.exec(source.slice(before, part.getStart()))?.[1];
    return comment === undefined ? schema : { description: comment.replace(/\s*\n?\s*\*?\s+/g, " ").trim(), ...schema };
  };

  /** The members of an object type, of all its parts; undefined where the type is no object. */
  const membersOf = (type) => {
    if (ts.isParenthesizedTypeNode(type)) return membersOf(type.type);
    if (ts.isTypeLiteralNode(type)) return [...type.members];
    if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(membersOf);
    if (ts.isTypeReferenceNode(type)) {
      const declaration = declarations.get(type.typeName.getText());
      if (declaration === undefined) return undefined;
      if (ts.isTypeAliasDeclaration(declaration)) return membersOf(declaration.type);
      return membersOfInterface(declaration);
    }
    return undefined;
  };
  const membersOfInterface = (declaration) => [
    ...(declaration.heritageClauses ?? []).flatMap(({ types }) => types.flatMap(({ expression }) => membersOfInterface(declarations.get(expression.getText())))),
    ...declaration.members,
  ];

  const object = (members) => {
    const own = [...members].sort((a, b) => Number(tag(b) !== undefined) - Number(tag(a) !== undefined));
    const required = own.filter((member) => member.questionToken === undefined).map((member) => member.name.text);
    return {
      type: "object",
      properties: Object.fromEntries(own.map((member) => [member.name.text, described(member, schemaOf(member.type))])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  };

  /** The property that tells the members of a union apart, with its literals. */
  const tag = (member) => {
    const name = member.name.text;
    if (name !== "kind" && name !== "placeholder") return undefined;
    const literals = (ts.isUnionTypeNode(member.type) ? member.type.types : [member.type]).map((type) => type.literal?.text);
    return literals.includes(undefined) ? undefined : { name, literals };
  };

  /** The parts of a union, those of named unions in it, too; each with the name of its definition. */
  const partsOf = (type, owner) => {
    if (ts.isUnionTypeNode(type)) return type.types.flatMap((part) => partsOf(part, owner));
    if (ts.isTypeReferenceNode(type)) {
      const name = type.typeName.getText();
      const declaration = declarations.get(name);
      if (name !== "Json" && declaration !== undefined && ts.isTypeAliasDeclaration(declaration) && ts.isUnionTypeNode(declaration.type)) return partsOf(declaration.type, name);
    }
    return [{ type, owner }];
  };

  const reference = (name) => {
    if ($defs[name] === undefined) {
      $defs[name] = {};
      const declaration = declarations.get(name);
      Object.assign($defs[name], described(declaration, ts.isInterfaceDeclaration(declaration) ? object(membersOfInterface(declaration)) : schemaOf(declaration.type, name)));
    }
    return { $ref: `#/$defs/${name}` };
  };

  const union = (type, owner) => {
    const parts = partsOf(type, owner);
    if (parts.some((part) => part.type.getText() === "Json")) return {};
    if (parts.every((part) => ts.isLiteralTypeNode(part.type))) return { enum: parts.map((part) => part.type.literal.text) };
    const tagged = parts.map((part) => ({ ...part, tag: membersOf(part.type)?.map(tag).find((found) => found !== undefined) }));
    const plain = tagged.filter((part) => part.tag === undefined).map((part) => schemaOf(part.type));
    const variants = tagged.filter((part) => part.tag !== undefined);
    if (variants.length === 0) return { anyOf: plain };
    const discriminated = {
      type: "object",
      discriminator: { propertyName: variants[0]?.tag.name },
      oneOf: variants.map((part) => {
        if (ts.isTypeReferenceNode(part.type)) return reference(part.type.typeName.getText());
        const name = `${part.owner}.${part.tag.literals[0]}`;
        if ($defs[name] === undefined) {
          $defs[name] = {};
          Object.assign($defs[name], commented(part.type, object(membersOf(part.type))));
        }
        return { $ref: `#/$defs/${name}` };
      }),
    };
    return plain.length === 0 ? discriminated : { anyOf: [...plain, discriminated] };
  };

  const schemaOf = (type, owner) => {
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string" };
      case ts.SyntaxKind.NumberKeyword:
        return { type: "number" };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
      case ts.SyntaxKind.ParenthesizedType:
        return schemaOf(type.type, owner);
      case ts.SyntaxKind.LiteralType:
        return { const: type.literal.text };
      case ts.SyntaxKind.TypeQuery:
        return { const: constants.get(type.exprName.getText()) };
      case ts.SyntaxKind.ArrayType:
        return { type: "array", items: schemaOf(type.elementType) };
      case ts.SyntaxKind.UnionType:
        return union(type, owner);
      case ts.SyntaxKind.TypeLiteral:
      case ts.SyntaxKind.IntersectionType:
        return object(membersOf(type));
      case ts.SyntaxKind.TypeReference: {
        const name = type.typeName.getText();
        if (name === "Json") return {};
        if (name === "Record") return { type: "object", additionalProperties: schemaOf(type.typeArguments[1]) };
        if (name === "NonNullable") return schemaOf(type.typeArguments[0]);
        return reference(name);
      }
      default:
        throw new Error(`The type "${type.getText()}" of the IR has no JSON Schema here.`);
    }
  };

  reference("Document");
  const { description, ...document } = $defs.Document;
  delete $defs.Document;
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "ir.schema.json",
    title: "hmc intermediate representation",
    description: ts.getTextOfJSDocComment(file.statements[0].jsDoc?.[0]?.comment)?.replace(/\s+/g, " "),
    ...document,
    $defs: Object.fromEntries(Object.entries($defs).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeAtomically(join(root, "schemas/ir.schema.json"), irSchema());
}
