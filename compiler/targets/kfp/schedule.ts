/** Schedules as KFP's recurring runs read them. */

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

/** `7` → `0`, `5-7` → `0,5-6`, `1-7/2` → the days themselves. */
function sundayAsZero(field: string): string {
  if (!/7/.test(field)) return field;
  const parts = field.split(",").flatMap((part) => {
    const [range = "", step] = part.split("/");
    if (range === "7") return ["0"];
    const ends = /^(\d)-7$/.exec(range);
    if (ends === null) return [part];
    const days: number[] = [];
    for (let day = Number(ends[1]); day <= 7; day += Number(step ?? 1)) days.push(day % 7);
    return days.map(String);
  });
  return [...new Set(parts)].sort().join(",");
}
