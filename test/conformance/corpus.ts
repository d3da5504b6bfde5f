/** KFP files to try the importer on: the compiled fixtures, and KFP's own test data where it lies beside the project. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./environment.ts";

export interface CorpusFile {
  name: string;
  text: string;
}

const conformance = join(root, "../shared/conformance/kfp");

/** What `kfp.yaml` is in each fixture. */
export function compiledFixtures(): CorpusFile[] {
  return readdirSync(join(root, "fixtures"))
    .sort()
    .map((name) => join("fixtures", name, "kfp.yaml"))
    .filter((name) => existsSync(join(root, name)))
    .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
}

/** KFP's own files that it takes for valid; missing where they are not beside the project. */
export function goldens(): CorpusFile[] | undefined {
  if (!existsSync(conformance)) return undefined;
  return ["valid", "platform"].flatMap((folder) =>
    readdirSync(join(conformance, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(conformance, folder, name), "utf8") })),
  );
}

/** KFP's own files that it does not take, also archives, read as text; missing where they are not beside the project. */
export function invalidFiles(): CorpusFile[] | undefined {
  const folder = join(conformance, "invalid");
  return existsSync(folder) ? readdirSync(folder).sort().map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })) : undefined;
}
