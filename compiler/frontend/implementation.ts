/** Where the code of an op is found at run time: a module and one of its exports. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { emptySpan } from "../diagnostics/text-span.ts";
import type { OpComponent } from "../ir/types.ts";
import { type ComponentCallee, originOf } from "./callee.ts";
import type { Context } from "./context.ts";
import { nameOf } from "./inputs.ts";
import { resolutionHost } from "./program.ts";

type Implementation = OpComponent["implementation"];

/**
 * The module and export by which the entrypoint imports an op.
 *
 * @param place the declaration of the op
 * @returns undefined when the op is not exported, which is reported with a fix
 */
export function readImplementation(context: Context, callee: ComponentCallee, place: ts.Declaration): Implementation | undefined {
  const file = place.getSourceFile();
  if (file.isDeclarationFile) {
    const found = packageExport(context, callee, place);
    if (found !== undefined) return found;
  }
  const module = context.checker.getSymbolAtLocation(file);
  const name = module === undefined ? undefined : exportName(context, module, callee.symbol, place);
  if (name !== undefined) return { module: context.relative(file.fileName).replace(/\.d\.([cm]?)ts$/, ".$1js"), export: name };
  const statement = place.parent?.parent;
  const fix = statement !== undefined && ts.isVariableStatement(statement) && statement.parent === file
    ? { title: `Export "${callee.name}"`, edits: [{ span: emptySpan(context.spanOf(statement), "start"), newText: "export " }] }
    : undefined;
  context.report(diagnostic("HMC2011", context.spanOf(nameOf(place)), { name: callee.name, file: context.relative(file.fileName) }, fix === undefined ? {} : { fix }));
  return undefined;
}

/** Of an op that only has a declaration: the JavaScript of the package through which a user's file reaches it. */
function packageExport(context: Context, callee: ComponentCallee, place: ts.Declaration): Implementation | undefined {
  // `noDtsResolution` is TypeScript's own way to ask for the code instead of the types; its declarations leave it out.
  const options = { ...context.program.getCompilerOptions(), allowJs: true, noDtsResolution: true };
  for (const file of context.files) {
    for (const statement of file.statements) {
      if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) || statement.moduleSpecifier === undefined) continue;
      const module = context.checker.getSymbolAtLocation(statement.moduleSpecifier);
      const name = module === undefined ? undefined : exportName(context, module, callee.symbol, place);
      if (name === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const resolved = ts.resolveModuleName(statement.moduleSpecifier.text, file.fileName, options, resolutionHost(context.host)).resolvedModule;
      if (resolved !== undefined && !/\.d\.[cm]?ts$/.test(resolved.resolvedFileName)) return { module: context.relative(resolved.resolvedFileName), export: name };
    }
  }
  return undefined;
}

/** The export of a module that is the op, dotted for a member of an exported object. */
function exportName(context: Context, module: ts.Symbol, symbol: ts.Symbol, place: ts.Declaration): string | undefined {
  const direct = nameOfExport(context, module, symbol);
  if (direct !== undefined) return direct;
  const members: string[] = [];
  for (let node: ts.Node = place; !ts.isSourceFile(node); node = node.parent) {
    if ((ts.isPropertyAssignment(node) || ts.isPropertySignature(node)) && (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name))) members.unshift(node.name.text);
    if (ts.isVariableDeclaration(node)) {
      const owner = context.checker.getSymbolAtLocation(node.name);
      const name = owner === undefined || members.length === 0 ? undefined : nameOfExport(context, module, owner);
      return name === undefined ? undefined : [name, ...members].join(".");
    }
  }
  return undefined;
}

function nameOfExport(context: Context, module: ts.Symbol, symbol: ts.Symbol): string | undefined {
  const names = context.checker.getExportsOfModule(module).filter((exported) => originOf(context, exported) === symbol).map((exported) => exported.name);
  return names.find((name) => name === symbol.name) ?? names[0];
}
