/** When a schedule fires, for `hmc explain` and hovers. */
import { CronExpressionParser } from "cron-parser";
import { parseCron } from "./cron.ts";

/**
 * The next times at which a five-field schedule fires after `from`, at most `count`; none where the schedule or
 * the time zone is not valid or where it never fires.
 *
 * @param timezone IANA name; UTC where it is missing
 */
export function nextFires(schedule: string, timezone: string | undefined, from: Date, count: number): Date[] {
  if ("problem" in parseCron(schedule)) return [];
  const fires: Date[] = [];
  try {
    const expression = CronExpressionParser.parse(schedule, { currentDate: from, tz: timezone ?? "UTC" });
    while (fires.length < count) fires.push(expression.next().toDate());
  } catch {
    // cron-parser throws for a zone that is not known and where it finds no further time.
  }
  return fires;
}
