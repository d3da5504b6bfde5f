/** What a pipeline will do: when it runs, with which parameters, which tasks. */
import { describeExpression, describeType } from "../ir/describe.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import { nextFires } from "../rules/next-fires.ts";
import { kfpCron } from "../targets/kfp/schedule.ts";
import { table } from "./table.ts";
import type { Colors } from "./terminal.ts";

/** @param now from when the next fires are counted */
export function explainPipeline(document: Document, pipeline: Pipeline, now: Date, colors: Colors): string {
  const { bold, dim, cyan } = colors;
  const lines = [`${bold(pipeline.id)}  ${dim(`${pipeline.span.file}:${pipeline.span.line}`)}`];
  if (pipeline.description !== undefined) lines.push(...pipeline.description.split("\n"));
  const section = (title: string, rows: string[]) => {
    if (rows.length > 0) lines.push("", bold(title), ...rows.map((row) => `  ${row}`));
  };
  section("Schedule", schedule(pipeline, now, dim));
  section("Parameters", table(Object.entries(pipeline.inputs).map(([name, input]) => [
    cyan(name),
    describeType(input.type),
    input.default !== undefined ? `= ${JSON.stringify(input.default)}` : input.optional ? "optional" : "required",
    dim(input.description ?? ""),
  ])));
  section("Tasks", table([...tasksOf(pipeline.body)].map((task) => {
    const component = task.target.kind === "component" ? document.components[task.target.id] : undefined;
    return [cyan(task.id), component === undefined ? `pipeline ${task.target.id}` : `${component.kind} ${component.name}`, dim(`${task.span.file}:${task.span.line}`)];
  })));
  section("Outputs", table(Object.entries(pipeline.outputs).map(([name, output]) => [cyan(name), describeType(output.type), `← ${describeExpression(output.value)}`])));
  section("Options", table(options(pipeline)));
  if (document.environment.length > 0) section("Read from the environment of hmc", document.environment);
  return `${lines.join("\n")}\n`;
}

function schedule({ options }: Pipeline, now: Date, dim: Colors["dim"]): string[] {
  if (options.schedule === undefined) return [];
  const zone = options.timezone ?? "UTC";
  const fires = nextFires(options.schedule, options.timezone, now, 3);
  return table([
    ["cron", options.schedule, dim("minute, hour, day of month, month, day of week")],
    ["for KFP", kfpCron(options.schedule), dim("with the field of seconds that KFP reads first")],
    ["time zone", zone, dim(options.timezone === undefined ? "none was given" : "schedules of KFP have none: that of its server counts there")],
    ...fires.map((fire, index) => [index === 0 ? "next fires" : "", inZone(fire, zone), dim(zone === "UTC" ? "" : `${inZone(fire, "UTC")} UTC`)]),
  ]);
}

/** `Tue 2026-11-24 00:00` */
function inZone(time: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${parts["weekday"]} ${parts["year"]}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}`;
}

function options({ options: given }: Pipeline): string[][] {
  const shown = ["displayName", "experiment", "deadlineSeconds", "ttlSeconds", "workspace", "pipelineRoot", "maxConcurrency", "catchUp"] as const;
  return shown.flatMap((name) => (given[name] === undefined ? [] : [[name, typeof given[name] === "string" ? given[name] : JSON.stringify(given[name])]]));
}
