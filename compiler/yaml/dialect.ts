import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../ir/types.ts";
import type { ScalarValue } from "./tree.ts";

/** A meaning that JSON has no value for. */
export interface NoJson {
  problem: string;
}

/** How the readers of some tool understand YAML, and what is said where a file cannot be read. */
export interface Dialect {
  /** The value of an unquoted scalar that has no tag. */
  plainScalar(text: string): ScalarValue | NoJson;
  /** The value of a scalar with an explicit tag of YAML. */
  taggedScalar(tag: string, text: string): ScalarValue | NoJson;
  /** The text of a key that is no text; undefined where only text may be a key. */
  keyText(value: ScalarValue): string | undefined;

  notYaml(span: Span, problem: string): Diagnostic;
  notText(span: Span, what: string, advice: string): Diagnostic;
  tooLarge(span: Span, has: string, most: string): Diagnostic;
  tooDeep(span: Span, depth: number): Diagnostic;
  duplicateKey(span: Span, key: string, first: Span): Diagnostic;
  endlessAlias(span: Span, alias: string, problem: string): Diagnostic;
  /** A value that JSON does not have. */
  noJson(span: Span, value: string, problem: string): Diagnostic;
}
