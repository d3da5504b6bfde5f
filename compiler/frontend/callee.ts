/**
 * What a call in a pipeline calls: an op, another pipeline, a function of the language, or a helper to inline.
 *
 * Works on symbols, one look at each: asking the checker for the type or signature of every call costs time that grows
 * with the square of their number.
 */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Context } from "./context.ts";
import { type LanguageFunction, languageFunction } from "./language-functions.ts";

/** An op or container. */
export interface ComponentCallee {
  kind: "op" | "container";
  /** The `op(…)` or `container(…)`; missing where only a declaration file is at hand. */
  declaration: ts.CallExpression | undefined;
  symbol: ts.Symbol;
  /** As declared, e.g. `createTraining`; for a default export the name of its file. */
  name: string;
}

/** A component or pipeline of a file. */
export interface FileCallee {
  kind: "file";
  /** The `component(…)`. */
  declaration: ts.CallExpression;
  /** As declared; missing where `component(…)` itself is called: `component("./score.yaml")({ … })`. */
  name?: string;
}

export interface PipelineCallee {
  kind: "pipeline";
  declaration: ts.CallExpression;
  symbol: ts.Symbol;
  name: string;
}

export interface FunctionCallee {
  kind: "function";
  declaration: ts.FunctionLikeDeclaration;
  name: string;
}

export type Callee =
  | ComponentCallee
  | PipelineCallee
  | FileCallee
  | FunctionCallee
  | { kind: "language"; name: LanguageFunction }
  /** Meant as an op or pipeline, but not one that can be used; this is reported. */
  | { kind: "invalid" };

interface Resolution {
  callee: Callee | undefined;
  /** Reports why the callee is invalid; called once, with the first place that uses it. */
  report?: ((at: ts.Node) => void) | undefined;
  /** What an invalid callee was meant to be. */
  brand?: Brand;
}

type Brand = "op" | "container" | "pipeline" | "component";

const resolutions = new WeakMap<Context, Map<ts.Symbol, Resolution>>();

/** What an expression in the position of a callee names; undefined where it is nothing that hmc knows. */
export function resolveCallee(context: Context, expression: ts.Expression): Callee | undefined {
  const callee = skipOuter(expression);
  if (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) return { kind: "function", declaration: callee, name: callee.name?.text ?? "function" };
  if (ts.isCallExpression(callee) && languageFunction(context, callee.expression) === "component") return { kind: "file", declaration: callee };
  const symbol = namedSymbol(context, callee);
  if (symbol === undefined) return undefined;
  return used(resolveSymbol(context, symbol), callee).callee;
}

/** What a name or member path names, without a word where that cannot be used. */
export function namedCallee(context: Context, expression: ts.Expression): Callee | undefined {
  const symbol = namedSymbol(context, expression);
  return symbol === undefined ? undefined : resolveSymbol(context, symbol).callee;
}

/** A resolution that something relies on: what is wrong with it is now reported, once. */
function used(resolution: Resolution, at: ts.Node): Resolution {
  resolution.report?.(at);
  resolution.report = undefined;
  return resolution;
}

/** The pipelines that a file exports, in order of the source. Exports that are pipelines by type only are reported. */
export function findPipelines(context: Context, sourceFile: ts.SourceFile): PipelineCallee[] {
  const module = context.checker.getSymbolAtLocation(sourceFile);
  if (module === undefined) return [];
  const found = new Map<ts.CallExpression, { callee: PipelineCallee; position: number }>();
  for (const exported of context.checker.getExportsOfModule(module)) {
    const resolution = resolveSymbol(context, exported);
    const { callee } = resolution.brand === "pipeline" ? used(resolution, exported.declarations?.[0] ?? sourceFile) : resolution;
    if (callee?.kind !== "pipeline") continue;
    const declaration = exported.declarations?.find((candidate) => candidate.getSourceFile() === sourceFile);
    const position = callee.declaration.getSourceFile() === sourceFile ? callee.declaration.pos : (declaration?.pos ?? sourceFile.end);
    if (!found.has(callee.declaration)) found.set(callee.declaration, { callee, position });
  }
  return [...found.values()].sort((a, b) => a.position - b.position).map(({ callee }) => callee);
}

/** The ops, containers and components of files that a file exports, also those of other files; each once. */
export function findComponents(context: Context, sourceFile: ts.SourceFile): (ComponentCallee | FileCallee)[] {
  const module = context.checker.getSymbolAtLocation(sourceFile);
  if (module === undefined) return [];
  const found = context.checker.getExportsOfModule(module).flatMap((exported) => {
    const { callee } = resolveSymbol(context, exported);
    return callee?.kind === "op" || callee?.kind === "container" || callee?.kind === "file" ? [callee] : [];
  });
  return [...new Set(found)];
}

/** The symbol behind imports and re-exports. */
export function originOf(context: Context, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
}

