/** What the reader gives of one KFP file. */
import type { Span } from "../../ir/types.ts";
import type { PlatformSpec } from "./platform-spec.ts";
import type { PipelineSpec } from "./spec.ts";

export interface KfpFile {
  /** "component" where the file describes one component: its root has no graph, or a graph of one task that passes everything through. */
  kind: "pipeline" | "component";
  /** Of a component: KFP's specification has no place for it. */
  description?: string;
  spec: PipelineSpec;
  platform?: PlatformSpec;
  /**
   * Where the value at a path of keys and indices stands in the YAML, or its nearest ancestor that stands there. A path that begins with
   * "platforms" goes into the platform document, every other into the PipelineSpec.
   */
  locate(path: readonly (string | number)[]): Span;
}
