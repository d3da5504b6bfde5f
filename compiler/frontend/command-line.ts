/** Command lines of containers: expressions over inputs and outputs → text with placeholders. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Argument, ArgumentPart, Input, Output } from "../ir/types.ts";
import { skipOuter } from "./callee.ts";
import { foldConstant } from "./constants.ts";
import { type Folded } from "./folded.ts";
import type { Context } from "./context.ts";
import { languageFunction } from "./language-functions.ts";
import type { Implementation } from "./ops.ts";

/** `input.rows`, `out.model.path`: which input or output, and which member of it. */
interface Reference {
  side: "input" | "output";
  name: string;
  member?: string;
}

/** A test for whether an optional input is given. */
interface Presence {
  input: string;
  negated: boolean;
}

export class CommandReader {
  /** What the parameters of the lambda stand for: a whole side, or one of its properties where they are destructured. */
  #names = new Map<ts.Symbol, { side: "input" | "output"; name?: string }>();

  constructor(
    private readonly context: Context,
    lambda: Implementation,
    private readonly inputs: Record<string, Input>,
    private readonly outputs: Record<string, Output>,
  ) {
    lambda.parameters.forEach((parameter, index) => this.#declare(parameter, index === 0 ? "input" : "output"));
  }

  /** The elements of `command` or `args`. */
  list(expression: ts.Expression): Argument[] {
    const value = this.#resolved(expression);
    if (ts.isArrayLiteralExpression(value)) {
      return value.elements.flatMap((element) => (ts.isSpreadElement(element) ? this.#spread(element.expression) : this.#element(element)));
    }
    const folded = foldConstant(this.context, value);
    if (folded?.kind === "list") return folded.items.flatMap((item) => this.#constant(item, value));
    return this.#unknown(expression);
  }

  /** `...list`, or `...(input.x !== undefined ? [...] : [])`. */
  #spread(expression: ts.Expression): Argument[] {
    const value = this.#resolved(expression);
    return ts.isConditionalExpression(value) ? this.#conditional(value, (branch) => this.list(branch)) : this.list(value);
  }

  #element(expression: ts.Expression): Argument[] {
    const value = this.#resolved(expression);
    if (ts.isConditionalExpression(value)) return this.#conditional(value, (branch) => this.#element(branch));
    if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      const reference = this.#reference(value.left);
      if (reference?.side === "input") return this.#ifPresent(reference.name, () => this.#element(value.left), () => this.#element(value.right));
    }
    const parts = this.#parts(value);
    return parts === undefined ? [] : [{ kind: "text", parts: joined(parts) }];
  }

  #conditional(node: ts.ConditionalExpression, read: (branch: ts.Expression) => Argument[]): Argument[] {
    const constant = foldConstant(this.context, node.condition);
    if (constant?.kind === "value") return read(constant.value ? node.whenTrue : node.whenFalse);
    const presence = this.#presence(node.condition);
    if (presence === undefined) return this.#unknown(node.condition);
    const [present, absent] = presence.negated ? [node.whenFalse, node.whenTrue] : [node.whenTrue, node.whenFalse];
    return this.#ifPresent(presence.input, () => read(present), () => read(absent));
  }

