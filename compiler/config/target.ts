/** One target, with every value that it has and where that comes from. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Json } from "../ir/types.ts";
import type { AuthSettings, Settings, TargetKind } from "./config.ts";
import type { OpenedConfig, ValuePath } from "./read.ts";

/** Where pipelines are delivered. Paths are as written: relative to the folder of the configuration. */
export interface Target {
  name: string;
  kind: TargetKind;
  version?: string;
  host?: string;
  namespace?: string;
  auth: AuthSettings;
  tls: { caFile?: string; certFile?: string; keyFile?: string };
  kubeconfig: { file?: string; context?: string };
  experiment?: string;
  serviceAccount?: string;
  pipelineRoot?: string;
  image?: string;
  entrypoint?: string[];
  artifactRepository?: NonNullable<Settings["artifactRepository"]>;
  params: Record<string, Json>;
  hasSchedule: boolean;
  /** Milliseconds. */
  timeout: number;
  /** Where each value was set: `--host`, `HMC_HOST`, `targets.prod` or `defaults`; nothing for what is built in. */
  origins: Partial<Record<keyof Settings, string>>;
}

/** What flags and variables may say in place of the file. */
export interface Overrides {
  kind?: TargetKind;
  version?: string;
  host?: string;
  namespace?: string;
  clientId?: string;
  experiment?: string;
  serviceAccount?: string;
  pipelineRoot?: string;
  image?: string;
}

/** The names of what may be said elsewhere. A flag wins over a variable, which wins over the file. */
export const overrideNames: readonly { key: Exclude<keyof Overrides, "kind">; flag: string; variable: string }[] = [
  { key: "version", flag: "--target-version", variable: "HMC_TARGET_VERSION" },
  { key: "host", flag: "--host", variable: "HMC_HOST" },
  { key: "namespace", flag: "--namespace", variable: "HMC_NAMESPACE" },
  { key: "clientId", flag: "--client-id", variable: "HMC_CLIENT_ID" },
  { key: "experiment", flag: "--experiment", variable: "HMC_EXPERIMENT" },
  { key: "serviceAccount", flag: "--service-account", variable: "HMC_SERVICE_ACCOUNT" },
  { key: "pipelineRoot", flag: "--pipeline-root", variable: "HMC_PIPELINE_ROOT" },
  { key: "image", flag: "--image", variable: "HMC_IMAGE" },
];

/** How long a server may take where nothing is said. Seconds. */
const defaultTimeout = 30;

export interface TargetRequest {
  /** Undefined where there is no file. */
  opened: OpenedConfig | undefined;
  /** Undefined where the command names none: then there must be but one. */
  name: string | undefined;
  flags: Overrides;
  environment: (name: string) => string | undefined;
}

