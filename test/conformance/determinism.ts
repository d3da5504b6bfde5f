/** Compiling a copy of the sources in another folder, time zone and locale gives the same bytes. */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "./checks.ts";
import { fixtures, forEach, hmc, root, type Environment } from "./environment.ts";

const worlds = [
  { folder: "first", env: { TZ: "Pacific/Auckland", LANG: "C", HOME: "/nonexistent" } },
  { folder: "second/with spaces/and more", env: { TZ: "America/Los_Angeles", LANG: "tr_TR.UTF-8" } },
];

export async function determinism(checks: Checks, { work }: Environment): Promise<void> {
  for (const { folder } of worlds) {
    const place = join(work, "determinism", folder);
    mkdirSync(place, { recursive: true });
    cpSync(join(root, "fixtures"), join(place, "fixtures"), { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(root, file), join(place, file));
    for (const linked of ["node_modules", "dist"]) symlinkSync(join(root, linked), join(place, linked), "dir");
  }
  await forEach(fixtures(), async (fixture) => {
    const outputs = [];
    for (const { folder, env } of worlds) {
      const cwd = join(work, "determinism", folder);
      const { status, stdout, stderr } = await hmc(["compile", `fixtures/${fixture}/pipeline.ts`, "-o", `${fixture}.yaml`], { cwd, env });
      outputs.push(status === 0 ? readFileSync(join(cwd, `${fixture}.yaml`), "utf8") : `failed: ${stdout}${stderr}`);
    }
    const [first = "", second = ""] = outputs;
    if (first === second && !first.startsWith("failed: ")) checks.pass(`same bytes of ${fixture}`);
    else checks.fail(`same bytes of ${fixture}`, firstDifference(first, second));
  });
}

function firstDifference(first: string, second: string): string {
  const others = second.split("\n");
  const lines = first.split("\n");
  const index = lines.findIndex((line, at) => line !== others[at]);
  return index === -1 ? first.slice(0, 2000) : `line ${index + 1}:\n- ${lines[index]}\n+ ${others[index]}`;
}
