/** `hmc plan` */
import { resolve } from "node:path";
import { readParameters } from "../../runtime/local/parameters.ts";
import { forecast, type Forecast, type TaskForecast } from "../../runtime/local/forecast.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { analysed, chosen } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportDiagnostics } from "./report.ts";
import type { RunFlags } from "./run.ts";
import { chosenStores } from "./store-option.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export type PlanFlags = Pick<RunFlags, "parameter" | "pipeline" | "exec" | "json" | "store">;

/** Says of each task whether a run would take its result from the cache. Nothing runs. */
export async function planCommand(host: Host, terminal: Terminal, given: string, flags: PlanFlags): Promise<number> {
  const found = analysed(host, terminal, given);
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const pipeline = chosen(host, terminal, analysis, document, flags.pipeline);
  if (pipeline === undefined) return exitCodes.failure;
  const report = (diagnostics: Diagnostic[]): number => {
    reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err");
    return exitCodes.failure;
  };
  const { values, diagnostics } = readParameters(
    { kind: "pipeline", name: pipeline.id, inputs: pipeline.inputs },
    { texts: flags.parameter ?? [], option: "-p", resolvePath: (path) => resolve(host.cwd(), path) },
  );
  if (diagnostics.length > 0) return report(diagnostics);
  const opened = await chosenStores(host, analysis.root, values, { flag: flags.store });
  if ("diagnostics" in opened) return report(opened.diagnostics);
  const result = await forecast({ document, pipeline, root: analysis.root, parameters: values, containersOnHost: flags.exec === "host", environment: process.env, stores: opened.stores });
  if ("diagnostics" in result) return report(result.diagnostics);
  if (flags.json === true) terminal.out(`${JSON.stringify({ pipeline: pipeline.id, tasks: result.tasks }, undefined, 2)}\n`);
  else terminal.out(text(terminal, result.tasks));
  return exitCodes.success;
}

function text({ outColors: { dim, green, yellow, red } }: Terminal, tasks: readonly TaskForecast[]): string {
  const colors: Record<Forecast, (word: string) => string> = { hit: green, miss: yellow, unknown: dim, skip: dim, import: dim, fail: red };
  const rows = tasks.map(({ key, forecast: told, reason, run }) => [colors[told](told), key, dim(reason ?? (run === undefined ? meanings[told] : `as in ${run}`))]);
  const counts = (Object.keys(meanings) as Forecast[]).flatMap((told) => {
    const count = tasks.filter((task) => task.forecast === told).length;
    return count === 0 ? [] : [`${count} ${told}`];
  });
  return `${table(rows).join("\n")}\n${dim(counts.length === 0 ? "no tasks" : counts.join(", "))}\n`;
}

const meanings: Record<Forecast, string> = {
  hit: "",
  miss: "it runs",
  unknown: "it depends on a task that runs",
  skip: "its condition is not met",
  import: "nothing runs",
  fail: "",
};
