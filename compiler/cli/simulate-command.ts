/** `hmc simulate` */
import { resolve } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { SimulationError } from "../../runtime/argo/errors.ts";
import type { PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import type { SimulatedNode, SimulatedRun } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { stubbed, type Stub, type Stubs } from "../../runtime/argo/stubs.ts";
import { compileWithCode } from "../compile.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import type { Document, ValueType } from "../ir/types.ts";
import { defaultArgoVersion, type ArgoVersion } from "../targets/argo/versions.ts";
import { CarriedCode } from "./carried-code.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportDiagnostics } from "./report.ts";
import { sourceFile } from "./source-file.ts";
import { table } from "./table.ts";
import type { Colors, Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";
import { yamlText } from "./yaml-file.ts";

export interface SimulateFlags {
  /** `name=value`, repeated. */
  parameter?: string[];
  /** A YAML or JSON file with what becomes of the pods. */
  outcomes?: string;
  pipeline?: string;
  targetVersion?: ArgoVersion;
  json?: boolean;
}

/** The controller that stands for a minor version: the newest that behaves as its patches do now. */
const controllers: Record<ArgoVersion, string> = { "3.6": "3.6.14", "3.7": "3.7.16", "4.0": "4.0.7", "4.1": "4.1.2" };

/** Runs a workflow as Argo's controller would, with pods that do nothing: their outcomes are given, or made up. */
export async function simulateCommand(host: Host, terminal: Terminal, given: string[], flags: SimulateFlags): Promise<number> {
  const read = await documentsOf(host, terminal, given, flags);
  if (read === undefined) return exitCodes.failure;
  const stubs = flags.outcomes === undefined ? {} : stubsOf(host, flags.outcomes);
  const version = controllers[flags.targetVersion ?? defaultArgoVersion];
  let run: SimulatedRun;
  try {
    run = await simulate(read.documents, { version, outcome: outcomeOf(stubs, read.document), parameters: parametersOf(flags.parameter ?? []) });
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return userError("HMC6014", { file: given.join(", "), problem: error.message });
  }
  if (flags.json === true) terminal.out(`${JSON.stringify(run, null, 2)}\n`);
  else show(run, terminal, version);
  return run.phase === "Succeeded" ? exitCodes.success : exitCodes.failure;
}

/** The documents of Argo, and what they were compiled from where they were. */
interface Read {
  documents: unknown[];
  document?: Document;
}

async function documentsOf(host: Host, terminal: Terminal, given: string[], flags: SimulateFlags): Promise<Read | undefined> {
  const [first] = given;
  if (first === undefined || /\.(?:ya?ml|json)$/.test(first)) return { documents: given.flatMap((name) => parsed(yamlText(host, resolve(host.cwd(), name), name), name)) };
  const compilation = await compileWithCode(host, sourceFile(host, first), {
    target: "argo",
    ...(flags.pipeline === undefined ? {} : { pipeline: flags.pipeline }),
    argo: { kind: "workflow", ...(flags.targetVersion === undefined ? {} : { version: flags.targetVersion }) },
  }, new CarriedCode(host).bundle);
  reportDiagnostics(host, terminal, [compilation], "frame", "err");
  return compilation.output === undefined ? undefined : { documents: parsed(compilation.output, first), ...(compilation.document === undefined ? {} : { document: compilation.document }) };
}

/** The stubs; what they leave out of the pods of a pipeline is made up by its type. */
function outcomeOf(stubs: Stubs, document: Document | undefined): (pod: PodRequest) => PodOutcome {
  return (pod) => {
    const outcome = stubbed(stubs, pod.node.split(/[.[(]/)[0] ?? pod.node)(pod);
    const outputs = document?.components[pod.template]?.outputs ?? document?.components[pod.template.replace(/-\d+$/, "")]?.outputs;
    const typed = Object.entries(outcome.params ?? {}).map(([name, value]) => {
      const type = outputs?.[name]?.type;
      return [name, value === `auto-${name}` && type !== undefined ? sample(type, value) : value] as const;
    });
    return { ...outcome, params: Object.fromEntries(typed) };
  };
}

/** The text of some value of a type. */
function sample(type: ValueType, text: string): string {
  switch (type.kind) {
    case "string":
      return type.literals?.[0] ?? text;
    case "number":
    case "integer":
      return String(type.literals?.[0] ?? 1);
    case "boolean":
      return "true";
    case "list":
      return "[]";
    case "struct":
    case "taskConfig":
      return "{}";
    default:
      return text;
  }
}

/** As Argo's own reader takes it: YAML 1.1. */
function parsed(text: string, file: string): unknown[] {
  return parseAllDocuments(text, { version: "1.1" }).map((document) => {
    const [problem] = document.errors;
    return problem === undefined ? (document.toJS() as unknown) : userError("HMC6014", { file, problem: problem.message });
  });
}

function parametersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? userError("HMC6006", { text, option: "-p" });
    return [name, value] as const;
  }) as [string, string][]);
}

