import { outsidePipeline } from "./op.ts";

/** What a run knows of itself. Each is text that the engine fills in where a task gets it. */
export interface Run {
  /** The name of the run, as people gave it. */
  readonly name: string;
  /** The name of the run in the cluster, which is unique there. */
  readonly resourceName: string;
  readonly id: string;
  /** When the run was created: UTC, in the form of RFC 3339. */
  readonly createTime: string;
  /** When the run was to start: UTC, in the form of RFC 3339. */
  readonly scheduleTime: string;
  /** The name of the task that gets this text. */
  readonly taskName: string;
  /** The id of the task that gets this text. */
  readonly taskId: string;
  /** Where the run stores its artifacts. */
  readonly pipelineRoot: string;
  /** The folder that all tasks of the run share. The pipeline must have the option `workspace`. */
  readonly workspacePath: string;
}

/** What the run knows of itself, to pass to tasks: `` train({ tag: run.name, path: `${run.workspacePath}/rows` }) ``. */
export const run: Run = {
  get name() {
    return outsidePipeline("run.name");
  },
  get resourceName() {
    return outsidePipeline("run.resourceName");
  },
  get id() {
    return outsidePipeline("run.id");
  },
  get createTime() {
    return outsidePipeline("run.createTime");
  },
  get scheduleTime() {
    return outsidePipeline("run.scheduleTime");
  },
  get taskName() {
    return outsidePipeline("run.taskName");
  },
  get taskId() {
    return outsidePipeline("run.taskId");
  },
  get pipelineRoot() {
    return outsidePipeline("run.pipelineRoot");
  },
  get workspacePath() {
    return outsidePipeline("run.workspacePath");
  },
};
