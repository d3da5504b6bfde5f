/** The pages of the language subset are true: the mistake they show is that of the fixture, and the way out compiles. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readComponentFile } from "../../compiler/component-files.ts";
import { languageCodes } from "../../compiler/diagnostics/codes/language.ts";
import { analyse } from "../../compiler/frontend/analyse.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { codeBlocks } from "../fixtures/markdown.ts";
import { errorsOf, lowerFiles } from "./lowered.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fixtures = readdirSync(join(root, "fixtures"));

for (const code of Object.keys(languageCodes)) {
  const folder = fixtures.find((name) => name.startsWith(`invalid-${code.toLowerCase()}-`)) ?? "";
  const read = (path: string): string => readFileSync(join(root, path), "utf8");

  test(`${code} is the only finding of its fixture, and its page says what is found`, () => {
    const { diagnostics } = analyse({ ...nodeHost(), env: () => undefined }, join(root, "fixtures", folder, "pipeline.ts"), { scope: "pipeline", readComponentFile });
    assert.equal([...new Set(diagnostics.map((found) => found.code))], [code]);
    const page = read(`docs/errors/${code}.md`);
    assert.ok(page.includes(`## Message\n\n> ${diagnostics[0]?.message}\n`));
    assert.ok(page.startsWith(`# ${code}: ${languageCodes[code as keyof typeof languageCodes].title}\n`));
  });

  test(`the fix on the page of ${code} compiles`, () => {
    const [before, after] = codeBlocks(read(`docs/errors/${code}.md`)).filter(({ language }) => language === "ts");
    assert.ok(before !== undefined && after !== undefined, "a block before and one after");
    const source = read(`fixtures/${folder}/pipeline.ts`);
    const components = Object.fromEntries(readdirSync(join(root, "fixtures", folder)).filter((name) => /\.yaml(?:\.d\.ts)?$/.test(name)).map((name) => [name, read(`fixtures/${folder}/${name}`)]));
    const fixed = replaceBlock(source, before?.text ?? "", after?.text ?? "");
    assert.equal(errorsOf(lowerFiles({ ...components, "pipeline.ts": fixed }).diagnostics), []);
  });
}

/** Puts the lines of one block in the place of another, whatever its indentation; new imports and ops go to the top. */
function replaceBlock(source: string, before: string, after: string): string {
  const lines = source.split("\n");
  const wanted = before.trimEnd().split("\n");
  const start = lines.findIndex((line, index) => line.trim() !== "" && wanted.every((text, offset) => lines[index + offset]?.trim() === text.trim()));
  assert.ok(start >= 0, "the block before stands in the fixture");
  const parts = after.trimEnd().split("\n\n");
  const isTop = (part: string): boolean => wanted[0]?.startsWith("export") !== true && part.startsWith("export const");
  const newImport = parts.find((part) => part.startsWith("import "));
  const top = parts.filter(isTop).join("\n");
  const rest = parts.filter((part) => part !== newImport && !isTop(part)).join("\n\n");
  lines.splice(start, wanted.length, rest);
  const hmc = lines.findIndex((line) => line.endsWith('from "hmc";'));
  lines[hmc] = [newImport ?? lines[hmc], top].join("\n");
  return lines.join("\n");
}

test.run();
