/** Reads YAML as Argo's tools do: by the rules of YAML 1.1, so that `n` is false and `1:30` a number. */
import { parseAllDocuments } from "yaml";
import { SimulationError } from "./errors.ts";

/**
 * The documents of a YAML text, for `simulate`. Empty ones are left out.
 *
 * @throws SimulationError where the text is no YAML
 */
export function readYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: "1.1" });
  for (const { errors } of documents) {
    const [error] = errors;
    if (error) throw new SimulationError("documents", error.message.split("\n")[0] as string);
  }
  return [...documents].map((document): unknown => document.toJS()).filter((document) => document !== null);
}
