/** v1 components: the importer makes of them what KFP's SDK makes of them. */
import assert from "node:assert/strict";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import type { Json } from "../../compiler/ir/types.ts";
import { brokenV1Components, v1Components } from "../importers/v1-components.ts";
import type { Checks } from "./checks.ts";
import { pythonAnswers } from "./python-answers.ts";

/** Without the version of the SDK, and without empty text, which protobuf does not print. */
function comparable(value: Json): Json {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => key !== "sdkVersion" && item !== "").map(([key, item]) => [key, comparable(item)]));
}

/** Compares components with what the SDK makes of them; exported for trying files at hand. */
export async function compareV1(python: string, texts: readonly string[]): Promise<(string | undefined)[]> {
  const answers = await pythonAnswers(python, "v1", texts);
  return texts.map((text, index) => {
    const theirs = answers[index]!;
    const { file, diagnostics } = readKfp(text, "component.yaml");
    const problems = diagnostics.map(({ code, message }) => `${code} ${message}`).join("; ");
    if (file === undefined) return "ok" in theirs ? `refused, though the SDK loads it: ${problems}` : undefined;
    if ("error" in theirs) return `read, though the SDK refuses it: ${theirs.error}`;
    try {
      assert.deepEqual(comparable(file.spec as Json), comparable(theirs.ok));
      return file.kind === "component" ? undefined : `it is no component, but a ${file.kind}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
}

export async function readerV1(checks: Checks, python: string): Promise<void> {
  for (const [name, components] of [["that load", v1Components], ["that do not load", brokenV1Components]] as const) {
    const found = await compareV1(python, Object.values(components));
    const problems = Object.keys(components).flatMap((what, index) => (found[index] === undefined ? [] : [`${what}: ${found[index]}`]));
    checks.expectNone(`v1 components as the SDK reads them: ${found.length} ${name}`, problems);
  }
}
