/** Schedules as KFP's recurring runs read them. */
import { sundayAsZero } from "../cron-days.ts";

/**
 * The six-field form of a five-field cron expression. KFP's scheduler reads a field of seconds first, so five fields
 * would run hourly what was meant daily; it counts Sunday as 0 and refuses 7 (kfp-real 9).
 */
export function kfpCron(five: string): string {
  const fields = five.trim().split(/\s+/);
  const dayOfWeek = fields[4];
  if (dayOfWeek === undefined || fields.length !== 5) return `0 ${five.trim()}`;
  return ["0", ...fields.slice(0, 4), sundayAsZero(dayOfWeek)].join(" ");
}
