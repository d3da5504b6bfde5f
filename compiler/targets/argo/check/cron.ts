/** Schedules of CronWorkflows, as robfig/cron reads them (reference argo.md 1.6, 4.1: r59, r60). */
import { nearestName } from "../../../diagnostics/nearest.ts";
import { isOlder } from "../versions.ts";
import { filled, isGiven, itemsOf, textOf } from "./json.ts";
import type { Work } from "./work.ts";

/** Checks when a CronWorkflow starts. */
export function checkCron(work: Work): void {
  const { kind, outer } = work.model;
  if (kind !== "CronWorkflow") return;
  const schedules = itemsOf(outer["schedules"]);
  for (const [index, schedule] of schedules.entries()) checkSchedule(work, schedule, ["spec", "schedules", index]);
  if (isOlder(work.version, "4.0")) {
    if (isGiven(outer["schedule"])) checkSchedule(work, outer["schedule"], ["spec", "schedule"]);
    else if (schedules.length === 0) work.report("HMC8007", { path: ["spec"], part: "key" }, { holder: "a CronWorkflow", field: "schedules" });
  }
  const timezone = filled(outer["timezone"]);
  if (timezone !== undefined && !isTimeZone(timezone)) work.report("HMC8042", { path: ["spec", "timezone"] }, { timezone, suggestion: nearestName(timezone, Intl.supportedValuesOf("timeZone")) });
}

function isTimeZone(name: string): boolean {
  if (name === "Local") return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function checkSchedule(work: Work, value: unknown, path: readonly (string | number)[]): void {
  const schedule = textOf(value);
  if (schedule === undefined) return;
  const problem = problemOf(schedule);
  if (problem !== undefined) work.report("HMC8041", { path }, { schedule, problem });
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The five fields, each with its bounds and the words that stand for numbers. */
const fields: { name: string; from: number; to: number; words: string[] }[] = [
  { name: "minute", from: 0, to: 59, words: [] },
  { name: "hour", from: 0, to: 23, words: [] },
  { name: "day of month", from: 1, to: 31, words: [] },
  { name: "month", from: 1, to: 12, words: months },
  { name: "day of week", from: 0, to: 6, words: days },
];

const descriptors = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** What is wrong with a schedule, if anything. */
function problemOf(schedule: string): string | undefined {
  const text = schedule.replace(/^(?:TZ|CRON_TZ)=\S+\s+/, "").trim();
  if (text === "") return "it is empty";
  if (text.startsWith("@every ")) return /^@every [+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(text) ? undefined : `"${text.slice(7)}" is no duration`;
  if (text.startsWith("@")) return descriptors.includes(text) ? undefined : `there is no "${text}"`;
  const parts = text.split(/\s+/);
  if (parts.length !== fields.length) return `it has ${parts.length} ${parts.length === 1 ? "field" : "fields"}`;
  for (const [index, field] of fields.entries()) {
    const wrong = (parts[index] ?? "").split(",").find((part) => !isPart(part, field));
    if (wrong !== undefined) return `"${wrong}" is no ${field.name}`;
  }
  return undefined;
}

/** One of the parts of a field that commas separate: `*`, `1-5`, `mon`, `0-30/5`. */
function isPart(part: string, field: { from: number; to: number; words: string[] }): boolean {
  const match = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
  if (match === null) return false;
  const [, first = "", last, step] = match;
  if (step !== undefined && Number(step) === 0) return false;
  if (first === "*" || first === "?") return last === undefined;
  const [low, high] = [numberOf(first, field), last === undefined ? undefined : numberOf(last, field)];
  if (low === undefined || (last !== undefined && high === undefined)) return false;
  return low >= field.from && (high ?? low) <= field.to && low <= (high ?? low);
}

function numberOf(text: string, { from, words }: { from: number; words: string[] }): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + from;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
