/** What each version of the KFP back end honours. Sources: the notes on its source and on real runs in `docs/kfp.md`. */

export interface Capabilities {
  version: string;
  /** `cachingOptions.cacheKey` is read. */
  cacheKey: boolean;
  /** `initContainers` are part of the executor config. */
  initContainers: boolean;
  /** Bytes of one argument of a process: the whole executor input is one (128 KiB, less what the engine adds). */
  inputLimit: number;
  /** Tasks of one workflow that fit into an etcd object of 1.5 MiB. */
  taskLimit: number;
}

const versions: Record<string, Capabilities> = {
  "2.17": { version: "2.17", cacheKey: false, initContainers: false, inputLimit: 100_000, taskLimit: 950 },
};

export const knownVersions = Object.keys(versions);

/** The capabilities of a version, by its first two numbers; undefined where hmc does not know it. */
export function capabilitiesOf(version: string): Capabilities | undefined {
  const minor = /^\d+\.\d+/.exec(version)?.[0];
  return minor === undefined ? undefined : versions[minor];
}
