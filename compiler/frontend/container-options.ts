/** Options of the container: resources, environment, names of secrets. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { EnvironmentValue, RunTime, TaskOptions } from "../ir/types.ts";
import { lastName, type Option, type OptionReader } from "./option-reader.ts";

/** A range, or one quantity for both of its ends. */
export function readRange(reader: OptionReader, given: Option, unit: "cores" | "bytes"): TaskOptions["cpu"] {
  const option = reader.settled(given);
  if (option === undefined) return undefined;
  if (option.value.kind !== "object") {
    const quantity = readQuantity(reader, option, unit);
    return quantity === undefined ? undefined : { request: quantity, limit: quantity };
  }
  const range: NonNullable<TaskOptions["cpu"]> = {};
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (name === "request" || name === "limit") {
      const quantity = readQuantity(reader, member, unit);
      if (quantity !== undefined) range[name] = quantity;
    } else reader.unknown(member, option.value.node);
  }
  return range;
}

function readQuantity(reader: OptionReader, given: Option, unit: "cores" | "bytes"): string | RunTime | undefined {
  const option = reader.settled(given);
  return option === undefined ? undefined : (reader.runTime(option) ?? reader.quantity(option, unit));
}

/** A whole number, or a run-time value. */
export function readCount(reader: OptionReader, given: Option, least: number): number | RunTime | undefined {
  const option = reader.settled(given);
  return option === undefined ? undefined : (reader.runTime(option) ?? reader.count(option, least));
}

/** A name; undefined where it is left out, or after a reported mistake. */
export function readName(reader: OptionReader, given: Option): string | RunTime | undefined {
  const option = reader.settled(given);
  return option === undefined || option.value.kind === "undefined" ? undefined : reader.name(option);
}

/** Accelerators of one type: one where no count is given. */
export function readAccelerator(reader: OptionReader, option: Option): TaskOptions["accelerator"] {
  let type: string | RunTime | undefined;
  let count: number | RunTime | undefined = 1;
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (name === "type") type = reader.name(member);
    else if (name === "count") count = readCount(reader, member, 0);
    else reader.unknown(member, option.value.node);
  }
  return type === undefined || count === undefined ? undefined : { type, count };
}

/**
 * Environment variables.
 *
 * @param taken those of the option beside it, `env` or `secrets`: a variable may stand in one of them
 */
export function readEnvironment(reader: OptionReader, option: Option, secretsOnly: boolean, taken: NonNullable<TaskOptions["env"]>): NonNullable<TaskOptions["env"]> {
  const environment: NonNullable<TaskOptions["env"]> = {};
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (taken[name] !== undefined) reader.context.report(diagnostic("HMC2028", reader.context.spanOf(member.value.node), { name }));
    const value = readVariable(reader, member, secretsOnly);
    if (value === undefined) continue;
    environment[name] = value;
    if (value.kind === "secret") reader.spans[`env.${name}`] = reader.context.spanOf(member.value.node);
  }
  return environment;
}

function readVariable(reader: OptionReader, option: Option, secretsOnly: boolean): EnvironmentValue | undefined {
  const { value } = option;
  if (value.kind === "secret" || (value.kind === "configMap" && !secretsOnly)) {
    const { kind, key, optional } = value;
    const name = typeof value.name === "string" ? value.name : reader.name({ name: option.name, value: value.name });
    return name === undefined ? undefined : { kind, name, key, ...(optional === true ? { optional } : {}) };
  }
  if (secretsOnly) return reader.wrong(option, 'a secret: secret("name", "key")');
  if (value.kind === "field") return { kind: "field", path: value.path };
  const text = reader.text(option);
  return text === undefined ? undefined : { kind: "literal", value: text };
}
