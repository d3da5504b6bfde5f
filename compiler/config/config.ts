/** What `hmc.yaml` says, as `schemas/config.schema.json` describes it. */
import type { Json } from "../ir/types.ts";

export interface Config {
  defaults?: Settings;
  /** By name. */
  targets: Record<string, Settings>;
}

/** What stands at one target, or at `defaults`. */
export interface Settings {
  kind?: TargetKind;
  version?: string;
  host?: string;
  namespace?: string;
  auth?: AuthSettings;
  tls?: { caFile?: string; certFile?: string; keyFile?: string };
  kubeconfig?: { file?: string; context?: string };
  experiment?: string;
  serviceAccount?: string;
  pipelineRoot?: string;
  image?: string;
  entrypoint?: string[];
  artifactRepository?: "s3" | "gcs" | "azure" | "oss";
  params?: Record<string, Json>;
  schedule?: boolean | "on" | "off";
  /** Seconds. */
  timeout?: number;
}

export type TargetKind = "kfp" | "argo";

/** Who asks. Secrets are named, not given. */
export type AuthSettings =
  | { type: "none" }
  | { type: "bearer"; tokenEnv?: string }
  | { type: "token-file"; tokenFile: string }
  | { type: "service-account"; tokenFile?: string }
  | { type: "oidc"; clientId: string; credentialsFile?: string; tokenUrl?: string; clientSecretEnv?: string }
  | { type: "basic"; user: string; passwordEnv: string };
