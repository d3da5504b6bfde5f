/** The command lines of v1 components, in the text form that KFP v2 has for placeholders. */
import { printPlaceholder } from "../../expressions/placeholder-text.ts";
import type { Json } from "../../ir/types.ts";
import { pythonJson } from "./python-text.ts";
import { isWrittenAsParameter } from "./v1-types.ts";
import type { YamlEntry, YamlNode } from "../../yaml/tree.ts";

/** What a command line may name. */
export interface V1Names {
  /** By the name in the file: the name in KFP v2, and what it is there. */
  inputs: ReadonlyMap<string, { key: string; isParameter: boolean }>;
  outputs: ReadonlyMap<string, { key: string; isParameter: boolean; type: string | undefined }>;
  refuse(node: YamlNode, problem: string, advice: string): undefined;
}

/** A piece of a command line: text, or a structure of it. */
type Piece = string | { [key: string]: Json };

/** One argument as text; nothing where it is wrong, which is reported. */
export function v1Argument(names: V1Names, node: YamlNode): string | undefined {
  const piece = pieceOf(names, node);
  return piece === undefined || typeof piece === "string" ? piece : pythonJson(piece);
}

function pieceOf(names: V1Names, node: YamlNode): Piece | undefined {
  if (node.kind === "scalar" && typeof node.value === "string") return node.value;
  const [[kind, entry] = [undefined, undefined], ...others] = node.kind === "map" ? [...node.entries] : [];
  if (kind === undefined || others.length > 0) return names.refuse(node, "an argument is neither text nor one placeholder", "Put quotes around it if text is meant");
  return placeholder(names, kind, entry);
}

function placeholder(names: V1Names, kind: string, { value, key }: YamlEntry): Piece | undefined {
  switch (kind) {
    case "inputValue":
    case "inputPath":
    case "inputUri": {
      const input = find(names, names.inputs, value, "input");
      if (input === undefined) return undefined;
      if (kind === "inputValue" && !input.isParameter) return names.refuse(value, `"inputValue" takes a parameter, but the input is an artifact`, `Give the input a type such as "String", or use "inputPath"`);
      if (kind !== "inputValue" && input.isParameter) return names.refuse(value, `"${kind}" takes an artifact, but the input is a parameter`, `Give the input no type or that of an artifact, or use "inputValue"`);
      return printPlaceholder({ placeholder: kind, name: input.key });
    }
    case "outputPath":
    case "outputUri": {
      const output = find(names, names.outputs, value, "output");
      if (output === undefined) return undefined;
      if (kind === "outputUri" && output.isParameter) return names.refuse(value, `"outputUri" takes an artifact, but the output is a parameter`, `Use "outputPath"`);
      return printPlaceholder({ placeholder: kind === "outputPath" && isWrittenAsParameter(output.type) ? "outputFile" : kind, name: output.key });
    }
    case "executorInput":
      return value.kind === "scalar" && value.value === null ? printPlaceholder({ placeholder: "executorInput" }) : names.refuse(value, `"executorInput" takes no value`, "Remove it");
    case "concat":
      return concat(names, value);
    case "if":
      return condition(names, value, false);
    case "inputMetadata":
    case "inputOutputPortName":
    case "outputMetadata":
      return names.refuse(value, `KFP v2 has no placeholder "${kind}"`, `Use "executorInput", which holds everything`);
    default:
      return names.refuse({ kind: "scalar", value: kind, size: 1, ...key }, `there is no placeholder "${kind}"`, `Use one such as "inputValue", "inputPath" or "outputPath"`);
  }
}

function find<Port>(names: V1Names, ports: ReadonlyMap<string, Port>, node: YamlNode, what: string): Port | undefined {
  const name = node.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
  if (name === undefined) return names.refuse(node, `a placeholder names no ${what}`, "Give its name as text");
  return ports.get(name) ?? names.refuse(node, `there is no ${what} "${name}"`, `Add it to the ${what}s of the component`);
}

function concat(names: V1Names, node: YamlNode): Piece | undefined {
  if (node.kind !== "list") return names.refuse(node, `"concat" takes a list`, "Give one");
  const items = node.items.map((item) => {
    const inner = item.kind === "map" && item.entries.size === 1 ? item.entries.get("if")?.value : undefined;
    return inner === undefined ? pieceOf(names, item) : condition(names, inner, true);
  });
  return items.every((item) => item !== undefined) ? { Concat: items } : undefined;
}

/** `if: { cond: { isPresent: x }, then: …, else: … }`; within a `concat`, its branches are no lists. */
function condition(names: V1Names, node: YamlNode, isInConcat: boolean): Piece | undefined {
  if (node.kind !== "map") return names.refuse(node, `"if" takes a map`, `Give it "cond", "then" and maybe "else"`);
  const [cond, then, otherwise] = ["cond", "then", "else"].map((key) => node.entries.get(key)?.value);
  const unknown = [...node.entries].find(([key]) => key !== "cond" && key !== "then" && key !== "else");
  if (unknown !== undefined) return names.refuse(unknown[1].value, `"if" has no member "${unknown[0]}"`, "Remove it");
  const asked = cond?.kind === "map" && cond.entries.size === 1 ? cond.entries.get("isPresent")?.value : undefined;
  if (asked === undefined || then === undefined) return names.refuse(node, `"if" needs "cond" with "isPresent", and "then"`, "KFP v2 can only ask whether an input is given");
  const input = find(names, names.inputs, asked, "input");
  const yes = branch(names, then, isInConcat);
  const isElseNull = otherwise === undefined || (otherwise.kind === "scalar" && otherwise.value === null);
  if (!isElseNull && otherwise.kind === "map") return names.refuse(otherwise, `"else" is a placeholder, which the SDK of KFP cannot read there`, "Put it into a list");
  const no = isElseNull ? null : branch(names, otherwise, isInConcat);
  if (input === undefined || yes === undefined || no === undefined) return undefined;
  const hasElse = no !== null && no.length !== 0;
  return { IfPresent: { InputName: input.key, Then: yes, ...(hasElse ? { Else: no } : {}) } };
}

function branch(names: V1Names, node: YamlNode, isInConcat: boolean): Piece | Piece[] | undefined {
  if (node.kind !== "list") {
    const inner = isInConcat && node.kind === "map" && node.entries.size === 1 ? node.entries.get("if")?.value : undefined;
    return inner === undefined ? pieceOf(names, node) : condition(names, inner, true);
  }
  if (isInConcat) return names.refuse(node, `an "if" within "concat" has a list`, "Give one argument");
  const items = node.items.map((item) => pieceOf(names, item));
  return items.every((item) => item !== undefined) ? items : undefined;
}
