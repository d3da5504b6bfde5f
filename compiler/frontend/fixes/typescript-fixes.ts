/** What mends an error of TypeScript in a pipeline. */
import { ts } from "ts-morph";
import type { Fix } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import type { Context } from "../context.ts";
import { spanBetween } from "../span-between.ts";
import { elseBranch } from "./else-branch.ts";
import { fallbackValue } from "./fallback-value.ts";
import { missingInput } from "./missing-input.ts";
import { nodeAt } from "./places.ts";

/** The fix of an error, if there is one that surely mends it. */
export function typescriptFix(context: Context, { code, file, start, length = 0, messageText }: ts.Diagnostic): Fix | undefined {
  if (file === undefined || start === undefined) return undefined;
  const end = start + length;
  return spelling(context, file, start, end, ts.flattenDiagnosticMessageText(messageText, "\n")) ?? (byCode[code] ?? []).map((fix) => fix(context, file, start, end)).find((fix) => fix !== undefined);
}

/** By the code of TypeScript: not assignable, properties missing, a property unknown, arguments missing, possibly undefined, used before it is assigned. */
const byCode: Record<number, readonly ((context: Context, file: ts.SourceFile, start: number, end: number) => Fix | undefined)[]> = {
  2322: [fallbackValue, missingInput],
  2345: [missingInput, fallbackValue],
  2739: [missingInput],
  2741: [missingInput],
  2353: [misspeltProperty],
  2554: [missingInput],
  2532: [fallbackValue],
  18048: [fallbackValue],
  2454: [elseBranch],
};

/** A property that is not known, beside one of almost the same name. */
function misspeltProperty(context: Context, file: ts.SourceFile, start: number, end: number): Fix | undefined {
  const node = nodeAt(file, start, end);
  const literal = node === undefined ? undefined : ts.findAncestor(node, ts.isObjectLiteralExpression);
  const type = literal === undefined ? undefined : context.checker.getContextualType(literal);
  const name = type === undefined ? undefined : nearestName(file.text.slice(start, end), type.getProperties().map((member) => member.name));
  return name === undefined ? undefined : { title: `Write "${name}"`, edits: [{ span: spanBetween(context, file, start, end), newText: name }] };
}

/** "Did you mean 'depth'?" */
function spelling(context: Context, file: ts.SourceFile, start: number, end: number, message: string): Fix | undefined {
  const [, name] = /Did you mean (?:to write )?'([^']+)'\?/.exec(message) ?? [];
  const written = file.text.slice(start, end);
  if (name === undefined || !/^(?:[\w$]+|(["']).*\1)$/.test(written)) return undefined;
  const quote = /^["']/.exec(written)?.[0] ?? "";
  return { title: `Write "${name.replace(/^"|"$/g, "")}"`, edits: [{ span: spanBetween(context, file, start, end), newText: /^["']/.test(name) ? name : `${quote}${name}${quote}` }] };
}
