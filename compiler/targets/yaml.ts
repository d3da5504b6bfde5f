/** Documents as YAML that YAML 1.1 readers (PyYAML, Go) and YAML 1.2 readers understand alike. */
import { stringify } from "yaml";

/**
 * The documents. The text depends on nothing but the values.
 *
 * @param header comment lines
 * @param order of the keys of a mapping: by name, or as they are in the object
 */
export function printYaml(header: string, documents: readonly object[], order: "sorted" | "declared"): string {
  const printer = new Printer(order);
  return header + documents.map((document) => printer.document(document)).join("---\n");
}

/** Text that means itself in every YAML: a word, path or name that is no boolean, null or number. */
const plain = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const reserved = /^(?:y|yes|n|no|true|false|on|off|null)$/i;

/**
 * Writes mappings, lists and simple words itself and leaves any other text to the package `yaml`, which takes most of
 * the time of a compile if it gets everything.
 */
class Printer {
  readonly lines: string[] = [];
  readonly texts = new Map<string, string>();

  constructor(readonly order: "sorted" | "declared") {}

  document(value: object): string {
    this.lines.length = 0;
    this.mapping(Object.entries(value), "");
    return `${this.lines.join("\n")}\n`;
  }

  mapping(entries: [string, unknown][], indent: string): void {
    if (this.order === "sorted") entries.sort(([left], [right]) => (left < right ? -1 : 1));
    for (const [key, value] of entries) this.entry(`${indent}${keyHead(key, indent)}`, value, indent);
  }

  list(items: readonly unknown[], indent: string): void {
    for (const item of items) this.entry(`${indent}-`, item, indent);
  }

  /** A value after `key:` or `-`; a nested one stands on the lines below, the first entry of one in a list beside the dash. */
  entry(head: string, value: unknown, indent: string): void {
    const inner = `${indent}  `;
    if (typeof value !== "object" || value === null) {
      this.lines.push(`${head} ${this.scalar(value, inner)}`);
      return;
    }
    const entries = Array.isArray(value) ? value : Object.entries(value).filter(([, item]) => item !== undefined);
    if (entries.length === 0) {
      this.lines.push(`${head} ${Array.isArray(value) ? "[]" : "{}"}`);
      return;
    }
    const first = this.lines.length;
    if (!head.endsWith("-")) this.lines.push(head);
    if (Array.isArray(value)) this.list(value, inner);
    else this.mapping(entries, inner);
    if (head.endsWith("-")) this.lines[first] = `${head} ${(this.lines[first] ?? "").slice(inner.length)}`;
  }

  scalar(value: unknown, indent: string): string {
    switch (typeof value) {
      case "string":
        return this.text(value, indent);
      case "number":
        return printNumber(value);
      default:
        return String(value);
    }
  }

  /** @param indent of the lines of a block */
  text(text: string, indent: string): string {
    if (plain.test(text) && !reserved.test(text)) return text;
    if (unprintable.test(text) || awkward.test(text)) return escaped(text);
    let printed = this.texts.get(text);
    if (printed === undefined) {
      // `compat` quotes what YAML 1.1 takes for a number, a date or a boolean. The key makes a block's lines indented.
      printed = stringify({ k: text }, { compat: "yaml-1.1", lineWidth: 0, blockQuote: "literal" }).slice("k: ".length, -1);
      this.texts.set(text, printed);
    }
    return printed.includes("\n") ? printed.replace(/\n {2}/g, `\n${indent}`) : printed;
  }
}

/** What YAML 1.1 takes for a line end, and what no YAML allows as it is. */
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;
/** A tag of its own in YAML 1.1, and white space on which PyYAML or libyaml stumbles. */
const awkward = /^=$|^\s|\t/;
const everyUnprintable = new RegExp(unprintable, "gu");

/** A double-quoted scalar in ASCII where it has to be; JSON is one. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(everyUnprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** As many characters as may stand before the colon of a key; a longer one needs a mark of its own. */
const LONGEST_KEY = 1024;

/** A key up to its colon. */
function keyHead(key: string, indent: string): string {
  const printed = printKey(key);
  return printed.length < LONGEST_KEY ? `${printed}:` : `? ${printed}\n${indent}:`;
}

/** Keys stand in one line. */
function printKey(key: string): string {
  if (plain.test(key) && !reserved.test(key)) return key;
  if (unprintable.test(key) || awkward.test(key)) return escaped(key);
  return stringify(key, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }).trimEnd();
}

/** YAML 1.1 reads an exponent only after a point. */
function printNumber(value: number): string {
  const text = String(value);
  return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
}
