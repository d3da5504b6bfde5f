/** KFP's documents as YAML that YAML 1.1 readers (PyYAML, Go) and YAML 1.2 readers understand alike. */
import { stringify } from "yaml";

/**
 * The documents, with sorted keys. The text depends on nothing but the values.
 *
 * @param header comment lines
 */
export function printYaml(header: string, documents: unknown[]): string {
  return header + documents.map(printDocument).join("---\n");
}

function printDocument(document: unknown): string {
  return stringify(document, {
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    // Quotes what YAML 1.1 takes for a number, a date or a boolean.
    compat: "yaml-1.1",
    lineWidth: 0,
    blockQuote: "literal",
  });
}
