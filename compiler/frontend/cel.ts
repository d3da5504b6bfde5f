/** `` cel`…` `` and `cel.of(value, "…")`: CEL as it stands. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { parseCel } from "../expressions/cel-parser.lazy.ts";
import type { Expression, Span, ValueType } from "../ir/types.ts";
import { evaluate } from "./expressions.ts";
import { isLanguageConstant } from "./language-functions.ts";
import { report, type Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import { valueType } from "./types.ts";
import { invalid, type Value } from "./values.ts";

/** Whether a call is `cel.of(…)`. */
export function isCelOf(lowering: Lowering, node: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "of" && isLanguageConstant(lowering.context, node.expression.expression, "cel");
}

/** `cel.of<T>(value, text)`. */
export function lowerCelOf(lowering: Lowering, scope: Scope, node: ts.CallExpression): Value {
  const [given, written] = node.arguments;
  if (given === undefined || written === undefined) return invalid;
  const value = toExpression(lowering, evaluate(lowering, scope, given), given);
  const text = evaluate(lowering, scope, written);
  if (value === undefined || text.kind === "invalid") return invalid;
  if (text.kind !== "constant" || text.folded.kind !== "value" || typeof text.folded.value !== "string") return report(lowering, "HMC1011", written, { what: `The text of "cel.of()"` });
  const result = parseCel(text.folded.value);
  if ("message" in result) return report(lowering, "HMC1032", written, { problem: `${result.message} at character ${result.offset + 1}` });
  return asValue(lowering, node, [value, text.folded.value], node.typeArguments?.[0]);
}

/** `` cel<T>`…` ``; undefined for other tagged templates. */
export function lowerCel(lowering: Lowering, scope: Scope, node: ts.TaggedTemplateExpression): Value | undefined {
  if (!isLanguageConstant(lowering.context, node.tag, "cel")) return undefined;
  const { template } = node;
  if (ts.isNoSubstitutionTemplateLiteral(template)) return finish(lowering, node, [piece(template)], []);
  const values: { expression: Expression; node: ts.Node }[] = [];
  for (const { expression } of template.templateSpans) {
    const value = toExpression(lowering, evaluate(lowering, scope, expression), expression);
    if (value === undefined) return invalid;
    values.push({ expression: value, node: expression });
  }
  return finish(lowering, node, [piece(template.head), ...template.templateSpans.map(({ literal }) => piece(literal))], values);
}

/** The text between two values, and where it starts in the source. */
interface Piece {
  text: string;
  start: number;
}

/** CEL has escapes of its own, so only those that the template needs are undone. */
function piece(literal: ts.NoSubstitutionTemplateLiteral | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail): Piece {
  const opensWith = 1;
  return { text: (literal.rawText ?? literal.text).replace(/\\(`|\$\{)/g, "$1"), start: literal.getStart() + opensWith };
}

function finish(lowering: Lowering, node: ts.TaggedTemplateExpression, pieces: Piece[], values: { expression: Expression; node: ts.Node }[]): Value {
  const stand = "value";
  const result = parseCel(pieces.map(({ text }) => text).join(stand));
  if ("message" in result) {
    lowering.context.report(diagnostic("HMC1032", placeOf(lowering, node, pieces, values, stand.length, result.offset), { problem: result.message }));
    return invalid;
  }
  // The first part is text, also where it is empty: a value there would be that of `cel.of`.
  const parts = pieces.flatMap(({ text }, index): (string | Expression)[] => {
    const value = values[index]?.expression;
    return value === undefined ? (index > 0 && text === "" ? [] : [text]) : index > 0 && text === "" ? [value] : [text, value];
  });
  return asValue(lowering, node, parts, node.typeArguments?.[0]);
}

/** Where in the source a place of the whole text is. */
function placeOf(lowering: Lowering, node: ts.Node, pieces: Piece[], values: { node: ts.Node }[], standIn: number, offset: number): Span {
  let rest = offset;
  for (const [index, { text, start }] of pieces.entries()) {
    const value = values[index]?.node;
    if (rest < text.length || value === undefined) return characterAt(lowering, node, start + Math.min(rest, text.length));
    rest -= text.length;
    if (rest < standIn) return lowering.context.spanOf(value);
    rest -= standIn;
  }
  return lowering.context.spanOf(node);
}

function characterAt(lowering: Lowering, node: ts.Node, position: number): Span {
  const file = node.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return { ...lowering.context.spanOf(node), start: position, end: position + 1, line: line + 1, column: character + 1, endLine: line + 1, endColumn: character + 2 };
}

function asValue(lowering: Lowering, node: ts.Node, parts: (string | Expression)[], written: ts.TypeNode | undefined): Value {
  const { context } = lowering;
  const type: ValueType | undefined = written === undefined ? { kind: "boolean" } : valueType(context, context.checker.getTypeFromTypeNode(written), written, "cel");
  return type === undefined ? invalid : { kind: "expression", expression: { kind: "cel", parts, type, span: context.spanOf(node) } };
}
