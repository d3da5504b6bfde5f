/** The table of control flow in one process; the conformance suite `control-flow` also runs it with real processes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cases } from "../conformance/control-flow/cases.ts";
import { expectedTable, inProcess, titleOf } from "../conformance/control-flow.ts";

const expected = expectedTable();

test("the table has no case without a row, and no row without a case", () => assert.equal(cases.map(titleOf).sort(), Object.keys(expected).sort()));

for (const one of cases) test(titleOf(one), async () => assert.equal(await inProcess(one), expected[titleOf(one)]));

test.run();
