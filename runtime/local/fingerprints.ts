/** The fingerprints of the tasks of one run. */
import { lstat } from "node:fs/promises";
import { sep } from "node:path";
import type { ContextName } from "../../compiler/ir/types.ts";
import type { Artifact } from "../protocols/kfp.ts";
import type { Engine } from "./containers.ts";
import { contentOf, type Content } from "./content.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { taskContext } from "./run-context.ts";
import type { TaskRequest } from "./scheduler.ts";
import { runsFolder, type RunStore } from "./store.ts";

export interface FingerprintSettings {
  root: string;
  environment: Record<string, string | undefined>;
  /** SHA-256 of the code by op. */
  code: ReadonlyMap<string, string>;
  engine?: Engine;
  /** The run; in a forecast there is none, and what depends on its name is like no other. */
  store?: RunStore;
}

/** Gives a function that knows the fingerprint of a task. Files that do not change are read once. */
export function fingerprints(settings: FingerprintSettings): (request: Pick<TaskRequest, "key" | "component" | "options" | "inputs">) => Promise<string> {
  const { code, engine, store } = settings;
  const contents = contentReader();
  const own = runsFolder(settings.root) + sep;
  return ({ key, component, options, inputs }) => {
    const codeOfOp = code.get(component.id);
    return fingerprintOf({
      component,
      options,
      inputs,
      ...(codeOfOp === undefined ? {} : { code: codeOfOp }),
      ...(engine === undefined ? {} : { engine }),
      context: store === undefined ? (name: ContextName) => `(${name})` : taskContext(store, key),
      environment: (name) => settings.environment[name],
      contentOf: contents,
      isOwnPlace: (uri) => uri.startsWith(own),
    });
  };
}

/** Reads files of the user, each again only when its size or time has changed. Folders are read once. */
function contentReader(): (artifact: Artifact) => Promise<Content | undefined> {
  const known = new Map<string, { stamp: string; content: Promise<Content | undefined> }>();
  return async ({ path }) => {
    const stat = await lstat(path).catch(() => undefined);
    if (stat === undefined) return undefined;
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
    const before = known.get(path);
    if (before?.stamp === stamp) return before.content;
    const content = contentOf(path);
    known.set(path, { stamp, content });
    return content;
  };
}
