/** The names that begin with `workflow.`: known everywhere in a workflow. */
import { nearestName } from "../../../diagnostics/nearest.ts";
import { fieldsOf, isFields, isGiven, textOf } from "./json.ts";
import { allTemplates, type DocumentModel } from "./model.ts";
import type { Problem } from "./names-in-scope.ts";
import type { Scope } from "./scope.ts";

const plain = ["name", "namespace", "mainEntrypoint", "serviceAccountName", "uid", "parameters", "annotations", "labels", "status", "duration", "creationTimestamp", "scheduledTime"];
const members = [...plain, "priority", "failures", "outputs"];

/** What is wrong with a name that begins with "workflow". */
export function globalProblem(parts: readonly string[], { home }: Scope, isExpression: boolean): Problem | undefined {
  const [, first, second] = parts;
  const unresolved = (reason: string, suggestion?: string): Problem => ({ kind: "unresolved", reason, suggestion });
  if (first === undefined) return isExpression ? undefined : unresolved(`"workflow" is no value`);
  switch (first) {
    case "parameters":
      return parameterProblem(second, home, isExpression);
    case "annotations":
    case "labels":
      return metadataProblem(first, parts.slice(2).join("."), home, isExpression);
    case "priority":
      return isGiven(home.spec["priority"]) || isOpen(home) ? undefined : unresolved(`the workflow has no "priority"`);
    case "failures":
      return isGiven(home.spec["onExit"]) || isGiven(home.spec["hooks"]) || isOpen(home) ? undefined : unresolved(`only an exit handler knows the failures, and the workflow has no "onExit"`);
    case "scheduledTime":
      // Only the controller of a CronWorkflow sets it: elsewhere the text stays as it is.
      return home.kind !== "Workflow" || isOpen(home) || fieldsOf(home.metadata["annotations"])["workflows.argoproj.io/scheduled-time"] !== undefined ? undefined : { kind: "unknown" };
    case "outputs":
      return outputProblem(parts, home);
    default:
      if (plain.includes(first)) return undefined;
      return unresolved(`workflows have no "${first}"`, suggested("workflow", nearestName(first, members)));
  }
}

function suggested(prefix: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${prefix}.${name}`;
}

/** Whether what a document does not say may come from the workflow that uses it. */
function isOpen({ kind, spec }: DocumentModel): boolean {
  return kind === "WorkflowTemplate" || kind === "ClusterWorkflowTemplate" || isFields(spec["workflowTemplateRef"]);
}

function parameterProblem(name: string | undefined, home: DocumentModel, isExpression: boolean): Problem | undefined {
  const { parameters } = home.arguments;
  if (isOpen(home)) return undefined;
  if (name === undefined || name === "json") return parameters.length > 0 || isExpression ? undefined : { kind: "unresolved", reason: "the workflow has no parameters" };
  if (parameters.some((parameter) => parameter.name === name)) return undefined;
  return { kind: "unresolved", reason: `the workflow has no parameter "${name}"`, suggestion: suggested("workflow.parameters", nearestName(name, parameters.map((parameter) => parameter.name))) };
}

function metadataProblem(what: "annotations" | "labels", key: string, home: DocumentModel, isExpression: boolean): Problem | undefined {
  if (key === "" || key === "json" || isExpression || isOpen(home)) return undefined;
  const added = fieldsOf(home.spec["workflowMetadata"]);
  const outer = fieldsOf(home.outer["workflowMetadata"]);
  const known = [home.metadata[what], added[what], outer[what], ...(what === "labels" ? [added["labelsFrom"], outer["labelsFrom"]] : [])].flatMap((map) => Object.keys(fieldsOf(map)));
  if (known.includes(key) || key.startsWith("workflows.argoproj.io/")) return undefined;
  return { kind: "unresolved", reason: `the workflow has no ${what === "labels" ? "label" : "annotation"} "${key}"`, suggestion: suggested(`workflow.${what}`, nearestName(key, known)) };
}

/** Outputs that templates give to the whole workflow by "globalName". */
function outputProblem([, , what, name]: readonly string[], home: DocumentModel): Problem | undefined {
  if ((what !== "parameters" && what !== "artifacts") || name === undefined || isOpen(home)) return undefined;
  const globals = allTemplates(home).flatMap((template) => template.outputs[what].flatMap(({ fields }) => textOf(fields["globalName"]) ?? []));
  const callsOthers = allTemplates(home).some(({ tasks }) => tasks.some(({ call }) => call.templateRef !== undefined));
  if (callsOthers || globals.includes(name) || globals.some((global) => global.includes("{{"))) return undefined;
  return { kind: "unresolved", reason: `no template has an output with the "globalName" "${name}"`, suggestion: suggested(`workflow.outputs.${what}`, nearestName(name, globals)) };
}
