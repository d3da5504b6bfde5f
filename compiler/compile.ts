/** The way from a source file to the file of a target, for the command line and for users of the library. */
import { Bug } from "./bug.ts";
import { readComponentFile } from "./component-files.lazy.ts";
import type { Diagnostic, SourceSpan } from "./diagnostics/diagnostic.ts";
import { diagnostic } from "./diagnostics/diagnostic.ts";
import { withoutFollowUps } from "./diagnostics/follow-ups.ts";
import { withImports } from "./diagnostics/imports.ts";
import { nearestName } from "./diagnostics/nearest.ts";
import { applySuppressions } from "./diagnostics/suppress.ts";
import { analyse, analyseInStages, distinct, type Analysis as FrontendAnalysis, type AnalyseOptions as FrontendOptions } from "./frontend/analyse.ts";
import type { ProgramCache } from "./frontend/program-cache.ts";
import type { Host } from "./host.ts";
import { printDocument } from "./ir/print.ts";
import type { Document, Pipeline, TaskOptions } from "./ir/types.ts";
import { assertDocument, validateDocument } from "./ir/validate.ts";
import { checkDocument, isCheckedAt } from "./rules/index.ts";
import { emitArgo, type ArgoOptions } from "./targets/argo/index.ts";
import { argoVersionOf, argoVersions, defaultArgoVersion } from "./targets/argo/versions.ts";
import { emitKfp, kfpDefaults, type KfpOptions } from "./targets/kfp/index.ts";
import { refusal, type Emission } from "./targets/emission.ts";
import { version } from "./version.ts";

export type EmittedTarget = "kfp" | "argo";
export type Target = EmittedTarget | "ir";

export interface AnalyseOptions {
  /** Options of every task: the lowest layer. */
  defaults?: TaskOptions;
  /** Milliseconds from any start, for `timings`; the host's clock where it is missing. */
  clock?: () => number;
}

export interface CheckOptions extends AnalyseOptions {
  /** `pipeline`: what the pipelines reach; `all`: the bodies of ops, too. */
  scope: "pipeline" | "all";
  /** `exported`: also ops that no pipeline calls, and files without a pipeline. */
  ops?: "called" | "exported";
  /** `local` leaves out what matters only on a cluster, such as images. */
  place?: Place;
}

export type Place = "cluster" | "local";

export interface CompileOptions extends AnalyseOptions {
  target: Target;
  /** The pipeline, as written or by its id; needed where the entry exports several and the target holds one. */
  pipeline?: string;
  kfp?: Partial<KfpOptions>;
  /** The version as people write it: `4.0`, `v3.7.16`. */
  argo?: Partial<Omit<ArgoOptions, "version"> & { version: string }>;
}

export interface Stage {
  name: string;
  milliseconds: number;
}

export interface Analysis {
  /** Missing where the frontend has found an error. */
  document?: Document;
  diagnostics: Diagnostic[];
  /** Sources by their path relative to the project root. */
  texts: Map<string, string>;
  /** The project root, absolute. */
  root: string;
  timings: Stage[];
}

export interface Compilation extends Analysis {
  /** The pipeline that was compiled; missing for the target `ir`. */
  pipeline?: Pipeline;
  /** The text of the target's file; missing where there are errors, or code. */
  output?: string;
  /** Ops whose code the file must carry and which was not given: `compileWithCode` asks for it. */
  missingCode: string[];
}

/** Whether the result can be used. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((found) => found.severity === "error");
}

/**
 * Analyses and checks a file without compiling it to a target.
 *
 * @param entry absolute path
 */
export function check(host: Host, entry: string, options: CheckOptions): Analysis {
  const { result } = start(host, entry, options);
  return { ...result, diagnostics: suppressed(result, options.place ?? "cluster", false) };
}

/** A check whose first answer needs no check of all types. */
export interface StagedCheck {
  /** What the graph and the rules say, without the errors of TypeScript. */
  quick: Analysis;
  /** What `check` gives. */
  whole(): Analysis;
}

/**
 * As `check`, in two steps, for editors.
 *
 * @param entry absolute path
 * @param options.cache what the check of an earlier version of the files has left
 * @param options.program in its place, the program that an editor has of them
 * @param options.targets the whole answer also says what these targets cannot do, of every exported pipeline
 */
