/** Options that belong to an op or container itself, not to its tasks: what it takes over, and what its artifacts have from the start. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Input, Json, Output, Passthrough, Span } from "../ir/types.ts";
import type { Context } from "./context.ts";
import { lastName, type Option, type OptionReader } from "./option-reader.ts";

/** Metadata by output, with the place of each. */
export type StaticMetadata = Map<string, { values: Record<string, Json>; span: Span }>;

const settings = ["none", "resources", "env", "affinity", "tolerations", "nodeSelector", "volumes"] as const;

/** `passthrough: ["env", { setting: "resources", applyToTask: true }]`. */
export function readPassthroughs(reader: OptionReader, option: Option): Passthrough[] {
  return reader.items(option).flatMap((item) => {
    if (item.value.kind !== "object") {
      const setting = reader.choice(item, settings);
      return setting === undefined ? [] : [{ setting, applyToTask: false }];
    }
    let setting: Passthrough["setting"] | undefined;
    let applyToTask = false;
    for (const member of reader.entries(item)) {
      const name = lastName(member.name, item.name);
      if (name === "setting") setting = reader.choice(member, settings);
      else if (name === "applyToTask") applyToTask = reader.boolean(member) ?? false;
      else reader.unknown(member, item.value.node, ["setting", "applyToTask"]);
    }
    return setting === undefined ? [] : [{ setting, applyToTask }];
  });
}

/** `metadata: { model: { framework: "gbdt" } }`. */
export function readStaticMetadata(reader: OptionReader, option: Option): StaticMetadata {
  const metadata: StaticMetadata = new Map();
  for (const member of reader.entries(option)) {
    const values = reader.patch(member);
    if (values !== undefined) metadata.set(lastName(member.name, option.name), { values, span: reader.context.spanOf(member.value.node) });
  }
  return metadata;
}

/** Puts the metadata on the outputs; reports what is none of an artifact. */
export function applyMetadata(context: Context, metadata: StaticMetadata | undefined, outputs: Record<string, Output>, owner: string): void {
  const artifacts = Object.entries(outputs).flatMap(([name, { type }]) => (type.kind === "artifact" ? [name] : []));
  for (const [name, { values, span }] of metadata ?? []) {
    const output = artifacts.includes(name) ? outputs[name] : undefined;
    if (output === undefined) context.report(diagnostic("HMC2063", span, { owner, name, suggestion: nearestName(name, artifacts) }));
    else output.metadata = values;
  }
}

/** Reports a passthrough that no input takes, and an input that gets nothing. */
export function checkPassthroughs(context: Context, passthroughs: Passthrough[] | undefined, span: Span, inputs: Record<string, Input>, owner: string): void {
  const [taker] = Object.entries(inputs).filter(([, input]) => input.type.kind === "taskConfig");
  const passes = passthroughs?.some(({ setting }) => setting !== "none") === true;
  if (passes && taker === undefined) context.report(diagnostic("HMC2062", span, { owner }));
  if (!passes && taker !== undefined) context.report(diagnostic("HMC2062", taker[1].span, { owner, input: taker[0] }));
}

/** Reports types that are there for the inputs of ops and containers only. */
export function refuseTaskConfig(context: Context, declared: Record<string, Input | Output>, owner: string): void {
  for (const [name, { type, span }] of Object.entries(declared)) if (type.kind === "taskConfig") context.report(diagnostic("HMC2060", span, { path: `${owner}.${name}` }));
}
