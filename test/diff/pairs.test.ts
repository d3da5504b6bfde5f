/** The hand-made pairs give exactly the changes that are expected of them, and the same the other way round. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Change } from "../../compiler/diff/change.ts";
import { changesBetween, pairs } from "./pairs.ts";

const all = pairs();

test("there are enough pairs", () => assert.ok(all.length >= 30, `${all.length}`));

const opposite: Partial<Record<Change["action"], Change["action"]>> = { added: "removed", removed: "added" };

/** A change in words that do not depend on which side is the first. Ids are those of one side. */
function seenFrom(side: "before" | "after"): (change: Change) => string {
  return ({ subject, action, name, before, after }) => {
    const isFirst = side === "before";
    const named = action === "renamed" || subject === "order" ? "" : (name ?? "");
    return [subject, isFirst ? action : (opposite[action] ?? action), named, isFirst ? before : after, isFirst ? after : before].join(" | ");
  };
}

for (const { name, before, after, expected } of all) {
  test(name, async () => {
    const { changes, reruns, isCodeCompared } = await changesBetween(before, after);
    assert.equal(changes, expected.changes);
    assert.equal(reruns, expected.reruns);
    assert.ok(isCodeCompared);
    assert.equal((await changesBetween(after, before)).changes.map(seenFrom("after")).sort(), changes.map(seenFrom("before")).sort(), "the other way round it is the same");
  });
}

test.run();
