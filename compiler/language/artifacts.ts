/**
 * Artifact types: values that travel between tasks as files.
 *
 * The brand is a property with a string-literal key, so that two installed copies of this package agree
 * (a `unique symbol` would differ between them).
 *
 * `Artifact<"google.VertexModel", "0.0.0">` is an artifact of another version of a schema than `0.0.1`. In place of a title, old components
 * have the whole schema as text: `Artifact<"", "", "title: …">`. An artifact fits where another version of its schema is asked for.
 */
export interface Artifact<Kind extends string = string, Version extends string = "0.0.1", Schema extends string = ""> {
  /** The schema title of the artifact, e.g. `system.Dataset`. Exists in types only. */
  readonly "~hmc.artifact": Kind;
  /** The version of the schema, and the whole schema where it stands in place of a title. Exists in types only. */
  readonly "~hmc.schema": Marks<`version ${Version}` | `schema ${Schema}`>;
  /** The name of the artifact. */
  readonly name: string;
  /** Where the artifact is stored, e.g. `s3://bucket/key`. */
  readonly uri: string;
  /** The local file or directory: read it when it is an input, write it when it is an output. */
  readonly path: string;
  /** Free metadata. Set it on outputs; flat strings and numbers survive every back end. */
  readonly metadata: Record<string, unknown>;
}

/** Carries texts as properties that no value has: marks of different texts fit each other. */
type Marks<Text extends string> = { readonly "~hmc.mark"?: never } & { readonly [Key in Text]?: never };

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
