/** The hand-made pairs give exactly the changes that are expected of them, and the same the other way round. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Change } from "../../compiler/diff/change.ts";
import { diffJson } from "../../compiler/diff/print/json.ts";
import { root } from "../folders.ts";
import { changesBetween, pairs } from "./pairs.ts";

const all = pairs();
const isOfSchema = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(join(root, "schemas/diff.schema.json"), "utf8")) as object);

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
    const found = await changesBetween(before, after);
    const { changes, reruns, isCodeCompared, sizes } = found;
    assert.ok(isOfSchema(JSON.parse(diffJson(found))), JSON.stringify(isOfSchema.errors));
    assert.ok(sizes.every((size) => [size.before, size.after].every((bytes) => bytes === undefined || bytes > 500)), "sizes are those of whole files");
    assert.equal(changes, expected.changes);
    assert.equal(reruns, expected.reruns);
    assert.ok(isCodeCompared);
    assert.equal((await changesBetween(after, before)).changes.map(seenFrom("after")).sort(), changes.map(seenFrom("before")).sort(), "the other way round it is the same");
  });
}

test.run();
