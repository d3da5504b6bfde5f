/** Opens the TypeScript program of an entry file: which files, which options, what the checker is shown of them. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import { textSpan } from "../diagnostics/text-span.ts";
import type { Host } from "../host.ts";
import type { Span } from "../ir/types.ts";
import { blank, isNodeModule, nodeModules } from "./blank.ts";
import { findComponentFiles, type ReadComponentFile } from "./component-files.ts";
import type { Context } from "./context.ts";
import { decodeText, hostFiles } from "./host-files.ts";
import type { ProgramCache } from "./program-cache.ts";
import { ancestors, compilerOptions, nodeTypes, type Scope } from "./project-options.ts";
import { spanBetween } from "./span-between.ts";

export interface Opened {
  /** Missing when the entry file cannot be read. */
  context?: Context;
  entryFile?: ts.SourceFile;
  /** Absolute: the nearest folder with a package.json or tsconfig.json, else that of the entry. */
  root: string;
  /** The source of every user file, by its path relative to the root, without byte order mark. */
  texts: Map<string, string>;
  /** What opening has found, and whatever is reported to the context later. */
  diagnostics: Diagnostic[];
}

/** The largest source file, in bytes. */
const sizeLimit = 4 * 1024 * 1024;

/** Stands in for Node's types, which take half a second to load, where a pipeline file reads its environment or an op logs. */
const globalDeclarations = `
declare var process: { readonly env: { [name: string]: string | undefined }; readonly argv: string[]; exitCode?: number | undefined; cwd(): string; exit(code?: number): never };
declare var console: { log(...data: unknown[]): void; info(...data: unknown[]): void; warn(...data: unknown[]): void; error(...data: unknown[]): void; debug(...data: unknown[]): void; table(data: unknown): void; time(label?: string): void; timeEnd(label?: string): void };
`;

/** Stands in for the modules of Node where its types are not installed: `hmc check` says so, the graph does not depend on them. */
const nodeDeclarations = ["node:*", ...nodeModules].map((name) => `declare module "${name}";\n`).join("");

/**
 * Opens the program of an entry file. Nothing of it is executed.
 *
 * @param entry a path, absolute or relative to the working directory of the host
 * @param options.readComponentFile reads the files that `component()` names; their declarations become part of the program
 * @param options.cache what an earlier version of the program has left
 * @param options.scope `pipeline` shows the checker no body of an op whose result type is written down, and nothing that only such bodies use
 */
export function openProgram(host: Host, entry: string, options: { scope: Scope; readComponentFile?: ReadComponentFile; cache?: ProgramCache }): Opened {
  const path = posix.resolve(host.cwd().replaceAll("\\", "/"), entry.replaceAll("\\", "/"));
  const directory = posix.dirname(path);
  const root = projectRoot(host, directory);
  const opened: Opened = { root, texts: new Map(), diagnostics: [] };
  const problem = entryProblem(host, path, entry);
  if (problem !== undefined) {
    opened.diagnostics.push(problem);
    return opened;
  }
  const sources = new Sources(root, options.scope, opened);
  const compilation = compilerOptions(host, directory, options.scope);
  const language = languageEntry(host, path, compilation);
  if (language !== undefined) compilation.paths = { ...compilation.paths, hmc: [language] };
  if (language !== undefined) sources.languageFolder = `${posix.dirname(language)}/`;
  const { cache } = options;
  const settings = cache === undefined ? "" : JSON.stringify(compilation);
  const files = hostFiles(host, directory, (file, bytes) => sources.prepare(file, bytes), cache === undefined ? undefined : { files: cache, settings });

  files.load(path);
  if (opened.diagnostics.length > 0) return opened;
  let roots = [path];
  const open = (more: string[], before?: ts.Program): ts.Program => {
    roots = [path, ...more];
    const make = (known: ts.Program | undefined): ts.Program => ts.createProgram(roots, compilation, files.compilerHost, known ?? before);
    return cache === undefined ? make(undefined) : cache.program(settings, roots, make);
  };
  const globals = posix.join(directory, "~hmc-globals.d.ts");
  const standsIn = !compilation.types?.includes("node");
  if (standsIn) files.add(globals, globalDeclarations);
  let program = open(standsIn ? [globals] : []);
  const types = standsIn && sources.needsNode ? nodeTypes(host, directory) : undefined;
  if (types !== undefined) program = open([types], program);
  else if (standsIn && sources.needsNode && options.scope === "pipeline") {
    const modules = posix.join(directory, "~hmc-node.d.ts");
    files.add(modules, nodeDeclarations);
    program = open([globals, modules], program);
  }

  const entryFile = program.getSourceFile(path);
  if (entryFile === undefined) return opened;
  const plain = contextOf(host, program, opened, sources, userFiles(program));
  const { calls, declarations, texts } = findComponentFiles(plain, plain.files, options.readComponentFile);
  for (const [file, text] of texts) opened.texts.set(file, text);
  for (const [file, text] of declarations) files.add(file, text);
  if (declarations.size > 0) program = open([...roots.slice(1), ...declarations.keys()], program);
  const context: Context = { ...plain, program, checker: program.getTypeChecker(), files: userFiles(program), componentFiles: calls };
  reportUnresolvedImports(context, sources);
  return { ...opened, context, entryFile };
}

