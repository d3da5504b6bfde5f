/** Fixes whose new text uses names of the language: what a file does not import yet, the fix imports. */
import type { Diagnostic, Fix, SourceSpan } from "./diagnostic.ts";
import { textSpan } from "./text-span.ts";

/** Completes the fixes of diagnostics. */
export function withImports(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): Diagnostic[] {
  return diagnostics.map((found) => (found.fix?.imports === undefined ? found : { ...found, fix: completed(found.fix, found.fix.imports, texts) }));
}

function completed({ title, edits }: Fix, imports: readonly string[], texts: ReadonlyMap<string, string>): Fix {
  const file = edits[0]?.span.file;
  const text = file === undefined ? undefined : texts.get(file);
  const edit = file === undefined || text === undefined ? undefined : importEdit(file, text, imports);
  return { title, edits: edit === undefined ? edits : [...edits, edit] };
}

/** `import { a, b } from "hmc"`, with its names. */
const namedImport = /^import\s+(?!type\b)\{([^}]*)\}\s*from\s*["']hmc["']/m;

function importEdit(file: string, text: string, names: readonly string[]): { span: SourceSpan; newText: string } | undefined {
  const found = namedImport.exec(text);
  if (found === null) {
    const at = Math.max(0, text.search(/^import\b/m));
    return { span: textSpan(file, text, at, at), newText: `import { ${names.join(", ")} } from "hmc";\n` };
  }
  const [whole, list = ""] = found;
  const known = list.split(",").map((name) => name.trim().split(/\s+as\s+/)[0]);
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length === 0) return undefined;
  const written = list.trimEnd();
  const at = found.index + whole.indexOf("{") + 1 + written.length;
  const before = written === "" ? " " : written.endsWith(",") ? " " : ", ";
  return { span: textSpan(file, text, at, at), newText: `${before}${missing.join(", ")}${list === written ? " " : ""}` };
}
