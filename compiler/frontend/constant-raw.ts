/** `String.raw` of constants. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";
import { type Folded } from "./folded.ts";

/**
 * The text as it is written, escapes and all; undefined for another tag.
 *
 * @param fold gives the constants in the template
 */
export function foldRaw(context: Context, node: ts.TaggedTemplateExpression, fold: (part: ts.Expression) => Folded | undefined): Folded | undefined {
  const { tag, template } = node;
  if (!ts.isPropertyAccessExpression(tag) || tag.name.text !== "raw" || !ts.isIdentifier(tag.expression) || tag.expression.text !== "String" || !isGlobal(context, tag.expression)) return undefined;
  if (ts.isNoSubstitutionTemplateLiteral(template)) return { kind: "value", value: rawText(template), node };
  let text = rawText(template.head);
  for (const span of template.templateSpans) {
    const part = fold(span.expression);
    if (part === undefined || (part.kind !== "value" && part.kind !== "undefined")) return undefined;
    text += (part.kind === "value" ? String(part.value) : "undefined") + rawText(span.literal);
  }
  return { kind: "value", value: text, node };
}

/** The source of a piece of a template between its quotes and braces; in a template, every line ends with a line feed. */
function rawText(node: ts.TemplateLiteralLikeNode): string {
  const source = node.getText();
  const end = node.kind === ts.SyntaxKind.TemplateHead || node.kind === ts.SyntaxKind.TemplateMiddle ? 2 : 1;
  return source.slice(1, source.length - end).replace(/\r\n?/g, "\n");
}

/** Whether a name is the one of the standard library, not one of the user. */
function isGlobal(context: Context, name: ts.Identifier): boolean {
  return context.checker.getSymbolAtLocation(name)?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) === true;
}
