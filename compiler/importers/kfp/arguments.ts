/** Command lines: texts with KFP's placeholders as the arguments of the IR. */
import { parseArgument } from "../../expressions/placeholders.ts";
import { printPlaceholder, type ArgumentTree, type Placeholder } from "../../expressions/placeholder-text.ts";
import type { Argument, ArgumentPart } from "../../ir/types.ts";
import { reportUnknown, type Path, type Raising } from "./raising.ts";
import type { ComponentSpec } from "./spec.ts";

/**
 * The elements of a command line. What is no placeholder of the component's own interface stays text.
 *
 * @param path of the list
 */
export function argumentsOf(raising: Raising, component: ComponentSpec, texts: readonly string[], path: Path): Argument[] {
  return texts.map((text, index): Argument => {
    const { tree, unknown } = parseArgument(text);
    reportUnknown(raising, unknown, [...path, index]);
    return hasOnlyOwnNames(component, tree) ? argumentOf(component, tree) : { kind: "text", parts: [text] };
  });
}

function argumentOf(component: ComponentSpec, tree: ArgumentTree): Argument {
  switch (tree.kind) {
    case "text":
      return { kind: "text", parts: partsOf(component, tree.parts) };
    case "concat":
      return { kind: "concat", items: tree.items.map((item) => argumentOf(component, item)) };
    case "ifPresent":
      return {
        kind: "ifPresent",
        input: tree.input,
        then: tree.then.map((item) => argumentOf(component, item)),
        otherwise: tree.otherwise.map((item) => argumentOf(component, item)),
        ...(tree.single === true ? { single: true } : {}),
      };
  }
}

/** Neighbouring texts are joined. */
function partsOf(component: ComponentSpec, parts: readonly (string | Placeholder)[]): ArgumentPart[] {
  const joined: ArgumentPart[] = [];
  for (const part of parts) {
    const read = typeof part === "string" ? part : partOf(component, part);
    const last = joined.at(-1);
    if (typeof read === "string" && typeof last === "string") joined[joined.length - 1] = last + read;
    else joined.push(read);
  }
  return joined;
}

/** A placeholder that names an input or output of the component; any other as its text. */
function partOf(component: ComponentSpec, part: Placeholder): ArgumentPart {
  if (("quote" in part && part.quote !== undefined) || part.placeholder === "executorOutput") return printPlaceholder(part);
  if (part.placeholder === "executorInput" || part.placeholder === "context") return part;
  return isDeclared(component, part) ? part : printPlaceholder(part);
}

function isDeclared(component: ComponentSpec, part: Extract<Placeholder, { name: string }>): boolean {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = component;
  switch (part.placeholder) {
    case "inputValue":
      return inputs?.parameters?.[part.name] !== undefined;
    case "inputPath":
    case "inputUri":
    case "inputMetadata":
    case "inputArtifact":
      return inputs?.artifacts?.[part.name] !== undefined;
    case "outputPath":
    case "outputUri":
    case "outputMetadata":
      return outputs?.artifacts?.[part.name] !== undefined;
    case "outputFile":
      return outputs?.parameters?.[part.name] !== undefined;
    case "context":
      return true;
  }
}

/** An `IfPresent` of an input that the component lacks can only be kept as text. */
function hasOnlyOwnNames(component: ComponentSpec, tree: ArgumentTree): boolean {
  switch (tree.kind) {
    case "text":
      return true;
    case "concat":
      return tree.items.every((item) => hasOnlyOwnNames(component, item));
    case "ifPresent": {
      const { parameters, artifacts } = component.inputDefinitions ?? {};
      const isDeclared = artifacts?.[tree.input] !== undefined || parameters?.[tree.input] !== undefined;
      return isDeclared && [...tree.then, ...tree.otherwise].every((item) => hasOnlyOwnNames(component, item));
    }
  }
}
