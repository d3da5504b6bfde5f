/** TypeScript's own errors, as diagnostics of hmc. */
import { ts } from "ts-morph";
import type { Diagnostic, RelatedSpan } from "../diagnostics/diagnostic.ts";
import type { Span } from "../ir/types.ts";
import { opBodyRanges } from "./blank.ts";
import type { Context } from "./context.ts";
import { typescriptFix } from "./fixes/typescript-fixes.ts";
import type { Scope } from "./project-options.ts";
import { spanBetween } from "./span-between.ts";

/** Errors that say that a module is not found: `HMC0009` says it. */
const unresolved = new Set([2307, 2792, 2882]);
/** A remark on the overloads of "op": it says nothing of the user's code. */
const overloadRemark = 2793;

/**
 * The errors of the user's files, in order of file and place.
 *
 * @param scope with `pipeline`, what is wrong inside the body of an op is left out: `hmc check` finds it
 */
export function typescriptErrors(context: Context, scope: Scope): Diagnostic[] {
  const found: Diagnostic[] = [];
  // Why there are no types for these paths has been reported.
  const failed = [...context.componentFiles].flatMap(([call, file]) => (file === undefined ? (call.arguments[0] ?? []) : []));
  for (const file of context.files) {
    const syntactic = context.program.getSyntacticDiagnostics(file);
    const errors = syntactic.length > 0 ? syntactic : context.program.getSemanticDiagnostics(file);
    if (errors.length === 0) continue;
    const bodies = scope === "pipeline" ? opBodyRanges(file) : [];
    for (const error of errors) {
      if (error.category !== ts.DiagnosticCategory.Error || unresolved.has(error.code)) continue;
      if (failed.some((path) => path.getSourceFile() === file && path.getStart() === error.start)) continue;
      if (syntactic.length === 0 && bodies.some((body) => body.start <= (error.start ?? 0) && (error.start ?? 0) < body.end)) continue;
      found.push(toDiagnostic(context, error));
    }
  }
  return found;
}

function toDiagnostic(context: Context, error: ts.Diagnostic): Diagnostic {
  const span = spanOf(context, error);
  const related: RelatedSpan[] = (error.relatedInformation ?? []).flatMap((information) => {
    if (information.code === overloadRemark) return [];
    const at = information.file !== undefined && /\.d\.[cm]?ts$/.test(information.file.fileName) ? undefined : spanOf(context, information);
    return at === undefined ? [] : [{ message: ts.flattenDiagnosticMessageText(information.messageText, "\n"), span: at }];
  });
  const fix = typescriptFix(context, error);
  return { code: `TS${error.code}`, severity: "error", message: taskForArtifact(context, error) ?? ts.flattenDiagnosticMessageText(error.messageText, "\n"), ...(span === undefined ? {} : { span }), related, ...(fix === undefined ? {} : { fix }) };
}

/** What to say where a whole task was given for one of its artifacts: `{ table: load }` for `{ table: load.table }`. */
function taskForArtifact(context: Context, error: ts.Diagnostic): string | undefined {
  if (error.file === undefined || error.start === undefined || !ts.flattenDiagnosticMessageText(error.messageText, "\n").includes('"~hmc.artifact"')) return undefined;
  const property = propertyAt(error.file, error.start);
  const value = property === undefined ? undefined : ts.isPropertyAssignment(property) ? property.initializer : property.name;
  if (property === undefined || value === undefined) return undefined;
  const type = context.checker.getTypeAtLocation(value);
  if (type.getProperty("after") === undefined) return undefined;
  const isArtifact = (member: ts.Symbol): boolean => context.checker.getTypeOfSymbol(member).getProperty("~hmc.artifact") !== undefined;
  const artifacts = type.getProperties().filter(isArtifact).map((member) => `"${value.getText()}.${member.name}"`);
  const advice = artifacts.length === 0 ? "It gives no artifact: pass one of another task." : `Pass ${artifacts.length > 1 ? "one of its artifacts" : "its artifact"}: ${artifacts.join(", ")}.`;
  return `"${property.name.getText()}" takes an artifact, but "${value.getText()}" is a task. ${advice}`;
}

/** The property of an object literal whose name stands at an offset. */
function propertyAt(file: ts.SourceFile, start: number): ts.PropertyAssignment | ts.ShorthandPropertyAssignment | undefined {
  const find = (node: ts.Node): ts.PropertyAssignment | ts.ShorthandPropertyAssignment | undefined => {
    if ((ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && node.name.getStart(file) === start) return node;
    return ts.forEachChild(node, (child) => (child.pos <= start && start < child.end ? find(child) : undefined));
  };
  return find(file);
}

function spanOf(context: Context, { file, start, length = 0 }: ts.DiagnosticRelatedInformation): Span | undefined {
  return file === undefined || start === undefined ? undefined : spanBetween(context, file, start, start + length);
}