export function checkInStages(host: Host, entry: string, options: CheckOptions & { targets: readonly EmittedTarget[] } & ({ cache: ProgramCache } | { program: FrontendOptions["program"] & {} })): StagedCheck {
  const place = options.place ?? "cluster";
  const staged = analyseInStages(host, entry, { ...frontendOptions(options), ...("cache" in options ? { cache: options.cache } : { program: options.program }) });
  const withoutTypes = withRules(staged.quick, place, untimed, [], "trusted");
  const quick = { ...withoutTypes, diagnostics: suppressed(withoutTypes, place, false) };
  return {
    quick,
    whole: () => {
      const analysed = staged.whole();
      // Without an error of TypeScript, the rules have said what they have to say.
      const isSame = analysed.diagnostics.length === staged.quick.diagnostics.length;
      const result = isSame ? withoutTypes : withRules(analysed, place, untimed, [], "trusted");
      const { document } = result;
      if (document === undefined || document.exported.length === 0 || options.targets.length === 0 || !canEmit(result.diagnostics)) {
        return isSame ? quick : { ...result, diagnostics: suppressed(result, place, false) };
      }
      const emitted = options.targets.flatMap((target) => document.exported.flatMap((id) => {
        const pipeline = document.pipelines[id];
        return pipeline === undefined ? [] : emit(document, pipeline, { target }, new Map(), true).diagnostics;
      }));
      const all = { ...result, diagnostics: distinct([...result.diagnostics, ...emitted]) };
      return { ...all, diagnostics: suppressed(all, place, true) };
    },
  };
}

/**
 * Compiles one file. What carries the code of ops needs `compileWithCode`.
 *
 * @param entry absolute path of the file that exports the pipeline
 * @returns the text of the target, or the errors that stand in the way; all of them at once
 */
export function compile(host: Host, entry: string, options: CompileOptions): Compilation {
  return compiled(start(host, entry, { ...options, scope: "pipeline" }), options, new Map());
}

/** Gives the bundles of ops by their ids, or what is wrong with them; the root is that of the project, absolute. */
export type BundleCode = (document: Document, root: string, ops: readonly string[]) => Promise<{ bundles: ReadonlyMap<string, string>; diagnostics: Diagnostic[] }>;

/**
 * As `compile`, also where the file carries the code of ops.
 *
 * @param bundle makes the code; called only where some is needed
 */
export async function compileWithCode(host: Host, entry: string, options: CompileOptions, bundle: BundleCode): Promise<Compilation> {
  const started = start(host, entry, { ...options, scope: "pipeline" });
  const first = compiled(started, options, new Map());
  if (first.document === undefined || first.missingCode.length === 0) return first;
  const { bundles, diagnostics } = await bundle(first.document, first.root, first.missingCode);
  const second = hasErrors(diagnostics) ? first : compiled(started, options, bundles);
  return { ...second, diagnostics: [...second.diagnostics, ...diagnostics] };
}

function compiled({ result, time }: Started, options: CompileOptions, inline: ReadonlyMap<string, string>): Compilation {
  const compilation: Compilation = { ...result, missingCode: [] };
  const { document } = result;
  let isEmitted = false;
  if (document !== undefined) {
    const choice = options.target === "ir" && options.pipeline === undefined ? undefined : choosePipeline(document, options.pipeline);
    if (choice !== undefined && "diagnostic" in choice) compilation.diagnostics = [...result.diagnostics, choice.diagnostic];
    else if (choice === undefined) compilation.output = time("print", () => printDocument(document));
    else {
      compilation.pipeline = choice.pipeline;
      if (options.target === "ir") compilation.output = time("print", () => printDocument({ ...document, exported: [choice.pipeline.id] }));
      else if (canEmit(result.diagnostics)) {
        const emitted = time("emit", () => emit(document, choice.pipeline, options, inline));
        compilation.diagnostics = [...result.diagnostics, ...emitted.diagnostics];
        isEmitted = true;
        compilation.missingCode = emitted.missing;
        if (emitted.yaml !== undefined) compilation.output = emitted.yaml;
      }
    }
  }
  compilation.diagnostics = suppressed(compilation, "cluster", isEmitted);
  if (hasErrors(compilation.diagnostics)) delete compilation.output;
  return compilation;
}

/** The file of the target that runs pipelines. */
function emit(document: Document, pipeline: Pipeline, options: Pick<CompileOptions, "target" | "kfp" | "argo">, inline: ReadonlyMap<string, string>, isCheck = false): Emission {
  const common = { entrypoint: [...kfpDefaults.entrypoint], toolVersion: version(), inline, isCheck };
  if (options.target === "kfp") return emitKfp(document, pipeline.id, { ...kfpDefaults, ...common, ...options.kfp });
  const { version: wanted = defaultArgoVersion, ...argo } = options.argo ?? {};
  const known = argoVersionOf(wanted);
  if (known === undefined) return refusal([diagnostic("HMC4150", undefined, { version: wanted, known: argoVersions })]);
  return emitArgo(document, pipeline.id, { repository: "s3", ...common, ...argo, version: known });
}

/** Errors of options (HMC302x, HMC303x) and of lint leave the graph whole: the target can still say what it finds. */
function canEmit(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.every((found) => found.severity !== "error" || /^HMC(?:30[23]|5)/.test(found.code));
}

