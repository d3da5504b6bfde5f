import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearestName } from "../../compiler/diagnostics/nearest.ts";

test("a slip is mended: a letter too many, too few, wrong or swapped, or another case", () => {
  for (const word of ["compiile", "compie", "compale", "comiple", "COMPILE"]) assert.is(nearestName(word, ["check", "compile", "run"]), "compile", word);
});

test("the nearest counts, and of equals the first", () => {
  assert.is(nearestName("tran", ["trains", "train", "trail"]), "train");
  assert.is(nearestName("ran", ["run", "ron"]), "run");
});

test("another word is no slip", () => {
  assert.is(nearestName("deploy", ["check", "compile", "run"]), undefined);
  assert.is(nearestName("", ["a"]), undefined);
  assert.is(nearestName("abc", []), undefined);
});

test.run();
