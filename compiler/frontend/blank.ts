/**
 * Blanks what the checker need not see of a file: the bodies of ops whose result type is written down, and the
 * declarations and imports that only these bodies use. Length and lines stay, so every position stays right.
 */
import { ts } from "ts-morph";

export interface Blanked {
  /** As long as the source, with the same line breaks. */
  text: string;
  /** Imports that are no longer in the text: where their specifier stands in the source. */
  imports: { specifier: string; start: number; end: number }[];
  /** Whether an op body that is still in the text names a global of Node, such as `Buffer`. */
  needsNode: boolean;
}

interface Range {
  start: number;
  end: number;
}

/** Globals that need Node's types. `console` and `process` are not among them: the frontend declares these itself. */
const nodeGlobals = new Set([
  "Buffer", "fetch", "URL", "URLSearchParams", "setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "queueMicrotask",
  "structuredClone", "performance", "crypto", "AbortController", "AbortSignal", "TextEncoder", "TextDecoder", "require", "module", "__dirname", "__filename",
  "global", "NodeJS", "Blob", "ReadableStream", "WritableStream", "Response", "Request", "Headers", "FormData", "WebSocket",
]);

export const nodeModules = new Set([
  "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram", "diagnostics_channel", "dns", "domain", "events",
  "fs", "fs/promises", "http", "http2", "https", "inspector", "module", "net", "os", "path", "path/posix", "path/win32", "perf_hooks", "process", "punycode",
  "querystring", "readline", "readline/promises", "repl", "stream", "stream/promises", "stream/web", "string_decoder", "timers", "timers/promises", "tls",
  "tty", "url", "util", "util/types", "v8", "vm", "wasi", "worker_threads", "zlib",
]);

/** Names of the functions of `"hmc"` that a file uses, by the local name. */
interface LanguageNames {
  /** Local names of `op`. */
  ops: Set<string>;
  /** Local names of the whole module: `import * as hmc from "hmc"`. */
  namespaces: Set<string>;
}

/**
 * @param fileName decides between `.ts` and `.tsx`
 * @param text the source
 */
export function blank(fileName: string, text: string): Blanked {
  // Without the word there is no op to blank, and nothing to parse for.
  if (!/\bop\b/.test(text)) return { text, imports: [], needsNode: [...text.matchAll(/(?:from|import)\s*["']([^"'\n]+)["']/g)].some(([, specifier = ""]) => isNodeModule(specifier)) };
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  // A file with a syntax error is shown to the checker as it is, so that the error is the user's own.
  if ((source as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length > 0) return { text, imports: [], needsNode: false };
  const implementations = opImplementations(source);
  const characters = new Replacement(text);
  const blanked = new Set<ts.Node>();
  for (const { type, body } of implementations) {
    if (type !== undefined && characters.replaceBody({ start: body.getStart(source), end: body.end })) blanked.add(body);
  }
  const removed = blanked.size === 0 ? [] : blankUnused(source, blanked, characters);
  const gone = new Set<ts.Statement>(removed);
  const needsNode = source.statements.some((statement) => !gone.has(statement) && importsNode(statement)) || implementations.some(({ body }) => !blanked.has(body) && namesNodeGlobal(body));
  const imports = removed.flatMap((statement) => {
    const specifier = ts.isImportDeclaration(statement) ? statement.moduleSpecifier : undefined;
    return specifier !== undefined && ts.isStringLiteral(specifier) ? [{ specifier: specifier.text, start: specifier.getStart(source), end: specifier.end }] : [];
  });
  return { text: characters.text(), imports, needsNode };
}

/** The bodies of the ops of a file. */
export function opBodyRanges(source: ts.SourceFile): Range[] {
  return opImplementations(source).map(({ body }) => ({ start: body.getStart(source), end: body.end }));
}

/** Whether a module name is one of Node's own. */
export function isNodeModule(specifier: string): boolean {
  return specifier.startsWith("node:") || nodeModules.has(specifier);
}

function importsNode(statement: ts.Statement): boolean {
  return (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier !== undefined && ts.isStringLiteral(statement.moduleSpecifier) && isNodeModule(statement.moduleSpecifier.text);
}

function languageNames(source: ts.SourceFile): LanguageNames {
  const names: LanguageNames = { ops: new Set(), namespaces: new Set() };
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier) || statement.moduleSpecifier.text !== "hmc") continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) names.namespaces.add(bindings.name.text);
    else for (const element of bindings.elements) if ((element.propertyName ?? element.name).text === "op") names.ops.add(element.name.text);
  }
  return names;
}

/** The functions given to `op(…)`. */
function opImplementations(source: ts.SourceFile): (ts.ArrowFunction | ts.FunctionExpression)[] {
  const names = languageNames(source);
  const found: (ts.ArrowFunction | ts.FunctionExpression)[] = [];
  if (names.ops.size === 0 && names.namespaces.size === 0) return found;
  const visit = (node: ts.Node): void => {
    if (!ts.isCallExpression(node) || !isOpCallee(node.expression, names)) {
      ts.forEachChild(node, visit);
      return;
    }
    const implementation = node.arguments[node.arguments.length - 1];
    if (implementation !== undefined && (ts.isArrowFunction(implementation) || ts.isFunctionExpression(implementation))) found.push(implementation);
  };
  visit(source);
  return found;
}

