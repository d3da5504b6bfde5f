/** Compiled files of the fixtures, compared with their sources: nothing has changed. And any two fixtures can be compared, in both directions alike. */
import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { diff } from "../../compiler/diff/diff.ts";
import { validFixtures } from "../folders.ts";
import { randomNumbers } from "../random.ts";
import { changesBetween, opened } from "./pairs.ts";

const sources = validFixtures().filter(({ file }) => existsSync(file));
/** Its file carries code, which the golden has a stand-in for. */
const withoutCode = sources.filter(({ name }) => name !== "inline-ops");

test("a compiled file and its source differ in nothing", async () => {
  let count = 0;
  for (const { name, file } of withoutCode) {
    const yaml = file.replace("pipeline.ts", "kfp.yaml");
    if (!existsSync(yaml)) continue;
    const { changes, isCodeCompared } = await changesBetween(yaml, file);
    assert.equal(changes, [], name);
    assert.not.ok(isCodeCompared);
    count += 1;
  }
  assert.ok(count > 50, `${count} fixtures`);
});

test("two pipelines that have nothing in common are compared without a bug, and the same way round and round", async () => {
  const random = randomNumbers(7);
  const pick = () => sources[Math.floor(random() * sources.length)]?.file ?? "";
  for (let count = 0; count < 25; count += 1) {
    const [first, second] = [await opened(pick(), "first"), await opened(pick(), "second")];
    // Under one name, pipelines are paired whatever they are.
    for (const side of [first, second]) for (const { document } of side.programs) renameExported(document);
    const [there, back] = [diff(first, second), diff(second, first)];
    const counted = (changes: typeof there.changes, action: string) => changes.filter((change) => change.subject === "task" && change.action === action).length;
    assert.is(counted(there.changes, "added"), counted(back.changes, "removed"));
    assert.is(counted(there.changes, "removed"), counted(back.changes, "added"));
  }
});

function renameExported({ exported, pipelines }: Awaited<ReturnType<typeof opened>>["programs"][number]["document"]): void {
  const [id = ""] = exported;
  const pipeline = pipelines[id];
  if (pipeline === undefined) return;
  delete pipelines[id];
  pipelines["same"] = { ...pipeline, id: "same" };
  exported.splice(0, exported.length, "same");
}

test.run();
