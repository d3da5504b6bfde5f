/** Every fixture: what it compiles to in the shape of the SDK is imported, and the imported code compiles to the same. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importKfp } from "../../compiler/import.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { emitKfp, kfpDefaults } from "../../compiler/targets/kfp/index.ts";
import { root } from "./printed.ts";

const fixtures = join(root, "fixtures");
const cases = readdirSync(fixtures).filter((name) => !name.startsWith("invalid-") && existsSync(join(fixtures, name, "kfp.yaml")));

test("there are fixtures", () => assert.ok(cases.length > 60));

for (const name of cases) {
  const document = JSON.parse(readFileSync(join(fixtures, name, "ir.json"), "utf8")) as Document;
  for (const id of document.exported) {
    test(`${name}: "${id}" is imported without a difference`, () => {
      const { yaml } = emitKfp(document, id, { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], shape: "sdk", toolVersion: "X", inline: new Map(Object.keys(document.components).map((op) => [op, `/* the code of ${op} */ {{}}`])) });
      assert.ok(yaml !== undefined, "it compiles in the shape of the SDK");
      const { typescript, differences, diagnostics } = importKfp(nodeHost(), yaml, `${name}.yaml`, join(fixtures, name, "imported.ts"));
      assert.ok(typescript !== undefined, "it is imported");
      assert.equal(differences, []);
      assert.equal(diagnostics.map(({ code, message }) => `${code} ${message}`), []);
    });
  }
}

test.run();
