/** A whole number. Assignable from and to `number`; a fraction is refused by `hmc check` and at run time. */
export type Int = number & { readonly "~hmc.int"?: never };

/** A reference to one key of a Kubernetes secret. Fits `env` and `secrets` only. */
export interface Secret {
  readonly "~hmc.secret": true;
}

/** A reference to one key of a Kubernetes config map. Fits `env` only. */
export interface ConfigMapKey {
  readonly "~hmc.configMap": true;
}

/** A reference to a field of the pod that runs the task. Fits `env` only. */
export interface FieldPath {
  readonly "~hmc.field": true;
}

/**
 * Settings of a task that its op or container takes over and hands to what it starts itself, such as a training job: those that its option
 * `passthrough` names, in the form of Kubernetes. The engine gives it; a call has no such input.
 */
export interface TaskConfig {
  readonly "~hmc.taskConfig"?: true;
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly env?: readonly Readonly<Record<string, unknown>>[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly volumeMounts?: readonly Readonly<Record<string, unknown>>[];
  readonly resources?: Readonly<Record<string, unknown>>;
}

/** The final status of the body of a `try`, as its `finally` block sees it. */
export interface RunStatus {
  readonly "~hmc.status"?: true;
  /** `SUCCEEDED` or `FAILED`. */
  readonly state: "SUCCEEDED" | "FAILED";
  /** The name of the task or group whose status this is. */
  readonly taskName: string;
  /** The error of the failed task, where the back end knows it; else empty. */
  readonly error: { readonly code: Int; readonly message: string };
}