  #ifPresent(input: string, present: () => Argument[], absent: () => Argument[]): Argument[] {
    const declared = this.inputs[input];
    // An input that is required or has a default always has a value.
    if (declared === undefined || !declared.optional || declared.default !== undefined) return present();
    return [{ kind: "ifPresent", input, then: present(), otherwise: absent() }];
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
      const reference = value === undefined || (!isNothing(test.left) && !isNothing(test.right)) ? undefined : this.#reference(value);
      return reference?.side === "input" && reference.member === undefined ? { input: reference.name, negated: equal } : undefined;
    }
    const reference = this.#reference(test);
    if (reference?.side !== "input" || reference.member !== undefined) return undefined;
    // `0` and `false` are values, but not truthy: for these only a comparison with undefined says what is meant.
    const kind = this.inputs[reference.name]?.type.kind;
    return kind === "number" || kind === "integer" || kind === "boolean" ? undefined : { input: reference.name, negated: false };
  }

  /** The parts of one element of argv; undefined when it is none, which is reported. */
  #parts(expression: ts.Expression): ArgumentPart[] | undefined {
    const value = this.#resolved(expression);
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
    const reference = this.#reference(value);
    return reference === undefined ? this.#unknownPart(value) : this.#placeholder(reference, value, false);
  }

  /** `fileOf(out.x)`, `String(input.x)`, `input.x.toString()`, `JSON.stringify(input.x)`. */
  #call(node: ts.CallExpression): ArgumentPart[] | undefined {
    const [argument] = node.arguments;
    const callee = node.expression;
    if (languageFunction(this.context, callee) === "fileOf" && argument !== undefined) {
      const reference = this.#reference(argument);
      if (reference?.side !== "output" || reference.member !== undefined || this.outputs[reference.name] === undefined) return this.#unknownPart(node);
      if (this.outputs[reference.name]?.type.kind === "artifact") return this.#wrongOutput(reference.name, argument);
      return [{ placeholder: "outputFile", name: reference.name }];
    }
    const converts = ts.isIdentifier(callee) && callee.text === "String" && argument !== undefined;
    const converted = converts ? argument : ts.isPropertyAccessExpression(callee) && callee.name.text === "toString" && argument === undefined ? callee.expression : undefined;
    if (converted !== undefined) return this.#parts(converted);
    const isJson = ts.isPropertyAccessExpression(callee) && callee.name.text === "stringify" && callee.expression.getText() === "JSON" && node.arguments.length === 1;
    const reference = isJson && argument !== undefined ? this.#reference(argument) : undefined;
    const type = reference?.side === "input" && reference.member === undefined ? this.inputs[reference.name]?.type.kind : undefined;
    if (reference === undefined || (type !== "list" && type !== "struct")) return this.#unknownPart(node);
    return this.#placeholder(reference, node, true);
  }

  #placeholder(reference: Reference, node: ts.Node, asJson: boolean): ArgumentPart[] | undefined {
    const { side, name, member } = reference;
    const declared = side === "input" ? this.inputs[name] : this.outputs[name];
    if (declared === undefined) return this.#unknownPart(node);
    const { type } = declared;
    const isArtifact = type.kind === "artifact";
    if (isArtifact && (member === "path" || member === "uri") && !type.list) {
      return [{ placeholder: `${side}${member === "path" ? "Path" : "Uri"}`, name }];
    }
    if (side === "output") return this.#wrongOutput(name, node);
    // JavaScript and the back ends disagree on the text of lists and objects, unless it is JSON.
    const isPlain = type.kind !== "list" && type.kind !== "struct" && type.kind !== "status";
    if (isArtifact || member !== undefined || !(isPlain || asJson)) return this.#unknownPart(node);
    return [{ placeholder: "inputValue", name }];
  }

  #wrongOutput(name: string, node: ts.Node): undefined {
    const use = this.outputs[name]?.type.kind === "artifact" ? `"out.${name}.path" for the place to write it to` : `"fileOf(out.${name})" for the file to write it to`;
    this.context.report(diagnostic("HMC2022", this.context.spanOf(node), { name, use }));
    return undefined;
  }

  /** Which input or output an expression names. */
  #reference(expression: ts.Expression): Reference | undefined {
    const value = this.#resolved(expression);
    if (ts.isIdentifier(value)) {
      const known = this.#nameOf(value);
      return known?.name === undefined ? undefined : { side: known.side, name: known.name };
    }
    const key = ts.isPropertyAccessExpression(value) ? value.name.text : ts.isElementAccessExpression(value) && ts.isStringLiteralLike(value.argumentExpression) ? value.argumentExpression.text : undefined;
    if (key === undefined) return undefined;
    const object = this.#resolved((value as ts.PropertyAccessExpression | ts.ElementAccessExpression).expression);
    const whole = ts.isIdentifier(object) ? this.#nameOf(object) : undefined;
    if (whole !== undefined && whole.name === undefined) return { side: whole.side, name: key };
    const owner = this.#reference(object);
    return owner === undefined || owner.member !== undefined ? undefined : { ...owner, member: key };
  }

  #nameOf(node: ts.Identifier): { side: "input" | "output"; name?: string } | undefined {
    const symbol = this.#symbolOf(node);
    return symbol === undefined ? undefined : this.#names.get(symbol);
  }

  /** The expression behind parentheses, `!`, `as` and constants of the lambda. */
  #resolved(expression: ts.Expression): ts.Expression {
    const value = skipOuter(expression);
    if (!ts.isIdentifier(value)) return value;
    const declaration = this.#symbolOf(value)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined || !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return value;
    return foldConstant(this.context, value) === undefined ? this.#resolved(declaration.initializer) : value;
  }

  #symbolOf(node: ts.Identifier): ts.Symbol | undefined {
    const { checker } = this.context;
    return ts.isShorthandPropertyAssignment(node.parent) ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
  }

  #declare(parameter: ts.ParameterDeclaration, side: "input" | "output"): void {
    const { checker } = this.context;
    const add = (name: ts.BindingName, entry: { side: "input" | "output"; name?: string }): void => {
      const symbol = ts.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
      if (symbol !== undefined) this.#names.set(symbol, entry);
    };
    if (!ts.isObjectBindingPattern(parameter.name)) return add(parameter.name, { side });
    for (const element of parameter.name.elements) {
      const key = element.propertyName ?? element.name;
      if (ts.isIdentifier(key) || ts.isStringLiteralLike(key)) add(element.name, { side, name: key.text });
    }
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
