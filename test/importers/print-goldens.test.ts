/** Printed modules that were read, and are as a person would write them. HMC_UPDATE=1 writes them anew. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import { printTypeScript } from "../../compiler/importers/print/typescript.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { expectGolden } from "../fixtures/golden.ts";
import { root } from "./printed.ts";

for (const name of ["twin-conditions", "twin-one-of-parameters", "twin-fan-in-nested", "twin-exit-handler", "twin-container", "twin-loop-fields", "twin-loop-untyped", "twin-order-across", "twin-group-names", "twin-secrets-volumes", "expressions"]) {
  test(name, () => {
    const path = join(root, "fixtures", name, "ir.json");
    if (!existsSync(path)) throw new Error(`there is no ${path}`);
    const document = JSON.parse(readFileSync(path, "utf8")) as Document;
    expectGolden(join(root, "test/importers/goldens", `${name}.txt`), printTypeScript(document, { header: `Printed of fixtures/${name}/ir.json.` }));
  });
}

test.run();
