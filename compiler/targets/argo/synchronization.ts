/** Locks of templates and workflows. */
import type { Span } from "../../ir/types.ts";
import type { Mutex, Semaphore } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { defined, nonEmpty } from "./defined.ts";
import type { JsonObject } from "./spec.ts";
import { isOlder } from "./versions.ts";

/** `synchronization`, or undefined where there are no locks. Those in a database are new in 3.7. */
export function synchronization(build: Build, { mutexes = [], semaphores = [] }: { mutexes?: Mutex[]; semaphores?: Semaphore[] }, span: Span): JsonObject | undefined {
  const hasDatabase = mutexes.some(({ database }) => database === true) || semaphores.some((semaphore) => "database" in semaphore);
  if (hasDatabase && isOlder(build.version, "3.7")) report(build, "HMC4143", span, { option: "argo.mutexes, argo.semaphores: database", version: build.version, since: "3.7", instead: "Use a lock without a database." });
  return defined<JsonObject>({
    mutexes: nonEmpty(mutexes.map(({ name, namespace, database }) => defined<JsonObject>({ name, namespace, database }) ?? {})),
    semaphores: nonEmpty(
      semaphores.map((semaphore) => ({
        ...("database" in semaphore ? { database: { key: semaphore.database } } : { configMapKeyRef: { name: semaphore.configMap, key: semaphore.key } }),
        ...(semaphore.namespace === undefined ? {} : { namespace: semaphore.namespace }),
      })),
    ),
  });
}
