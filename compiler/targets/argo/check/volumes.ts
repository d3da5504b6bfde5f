/** Mounts: paths are unique, volumes exist (reference argo.md 4.1: r30, r53). */
import { nearestName } from "../../../diagnostics/nearest.ts";
import type { Path } from "./document.ts";
import { fieldsOf, filled, isFields, textOf } from "./json.ts";
import { allTemplates, namedOf, type Named, type Template } from "./model.ts";
import type { Work } from "./work.ts";

/** Checks the mounts of all containers. */
export function checkVolumes(work: Work): void {
  for (const template of allTemplates(work.model)) {
    for (const { mounts, isMain } of containersOf(template)) {
      checkMountPaths(work, template, mounts, isMain);
      checkMountNames(work, template, mounts);
    }
  }
}

function containersOf(template: Template): { mounts: Named[]; isMain: boolean }[] {
  const { fields, path } = template;
  const one = (value: unknown, place: Path, isMain: boolean): { mounts: Named[]; isMain: boolean } => ({ mounts: namedOf(fieldsOf(value)["volumeMounts"], [...place, "volumeMounts"]), isMain });
  const lists = [namedOf(fields["initContainers"], [...path, "initContainers"]), namedOf(fields["sidecars"], [...path, "sidecars"]), namedOf(fieldsOf(fields["containerSet"])["containers"], [...path, "containerSet", "containers"])];
  return [
    ...(["container", "script"] as const).filter((kind) => isFields(fields[kind])).map((kind) => one(fields[kind], [...path, kind], true)),
    ...(isFields(fields["containerSet"]) ? [one(fields["containerSet"], [...path, "containerSet"], false)] : []),
    ...lists.flat().map((container) => one(container.fields, container.path, false)),
  ];
}

function checkMountPaths(work: Work, template: Template, mounts: readonly Named[], isMain: boolean): void {
  const taken = new Map<string, { what: string; path: Path }>();
  const take = (path: string | undefined, what: string, at: Path): void => {
    if (path === undefined) return;
    const before = taken.get(path);
    if (before === undefined) taken.set(path, { what, path: at });
    else work.report("HMC8025", { path: at }, { path, first: before.what, second: what }, { related: [{ message: "The first one.", place: { path: before.path } }] });
  };
  for (const { name, fields, path } of mounts) take(filled(fields["mountPath"]), `the volume "${name}"`, [...path, "mountPath"]);
  if (isMain) for (const { name, fields, path } of template.inputs.artifacts) take(filled(fields["path"]), `the artifact "${name}"`, [...path, "path"]);
}

function checkMountNames(work: Work, template: Template, mounts: readonly Named[]): void {
  const { spec, specPath, kind } = work.model;
  // The volumes of a template that others refer to are those of the workflow that refers to it.
  if (kind === "WorkflowTemplate" || kind === "ClusterWorkflowTemplate" || isFields(spec["workflowTemplateRef"])) return;
  const known = new Set(
    [template.fields["volumes"], spec["volumes"], fieldsOf(spec["templateDefaults"])["volumes"]].flatMap((volumes) => namedOf(volumes, specPath).map(({ name }) => name)),
  );
  for (const claim of namedOf(spec["volumeClaimTemplates"], specPath)) known.add(textOf(fieldsOf(claim.fields["metadata"])["name"]) ?? "");
  for (const { name, path } of mounts) {
    if (name === "" || name.includes("{{") || known.has(name)) continue;
    work.report("HMC8029", { path: [...path, "name"] }, { volume: name, suggestion: nearestName(name, known) });
  }
}
