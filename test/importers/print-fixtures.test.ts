/** Every fixture: its document, printed as TypeScript and compiled again, is the same document, and the text passes TypeScript. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { assertSame, compileFiles, essence, printedPath, root } from "./printed.ts";

const fixtures = join(root, "fixtures");
const cases = readdirSync(fixtures).filter((name) => !name.startsWith("invalid-") && existsSync(join(fixtures, name, "ir.json")));

for (const name of cases) {
  const document = JSON.parse(readFileSync(join(fixtures, name, "ir.json"), "utf8")) as Document;
  test(`${name}: the printed module compiles to the same document`, () => {
    const text = printTypeScript(document);
    const compiled = compileFiles(printedPath(document), { [printedPath(document)]: text });
    assertSame(essence(compiled), essence(document), text);
    assert.is(printTypeScript({ ...compiled, entry: posix.join(posix.dirname(document.entry), "pipeline.ts") }), text, "printing it again gives the same text");
  });
}

test.run();
