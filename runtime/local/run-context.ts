/** What a local run says of itself where a pipeline asks for `run.name` and the like. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ContextName } from "../../compiler/ir/types.ts";
import type { RunStore } from "./store.ts";

/**
 * A local run has one name for everything; it has no schedule, so it was due when it started. The workspace is a folder of the run.
 *
 * @param key of the task that asks
 */
export function runContext(store: RunStore, key: string): (name: ContextName) => string {
  return (name) => {
    switch (name) {
      case "runName":
      case "runResourceName":
      case "runId":
        return store.id;
      case "createTime":
      case "scheduleTime":
        return store.startedAt.toISOString();
      case "taskName":
        return key.slice(key.lastIndexOf("/") + 1);
      case "taskId":
        return `${store.id}/${key}`;
      case "pipelineRoot":
        return store.folder;
      case "workspacePath": {
        const folder = join(store.folder, "workspace");
        mkdirSync(folder, { recursive: true });
        return folder;
      }
    }
  };
}
