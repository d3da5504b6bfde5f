/** CPU, memory, accelerators and sizes of volumes. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { baseUnits, compareQuantities, parseQuantity } from "../ir/quantity.ts";
import { isRunTime } from "../ir/traverse.ts";
import type { Document, ResourceRange, RunTime, Span, TaskOptions } from "../ir/types.ts";
import { labelKeyProblem } from "./kubernetes-syntax.ts";
import { optionSources, optionSpan } from "./layers.ts";
import { replacement } from "./replacement.ts";
import type { Rule } from "./rule.ts";

export const resources: Rule = {
  codes: ["HMC3022", "HMC3023", "HMC3034", "HMC5011"],
  scope: "cluster",
  check(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const { options, span } of optionSources(document)) found.push(...checkOptions(options, span));
    for (const pipeline of Object.values(document.pipelines)) {
      const size = pipeline.options.workspace?.size;
      if (size !== undefined) found.push(...checkQuantity("bytes", "workspace.size", size, optionSpan(pipeline.options, pipeline.span, "workspace.size"), pipeline.options.spans?.["workspace.size"]));
    }
    return found;
  },
};

/** What an amount counts, and thus which values make sense. */
type Unit = "cores" | "bytes";

function checkOptions(options: TaskOptions, span: Span | undefined): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (options.cpu !== undefined) found.push(...checkRange("cores", "cpu", options.cpu, options, span));
  if (options.memory !== undefined) found.push(...checkRange("bytes", "memory", options.memory, options, span));
  options.volumes?.forEach((volume, index) => {
    const where = optionSpan(options, span, `volumes.${index}`);
    if (volume.kind === "ephemeral") found.push(...checkQuantity("bytes", "size", volume.size, where, undefined));
    if (volume.kind === "emptyDir" && volume.sizeLimit !== undefined) found.push(...checkQuantity("bytes", "sizeLimit", volume.sizeLimit, where, undefined));
  });
  if (options.accelerator !== undefined) {
    const { type } = options.accelerator;
    const problem = isRunTime(type) ? undefined : labelKeyProblem(type);
    if (!isRunTime(type) && problem !== undefined) found.push(diagnostic("HMC3034", optionSpan(options, span, "accelerator.type"), { type, problem }));
  }
  return found;
}

function checkRange(unit: Unit, option: string, given: ResourceRange, options: TaskOptions, span: Span | undefined): Diagnostic[] {
  const range = { request: constant(given.request), limit: constant(given.limit) };
  // A single value is both, and is reported once.
  const sides = range.request === range.limit ? (["limit"] as const) : (["request", "limit"] as const);
  const found = sides.flatMap((side) => {
    const text = range[side];
    const path = range.request === range.limit ? option : `${option}.${side}`;
    return text === undefined ? [] : checkQuantity(unit, path, text, optionSpan(options, span, `${option}.${side}`), options.spans?.[path]);
  });
  if (range.request === undefined || range.limit === undefined || range.request === range.limit) return found;
  const request = parseQuantity(range.request);
  const limit = parseQuantity(range.limit);
  if (request !== undefined && limit !== undefined && compareQuantities(request, limit) > 0) {
    const related = options.spans?.[`${option}.limit`];
    found.push(diagnostic("HMC3023", optionSpan(options, span, `${option}.request`), { option, request: range.request, limit: range.limit }, related === undefined ? {} : { related: [{ message: "the limit", span: related }] }));
  }
  return found;
}

function constant(quantity: string | RunTime | undefined): string | undefined {
  return typeof quantity === "string" ? quantity : undefined;
}

const units: Record<Unit, { noun: string; example: string }> = {
  cores: { noun: "number of cores", example: "500m" },
  bytes: { noun: "number of bytes", example: "4Gi" },
};

function checkQuantity(unit: Unit, option: string, value: string, span: Span | undefined, written: Span | undefined): Diagnostic[] {
  const quantity = parseQuantity(value);
  const { noun, example } = units[unit];
  if (quantity === undefined || (unit === "cores" && /[KMGTPE]/.test(quantity.suffix))) {
    const suggestion = commonSlip(unit, value);
    return [diagnostic("HMC3022", span, { option, value, fact: `not a ${noun}`, example, suggestion }, replacement(written, suggestion))];
  }
  if (quantity.nano <= 0n) return [diagnostic("HMC3022", span, { option, value, fact: "not more than zero", example })];
  const amount = baseUnits(quantity);
  const slip = unlikely(unit, value, amount);
  return slip === undefined ? [] : [diagnostic("HMC5011", span, { option, value, ...slip }, replacement(written, slip.suggestion))];
}

/** `4GB` and `4gb` for `4G`, `4gi` and `4GiB` for `4Gi`, `2 cores` for `2`. */
function commonSlip(unit: Unit, value: string): string | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*$/.exec(value);
  if (match === null) return undefined;
  const [, number = "", suffix = ""] = match;
  if (unit === "cores") return /^(c|core|cores|cpu|cpus|vcpu|vcpus)?$/i.test(suffix) ? number : /^(milli|millis|mcpu|M)$/.test(suffix) ? `${number}m` : undefined;
  const size = /^([kmgtpe])(i?)b?$/i.exec(suffix);
  if (size === null) return suffix === "" || /^b(ytes)?$/i.test(suffix) ? number : undefined;
  const [, letter = "", binary = ""] = size;
  return `${number}${binary === "" && letter.toLowerCase() === "k" ? "k" : letter.toUpperCase()}${binary === "" ? "" : "i"}`;
}

/** No machine has so many cores, no program fits into so few bytes. */
const MOST_CORES = 512;
const LEAST_BYTES = 1024 * 1024;

/** Legal amounts that nobody means, with what was probably meant: `memory: "512m"` is half a byte. */
function unlikely(unit: Unit, value: string, amount: number): { meaning: string; suggestion: string } | undefined {
  const number = /^[\d.]+/.exec(value)?.[0] ?? value;
  if (unit === "cores") {
    if (amount <= MOST_CORES) return undefined;
    return { meaning: `${amount.toLocaleString("en", { useGrouping: false })} cores`, suggestion: `${number}m` };
  }
  if (amount >= LEAST_BYTES) return undefined;
  const suggestion = value.endsWith("m") || value.endsWith("k") || value.endsWith("Ki") ? `${number}Mi` : `${number}Gi`;
  return { meaning: amount < 1 ? "less than a byte" : `${Math.round(amount)} ${Math.round(amount) === 1 ? "byte" : "bytes"}`, suggestion };
}
