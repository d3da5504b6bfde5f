/** Options of where a task runs and what is mounted: volumes, node selector, tolerations, affinity. */
import { kebabCase } from "../ir/names.ts";
import type { KubernetesJson, NodeAffinity, NodeExpression, RunTime, TaskOptions, Toleration, Volume } from "../ir/types.ts";
import { readName } from "./container-options.ts";
import { lastName, type Option, type OptionReader } from "./option-reader.ts";

const accessModes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"] as const;

/**
 * A volume, of the kind that its members tell. An emptyDir without a name is named after its mount path, which is unique
 * in a task, so that the volumes of several layers of options do not collide.
 */
export function readVolume(reader: OptionReader, given: Option): Volume | undefined {
  const option = reader.settled(given);
  if (option === undefined) return undefined;
  const members = new Map(reader.entries(option).map((member) => [lastName(member.name, option.name), member]));
  const text = (name: string): string | undefined => {
    const member = members.get(name);
    return member === undefined ? undefined : reader.text(member);
  };
  const name = (kind: string): string | RunTime | undefined => {
    const member = members.get(kind);
    return member === undefined ? undefined : readName(reader, member);
  };
  const mountPath = text("mountPath");
  if (option.value.kind !== "object") return undefined;
  if (mountPath === undefined) return members.has("mountPath") ? undefined : reader.wrong(option, 'an object with "mountPath"');
  const optional = (): boolean => {
    const member = members.get("optional");
    return member !== undefined && (reader.boolean(member) ?? false);
  };
  const kind = (["emptyDir", "pvc", "secret", "configMap", "ephemeral"] as const).find((name) => members.has(name));
  switch (kind) {
    case undefined:
      return reader.wrong(option, 'a volume: an object with "emptyDir", "pvc", "secret", "configMap" or "ephemeral"');
    case "emptyDir":
      return readEmptyDir(reader, members.get("emptyDir"), text("name") ?? kebabCase(`empty-dir-${mountPath}`), mountPath);
    case "pvc": {
      const claim = name("pvc");
      const subPath = text("subPath");
      return claim === undefined ? undefined : { kind, claim, mountPath, ...(subPath === undefined ? {} : { subPath }) };
    }
    case "secret": {
      const secret = name("secret");
      return secret === undefined ? undefined : { kind, secret, mountPath, optional: optional() };
    }
    case "configMap": {
      const configMap = name("configMap");
      return configMap === undefined ? undefined : { kind, configMap, mountPath, optional: optional() };
    }
    case "ephemeral":
      return readEphemeral(reader, members.get("ephemeral"), text("name") ?? kebabCase(`ephemeral-${mountPath}`), mountPath);
  }
}

function readEmptyDir(reader: OptionReader, option: Option | undefined, name: string, mountPath: string): Volume {
  const volume: Volume & { kind: "emptyDir" } = { kind: "emptyDir", name, mountPath };
  if (option === undefined || (option.value.kind === "value" && option.value.value === true)) return volume;
  for (const member of reader.entries(option)) {
    const key = lastName(member.name, option.name);
    if (key === "medium") {
      const medium = reader.text(member);
      if (medium === "Memory" || medium?.startsWith("HugePages") === true) volume.medium = medium;
      else if (medium !== undefined) reader.wrong(member, '"Memory", "HugePages" or "HugePages-<size>"');
    } else if (key === "sizeLimit") {
      const size = reader.quantity(member, "bytes");
      if (size !== undefined) volume.sizeLimit = size;
    } else reader.unknown(member, option.value.node);
  }
  return volume;
}

function readEphemeral(reader: OptionReader, option: Option | undefined, name: string, mountPath: string): Volume | undefined {
  if (option === undefined) return undefined;
  let size: string | undefined;
  let modes: string[] = ["ReadWriteOnce"];
  const rest: Pick<Volume & { kind: "ephemeral" }, "storageClass" | "labels" | "annotations"> = {};
  for (const member of reader.entries(option)) {
    const key = lastName(member.name, option.name);
    if (key === "size") size = reader.quantity(member, "bytes");
    else if (key === "storageClass") {
      const name = reader.text(member);
      if (name !== undefined) rest.storageClass = name;
    } else if (key === "labels" || key === "annotations") rest[key] = reader.textMap(member);
    else if (key === "accessModes") modes = reader.items(member).flatMap((item) => reader.choice(item, accessModes) ?? []);
    else reader.unknown(member, option.value.node);
  }
  return size === undefined ? undefined : { kind: "ephemeral", name, mountPath, size, accessModes: modes, ...rest };
}

/** Labels, or the whole as one object. */
export function readNodeSelector(reader: OptionReader, option: Option): TaskOptions["nodeSelector"] {
  const json = readJson(reader, option);
  return json === "none" ? reader.textMap(option) : json;
}

/**
 * `{ json: … }`: a Kubernetes object in its own form.
 *
 * @returns "none" where it is written in another form, undefined where it is left out or after a reported mistake
 */
function readJson(reader: OptionReader, given: Option): KubernetesJson | "none" | undefined {
  const option = reader.settled(given);
  if (option === undefined) return undefined;
  const written = option.value.kind === "object" && option.value.entries.size === 1 ? option.value.entries.get("json") : undefined;
  // A label of the name "json" has a text as its value.
  if (written === undefined || (written.kind === "value" && typeof written.value === "string")) return "none";
  reader.entries(option);
  return reader.kubernetesJson({ name: `${option.name}.json`, value: written });
}

export function readToleration(reader: OptionReader, option: Option): Toleration | KubernetesJson | undefined {
  const json = readJson(reader, option);
  if (json !== "none") return json;
  const toleration: Toleration = {};
  let whole = true;
  const set = <Name extends keyof Toleration>(name: Name, value: Toleration[Name]): void => {
    if (value === undefined) whole = false;
    else toleration[name] = value;
  };
  for (const member of reader.entries(option)) {
    const key = lastName(member.name, option.name);
    if (key === "key" || key === "value") set(key, reader.text(member));
    else if (key === "operator") set(key, reader.choice(member, ["Exists", "Equal"]));
    else if (key === "effect") set(key, reader.choice(member, ["NoSchedule", "PreferNoSchedule", "NoExecute"]));
    else if (key === "seconds") set(key, reader.count(member, 0));
    else reader.unknown(member, option.value.node);
  }
  return whole ? toleration : undefined;
}

export function readAffinity(reader: OptionReader, option: Option): NodeAffinity | KubernetesJson | undefined {
  const json = readJson(reader, option);
  if (json !== "none") return json;
  const affinity: NodeAffinity = {};
  for (const member of reader.entries(option)) {
    const key = lastName(member.name, option.name);
    if (key === "expressions" || key === "fields") affinity[key] = reader.items(member).flatMap((item) => readNodeExpression(reader, item) ?? []);
    else if (key === "weight") {
      const weight = reader.count(member, 1);
      if (weight !== undefined) affinity.weight = weight;
    } else reader.unknown(member, option.value.node);
  }
  return affinity;
}

function readNodeExpression(reader: OptionReader, option: Option): NodeExpression | undefined {
  let key: string | undefined;
  let operator: NodeExpression["operator"] | undefined;
  let values: string[] | undefined;
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (name === "key") key = reader.text(member);
    else if (name === "operator") operator = reader.choice(member, ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
    else if (name === "values") values = reader.texts(member);
    else reader.unknown(member, option.value.node);
  }
  return key === undefined || operator === undefined ? undefined : { key, operator, ...(values === undefined ? {} : { values }) };
}
