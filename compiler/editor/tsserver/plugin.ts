/**
 * `hmc/tsserver-plugin`: hmc inside tsserver, for TypeScript 5 and 6. It works with the TypeScript that tsserver is, and adds findings, fixes and hovers to
 * its answers. Nothing that goes wrong in it reaches tsserver: an answer without hmc is that of TypeScript alone.
 */
import type ts from "typescript";
import type { ts as morph } from "ts-morph";
import { posix } from "node:path";
import type { EmittedTarget } from "../../compile.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { registry } from "../../diagnostics/registry.ts";
import { nodeHost } from "../../node-host.ts";
import { unnecessary, type Finding } from "../findings.ts";
import { hover } from "../hover.ts";
import { orderActions } from "../order-actions.ts";
import { ProjectAnswers } from "./project-answers.ts";
import type { Project } from "./project.ts";

type TypeScript = typeof ts;

/** `HMC1003` is the code 101003: those of TypeScript are below 100000. The `source` of a diagnostic names the code as it is. */
export const codeOffset = 100_000;

/** What the line of `tsconfig.json` may say beside the name. */
interface Config {
  /** Targets whose limits are shown. Default `["kfp"]`. */
  targets?: unknown;
}

/** Called by tsserver with the TypeScript that it is. */
export function init({ typescript }: { typescript: TypeScript }): ts.server.PluginModule {
  const projects = new Set<ProjectAnswers>();
  return {
    create(info) {
      const answers = new ProjectAnswers(projectOf(typescript, info), targetsOf(info.config as Config));
      projects.add(answers);
      return decorated(typescript, info, answers);
    },
    onConfigurationChanged(config: Config) {
      for (const answers of projects) {
        answers.targets = targetsOf(config);
        answers.reset();
      }
    },
  };
}

function targetsOf({ targets }: Config): EmittedTarget[] {
  const known: readonly EmittedTarget[] = ["kfp", "argo"];
  return Array.isArray(targets) ? known.filter((target) => targets.includes(target)) : ["kfp"];
}

function projectOf(typescript: TypeScript, { project, languageService, languageServiceHost }: ts.server.PluginCreateInfo): Project {
  return {
    host: { ...nodeHost(), cwd: () => project.getCurrentDirectory() },
    program: () => {
      const program = languageService.getProgram();
      if (program === undefined) return undefined;
      const { strict, strictNullChecks } = program.getCompilerOptions();
      // One namespace of TypeScript stands in for the other: the bundle has been given the one of tsserver.
      return { program: program as unknown as morph.Program, isStrict: strictNullChecks ?? strict ?? !typescript.version.startsWith("5") };
    },
    text: (path) => {
      const snapshot = languageServiceHost.getScriptSnapshot(path);
      return snapshot?.getText(0, snapshot.getLength());
    },
    version: (path) => (languageServiceHost.getScriptSnapshot(path) === undefined ? undefined : languageServiceHost.getScriptVersion(path)),
    isOpen: (path) => project.getScriptInfo(path)?.isScriptOpen() ?? false,
  };
}

