/**
 * Five-field cron, as both back ends read it: robfig/cron v1 in KFP (without its seconds field) and
 * `cron.ParseStandard` of robfig/cron v3 in Argo. Macros, `L`, `W`, `#` and `H` are in neither.
 */

export interface Cron {
  minute: CronField;
  hour: CronField;
  dayOfMonth: CronField;
  month: CronField;
  dayOfWeek: CronField;
}

export interface CronField {
  /** The values that match, ascending. Sunday is 0. */
  values: number[];
  /** Written as `*`, so that it restricts nothing. */
  any: boolean;
}

interface FieldGrammar {
  name: string;
  least: number;
  most: number;
  /** Names of the values from `least` on. */
  names: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const grammar = {
  minute: { name: "minute", least: 0, most: 59, names: [] },
  hour: { name: "hour", least: 0, most: 23, names: [] },
  dayOfMonth: { name: "day of month", least: 1, most: 31, names: [] },
  month: { name: "month", least: 1, most: 12, names: months },
  dayOfWeek: { name: "day of week", least: 0, most: 7, names: days },
} satisfies Record<keyof Cron, FieldGrammar>;

/** The five-field form of the macros that other tools take. */
export const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** The fields of a cron expression, separated by white space. */
export function cronFields(schedule: string): string[] {
  return schedule.trim().split(/\s+/).filter((field) => field !== "");
}

/** Reads a five-field expression; where it is not valid, the problem as the middle of a sentence. */
export function parseCron(schedule: string): Cron | { problem: string } {
  const fields = cronFields(schedule);
  if (/^(CRON_)?TZ=/.test(schedule.trim())) return { problem: `it names a time zone, which belongs into the option "timezone"` };
  if (schedule.trim().startsWith("@")) {
    const macro = macros[schedule.trim()];
    return { problem: macro === undefined ? `there are no macros` : `there are no macros, and "${schedule.trim()}" is "${macro}"` };
  }
  if (fields.length !== 5) return { problem: `it has ${fields.length === 1 ? "one field" : `${fields.length} fields`}` };
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  const cron: Cron = {
    minute: { values: [], any: false },
    hour: { values: [], any: false },
    dayOfMonth: { values: [], any: false },
    month: { values: [], any: false },
    dayOfWeek: { values: [], any: false },
  };
  const texts = { minute, hour, dayOfMonth, month, dayOfWeek };
  for (const key of Object.keys(grammar) as (keyof Cron)[]) {
    const field = parseField(texts[key], grammar[key]);
    if ("problem" in field) return field;
    cron[key] = field;
  }
  return cron;
}

function parseField(text: string, field: FieldGrammar): CronField | { problem: string } {
  const values = new Set<number>();
  let any = false;
  for (const part of text.split(",")) {
    const match = /^(?:(\*|\?)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/i.exec(part);
    if (match === null) return { problem: `"${part}" is not a ${field.name}` };
    const [, wildcard, from, to, stepText] = match;
    if (wildcard === "?" && field.name !== "day of month" && field.name !== "day of week") return { problem: `"?" is not a ${field.name}` };
    const step = stepText === undefined ? 1 : Number(stepText);
    if (step === 0) return { problem: `the step of "${part}" is zero` };
    const highest = field.most === 7 ? 6 : field.most;
    const low = wildcard === undefined ? valueOf(from ?? "", field) : field.least;
    const high = wildcard !== undefined ? highest : to !== undefined ? valueOf(to, field) : stepText === undefined ? low : highest;
    if (low === undefined || high === undefined) return { problem: `"${low === undefined ? from : to}" is not a ${field.name}` };
    for (const value of [low, high]) {
      if (value < field.least || value > field.most) return { problem: `the ${field.name} ${value} is not between ${field.least} and ${field.most}` };
    }
    if (low > high) return { problem: `the range "${part}" runs backwards` };
    if (wildcard !== undefined && step === 1) any = true;
    for (let value = low; value <= high; value += step) values.add(field.most === 7 ? value % 7 : value);
  }
  return { values: [...values].sort((left, right) => left - right), any };
}

function valueOf(text: string, field: FieldGrammar): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = field.names.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + field.least;
}

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Why an expression matches no day of any year, or undefined where it matches one. Where both kinds of days are
 * restricted, cron fires on either, so that a day of the week always matches.
 */
export function neverFires(cron: Cron): string | undefined {
  if (!cron.dayOfWeek.any || cron.dayOfMonth.any) return undefined;
  const first = cron.dayOfMonth.values[0] ?? 1;
  const possible = cron.month.values.some((month) => first <= (longestMonth[month - 1] ?? 31));
  if (possible) return undefined;
  const month = cron.month.values.map((value) => monthNames[value - 1]).join(" or ");
  return `there is no ${first} ${month}`;
}

const monthNames = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
