/**
 * The files of a pod that runs as a process. A pod has a root of its own below a folder of this machine: paths that its template
 * names are put there, and replaced where its command names them.
 */
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { argoRoot } from "../protocols/argo.ts";
import type { PodRequest } from "./options.ts";

/** Where the executor puts the text of a script. */
const stagedScript = "/argo/staging/script";

/** The files of one pod. */
export class PodFiles {
  readonly #root: string;
  readonly #paths: RegExp;
  readonly #volumes: RegExp;

  /**
   * Makes the folders that a pod has from the start. As in a pod, folders of outputs are not among them.
   *
   * @param root the folder that stands for `/`
   * @param volumes the folder of volumes that the pods of a run share
   */
  constructor(pod: PodRequest, root: string, volumes: string) {
    this.#root = root;
    const mounts = pod.container?.volumeMounts ?? [];
    const artifacts = [...pod.artifacts, ...(pod.outputs.artifacts ?? [])].map(({ path }) => path);
    const parameters = (pod.outputs.parameters ?? []).map(({ valueFrom }) => valueFrom?.path);
    const volumePaths = mounts.map(({ mountPath }) => mountPath);
    this.#paths = anyOf([argoRoot, stagedScript, ...artifacts, ...parameters, ...volumePaths]);
    this.#volumes = anyOf(volumePaths);
    mkdirSync(join(root, "tmp"), { recursive: true });
    for (const { name, mountPath } of mounts) {
      if (mountPath === undefined) continue;
      const isOwn = pod.resolved.volumes?.some((volume) => volume.name === name && "emptyDir" in volume) === true;
      if (isOwn) mkdirSync(join(root, mountPath), { recursive: true });
      else share(join(volumes, name), join(root, mountPath));
    }
  }

  /** Where a path of the pod is on this machine. */
  place(path: string): string {
    return join(this.#root, path);
  }

  /** A text with every path that the template names replaced by its place. */
  placed(text: string): string {
    return text.replace(this.#paths, (path) => this.place(path));
  }

  /** The same for paths in volumes only: the entrypoint is told where the other ones are. */
  placedVolumes(text: string): string {
    return text.replace(this.#volumes, (path) => this.place(path));
  }
}

function share(volume: string, path: string): void {
  mkdirSync(volume, { recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(volume, path);
}

/** Finds any of these paths, also as the begin of a longer one; nothing where there are none. */
function anyOf(paths: readonly (string | undefined)[]): RegExp {
  const known = [...new Set(paths)].filter((path): path is string => path !== undefined && path !== "").sort((a, b) => b.length - a.length);
  const quoted = known.map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return known.length === 0 ? /(?!)/g : new RegExp(`(?<![\\w.})-])(?:${quoted.join("|")})(?![\\w.-])`, "g");
}
