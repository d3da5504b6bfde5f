/** What is printed of the fixtures passes TypeScript as strict as it gets, with casts and annotations of the printer alone. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { printedPath, root, strictErrors } from "./printed.ts";

const fixtures = join(root, "fixtures");
const names = readdirSync(fixtures).filter((name) => !name.startsWith("invalid-") && existsSync(join(fixtures, name, "ir.json")));
const documents = names.map((name) => JSON.parse(readFileSync(join(fixtures, name, "ir.json"), "utf8")) as Document);

test("every printed fixture passes strict TypeScript", () => {
  const files = Object.fromEntries(documents.map((document) => [printedPath(document), printTypeScript(document)]));
  assert.equal(strictErrors(files), []);
});

test("a wrong type is found, so that the test above can fail", () => {
  assert.equal(strictErrors({ [join(root, "fixtures/twin-limit/printed.ts")]: `export const x: number = "a";\n` }).length, 1);
});

test.run();
