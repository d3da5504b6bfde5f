/** How large the objects of a pipeline are, against what the cluster takes (reference argo.md 2.1, 2.13, 4.3). */
import type { Pipeline } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";
import type { Manifest, Template } from "./spec.ts";
import { argoCapabilities, argoLimits } from "./versions.ts";

/** Bytes of one literal text above which parameters make the status of a run large, and above which no process can be given it. */
const literalBytes = { many: 8 * 1024, most: 128 * 1024 } as const;

/** Bytes of status of one node with a small input and output. */
const nodeBytes = 680;

/** Of the status about this much is left when Argo has compressed it, which it does from a megabyte on. */
const compressed = 55 / nodeBytes;

export interface Sizes {
  /** Of the largest object that is created, in bytes. */
  spec: number;
  templates: number;
  /** Nodes of a run in which every task runs once and every loop has one item. */
  nodes: number;
  /** Estimated bytes of the status of such a run. */
  status: number;
}

/** The sizes of the objects of a pipeline. */
export function sizesOf(manifests: readonly Manifest[]): Sizes {
  const templates = manifests.flatMap(({ spec }) => (spec["templates"] as Template[] | undefined) ?? []);
  const nodes = nodesOf(templates, manifests);
  return { spec: Math.max(0, ...manifests.map((manifest) => Buffer.byteLength(JSON.stringify(manifest)))), templates: templates.length, nodes, status: nodes * nodeBytes };
}

/** Nodes below the entrypoint; a template that calls itself counts once. */
function nodesOf(templates: readonly Template[], manifests: readonly Manifest[]): number {
  const byName = new Map(templates.map((template) => [template.name, template]));
  const known = new Map<string, number>();
  const count = (name: string | undefined): number => {
    const before = known.get(name ?? "");
    if (before !== undefined) return before;
    known.set(name ?? "", 1);
    const tasks = byName.get(name ?? "")?.dag?.tasks ?? [];
    const sum = tasks.reduce((total, task) => total + count(task.template ?? task.templateRef?.template) + Object.values(task.hooks ?? {}).reduce((more, hook) => more + count(hook.template ?? hook.templateRef?.template), 0), 1);
    known.set(name ?? "", sum);
    return sum;
  };
  return manifests.reduce((total, { spec }) => total + (typeof spec["entrypoint"] === "string" ? count(spec["entrypoint"]) : 0), 0);
}

/** Reports what is too large for the cluster, or will be when the pipeline runs. */
export function checkSizes(build: Build, pipeline: Pipeline, manifests: readonly Manifest[]): void {
  const { spec, nodes, status } = sizesOf(manifests);
  const { fullCrds } = argoCapabilities(build.version);
  for (const { spec: one } of manifests) {
    const templates = (one["templates"] as Template[] | undefined) ?? [];
    if (fullCrds && templates.length > argoLimits.templates) report(build, "HMC4156", pipeline.span, { pipeline: pipeline.name, templates: templates.length, limit: argoLimits.templates });
    for (const template of templates) {
      const inputs = template.inputs?.parameters?.length ?? 0;
      if (inputs > argoLimits.inputParameters) report(build, "HMC4153", pipeline.span, { template: template.name, inputs, limit: argoLimits.inputParameters });
      for (const { where, text } of literalsOf(template)) checkLiteral(build, pipeline, where, text);
    }
  }
  if (spec > argoLimits.objectBytes) report(build, "HMC4152", pipeline.span, { pipeline: pipeline.name, bytes: spec, limit: argoLimits.objectBytes });
  else if (spec + status * compressed > argoLimits.objectBytes) report(build, "HMC4154", pipeline.span, { pipeline: pipeline.name, nodes, bytes: Math.round(status), limit: argoLimits.objectBytes });
}

/** Texts of arguments and of containers. */
function literalsOf({ name, dag, container, inputs }: Template): { where: string; text: string }[] {
  return [
    ...(inputs?.parameters ?? []).map((parameter) => ({ where: `the default of "${parameter.name}" of "${name}"`, text: parameter.default ?? "" })),
    ...(dag?.tasks ?? []).flatMap((task) => (task.arguments?.parameters ?? []).map((parameter) => ({ where: `the argument "${parameter.name}" of "${task.name}"`, text: parameter.value ?? "" }))),
    ...[...(container?.command ?? []), ...(container?.args ?? [])].map((text) => ({ where: `the command line of "${name}"`, text })),
  ];
}

function checkLiteral(build: Build, pipeline: Pipeline, where: string, text: string): void {
  if (text.length <= literalBytes.many) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > literalBytes.most) report(build, "HMC4151", pipeline.span, { where, bytes, limit: literalBytes.most });
  else report(build, "HMC4155", pipeline.span, { where, bytes });
}
