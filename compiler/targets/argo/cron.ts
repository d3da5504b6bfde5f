/** Schedules as CronWorkflows (reference argo.md 1.6). */
import type { Pipeline } from "../../ir/types.ts";
import { sundayAsZero } from "../cron-days.ts";
import { argoPipelineOptions } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { defined } from "./defined.ts";
import { optionSpan, requiredParameters } from "./workflow-parameters.ts";

/** A day: how late a missed run may start where missed runs are to be made up for. */
const catchUpSeconds = 24 * 60 * 60;

/** The schedule as Argo reads it: five fields, Sunday as 0. */
export function argoCron(five: string): string {
  const fields = five.trim().split(/\s+/);
  const dayOfWeek = fields[4];
  return dayOfWeek === undefined || fields.length !== 5 ? five.trim() : [...fields.slice(0, 4), sundayAsZero(dayOfWeek)].join(" ");
}

/**
 * The fields of a CronWorkflow beside what it runs. Like everywhere in hmc, one run at a time is the default; missed runs are not
 * made up for. Reports what a schedule cannot do: to give a parameter its value, to bound a number of runs above one, and to make
 * up for more than the last missed run.
 */
export function cronFields(build: Build, pipeline: Pipeline): Record<string, unknown> {
  const { options } = pipeline;
  const cron = argoPipelineOptions(options).cron ?? {};
  for (const [parameter, { span }] of requiredParameters(pipeline)) report(build, "HMC4145", span, { parameter, pipeline: pipeline.name });
  const { schedule, maxConcurrency = 1, catchUp } = options;
  if (maxConcurrency > 1 && cron.concurrencyPolicy === undefined) {
    report(build, "HMC4141", optionSpan(options, "maxConcurrency", pipeline.span), { option: "maxConcurrency", why: "a schedule runs one run at a time, or any number", instead: 'It is any number now; a semaphore in "argo" can bound it.' });
  }
  if (catchUp === true) {
    const late = cron.startingDeadlineSeconds === undefined ? 'It starts up to a day late; "argo: { cron: { startingDeadline: … } }" says how late it may.' : "Start the others by hand.";
    report(build, "HMC4141", optionSpan(options, "catchUp", pipeline.span), { option: "catchUp", why: "Argo makes up for the last missed run only", instead: late });
  }
  return (
    defined<Record<string, unknown>>({
      schedules: [...(schedule === undefined ? [] : [schedule]), ...(cron.schedules ?? [])].map(argoCron),
      timezone: options.timezone,
      concurrencyPolicy: cron.concurrencyPolicy ?? (maxConcurrency > 1 ? "Allow" : "Forbid"),
      startingDeadlineSeconds: cron.startingDeadlineSeconds ?? (catchUp === true ? catchUpSeconds : undefined),
      successfulJobsHistoryLimit: cron.successfulHistory,
      failedJobsHistoryLimit: cron.failedHistory,
      when: cron.when,
      stopStrategy: cron.stopWhen === undefined ? undefined : { expression: cron.stopWhen },
      suspend: cron.suspend,
    }) ?? {}
  );
}
