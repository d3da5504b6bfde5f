/** Containers: `export const etl = container({ image }, (input, out) => ({ command, args }))`. */
import { kebabCase } from "../../ir/names.ts";
import type { ArgumentPart, ContainerComponent, Input, Output } from "../../ir/types.ts";
import { templateParts } from "../../ir/traverse.ts";
import { templateMembers } from "./argo-templates.ts";
import { commandLine, templateTextOf, type CommandNames } from "./command-line.ts";
import { documented } from "./comments.ts";
import { literal, objectLiteral, property } from "./constants.ts";
import { flatWidth, group, hardLine, ifBroken, indent, join, line, softLine, ungrouped, type Doc } from "./layout.ts";
import { calleeName, languageName, type Module } from "./module.ts";
import { innerScope, isPropertyName, takeName } from "./names.ts";
import { componentOptions } from "./options.ts";
import { objectType, propertyName, typeText, type Member } from "./types.ts";
import { quoted } from "./texts.ts";

/** The width of a line. */
export const lineWidth = 140;

/** The declaration of a container. */
export function containerText(module: Module, component: ContainerComponent): Doc {
  const name = calleeName(module, { kind: "component", id: component.id });
  const scope = innerScope(module.scope);
  const used = usedNames(component);
  const parameters: Doc[] = [];
  const names: CommandNames = { input: (input) => member(inputName, input), output: (output) => member(outputName, output) };
  const hasOutputs = Object.keys(component.outputs).length > 0;
  const hasInputs = Object.keys(component.inputs).length > 0;
  const inputType = inputsType(module, `component:${component.id}`, component.inputs);
  let inputName = "input";
  if (Object.values(component.inputs).some((input) => input.default !== undefined)) {
    const bound = new Map<string, string>();
    const bindings = Object.entries(component.inputs).flatMap(([input, declared]) => {
      if (declared.default === undefined && !used.inputs.has(input)) return [];
      bound.set(input, takeName(scope, input, "Input"));
      return [binding(module, input, bound.get(input) ?? input, declared)];
    });
    names.input = (input) => bound.get(input) ?? input;
    parameters.push(destructured(bindings, inputType));
  } else if (hasInputs || hasOutputs) {
    inputName = takeName(scope, used.inputs.size > 0 ? "input" : "_input");
    parameters.push([inputName, ": ", inputType]);
  }
  const outputName = takeName(scope, used.outputs.size > 0 ? "out" : "_out");
  if (hasOutputs) parameters.push([outputName, ": ", outputsType(module, component.outputs)]);
  const { command, args, script } = commandLine(module, component, names, `${name}Script`);
  const isTemplate = component.template !== undefined;
  const returned = isTemplate ? templateMembers(module, component, names.output, (parts, path) => templateTextOf(module, component, names, parts, `${name}Text`, path === "resource.manifest")) : [
    ...(command === undefined ? [] : [property("command", command)]),
    ...(args === undefined ? [] : [property("args", args)]),
    ...(Object.keys(component.env).length === 0 ? [] : [property("env", literal(module, component.env, "environment"))]),
    ...(script === undefined ? [] : [property("script", script)]),
    ...(component.stdout === undefined ? [] : [property("stdout", names.output(component.stdout))]),
    ...(component.files === undefined ? [] : [property("files", literal(module, component.files, "files"))]),
    ...(component.defaults === undefined ? [] : [property("defaults", literal(module, component.defaults, "defaults"))]),
  ];
  const given = kebabCase(name) === component.id ? [] : [property("name", quoted(component.id))];
  const options = objectLiteral([...given, ...componentOptions(module, component)]);
  const declaration = call(["export const ", name, " = ", languageName(module, isTemplate ? "argoTemplate" : "container")], options, parameters, ["(", objectLiteral(returned), ")"]);
  return documented(component.description, declaration);
}

/** `callee(options, (parameters) => body);` — in one piece where its head fits on a line, else one argument a line. */
export function call(callee: Doc, options: Doc | undefined, parameters: readonly Doc[], body: Doc): Doc {
  const head = [callee, "(", ...(options === undefined ? [] : [options, ", "]), "(", join(", ", parameters), ") => "];
  // What follows the arrow on its line is one or two brackets.
  if (flatWidth(head) + 2 <= lineWidth) return [...head, body, ");"];
  const list = parameters.length === 1 ? ["(", ...parameters, ")"] : group("(", indent(softLine, join([",", line], parameters), ifBroken(",")), softLine, ")");
  const given = [...(options === undefined ? [] : [options]), [list, " => ", body]];
  return [callee, "(", indent(hardLine, join([",", hardLine], given), ","), hardLine, ");"];
}

/** `{ a = 1, "my-b": myB }: { a?: Int; "my-b": string }`: both sides are broken together. */
export function destructured(bindings: readonly Doc[], type: Doc): Doc {
  return group("{", indent(line, join([",", line], bindings)), ifBroken(","), line, "}: ", ungrouped(type));
}

/** One name of a destructured parameter, with the default. */
export function binding(module: Module, input: string, name: string, declared: Input): Doc {
  const target = input === name ? name : [propertyName(input), ": ", name];
  return declared.default === undefined ? target : [target, " = ", literal(module, declared.default, name)];
}

/**
 * The type of the inputs of a component or pipeline. One that has a default and is not optional has no `?`: callers give it.
 *
 * @param owner its kind and id
 */
export function inputsType(module: Module, owner: string, inputs: Record<string, Input>): Doc {
  const members = Object.entries(inputs).map(([name, { type, optional, description }]): Member => {
    const allowsUndefined = optional && module.mayGetNothing.has(`${owner}.${name}`);
    return { name, type: allowsUndefined ? [typeText(module, type), " | undefined"] : typeText(module, type), optional, description };
  });
  return objectType(members);
}

function outputsType(module: Module, outputs: Record<string, Output>): Doc {
  return objectType(Object.entries(outputs).map(([name, { type, description }]): Member => ({ name, type: typeText(module, type), optional: false, description })));
}

function member(object: string, name: string): string {
  return isPropertyName(name) ? `${object}.${name}` : `${object}[${quoted(name)}]`;
}

/** Which inputs and outputs the command line names. */
function usedNames(component: ContainerComponent): { inputs: Set<string>; outputs: Set<string> } {
  const used = { inputs: new Set<string>(), outputs: new Set<string>() };
  const visitPart = (part: ArgumentPart): void => {
    if (typeof part === "string" || part.placeholder === "context" || part.placeholder === "argoVariable" || part.placeholder === "executorInput") return;
    (part.placeholder.startsWith("input") ? used.inputs : used.outputs).add(part.name);
  };
  const visit = (args: ContainerComponent["args"]): void => {
    for (const argument of args) {
      if (argument.kind === "text") argument.parts.forEach(visitPart);
      else if (argument.kind === "concat") visit(argument.items);
      else {
        used.inputs.add(argument.input);
        visit(argument.then);
        visit(argument.otherwise);
      }
    }
  };
  visit(component.command);
  visit(component.args);
  component.script?.forEach(visitPart);
  if (component.template !== undefined) Object.values(component.template.fields).flatMap(templateParts).forEach(visitPart);
  if (component.stdout !== undefined) used.outputs.add(component.stdout);
  return used;
}

