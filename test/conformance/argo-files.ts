/** The YAML for Argo that the fixtures hold. */
import { readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { root } from "./environment.ts";

export interface ArgoFixture {
  /** The folder below `fixtures/`. */
  name: string;
  /** `argo.yaml`, and what it refers to: any `argo-*.yaml` beside it. */
  files: string[];
}

/** The folders below `fixtures/`, at any depth, that hold an `argo.yaml`. */
export function argoFixtures(): ArgoFixture[] {
  const all = join(root, "fixtures");
  const byFolder = new Map<string, string[]>();
  for (const entry of readdirSync(all, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^argo(-.*)?\.yaml$/.test(entry.name)) continue;
    byFolder.set(entry.parentPath, [...(byFolder.get(entry.parentPath) ?? []), join(entry.parentPath, entry.name)]);
  }
  return [...byFolder.values()]
    .filter((files) => files.some((file) => basename(file) === "argo.yaml"))
    .map((files) => ({ name: relative(all, dirname(files[0] ?? all)), files: files.sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
