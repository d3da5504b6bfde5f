/** Volumes and where they are mounted. Kubernetes refuses a pod whose volumes or mount paths collide. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document, Span, TaskOptions, Volume } from "../ir/types.ts";
import { layersOf, optionSources, optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

export const volumes: Rule = {
  codes: ["HMC3024", "HMC3025", "HMC3026", "HMC5012"],
  scope: "cluster",
  check: (document: Document) => [...mountPaths(document), ...collisions(document)],
};

/** The kubelet puts a "/" before a relative path; Kubernetes refuses ":" and "..". */
function mountPaths(document: Document): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { options, span } of optionSources(document)) {
    options.volumes?.forEach((volume, index) => {
      const path = volume.mountPath;
      const at = optionSpan(options, span, `volumes.${index}.mountPath`);
      if (path === "" || path.includes(":") || path.split("/").includes("..")) found.push(diagnostic("HMC3026", at, { path }));
      else if (!path.startsWith("/")) found.push(diagnostic("HMC5012", at, { path }));
    });
  }
  return found;
}

interface Mount {
  volume: Volume;
  span: Span | undefined;
}

/** Volumes of all layers add up, so a task is checked as a whole; the same collision in lower layers is reported once. */
function collisions(document: Document): Diagnostic[] {
  const found: Diagnostic[] = [];
  const reported = new Set<Volume>();
  const checked = new Set<string>();
  for (const pipeline of Object.values(document.pipelines)) {
    for (const task of tasksOf(pipeline.body)) {
      if (task.options.volumes === undefined) {
        const key = `${pipeline.id} ${task.target.kind} ${task.target.id}`;
        if (checked.has(key)) continue;
        checked.add(key);
      }
      const mounts = layersOf(document, pipeline, task).flatMap(({ options, span }) => mountsOf(options, span));
      for (const { code, first, second, text } of clashes(mounts)) {
        if (reported.has(second.volume)) continue;
        reported.add(second.volume);
        const related = first.span === undefined ? {} : { related: [{ message: `the first volume at "${first.volume.mountPath}"`, span: first.span }] };
        const span = second.span ?? task.span;
        found.push(code === "HMC3024" ? diagnostic(code, span, { name: text, task: task.id }, related) : diagnostic(code, span, { path: text, task: task.id }, related));
      }
    }
  }
  return found;
}

function mountsOf(options: TaskOptions, span: Span | undefined): Mount[] {
  return (options.volumes ?? []).map((volume, index) => ({ volume, span: optionSpan(options, span, `volumes.${index}`) }));
}

interface Clash {
  code: "HMC3024" | "HMC3025";
  first: Mount;
  second: Mount;
  text: string;
}

function clashes(mounts: Mount[]): Clash[] {
  const found: Clash[] = [];
  const byName = new Map<string, Mount>();
  const byPath = new Map<string, Mount>();
  for (const mount of mounts) {
    const path = mount.volume.mountPath.replace(/\/+$/, "") || "/";
    const atPath = byPath.get(path);
    if (atPath === undefined) byPath.set(path, mount);
    else found.push({ code: "HMC3025", first: atPath, second: mount, text: mount.volume.mountPath });
    if (mount.volume.kind !== "emptyDir" && mount.volume.kind !== "ephemeral") continue;
    const named = byName.get(mount.volume.name);
    if (named === undefined) byName.set(mount.volume.name, mount);
    else if (atPath === undefined) found.push({ code: "HMC3024", first: named, second: mount, text: mount.volume.name });
  }
  return found;
}
