/** From a target to a connection with its server. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HttpClient, type TlsSettings } from "../../runtime/remote/http/client.ts";
import { credentialsOf, type CredentialSource } from "../../runtime/remote/http/credentials.ts";
import type { Failure, RequestError } from "../../runtime/remote/http/failure.ts";
import { KfpClient } from "../../runtime/remote/kfp/client.ts";
import { bug } from "../bug.ts";
import type { Target } from "../config/target.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode } from "../diagnostics/registry.ts";

/** What a connection is made with, beside the target. */
export interface ConnectTools {
  /** The folder that paths of the target are relative to, absolute. */
  folder: string;
  environment: (name: string) => string | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  random: () => number;
}

/** The tools of this machine. */
export function connectTools(folder: string, environment: ConnectTools["environment"]): ConnectTools {
  return { folder, environment, now: () => Date.now(), sleep: async (milliseconds, signal) => void (await pause(milliseconds, undefined, { signal, ref: true }).catch(() => undefined)), random: () => Math.random() };
}

export interface KfpConnection {
  client: KfpClient;
  http: HttpClient;
  diagnostics: Diagnostic[];
}

/** Where KFP mounts a token into pods that may ask it. Source: the SDK's `KF_PIPELINES_SA_TOKEN_PATH`. */
const kfpTokenFile = "/var/run/secrets/kubeflow/pipelines/token";

/** Requests that may be repeated are sent so often. Milliseconds. */
export const tries = { attempts: 4, pause: 500, longestPause: 8000 };

/** Opens the KFP server of a target, and asks it whether it keeps users apart. Throws a `RequestError`. */
export async function connectKfp(target: Target, tools: ConnectTools, signal?: AbortSignal): Promise<KfpConnection | { diagnostics: Diagnostic[] }> {
  const source = credentialSource(target, tools);
  const tls = tlsSettings(target, tools);
  const problems = [...("diagnostic" in source ? [source.diagnostic] : []), ...("diagnostics" in tls ? tls.diagnostics : [])];
  if ("diagnostic" in source || "diagnostics" in tls) return { diagnostics: problems };
  const { timeout, host = bug("a KFP target without a host") } = target;
  const { environment, sleep, random, now } = tools;
  const http = new HttpClient({ base: host, credentials: credentialsOf(source, now), tls: tls.tls, timeout, retry: { ...tries, sleep, random }, environment });
  try {
    const isMultiUser = await KfpClient.isMultiUser(http, signal);
    if (isMultiUser && target.namespace === undefined) {
      await http.close();
      return { diagnostics: [diagnostic("HMC6243", undefined, { target: target.name })] };
    }
    const diagnostics = !isMultiUser && target.namespace !== undefined && target.origins.namespace !== "defaults" ? [diagnostic("HMC6244", undefined, { namespace: target.namespace })] : [];
    return { client: new KfpClient(http, isMultiUser ? target.namespace : undefined), http, diagnostics };
  } catch (error) {
    await http.close();
    throw error;
  }
}

/** Reads the secrets that a target names. */
export function credentialSource({ auth, kind, timeout }: Target, { environment, folder }: ConnectTools): CredentialSource | { diagnostic: Diagnostic } {
  const secret = (variable: string, what: string): { value: string } | { diagnostic: Diagnostic } => {
    const value = environment(variable)?.trim();
    return value === undefined || value === "" ? { diagnostic: diagnostic("HMC6227", undefined, { variable, what }) } : { value };
  };
  switch (auth.type) {
    case "none":
      return { kind: "none" };
    case "bearer": {
      const token = secret(auth.tokenEnv ?? "HMC_TOKEN", "token");
      return "diagnostic" in token ? token : { kind: "bearer", token: token.value };
    }
    case "token-file":
      return { kind: "tokenFile", path: pathIn(folder, auth.tokenFile) };
    case "service-account":
      return { kind: "tokenFile", path: auth.tokenFile === undefined ? (kind === "kfp" ? kfpTokenFile : "/var/run/secrets/kubernetes.io/serviceaccount/token") : pathIn(folder, auth.tokenFile) };
    case "basic": {
      const password = secret(auth.passwordEnv, "password");
      return "diagnostic" in password ? password : { kind: "basic", user: auth.user, password: password.value };
    }
    case "oidc": {
      const clientSecret = auth.clientSecretEnv === undefined ? undefined : secret(auth.clientSecretEnv, "client secret");
      if (clientSecret !== undefined && "diagnostic" in clientSecret) return clientSecret;
      const credentialsFile = auth.credentialsFile ?? environment("GOOGLE_APPLICATION_CREDENTIALS");
      return {
        kind: "oidc",
        clientId: auth.clientId,
        metadataHost: environment("GCE_METADATA_HOST") ?? "metadata.google.internal",
        timeout,
        ...(auth.tokenUrl === undefined ? {} : { tokenUrl: auth.tokenUrl }),
        ...(clientSecret === undefined ? {} : { clientSecret: clientSecret.value }),
        ...(credentialsFile === undefined ? {} : { credentialsFile: pathIn(folder, credentialsFile) }),
      };
    }
  }
}

export function tlsSettings({ tls }: Target, { folder }: ConnectTools): { tls: TlsSettings } | { diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const read = (what: string, file: string | undefined): string | undefined => {
    if (file === undefined) return undefined;
    try {
      return readFileSync(pathIn(folder, file), "utf8");
    } catch (error) {
      diagnostics.push(diagnostic("HMC6228", undefined, { what, file, problem: (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is none" : (error as Error).message }));
      return undefined;
    }
  };
  const [ca, cert, key] = [read("authority", tls.caFile), read("client certificate", tls.certFile), read("private key", tls.keyFile)];
  if (diagnostics.length > 0) return { diagnostics };
  return { tls: { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) } };
}

/** `~` is the home folder. */
export function pathIn(folder: string, path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(folder, path);
}

/** The codes of failures whose message names the problem. */
const failureCodes = {
  unauthorized: "HMC6230", forbidden: "HMC6231", notFound: "HMC6232", tls: "HMC6233", unknownHost: "HMC6234", unreachable: "HMC6235", failing: "HMC6237", cutOff: "HMC6238", refused: "HMC6239", otherServer: "HMC6240",
  noCredentials: "HMC6241", conflict: "HMC6242",
} as const satisfies Record<Exclude<Failure["kind"], "timeout">, DiagnosticCode>;

/** What a failed request is to a user. */
export function requestDiagnostic({ failure, request }: RequestError): Diagnostic {
  if (failure.kind === "timeout") return diagnostic("HMC6236", undefined, { request, seconds: failure.milliseconds / 1000 });
  return diagnostic(failureCodes[failure.kind], undefined, { request, problem: failure.problem });
}
