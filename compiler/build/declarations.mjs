/** The declaration files of the language package. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, writeAtomically } from "./files.mjs";

/**
 * Writes `dist/language/*.d.ts`. Each file is transformed alone, without the checker (every export of the language
 * has written types), which takes milliseconds where `tsc` takes a second.
 */
export async function buildDeclarations() {
  const { default: ts } = await import("typescript");
  const folder = join(root, "compiler/language");
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, declaration: true, isolatedDeclarations: true, strict: true };
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts"))) {
    const fileName = join(folder, name);
    const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(fileName, "utf8"), { fileName, compilerOptions, reportDiagnostics: true });
    if (diagnostics.length > 0) {
      throw new Error(ts.formatDiagnostics(diagnostics, { getCanonicalFileName: (file) => file, getCurrentDirectory: () => root, getNewLine: () => "\n" }));
    }
    const text = outputText.replace(/(["'])(\.\/[\w-]+)\.ts\1/g, "$1$2.js$1");
    writeAtomically(join(root, "dist/language", name.replace(/\.ts$/, ".d.ts")), text);
  }
}