function resolveSymbol(context: Context, symbol: ts.Symbol): Resolution {
  let known = resolutions.get(context);
  if (known === undefined) resolutions.set(context, (known = new Map()));
  const origin = originOf(context, symbol);
  let resolution = known.get(origin);
  if (resolution === undefined) {
    // A constant that is defined by itself resolves to nothing.
    known.set(origin, { callee: undefined });
    known.set(origin, (resolution = resolveDeclaration(context, origin)));
  }
  return resolution;
}

function resolveDeclaration(context: Context, symbol: ts.Symbol): Resolution {
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (declaration === undefined) return { callee: undefined };
  if (ts.isFunctionDeclaration(declaration)) {
    const language = declaration.name === undefined ? undefined : languageFunction(context, declaration.name);
    if (language !== undefined) return { callee: { kind: "language", name: language } };
    const implementation = (symbol.declarations ?? []).find((candidate): candidate is ts.FunctionDeclaration => ts.isFunctionDeclaration(candidate) && candidate.body !== undefined);
    return { callee: implementation === undefined ? undefined : { kind: "function", declaration: implementation, name: symbol.name } };
  }
  if (ts.isMethodDeclaration(declaration) && ts.isObjectLiteralExpression(declaration.parent) && declaration.body !== undefined) return { callee: { kind: "function", declaration, name: symbol.name } };
  if (ts.isShorthandPropertyAssignment(declaration)) {
    const value = context.checker.getShorthandAssignmentValueSymbol(declaration);
    return value === undefined ? { callee: undefined } : resolveSymbol(context, value);
  }
  if (ts.isBindingElement(declaration)) {
    const member = destructuredSymbol(context, declaration);
    return member === undefined ? invalidIfBranded(context, symbol, declaration) : resolveSymbol(context, member);
  }
  const initializer = initializerOf(declaration);
  if (initializer === undefined) return ts.isVariableDeclaration(declaration) || ts.isPropertySignature(declaration) ? declaredOnly(context, symbol, declaration) : invalidIfBranded(context, symbol, declaration);
  const value = skipOuter(initializer);
  if (ts.isVariableDeclaration(declaration) && !isConst(declaration)) return invalidIfBranded(context, symbol, declaration);
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return { callee: { kind: "function", declaration: value, name: symbol.name } };
  if (ts.isCallExpression(value)) {
    const made = languageFunction(context, value.expression);
    if (made === "op" || made === "container" || made === "argoTemplate" || made === "pipeline" || made === "component") {
      const brand: Brand = made === "argoTemplate" ? "container" : made;
      if (!isOfModule(declaration)) return invalid(context, symbol, declaration, brand, "made inside a function");
      const name = symbol.name === "default" || symbol.name === "export=" ? fileName(declaration) : symbol.name;
      if (made === "component") return { callee: { kind: "file", declaration: value, name } };
      return { callee: { kind: brand, declaration: value, symbol, name } as Callee };
    }
    return isOfModule(declaration) ? invalidIfBranded(context, symbol, declaration) : { callee: undefined };
  }
  const other = namedSymbol(context, value);
  if (other !== undefined) return resolveSymbol(context, other);
  return invalidIfBranded(context, symbol, declaration);
}

/** The symbol that a name or a member path stands for: `train`, `ops.train`, `ops["train"]`. */
function namedSymbol(context: Context, expression: ts.Expression): ts.Symbol | undefined {
  if (ts.isIdentifier(expression)) {
    const parent = expression.parent;
    if (ts.isShorthandPropertyAssignment(parent)) return context.checker.getShorthandAssignmentValueSymbol(parent);
    return context.checker.getSymbolAtLocation(expression);
  }
  const object = ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression) ? skipOuter(expression.expression) : undefined;
  if (object === undefined) return undefined;
  const key = memberName(expression as ts.PropertyAccessExpression | ts.ElementAccessExpression);
  const owner = key === undefined ? undefined : namedSymbol(context, object);
  return owner === undefined || key === undefined ? undefined : memberSymbol(context, owner, key);
}

function memberName(expression: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(expression)) return ts.isIdentifier(expression.name) ? expression.name.text : undefined;
  return ts.isStringLiteralLike(expression.argumentExpression) ? expression.argumentExpression.text : undefined;
}

/** A member of a module, or of a constant object of a module. Values made in a pipeline have no such members. */
function memberSymbol(context: Context, owner: ts.Symbol, key: string): ts.Symbol | undefined {
  const origin = originOf(context, owner);
  if (origin.flags & (ts.SymbolFlags.Module | ts.SymbolFlags.Namespace)) return context.checker.tryGetMemberInModuleExports(key, origin);
  const declaration = origin.valueDeclaration;
  if (declaration === undefined) return undefined;
  if (ts.isShorthandPropertyAssignment(declaration)) {
    const value = context.checker.getShorthandAssignmentValueSymbol(declaration);
    return value === undefined ? undefined : memberSymbol(context, value, key);
  }
  const initializer = initializerOf(declaration);
  const value = initializer === undefined ? undefined : skipOuter(initializer);
  if (value !== undefined && ts.isObjectLiteralExpression(value)) return literalMember(context, value, key);
  const other = value === undefined ? undefined : namedSymbol(context, value);
  if (other !== undefined) return memberSymbol(context, other, key);
  if (!isOfModule(declaration) || !(ts.isVariableDeclaration(declaration) || ts.isPropertySignature(declaration))) return undefined;
  return context.checker.getTypeOfSymbol(origin).getProperty(key);
}