function isOpCallee(callee: ts.Expression, names: LanguageNames): boolean {
  if (ts.isIdentifier(callee)) return names.ops.has(callee.text);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === "op" && ts.isIdentifier(callee.expression) && names.namespaces.has(callee.expression.text);
}

function namesNodeGlobal(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return nodeGlobals.has(node.text) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node);
  return ts.forEachChild(node, (child) => namesNodeGlobal(child) || undefined) ?? false;
}

/**
 * Blanks imports, and declarations that are not exported, of which no name is left in the text. What goes may have
 * been the last user of something else, so this repeats until nothing more goes.
 */
function blankUnused(source: ts.SourceFile, blanked: Set<ts.Node>, characters: Replacement): ts.Statement[] {
  const removed: ts.Statement[] = [];
  const counts = new Map<string, number>();
  // Names that something blanked uses. A declaration that nothing ever used stays: its mistakes are to be seen.
  const released = new Set<string>();
  for (const body of blanked) addNames(body, released, new Set(), new Set());
  const open = new Map<ts.Statement, { declared: string[]; used: Set<string> }>();
  for (const statement of source.statements) {
    const used = namesUsed(statement, blanked);
    for (const name of used) counts.set(name, (counts.get(name) ?? 0) + 1);
    const declared = removableNames(statement);
    if (declared !== undefined) open.set(statement, { declared, used });
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const [statement, { declared, used }] of open) {
      // A recursive declaration is one use of its own name.
      if (declared.some((name) => (counts.get(name) ?? 0) > (used.has(name) ? 1 : 0))) continue;
      if (!ts.isImportDeclaration(statement) && !declared.some((name) => released.has(name))) continue;
      open.delete(statement);
      for (const name of used) {
        counts.set(name, (counts.get(name) ?? 1) - 1);
        released.add(name);
      }
      characters.blank({ start: statement.getStart(source), end: statement.end });
      removed.push(statement);
      changed = true;
    }
  }
  return removed.sort((a, b) => a.pos - b.pos);
}

/** The names that a statement declares, if it may go when nothing uses them. */
function removableNames(statement: ts.Statement): string[] | undefined {
  if (ts.isImportDeclaration(statement)) {
    const clause = statement.importClause;
    if (clause === undefined) return undefined;
    const names = clause.name === undefined ? [] : [clause.name.text];
    if (clause.namedBindings === undefined) return names;
    if (ts.isNamespaceImport(clause.namedBindings)) return [...names, clause.namedBindings.name.text];
    return [...names, ...clause.namedBindings.elements.map((element) => element.name.text)];
  }
  if (ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DeclareKeyword)) return undefined;
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement)) {
    return statement.name === undefined ? undefined : [statement.name.text];
  }
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.map((declaration) => (ts.isIdentifier(declaration.name) ? declaration.name.text : undefined));
    return names.some((name) => name === undefined) ? undefined : (names as string[]);
  }
  return undefined;
}

/** Every identifier of a statement outside the blanked bodies, without the names that an import declares. */
function namesUsed(statement: ts.Statement, blanked: Set<ts.Node>): Set<string> {
  const names = new Set<string>();
  if (ts.isImportDeclaration(statement)) return names;
  const declared = new Set<ts.Node>();
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement)) {
    if (statement.name !== undefined) declared.add(statement.name);
  }
  if (ts.isVariableStatement(statement)) for (const declaration of statement.declarationList.declarations) declared.add(declaration.name);
  addNames(statement, names, declared, blanked);
  return names;
}

/** Adds the identifiers of a node that stand for something in scope. */
function addNames(node: ts.Node, names: Set<string>, declared: Set<ts.Node>, blanked: Set<ts.Node>): void {
  if (declared.has(node) || blanked.has(node)) return;
  if (ts.isIdentifier(node)) {
    if (!(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) names.add(node.text);
    return;
  }
  ts.forEachChild(node, (child) => addNames(child, names, declared, blanked));
}

/** A text of which parts are overwritten with spaces. */
class Replacement {
  #source: string;
  #edits: { start: number; end: number; text: string }[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  blank(range: Range): void {
    this.#edits.push({ ...range, text: spaces(this.#source.slice(range.start, range.end)) });
  }

  /** Puts a body in place that has every type: one that throws. Gives false where there is no room for it. */
  replaceBody(range: Range): boolean {
    const body = spaces(this.#source.slice(range.start, range.end));
    const room = body.indexOf("        ", 1);
    if (room < 0 || room + 8 > body.length - 1) return false;
    this.#edits.push({ ...range, text: `{${body.slice(1, room)}throw 0;${body.slice(room + 8, -1)}}` });
    return true;
  }

  text(): string {
    let text = "";
    let at = 0;
    for (const edit of this.#edits.sort((a, b) => a.start - b.start || b.end - a.end)) {
      if (edit.start < at) continue;
      text += this.#source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return text + this.#source.slice(at);
  }
}

/** As many spaces, with the line breaks of the text. */
function spaces(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/g, " ");
}
