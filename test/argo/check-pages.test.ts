/** The pages of the codes 8xxx: the workflow before the fix raises the code with the message of the page, the one after it is clean. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../compiler/diagnostics/registry.ts";
import { codeBlocks } from "../fixtures/markdown.ts";
import { root } from "../folders.ts";
import { findingsOf } from "./page-blocks.ts";

const codes = [
  "HMC8001", "HMC8002", "HMC8003", "HMC8004", "HMC8005", "HMC8006", "HMC8007", "HMC8008", "HMC8009", "HMC8010", "HMC8011", "HMC8012", "HMC8013",
  "HMC8014", "HMC8015", "HMC8016", "HMC8017", "HMC8018", "HMC8019", "HMC8020", "HMC8021", "HMC8022", "HMC8023", "HMC8024", "HMC8025", "HMC8026",
  "HMC8027", "HMC8028", "HMC8029", "HMC8030", "HMC8031", "HMC8032", "HMC8033", "HMC8034", "HMC8035", "HMC8036", "HMC8037", "HMC8038", "HMC8039",
  "HMC8040", "HMC8041", "HMC8042", "HMC8044", "HMC8045", "HMC8046", "HMC8101", "HMC8102", "HMC8103", "HMC8104", "HMC8105", "HMC8106", "HMC8107",
  "HMC8108", "HMC8109", "HMC8110", "HMC8111", "HMC8112", "HMC8113", "HMC8114", "HMC8115", "HMC8116", "HMC8117", "HMC8118", "HMC8201", "HMC8202",
  "HMC8203", "HMC8204", "HMC8205", "HMC8206", "HMC8207", "HMC8208", "HMC8209", "HMC8210", "HMC8301", "HMC8302", "HMC8303", "HMC8304", "HMC8305", "HMC8306",
  "HMC8307", "HMC8308", "HMC8401", "HMC8402", "HMC8403", "HMC8404", "HMC8405", "HMC8406", "HMC8407",
];

/** Pages whose example, mended, still refers to a WorkflowTemplate that is not at hand. */
const refersElsewhere = new Set(["HMC8034", "HMC8045"]);

for (const code of codes) {
  test(`the page of ${code}`, () => {
    const [message, before, after] = codeBlocks(readFileSync(join(root, `docs/errors/${code}.md`), "utf8"));
    assert.ok(message !== undefined && before !== undefined && after !== undefined);
    const found = findingsOf(before.text).map((diagnostic) => `${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`);
    assert.ok(found.includes(message.text.trim()), `the example gives ${JSON.stringify(found)}`);
    const left = findingsOf(after.text).filter((diagnostic) => !(refersElsewhere.has(code) && diagnostic.code === "HMC8013"));
    assert.equal(left.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`), []);
  });
}

test("every code of the checker has a page that is tested here", () => {
  assert.equal(codes, Object.keys(registry).filter((code) => code.startsWith("HMC8")).sort());
});

test.run();
