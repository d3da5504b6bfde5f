/** What a local run, or the forecast of one, needs of a pipeline before it can begin. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { reachablePipelines, tasksOf } from "../../compiler/ir/traverse.ts";
import type { Component, Document, Pipeline } from "../../compiler/ir/types.ts";
import { bundleOps } from "../bundle.ts";
import { opCode } from "../op-code.ts";
import { findEngine, type Engine } from "./containers.ts";
import { hostCommands, missingPrograms } from "./host-programs.ts";
import { refusals, refuseTemplates } from "./refusals.ts";

export interface PrepareRequest {
  document: Document;
  pipeline: Pipeline;
  /** The project root, absolute. */
  root: string;
  /** Run container components on this machine without their image. */
  containersOnHost: boolean;
  environment: Record<string, string | undefined>;
  /** Taken as it is, for a forecast: nothing is looked for on this machine. */
  engine?: Engine;
}

export interface Prepared {
  /** Where containers run; missing where the pipeline has none. */
  engine?: Engine;
  /** The bundle that runs the ops; missing where the pipeline has none. */
  bundle?: { file: string; digest: string };
  /** SHA-256 of the code by op. */
  code: ReadonlyMap<string, string>;
  /** The commands that run on this machine in place of an image, by component. */
  onHost: { id: string; program: string }[];
}

/** Finds what runs the tasks, and bundles the ops; or says why the pipeline cannot run here. */
export async function prepare(request: PrepareRequest): Promise<{ prepared: Prepared } | { diagnostics: Diagnostic[] }> {
  const { document, pipeline, root, environment } = request;
  const components = reachable(document, pipeline);
  const onlyOnArgo = refuseTemplates(components);
  if (onlyOnArgo.length > 0) return { diagnostics: onlyOnArgo };
  const containers = components.filter((component) => component.kind === "container");
  const engine: Engine | undefined = containers.length === 0 ? undefined : (request.engine ?? (request.containersOnHost ? "host" : findEngine()));
  if (containers.length > 0 && engine === undefined) {
    const names = containers.map((component) => `"${component.id}"`).join(", ");
    return { diagnostics: [diagnostic("HMC6007", containers[0]?.span, { tasks: names })] };
  }
  const onHost = engine === "host" ? hostCommands(containers) : [];
  const missing = request.engine === undefined ? missingPrograms(onHost, containers, environment) : [];
  const refused = [...refusals(document, components, pipeline, engine), ...missing];
  if (refused.length > 0) return { diagnostics: refused };
  const ops = components.filter((component) => component.kind === "op");
  const needed: Document = { ...document, components: Object.fromEntries(ops.map((op) => [op.id, op])) };
  const bundle = ops.length === 0 ? undefined : await bundleOps({ document: needed, root, environment: (name) => environment[name] });
  if (bundle !== undefined && (bundle.file === undefined || bundle.digest === undefined)) return { diagnostics: bundle.diagnostics };
  return {
    prepared: {
      ...(engine === undefined ? {} : { engine }),
      ...(bundle?.file === undefined || bundle.digest === undefined ? {} : { bundle: { file: bundle.file, digest: bundle.digest } }),
      code: await opCode({ document: needed, root, environment: (name) => environment[name] }),
      onHost,
    },
  };
}

/** Components of the tasks that a pipeline can run, also through sub-pipelines. */
export function reachable(document: Document, pipeline: Pipeline): Component[] {
  const components = new Set<Component>();
  for (const { body } of reachablePipelines(document, pipeline)) {
    for (const { target } of tasksOf(body)) {
      const component = target.kind === "component" ? document.components[target.id] : undefined;
      if (component !== undefined) components.add(component);
    }
  }
  return [...components];
}
