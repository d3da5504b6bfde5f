/** When a schedule fires, for `hmc explain` and hovers. */
import { CronExpressionParser } from "cron-parser";
import { parseCron, type Cron } from "./cron.ts";

/**
 * The next times at which a five-field schedule fires after `from`, at most `count`; none where the schedule or
 * the time zone is not valid or where it never fires.
 *
 * @param timezone IANA name; UTC where it is missing
 */
export function nextFires(schedule: string, timezone: string | undefined, from: Date, count: number): Date[] {
  const cron = parseCron(schedule);
  if ("problem" in cron) return [];
  const fires: Date[] = [];
  try {
    const expression = CronExpressionParser.parse(normalForm(cron), { currentDate: from, tz: timezone ?? "UTC" });
    while (fires.length < count) fires.push(expression.next().toDate());
  } catch {
    // cron-parser throws for a zone that is not known and where it finds no further time.
  }
  return fires;
}

/** Plain lists, which cron-parser cannot read differently from the schedulers of the back ends. */
function normalForm(cron: Cron): string {
  return [cron.minute, cron.hour, cron.dayOfMonth, cron.month, cron.dayOfWeek].map((field) => (field.any ? "*" : field.values.join(","))).join(" ");
}
