/** The files that `component("./score.component.yaml")` names: found and read before the checker sees their types. */
import { posix } from "node:path";
import { ts } from "ts-morph";
import { bug } from "../bug.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Document, TaskTarget } from "../ir/types.ts";
import { foldConstant } from "./constants.ts";
import type { Context } from "./context.ts";
import { decodeText } from "./host-files.ts";
import { languageFunction } from "./language-functions.ts";

/** What a file holds. */
export interface ComponentFile {
  /** Missing where the file has errors. */
  read?: {
    /** The component or pipeline, and all that it calls. */
    document: Document;
    target: TaskTarget;
    /** Of a pipeline: outputs that may have no value. */
    optionalOutputs: ReadonlySet<string>;
    /** The text of the declaration file that belongs beside it. */
    declaration: string;
    /** What a declaration file is in comparison with that. */
    stateOf(existing: string): "current" | "sameTypes" | "stale" | "foreign";
  };
  diagnostics: Diagnostic[];
}

/** Reads the text of a file; its path is for spans. */
export type ReadComponentFile = (text: string, file: string) => ComponentFile;

/** A file that is called in a program. */
export interface CalledFile {
  /** Absolute. */
  path: string;
  read: NonNullable<ComponentFile["read"]>;
  /** Where it is named first. */
  at: ts.Node;
}

export interface FoundFiles {
  /** By the call of `component()`; undefined after a reported mistake. */
  calls: Map<ts.CallExpression, CalledFile | undefined>;
  /** Declaration files by their absolute path: what the checker is to see of them, whatever lies on the disk. */
  declarations: Map<string, string>;
  /** The texts of the files, by their path relative to the root. */
  texts: Map<string, string>;
}

/**
 * Finds the calls of `component()` in some files, and reads what they name. What is wrong with a file, or with the declaration file
 * beside it, is reported once.
 */
export function findComponentFiles(context: Context, files: readonly ts.SourceFile[], readFile: ReadComponentFile | undefined): FoundFiles {
  const found: FoundFiles = { calls: new Map(), declarations: new Map(), texts: new Map() };
  const known = new Map<string, CalledFile | undefined>();
  const named = new Map<string, CalledFile>();
  for (const call of files.flatMap((file) => componentCalls(context, file))) {
    const path = pathOf(context, call);
    if (path === undefined) {
      found.calls.set(call, undefined);
      continue;
    }
    if (!known.has(path.absolute)) {
      const file = openFile(context, path, readFile, found);
      if (file !== undefined) addDeclaration(context, file, named, found);
      known.set(path.absolute, file);
    }
    found.calls.set(call, known.get(path.absolute));
  }
  return found;
}

/** The calls of `component()` in a file. */
function componentCalls(context: Context, file: ts.SourceFile): ts.CallExpression[] {
  // Without the word there is no call, and nothing to look through.
  if (!/\bcomponent\b/.test(file.text)) return [];
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && languageFunction(context, node.expression) === "component") calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

interface NamedPath {
  written: string;
  absolute: string;
  at: ts.Expression;
}

function pathOf(context: Context, call: ts.CallExpression): NamedPath | undefined {
  const [argument] = call.arguments;
  if (argument === undefined) return undefined;
  const folded = foldConstant(context, argument);
  if (folded?.kind !== "value" || typeof folded.value !== "string") {
    context.report(diagnostic("HMC1040", context.spanOf(argument), { text: argument.getText() }));
    return undefined;
  }
  return { written: folded.value, absolute: posix.resolve(posix.dirname(call.getSourceFile().fileName), folded.value), at: argument };
}

function openFile(context: Context, { written, absolute, at }: NamedPath, readFile: ReadComponentFile | undefined, found: FoundFiles): CalledFile | undefined {
  const { host } = context;
  const refuse = (problem: string, suggestion?: string): undefined => void context.report(diagnostic("HMC2070", context.spanOf(at), { path: written, problem, suggestion }));
  if (host.directoryExists(absolute)) return refuse("is a directory");
  if (!host.fileExists(absolute)) return refuse("does not exist", nearestFile(context, written, absolute));
  const bytes = host.readFile(absolute);
  if (bytes === undefined) return refuse("cannot be read");
  const { text, invalidAt } = decodeText(bytes);
  if (invalidAt !== undefined) return refuse(`is not UTF-8: byte ${invalidAt} is not part of a valid character`);
  const file = context.relative(absolute);
  found.texts.set(file, text);
  const { read, diagnostics } = (readFile ?? bug(`nothing reads "${file}"`))(text, file);
  diagnostics.forEach(context.report);
  if (read === undefined) return undefined;
  const called: CalledFile = { path: absolute, read, at };
  checkDeclaration(context, called);
  return called;
}

function nearestFile(context: Context, written: string, absolute: string): string | undefined {
  const files = context.host.readDirectory(posix.dirname(absolute)).map((file) => posix.basename(file.replaceAll("\\", "/"))).filter((name) => /\.(?:ya?ml|json)$/.test(name));
  const nearest = nearestName(posix.basename(absolute), files);
  return nearest === undefined ? undefined : `${written.slice(0, written.lastIndexOf("/") + 1)}${nearest}`;
}

/** The declaration file on the disk is what TypeScript elsewhere goes by: it must say the same. */
function checkDeclaration(context: Context, { path, read, at }: CalledFile): void {
  const bytes = context.host.readFile(`${path}.d.ts`);
  const place = context.spanOf(at);
  const names = { file: posix.basename(path), path: posix.relative(context.host.cwd().replaceAll("\\", "/"), path) };
  if (bytes === undefined) return context.report(diagnostic("HMC2071", place, names));
  switch (read.stateOf(decodeText(bytes).text)) {
    case "current":
      return;
    case "sameTypes":
      return context.report(diagnostic("HMC2073", place, names));
    case "stale":
    case "foreign":
      return context.report(diagnostic("HMC2072", place, names));
  }
}

/** Types are found by the name of the file: two files of one name must have the same types. */
function addDeclaration(context: Context, file: CalledFile, named: Map<string, CalledFile>, found: FoundFiles): void {
  const name = posix.basename(file.path);
  const other = named.get(name);
  if (other === undefined) {
    named.set(name, file);
    found.declarations.set(`${file.path}.d.ts`, file.read.declaration);
  } else if (file.read.stateOf(other.read.declaration) === "stale") {
    const related = [{ message: `"${context.relative(other.path)}" is named here`, span: context.spanOf(other.at) }];
    context.report(diagnostic("HMC2074", context.spanOf(file.at), { name, first: context.relative(other.path), second: context.relative(file.path) }, { related }));
  }
}
