/** Days of the week as robfig/cron reads them, the scheduler of KFP and of Argo: it counts Sunday as 0 and refuses 7. */

/** The fifth field of a cron expression without a 7: `7` → `0`, `5-7` → `0,5-6`, `1-7/2` → the days themselves. */
export function sundayAsZero(field: string): string {
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
