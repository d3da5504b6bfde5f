/** `--stats` */
import { tasksOf } from "../ir/traverse.ts";
import type { Analysis } from "../compile.ts";

/** How long each stage took, and the sizes of what went in and came out. */
export function statistics(analysis: Analysis & { output?: string }): string {
  const { document, output, texts, timings } = analysis;
  const total = timings.reduce((sum, stage) => sum + stage.milliseconds, 0);
  const rows = [...timings, { name: "total", milliseconds: total }].map(({ name, milliseconds }) => `  ${name.padEnd(10)} ${milliseconds.toFixed(1).padStart(8)} ms`);
  const characters = [...texts.values()].reduce((sum, text) => sum + text.length, 0);
  const tasks = Object.values(document?.pipelines ?? {}).reduce((sum, pipeline) => sum + [...tasksOf(pipeline.body)].length, 0);
  rows.push(`  ${texts.size} sources with ${characters} characters, ${tasks} tasks${output === undefined ? "" : `, ${Buffer.byteLength(output)} bytes out`}`);
  rows.push(`  ${Math.round(process.uptime() * 1000)} ms since the process started, ${Math.round(process.memoryUsage.rss() / 1024 / 1024)} MiB`);
  return `${rows.join("\n")}\n`;
}