/** Without what comments suppress. A suppression is unused only if its code was looked for. */
function suppressed(analysis: Analysis, place: Place, isEmitted: boolean): Diagnostic[] {
  const isRead = analysis.document !== undefined && analysis.diagnostics.every((found) => found.severity !== "error" || /^HMC[345]/.test(found.code));
  const isChecked = (code: string): boolean => isRead && isCheckedAt(place, code) && (isEmitted || !code.startsWith("HMC4"));
  return applySuppressions(withoutFollowUps(analysis.diagnostics, analysis.texts), analysis.texts, { isChecked });
}

interface Started {
  result: Analysis;
  time: <T>(name: string, stage: () => T) => T;
}

function start(host: Host, entry: string, options: CheckOptions): Started {
  const clock = options.clock ?? (() => host.now().getTime());
  const timings: Stage[] = [];
  const place = options.place ?? "cluster";
  const time = <T>(name: string, stage: () => T): T => {
    const before = clock();
    const value = stage();
    timings.push({ name, milliseconds: clock() - before });
    return value;
  };
  const analysed = time("analyse", () => analyse(host, entry, frontendOptions(options)));
  return { result: withRules(analysed, place, time, timings), time };
}

function frontendOptions({ scope, ops, defaults }: CheckOptions): Parameters<typeof analyse>[2] {
  return { scope, ops: ops ?? "called", readComponentFile, ...(defaults === undefined ? {} : { defaults }) };
}

function untimed<T>(_: string, stage: () => T): T {
  return stage();
}

/**
 * What the frontend has found, and what the rules say of its document.
 *
 * @param trust `trusted`: the document is not checked against its schema, which costs an editor a tenth of each answer
 */
function withRules(analysed: FrontendAnalysis, place: Place, time: <T>(name: string, stage: () => T) => T, timings: Stage[], trust: "checked" | "trusted" = "checked"): Analysis {
  const result = ruled(analysed, place, time, timings, trust);
  return { ...result, diagnostics: withImports(result.diagnostics, analysed.texts) };
}

function ruled(analysed: FrontendAnalysis, place: Place, time: <T>(name: string, stage: () => T) => T, timings: Stage[], trust: "checked" | "trusted"): Analysis {
  const result: Analysis = { diagnostics: analysed.diagnostics, texts: analysed.texts, root: analysed.root, timings };
  const { document } = analysed;
  if (document === undefined) return result;
  result.document = document;
  if (hasErrors(analysed.diagnostics)) {
    // The document may lack what could not be read: rules say what else is surely wrong, but not what seems unused or missing.
    if ("errors" in validateDocument(document)) return result;
    result.diagnostics = [...analysed.diagnostics, ...time("rules", () => errorsOfIncomplete(document, place))];
    return result;
  }
  if (trust === "checked") time("validate", () => assertDocument(document, "The frontend"));
  result.diagnostics = [...analysed.diagnostics, ...time("rules", () => checkDocument(document, place).filter((found) => !isAdviceOnFile(found)))];
  return result;
}

/** Advice is about what one writes, not about component files of others; what is wrong in those stays an error. */
function isAdviceOnFile({ severity, span }: Diagnostic): boolean {
  return severity !== "error" && span !== undefined && !/\.[cm]?tsx?$/.test(span.file);
}

function errorsOfIncomplete(document: Document, place: Place): Diagnostic[] {
  try {
    return checkDocument(document, place).filter((found) => found.severity === "error");
  } catch (error) {
    if (error instanceof Bug) return [];
    throw error;
  }
}

/**
 * The pipeline to compile or to run: the named one, or the only one.
 *
 * @param name as written in the source or the id
 */
export function choosePipeline(document: Document, name: string | undefined): { pipeline: Pipeline } | { diagnostic: Diagnostic } {
  const exported = document.exported.flatMap((id) => document.pipelines[id] ?? []);
  const [first, ...others] = exported;
  if (name === undefined) {
    if (first !== undefined && others.length === 0) return { pipeline: first };
    const names = exported.map((pipeline) => pipeline.id);
    if (first === undefined) return { diagnostic: diagnostic("HMC0006", startOf(document.entry), { file: document.entry }) };
    const related = others.map((pipeline) => ({ message: `"${pipeline.id}" is another one`, span: pipeline.span }));
    return { diagnostic: diagnostic("HMC0007", first.span, { file: document.entry, names }, { related }) };
  }
  const found = exported.find((pipeline) => pipeline.id === name || pipeline.name === name);
  if (found !== undefined) return { pipeline: found };
  const known = exported.map((pipeline) => pipeline.id);
  return { diagnostic: diagnostic("HMC0008", first?.span ?? startOf(document.entry), { name, known, suggestion: nearestName(name, known) }) };
}

function startOf(file: string): SourceSpan {
  return { file, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
