/**
 * A revision of a pipeline on Argo: objects that never change, named by a hash of what they hold. Libraries and a copy of the template under a name of its own, which
 * has the schedule in an annotation, so that everything an earlier delivery was can be had back.
 */
import { annotations, labels, marked, nameWith, type ArgoManifest, type CronWorkflow, type WorkflowTemplate } from "./argo-objects.ts";
import { digestOf, shortHash } from "../digest.ts";
import type { Stored } from "./objects.ts";

export type Named<T> = T & { metadata: { name: string } };

export interface ArgoDelivery {
  /** What `hmc compile --target argo --kind template|cron` makes: libraries, the template, and the schedule where there is one. */
  manifests: readonly ArgoManifest[];
  /** Where the sources come from. */
  commit?: string | undefined;
}

/** What belongs together: what runs, when it runs, and what it needs. */
export interface Revision {
  /** The name of the template that runs. */
  template: string;
  /** The beginning of the hash; it tells the revisions of a template apart. */
  id: string;
  commit: string | undefined;
  libraries: Named<WorkflowTemplate>[];
  /** The copy that stays. */
  copy: Named<WorkflowTemplate>;
  /** What is to run. */
  live: Named<WorkflowTemplate>;
  /** Nothing where it does not run by itself. */
  schedule: Named<CronWorkflow> | undefined;
}

/** The revision that compiled manifests are. Throws where they are not what a template is compiled to. */
export function revisionOf({ manifests, commit }: ArgoDelivery): Revision {
  const templates = manifests.filter((manifest): manifest is Named<WorkflowTemplate> => manifest.kind === "WorkflowTemplate" && manifest.metadata.name !== undefined);
  const schedule = manifests.find((manifest): manifest is Named<CronWorkflow> => manifest.kind === "CronWorkflow" && manifest.metadata.name !== undefined);
  const main = templates.at(-1);
  if (main === undefined || templates.length + (schedule === undefined ? 0 : 1) !== manifests.length) throw new TypeError("these are no libraries, template and schedule");
  const { name } = main.metadata;
  const renamed = new Map<string, string>();
  const libraries = templates.slice(0, -1).map((library) => {
    const spec = withReferences(library.spec, renamed);
    const digest = digestOf({ labels: library.metadata.labels, spec });
    const libraryName = nameWith(library.metadata.name, digest.slice(0, shortHash));
    renamed.set(library.metadata.name, libraryName);
    const metadata = marked({ ...library.metadata, name: libraryName }, { labels: { ...ownLabels(name), [labels.role]: "library" }, annotations: { [annotations.contentHash]: `sha256:${digest}` } });
    return { ...library, metadata: { ...metadata, name: libraryName }, spec };
  });
  const template = { ...main, spec: withReferences(main.spec, renamed) };
  const digest = digestOf([template, schedule].map((object) => object && { labels: object.metadata.labels, annotations: object.metadata.annotations, name: object.metadata.name, spec: object.spec }));
  return assembled({ template, schedule, libraries, digest, commit });
}

interface Parts extends Pick<Revision, "libraries" | "schedule" | "commit"> {
  /** Without the marks of hmc. */
  template: Named<WorkflowTemplate>;
  digest: string;
}

function assembled({ template, schedule, libraries, digest, commit }: Parts): Revision {
  const { name } = template.metadata;
  const id = digest.slice(0, shortHash);
  const own = { ...ownLabels(name), [labels.revision]: id };
  const as = (role: string): Record<string, string> => ({ ...own, [labels.role]: role });
  const origin = { [annotations.contentHash]: `sha256:${digest}`, [annotations.commit]: commit };
  const spec = withRunLabels(template.spec, { [labels.template]: name, [labels.revision]: id });
  const copyName = nameWith(name, id);
  const kept = schedule && JSON.stringify({ metadata: schedule.metadata, spec: schedule.spec });
  return {
    template: name,
    id,
    commit,
    libraries,
    copy: { ...template, metadata: { ...marked(template.metadata, { labels: as("revision"), annotations: { ...origin, [annotations.schedule]: kept } }), name: copyName }, spec },
    live: { ...template, metadata: { ...marked(template.metadata, { labels: as("template"), annotations: origin }), name }, spec },
    schedule: schedule && { ...schedule, metadata: { ...marked(schedule.metadata, { labels: as("schedule"), annotations: origin }), name: schedule.metadata.name } },
  };
}

/** The revision that a kept copy is. Its libraries are there, or it would not be. */
export function revisionOfCopy(copy: Stored<WorkflowTemplate>): Revision {
  const { [labels.managedBy]: _, [labels.template]: template = "", [labels.role]: __, [labels.revision]: ___, ...ownLabels } = copy.metadata.labels ?? {};
  const { [annotations.contentHash]: hash = "", [annotations.commit]: commit, [annotations.schedule]: kept, ...ownAnnotations } = copy.metadata.annotations ?? {};
  const schedule = kept === undefined ? undefined : ({ apiVersion: copy.apiVersion, kind: "CronWorkflow", ...(JSON.parse(kept) as Pick<Named<CronWorkflow>, "metadata" | "spec">) } as const);
  const metadata = { name: template, labels: ownLabels, ...(Object.keys(ownAnnotations).length === 0 ? {} : { annotations: ownAnnotations }) };
  return assembled({ template: { apiVersion: copy.apiVersion, kind: "WorkflowTemplate", metadata, spec: copy.spec }, schedule, libraries: [], digest: hash.replace("sha256:", ""), commit });
}

function ownLabels(template: string): Record<string, string> {
  return { [labels.managedBy]: "hmc", [labels.template]: template };
}

/** Runs say which revision of which template they are, also those that a schedule or another one starts. */
function withRunLabels(spec: Record<string, unknown>, runLabels: Record<string, string>): Record<string, unknown> {
  const { labels: others, ...rest } = (spec["workflowMetadata"] ?? {}) as { labels?: Record<string, string> };
  return { ...spec, workflowMetadata: { ...rest, labels: { ...others, ...runLabels } } };
}

/** A spec whose references to templates name the libraries as they are called now. */
function withReferences<T>(value: T, renamed: ReadonlyMap<string, string>): T {
  if (renamed.size === 0) return value;
  const walk = (item: unknown, key: string): unknown => {
    if (Array.isArray(item)) return item.map((one) => walk(one, ""));
    if (typeof item !== "object" || item === null) return item;
    const entries = Object.entries(item).map(([name, one]): [string, unknown] => [name, key === "templateRef" && name === "name" ? (renamed.get(one as string) ?? one) : walk(one, name)]);
    return Object.fromEntries(entries);
  };
  return walk(value, "") as T;
}
