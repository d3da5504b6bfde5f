/** The hand-made pairs give exactly the changes that are expected of them, and nothing the other way round where there are none. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { changesBetween, pairs } from "./pairs.ts";

const all = pairs();

test("there are enough pairs", () => assert.ok(all.length >= 30, `${all.length}`));

for (const { name, before, after, expected } of all) {
  test(name, async () => {
    const { changes, reruns, isCodeCompared } = await changesBetween(before, after);
    assert.equal(changes, expected.changes);
    assert.equal(reruns, expected.reruns);
    assert.ok(isCodeCompared);
    if (expected.changes.length === 0) assert.equal((await changesBetween(after, before)).changes, []);
  });
}

test.run();
