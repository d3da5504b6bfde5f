/** Command lines of containers as KFP gets them. */
import { type ArgumentTree, type Placeholder, printArgument, printPlaceholder, printPlaceholders } from "../../expressions/placeholder-text.ts";
import { kebabCase } from "../../ir/names.ts";
import { argumentParts } from "../../ir/traverse.ts";
import type { Argument, ContainerComponent, ContextName, Span } from "../../ir/types.ts";
import { refuseArgoVariable } from "./argo-only.ts";
import { report, type Build } from "./scope.ts";

/** Whether a task gets an optional input: always, never, or only known at run time. */
export type Given = (input: string) => "given" | "absent" | "unknown";

export interface CommandLine {
  command: string[];
  args: string[];
  /** Further inputs of the component, each with the text of what the run knows of itself. */
  contexts: Map<string, string>;
}

/**
 * The command line of a container.
 *
 * As the SDK has it, every argument is written down as it is. The back end resolves `IfPresent` only in a few places,
 * `Concat` nowhere, and of a run's own properties none in a command line (kfp-lowering 31). So for the back end what the
 * call decides is decided here, an argument that only the run decides becomes one `IfPresent` of plain texts, and the
 * properties of the run come in through inputs.
 *
 * @param span the task, where mistakes are reported
 */
export function commandLineOf(build: Build, component: ContainerComponent, given: Given, span: Span): CommandLine {
  const contexts = new Map<string, string>();
  const readable = (argument: Argument): ArgumentTree => withoutArgo(build, argument, component.span);
  const [command, args] = [component.command.map(readable), component.args.map(readable)];
  if (!build.real) return { command: command.map(printArgument), args: args.map(printArgument), contexts };
  const input = (name: ContextName): string => {
    const wanted = kebabCase(name);
    let free = wanted;
    for (let count = 2; component.inputs[free] !== undefined; count++) free = `${wanted}-${count}`;
    contexts.set(free, printPlaceholder({ placeholder: "context", name }));
    return free;
  };
  const resolve = (part: Part): Part => {
    if (typeof part === "string" || (part.placeholder !== "context" && part.placeholder !== "inputArtifact" && part.placeholder !== "inputMetadata" && part.placeholder !== "outputMetadata")) return part;
    if (part.placeholder === "context" && part.name !== "pipelineRoot") return { placeholder: "inputValue", name: input(part.name) };
    report(build, "HMC4060", component.span, { text: printPlaceholder(part), container: component.name, version: build.capabilities.version });
    return part;
  };
  const words = (list: readonly ArgumentTree[]): string[] =>
    list.flatMap((argument) => {
      const unknown = undecided(argument, given);
      const [first] = unknown;
      const expanded = (present: boolean): Part[][] => expand(argument, (name) => (name === first ? present : given(name) === "given")).map((parts) => parts.map(resolve));
      const then = expanded(true);
      if (first === undefined) return then.map(printPlaceholders);
      const otherwise = expanded(false);
      const isPlain = [...then, ...otherwise].flat().every((part) => typeof part === "string" || part.placeholder === "inputValue");
      if (unknown.size > 1 || !isPlain || component.inputs[first]?.type.kind === "artifact") {
        report(build, "HMC4029", span, { input: first, version: build.capabilities.version });
        return [];
      }
      const text = (parts: Part[]): ArgumentTree => ({ kind: "text", parts });
      return [printArgument({ kind: "ifPresent", input: first, then: then.map(text), otherwise: otherwise.map(text) })];
    });
  return { command: words(command), args: words(args), contexts };
}

type Part = string | Placeholder;

/** An argument without variables of Argo, which are reported. */
function withoutArgo(build: Build, argument: Argument, span: Span): ArgumentTree {
  const inner = (item: Argument): ArgumentTree => withoutArgo(build, item, span);
  switch (argument.kind) {
    case "text":
      return { kind: "text", parts: argument.parts.map((part) => (typeof part !== "string" && part.placeholder === "argoVariable" ? (refuseArgoVariable(build, part.name, span) ?? "") : part)) };
    case "concat":
      return { kind: "concat", items: argument.items.map(inner) };
    case "ifPresent":
      return { ...argument, then: argument.then.map(inner), otherwise: argument.otherwise.map(inner) };
  }
}

/** The inputs that an argument asks for and of which only the run knows whether they are there. */
function undecided(argument: ArgumentTree, given: Given): Set<string> {
  switch (argument.kind) {
    case "text":
      return new Set();
    case "concat":
      return new Set(argument.items.flatMap((item) => [...undecided(item, given)]));
    case "ifPresent": {
      const state = given(argument.input);
      const inner = state === "given" ? argument.then : state === "absent" ? argument.otherwise : [...argument.then, ...argument.otherwise];
      return new Set([...(state === "unknown" ? [argument.input] : []), ...inner.flatMap((item) => [...undecided(item, given)])]);
    }
  }
}

/** The words of an argument, each in parts, when it is known which inputs are there. */
function expand(argument: ArgumentTree, present: (input: string) => boolean): Part[][] {
  switch (argument.kind) {
    case "text":
      return [argument.parts];
    case "concat":
      return [argument.items.flatMap((item) => expand(item, present)).flat()];
    case "ifPresent":
      return (present(argument.input) ? argument.then : argument.otherwise).flatMap((item) => expand(item, present));
  }
}

/** The texts between the placeholders. */
export function plainTexts(component: ContainerComponent): string[] {
  return [...component.command, ...component.args].flatMap(argumentParts).filter((part) => typeof part === "string");
}
