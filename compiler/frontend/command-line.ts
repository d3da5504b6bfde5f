/** Command lines of containers: expressions over inputs and outputs → text with placeholders. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Argument, ArgumentPart, Input, Output } from "../ir/types.ts";
import { readArgoVariable } from "./argo-variable.ts";
import { skipOuter } from "./callee.ts";
import { CommandNames, type Reference } from "./command-names.ts";
import { foldConstant } from "./constants.ts";
import { type Folded } from "./folded.ts";
import type { Context } from "./context.ts";
import { languageFunction, runProperty } from "./language-functions.ts";
import type { Implementation } from "./ops.ts";

/** A test for whether an optional input is given. */
interface Presence {
  input: string;
  negated: boolean;
}

export class CommandReader {
  readonly #names: CommandNames;

  constructor(
    private readonly context: Context,
    lambda: Implementation,
    private readonly inputs: Record<string, Input>,
    private readonly outputs: Record<string, Output>,
  ) {
    this.#names = new CommandNames(context, lambda);
  }

  /** The elements of `command` or `args`. */
  list(expression: ts.Expression): Argument[] {
    const value = this.#names.resolved(expression);
    if (ts.isArrayLiteralExpression(value)) return value.elements.flatMap((element) => this.#item(element));
    const folded = foldConstant(this.context, value);
    if (folded?.kind === "list") return folded.items.flatMap((item) => this.#constant(item, value));
    return this.#unknown(expression);
  }

  /** An element of an array or an argument of `concat`, which may be spread. */
  #item(node: ts.Expression): Argument[] {
    return ts.isSpreadElement(node) ? this.#spread(node.expression) : this.#element(node);
  }

  /** `...list`, or `...(input.x !== undefined ? [...] : [])`. */
  #spread(expression: ts.Expression): Argument[] {
    const value = this.#names.resolved(expression);
    return ts.isConditionalExpression(value) ? this.#conditional(value, (branch) => this.#spread(branch), false) : this.list(value);
  }

