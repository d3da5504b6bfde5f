/** Mutexes and semaphores of one run. Locks are local to it: no other workflow holds any. */
import { ControllerError, SimulationError } from "./errors.ts";
import type { Cluster } from "./options.ts";
import type { Synchronization } from "./types.ts";

interface Lock {
  readonly name: string;
  readonly limit: number;
}

export class Locks {
  readonly #holders = new Map<string, Set<string>>();
  readonly #namespace: string;
  readonly #cluster: Cluster | undefined;

  constructor(namespace: string, cluster: Cluster | undefined) {
    this.#namespace = namespace;
    this.#cluster = cluster;
  }

  /**
   * Takes all locks for a holder, or none.
   *
   * @returns the first lock that is not free, with the controller's message; undefined where the holder has them all
   * @throws ControllerError where the limit of a semaphore is not known
   */
  acquire(wanted: Synchronization, holder: string): { lock: string; message: string } | undefined {
    const locks = this.#locks(wanted);
    for (const { name, limit } of locks) {
      const holders = this.#holders.get(name);
      if (holders?.has(holder) || (holders?.size ?? 0) < limit) continue;
      return { lock: name, message: `Waiting for ${name} lock. Lock status: ${limit - (holders?.size ?? 0)}/${limit}` };
    }
    for (const { name } of locks) this.#holders.set(name, (this.#holders.get(name) ?? new Set()).add(holder));
    return undefined;
  }

  /** Gives back what a holder has; whether that was anything. */
  release(held: Synchronization | undefined, holder: string): boolean {
    let any = false;
    for (const { name } of held ? this.#locks(held) : []) any = (this.#holders.get(name)?.delete(holder) ?? false) || any;
    return any;
  }

  #locks({ mutexes = [], semaphores = [] }: Synchronization): Lock[] {
    return [
      ...semaphores.map(({ configMapKeyRef, namespace = this.#namespace, database }) => {
        if (database !== undefined || !configMapKeyRef) throw new SimulationError("synchronization.semaphores", "the simulator does not model locks in a database");
        const { name, key } = configMapKeyRef;
        return { name: `${namespace}/ConfigMap/${name}/${key}`, limit: this.#limit(name, key) };
      }),
      ...mutexes.map(({ name = "", namespace = this.#namespace, database }) => {
        if (database) throw new SimulationError("synchronization.mutexes", "the simulator does not model locks in a database");
        return { name: `${namespace}/Mutex/${name}`, limit: 1 };
      }),
    ];
  }

  #limit(name: string, key: string): number {
    const limit = this.#cluster?.configMaps?.[name]?.[key];
    if (limit === undefined) throw new ControllerError(`failed to initialize semaphore ${name}/${key}: configmaps "${name}" not found`);
    return Number(limit);
  }
}
