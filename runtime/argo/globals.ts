/** The variables `workflow.*`. */
import { ControllerError } from "./errors.ts";
import { goJson, rfc3339 } from "./go.ts";
import type { Parameter, Resource, WorkflowSpec } from "./types.ts";
import { Variables } from "./variables.ts";
import type { SimulationOptions } from "./options.ts";

const SCHEDULED_TIME = "workflows.argoproj.io/scheduled-time";

/** What global variables are made of. */
export interface GlobalsSource {
  readonly workflow: Resource;
  readonly spec: WorkflowSpec;
  readonly options: SimulationOptions;
}

/**
 * The global variables that stand before anything runs.
 *
 * @throws ControllerError for a parameter of the workflow without a value
 */
export function globalVariables({ workflow, spec, options }: GlobalsSource): Variables {
  const globals = new Variables();
  const set = (name: string, value: string): void => globals.set(`workflow.${name}`, value);
  const { labels, annotations } = workflow.metadata;
  set("name", workflow.metadata.name);
  set("namespace", options.namespace ?? "default");
  set("mainEntrypoint", spec.entrypoint ?? "");
  set("serviceAccountName", spec.serviceAccountName ?? "");
  set("uid", options.uid ?? "00000000-0000-0000-0000-000000000000");
  for (const [name, text] of creationTime(options.startedAt ?? 0)) set(name, text);
  if (annotations[SCHEDULED_TIME] !== undefined) set("scheduledTime", annotations[SCHEDULED_TIME]);
  if (spec.priority !== undefined) set("priority", String(spec.priority));
  const parameters = spec.arguments.parameters ?? [];
  for (const name of ["parameters", "parameters.json"]) set(name, parameters.length === 0 ? "null" : goJson(parameters));
  for (const parameter of parameters) set(`parameters.${parameter.name}`, valueOf(parameter, options));
  for (const name of ["annotations", "annotations.json"]) set(name, jsonOfMap(annotations));
  for (const name of ["labels", "labels.json"]) set(name, jsonOfMap(labels));
  const given = spec.workflowMetadata;
  const allLabels = { ...labels, ...given?.labels };
  for (const [name, text] of Object.entries(allLabels)) if (!(name in (given?.labelsFrom ?? {}))) set(`labels.${name}`, text);
  for (const [name, text] of Object.entries({ ...annotations, ...given?.annotations })) set(`annotations.${name}`, text);
  return globals;
}

function valueOf({ name, value, valueFrom }: Parameter, { cluster }: SimulationOptions): string {
  if (value !== undefined) return value;
  const reference = valueFrom?.configMapKeyRef;
  if (!reference) throw new ControllerError(`either value or valueFrom must be specified in order to set global parameter ${name}`);
  const found = cluster?.configMaps?.[reference.name]?.[reference.key] ?? valueFrom.default;
  if (found !== undefined) return found;
  const where = `failed to set global parameter ${name} from configmap with name ${reference.name} and key ${reference.key}`;
  throw new ControllerError(`${where}: ${missingConfigMap(reference.name, reference.key, cluster)}`);
}

/** Why a value of a config map is not there. */
export function missingConfigMap(name: string, key: string, cluster: SimulationOptions["cluster"]): string {
  if (cluster?.configMaps?.[name] !== undefined) return `ConfigMap '${name}' does not have the key '${key}'`;
  const label = "workflows.argoproj.io/configmap-type: Parameter";
  return `ConfigMap '${name}' does not exist. Please make sure it has the label ${label} to be detectable by the controller`;
}

function jsonOfMap(map: { [name: string]: string }): string {
  const names = Object.keys(map).sort();
  return names.length === 0 ? "null" : goJson(Object.fromEntries(names.map((name) => [name, map[name]])));
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The variables `creationTimestamp` and `creationTimestamp.<letter of strftime>`. */
function creationTime(time: number): [string, string][] {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, "0");
  const month = MONTHS[at.getUTCMonth()] as string;
  const day = DAYS[at.getUTCDay()] as string;
  const letters: { [letter: string]: string } = {
    B: month,
    b: month.slice(0, 3),
    m: two(at.getUTCMonth() + 1),
    A: day,
    a: day.slice(0, 3),
    d: two(at.getUTCDate()),
    H: two(at.getUTCHours()),
    I: two(at.getUTCHours() % 12 || 12),
    M: two(at.getUTCMinutes()),
    S: two(at.getUTCSeconds()),
    Y: String(at.getUTCFullYear()),
    y: two(at.getUTCFullYear() % 100),
    p: at.getUTCHours() < 12 ? "AM" : "PM",
    Z: "UTC",
    z: "+0000",
    L: `.${String(at.getUTCMilliseconds()).padStart(3, "0")}`,
    s: String(Math.trunc(time / 1000)),
    RFC3339: rfc3339(time),
  };
  return [["creationTimestamp", rfc3339(time)], ...Object.entries(letters).map(([letter, text]): [string, string] => [`creationTimestamp.${letter}`, text])];
}
