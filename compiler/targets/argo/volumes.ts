/** Volumes of a task and where its main container sees them. */
import { isRunTime } from "../../ir/traverse.ts";
import type { Json, RunTime, TaskOptions, Volume } from "../../ir/types.ts";
import { defined } from "./defined.ts";
import type { PodContext } from "./pod-context.ts";
import { exprOf, expression, patchList, readText, type ListItem } from "./pod-spec-patch.ts";
import type { JsonObject } from "./spec.ts";

export interface Volumes {
  volumes: JsonObject[];
  mounts: JsonObject[];
  /** Volumes that a run may leave out: the pod has them only where the run names them. */
  patched: { volumes: Json; mounts: Json } | undefined;
}

/** Mounts of the same source share one volume of the pod. */
export function volumesOf(options: TaskOptions, context: PodContext): Volumes {
  const volumes: JsonObject[] = [];
  const mounts: JsonObject[] = [];
  const maybe: { volumes: ListItem[]; mounts: ListItem[] } = { volumes: [], mounts: [] };
  const taken = new Set<string>();
  for (const volume of options.volumes ?? []) {
    const { wanted, named } = nameOf(volume);
    const present = named !== undefined ? context.present?.(named) : undefined;
    const mount = (name: string): JsonObject => defined<JsonObject>({ name, mountPath: volume.mountPath, subPath: volume.kind === "pvc" ? volume.subPath : undefined }) ?? {};
    if (named !== undefined && present !== undefined) {
      const name = free(wanted, taken);
      maybe.volumes.push({ expression: exprOf({ name, ...sourceOf(volume, () => expression(readText(named, context))) }), present });
      maybe.mounts.push({ expression: exprOf(mount(name)), present });
      continue;
    }
    const source = sourceOf(volume, (value) => (isRunTime(value) ? context.text(value) : value));
    const same = volumes.find(({ name: _, ...other }) => JSON.stringify(other) === JSON.stringify(source) && volume.kind !== "emptyDir" && volume.kind !== "ephemeral");
    const name = (same?.["name"] as string | undefined) ?? free(wanted, taken);
    if (same === undefined) volumes.push({ name, ...source });
    mounts.push(mount(name));
  }
  return { volumes, mounts, patched: maybe.volumes.length === 0 ? undefined : { volumes: patchList(maybe.volumes), mounts: patchList(maybe.mounts) } };
}

/** What a volume is called, and by which run-time value it is found. */
function nameOf(volume: Volume): { wanted: string; named?: RunTime } {
  const by = (value: string | RunTime): { wanted: string; named?: RunTime } => (isRunTime(value) ? { wanted: "volume", named: value } : { wanted: value });
  switch (volume.kind) {
    case "emptyDir":
    case "ephemeral":
      return { wanted: volume.name };
    case "pvc":
      return by(volume.claim);
    case "secret":
      return by(volume.secret);
    case "configMap":
      return by(volume.configMap);
  }
}

function sourceOf(volume: Volume, text: (value: string | RunTime) => string): JsonObject {
  switch (volume.kind) {
    case "emptyDir":
      return { emptyDir: defined<JsonObject>({ medium: volume.medium, sizeLimit: volume.sizeLimit }) ?? {} };
    case "pvc":
      return { persistentVolumeClaim: { claimName: text(volume.claim) } };
    case "secret":
      return { secret: { secretName: text(volume.secret), ...(volume.optional ? { optional: true } : {}) } };
    case "configMap":
      return { configMap: { name: text(volume.configMap), ...(volume.optional ? { optional: true } : {}) } };
    case "ephemeral":
      return { ephemeral: { volumeClaimTemplate: { ...claimMetadata(volume), spec: claimSpec(volume) } } };
  }
}

function claimMetadata({ labels, annotations }: Volume & { kind: "ephemeral" }): JsonObject {
  const metadata = defined<JsonObject>({ labels, annotations });
  return metadata === undefined ? {} : { metadata };
}

/** The spec of a claim; an empty storage class means none, a missing one the default. */
export function claimSpec({ size, accessModes, storageClass }: { size: string; accessModes: string[]; storageClass?: string }): JsonObject {
  return { accessModes, ...(storageClass === undefined ? {} : { storageClassName: storageClass }), resources: { requests: { storage: size } } };
}

/** A name as Kubernetes allows it for volumes, that no other has. */
function free(wanted: string, taken: Set<string>): string {
  const base = wanted.toLowerCase().replace(/[^a-z0-9-]+/g, "-").slice(0, 59).replace(/^-+|-+$/g, "") || "volume";
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
  taken.add(name);
  return name;
}