  /** One element of argv, or none. */
  #element(expression: ts.Expression): Argument[] {
    const value = this.#names.resolved(expression);
    if (ts.isConditionalExpression(value)) return this.#conditional(value, (branch) => this.#element(branch), true);
    if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      const reference = this.#names.reference(value.left);
      if (reference?.side === "input") return this.#ifPresent(reference.name, () => this.#element(value.left), () => this.#element(value.right), true);
    }
    if (isNothing(value) && ts.isIdentifier(value)) return [];
    if (ts.isCallExpression(value) && languageFunction(this.context, value.expression) === "concat") {
      return [{ kind: "concat", items: value.arguments.flatMap((argument) => this.#item(argument)) }];
    }
    const parts = this.#parts(value);
    return parts === undefined ? [] : [{ kind: "text", parts: joined(parts) }];
  }

  /** @param single whether the branches are one element each, not lists */
  #conditional(node: ts.ConditionalExpression, read: (branch: ts.Expression) => Argument[], single: boolean): Argument[] {
    const constant = foldConstant(this.context, node.condition);
    if (constant?.kind === "value") return read(constant.value ? node.whenTrue : node.whenFalse);
    const presence = this.#presence(node.condition);
    if (presence === undefined) return this.#unknown(node.condition);
    const [present, absent] = presence.negated ? [node.whenFalse, node.whenTrue] : [node.whenTrue, node.whenFalse];
    return this.#ifPresent(presence.input, () => read(present), () => read(absent), single);
  }

  /** Also for an input that has a default: whether it was given is for the target to say. */
  #ifPresent(input: string, present: () => Argument[], absent: () => Argument[], single: boolean): Argument[] {
    if (this.inputs[input] === undefined) return present();
    const then = present();
    return [{ kind: "ifPresent", input, then, otherwise: absent(), ...(single && then.length > 0 ? { single } : {}) }];
  }

  #presence(expression: ts.Expression): Presence | undefined {
    const test = skipOuter(expression);
    if (ts.isPrefixUnaryExpression(test) && test.operator === ts.SyntaxKind.ExclamationToken) {
      const inner = this.#presence(test.operand);
      return inner === undefined ? undefined : { ...inner, negated: !inner.negated };
    }
    if (ts.isBinaryExpression(test)) {
      const kind = test.operatorToken.kind;
      const equal = kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
      const different = kind === ts.SyntaxKind.ExclamationEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsToken;
      if (!equal && !different) return undefined;
      const [value] = [test.left, test.right].filter((side) => !isNothing(side));
      const reference = value === undefined || (!isNothing(test.left) && !isNothing(test.right)) ? undefined : this.#names.reference(value);
      return reference?.side === "input" && reference.path.length === 0 ? { input: reference.name, negated: equal } : undefined;
    }
    const reference = this.#names.reference(test);
    if (reference?.side !== "input" || reference.path.length > 0) return undefined;
    // `0` and `false` are values, but not truthy: for these only a comparison with undefined says what is meant.
    const kind = this.inputs[reference.name]?.type.kind;
    return kind === "number" || kind === "integer" || kind === "boolean" ? undefined : { input: reference.name, negated: false };
  }

  /** A text such as the program of a script; undefined when it is none, which is reported. */
  text(expression: ts.Expression): ArgumentPart[] | undefined {
    const parts = this.#parts(expression);
    return parts === undefined ? undefined : joined(parts);
  }

  /** The name of the output parameter that an expression is: `out.count`. */
  outputParameter(expression: ts.Expression): string | undefined {
    const reference = this.#names.reference(expression);
    const output = reference?.side === "output" && reference.path.length === 0 ? this.outputs[reference.name] : undefined;
    return output === undefined || output.type.kind === "artifact" ? undefined : reference?.name;
  }

  /** The parts of one element of argv; undefined when it is none, which is reported. */
  #parts(expression: ts.Expression): ArgumentPart[] | undefined {
    const value = this.#names.resolved(expression);
    const folded = foldConstant(this.context, value);
    if (folded !== undefined) return this.#constantParts(folded, value);
    if (ts.isTemplateExpression(value)) {
      const parts: ArgumentPart[] = [value.head.text];
      for (const span of value.templateSpans) {
        const inner = this.#parts(span.expression);
        if (inner === undefined) return undefined;
        parts.push(...inner, span.literal.text);
      }
      return parts;
    }
    if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken && this.#isText(value)) {
      const left = this.#parts(value.left);
      const right = this.#parts(value.right);
      return left === undefined || right === undefined ? undefined : [...left, ...right];
    }
    if (ts.isCallExpression(value)) return this.#call(value);
    const context = runProperty(this.context, value);
    if (context !== undefined) return [{ placeholder: "context", name: context }];
    const reference = this.#names.reference(value);
    return reference === undefined ? this.#unknownPart(value) : this.#placeholder(reference, value, false);
  }

  /** `fileOf(out.x)`, `executorInput()`, `argoVariable("…")`, `String(input.x)`, `input.x.toString()`, `JSON.stringify(input.x)`. */
  #call(node: ts.CallExpression): ArgumentPart[] | undefined {
    const [argument] = node.arguments;
    const callee = node.expression;
    const language = languageFunction(this.context, callee);
    if (language === "executorInput") return [{ placeholder: "executorInput" }];
    if (language === "argoVariable") {
      const name = readArgoVariable(this.context, node, "pod");
      return name === undefined ? undefined : [{ placeholder: "argoVariable", name }];
    }
    if (language === "fileOf" && argument !== undefined) {
      const reference = this.#names.reference(argument);
      if (reference?.side !== "output" || reference.path.length > 0 || this.outputs[reference.name] === undefined) return this.#unknownPart(node);
      if (this.outputs[reference.name]?.type.kind === "artifact") return this.#wrongOutput(reference.name, argument);
      return [{ placeholder: "outputFile", name: reference.name }];
    }
    const converts = ts.isIdentifier(callee) && callee.text === "String" && argument !== undefined;
    const converted = converts ? argument : ts.isPropertyAccessExpression(callee) && callee.name.text === "toString" && argument === undefined ? callee.expression : undefined;
    if (converted !== undefined) return this.#parts(converted);
    const isJson = ts.isPropertyAccessExpression(callee) && callee.name.text === "stringify" && callee.expression.getText() === "JSON" && node.arguments.length === 1;
    const reference = isJson && argument !== undefined ? this.#names.reference(argument) : undefined;
    return reference === undefined ? this.#unknownPart(node) : this.#placeholder(reference, node, true);
  }

  #placeholder(reference: Reference, node: ts.Node, asJson: boolean): ArgumentPart[] | undefined {
    const { side, name, path } = reference;
    const declared = side === "input" ? this.inputs[name] : this.outputs[name];
    if (declared === undefined) return this.#unknownPart(node);
    if (declared.type.kind === "artifact") return this.#artifactPart(reference, declared.type.list, asJson) ?? (side === "output" ? this.#wrongOutput(name, node) : this.#unknownPart(node));
    if (side === "output") return this.#wrongOutput(name, node);
    const { kind } = declared.type;
    // JavaScript and the back ends disagree on the text of lists and objects, unless it is JSON.
    const isJson = kind === "list" || kind === "struct" || kind === "status" || kind === "taskConfig";
    return path.length > 0 || isJson !== asJson ? this.#unknownPart(node) : [{ placeholder: "inputValue", name }];
  }

  /** Place, metadata, or the whole of an artifact; undefined for anything else of it. */
  #artifactPart({ side, name, path }: Reference, list: boolean, asJson: boolean): ArgumentPart[] | undefined {
    const [member, key, ...more] = path;
    if (member === undefined) return side === "input" ? [{ placeholder: "inputArtifact", name }] : undefined;
    if (list || more.length > 0) return undefined;
    if (member === "metadata") return asJson && key !== undefined ? undefined : [{ placeholder: `${side}Metadata`, name, ...(key === undefined ? {} : { key }) }];
    if (key !== undefined || asJson) return undefined;
    if (member === "path" || member === "uri") return [{ placeholder: `${side}${member === "path" ? "Path" : "Uri"}`, name }];
    return undefined;
  }

  #wrongOutput(name: string, node: ts.Node): undefined {
    const use = this.outputs[name]?.type.kind === "artifact" ? `"out.${name}.path" for the place to write it to` : `"fileOf(out.${name})" for the file to write it to`;
    this.context.report(diagnostic("HMC2022", this.context.spanOf(node), { name, use }));
    return undefined;
  }

  #constant(folded: Folded, node: ts.Node): Argument[] {
    const parts = this.#constantParts(folded, node);
    return parts === undefined ? [] : [{ kind: "text", parts }];
  }

  #constantParts(folded: Folded, node: ts.Node): ArgumentPart[] | undefined {
    if (folded.kind === "value") return [String(folded.value)];
    if (folded.kind === "secret") {
      this.context.report(diagnostic("HMC2004", this.context.spanOf(node), { path: node.getText() }));
      return undefined;
    }
    return this.#unknownPart(node);
  }

  #isText(node: ts.Expression): boolean {
    return (this.context.checker.getTypeAtLocation(node).flags & ts.TypeFlags.StringLike) !== 0;
  }

  #unknown(node: ts.Node): Argument[] {
    this.#unknownPart(node);
    return [];
  }

  #unknownPart(node: ts.Node): undefined {
    this.context.report(diagnostic("HMC2021", this.context.spanOf(node), { text: node.getText().replace(/\s+/g, " ") }));
    return undefined;
  }
}

function isNothing(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");
}

/** Parts with neighbouring texts put together. */
function joined(parts: ArgumentPart[]): ArgumentPart[] {
  const result: ArgumentPart[] = [];
  for (const part of parts) {
    const last = result[result.length - 1];
    if (typeof part === "string" && typeof last === "string") result[result.length - 1] = last + part;
    else if (part !== "" || parts.length === 1) result.push(part);
  }
  return result.length === 0 ? [""] : result;
}