/**
 * As `openProgram`, with a program that an editor has: whatever its files and options are, the checker is the editor's.
 *
 * @param entry absolute
 */
export function openGivenProgram(host: Host, entry: string, program: ts.Program, readComponentFile: ReadComponentFile | undefined): Opened {
  const root = projectRoot(host, posix.dirname(entry));
  const opened: Opened = { root, texts: new Map(), diagnostics: [] };
  const entryFile = program.getSourceFile(entry);
  if (entryFile === undefined) return opened;
  const sources = new Sources(root, "all", opened);
  const files = reachableFiles(program.getTypeChecker(), entryFile);
  for (const file of files) {
    if (file.text.length > sizeLimit) return opened;
    opened.texts.set(sources.relative(file.fileName), file.text);
  }
  const plain = contextOf(host, program, opened, sources, files);
  const { calls, texts } = findComponentFiles(plain, files, readComponentFile);
  for (const [file, text] of texts) opened.texts.set(file, text);
  const context: Context = { ...plain, componentFiles: calls };
  reportUnresolvedImports(context, sources);
  return { ...opened, context, entryFile };
}

/** A context in which nothing has been read yet. */
function contextOf(host: Host, program: ts.Program, opened: Opened, sources: Sources, files: readonly ts.SourceFile[]): Context {
  return {
    host,
    program,
    checker: program.getTypeChecker(),
    report: (found) => opened.diagnostics.push(found),
    reported: opened.diagnostics,
    spanOf: (node) => spanBetween(sources, node.getSourceFile(), node.getStart(), node.end),
    relative: sources.relative,
    files,
    componentFiles: new Map(),
    environment: new Set(),
  };
}

/** A file of the user, and those that it reaches by imports. */
function reachableFiles(checker: ts.TypeChecker, entry: ts.SourceFile): ts.SourceFile[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const statement of file.statements) {
      if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) || statement.moduleSpecifier === undefined) continue;
      for (const declaration of checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations ?? []) {
        if (ts.isSourceFile(declaration) && isUserFile(declaration.fileName) && !isLanguageFile(declaration.fileName)) found.add(declaration);
      }
    }
  }
  return [...found];
}

/** The nearest folder with a package.json or tsconfig.json, else the folder itself. */
function projectRoot(host: Host, directory: string): string {
  return ancestors(directory).find((folder) => host.fileExists(posix.join(folder, "package.json")) || host.fileExists(posix.join(folder, "tsconfig.json"))) ?? directory;
}

/** The files that the user wrote: no declarations, no packages, not the language itself. */
function userFiles(program: ts.Program): ts.SourceFile[] {
  return program.getSourceFiles().filter((file) => isUserFile(file.fileName) && !isLanguageFile(file.fileName));
}

function isUserFile(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file) && !file.includes("/node_modules/");
}

function isLanguageFile(file: string): boolean {
  return languageCandidates().some((candidate) => file.startsWith(`${posix.dirname(candidate)}/`));
}

/** What is wrong with the path of the entry file. */
function entryProblem(host: Host, path: string, entry: string): Diagnostic | undefined {
  if (host.directoryExists(path)) {
    const inside = host.readDirectory(path).map((file) => posix.basename(file.replaceAll("\\", "/")));
    const suggestion = inside.includes("pipeline.ts") ? "pipeline.ts" : inside.find((name) => isUserFile(name));
    return diagnostic("HMC0011", undefined, { file: entry, suggestion: suggestion === undefined ? undefined : posix.join(entry, suggestion) });
  }
  if (!host.fileExists(path)) {
    const names = host.readDirectory(posix.dirname(path)).map((file) => posix.basename(file.replaceAll("\\", "/"))).filter(isUserFile);
    const nearest = nearestName(posix.basename(path), names);
    return diagnostic("HMC0001", undefined, { file: entry, suggestion: nearest === undefined ? undefined : posix.join(posix.dirname(entry), nearest) });
  }
  if (!/\.[cm]?tsx?$/.test(path) || /\.d\.[cm]?ts$/.test(path)) return diagnostic("HMC0002", undefined, { file: entry });
  return undefined;
}