/** The target that a command means, or what is wrong. */
export function resolveTarget({ opened, name, flags, environment }: TargetRequest): { target: Target } | { diagnostics: Diagnostic[] } {
  const chosen = chooseTarget(opened, name, flags, environment);
  if ("diagnostics" in chosen) return chosen;
  const layers: { origin: string; path: ValuePath; settings: Settings }[] = [
    { origin: "defaults", path: ["defaults"], settings: opened?.config.defaults ?? {} },
    { origin: `targets.${chosen.name}`, path: ["targets", chosen.name], settings: chosen.settings },
  ];
  const diagnostics: Diagnostic[] = [];
  let merged: Settings = {};
  const origins: Target["origins"] = {};
  for (const { origin, path, settings } of layers) {
    const filled = withVariables(settings, environment, (variable, inside) => diagnostics.push(diagnostic("HMC6224", opened?.spanOf([...path, ...inside]), { variable }))) as Settings;
    for (const key of Object.keys(filled) as (keyof Settings)[]) origins[key] = origin;
    const params = { ...merged.params, ...filled.params };
    merged = { ...merged, ...filled, ...(Object.keys(params).length === 0 ? {} : { params }) };
  }
  for (const { key, flag, variable } of overrideNames) {
    const value = flags[key] ?? environment(variable);
    if (value === undefined || value === "") continue;
    const origin = flags[key] === undefined ? variable : flag;
    const settingKey = key === "clientId" ? "auth" : key;
    origins[settingKey] = origin;
    merged = key === "clientId" ? { ...merged, auth: { ...(merged.auth?.type === "oidc" ? merged.auth : {}), type: "oidc", clientId: value } } : { ...merged, [key]: value };
  }
  if (merged.auth === undefined && environment("HMC_TOKEN") !== undefined) {
    merged.auth = { type: "bearer" };
    origins.auth = "HMC_TOKEN";
  }
  const { kind = flags.kind ?? "kfp", auth = { type: "none" }, tls = {}, kubeconfig = {}, params = {}, schedule = true, timeout = defaultTimeout, ...rest } = merged;
  if (kind === "kfp" && rest.host === undefined) diagnostics.push(diagnostic("HMC6225", opened?.spanOf(["targets", chosen.name]), { target: chosen.name, flag: "--host" }));
  if (diagnostics.length > 0) return { diagnostics };
  const host = rest.host?.replace(/\/+$/, "").replace(/\/apis(?:\/v\d\w*)?$/, "");
  if (host !== undefined && !isAddress(host)) return { diagnostics: [diagnostic("HMC6226", origins.host?.includes(".") === true ? opened?.spanOf(["targets", chosen.name, "host"]) : undefined, { host })] };
  return { target: { name: chosen.name, ...rest, ...(host === undefined ? {} : { host }), kind, auth, tls, kubeconfig, params, hasSchedule: schedule === true || schedule === "on", timeout: timeout * 1000, origins } };
}

function isAddress(host: string): boolean {
  return /^https?:\/\/[^/]/.test(host) && URL.canParse(host);
}

/** The target by its name, or the only one; without a file, what flags and variables say. */
function chooseTarget(opened: OpenedConfig | undefined, name: string | undefined, flags: Overrides, environment: TargetRequest["environment"]): { name: string; settings: Settings } | { diagnostics: Diagnostic[] } {
  const wanted = name ?? environment("HMC_TARGET");
  const known = Object.keys(opened?.config.targets ?? {});
  const [only] = known;
  if (wanted === undefined && known.length === 1 && only !== undefined) return { name: only, settings: opened?.config.targets[only] ?? {} };
  const isSaidElsewhere = flags.host !== undefined || environment("HMC_HOST") !== undefined || flags.kind === "argo";
  if (opened === undefined) return isSaidElsewhere ? { name: wanted ?? "default", settings: {} } : { diagnostics: [diagnostic("HMC6223", undefined, {})] };
  if (wanted === undefined) return isSaidElsewhere ? { name: "default", settings: {} } : { diagnostics: [diagnostic("HMC6222", undefined, { target: undefined, known, suggestion: undefined })] };
  const settings = Object.hasOwn(opened.config.targets, wanted) ? opened.config.targets[wanted] : undefined;
  return settings === undefined ? { diagnostics: [diagnostic("HMC6222", undefined, { target: wanted, known, suggestion: nearestName(wanted, known) })] } : { name: wanted, settings };
}

/** `${NAME}` and `${NAME:-default}` in every text; `$$` is a dollar sign. */
function withVariables(value: unknown, environment: TargetRequest["environment"], onMissing: (variable: string, path: (string | number)[]) => void, path: (string | number)[] = []): unknown {
  if (typeof value === "string") {
    return value.replace(/\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})/g, (whole, name: string | undefined, other: string | undefined) => {
      if (name === undefined) return "$";
      const found = environment(name);
      if (found !== undefined && found !== "") return found;
      if (other !== undefined) return other;
      onMissing(name, path);
      return whole;
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => withVariables(item, environment, onMissing, [...path, index]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withVariables(item, environment, onMissing, [...path, key])]));
}
