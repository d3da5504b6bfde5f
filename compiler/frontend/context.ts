/** What every part of the frontend needs while it reads one program. */
import type { ts } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import type { Span } from "../ir/types.ts";
import type { CalledFile } from "./component-files.ts";
import type { Folded } from "./folded.ts";

export interface Context {
  host: Host;
  program: ts.Program;
  checker: ts.TypeChecker;
  report(diagnostic: Diagnostic): void;
  /** What has been reported so far: a reading that is begun anew takes back its own. */
  reported: Diagnostic[];
  /** The span of a node without leading comments; its file is relative to the project root. */
  spanOf(node: ts.Node): Span;
  /** The path of a file, relative to the project root, with `/`. */
  relative(fileName: string): string;
  /** What a variable of the body that is being read stands for, where it is a constant. */
  local?(symbol: ts.Symbol): Folded | undefined;
  /** The files that the user wrote, as far as the entry reaches them: no declarations, no packages, not the language itself. */
  files: readonly ts.SourceFile[];
  /** What calls of `component()` name; undefined after a reported mistake. */
  componentFiles: ReadonlyMap<ts.CallExpression, CalledFile | undefined>;
  /** Names that `env()` and `process.env` have read so far. */
  environment: Set<string>;
}
