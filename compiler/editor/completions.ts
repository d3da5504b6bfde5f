/** Completion inside the texts of options: what the project names elsewhere, and usual schedules. */
import type { TaskOptions } from "../ir/types.ts";
import type { Service } from "./service.ts";

export interface Completion {
  label: string;
  detail: string;
  /** What is replaced: the text between the quotes. UTF-16 units. */
  start: number;
  end: number;
}

const schedules = [
  ["0 * * * *", "every hour"],
  ["0 0 * * *", "every day at midnight"],
  ["0 6 * * 1-5", "at six on working days"],
  ["0 0 * * 1", "every Monday at midnight"],
  ["0 0 1 * *", "on the first day of each month"],
  ["*/15 * * * *", "every quarter of an hour"],
] as const;

/** @param offset UTF-16 units; it must lie between the quotes of an option's value, or of the arguments of `secret()` */
export function completions(service: Service, path: string, offset: number): Completion[] {
  const text = service.text(path) ?? "";
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(line, offset);
  const [, kind, option, quote = "", typed = ""] = /(?:\b(secret)\(\s*|\b(image|schedule|timezone)\s*:\s*)(["'`])([^"'`]*)$/.exec(before) ?? secretKey(before) ?? [];
  if (quote === "") return [];
  const start = offset - typed.length;
  const rest = text.slice(offset).search(/["'`\n]/);
  const end = rest < 0 || text[offset + rest] === "\n" ? offset : offset + rest;
  const values = kind === "secret" ? secretNames(service) : kind !== undefined ? secretKeys(service, kind) : option === "image" ? images(service) : option === "schedule" ? schedules.map(([label, detail]) => ({ label, detail })) : zones();
  return values.filter(({ label }) => label !== "").map((value) => ({ ...value, start, end }));
}

/** `secret("aws", "…`: as the other pattern, with the name of the secret as the kind. */
function secretKey(before: string): (string | undefined)[] | undefined {
  const found = /\bsecret\(\s*["'`]([^"'`]+)["'`]\s*,\s*(["'`])([^"'`]*)$/.exec(before);
  return found === null ? undefined : [found[0], `secret:${found[1]}`, undefined, found[2], found[3]];
}

function optionsOf(service: Service): TaskOptions[] {
  return service.allKnown().flatMap(({ document }) => [
    ...Object.values(document.components).flatMap((component) => (component.kind === "importer" ? [] : [component.options])),
    ...Object.values(document.pipelines).flatMap(({ options, body }) => [...(options.defaults === undefined ? [] : [options.defaults]), ...body.nodes.flatMap((node) => (node.kind === "task" ? [node.options] : []))]),
  ]);
}

function images(service: Service): { label: string; detail: string }[] {
  return distinct(optionsOf(service).flatMap(({ image }) => (typeof image === "string" ? [image] : [])), "an image of this project");
}

function secretsOf(service: Service): { name: string; key: string }[] {
  return optionsOf(service).flatMap(({ env }) => Object.values(env ?? {}).flatMap((value) => (value.kind === "secret" && typeof value.name === "string" ? [{ name: value.name, key: value.key }] : [])));
}

function secretNames(service: Service): { label: string; detail: string }[] {
  return distinct(secretsOf(service).map(({ name }) => name), "a secret of this project");
}

function secretKeys(service: Service, kind: string): { label: string; detail: string }[] {
  return distinct(secretsOf(service).filter(({ name }) => `secret:${name}` === kind).map(({ key }) => key), "a key of this secret");
}

function zones(): { label: string; detail: string }[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone")].map((label) => ({ label, detail: "time zone" }));
}

function distinct(labels: string[], detail: string): { label: string; detail: string }[] {
  return [...new Set(labels)].sort().map((label) => ({ label, detail }));
}
