/** The declaration files of the language package and of `hmc/testing`. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, writeAtomically } from "./files.mjs";

/**
 * Writes `dist/language/*.d.ts` and `dist/testing/*.d.ts`. Each file is transformed alone, without the checker (every export of the language
 * has written types), which takes milliseconds where `tsc` takes a second.
 */
export async function buildDeclarations() {
  const { default: ts } = await import("typescript");
  const folder = join(root, "compiler/language");
  const testing = join(root, "runtime/testing/types.ts");
  const files = [...readdirSync(folder).filter((file) => file.endsWith(".ts")).map((name) => [join(folder, name), `language/${name}`]), [testing, "testing/types.ts"]];
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, declaration: true, isolatedDeclarations: true, strict: true };
  for (const [fileName, name] of files) {
    const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(fileName, "utf8"), { fileName, compilerOptions, reportDiagnostics: true });
    if (diagnostics.length > 0) {
      throw new Error(ts.formatDiagnostics(diagnostics, { getCanonicalFileName: (file) => file, getCurrentDirectory: () => root, getNewLine: () => "\n" }));
    }
    const text = outputText.replace("../../compiler/language/", "../language/").replace(/(["'])(\.{1,2}\/[\w/-]+)\.ts\1/g, "$1$2.js$1");
    writeAtomically(join(root, "dist", name.replace(/\.ts$/, ".d.ts")), text);
  }
  writeAtomically(join(root, "dist/testing/index.d.ts"), 'import type { TestPipeline } from "./types.js";\nexport type * from "./types.js";\nexport declare const testPipeline: TestPipeline;\n');
}
