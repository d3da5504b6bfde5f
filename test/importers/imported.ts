/** Importing a file that a test has made, and what it became. */
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { importKfp, type Import } from "../../compiler/import.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { root } from "./printed.ts";

/** Imports a file as if its code were to stand in the folder of the tests. */
export function importText(text: string): Import {
  return importKfp(nodeHost(), text, "main.yaml", `${root}/test/importers/main.ts`);
}

/**
 * The printed code without its head. It compiles to the same pipeline as the file.
 *
 * @param expected codes that are reported nevertheless
 */
export function imported(text: string, expected: readonly string[] = []): string {
  const { typescript, differences, diagnostics } = importText(text);
  assert.equal(diagnostics.map(({ code, message }) => `${code} ${message}`).filter((line) => !expected.some((code) => line.startsWith(code))), [], typescript ?? "nothing was printed");
  assert.equal(codesOf(diagnostics), [...expected].sort());
  if (!expected.includes("HMC7038")) assert.equal(differences, [], typescript);
  return (typescript ?? "").replace(/^[^]*? from "hmc";\n\n/, "");
}

/** The pipelines of the printed code, without containers and constants before them. */
export function pipelinesOf(text: string, expected: readonly string[] = []): string {
  const typescript = imported(text, expected);
  return typescript.slice(Math.max(0, typescript.search(/^(?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?(?:export )?const \w+ = pipeline\(/m)));
}

/** The containers of the printed code, and the constants before them. */
export function containersOf(text: string, expected: readonly string[] = []): string {
  const typescript = imported(text, expected);
  return typescript.slice(0, typescript.search(/^(?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?(?:export )?const \w+ = pipeline\(/m)).trimEnd() + "\n";
}

export function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}
