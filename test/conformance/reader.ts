/** The reader of KFP files beside the readers that it imitates: PyYAML, protobuf's JSON, and the SDK's v1 loader. */
import type { Checks } from "./checks.ts";
import { goldens } from "./corpus.ts";
import { noPython, type Environment } from "./environment.ts";
import { readerFields } from "./reader-fields.ts";
import { readerMessages } from "./reader-messages.ts";
import { readerV1 } from "./reader-v1.ts";
import { readerYaml } from "./reader-yaml.ts";

/** Mistakes to try of each kind; more for a nightly run with `HMC_FUZZ=20000`. */
const rounds = Number(process.env["HMC_FUZZ"] ?? 1500);

export async function reader(checks: Checks, { python }: Environment): Promise<void> {
  if (python === undefined) return checks.skip("the reader of KFP files", noPython);
  if (goldens() === undefined) checks.skip("KFP's own test data", "../shared/conformance is not beside the project");
  await readerFields(checks, python);
  await readerYaml(checks, python, rounds);
  await readerMessages(checks, python, rounds);
  await readerV1(checks, python);
}
