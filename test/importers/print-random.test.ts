/**
 * Random pipelines: what is printed of their documents compiles to the same documents, and passes strict TypeScript.
 * `HMC_RANDOM_SEEDS=100-199` takes other seeds.
 */
import { posix } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import { generate } from "../conformance/random/generate.ts";
import { printTypeScript as sourceOf } from "../conformance/random/typescript.ts";
import { assertSame, compileFiles, essence, root, strictErrors } from "./printed.ts";

const [first = 1, last = first] = (process.env["HMC_RANDOM_SEEDS"] ?? "1-2").split("-").map(Number);
const folder = posix.join(root, "test/importers/virtual");
const [entry, printed] = ["pipeline.ts", "printed.ts"].map((name) => posix.join(folder, name)) as [string, string];

for (let seed = first; seed <= last; seed++) {
  for (const mode of ["twin", "full"] as const) {
    test(`${mode} ${seed}`, () => {
      const files = {
        [posix.join(folder, "package.json")]: '{ "type": "module" }',
        [posix.join(folder, "derive.ts")]: `export const derive = (...given: unknown[]): unknown => given;\nexport const digest = (...given: unknown[]): string => String(given);\n`,
        [entry]: sourceOf(generate(seed, mode)),
      };
      const document = compileFiles(entry, files);
      const text = printTypeScript(document);
      const all = { ...files, [printed]: text };
      assertSame(essence(compileFiles(printed, all)), essence(document), text);
      assert.equal(strictErrors(all).filter((error) => error.includes("printed.ts:")), [], text);
    });
  }
}

test.run();
