/** The page docs/testing.md as a project. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../folders.ts";

/** A project with the blocks of the page, whose test is changed; packages are those of this one, and others by their folder. */
export function pageProject(change: (test: string) => string, packages: Record<string, string> = {}): string {
  const page = readFileSync(join(root, "docs/testing.md"), "utf8");
  const blocks = new Map([...page.matchAll(/```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text]));
  const folder = mkdtempSync(join(tmpdir(), "hmc-testing-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const own = Object.fromEntries(["tsx", "uvu", "@types/node"].map((name) => [name, join(root, "node_modules", name)]));
  for (const [name, target] of Object.entries({ hmc: root, ...own, ...packages })) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "pipeline.ts"), blocks.get("pipeline.ts") ?? "");
  writeFileSync(join(folder, "pipeline.test.ts"), change(blocks.get("pipeline.test.ts") ?? ""));
  return folder;
}
