/** Reads what is given as option values: each method gives the value, or reports why it is none and gives undefined. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Json, KubernetesJson, RunTime, Span } from "../ir/types.ts";
import { isReference, foldedToJson } from "./folded.ts";
import type { Context } from "./context.ts";
import { asConstant, type Evaluate, firstOpen, type Given, GivenReader } from "./given.ts";

/** One option: its name as in the source, dotted for members, and its value. */
export interface Option {
  name: string;
  value: Given;
}

export class OptionReader {
  /** Where each option and each member of an option was written. */
  readonly spans: Record<string, Span> = {};

  /** @param evaluate what an expression of the pipeline body is; only the options of a call have those */
  constructor(readonly context: Context, readonly evaluate?: Evaluate) {}

  /**
   * The members of an options object, in order. Members without a value are left out, members that are not constant
   * are reported, each at its place.
   *
   * @param where the name of the object in messages, e.g. `defaults`; empty for the options themselves
   */
  members(expression: ts.Expression, where: string): Option[] {
    const reader = this.#given(where);
    const given = reader.settle(reader.read(expression));
    if (given === undefined || given.kind === "undefined") return [];
    return this.entries({ name: where === "" && given.kind === "open" ? expression.getText() : where, value: given });
  }

  #given(where: string): GivenReader {
    return new GivenReader(this.context, this.evaluate, (node) => this.#notConstant(join(where, node.getText()), node));
  }

  /** The same option, with what an expression of the body turns out to be; undefined after a reported mistake. */
  settled(option: Option): Option | undefined {
    const value = this.#given(option.name).settle(option.value);
    return value === undefined ? undefined : { ...option, value };
  }

  /** Text, or what only a run knows. */
  name(option: Option): string | RunTime | undefined {
    const settled = this.settled(option);
    return settled === undefined ? undefined : (this.runTime(settled) ?? this.text(settled));
  }

  /** What only a run knows; undefined for anything else. */
  runTime({ value }: Option): RunTime | undefined {
    return value.kind === "open" && value.value !== undefined ? { expression: value.value } : undefined;
  }

  /** The members of an object value. */
  entries(option: Option): Option[] {
    const value = this.settled(option)?.value;
    if (value?.kind !== "object") {
      if (value !== undefined) this.wrong({ ...option, value }, "an object");
      return [];
    }
    return this.#recorded([...value.entries].map(([key, value]) => ({ name: join(option.name, key), value })));
  }

  items(option: Option): Option[] {
    const value = this.settled(option)?.value;
    if (value?.kind !== "list") {
      if (value !== undefined) this.wrong({ ...option, value }, "a list");
      return [];
    }
    return this.#recorded(value.items.map((value, index) => ({ name: join(option.name, String(index)), value })));
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
    return choices.find((choice) => choice === value) ?? this.wrong(option, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`, choices);
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
    const open = firstOpen(option.value);
    if (open !== undefined) return this.#notConstant([option.name, ...open.path].join("."), open.open.node);
    const constant = asConstant(option.value);
    const json = constant === undefined ? undefined : foldedToJson(constant);
    return json ?? (option.value.kind === "value" ? json : this.#secret(option));
  }

  /** A Kubernetes object as JSON, known now or to a run; undefined where it is left out, or after a reported mistake. */
  kubernetesJson(given: Option): KubernetesJson | undefined {
    const option = this.settled(given);
    if (option === undefined || option.value.kind === "undefined") return undefined;
    if (this.evaluate === undefined || firstOpen(option.value) === undefined) {
      const json = this.json(option);
      return json === undefined ? undefined : typeof json === "object" && json !== null ? { json } : this.wrong(option, "an object");
    }
    const expression = this.#given(option.name).expression(option.value);
    if (expression === undefined) return undefined;
    return expression.type.kind === "artifact" ? this.#notConstant(option.name, option.value.node) : { json: { expression } };
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
    if (option.value.kind === "open" || option.value.kind === "secret") return this.wrong(option, "a duration");
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

  /** @param known the values that exist, for a fix */
  wrong(option: Option, expected: string, known: readonly string[] = []): undefined {
    if (option.value.kind === "open") return this.#notConstant(option.name, option.value.node);
    if (option.value.kind === "secret") return this.#secret(option);
    const span = this.context.spanOf(option.value.node);
    const given = ts.isStringLiteralLike(option.value.node) ? option.value.node.text : undefined;
    const meant = given === undefined ? undefined : (known.find((choice) => choice.toLowerCase() === given.toLowerCase()) ?? nearestName(given, known));
    const fix = meant === undefined ? {} : { fix: { title: `Write "${meant}"`, edits: [{ span, newText: JSON.stringify(meant) }] } };
    this.context.report(diagnostic("HMC2025", span, { option: option.name, value: describe(option.value), expected }, fix));
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

  #notConstant(option: string, node: ts.Node): undefined {
    this.context.report(diagnostic("HMC2023", this.context.spanOf(node), { option }));
    return undefined;
  }
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

const references = { secret: "a secret", configMap: "a config map", field: "a field of the pod" };

function describe(value: Given): string {
  const constant = asConstant(value);
  const json = constant === undefined ? undefined : foldedToJson(constant);
  if (json === undefined) return value.kind === "undefined" ? "undefined" : isReference(value) ? `a reference to ${references[value.kind]}` : firstOpen(value) === undefined ? "a value with a secret inside" : "a value with a run-time value inside";
  const text = JSON.stringify(json);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
