/** What a local run says of itself where a pipeline asks for `run.name` and the like. */
import { mkdirSync } from "node:fs";
import type { ContextName } from "../../compiler/ir/types.ts";
import type { RunContext } from "./frame.ts";
import type { RunStore } from "./store.ts";

/** A local run has one name for everything; it has no schedule, so it was due when it started. The workspace is a folder of the run. */
export function runContext(store: RunStore): RunContext {
  return (name) => {
    switch (name) {
      case "runName":
      case "runResourceName":
      case "runId":
        return store.id;
      case "createTime":
      case "scheduleTime":
        return store.startedAt.toISOString();
      case "pipelineRoot":
        return store.folder;
      case "workspacePath":
        mkdirSync(store.workspace, { recursive: true });
        return store.workspace;
    }
  };
}

/** The same with what differs from task to task. */
export function taskContext(store: RunStore, key: string): (name: ContextName) => string {
  const ofRun = runContext(store);
  return (name) => (name === "taskName" ? key.slice(key.lastIndexOf("/") + 1) : name === "taskId" ? `${store.id}/${key}` : ofRun(name));
}
