/** Strings that govaluate reads as a time, in the zone UTC of the controller. */

const date = String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})`;
const second = String.raw`(?<second>\d{2})(?:[.,]\d+)?`;
const zones = { colon: String.raw`(?<zone>Z|[+-]\d{2}:\d{2})`, plain: String.raw`(?<zone>Z|[+-]\d{4})`, always: String.raw`(?<zone>[+-]\d{2}:\d{2})` };
const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec".split("|");
const named = String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<name>${months.join("|")})`;

const formats = [
  String.raw`${named} {1,2}(?<day>\d{1,2}) (?<hour>\d{1,2}):(?<minute>\d{2}):${second} (?<year>\d{4})`,
  String.raw`${named} {1,2}(?<day>\d{1,2}) (?<hour>\d{1,2}):(?<minute>\d{2}):${second} UTC (?<year>\d{4})`,
  String.raw`${named} (?<day>\d{2}) (?<hour>\d{1,2}):(?<minute>\d{2}):${second} (?<zone>[+-]\d{4}) (?<year>\d{4})`,
  String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?<half>AM|PM)`,
  String.raw`${date}T(?<hour>\d{1,2}):(?<minute>\d{2}):${second}${zones.colon}`,
  date,
  String.raw`${date} (?<hour>\d{1,2}):(?<minute>\d{2})`,
  String.raw`${date} (?<hour>\d{1,2}):(?<minute>\d{2}):${second}`,
  String.raw`${date} (?<hour>\d{1,2}):(?<minute>\d{2}):${second}${zones.always}`,
  String.raw`${date}T(?<hour>\d{1,2})${zones.plain}`,
  String.raw`${date}T(?<hour>\d{1,2}):(?<minute>\d{2})${zones.plain}`,
  String.raw`${date}T(?<hour>\d{1,2}):(?<minute>\d{2}):${second}${zones.plain}`,
].map((source) => new RegExp(`^${source}$`));

/** The whole seconds since 1970 of a text that is a time, `undefined` of any other. */
export function timeOf(text: string): number | undefined {
  for (const format of formats) {
    const found = format.exec(text)?.groups;
    const seconds = found === undefined ? undefined : secondsOf(found);
    if (seconds !== undefined) return seconds;
  }
  return undefined;
}

function secondsOf(found: Record<string, string | undefined>): number | undefined {
  const number = (name: string, otherwise: number) => (found[name] === undefined ? otherwise : Number(found[name]));
  const year = number("year", 0);
  const month = found["name"] === undefined ? number("month", 1) : months.indexOf(found["name"]) + 1;
  const day = number("day", 1);
  const isHalf = found["half"] !== undefined;
  const given = number("hour", 0);
  if (isHalf && given > 12) return undefined;
  const hour = isHalf ? (given % 12) + (found["half"] === "PM" ? 12 : 0) : given;
  const minute = number("minute", 0);
  const second = number("second", 0);
  const start = new Date(0);
  start.setUTCFullYear(year, month - 1, day);
  if (start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  return Math.floor(start.getTime() / 1000) + hour * 3600 + minute * 60 + second - zoneSeconds(found["zone"]);
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)].map(Number);
  return (zone.startsWith("-") ? -1 : 1) * ((hours ?? 0) * 3600 + (minutes ?? 0) * 60);
}
