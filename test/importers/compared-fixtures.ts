/** The twins as KFP files in the shape of the SDK, for tests of the comparison. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import type { Document, Json } from "../../compiler/ir/types.ts";
import { emitKfp, kfpDefaults } from "../../compiler/targets/kfp/index.ts";
import type { Sides } from "./mutations.ts";
import { root } from "./printed.ts";

export interface ComparedFixture {
  name: string;
  sides: Sides;
}

/** The first pipeline of each twin that compiles. */
export function comparedFixtures(): ComparedFixture[] {
  return readdirSync(join(root, "fixtures")).filter((name) => name.startsWith("twin-")).flatMap((name) => {
    const file = join(root, "fixtures", name, "ir.json");
    if (!existsSync(file)) return [];
    const document = JSON.parse(readFileSync(file, "utf8")) as Document;
    const [id = ""] = document.exported;
    const { yaml } = emitKfp(document, id, { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], shape: "sdk", toolVersion: "0" });
    const read = yaml === undefined ? undefined : readKfp(yaml, name).file;
    if (read === undefined) return [];
    const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? {})) as Json;
    return [{ name, sides: { spec: plain(read.spec), platform: plain(read.platform) } }];
  });
}
