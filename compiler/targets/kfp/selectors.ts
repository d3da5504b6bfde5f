/** `parameterExpressionSelector`: CEL over the one value that an input receives. */
import { printCel, type Cel } from "../../expressions/cel.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { Expression, ValueType } from "../../ir/types.ts";
import type { Channel } from "./graph.ts";
import { checkText } from "./executors.ts";
import { report, type Build, type Scope } from "./scope.ts";
import { sharedText } from "./shared-text.ts";
import type { ParameterTypeName } from "./spec.ts";
import { translate, Untranslatable, type Leaves } from "./translate.ts";

/** By type of parameter, the name under which the driver offers a value: also `string_value` for every type, the value as text. */
const accessors: Record<ParameterTypeName, string> = {
  STRING: "string_value",
  NUMBER_DOUBLE: "number_value",
  NUMBER_INTEGER: "number_value",
  BOOLEAN: "bool_value",
  LIST: "list_value",
  STRUCT: "struct_value",
  TASK_FINAL_STATUS: "struct_value",
  TASK_CONFIG: "struct_value",
};

/**
 * The value in CEL that hmc writes. Lists and structs are read from their text, as the SDK does, and so is whatever is declared as text
 * because nobody knows better.
 */
function valueOf(channel: Channel, type: ValueType): Cel {
  const accessor = accessorOf(channel);
  if (accessor.kind !== "name") return accessor;
  const isScalar = accessor.name === "string_value" ? isText(type) : accessor.name === "number_value" || accessor.name === "bool_value";
  return isScalar ? accessor : parsed;
}

/** The name of a value in CEL written by hand: lists and structs have their own. */
function accessorOf({ port }: Channel): Cel {
  return port.kind === "artifact" ? { kind: "null" } : { kind: "name", name: accessors[port.spec.parameterType] };
}

const parsed: Cel = { kind: "call", function: "parseJson", arguments: [{ kind: "name", name: "string_value" }] };

/** Whether values of a type are text in their own right. */
function isText(type: ValueType): boolean {
  return type.kind === "string" || type.kind === "json";
}

/** What reads a value of a known type out of a channel that is declared as text; undefined where it goes as it is. */
export function parsedText(channel: Channel, type: ValueType): string | undefined {
  return channel.port.kind === "parameter" && channel.port.spec.parameterType === "STRING" && type.kind !== "artifact" && !isText(type) ? printCel(parsed) : undefined;
}

/** The selector that computes an expression from its one channel; undefined where CEL cannot, which is reported. */
export function selectorOf(scope: Scope, expression: Expression, channel: Channel): Cel | undefined {
  const leaves: Leaves = {
    value: (reference) => valueOf(channel, reference.type),
    accessor: () => accessorOf(channel),
    readsOneValue: true,
    text: () => ({ kind: "name", name: "string_value" }),
    field: () => undefined,
    property: () => undefined,
    context: () => undefined,
    present: () => (channel.nullable ? undefined : { kind: "bool", value: true }),
    literal: sharedText(scope.build, "an expression", expression.span),
    quote: '"',
  };
  const cel = translate(expression, leaves);
  checkCel(scope.build, expression);
  if (!(cel instanceof Untranslatable)) return cel;
  return report(scope.build, "HMC4004", cel.expression.span, { construct: cel.construct, version: scope.build.capabilities.version });
}

/** Reports what the engine would change in CEL that is written by hand (kfp-real 8). */
export function checkCel(build: Build, expression: Expression): void {
  if (!build.real) return;
  for (const part of expressionTree(expression)) {
    if (part.kind === "cel") for (const text of part.parts) if (typeof text === "string") checkText(build, text, "CEL", part.span);
  }
}
