/** The program of a container, what it prints, and the places at which it reads and writes by itself: `script`, `stdout`, `files`, `defaults`. */
import type { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import { argumentParts } from "../ir/traverse.ts";
import type { Argument, ArgumentPart, ContainerComponent, Input, Json, Output } from "../ir/types.ts";
import type { CommandReader } from "./command-line.ts";
import { foldConstant } from "./constants.ts";
import type { Context } from "./context.ts";
import { type Folded, foldedToJson } from "./folded.ts";
import { reportMisfit } from "./inputs.ts";

export type OwnPlaces = Pick<ContainerComponent, "script" | "stdout" | "files" | "defaults">;

export class PlaceReader {
  /** Where each was written, for what is only seen when all are read. */
  readonly #nodes = new Map<string, ts.Node>();

  constructor(
    private readonly context: Context,
    private readonly command: CommandReader,
    private readonly owner: string,
    private readonly inputs: Record<string, Input>,
    private readonly outputs: Record<string, Output>,
  ) {}

  /** One of the members that the lambda returns; empty after a reported mistake. */
  read(member: keyof OwnPlaces, value: ts.Expression): OwnPlaces {
    this.#nodes.set(member, value);
    switch (member) {
      case "script": {
        const script = this.command.text(value);
        return script === undefined ? {} : { script: withoutIndentation(script) };
      }
      case "stdout": {
        const stdout = this.command.outputParameter(value);
        if (stdout === undefined) this.context.report(diagnostic("HMC2032", this.context.spanOf(value), { owner: this.owner, problem: "is no output parameter", instead: 'Write "stdout: out.x" for an output "x" that is a parameter.' }));
        return stdout === undefined ? {} : { stdout };
      }
      case "files":
        return { files: this.#files(value) };
      case "defaults":
        return { defaults: this.#defaults(value) };
    }
  }

  /** Reports an output that is what the program prints and is said to come from elsewhere as well. */
  check({ stdout, files, defaults, script = [] }: OwnPlaces, words: readonly Argument[]): void {
    const node = this.#nodes.get("stdout");
    if (stdout === undefined || node === undefined) return;
    const written = [...words.flatMap(argumentParts), ...script].some((part) => typeof part !== "string" && part.placeholder === "outputFile" && part.name === stdout);
    const other = written ? `"fileOf(out.${stdout})"` : files?.[stdout] !== undefined ? `"files.${stdout}"` : defaults?.[stdout] !== undefined ? `"defaults.${stdout}"` : undefined;
    if (other === undefined) return;
    this.context.report(diagnostic("HMC2032", this.context.spanOf(node), { owner: this.owner, problem: `is "out.${stdout}", which also has ${other}`, instead: "Keep one of the two." }));
  }

  /** Absolute paths of input artifacts and outputs, each of its own. */
  #files(expression: ts.Expression): Record<string, string> {
    const known = [...Object.entries(this.inputs).flatMap(([name, { type }]) => (type.kind === "artifact" ? [name] : [])), ...Object.keys(this.outputs)];
    const files: Record<string, string> = {};
    const owners = new Map<string, string>();
    for (const [name, entry] of this.#members("files", expression)) {
      if (!this.#isKnown("files", "input artifact or output", name, known, entry)) continue;
      const path = entry.kind === "value" && typeof entry.value === "string" ? entry.value : undefined;
      const before = path === undefined ? undefined : owners.get(path);
      const problem = path === undefined ? "is no constant text" : !isAbsolutePath(path) ? `is "${path}", which is no absolute path` : before === undefined ? undefined : `is "${path}", which is also that of "${before}"`;
      if (path === undefined || problem !== undefined) {
        this.context.report(diagnostic("HMC2031", this.context.spanOf(entry.node), { name, problem: problem ?? "" }));
        continue;
      }
      owners.set(path, name);
      files[name] = path;
    }
    return files;
  }

  #defaults(expression: ts.Expression): Record<string, Json> {
    const known = Object.entries(this.outputs).flatMap(([name, { type }]) => (type.kind === "artifact" ? [] : [name]));
    const defaults: Record<string, Json> = {};
    for (const [name, entry] of this.#members("defaults", expression)) {
      const type = this.outputs[name]?.type;
      if (!this.#isKnown("defaults", "output parameter", name, known, entry) || type === undefined) continue;
      const json = foldedToJson(entry);
      if (json === undefined) this.context.report(diagnostic("HMC2027", this.context.spanOf(entry.node), { option: `defaults.${name}` }));
      else if (!reportMisfit(this.context, type, entry, json, `defaults.${name}`)) defaults[name] = json;
    }
    return defaults;
  }

  /** Where outputs of a resource are read: `{ name: { jsonPath: "…" } }`. */
  sources(expression: ts.Expression): NonNullable<ContainerComponent["outputsFrom"]> {
    const known = Object.entries(this.outputs).flatMap(([name, { type }]) => (type.kind === "artifact" ? [] : [name]));
    const found: NonNullable<ContainerComponent["outputsFrom"]> = {};
    for (const [name, entry] of this.#members("outputs", expression)) {
      if (!this.#isKnown("outputs", "output parameter", name, known, entry)) continue;
      const json = foldedToJson(entry);
      if (json !== undefined) found[name] = json as (typeof found)[string];
    }
    return found;
  }

  /** The members of a constant object. */
  #members(member: string, expression: ts.Expression): [string, Folded][] {
    const folded = foldConstant(this.context, expression);
    if (folded?.kind === "object") return [...folded.entries].filter(([, entry]) => entry.kind !== "undefined");
    this.context.report(diagnostic("HMC2023", this.context.spanOf(expression), { option: member }));
    return [];
  }

  #isKnown(member: string, what: string, name: string, known: readonly string[], entry: Folded): boolean {
    if (known.includes(name)) return true;
    this.context.report(diagnostic("HMC2030", this.context.spanOf(entry.node), { owner: this.owner, member, what, name, suggestion: nearestName(name, known) }));
    return false;
  }
}

function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") && path.length > 1 && !path.split("/").includes("..");
}

/**
 * The text of a program without the indentation that all its lines share, and without the line break at its begin. A text
 * that begins otherwise is left as it is.
 */
export function withoutIndentation(parts: readonly ArgumentPart[]): ArgumentPart[] {
  const text = parts.map((part) => (typeof part === "string" ? part : "{}")).join("");
  if (!/^\r?\n/.test(text)) return [...parts];
  const indents = text.split("\n").filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  const shared = indents.reduce((left, right) => commonStart(left, right), indents[0] ?? "");
  // A line that has less is blank.
  const dedented = (part: string): string => part.replace(/\n([ \t]*)/g, (_, indent: string) => `\n${indent.startsWith(shared) ? indent.slice(shared.length) : ""}`);
  const result = parts.map((part, index) => (typeof part !== "string" ? part : index === 0 ? dedented(part).replace(/^\r?\n/, "") : dedented(part)));
  // The line of the closing backtick is blank, too.
  const last = result.at(-1);
  if (typeof last === "string") result[result.length - 1] = last.replace(/\n[ \t]+$/, "\n");
  return result.filter((part) => part !== "");
}

function commonStart(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return left.slice(0, length);
}
