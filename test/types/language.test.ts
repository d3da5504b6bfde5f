/**
 * The public types of the language: right calls compile, wrong ones are the right errors, nothing is `any`. Each case
 * file is checked by TypeScript as users install it and by the one inside hmc.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import typescript from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openProgram } from "../../compiler/frontend/program.ts";
import { typescriptErrors } from "../../compiler/frontend/typescript-errors.ts";
import type { Host } from "../../compiler/host.ts";
import { nodeHost } from "../../compiler/node-host.ts";

const folder = fileURLToPath(new URL("cases", import.meta.url));
const files = readdirSync(folder).map((name) => `${folder}/${name}`);

interface Expected {
  /** What the file says of each line after an `@ts-expect-error`: `line: code`. */
  errors: string[];
  /** The same text, without the directives, so that the errors show. */
  text: string;
}

function expected(file: string): Expected {
  const source = readFileSync(file, "utf8");
  const errors = source.split("\n").flatMap((line, index) => {
    const code = /@ts-expect-error (\d+)/.exec(line)?.[1];
    return code === undefined ? [] : [`${index + 2}: TS${code}`];
  });
  return { errors, text: source.replaceAll("@ts-expect-error", "the next is an error:") };
}

for (const file of files) {
  const name = file.slice(folder.length + 1);

  test(`TypeScript ${typescript.version} finds in ${name} the errors that it names, and no others`, () => {
    const { errors, text } = expected(file);
    assert.ok(errors.length > 0, "a case file without an error proves only half");
    for (const exact of [true, false]) {
      const options: typescript.CompilerOptions = {
        target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.NodeNext, lib: ["lib.es2022.d.ts"], types: [], strict: true, noEmit: true, skipLibCheck: true,
        allowImportingTsExtensions: true, exactOptionalPropertyTypes: exact, noUncheckedIndexedAccess: exact,
      };
      const host = typescript.createCompilerHost(options);
      const readFile = host.readFile;
      host.readFile = (path) => (path === file ? text : readFile(path));
      host.getSourceFile = (path, version) => {
        const content = host.readFile(path);
        return content === undefined ? undefined : typescript.createSourceFile(path, content, version);
      };
      const program = typescript.createProgram([file], options, host);
      const found = typescript.getPreEmitDiagnostics(program).map((error) => `${(error.file?.getLineAndCharacterOfPosition(error.start ?? 0).line ?? -1) + 1}: TS${error.code}`);
      assert.equal(found, errors, `exactOptionalPropertyTypes: ${exact}`);
    }
  });

  test(`hmc's own TypeScript agrees on ${name}`, () => {
    const { errors, text } = expected(file);
    const disk = nodeHost();
    const host: Host = { ...disk, readFile: (path) => (path === file ? new TextEncoder().encode(text) : disk.readFile(path)) };
    const opened = openProgram(host, file, { scope: "all" });
    assert.ok(opened.context);
    assert.equal(typescriptErrors(opened.context, "all").map((error) => `${error.span?.line}: ${error.code}`), errors);
  });
}

test.run();