function literalMember(context: Context, object: ts.ObjectLiteralExpression, key: string): ts.Symbol | undefined {
  for (const property of [...object.properties].reverse()) {
    if (ts.isSpreadAssignment(property)) {
      const spread = skipOuter(property.expression);
      const owner = ts.isObjectLiteralExpression(spread) ? undefined : namedSymbol(context, spread);
      const member = ts.isObjectLiteralExpression(spread) ? literalMember(context, spread, key) : owner === undefined ? undefined : memberSymbol(context, owner, key);
      if (member !== undefined) return member;
    } else if (property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) && property.name.text === key) {
      return context.checker.getSymbolAtLocation(property.name);
    }
  }
  return undefined;
}

/** Of `const { train } = ops` the member `train` of `ops`. */
function destructuredSymbol(context: Context, element: ts.BindingElement): ts.Symbol | undefined {
  const owner = element.parent.parent;
  const key = element.propertyName ?? element.name;
  if (!ts.isObjectBindingPattern(element.parent) || !ts.isVariableDeclaration(owner) || owner.initializer === undefined || !isConst(owner) || !ts.isIdentifier(key)) return undefined;
  const object = namedSymbol(context, skipOuter(owner.initializer));
  return object === undefined ? undefined : memberSymbol(context, object, key.text);
}

/** A declaration without a value: an op of a package is known by its type. */
function declaredOnly(context: Context, symbol: ts.Symbol, declaration: ts.VariableDeclaration | ts.PropertySignature): Resolution {
  const brand = brandOf(context, symbol);
  if (brand === undefined) return { callee: undefined };
  if (!declaration.getSourceFile().isDeclarationFile) return invalidIfBranded(context, symbol, declaration);
  const name = symbol.name === "default" || symbol.name === "_default" ? fileName(declaration) : symbol.name;
  if (brand === "op") return { callee: { kind: "op", declaration: undefined, symbol, name } };
  const report = (at: ts.Node): void => {
    context.report(diagnostic("HMC2012", context.spanOf(at), { name, what: "a pipeline", file: context.relative(declaration.getSourceFile().fileName) }));
  };
  return { callee: { kind: "invalid" }, report, brand };
}

/** Something that is an op or pipeline by type, but of which the source does not say which. */
function invalidIfBranded(context: Context, symbol: ts.Symbol, declaration: ts.Declaration): Resolution {
  const brand = brandOf(context, symbol);
  if (brand === undefined) return { callee: undefined };
  return invalid(context, symbol, declaration, brand, reasonOf(declaration));
}

function reasonOf(declaration: ts.Declaration): string {
  if (ts.isParameter(declaration)) return "a parameter of a function";
  if (ts.isVariableDeclaration(declaration) && !isConst(declaration)) return "a variable that may change";
  if (!isOfModule(declaration)) return "made inside a function";
  const initializer = initializerOf(declaration);
  if (initializer !== undefined && ts.isConditionalExpression(skipOuter(initializer))) return "chosen by a condition";
  return "made by other code than a call of it";
}

function invalid(context: Context, symbol: ts.Symbol, declaration: ts.Declaration, brand: Brand, why: string): Resolution {
  const what = brand === "op" ? "an op" : `a ${brand}`;
  const at = (declaration as ts.NamedDeclaration).name ?? declaration;
  return { callee: { kind: "invalid" }, brand, report: () => context.report(diagnostic("HMC2010", context.spanOf(at), { name: symbol.name, what, why })) };
}

/** Whether a value is an op or pipeline by its type: one look at a symbol. */
function brandOf(context: Context, symbol: ts.Symbol): "op" | "pipeline" | undefined {
  const type = context.checker.getTypeOfSymbol(symbol);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some((part) => part.getProperty("~hmc.op") !== undefined)) return "op";
  return parts.some((part) => part.getProperty("~hmc.pipeline") !== undefined) ? "pipeline" : undefined;
}

function initializerOf(declaration: ts.Declaration): ts.Expression | undefined {
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) return declaration.initializer;
  return ts.isExportAssignment(declaration) ? declaration.expression : undefined;
}

/** Whether a declaration stands at the top of its module, or in a constant object that does. */
function isOfModule(declaration: ts.Declaration): boolean {
  for (let node: ts.Node = declaration; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isBlock(node)) return false;
  }
  return true;
}

function isConst(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

function fileName(declaration: ts.Declaration): string {
  const path = declaration.getSourceFile().fileName;
  return path.slice(path.lastIndexOf("/") + 1).replace(/(?:\.d)?\.[cm]?tsx?$/, "");
}

/** An expression without parentheses, `as`, `satisfies` and `!`. */
export function skipOuter(expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isNonNullExpression(inner) || ts.isTypeAssertionExpression(inner)) inner = inner.expression;
  return inner;
}
