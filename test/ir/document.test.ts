/** Documents: what the frontend gives fits the schema; what does not fit is named; printing is stable. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Bug } from "../../compiler/bug.ts";
import { check } from "../../compiler/compile.ts";
import { printDocument } from "../../compiler/ir/print.ts";
import type { Document } from "../../compiler/ir/types.ts";
import { assertDocument, validateDocument } from "../../compiler/ir/validate.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { root } from "../folders.ts";

const analysis = check(nodeHost(), `${root}/fixtures/control-flow/pipeline.ts`, { scope: "pipeline", place: "local" });
const { document } = analysis;
if (document === undefined) throw new Error("the fixture has no document");

/** The same document with one change. */
function changed(change: (copy: Document) => void): unknown {
  const copy = structuredClone(document) as Document;
  change(copy);
  return copy;
}

test("a document of the frontend fits, also after a round trip through its text", () => {
  assert.ok("document" in validateDocument(document));
  assert.equal(JSON.parse(printDocument(document)), JSON.parse(JSON.stringify(document)));
  assert.ok("document" in validateDocument(JSON.parse(printDocument(document))));
});

test("what differs is named with its place", () => {
  const errors = (value: unknown) => {
    const result = validateDocument(value);
    return "errors" in result ? result.errors : [];
  };
  assert.equal(errors(changed((copy) => Object.assign(copy, { more: 1 }))), [{ path: "", message: 'must NOT have additional properties ("more")' }]);
  const [id = ""] = document.exported;
  assert.is(errors(changed((copy) => Object.assign(copy.pipelines[id]?.body.nodes[0] ?? {}, { kind: "while" })))[0]?.path, `/pipelines/${id}/body/nodes/0`);
  assert.is(errors(changed((copy) => Object.assign(copy.pipelines[id]?.span ?? {}, { line: "1" })))[0]?.path, `/pipelines/${id}/span/line`);
  assert.is(errors(null).length, 1);
  assert.is(errors([]).length, 1);
});

test("a document of ours that does not fit is a bug, not an error of the user", () => {
  assertDocument(document, "The frontend");
  assert.throws(() => assertDocument(changed((copy) => Object.assign(copy, { entry: 1 })) as Document, "The frontend"), (error: unknown) => error instanceof Bug && error.message.includes("The frontend") && error.message.includes("/entry"));
});

test("printing twice gives the same bytes, with a line break at the end", () => {
  const again = check(nodeHost(), `${root}/fixtures/control-flow/pipeline.ts`, { scope: "pipeline", place: "local" }).document;
  assert.is(printDocument(document), printDocument(again as Document));
  assert.ok(printDocument(document).endsWith("}\n"));
});

test.run();