function decorated(typescript: TypeScript, { languageService, project }: ts.server.PluginCreateInfo, answers: ProjectAnswers): ts.LanguageService {
  /** Adds to an answer; where that fails, the answer is what it was. */
  const adding = <T>(answer: T, add: (answer: T) => T): T => {
    try {
      return add(answer);
    } catch (error) {
      project.projectService.logger.info(`hmc: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return answer;
    }
  };
  const orders = (path: string, at: number | ts.TextRange): ReturnType<typeof orderActions> => orderActions(answers, path, typeof at === "number" ? at : at.pos);
  // As the documentation of plugins has it: an object that passes every call on.
  const proxy = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(languageService)) proxy[name] = typeof member === "function" ? (...given: unknown[]) => (member as (...given: unknown[]) => unknown).apply(languageService, given) : member;
  const service = proxy as unknown as ts.LanguageService;
  service.getSemanticDiagnostics = (path) => adding(languageService.getSemanticDiagnostics(path), (found) => {
    const program = languageService.getProgram();
    const file = program?.getSourceFile(path);
    return program === undefined || file === undefined ? found : [...found, ...answers.diagnostics(path).map((one) => toTypescript(typescript, one, file, program))];
  });
  service.getCodeFixesAtPosition = (path, start, end, codes, format, preferences) => adding(languageService.getCodeFixesAtPosition(path, start, end, codes.filter((code) => code < codeOffset), format, preferences), (fixes) => [...fixes, ...fixesAt(answers, path, start, end, codes)]);
  // Editors ask for the fixes of these codes only.
  service.getSupportedCodeFixes = (path) => adding(languageService.getSupportedCodeFixes(path), (codes) => [...codes, ...Object.keys(registry).map((code) => String(numberOf(code)))]);
  service.getApplicableRefactors = (path, at, ...more) => adding(languageService.getApplicableRefactors(path, at, ...more), (found) => {
    const actions = orders(path, at).map(({ fix }) => ({ name: fix.title, description: fix.title, kind: "refactor.rewrite" }));
    return actions.length === 0 ? found : [...found, { name: orderRefactor, description: "Order of tasks", actions }];
  });
  service.getEditsForRefactor = (path, format, at, refactor, action, ...more) => {
    if (refactor !== orderRefactor) return languageService.getEditsForRefactor(path, format, at, refactor, action, ...more);
    return adding<ts.RefactorEditInfo | undefined>(undefined, () => {
      const chosen = orders(path, at).find(({ fix }) => fix.title === action);
      return chosen === undefined ? undefined : { edits: changesOf(chosen.fix.edits, chosen.root) };
    });
  };
  service.getQuickInfoAtPosition = (path, position, ...more) => adding(languageService.getQuickInfoAtPosition(path, position, ...more), (info) => {
    const text = hover(answers, path, position);
    if (text === undefined) return info;
    const own: ts.SymbolDisplayPart[] = [{ kind: "text", text: info?.documentation?.length ? `\n\n${text}` : text }];
    if (info === undefined) return { kind: typescript.ScriptElementKind.unknown, kindModifiers: "", textSpan: { start: position, length: 0 }, displayParts: [], documentation: own };
    return { ...info, documentation: [...(info.documentation ?? []), ...own] };
  });
  return service;
}

const orderRefactor = "hmc-order";

function toTypescript(typescript: TypeScript, { diagnostic, root }: Finding, file: ts.SourceFile, program: ts.Program): ts.Diagnostic {
  const { span } = diagnostic;
  const related = diagnostic.related.flatMap(({ message, span: place }): ts.DiagnosticRelatedInformation[] => {
    const other = program.getSourceFile(posix.join(root, place.file));
    return other === undefined ? [] : [{ category: typescript.DiagnosticCategory.Message, code: 0, file: other, start: place.start, length: place.end - place.start, messageText: message }];
  });
  return {
    file,
    start: span?.start ?? 0,
    length: span === undefined ? 0 : span.end - span.start,
    messageText: diagnostic.message,
    category: categoryOf(typescript, diagnostic),
    code: numberOf(diagnostic.code),
    source: diagnostic.code,
    ...(unnecessary.has(diagnostic.code) ? { reportsUnnecessary: {} } : {}),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

/** The number of a code, of hmc or of TypeScript. */
function numberOf(code: string): number {
  return code.startsWith("TS") ? Number(code.slice("TS".length)) : codeOffset + Number(code.slice("HMC".length));
}

function categoryOf({ DiagnosticCategory }: TypeScript, { severity }: Diagnostic): ts.DiagnosticCategory {
  return severity === "error" ? DiagnosticCategory.Error : severity === "warning" ? DiagnosticCategory.Warning : DiagnosticCategory.Suggestion;
}

function fixesAt(answers: ProjectAnswers, path: string, start: number, end: number, codes: readonly number[]): ts.CodeFixAction[] {
  const isMeant = ({ diagnostic: { code, span } }: Finding): boolean => codes.includes(numberOf(code)) && span !== undefined && span.start <= end && start <= span.end;
  return [...answers.diagnostics(path), ...answers.typescriptFixes(path)].filter(isMeant).flatMap(({ diagnostic: { fix, code }, root }) => (fix === undefined ? [] : [{ fixName: `hmc-${code}`, description: fix.title, changes: changesOf(fix.edits, root) }]));
}

function changesOf(edits: NonNullable<Diagnostic["fix"]>["edits"], root: string): ts.FileTextChanges[] {
  const files = [...new Set(edits.map(({ span }) => span.file))];
  return files.map((file) => ({
    fileName: posix.join(root, file),
    textChanges: edits.filter(({ span }) => span.file === file).map(({ span, newText }) => ({ span: { start: span.start, length: span.end - span.start }, newText })).sort((a, b) => a.span.start - b.span.start),
  }));
}