const members: readonly (keyof Stub)[] = ["params", "result", "fail", "message", "exitCode", "artifacts"];

/** What becomes of the pods, by the name of a template or a regular expression of a node. */
function stubsOf(host: Host, file: string): Stubs {
  const refuse = (problem: string): never => userError("HMC6015", { file, problem });
  let value: unknown;
  try {
    value = parse(yamlText(host, resolve(host.cwd(), file), file));
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("it holds no mapping");
  for (const [pod, stub] of Object.entries(value)) {
    if (typeof stub !== "object" || stub === null) return refuse(`"${pod}" has no mapping`);
    for (const member of Object.keys(stub as object)) {
      if ((members as readonly string[]).includes(member)) continue;
      const suggestion = nearestName(member, members);
      return refuse(`"${pod}" has the member "${member}"${suggestion === undefined ? ` (known are ${members.join(", ")})` : `; did you mean "${suggestion}"?`}`);
    }
  }
  return value as Stubs;
}

// ---------------------------------------------------------------------------------------------- the picture

function show(run: SimulatedRun, terminal: Terminal, version: string): void {
  const { bold, dim, red, green } = terminal.outColors;
  const rows = run.nodes.map((node) => [`${symbol(node, terminal.outColors)} ${"  ".repeat(depthOf(node))}${node.displayName}`, node.phase, dim(node.type), dim(oneLine(node.message))]);
  terminal.out(`${table(rows).join("\n")}\n`);
  const outputs = Object.entries(run.nodes[0]?.outputs.parameters ?? {});
  if (outputs.length > 0) terminal.out(`\n${table(outputs.map(([name, value]) => [`  ${name}`, oneLine(value)])).join("\n")}\n`);
  const pods = Object.keys(run.pods).length;
  const end = run.hung ? red("never ends") : run.phase === "Succeeded" ? green("succeeded") : red(run.phase === "" ? "did not start" : run.phase.toLowerCase());
  terminal.out(`\n${bold(end)} on Argo ${version} with ${pods} ${pods === 1 ? "pod" : "pods"}${run.message === "" ? "" : `: ${oneLine(run.message)}`}\n`);
  for (const { node, reason } of run.waits) terminal.out(`  ${node} waits: ${reason}\n`);
}

/** How deep a node lies: each level of a DAG adds a name. */
function depthOf({ name }: SimulatedNode): number {
  return name.replace(/\([^)]*\)/g, "").split(".").length - 1;
}

function symbol({ phase }: SimulatedNode, { green, red, dim, yellow }: Colors): string {
  switch (phase) {
    case "Succeeded":
      return green("✓");
    case "Failed":
    case "Error":
      return red("✗");
    case "Skipped":
    case "Omitted":
      return dim("-");
    default:
      return yellow("…");
  }
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length <= 100 ? flat : `${flat.slice(0, 99)}…`;
}
