/**
 * The intermediate representation: everything a target needs to know of the pipelines of one entry file.
 * `schemas/ir.schema.json` describes the same shapes; `docs/spec.md` says which source gives which node.
 */

/** The version of the IR format. Minor versions only add. */
export const IR_VERSION = "1.0";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A stretch of source text. Lines and columns count from 1, offsets are UTF-16 units from 0. */
export interface Span {
  /** POSIX path relative to the project root. */
  file: string;
  start: number;
  end: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

// ---------------------------------------------------------------------------------------------- types of values

export type ParameterType =
  | { kind: "string"; literals?: string[] }
  | { kind: "number"; literals?: number[] }
  | { kind: "integer"; literals?: number[] }
  | { kind: "boolean" }
  /** A list; `tuple` holds the types by position where the source has a tuple. */
  | { kind: "list"; items: ParameterType; tuple?: ParameterType[] }
  /** An object: known `properties`, and `additional` values under any other key. */
  | { kind: "struct"; properties: Record<string, StructProperty>; additional?: ParameterType }
  /** Any JSON value: only inside lists and structs. */
  | { kind: "json" }
  /** The final status of a task (`RunStatus`). */
  | { kind: "status" }
  /** Settings of a task that the task reads instead of its pod (`TaskConfig`). */
  | { kind: "taskConfig" };

export interface StructProperty {
  type: ParameterType;
  optional: boolean;
  nullable?: boolean;
  description?: string;
}

export interface ArtifactType {
  kind: "artifact";
  /** e.g. `system.Dataset`. */
  schemaTitle: string;
  /** e.g. `0.0.1`. */
  schemaVersion: string;
  /** The whole schema as text, as old components have it in place of a title; the title is empty then. */
  instanceSchema?: string;
  /** A list of artifacts. */
  list: boolean;
}

export type ValueType = ParameterType | ArtifactType;

// ---------------------------------------------------------------------------------------------- components

export interface Input {
  type: ValueType;
  /** A caller may leave it out: `x?: T`. An input with a default and without `?` has its default only where a run starts. */
  optional: boolean;
  default?: Json;
  description?: string;
  span: Span;
}

export interface Output {
  type: ValueType;
  description?: string;
  /** Of an artifact: the metadata that it has before the task runs. */
  metadata?: Record<string, Json>;
  span: Span;
}

interface ComponentBase {
  /** Unique in the document: kebab-case of the name, e.g. `create-training`. Tasks are named after it. */
  id: string;
  /** As written in the source, e.g. `createTraining`. */
  name: string;
  description?: string;
  /** In order of declaration. */
  inputs: Record<string, Input>;
  outputs: Record<string, Output>;
  span: Span;
}

/** A setting of a task that its component takes as an input of type `taskConfig`; on the pod as well where `applyToTask` is true. */
export interface Passthrough {
  setting: "none" | "resources" | "env" | "affinity" | "tolerations" | "nodeSelector" | "volumes";
  applyToTask: boolean;
}

/** A TypeScript function, run by the entrypoint. A scalar or list result is the output `Output`. */
export interface OpComponent extends ComponentBase {
  kind: "op";
  options: TaskOptions;
  passthroughs?: Passthrough[];
  /** Where the run-time registry finds it: module path relative to the project root, and the export (dotted for members of an object). */
  implementation: { module: string; export: string };
}

/** A foreign image with a command line. */
export interface ContainerComponent extends ComponentBase {
  kind: "container";
  options: TaskOptions;
  passthroughs?: Passthrough[];
  command: Argument[];
  args: Argument[];
  env: Record<string, string>;
  /** Text of a program: a file of it is the last argument. */
  script?: ArgumentPart[];
  /** The output parameter that is what the program prints, without one line break at its end. */
  stdout?: string;
  /** Absolute paths at which the program itself reads input artifacts, and writes output artifacts and parameters, by name. */
  files?: Record<string, string>;
  /** What output parameters are that the program does not write. */
  defaults?: Record<string, Json>;
  /** What Argo runs in place of a container; command, arguments and environment are then empty. */
  template?: ArgoTemplate;
  /** Where the outputs of a resource are read, by name. */
  outputsFrom?: Record<string, { jsonPath?: string; jqFilter?: string; default?: string }>;
}

/** A template of Argo of another kind than a container, in the fields of Argo's API. */
export interface ArgoTemplate {
  kind: "suspend" | "http" | "resource" | "containerSet";
  fields: Record<string, TemplateValue>;
}

/** A value in a template. */
export type TemplateValue =
  | { kind: "text"; parts: ArgumentPart[] }
  | { kind: "constant"; value: Json }
  | { kind: "list"; items: TemplateValue[] }
  | { kind: "object"; fields: Record<string, TemplateValue> };

/**
 * An existing artifact brought into the graph: input `uri`, output `artifact`. Run-time values in the metadata are
 * further inputs: `metadata`, `metadata-2` …
 */
export interface ImporterComponent extends ComponentBase {
  kind: "importer";
  reimport: boolean;
  /** In its keys and texts, `{{$.inputs.parameters['metadata-2']}}` stands for the value of that input. */
  metadata: Record<string, Json>;
  downloadToWorkspace: boolean;
}

export type Component = OpComponent | ContainerComponent | ImporterComponent;

/** One element of argv, or several that are there only when an optional input is. */
export type Argument =
  | { kind: "text"; parts: ArgumentPart[] }
  /** `then` and `otherwise` are elements of argv; where `single` is true they are one argument each, as in `x !== undefined ? a : b`. */
  | { kind: "ifPresent"; input: string; then: Argument[]; otherwise: Argument[]; single?: boolean }
  /** One element of argv, joined of several at run time: `concat(…)`. */
  | { kind: "concat"; items: Argument[] };

export type ArgumentPart =
  | string
  | { placeholder: "inputValue" | "inputPath" | "inputUri" | "outputPath" | "outputUri" | "outputFile"; name: string }
  /** The metadata of an artifact as JSON, or one value of it. */
  | { placeholder: "inputMetadata" | "outputMetadata"; name: string; key?: string }
  /** An artifact, or a list of them, as JSON. */
  | { placeholder: "inputArtifact"; name: string }
  | { placeholder: "context"; name: ContextName }
  /** A variable of Argo: `workflow.duration`. */
  | { placeholder: "argoVariable"; name: string }
  | { placeholder: "executorInput" };

/** What a run knows of itself: `run.name` … */
export type ContextName = "runName" | "runResourceName" | "runId" | "createTime" | "scheduleTime" | "taskName" | "taskId" | "pipelineRoot" | "workspacePath";

// ---------------------------------------------------------------------------------------------- options

/** An option that only a run knows. Only the options of a call have these. */
export interface RunTime {
  expression: Expression;
}

/** A Kubernetes object in its own JSON form; as a run-time value it comes from a struct or, for tolerations, a list. */
export interface KubernetesJson {
  json: Json | RunTime;
}

/** An environment variable: text, or a reference that Kubernetes resolves. */
export type EnvironmentValue =
  | { kind: "literal"; value: string }
  /** `optional`: no error where the secret or its key does not exist. */
  | { kind: "secret"; name: string | RunTime; key: string; optional?: boolean }
  | { kind: "configMap"; name: string | RunTime; key: string; optional?: boolean }
  /** A field of the pod, e.g. `spec.nodeName`. */
  | { kind: "field"; path: string };

/** Kubernetes quantities as canonical text (`"2"`, `"500m"`, `"4Gi"`). */
export interface ResourceRange {
  request?: string | RunTime;
  limit?: string | RunTime;
}

export type Volume =
  | { kind: "emptyDir"; name: string; mountPath: string; medium?: string; sizeLimit?: string }
  | { kind: "pvc"; claim: string | RunTime; mountPath: string; subPath?: string }
  | { kind: "secret"; secret: string | RunTime; mountPath: string; optional: boolean }
  | { kind: "configMap"; configMap: string | RunTime; mountPath: string; optional: boolean }
  | { kind: "ephemeral"; name: string; mountPath: string; size: string; accessModes: string[]; storageClass?: string; labels?: Record<string, string>; annotations?: Record<string, string> };

export interface Toleration {
  key?: string;
  operator?: "Exists" | "Equal";
  value?: string;
  effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  seconds?: number;
}

export interface NodeExpression {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  values?: string[];
}

export interface NodeAffinity {
  expressions?: NodeExpression[];
  fields?: NodeExpression[];
  weight?: number;
}

export interface Retry {
  count: number;
  backoffSeconds?: number;
  factor?: number;
  maxBackoffSeconds?: number;
  policy?: "always" | "onFailure" | "onError" | "onTransientError";
}

/** What a task needs to run. Only what was written is present; `resolveOptions` merges the layers. */
export interface TaskOptions {
  displayName?: string;
  image?: string | RunTime;
  /** Of an op: whether its code is carried in the compiled file. See `inline.ts`. */
  inline?: boolean;
  cpu?: ResourceRange;
  memory?: ResourceRange;
  accelerator?: { type: string | RunTime; count: number | RunTime };
  env?: Record<string, EnvironmentValue>;
  volumes?: Volume[];
  serviceAccount?: string;
  /** Labels that the node must have. */
  nodeSelector?: Record<string, string> | KubernetesJson;
  tolerations?: (Toleration | KubernetesJson)[];
  affinity?: (NodeAffinity | KubernetesJson)[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  imagePullSecrets?: (string | RunTime)[];
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  securityContext?: { runAsUser?: number; runAsGroup?: number; runAsNonRoot?: boolean };
  retry?: Retry;
  timeoutSeconds?: number;
  /** `enabled: false` runs the task every time; `key` replaces the computed fingerprint. */
  cache?: { enabled: boolean; key?: string };
  kfp?: Record<string, Json>;
  /** What only Argo does, by the names of `ArgoTaskOptions` of the language: durations are seconds (`maxAgeSeconds`), shorthands are written out. */
  argo?: Record<string, Json>;
  /** Where each option was written, by option name as in the source (`env.TOKEN`, `volumes.0` for members). */
  spans?: Record<string, Span>;
}

export interface PipelineOptions {
  displayName?: string;
  /** Five-field cron. */
  schedule?: string;
  timezone?: string;
  experiment?: string;
  defaults?: TaskOptions;
  ttlSeconds?: { completion?: number; success?: number; failure?: number };
  deadlineSeconds?: number;
  workspace?: { size: string; storageClass?: string; accessModes?: string[] };
  pipelineRoot?: string;
  maxConcurrency?: number;
  catchUp?: boolean;
  kfp?: Record<string, Json>;
  /** What only Argo does, by the names of `ArgoPipelineOptions`, as in the options of tasks. */
  argo?: Record<string, Json>;
  /** Where each option was written. */
  spans?: Record<string, Span>;
}

// ---------------------------------------------------------------------------------------------- expressions

interface ExpressionBase {
  type: ValueType;
  span: Span;
}

export type BinaryOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||" | "+" | "-" | "*" | "/" | "%";

/** Functions and methods of values that both engines can express; `arguments[0]` is the receiver of a method. */
export type BuiltinFunction =
  | "length" | "includes" | "startsWith" | "endsWith" | "matches"
  | "toString" | "toNumber" | "toInteger" | "toBoolean"
  | "toLowerCase" | "toUpperCase" | "trim" | "split" | "join" | "replaceAll"
  /** A list of lists as one list. Around nested `collect`s: the fan-in of nested loops in one list. */
  | "flat"
  | "keys" | "floor" | "ceil" | "round" | "abs" | "min" | "max" | "stringify" | "parse";

/**
 * A value known at run time, or a constant. Reading one never starts a task by itself.
 * The semantics are JavaScript's, as `runtime/local/evaluate.ts` implements them.
 */
export type Expression =
  | (ExpressionBase & { kind: "constant"; value: Json })
  /** No value: allowed where an optional input is filled. */
  | (ExpressionBase & { kind: "absent" })
  /** A parameter of the pipeline. */
  | (ExpressionBase & { kind: "input"; name: string })
  /** An output of a task in the same or an enclosing block, or inside a branch, try or loop (then under `select`, `collect`). */
  | (ExpressionBase & { kind: "output"; task: string; output: string })
  /** The current item of an enclosing loop. */
  | (ExpressionBase & { kind: "item"; loop: string })
  /** The index of the current iteration of an enclosing loop, from 0. */
  | (ExpressionBase & { kind: "index"; loop: string })
  /** A carried value of an enclosing `while`: what it is in this turn. In the condition: when that is tested. */
  | (ExpressionBase & { kind: "carried"; loop: string; name: string })
  /** A carried value of a `while` that has ended. */
  | (ExpressionBase & { kind: "final"; loop: string; name: string })
  /** The value that the taken arm of a branch gives to one of its selects (one-of). */
  | (ExpressionBase & { kind: "select"; branch: string; name: string })
  /** Fan-in: the list of what `value` is in each iteration of the loop, in order of the items. */
  | (ExpressionBase & { kind: "collect"; loop: string; value: Expression })
  /** The final status of the body of a try. */
  | (ExpressionBase & { kind: "status"; try: string })
  /** The final status of an earlier task, for a task that ignores its failure. */
  | (ExpressionBase & { kind: "taskStatus"; task: string })
  /** What the run knows of itself: its name, its id, its workspace. Text. */
  | (ExpressionBase & { kind: "context"; name: ContextName })
  /** The text of a variable of Argo: `workflow.duration`. Only Argo knows it. */
  | (ExpressionBase & { kind: "argo"; name: string })
  /**
   * CEL as it stands, with values in it; the first part is text, if need be empty. Where the first part is a value it is the
   * only one, and the text after it reads it as `string_value`, `number_value` …: `cel.of`. Only KFP reads CEL.
   */
  | (ExpressionBase & { kind: "cel"; parts: (string | Expression)[] })
  /** A field of a struct, or `uri`, `name`, `path`, `metadata` of an artifact. */
  | (ExpressionBase & { kind: "member"; object: Expression; key: string })
  | (ExpressionBase & { kind: "element"; object: Expression; index: Expression })
  /** Text made of parts, each turned into text as JavaScript does. */
  | (ExpressionBase & { kind: "template"; parts: Expression[] })
  | (ExpressionBase & { kind: "unary"; operator: "!" | "-"; operand: Expression })
  | (ExpressionBase & { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression })
  /** A choice between values that are all at hand; a choice that decides what runs is a `Branch`. */
  | (ExpressionBase & { kind: "conditional"; test: Expression; consequent: Expression; alternate: Expression })
  /** `value`, or `fallback` where it is absent. */
  | (ExpressionBase & { kind: "coalesce"; value: Expression; fallback: Expression })
  /** Whether a value is there: `x !== undefined`. */
  | (ExpressionBase & { kind: "present"; value: Expression })
  | (ExpressionBase & { kind: "call"; function: BuiltinFunction; arguments: Expression[] })
  | (ExpressionBase & { kind: "list"; items: Expression[] })
  | (ExpressionBase & { kind: "struct"; fields: Record<string, Expression> })
  /** The whole numbers from 0 to count - 1. */
  | (ExpressionBase & { kind: "range"; count: Expression });

export type ExpressionKind = Expression["kind"];

// ---------------------------------------------------------------------------------------------- the graph

/** Nodes run as soon as their inputs, conditions and `after` allow; their order is only that of the source. */
export interface Block {
  nodes: Node[];
}

export type Node = Task | Branch | Loop | While | Try;

export type TaskTarget =
  /** An entry of `components`. */
  | { kind: "component"; id: string }
  /** An entry of `pipelines`: a sub-graph. It may be one that the task stands in, under a condition: a recursion. */
  | { kind: "pipeline"; id: string };

export interface Task {
  kind: "task";
  /** Unique in the pipeline: `train`, `train-2`. */
  id: string;
  target: TaskTarget;
  /** By input name; inputs that were not given are missing. */
  inputs: Record<string, Expression>;
  /** Ids of nodes of this pipeline (tasks or regions, at any depth) that must end first, beyond data edges. */
  after: string[];
  ignoreUpstreamFailure: boolean;
  /** The task itself is skipped where this is false; it is no group, as the arm of a branch is. */
  when?: Expression;
  options: TaskOptions;
  span: Span;
}

export interface Branch {
  kind: "branch";
  /** Unique in the pipeline: `if-1`. */
  id: string;
  /** Tried in order. The last arm has no condition: it is the `else`, with an empty block where none was written. */
  arms: Arm[];
  /** Values that differ by arm and are used after the branch. */
  selects: Select[];
  /** Whether the source has an `else` (or both sides of a `?:`). */
  hasElse: boolean;
  /** What people read of the whole, where it has several arms. */
  displayName?: string;
  span: Span;
}

export interface Arm {
  condition?: Expression;
  displayName?: string;
  block: Block;
  span: Span;
}

export interface Select {
  /** The variable, unique in the branch. */
  name: string;
  type: ValueType;
  /** One for each arm, in order; `absent` where the arm gives none. */
  values: Expression[];
  span: Span;
}

export interface Loop {
  kind: "loop";
  /** Unique in the pipeline: `for-1`. */
  id: string;
  /** A list of parameters or of artifacts. */
  items: Expression;
  /** The variable, for names in the targets. */
  itemName: string;
  itemType: ValueType;
  /** At most so many iterations at once. */
  parallelism?: number;
  displayName?: string;
  body: Block;
  span: Span;
}

/** One turn after the other, as long as the condition holds. */
export interface While {
  kind: "while";
  /** Unique in the pipeline: `while-1`. */
  id: string;
  /** Reads values of outside the loop and carried ones, no task of the body. */
  condition: Expression;
  /** `before` each turn, so that there may be none; or `after` each turn, of which there is at least one. */
  test: "before" | "after";
  /** The values that one turn hands to the next; names are unique in the loop. */
  carried: Carried[];
  body: Block;
  displayName?: string;
  span: Span;
}

export interface Carried {
  /** The variable, or what is read of it: `turn`, `state.loss`. */
  name: string;
  type: ValueType;
  /** In the first turn; read outside the loop. */
  initial: Expression;
  /** In the next turn, and after the last: read at the end of the body. */
  next: Expression;
  span: Span;
}

export interface Try {
  kind: "try";
  /** Unique in the pipeline: `try-1`. */
  id: string;
  displayName?: string;
  body: Block;
  /** Runs only when the body failed. */
  catch?: Block;
  /** Values that body and `catch` both give, in this order; read by `select` with the id of the try. */
  selects?: Select[];
  /** Runs when the body has ended, however it ended. */
  finally?: Block;
  span: Span;
}

export interface PipelineOutput {
  type: ValueType;
  description?: string;
  value: Expression;
  span: Span;
}

export interface Pipeline {
  /** Kebab-case of the name; the name of the pipeline on every target. */
  id: string;
  /** As written in the source. */
  name: string;
  description?: string;
  inputs: Record<string, Input>;
  outputs: Record<string, PipelineOutput>;
  options: PipelineOptions;
  body: Block;
  span: Span;
}

export interface SourceFile {
  path: string;
  sha256: string;
}

export interface Document {
  irVersion: typeof IR_VERSION;
  /** The entry file, relative to the project root. */
  entry: string;
  /** Every file that the pipelines reach, without declaration files. Sorted by path. */
  sources: SourceFile[];
  /** Names that `env()` read, sorted. */
  environment: string[];
  /** Options of every task, from the project or the command line: the lowest layer. */
  defaults: TaskOptions;
  /** Ids of the pipelines that the entry file exports, in order of the source. */
  exported: string[];
  components: Record<string, Component>;
  pipelines: Record<string, Pipeline>;
}
