/** Schedules that are wrong, or that start far more runs than meant. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Document, Pipeline, Span } from "../ir/types.ts";
import { cronFields, macros, neverFires, parseCron, type Cron } from "./cron.ts";
import { optionSpan } from "./layers.ts";
import { replacement } from "./replacement.ts";
import type { Rule } from "./rule.ts";

export const schedule: Rule = {
  codes: ["HMC3010", "HMC3011", "HMC3012", "HMC3013", "HMC5004", "HMC5005", "HMC5006", "HMC5007"],
  scope: "cluster",
  check: (document: Document) => Object.values(document.pipelines).flatMap((pipeline) => [...checkSchedule(pipeline), ...checkTimezone(pipeline), ...withoutSchedule(pipeline)]),
};

function checkSchedule(pipeline: Pipeline): Diagnostic[] {
  const text = pipeline.options.schedule;
  if (text === undefined) return [];
  const span = optionSpan(pipeline.options, pipeline.span, "schedule");
  const written = pipeline.options.spans?.["schedule"];
  const fields = cronFields(text);
  if (fields.length === 6 && /^[\d*]/.test(fields[0] ?? "") && !("problem" in parseCron(fields.slice(1).join(" ")))) {
    const five = fields.slice(1).join(" ");
    return [diagnostic("HMC3011", span, { schedule: text }, fields[0] === "0" ? replacement(written, five) : {})];
  }
  const cron = parseCron(text);
  if ("problem" in cron) {
    const macro = macros[text.trim()];
    return [diagnostic("HMC3010", span, { schedule: text, problem: cron.problem }, replacement(written, macro))];
  }
  const reason = neverFires(cron);
  if (reason !== undefined) return [diagnostic("HMC3012", span, { schedule: text, reason })];
  return often(text, cron, span, written);
}

function often(text: string, cron: Cron, span: Span | undefined, written: Span | undefined): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (cron.minute.values.length === 60) {
    if (cron.hour.values.length === 24) {
      found.push(diagnostic("HMC5004", span, { schedule: text }));
    } else {
      const better = ["0", ...cronFields(text).slice(1)].join(" ");
      const hours = cron.hour.values.length === 1 ? `the hour ${cron.hour.values[0]}` : `each of ${cron.hour.values.length} hours`;
      found.push(diagnostic("HMC5005", span, { schedule: text, hours, better }, replacement(written, better)));
    }
  }
  if (!cron.dayOfMonth.any && !cron.dayOfWeek.any) found.push(diagnostic("HMC5006", span, { schedule: text }));
  return found;
}

function checkTimezone(pipeline: Pipeline): Diagnostic[] {
  const timezone = pipeline.options.timezone;
  if (timezone === undefined || isTimezone(timezone)) return [];
  const suggestion = nearestName(timezone, Intl.supportedValuesOf("timeZone"));
  const span = optionSpan(pipeline.options, pipeline.span, "timezone");
  return [diagnostic("HMC3013", span, { timezone, suggestion }, replacement(pipeline.options.spans?.["timezone"], suggestion))];
}

/** An IANA name. Offsets such as `+02:00`, which `Intl` also takes, mean nothing to cron. */
function isTimezone(timezone: string): boolean {
  if (!/^[A-Za-z]/.test(timezone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}

function withoutSchedule(pipeline: Pipeline): Diagnostic[] {
  if (pipeline.options.schedule !== undefined) return [];
  return (["timezone", "maxConcurrency", "catchUp"] as const)
    .filter((option) => pipeline.options[option] !== undefined)
    .map((option) => diagnostic("HMC5007", optionSpan(pipeline.options, pipeline.span, option), { option, needs: "schedule" }));
}
