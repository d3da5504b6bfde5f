/** The verdicts of the importer's comparison of KFP files beside those of `ireq.py --alpha`, for twins that were changed, and for twins in other words. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareKfp } from "../../compiler/importers/kfp/compare.ts";
import { comparedFixtures } from "../importers/compared-fixtures.ts";
import { changedLeaves, kinds, removedParts, sameThings, type Sides } from "../importers/mutations.ts";
import { seeded } from "../random.ts";
import type { Checks } from "./checks.ts";
import { jsonLines, noPython, noTools, root, run, type Environment } from "./environment.ts";

interface Pair {
  name: string;
  first: Sides;
  second: Sides;
}

export async function comparisons(checks: Checks, { python, tools, work }: Environment): Promise<void> {
  const pairs = pairsOf(Number(process.env["HMC_FUZZ"] ?? 2));
  if (python === undefined || tools === undefined) return checks.skip(`${pairs.length} comparisons`, python === undefined ? noPython : noTools);
  const folder = join(work, "comparisons");
  mkdirSync(folder, { recursive: true });
  const files = new Map<Sides, string>();
  const fileOf = (sides: Sides): string => {
    const known = files.get(sides);
    if (known !== undefined) return known;
    const file = join(folder, `${files.size}.yaml`);
    writeFileSync(file, `${JSON.stringify(sides.spec)}\n---\n${JSON.stringify(sides.platform)}\n`);
    files.set(sides, file);
    return file;
  };
  const list = join(folder, "pairs.json");
  writeFileSync(list, JSON.stringify(pairs.map(({ name, first, second }) => ({ name, first: fileOf(first), second: fileOf(second), info: true }))));
  const answers = jsonLines<{ name: string; problems: string[] }>(checks, await run(python, [join(root, "test/conformance/equivalent.py"), "--tools", tools, list]));
  const theirs = new Map(answers.map(({ name, problems }) => [name, problems]));
  const wrong = pairs.flatMap(({ name, first, second }) => {
    type Side = Parameters<typeof compareKfp>[0];
    const ours = compareKfp(first as Side, second as Side).map(({ what }) => what);
    const problems = theirs.get(name);
    if (problems === undefined) return [`${name}: no answer`];
    return ours.length > 0 === problems.length > 0 ? [] : [`${name}: we find ${ours.slice(0, 3).join(", ") || "nothing"}, ireq.py ${problems.slice(0, 3).join(", ") || "nothing"}`];
  });
  checks.expectNone(`verdicts of ireq.py on ${pairs.length} pairs, of which ${answers.filter(({ problems }) => problems.length > 0).length} differ`, wrong);
}

/** Changes of each kind in a few fixtures each, and some anywhere in all of them. */
function pairsOf(rounds: number): Pair[] {
  const fixtures = comparedFixtures();
  const random = seeded(23);
  const pairs: Pair[] = [];
  const add = (what: string, fixture: string, first: Sides, second: Sides): void => {
    pairs.push({ name: `${pairs.length} ${what} of ${fixture}`, first, second });
  };
  for (const [kind, mutate] of Object.entries(kinds)) {
    const found = fixtures.flatMap(({ name, sides }) => mutate(sides, random).map((mutation) => ({ name, sides, ...mutation })));
    for (let count = 0; count < 3 * rounds && found.length > 0; count++) {
      const [{ name, sides, where, changed }] = found.splice(random.below(found.length), 1) as [(typeof found)[number]];
      add(`${kind} (${where})`, name, sides, changed);
    }
  }
  for (const { name, sides } of fixtures) {
    for (const { where, changed } of [...changedLeaves(sides, random, rounds), ...removedParts(sides, random, rounds)]) add(where, name, sides, changed);
    const [kind, act] = random.pick(Object.entries(sameThings));
    add(kind, name, sides, act(sides, random));
  }
  return pairs;
}
