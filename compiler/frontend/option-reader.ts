/** Reads constants as option values: each method gives the value, or reports why it is none and gives undefined. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Json, Span } from "../ir/types.ts";
import { constantPropertyName, foldConstant } from "./constants.ts";
import { type Folded, foldedToJson } from "./folded.ts";
import type { Context } from "./context.ts";

/** One option: its name as in the source, dotted for members, and its value. */
export interface Option {
  name: string;
  value: Folded;
}

export class OptionReader {
  /** Where each option and each member of an option was written. */
  readonly spans: Record<string, Span> = {};

  /** @param readElsewhere options that may be run-time values, which the caller reads by itself */
  constructor(
    readonly context: Context,
    readonly readElsewhere: readonly string[] = [],
  ) {}

  /**
   * The members of an options object, in order. Members without a value are left out, members that are not constant
   * are reported, each at its place.
   *
   * @param where the name of the object in messages, e.g. `defaults`; empty for the options themselves
   */
  members(expression: ts.Expression, where: string): Option[] {
    const folded = foldConstant(this.context, expression);
    if (folded?.kind === "undefined") return [];
    if (folded !== undefined) return this.entries({ name: where, value: folded });
    const found = new Map<string, Option>();
    this.#constantMembers(expression, where, found);
    return this.#recorded([...found.values()]);
  }

  /** The members of an object value. */
  entries(option: Option): Option[] {
    if (option.value.kind !== "object") {
      this.wrong(option, "an object");
      return [];
    }
    return this.#recorded([...option.value.entries].map(([key, value]) => ({ name: join(option.name, key), value })));
  }

  items(option: Option): Option[] {
    if (option.value.kind !== "list") {
      this.wrong(option, "a list");
      return [];
    }
    return this.#recorded(option.value.items.map((value, index) => ({ name: join(option.name, String(index)), value })));
  }

  text(option: Option): string | undefined {
    return option.value.kind === "value" && typeof option.value.value === "string" ? option.value.value : this.wrong(option, "text");
  }

  boolean(option: Option): boolean | undefined {
    return option.value.kind === "value" && typeof option.value.value === "boolean" ? option.value.value : this.wrong(option, "true or false");
  }

  number(option: Option): number | undefined {
    return option.value.kind === "value" && typeof option.value.value === "number" ? option.value.value : this.wrong(option, "a number");
  }

  /** A whole number that is at least `least`. */
  count(option: Option, least: number): number | undefined {
    const value = option.value.kind === "value" ? option.value.value : undefined;
    return typeof value === "number" && Number.isSafeInteger(value) && value >= least ? value : this.wrong(option, `a whole number of at least ${least}`);
  }