/** Where the language's declarations lie beside the running code: in a built package, or in the source tree. */
function languageCandidates(): string[] {
  return ["./language/index.d.ts", "../language/index.d.ts", "../language/index.ts"].map((path) => fileURLToPath(new URL(path, import.meta.url)).replaceAll("\\", "/"));
}

/**
 * Where `"hmc"` comes from when the usual resolution does not say, so that a pipeline in any folder compiles. A
 * project that finds hmc's own package, such as hmc itself, gets the declarations of the code that runs.
 */
function languageEntry(host: Host, entry: string, options: ts.CompilerOptions): string | undefined {
  const own = languageCandidates().find((file) => host.fileExists(file));
  const resolved = ts.resolveModuleName("hmc", entry, options, resolutionHost(host)).resolvedModule?.resolvedFileName;
  if (resolved === undefined || own === undefined) return own;
  const ownPackage = ancestors(posix.dirname(own)).find((folder) => host.fileExists(posix.join(folder, "package.json")));
  return ownPackage !== undefined && resolved.startsWith(`${ownPackage}/`) && !resolved.slice(ownPackage.length).includes("/node_modules/") ? own : undefined;
}

/** What TypeScript needs to find modules. */
export function resolutionHost(host: Host): ts.ModuleResolutionHost {
  return {
    fileExists: (file) => host.fileExists(file),
    readFile: (file) => {
      const bytes = host.readFile(file);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    directoryExists: (folder) => host.directoryExists(folder),
    realpath: (file) => host.realpath(file).replaceAll("\\", "/"),
    getCurrentDirectory: () => host.cwd(),
  };
}

function reportUnresolvedImports(context: Context, sources: Sources): void {
  const options = context.program.getCompilerOptions();
  const host = resolutionHost(context.host);
  const cache = ts.createModuleResolutionCache(context.host.cwd(), (name) => name, options);
  const resolves = (specifier: string, from: string): boolean => ts.resolveModuleName(specifier, from, options, host, cache).resolvedModule !== undefined;
  for (const file of context.files) {
    const report = (specifier: string, start: number, end: number): void => context.report(diagnostic("HMC0009", spanBetween(sources, file, start, end), { specifier }));
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      const specifier = statement.moduleSpecifier;
      if (specifier === undefined || !ts.isStringLiteral(specifier) || isNodeModule(specifier.text)) continue;
      if (context.checker.getSymbolAtLocation(specifier) === undefined && !resolves(specifier.text, file.fileName)) report(specifier.text, specifier.getStart(file), specifier.end);
    }
    for (const { specifier, start, end } of sources.blankedImports.get(file.fileName) ?? []) {
      if (!isNodeModule(specifier) && !resolves(specifier, file.fileName)) report(specifier, start, end);
    }
  }
}

/** The texts of one program. */
class Sources {
  readonly blankedImports = new Map<string, { specifier: string; start: number; end: number }[]>();
  /** Whether a file needs Node's types. */
  needsNode = false;
  languageFolder: string | undefined;
  #relative = new Map<string, string>();

  constructor(
    private readonly root: string,
    private readonly scope: Scope,
    private readonly opened: Opened,
  ) {}

  /** The text that the checker sees of a file. */
  prepare(path: string, bytes: Uint8Array): string {
    if (!isUserFile(path) || (this.languageFolder !== undefined && path.startsWith(this.languageFolder))) return decodeText(bytes).text;
    const file = this.relative(path);
    if (bytes.length > sizeLimit) {
      this.opened.diagnostics.push(diagnostic("HMC0005", startOf(file), { file, size: bytes.length, limit: sizeLimit }));
      return "";
    }
    const { text, invalidAt } = decodeText(bytes);
    if (invalidAt !== undefined) {
      const before = decodeText(bytes.subarray(0, invalidAt)).text;
      this.opened.diagnostics.push(diagnostic("HMC0004", textSpan(file, before, before.length, before.length + 1), { file, offset: invalidAt }));
      return "";
    }
    this.opened.texts.set(file, text);
    if (text.trim() === "" && this.opened.texts.size === 1) this.opened.diagnostics.push(diagnostic("HMC0003", startOf(file), { file }));
    if (this.scope === "all") return text;
    const blanked = blank(path, text);
    this.blankedImports.set(path, blanked.imports);
    this.needsNode ||= blanked.needsNode;
    return blanked.text;
  }

  readonly relative = (path: string): string => {
    let relative = this.#relative.get(path);
    if (relative === undefined) this.#relative.set(path, (relative = posix.relative(this.root, path)));
    return relative;
  };
}

function startOf(file: string): Span {
  return { file, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
