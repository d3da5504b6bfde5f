/** The names of templates, once it is known which there are: those of pipelines and components stay as they are written. */
import type { Build } from "./build.ts";
import { freeName, taskName } from "./names.ts";

/**
 * Names every template.
 *
 * @returns the name of the template that DAGs without tasks need, where there is one
 */
export function nameTemplates(build: Build): string | undefined {
  const taken = new Set<string>();
  const isPipeline = new Set([...build.pipelines.values()].map(({ region }) => region));
  for (const region of isPipeline) region.template = freeName(region.wanted, taken);
  for (const leaf of build.leaves.values()) leaf.template = freeName(taskName(leaf.component), taken);
  for (const region of build.regions) if (!isPipeline.has(region)) region.template = freeName(region.wanted, taken);
  return build.regions.some((region) => region.tasks.size === 0) ? freeName("nothing", taken) : undefined;
}
