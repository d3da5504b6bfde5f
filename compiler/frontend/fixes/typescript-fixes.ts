/** What mends an error of TypeScript in a pipeline. */
import { ts } from "ts-morph";
import type { Fix } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import type { Context } from "../context.ts";
import { elseBranch } from "./else-branch.ts";
import { fallbackValue } from "./fallback-value.ts";
import { missingInput } from "./missing-input.ts";
import { nodeAt, spanBetween } from "./places.ts";

/** An error of TypeScript, and where it is. */
interface Place {
  context: Context;
  file: ts.SourceFile;
  start: number;
  end: number;
  message: string;
}

/** The fix of an error, if there is one that surely mends it. */
export function typescriptFix(context: Context, { code, file, start, length = 0, messageText }: ts.Diagnostic): Fix | undefined {
  if (file === undefined || start === undefined) return undefined;
  const place: Place = { context, file, start, end: start + length, message: ts.flattenDiagnosticMessageText(messageText, "\n") };
  return spelling(place) ?? (byCode[code] ?? []).map((fix) => fix(place)).find((fix) => fix !== undefined);
}

type Find = (place: Place) => Fix | undefined;

/** A property that is not known, beside one of almost the same name. */
const misspelt: Find = ({ context, file, start, end }) => {
  const node = nodeAt(file, start, end);
  const literal = node === undefined ? undefined : ts.findAncestor(node, ts.isObjectLiteralExpression);
  const type = literal === undefined ? undefined : context.checker.getContextualType(literal);
  const name = type === undefined ? undefined : nearestName(file.text.slice(start, end), type.getProperties().map((member) => member.name));
  return name === undefined ? undefined : { title: `Write "${name}"`, edits: [{ span: spanBetween(context, file, start, end), newText: name }] };
};
const missing: Find = ({ context, file, start, end }) => missingInput(context, file, start, end);
const fallback: Find = ({ context, file, start, end }) => fallbackValue(context, file, start, end);

/** By the code of TypeScript: not assignable, properties missing, a property unknown, arguments missing, possibly undefined, used before it is assigned. */
const byCode: Record<number, readonly Find[]> = {
  2322: [fallback, missing],
  2345: [missing, fallback],
  2739: [missing],
  2741: [missing],
  2353: [misspelt],
  2554: [missing],
  2532: [fallback],
  18048: [fallback],
  2454: [({ context, file, start, end }) => elseBranch(context, file, start, end)],
};

/** "Did you mean 'depth'?" */
function spelling({ context, file, start, end, message }: Place): Fix | undefined {
  const [, name] = /Did you mean (?:to write )?'([^']+)'\?/.exec(message) ?? [];
  const written = file.text.slice(start, end);
  if (name === undefined || !/^(?:[\w$]+|(["']).*\1)$/.test(written)) return undefined;
  const quote = /^["']/.exec(written)?.[0] ?? "";
  return { title: `Write "${name.replace(/^"|"$/g, "")}"`, edits: [{ span: spanBetween(context, file, start, end), newText: /^["']/.test(name) ? name : `${quote}${name}${quote}` }] };
}
