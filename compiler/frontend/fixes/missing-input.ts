/** An input that a call lacks. */
import { ts } from "ts-morph";
import type { Fix } from "../../diagnostics/diagnostic.ts";
import type { Context } from "../context.ts";
import { spanBetween } from "../span-between.ts";
import { propertyText } from "./default-values.ts";
import { nodeAt } from "./places.ts";

/** Adds what an object literal lacks of the type that is asked for; or the object, where the call has none. */
export function missingInput(context: Context, file: ts.SourceFile, start: number, end: number): Fix | undefined {
  const node = nodeAt(file, start, end);
  if (node === undefined) return undefined;
  if (ts.isObjectLiteralExpression(node)) return withMembers(context, file, node);
  const call = ts.isCallExpression(node.parent) && node.parent.expression === node ? node.parent : ts.isCallExpression(node) ? node : undefined;
  return call === undefined || call.arguments.length > 0 ? undefined : withObject(context, file, call);
}

function withMembers(context: Context, file: ts.SourceFile, literal: ts.ObjectLiteralExpression): Fix | undefined {
  const wanted = context.checker.getContextualType(literal);
  if (wanted === undefined || literal.properties.some((property) => ts.isSpreadAssignment(property))) return undefined;
  const given = new Set(literal.properties.map((property) => property.name?.getText(file).replace(/^["']|["']$/g, "")));
  const added = membersOf(context, wanted, literal, given);
  if (added === undefined) return undefined;
  const last = literal.properties.at(-1);
  if (last === undefined) return fixOf(context, file, literal.getStart(file), literal.end, added, `{ ${added.texts.join(", ")} }`);
  return fixOf(context, file, last.end, last.end, added, `, ${added.texts.join(", ")}`);
}

function withObject(context: Context, file: ts.SourceFile, call: ts.CallExpression): Fix | undefined {
  const { checker } = context;
  const parameter = checker.getResolvedSignature(call)?.parameters[0];
  if (parameter === undefined) return undefined;
  const type = checker.getTypeOfSymbol(parameter);
  // The inputs may be the first of a tuple of arguments.
  const inputs = checker.isTupleType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : type;
  const added = inputs === undefined ? undefined : membersOf(context, inputs, call, new Set());
  return added === undefined ? undefined : fixOf(context, file, call.end - 1, call.end - 1, added, `{ ${added.texts.join(", ")} }`);
}

interface Added {
  names: string[];
  texts: string[];
}

/** What the type asks for and is not given; undefined where there is nothing, or no value for it. */
function membersOf(context: Context, type: ts.Type, at: ts.Node, given: ReadonlySet<string | undefined>): Added | undefined {
  const missing = type.getProperties().filter((member) => (member.flags & ts.SymbolFlags.Optional) === 0 && !given.has(member.name));
  const texts = missing.map((member) => propertyText(context, member.name, context.checker.getTypeOfSymbol(member), at));
  return missing.length === 0 || texts.includes(undefined) ? undefined : { names: missing.map(({ name }) => name), texts: texts.flatMap((text) => text ?? []) };
}

function fixOf(context: Context, file: ts.SourceFile, start: number, end: number, { names }: Added, newText: string): Fix {
  const title = `Add the ${names.length === 1 ? "input" : "inputs"} ${names.map((name) => `"${name}"`).join(", ")}`;
  return { title, edits: [{ span: spanBetween(context, file, start, end), newText }] };
}