  choice<Choice extends string>(option: Option, choices: readonly Choice[]): Choice | undefined {
    const value = option.value.kind === "value" ? option.value.value : undefined;
    return choices.find((choice) => choice === value) ?? this.wrong(option, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`);
  }

  texts(option: Option): string[] | undefined {
    const texts = this.items(option).map((item) => this.text(item));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }

  /** An object of texts, such as labels. */
  textMap(option: Option): Record<string, string> {
    return Object.fromEntries(this.entries(option).flatMap((entry) => {
      const text = this.text(entry);
      return text === undefined ? [] : [[lastName(entry.name, option.name), text]];
    }));
  }

  json(option: Option): Json | undefined {
    const json = foldedToJson(option.value);
    return json ?? (option.value.kind === "value" ? json : this.#secret(option));
  }

  /** A JSON object. */
  patch(option: Option): Record<string, Json> | undefined {
    const json = this.json(option);
    if (json === undefined) return undefined;
    return json !== null && typeof json === "object" && !Array.isArray(json) ? json : this.wrong(option, "an object");
  }

  /** Seconds: a number, or text such as `90s`, `10m`, `2h`, `1d`. */
  duration(option: Option): number | undefined {
    const value = option.value.kind === "value" ? option.value.value : undefined;
    const seconds = typeof value === "number" ? value : typeof value === "string" ? parseDuration(value) : undefined;
    if (seconds !== undefined && Number.isSafeInteger(seconds) && seconds > 0) return seconds;
    if (option.value.kind === "secret") return this.wrong(option, "a duration");
    this.context.report(diagnostic("HMC2024", this.context.spanOf(option.value.node), { option: option.name, value: describe(option.value) }));
    return undefined;
  }

  /** A Kubernetes quantity as text; whether text is a right quantity is a rule's matter. */
  quantity(option: Option, unit: "cores" | "bytes"): string | undefined {
    const value = option.value.kind === "value" ? option.value.value : undefined;
    if (typeof value === "string") return value;
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return this.wrong(option, 'a quantity such as 2, "500m" or "4Gi"');
    if (Number.isInteger(value)) return String(value);
    return unit === "cores" ? `${Math.ceil(value * 1000)}m` : this.wrong(option, "a whole number of bytes");
  }

  wrong(option: Option, expected: string): undefined {
    if (option.value.kind === "secret") return this.#secret(option);
    this.context.report(diagnostic("HMC2025", this.context.spanOf(option.value.node), { option: option.name, value: describe(option.value), expected }));
    return undefined;
  }

  /**
   * Reports an option that does not exist. TypeScript sees it itself in an object literal; through a spread or a
   * variable it does not.
   *
   * @param known the options that exist, for a suggestion
   */
  unknown(option: Option, literal: ts.Node | undefined, known: readonly string[] = []): void {
    const assignment = option.value.node.parent;
    if (assignment !== undefined && literal !== undefined && assignment.parent === literal) return;
    this.context.report(diagnostic("HMC2026", this.context.spanOf(option.value.node), { option: option.name, suggestion: nearestName(option.name, known) }));
  }

  #secret(option: Option): undefined {
    this.context.report(diagnostic("HMC2027", this.context.spanOf(option.value.node), { option: option.name }));
    return undefined;
  }

  #recorded(options: Option[]): Option[] {
    const given = options.filter((option) => option.value.kind !== "undefined");
    for (const option of given) this.spans[option.name] = this.context.spanOf(option.value.node);
    return given;
  }

  /** The constant members of an object that is not constant as a whole. */
  #constantMembers(expression: ts.Expression, where: string, found: Map<string, Option>): void {
    const literal = ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) ? expression.expression : expression;
    if (!ts.isObjectLiteralExpression(literal)) return this.#notConstant(where === "" ? literal.getText() : where, literal);
    for (const property of literal.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = foldConstant(this.context, property.expression);
        if (spread === undefined) this.#notConstant(join(where, property.getText()), property);
        else if (spread.kind === "object") for (const [key, value] of spread.entries) found.set(key, { name: join(where, key), value });
        continue;
      }
      const key = property.name === undefined ? undefined : constantPropertyName(this.context, property.name);
      if (where === "" && key !== undefined && this.readElsewhere.includes(key)) continue;
      const name = join(where, key ?? property.name?.getText() ?? "");
      const initializer = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
      const value = initializer === undefined ? undefined : foldConstant(this.context, initializer);
      if (key !== undefined && value !== undefined) found.set(key, { name, value });
      else this.#notConstant(nonConstantMember(this.context, name, initializer), initializer ?? property);
    }
  }

  #notConstant(option: string, node: ts.Node): void {
    this.context.report(diagnostic("HMC2023", this.context.spanOf(node), { option }));
  }
}

/** Of `env: { A: "a", B: run.time }` the name `env.B`. */
function nonConstantMember(context: Context, name: string, value: ts.Expression | undefined): string {
  if (value === undefined || !ts.isObjectLiteralExpression(value)) return name;
  const member = value.properties.find((property) => ts.isPropertyAssignment(property) && foldConstant(context, property.initializer) === undefined);
  return member?.name === undefined ? name : join(name, member.name.getText());
}

/** Seconds of `90s`, `10m`, `2h`, `1d`; undefined for other text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim());
  if (match === null) return undefined;
  const unit = { s: 1, m: 60, h: 3600, d: 86400 }[match[2] as "s" | "m" | "h" | "d"];
  return Number(match[1]) * unit;
}

/** The name of a member inside its object. */
export function lastName(name: string, owner: string): string {
  return owner === "" ? name : name.slice(owner.length + 1);
}

function join(owner: string, member: string): string {
  return owner === "" ? member : `${owner}.${member}`;
}

function describe(value: Folded): string {
  const json = foldedToJson(value);
  if (json === undefined) return value.kind === "undefined" ? "undefined" : "a value with a secret inside";
  const text = JSON.stringify(json);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
