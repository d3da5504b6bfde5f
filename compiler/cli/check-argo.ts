/** The part of `hmc check` that reads YAML of Argo Workflows. */
import { relative, resolve } from "node:path";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { checkArgo } from "../targets/argo/check/check.ts";
import type { ArgoDocument } from "../targets/argo/check/document.ts";
import { isArgo } from "../targets/argo/check/documents.ts";
import { readArgo } from "../targets/argo/check/read.ts";
import type { ArgoVersion } from "../targets/argo/versions.ts";
import type { Analysis } from "../compile.ts";
import { yamlText } from "./yaml-file.ts";

/** Checks YAML files together: templates of one may be called by others. */
export function checkArgoFiles(host: Host, given: readonly string[], version: ArgoVersion | undefined): Pick<Analysis, "diagnostics" | "texts" | "root"> {
  const texts = new Map<string, string>();
  const documents: ArgoDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const name of new Set(given)) {
    const path = resolve(host.cwd(), name);
    const file = relative(host.cwd(), path).replaceAll("\\", "/");
    const text = yamlText(host, path, name);
    texts.set(file, text);
    const read = readArgo(text, file);
    diagnostics.push(...read.diagnostics);
    documents.push(...read.documents);
  }
  const found = checkArgo(documents, version === undefined ? {} : { version });
  if (found.length === 0 && diagnostics.length === 0 && !documents.some(isArgo)) {
    const [file = ""] = texts.keys();
    const start = { file, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
    found.push(diagnostic("HMC8005", start, { what: documents.length === 0 ? "an empty file" : "YAML of something else", advice: "Give a Workflow, WorkflowTemplate or CronWorkflow" }));
  }
  return { diagnostics: [...diagnostics, ...found], texts, root: host.cwd() };
}
