/**
 * What the result of a task depends on, as one hash: the code, the inputs by content, the options that matter, the declared outputs. Two tasks
 * with the same fingerprint are taken to give the same; where a file lies, and when something ran, does not count.
 */
import { createHash } from "node:crypto";
import { containerParts } from "../../compiler/ir/traverse.ts";
import type { Component, ContainerComponent, ContextName, EnvironmentValue, Json, TaskOptions } from "../../compiler/ir/types.ts";
import { contextOfArgo } from "../../compiler/ir/argo-variables.ts";
import type { Artifact } from "../protocols/kfp.ts";
import type { Inputs } from "../protocols/local.ts";
import type { Engine } from "./containers.ts";
import type { Content } from "./content.ts";

/** Another version gives other fingerprints for everything. */
const version = 1;

export interface FingerprintRequest {
  component: Component;
  options: TaskOptions;
  inputs: Inputs;
  /** SHA-256 of the code of an op. */
  code?: string;
  engine?: Engine;
  /** What the run says of itself where a command line asks for it. */
  context: (name: ContextName) => string;
  /** A variable of the environment that the tasks inherit. */
  environment: (name: string) => string | undefined;
  /** The content of an artifact; undefined where no file of this machine has it. */
  contentOf: (artifact: Artifact) => Promise<Content | undefined>;
  /** Whether the URI of an artifact says where this or another run keeps it, and so nothing about what it is. */
  isOwnPlace: (uri: string) => boolean;
}

/** The fingerprint of a task, in hex. */
export async function fingerprintOf(request: FingerprintRequest): Promise<string> {
  const { component, options } = request;
  const inputs: Record<string, Json> = {};
  for (const name of Object.keys(request.inputs).sort()) {
    const value = request.inputs[name];
    if (value !== undefined) inputs[name] = await valueOf(value, request);
  }
  return hashOf({
    version,
    program: programOf(request),
    outputs: Object.fromEntries(Object.entries(component.outputs).map(([name, { type, metadata }]) => [name, { type, metadata: metadata ?? {} }])) as unknown as Json,
    inputs,
    image: typeof options.image === "string" ? options.image : null,
    environment: environmentOf(options.env ?? {}, request.environment),
  });
}

/** The fingerprint of a task whose cache key is given: `cache: { key }`. It stands for everything but the interface. */
export function fingerprintOfKey(component: Component, key: string): string {
  return hashOf({ version, component: component.id, key, outputs: Object.fromEntries(Object.entries(component.outputs).map(([name, { type }]) => [name, type])) as unknown as Json });
}

function programOf({ component, code, engine, context }: FingerprintRequest): Json {
  switch (component.kind) {
    case "op":
      // The major version of Node is that of the language which the code is in.
      return { kind: "op", id: component.id, code: code ?? null, node: process.versions.node.split(".")[0] ?? "" };
    case "container": {
      const { command, args, script = [], env, stdout, files, defaults } = component;
      return { kind: "container", engine: engine === "host" ? "host" : "image", command, args, script, env, stdout: stdout ?? null, files: files ?? {}, defaults: defaults ?? {}, context: contextOf(component, context) } as unknown as Json;
    }
    case "importer":
      return { kind: "importer", metadata: component.metadata };
  }
}

/** The values that the command line of a container asks of the run: an id of the run makes it another task in every run. */
function contextOf(component: ContainerComponent, context: (name: ContextName) => string): Record<string, string> {
  const names = containerParts(component).flatMap((part): ContextName[] => {
    if (typeof part === "string") return [];
    if (part.placeholder === "context") return [part.name];
    const name = part.placeholder === "argoVariable" ? contextOfArgo(part.name) : undefined;
    return name === undefined ? [] : [name];
  });
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, context(name)]));
}

/** Of a secret only its name counts, as on KFP: its value may change with every login. What a config map gives counts by its hash. */
function environmentOf(env: Record<string, EnvironmentValue>, environment: (name: string) => string | undefined): Json {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(env)) {
    switch (value.kind) {
      case "literal":
        result[name] = { literal: value.value };
        break;
      case "secret":
        result[name] = { secret: nameOf(value.name), key: value.key };
        break;
      case "configMap":
        result[name] = { configMap: nameOf(value.name), key: value.key, value: createHash("sha256").update(environment(name) ?? "").digest("hex") };
        break;
      case "field":
        result[name] = { field: value.path };
        break;
    }
  }
  return result;
}

function nameOf(name: unknown): string {
  return typeof name === "string" ? name : "";
}

async function valueOf(value: Inputs[string], request: FingerprintRequest): Promise<Json> {
  if (isArtifact(value)) return artifactOf(value, request);
  if (Array.isArray(value) && value.some(isArtifact)) return Promise.all((value as Artifact[]).map((artifact) => artifactOf(artifact, request)));
  return { value: value as Json };
}

async function artifactOf(artifact: Artifact, request: FingerprintRequest): Promise<Json> {
  const content = artifact.content ?? (await request.contentOf(artifact));
  const identity: Json = content !== undefined ? { [content.kind]: content.sha256, executable: content.executable ?? false } : request.isOwnPlace(artifact.uri) ? {} : { uri: artifact.uri };
  return { artifact: identity, name: artifact.name, metadata: artifact.metadata };
}

/** Whether a value of a task is an artifact. */
export function isArtifact(value: unknown): value is Artifact {
  return typeof value === "object" && value !== null && "uri" in value && "path" in value && "metadata" in value && "name" in value;
}

function hashOf(value: Json): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

/** JSON with sorted keys. */
function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || value === undefined || typeof value !== "object") return JSON.stringify(value ?? null);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}
