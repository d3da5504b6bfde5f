/**
 * Artifact types: values that travel between tasks as files.
 *
 * The brand is a property with a string-literal key, so that two installed copies of this package agree
 * (a `unique symbol` would differ between them).
 */
export interface Artifact<Kind extends string = string> {
  /** The schema title of the artifact, e.g. `system.Dataset`. Exists in types only. */
  readonly "~hmc.artifact": Kind;
  /** The name of the artifact. */
  readonly name: string;
  /** Where the artifact is stored, e.g. `s3://bucket/key`. */
  readonly uri: string;
  /** The local file or directory: read it when it is an input, write it when it is an output. */
  readonly path: string;
  /** Free metadata. Set it on outputs; flat strings and numbers survive every back end. */
  readonly metadata: Record<string, unknown>;
}

export interface Dataset extends Artifact<"system.Dataset"> {
  readonly "~hmc.artifact": "system.Dataset";
}
export interface Model extends Artifact<"system.Model"> {
  readonly "~hmc.artifact": "system.Model";
}
/** Scalar metrics: numbers in `metadata`. */
export interface Metrics extends Artifact<"system.Metrics"> {
  readonly "~hmc.artifact": "system.Metrics";
}
/** ROC curve and confusion matrix, in `metadata.confidenceMetrics` and `metadata.confusionMatrix`. */
export interface ClassificationMetrics extends Artifact<"system.ClassificationMetrics"> {
  readonly "~hmc.artifact": "system.ClassificationMetrics";
}
export interface SlicedClassificationMetrics extends Artifact<"system.SlicedClassificationMetrics"> {
  readonly "~hmc.artifact": "system.SlicedClassificationMetrics";
}
export interface HTML extends Artifact<"system.HTML"> {
  readonly "~hmc.artifact": "system.HTML";
}
export interface Markdown extends Artifact<"system.Markdown"> {
  readonly "~hmc.artifact": "system.Markdown";
}
