/** From text to the data of its YAML documents, in time and memory that a hostile file cannot raise. */
import { type Alias, Composer, type CST, isAlias, isMap, isScalar, isSeq, Lexer, type Node, type Pair, Parser, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Dialect } from "./dialect.ts";
import type { Source } from "./source.ts";
import type { Range, YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "./tree.ts";

/** UTF-16 units of text; servers refuse far smaller files (kfp-real 8). */
const MOST_TEXT = 8 * 1024 * 1024;
/** What the lexer cuts the text into. Text of 8 MiB that KFP's compiler wrote has about 580,000. */
const MOST_TOKENS = 750_000;
/** Collections within each other. */
const DEEPEST = 200;
/** Nodes that aliases may add to those that stand in the file. */
const MOST_REPEATED = 100_000;

/** The documents of a file that are not empty, or why there are none; errors come without documents. */
export function readYaml(source: Source, dialect: Dialect): { documents: YamlNode[]; diagnostics: Diagnostic[] } {
  const refused = refuse(source, dialect);
  if (refused !== undefined) return { documents: [], diagnostics: [refused] };
  const tokens = tokenize(source, dialect);
  if (!Array.isArray(tokens)) return { documents: [], diagnostics: [tokens] };
  const composer = new Composer({ schema: "failsafe", version: "1.1", merge: false, resolveKnownTags: false, uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  const documents: YamlNode[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of composer.compose(tokens, true, source.text.length)) {
    const [error] = [...document.errors].sort((left, right) => left.pos[0] - right.pos[0]);
    if (error !== undefined) {
      return { documents: [], diagnostics: [dialect.notYaml(source.span(...error.pos), error.message)] };
    }
    const reader = treeReader(source, dialect, diagnostics);
    const root = document.contents === null ? undefined : reader.read(document.contents as Node);
    if (root === undefined || (root.kind === "scalar" && root.value === null)) continue;
    documents.push(root);
  }
  if (diagnostics.some(({ severity }) => severity === "error")) return { documents: [], diagnostics };
  return { documents, diagnostics };
}

/** What needs no parser to be refused. */
function refuse(source: Source, dialect: Dialect): Diagnostic | undefined {
  const { text } = source;
  const start = source.span(0, 0);
  if (text.length > MOST_TEXT) return dialect.tooLarge(start, `${(text.length / 1024 / 1024).toFixed(1)} MiB of text`, `${MOST_TEXT / 1024 / 1024} MiB`);
  if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) return dialect.notText(start, "a zip archive", "Unpack it, and give the YAML file that is in it");
  if (text.charCodeAt(0) === 0x1f) return dialect.notText(start, "a compressed file", "Unpack it, and give the YAML file that is in it");
  const unprintable = UNPRINTABLE.exec(text);
  if (unprintable === null) return undefined;
  const code = (unprintable[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return dialect.notText(
    source.span(unprintable.index, unprintable.index + 1),
    `no plain text: it holds the character U+${code}`,
    "Give a YAML file; text in it may have that character as an escape within double quotes",
  );
}

/** What YAML has no place for, and the line ends of YAML 1.1 that YAML 1.2 and most editors do not know. */
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The concrete syntax of all documents, unless there is too much of it. */
function tokenize(source: Source, dialect: Dialect): CST.Token[] | Diagnostic {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of tolerantLexer().lex(source.text)) {
    tokens.push(...parser.next(lexeme));
    if (++count > MOST_TOKENS) return dialect.tooLarge(source.span(0, 0), `more than ${MOST_TOKENS.toLocaleString("en")} words and signs`, "as many");
    if (parser.stack.length > DEEPEST) return dialect.tooDeep(source.span(parser.offset, parser.offset + 1), DEEPEST);
  }
  tokens.push(...parser.end());
  return tokens;
}

/** What of the lexer decides how far a line must be indented. */
interface Indenting {
  indentNext: number;
  parseFlowCollection(): Generator<string, unknown>;
  parseQuotedScalar(): Generator<string, unknown>;
}

/** A lexer that, like PyYAML, lets the further lines of a quoted text and of a list in brackets begin in any column. */
function tolerantLexer(): Lexer {
  const lexer = new Lexer();
  const inner = lexer as unknown as Indenting;
  for (const part of ["parseFlowCollection", "parseQuotedScalar"] as const) {
    const parse = inner[part].bind(lexer);
    inner[part] = function* () {
      const { indentNext } = inner;
      inner.indentNext = 0;
      const next = yield* parse();
      inner.indentNext = indentNext;
      return next;
    };
  }
  return lexer;
}

/** Reads the nodes of one document. */
function treeReader(source: Source, dialect: Dialect, diagnostics: Diagnostic[]): { read(node: Node): YamlNode | undefined } {
  const anchors = new Map<string, YamlNode | "open">();
  let repeated = 0;
  let hasRefusedAlias = false;

  const report = (found: Diagnostic): void => void diagnostics.push(found);
  const rangeOf = (node: Node): Range => ({ start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 });
  const span = ({ start, end }: Range): ReturnType<Source["span"]> => source.span(start, end);

  /** Reads a node whose value an anchor may name. */
  function read(node: Node): YamlNode | undefined {
    if (isAlias(node)) return readAlias(node);
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) anchors.set(anchor, "open");
    const result = isScalar(node) ? readScalar(node as Scalar<string>) : isSeq(node) ? readList(node as YAMLSeq<Node>) : isMap(node) ? readMap(node as YAMLMap<Node, Node | null>) : undefined;
    if (anchor !== undefined && result !== undefined) anchors.set(anchor, result);
    return result;
  }

  function readAlias(node: Alias): YamlNode | undefined {
    const target = anchors.get(node.source);
    if (hasRefusedAlias) return undefined;
    if (target === undefined) return report(dialect.notYaml(span(rangeOf(node)), `The alias "*${node.source}" names no anchor before it`)), undefined;
    if (target !== "open") repeated += target.size;
    if (target !== "open" && repeated <= MOST_REPEATED) return target;
    hasRefusedAlias = true;
    report(dialect.endlessAlias(span(rangeOf(node)), node.source, target === "open" ? "stands within the value that it repeats" : `and those before it repeat more than ${MOST_REPEATED.toLocaleString("en")} values`));
    return undefined;
  }

  function readScalar(node: Scalar<string>): YamlScalar {
    const range = rangeOf(node);
    const text = withoutAddedBreak(node.value ?? "", node.type, range.end, source.text);
    const tag = node.tag === "!" ? undefined : node.tag;
    if (!isClosed(node.type, source.text.slice(range.start, range.end))) report(dialect.notYaml(span({ start: range.start, end: range.start + 1 }), "This quote is never closed"));
    const value = node.tag === "!" && text === "" ? "" : tag !== undefined ? dialect.taggedScalar(tag, text) : node.type === Scalar.PLAIN || node.type === undefined ? dialect.plainScalar(text) : text;
    if (value === null || typeof value !== "object") return { kind: "scalar", value, size: 1, ...range };
    report(dialect.noJson(span(range), shorten(text), value.problem));
    return { kind: "scalar", value: text, size: 1, ...range };
  }

  function refuseTag(node: YAMLSeq<Node> | YAMLMap<Node, Node | null>, usual: string): void {
    if (node.tag === undefined || node.tag === "!" || node.tag === usual) return;
    const { start } = rangeOf(node);
    report(dialect.noJson(source.span(start, start + 1), "…", `has the tag "${node.tag}"`));
  }

  function readList(node: YAMLSeq<Node>): YamlList {
    refuseTag(node, "tag:yaml.org,2002:seq");
    const items = node.items.flatMap((item) => read(item) ?? []);
    return { kind: "list", items, size: items.reduce((sum, { size }) => sum + size, 1), ...rangeOf(node) };
  }

  function readMap(node: YAMLMap<Node, Node | null>): YamlMap {
    refuseTag(node, "tag:yaml.org,2002:map");
    const range = rangeOf(node);
    const entries = new Map<string, YamlEntry>();
    const merged: YamlMap[] = [];
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const keyRange = rangeOf(pair.key);
      const isMerge = isScalar(pair.key) && pair.key.value === "<<" && pair.key.type === Scalar.PLAIN && pair.key.tag === undefined;
      const key = isMerge ? "<<" : readKey(pair.key);
      const value: YamlNode | undefined = pair.value === null ? { kind: "scalar", value: null, size: 1, start: keyRange.end, end: keyRange.end } : read(pair.value);
      if (key === undefined || value === undefined) continue;
      if (isMerge) {
        const maps = value.kind === "list" ? value.items : [value];
        const wrong = maps.find(({ kind }) => kind !== "map");
        if (wrong !== undefined) report(dialect.noJson(span(wrong), "<<", "merges something that is no map"));
        merged.push(...maps.filter((map) => map.kind === "map"));
        continue;
      }
      const first = entries.get(key);
      if (first !== undefined) report(dialect.duplicateKey(span(keyRange), key, span(first.key)));
      else entries.set(key, { key: keyRange, value });
    }
    for (const map of merged) for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry);
    let size = 1;
    for (const { value } of entries.values()) size += value.size;
    return { kind: "map", entries, size, ...range };
  }

  function readKey(node: Node): string | undefined {
    if (isScalar(node) && node.type === Scalar.PLAIN && node.value === "=" && node.tag === undefined) return "=";
    if (!isScalar(node) && !isAlias(node)) return report(dialect.noJson(span(rangeOf(node)), "?", "is a key that is no text")), undefined;
    const before = diagnostics.length;
    const key = read(node);
    if (key === undefined || diagnostics.length > before) return undefined;
    if (key.kind === "scalar" && typeof key.value === "string") return key.value;
    const text = key.kind === "scalar" ? dialect.keyText(key.value) : undefined;
    if (text !== undefined) return text;
    const range = rangeOf(node);
    return report(dialect.noJson(span(range), shorten(source.text.slice(range.start, range.end)), "is a key that is no text")), undefined;
  }

  return { read };
}

/** Whether a quoted scalar has its closing quote: at the end of a file, the parser takes an escaped one for it. */
function isClosed(type: Scalar.Type | undefined, text: string): boolean {
  if (type === Scalar.QUOTE_SINGLE) return !text.slice(1, -1).replaceAll("''", "").includes("'");
  if (type === Scalar.QUOTE_DOUBLE) return (/\\*$/.exec(text.slice(0, -1))?.[0].length ?? 0) % 2 === 0;
  return true;
}

/** A block at the end of a file whose last line has no break: the parser adds one, PyYAML does not. */
function withoutAddedBreak(value: string, type: Scalar.Type | undefined, end: number, source: string): string {
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  return isBlock && value.endsWith("\n") && end >= source.length && source.slice(source.lastIndexOf("\n") + 1).trim() !== "" ? value.slice(0, -1) : value;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
