import { outsidePipeline } from "./op.ts";

/** What a run knows of itself, as text. */
export interface Run {
  /** The name of the run. */
  readonly name: string;
  /** The name of the run as the cluster has it. */
  readonly resourceName: string;
  readonly id: string;
  /** When the run was created, in UTC. */
  readonly createTime: string;
  /** When the run was due by its schedule, in UTC. */
  readonly scheduleTime: string;
  /** The name of the task that gets the value. */
  readonly taskName: string;
  readonly taskId: string;
  /** Where the run stores its artifacts. */
  readonly pipelineRoot: string;
  /** Where the workspace is mounted. */
  readonly workspacePath: string;
}

/** The run in which a task gets this value: known only there. */
export const run: Run = /* @__PURE__ */ new Proxy({} as Run, { get: (_, name) => outsidePipeline(`run.${String(name)}`) });
