/** Environment variables of tasks: their names, and credentials in them. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { credentialFormat, looksLikeCredentialName } from "../ir/credentials.ts";
import { kebabCase } from "../ir/names.ts";
import type { Document, EnvironmentValue, Span } from "../ir/types.ts";
import { optionSources, optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

export const environment: Rule = {
  codes: ["HMC3027", "HMC5020"],
  scope: "always",
  check(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const { options, span } of optionSources(document)) {
      for (const [name, value] of Object.entries(options.env ?? {})) {
        const written = options.spans?.[`env.${name}`] ?? options.spans?.[`secrets.${name}`];
        found.push(...checkVariable(name, value, optionSpan(options, span, `env.${name}`, `secrets.${name}`), written));
      }
    }
    for (const component of Object.values(document.components)) {
      if (component.kind !== "container") continue;
      for (const [name, value] of Object.entries(component.env)) {
        found.push(...checkVariable(name, { kind: "literal", value }, component.span, undefined));
      }
    }
    return found;
  },
};

/** What Kubernetes takes and every shell can read. */
const validName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function checkVariable(name: string, value: EnvironmentValue, span: Span | undefined, written: Span | undefined): Diagnostic[] {
  if (!validName.test(name)) return [diagnostic("HMC3027", span, { name })];
  if (value.kind !== "literal") return [];
  const format = credentialFormat(value.value);
  const reason = format !== undefined ? `holds ${format} in plain text` : isPlainCredential(name, value.value) ? "looks like a credential, but its value is in plain text" : undefined;
  if (reason === undefined) return [];
  const call = `secret(${JSON.stringify(kebabCase(name))}, ${JSON.stringify(name)})`;
  const fix = written === undefined ? {} : { fix: { title: `Use ${call}, and create that Kubernetes secret`, edits: [{ span: written, newText: call }], imports: ["secret"] } };
  return [diagnostic("HMC5020", span, { name, reason }, fix)];
}

/** An empty value, a flag or a small number gives nothing away. */
function isPlainCredential(name: string, value: string): boolean {
  return looksLikeCredentialName(name) && value !== "" && !/^(true|false|none|null|\d{1,4})$/i.test(value);
}
