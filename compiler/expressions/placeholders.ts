/**
 * Reads texts with placeholders (`placeholder-text.ts`) into trees. Whatever is read prints as the same text, byte for
 * byte; what would not stays verbatim text.
 */
import { createToken, EmbeddedActionsParser, Lexer, type IToken } from "chevrotain";
import { type ArgumentTree, contextFields, type ContextName, type Placeholder, printArgument } from "./placeholder-text.ts";

/** A `{{…}}` that is no known placeholder, with its offset in the text. It stays in the text as it is. */
export interface UnknownPlaceholder {
  text: string;
  offset: number;
}

const Identifier = createToken({ name: "Identifier", pattern: /[A-Za-z_]\w*/ });
const word = (name: string, pattern: string) => createToken({ name, pattern, longer_alt: Identifier });
const Inputs = word("Inputs", "inputs");
const Outputs = word("Outputs", "outputs");
const Parameters = word("Parameters", "parameters");
const Artifacts = word("Artifacts", "artifacts");
const Uri = word("Uri", "uri");
const Path = word("Path", "path");
const Metadata = word("Metadata", "metadata");
const OutputFile = word("OutputFile", "output_file");
// Of `{{{` the first brace is text, as in JSON that begins with a placeholder.
const Open = createToken({ name: "Open", pattern: /\{\{(?!\{)/, push_mode: "inside" });
const Reopen = createToken({ name: "Reopen", pattern: /\{\{(?!\{)/, categories: Open });
const Close = createToken({ name: "Close", pattern: "}}", pop_mode: true });
const Dollar = createToken({ name: "Dollar", pattern: "$" });
const Dot = createToken({ name: "Dot", pattern: "." });
const OpenBracket = createToken({ name: "OpenBracket", pattern: "[" });
const CloseBracket = createToken({ name: "CloseBracket", pattern: "]" });
const Quoted = createToken({ name: "Quoted", pattern: /'[^'{}\r\n]*'|"[^"{}\r\n]*"/ });
const Text = createToken({ name: "Text", pattern: /[^{]+|\{/, line_breaks: true });
// A function, because chevrotain takes no character for the first of /[\s\S]/.
const Other = createToken({ name: "Other", pattern: (text: string, offset: number): RegExpExecArray | null => /[\s\S]/.exec(text.charAt(offset)), line_breaks: true });

const inside = [Close, Reopen, Dollar, Dot, OpenBracket, CloseBracket, Quoted, Inputs, Outputs, Parameters, Artifacts, Uri, Path, Metadata, OutputFile, Identifier, Other];
const tokens = { modes: { text: [Open, Text], inside }, defaultMode: "text" };
const lexer = new Lexer(tokens, { positionTracking: "onlyOffset" });

type Subject = "Path" | "Uri" | "Metadata";

class PlaceholderParser extends EmbeddedActionsParser {
  constructor() {
    super(tokens, { maxLookahead: 2, recoveryEnabled: false });
    this.performSelfAnalysis();
  }

  placeholder = this.RULE("placeholder", (): Placeholder | undefined => {
    this.CONSUME(Open);
    this.CONSUME(Dollar);
    const found = this.OPTION(() => {
      this.CONSUME(Dot);
      return this.OR([
        { ALT: () => this.SUBRULE(this.ofInputs) },
        { ALT: () => this.SUBRULE(this.ofOutputs) },
        { ALT: () => this.SUBRULE(this.context) },
      ]);
    });
    this.CONSUME(Close);
    return this.ACTION(() => (found === undefined ? { placeholder: "executorInput" } : found.known));
  });

  private ofInputs = this.RULE("ofInputs", (): { known: Placeholder | undefined } => {
    this.CONSUME(Inputs);
    this.CONSUME(Dot);
    return this.OR([
      {
        ALT: () => {
          this.CONSUME(Parameters);
          const name = this.SUBRULE(this.key);
          return this.ACTION(() => ({ known: named("inputValue", name) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(Artifacts);
          const name = this.SUBRULE2(this.key);
          const member = this.OPTION(() => this.SUBRULE(this.member));
          return this.ACTION(() => ({ known: member === undefined ? named("inputArtifact", name) : ofArtifact("input", name, member) }));
        },
      },
    ]);
  });

  private ofOutputs = this.RULE("ofOutputs", (): { known: Placeholder | undefined } => {
    this.CONSUME(Outputs);
    this.CONSUME(Dot);
    return this.OR([
      {
        ALT: () => {
          this.CONSUME(Parameters);
          const name = this.SUBRULE(this.key);
          this.CONSUME2(Dot);
          this.CONSUME(OutputFile);
          return this.ACTION(() => ({ known: named("outputFile", name) }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(Artifacts);
          const name = this.SUBRULE2(this.key);
          const member = this.SUBRULE(this.member);
          return this.ACTION(() => ({ known: ofArtifact("output", name, member) }));
        },
      },
      {
        ALT: (): { known: Placeholder } => {
          this.CONSUME2(OutputFile);
          return { known: { placeholder: "executorOutput" } };
        },
      },
    ]);
  });

  private member = this.RULE("member", (): { subject: Subject; key: Key | undefined } => {
    this.CONSUME(Dot);
    return this.OR([
      { ALT: () => (this.CONSUME(Uri), { subject: "Uri" as const, key: undefined }) },
      { ALT: () => (this.CONSUME(Path), { subject: "Path" as const, key: undefined }) },
      {
        ALT: () => {
          this.CONSUME(Metadata);
          const key = this.OPTION(() => this.SUBRULE(this.key));
          return { subject: "Metadata" as const, key };
        },
      },
    ]);
  });

  private context = this.RULE("context", (): { known: Placeholder | undefined } => {
    const field = this.CONSUME(Identifier);
    return this.ACTION(() => {
      const name = contextNames.get(field.image);
      return { known: name === undefined ? undefined : { placeholder: "context", name } };
    });
  });

  private key = this.RULE("key", (): Key => {
    this.CONSUME(OpenBracket);
    const quoted = this.CONSUME(Quoted);
    this.CONSUME(CloseBracket);
    return this.ACTION(() => ({ text: quoted.image.slice(1, -1), ...(quoted.image.startsWith('"') ? { quote: '"' as const } : {}) }));
  });
}

interface Key {
  text: string;
  quote?: '"';
}

const contextNames = new Map(Object.entries(contextFields).map(([name, field]) => [field as string, name as ContextName]));

function named(placeholder: "inputValue" | "inputArtifact" | "outputFile", { text, ...quote }: Key): Placeholder {
  return { placeholder, name: text, ...quote };
}

/** Undefined where name and key have different quotes, which would not print as they are. */
function ofArtifact(side: "input" | "output", { text, ...quote }: Key, { subject, key }: { subject: Subject; key: Key | undefined }): Placeholder | undefined {
  if (subject !== "Metadata") return { placeholder: `${side}${subject}`, name: text, ...quote };
  if (key !== undefined && key.quote !== quote.quote) return undefined;
  return { placeholder: `${side}Metadata`, name: text, ...(key === undefined ? {} : { key: key.text }), ...quote };
}

let parser: PlaceholderParser | undefined;

/** A text as its parts: text between placeholders, never empty and never two in a row. Empty text has no parts. */
export function parsePlaceholders(text: string): { parts: (string | Placeholder)[]; unknown: UnknownPlaceholder[] } {
  const parts: (string | Placeholder)[] = [];
  const unknown: UnknownPlaceholder[] = [];
  if (!text.includes("{{")) return { parts: text === "" ? [] : [text], unknown };
  const { tokens: read } = lexer.tokenize(text);
  let done = 0;
  let opened = -1;
  read.forEach((token, index) => {
    if (token.tokenType === Open || token.tokenType === Reopen) opened = index;
    if (token.tokenType !== Close || opened < 0) return;
    const candidate = read.slice(opened, index + 1);
    opened = -1;
    const from = candidate[0]?.startOffset ?? 0;
    const to = token.startOffset + token.image.length;
    const found = parseCandidate(candidate);
    if (found === undefined) {
      unknown.push({ text: text.slice(from, to), offset: from });
      return;
    }
    if (from > done) parts.push(text.slice(done, from));
    parts.push(found);
    done = to;
  });
  if (done < text.length) parts.push(text.slice(done));
  return { parts, unknown };
}

function parseCandidate(candidate: IToken[]): Placeholder | undefined {
  parser ??= new PlaceholderParser();
  parser.input = candidate;
  const found = parser.placeholder();
  return parser.errors.length === 0 ? found : undefined;
}

/**
 * One element of argv as a tree: also the JSON forms `IfPresent` and `Concat`, at any depth.
 *
 * Offsets of `unknown` are those in the text that holds the placeholder: the argument, or a string inside its JSON.
 */
export function parseArgument(text: string): { tree: ArgumentTree; unknown: UnknownPlaceholder[] } {
  const unknown: UnknownPlaceholder[] = [];
  const struct = /^\{"(?:IfPresent|Concat)": /.test(text) ? parsedJson(text) : undefined;
  const tree = struct === undefined ? undefined : treeOf(struct, unknown);
  if (tree !== undefined && printArgument(tree) === text) return { tree, unknown };
  const plain = parsePlaceholders(text);
  // In JSON of another form the placeholders are part of text that only the back end reads.
  return struct === undefined ? { tree: { kind: "text", parts: plain.parts }, unknown: plain.unknown } : { tree: { kind: "text", parts: [text] }, unknown: plain.unknown };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function treeOf(struct: unknown, unknown: UnknownPlaceholder[]): ArgumentTree | undefined {
  if (typeof struct === "string") {
    const plain = parsePlaceholders(struct);
    unknown.push(...plain.unknown);
    return { kind: "text", parts: plain.parts };
  }
  if (typeof struct !== "object" || struct === null) return undefined;
  if ("Concat" in struct) {
    const items = listOf(struct.Concat, unknown);
    return items === undefined ? undefined : { kind: "concat", items };
  }
  if (!("IfPresent" in struct) || typeof struct.IfPresent !== "object" || struct.IfPresent === null) return undefined;
  const { InputName: input, Then: then, Else: otherwise } = struct.IfPresent as { InputName?: unknown; Then?: unknown; Else?: unknown };
  if (typeof input !== "string") return undefined;
  const single = !Array.isArray(then);
  const side = (value: unknown): ArgumentTree[] | undefined => {
    if (!single) return listOf(value, unknown);
    const tree = treeOf(value, unknown);
    return tree === undefined ? undefined : [tree];
  };
  const [present, absent] = [side(then), otherwise === undefined ? [] : side(otherwise)];
  return present === undefined || absent === undefined ? undefined : { kind: "ifPresent", input, then: present, otherwise: absent, ...(single ? { single } : {}) };
}

function listOf(value: unknown, unknown: UnknownPlaceholder[]): ArgumentTree[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => treeOf(item, unknown));
  return items.every((item) => item !== undefined) ? items : undefined;
}
