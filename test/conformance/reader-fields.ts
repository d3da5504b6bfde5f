/** The messages and fields that the reader knows, and so the table in `docs/spec.md`, are those of protobuf's descriptors. */
import { everyField } from "../importers/kfp-fields.ts";
import type { Checks } from "./checks.ts";
import { pythonAnswers } from "./python-answers.ts";

/** What the reader knows of later versions. */
const newer = /^(KubernetesExecutorConfig\.initContainers$|InitContainer\.)/;

export async function readerFields(checks: Checks, python: string): Promise<void> {
  const ours = everyField();
  const [answer] = await pythonAnswers(python, "fields", [null]);
  if (answer === undefined || "error" in answer) return checks.fail("Fields of KFP", answer?.error ?? "no answer");
  const theirs = Object.entries(answer.ok as Record<string, string[]>).flatMap(([message, fields]) => {
    const name = ourName(message, [...ours.keys()]);
    return fields.map((field) => `${name}.${field}`);
  });
  const known = [...ours].flatMap(([message, fields]) => fields.map((field) => `${message}.${field}`));
  checks.expectNone(`Fields of KFP: ${theirs.length} of protobuf, ${known.length} of the reader`, [
    ...theirs.filter((field) => !known.includes(field)).map((field) => `the reader does not know ${field}`),
    ...known.filter((field) => !theirs.includes(field) && !newer.test(field)).map((field) => `protobuf does not know ${field}`),
  ]);
}

/** The reader leaves out the package and the outer messages of a name where the rest says enough. */
function ourName(message: string, names: readonly string[]): string {
  const [longest] = names.filter((name) => message.endsWith(`.${name}`)).sort((left, right) => right.length - left.length);
  return longest ?? message;
}
