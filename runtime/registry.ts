/** The ops of a bundle: their interfaces as data, their code behind a lazy import. */
import type { ArtifactType, Json, OpComponent, ValueType } from "../compiler/ir/types.ts";

export interface InterfaceInput {
  type: ValueType;
  optional: boolean;
  default?: Json;
}

export interface InterfaceOutput {
  type: ValueType;
  /** Of an artifact: the metadata that it has before the op runs. */
  metadata?: Record<string, Json>;
}

/** What an op takes and gives. */
export interface Interface {
  inputs: Record<string, InterfaceInput>;
  outputs: Record<string, InterfaceOutput>;
}

/** The code of an op: decoded inputs and output artifacts in, output parameters back. */
export type Implementation = (input: Record<string, unknown>, out: Record<string, unknown>) => unknown;

export interface RegistryEntry {
  interface: Interface;
  /** Evaluates the module of the op, and no other, and gives what the module exports under the op's name. */
  load(): Promise<unknown>;
}

export type Registry = Record<string, RegistryEntry>;

/** The interface of a component of the IR, without what only people read. */
export function interfaceOf(component: Pick<OpComponent, "inputs" | "outputs">): Interface {
  return {
    inputs: Object.fromEntries(
      Object.entries(component.inputs).map(([name, input]) => [
        name,
        { type: input.type, optional: input.optional, ...(input.default === undefined ? {} : { default: input.default }) },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(component.outputs).map(([name, output]) => [name, { type: output.type, ...(output.metadata === undefined ? {} : { metadata: output.metadata }) }]),
    ),
  };
}

export function isArtifact(type: ValueType): type is ArtifactType {
  return type.kind === "artifact";
}

/** The function behind an op: `op()` keeps it under `~hmc.op`. */
export function implementationOf(op: unknown): Implementation | undefined {
  const brand = (op as { "~hmc.op"?: { implementation?: unknown } } | undefined)?.["~hmc.op"];
  return typeof brand?.implementation === "function" ? (brand.implementation as Implementation) : undefined;
}
