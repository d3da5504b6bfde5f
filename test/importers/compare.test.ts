/** The comparison of KFP files finds whatever is different, and nothing where only the words are. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareKfp } from "../../compiler/importers/kfp/compare.ts";
import { seeded } from "../random.ts";
import { changedLeaves, kinds, removedParts, sameThings, type Mutation, type Sides } from "./mutations.ts";
import { comparedFixtures, type ComparedFixture } from "./compared-fixtures.ts";

const fixtures = comparedFixtures();

function differences(first: Sides, second: Sides): string[] {
  type Side = Parameters<typeof compareKfp>[0];
  return compareKfp(first as Side, second as Side).map(({ what }) => what);
}

/** Every change is found, whichever file comes first. */
function expectFound(name: string, sides: Sides, mutations: readonly Mutation[]): void {
  for (const { where, changed } of mutations) {
    assert.ok(differences(sides, changed).length > 0, `${name}: a change at ${where} was not found`);
    assert.ok(differences(changed, sides).length > 0, `${name}: a change at ${where} was not found the other way round`);
  }
}

test("there are enough files, and they have everything in them", () => {
  assert.ok(fixtures.length >= 40, String(fixtures.length));
  for (const { name, sides } of fixtures) assert.equal(differences(sides, structuredClone(sides)), [], name);
});

for (const [kind, mutate] of Object.entries(kinds)) {
  test(`a change is found: ${kind}`, () => {
    const random = seeded(7);
    let count = 0;
    for (const { name, sides } of fixtures) {
      const mutations = mutate(sides, random);
      expectFound(name, sides, mutations);
      count += mutations.length;
    }
    assert.ok(count > 0, "no fixture has such a place");
  });
}

test("a change is found wherever it is", () => {
  const random = seeded(11);
  for (const { name, sides } of fixtures) expectFound(name, sides, changedLeaves(sides, random, 25));
});

test("whatever goes is missed", () => {
  const random = seeded(13);
  for (const { name, sides } of fixtures) expectFound(name, sides, removedParts(sides, random, 25));
});

for (const [kind, act] of Object.entries(sameThings)) {
  test(`no change: ${kind}`, () => {
    let count = 0;
    for (const { name, sides } of fixtures) {
      const changed = act(sides, seeded(17));
      if (JSON.stringify(changed) !== JSON.stringify(sides)) count++;
      assert.equal(differences(sides, changed), [], name);
      assert.equal(differences(changed, sides), [], name);
    }
    assert.ok(count > 0, "it changes no fixture");
  });
}

test("a difference names its place and both values", () => {
  const { sides } = fixtures.find(({ name }) => name === "twin-straight-line") as ComparedFixture;
  const [found, ...others] = compareKfp(...([sides, kinds["an image"]?.(sides, seeded(1))[0]?.changed] as unknown as Parameters<typeof compareKfp>));
  assert.equal(others, []);
  assert.equal(found?.path.slice(0, 2), ["deploymentSpec", "executors"]);
  assert.match(found?.what ?? "", / \/ executor \/ container \/ image$/);
  assert.is(found?.second, `${String(found?.first)}x`);
});

test.run();
