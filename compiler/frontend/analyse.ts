/** The frontend: from the entry file to the IR. */
import { createHash } from "node:crypto";
import type { ts } from "ts-morph";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { endlessCalls } from "../ir/endless.ts";
import { IR_VERSION, type Document, type Span, type TaskOptions } from "../ir/types.ts";
import { findComponents, findPipelines, type ComponentCallee, type FileCallee } from "./callee.ts";
import { visitInOrder } from "./check-order.ts";
import type { ReadComponentFile } from "./component-files.ts";
import { addInnerComponents, readFileTarget } from "./components.ts";
import { readContainer } from "./containers.ts";
import type { Context } from "./context.ts";
import type { Program } from "./lowering.ts";
import { readOp } from "./ops.ts";
import { readCalledPipeline, readPipeline } from "./pipelines.ts";
import { openGivenProgram, openProgram, type Opened } from "./program.ts";
import type { ProgramCache } from "./program-cache.ts";
import { typescriptErrors } from "./typescript-errors.ts";

export interface AnalyseOptions {
  /** `pipeline` checks what the graph depends on; `all` checks the bodies of ops as well. */
  scope: "pipeline" | "all";
  /** `called` (the default) reads the ops that pipelines call; `exported` also those that the entry exports, and asks for no pipeline. */
  ops?: "called" | "exported";
  /** Options of every task: the lowest layer. */
  defaults?: TaskOptions;
  /** Reads the files that `component()` names. */
  readComponentFile?: ReadComponentFile;
  /** What the analysis of an earlier version of the files has left. */
  cache?: ProgramCache;
  /** The program of an editor, to be read in place of one of its own. */
  program?: ts.Program;
}

/** An analysis whose first answer needs no check of all types. */
export interface StagedAnalysis {
  /** Without the errors of TypeScript, and so also with findings that only follow from them. */
  quick: Analysis;
  /** What `analyse` gives. */
  whole(): Analysis;
}

export interface Analysis {
  /** Missing when a file cannot be read or parsed, or the entry holds no pipeline with a body. With errors among the diagnostics it may be incomplete. */
  document?: Document;
  diagnostics: Diagnostic[];
  /** The text of every user file, by its path relative to the project root. */
  texts: Map<string, string>;
  /** The project root, absolute: the nearest folder with a package.json or tsconfig.json, else that of the entry. */
  root: string;
}

/**
 * Reads the pipelines of an entry file, without executing anything of it.
 *
 * @param entry absolute, or relative to the host's working directory
 */
export function analyse(host: Host, entry: string, options: AnalyseOptions): Analysis {
  const opened = openProgram(host, entry, options);
  visitVariables(opened);
  const { context, diagnostics } = opened;
  if (context !== undefined) diagnostics.push(...typescriptErrors(context, options.scope));
  return read(opened, options);
}

/**
 * As `analyse`, in two steps: the graph first, the check of all types when it is asked for. Both use one program, so the second knows the
 * types that the first has met.
 */
export function analyseInStages(host: Host, entry: string, options: AnalyseOptions): StagedAnalysis {
  const opened = options.program === undefined ? openProgram(host, entry, options) : openGivenProgram(host, entry, options.program, options.readComponentFile);
  const before = opened.diagnostics.length;
  const quick = read(opened, options);
  return {
    quick,
    whole: () => {
      visitVariables(opened);
      const errors = opened.context === undefined ? [] : typescriptErrors(opened.context, options.scope);
      return { ...quick, diagnostics: distinct([...quick.diagnostics.slice(0, before), ...errors, ...quick.diagnostics.slice(before)]) };
    },
  };
}

function visitVariables({ context }: Opened): void {
  if (context !== undefined) for (const file of context.files) visitInOrder(context, file);
}

/** The pipelines of an opened program. */
function read(opened: Opened, options: AnalyseOptions): Analysis {
  const { context, entryFile, diagnostics, texts, root } = opened;
  if (context === undefined || entryFile === undefined) return { diagnostics, texts, root };
  // The tree of a file with a syntax error says little of what was meant: anything else found in it would be noise.
  if (context.files.some((file) => context.program.getSyntacticDiagnostics(file).length > 0)) return { diagnostics, texts, root };
  const exported = findPipelines(context, entryFile);
  const components = options.ops === "exported" ? findComponents(context, entryFile) : [];
  if (exported.length === 0 && components.length === 0) {
    diagnostics.push(diagnostic("HMC0006", startOf(context.relative(entryFile.fileName)), { file: context.relative(entryFile.fileName) }));
    return { diagnostics, texts, root };
  }
  const program = newProgram(context);
  const ids: string[] = [];
  for (const callee of exported) {
    const pipeline = readPipeline(program, callee, []);
    if (pipeline !== undefined) ids.push(pipeline.id);
  }
  for (const callee of components) readExported(program, callee);
  addInnerComponents(program);
  if (ids.length === 0 && program.components.size === 0) return { diagnostics: distinct(diagnostics), texts, root };
  const document: Document = {
    irVersion: IR_VERSION,
    entry: context.relative(entryFile.fileName),
    sources: [...texts].map(([path, text]) => ({ path, sha256: createHash("sha256").update(text).digest("hex") })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    environment: [...context.environment].sort(),
    defaults: options.defaults ?? {},
    exported: ids,
    components: Object.fromEntries(program.components),
    pipelines: Object.fromEntries(program.pipelines),
  };
  for (const { path, task } of endlessCalls(document)) {
    const names = path.map(({ name }) => `"${name}"`).join(" → ");
    diagnostics.push(diagnostic("HMC1007", task.span, { path: names, why: "it calls itself on every path, so that it would never end. Put the call under a condition" }));
  }
  return { document, diagnostics: distinct(diagnostics), texts, root };
}

function startOf(file: string): Span {
  return { file, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** Adds an op that the entry exports, whether or not a pipeline calls it. */
function readExported(program: Program, callee: ComponentCallee | FileCallee): void {
  if (callee.kind === "file") {
    readFileTarget(program, callee, callee.declaration);
    return;
  }
  const component = callee.kind === "op" ? readOp(program.context, callee) : readContainer(program.context, callee);
  if (component === undefined) return;
  const known = program.components.get(component.id);
  if (known === undefined) program.components.set(component.id, component);
  else if (known !== component) {
    const related = [{ message: `"${known.name}" is declared here`, span: known.span }];
    program.context.report(diagnostic("HMC3004", component.span, { id: component.id, first: known.name, second: component.name }, { related }));
  }
}

/** What is read for several arms or items is reported once. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const known = new Set<string>();
  return diagnostics.filter(({ code, message, span }) => {
    const key = `${span?.file}:${span?.start}:${span?.end}:${code}:${message}`;
    return !known.has(key) && known.add(key);
  });
}

function newProgram(context: Context): Program {
  const program: Program = {
    context,
    components: new Map(),
    pipelines: new Map(),
    read: new Map(),
    active: new Map(),
    lifted: new Map(),
    importers: 0,
    files: new Map(),
    optionalOutputs: new Map(),
    readPipeline: (declaration, name, from) => readCalledPipeline(program, declaration, name, from),
  };
  return program;
}
