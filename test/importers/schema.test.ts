/** The JSON Schemas of KFP files are those of the importer's tables, and fit what hmc writes. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { compiledFixtures } from "../conformance/corpus.ts";
import { expectGolden } from "../fixtures/golden.ts";
import { kfpSchemas } from "./kfp-schema.ts";

const schemas = fileURLToPath(new URL("../../schemas/", import.meta.url));

for (const [name, schema] of Object.entries(kfpSchemas)) {
  test(`${name} is that of the tables`, () => expectGolden(join(schemas, name), `${JSON.stringify(schema(), null, 2)}\n`));
}

test("every compiled fixture fits, and a wrong member does not", () => {
  const [spec, platform] = Object.keys(kfpSchemas).map((name) => new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(JSON.parse(readFileSync(join(schemas, name), "utf8")) as object));
  assert.ok(spec !== undefined && platform !== undefined);
  const files = compiledFixtures();
  assert.ok(files.length > 30);
  for (const { name, text } of files) {
    const [first, second] = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);
    assert.ok(spec(first), `${name}: ${JSON.stringify(spec.errors)}`);
    if (second !== undefined) assert.ok(platform(second), `${name}: ${JSON.stringify(platform.errors)}`);
    assert.not.ok(spec({ ...first, extra: 1 }), name);
    assert.not.ok(spec({ ...first, root: { ...(first?.["root"] as object), dag: {}, executorLabel: "x" } }), name);
  }
  assert.ok(spec({ root: { dag: {}, executorLabel: null } }));
  assert.not.ok(platform({ platforms: { kubernetes: { deploymentSpec: { executors: { x: { tolerations: [{ tolerationSeconds: true }] } } } } } }));
});

test.run();
