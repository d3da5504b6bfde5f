/** Files of the build: what goes in, and how to write what comes out. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the package. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Everything that decides what `dist` holds. */
const inputs = ["compiler", "runtime", "schemas", "package.json", "package-lock.json", "tsconfig.json"];

/** Every file of a folder, or the file itself, as absolute paths in a stable order. */
export function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesUnder(join(path, name)));
}

/** A digest of the names, sizes and times of the inputs of the build: equal digests need no new build. */
export function inputsDigest() {
  const hash = createHash("sha256").update(process.version);
  for (const file of inputs.flatMap((name) => filesUnder(join(root, name)))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

let temporaries = 0;

/** Writes a file in one step, so that a process that reads it meanwhile sees the old or the new one, whole. */
export function writeAtomically(path, content, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${temporaries++}.tmp`;
  try {
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
