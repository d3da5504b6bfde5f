/** `parameterExpressionSelector`: CEL over the one value that an input receives. */
import { escapeText } from "../../../runtime/text.ts";
import type { Cel } from "../../expressions/cel.ts";
import type { Expression } from "../../ir/types.ts";
import type { Channel } from "./graph.ts";
import { report, type Scope } from "./scope.ts";
import { translate, Untranslatable, type Leaves } from "./translate.ts";

/**
 * The value as the driver offers it: `number_value` and the like for scalars, and for every type `string_value`, the
 * value as text. Lists and structs are read from that text, as the SDK does.
 */
function valueOf(channel: Channel): Cel {
  if (channel.port.kind === "artifact") return { kind: "null" };
  switch (channel.port.spec.parameterType) {
    case "STRING":
      return { kind: "name", name: "string_value" };
    case "NUMBER_DOUBLE":
    case "NUMBER_INTEGER":
      return { kind: "name", name: "number_value" };
    case "BOOLEAN":
      return { kind: "name", name: "bool_value" };
    case "LIST":
    case "STRUCT":
    case "TASK_FINAL_STATUS":
      return { kind: "call", function: "parseJson", arguments: [{ kind: "name", name: "string_value" }] };
  }
}

/** The selector that computes an expression from its one channel; undefined where CEL cannot, which is reported. */
export function selectorOf(scope: Scope, expression: Expression, channel: Channel): Cel | undefined {
  const leaves: Leaves = {
    value: () => valueOf(channel),
    text: () => ({ kind: "name", name: "string_value" }),
    field: () => undefined,
    property: () => undefined,
    context: () => undefined,
    present: () => (channel.nullable ? undefined : { kind: "bool", value: true }),
    literal: escapeText,
    quote: '"',
  };
  const cel = translate(expression, leaves);
  if (!(cel instanceof Untranslatable)) return cel;
  return report(scope.build, "HMC4004", cel.expression.span, { construct: cel.construct, version: scope.build.capabilities.version });
}
