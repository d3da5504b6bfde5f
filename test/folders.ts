/** Where things lie, for tests. */
import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the package. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The pipeline files of the fixtures that must compile, in order of their names. */
export function validFixtures(): { name: string; file: string }[] {
  return readdirSync(`${root}/fixtures`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("invalid-"))
    .map(({ name }) => ({ name, file: `${root}/fixtures/${name}/pipeline.ts` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
