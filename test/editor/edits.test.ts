/** Random edits: the service never fails, and after each run of them says what a fresh check says. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeHost } from "../../compiler/node-host.ts";
import { createService, type Service } from "../../compiler/editor/service.ts";
import { documentSymbols } from "../../compiler/editor/symbols.ts";
import { codeLenses, inlayHints } from "../../compiler/editor/hints.ts";
import { completions } from "../../compiler/editor/completions.ts";
import { hover } from "../../compiler/editor/hover.ts";
import { root } from "../folders.ts";
import { randomNumbers } from "../random.ts";
import { longPipeline } from "./long-file.ts";

const path = join(root, "fixtures", "edited.ts");
/** `HMC_EDITS=5000` for the long run. */
const edits = Number(process.env["HMC_EDITS"] ?? 120);
const pieces = ["{", "}", "(", ")", "\"", "`", "${", "/*", "//", "\n", ";", " if (", "await ", "t1.score", "\uD800", "\uDC00", "\uFEFF", "\u2028", "\0", "é😀", "// hmc-disable-next-line HMC5001\n", "x".repeat(100_000), "op(", "pipeline(() => {", "import { op } from \"hmc\";\n", "const t1 = ", "undefined", "=> "];

function said(service: Service): string[] | undefined {
  return service.diagnostics(path, "whole")?.map(({ diagnostic }) => JSON.stringify(diagnostic)).sort();
}

test(`${edits} random edits, with a fresh check after each tenth`, () => {
  const random = randomNumbers(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const service = createService(nodeHost(), { failed });
  const original = longPipeline(25);
  let text = original;
  service.open(path, text, 0);
  assert.equal(said(service), []);
  for (let edit = 1; edit <= edits; edit++) {
    const at = Math.floor(random() * (text.length + 1));
    if (random() < 0.1) text = original;
    else if (random() < 0.5) text = text.slice(0, at) + pick(pieces) + text.slice(at);
    else text = text.slice(0, at) + text.slice(at + Math.floor(random() ** 4 * 200));
    service.change(path, text, edit);
    const quick = service.diagnostics(path, "quick");
    for (const { diagnostic: { span } } of quick ?? []) assert.ok(span === undefined || (span.start >= 0 && span.end <= text.length), "places lie in the text");
    for (const ask of [documentSymbols, inlayHints, codeLenses]) ask(service, path);
    hover(service, path, at);
    completions(service, path, at);
    if (edit % 10 === 0) {
      const fresh = createService(nodeHost(), { failed });
      fresh.open(path, text, 1);
      assert.equal(said(service), said(fresh), `after edit ${edit}`);
    }
  }
  service.change(path, original, edits + 1);
  assert.equal(said(service), [], "nothing stays of the edits");
  assert.equal(failures.map(String), []);
});

test.run();
