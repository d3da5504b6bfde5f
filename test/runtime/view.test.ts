/** What people see of a run: one line for each ended task, the running ones below in a terminal. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createView, duration } from "../../runtime/local/view.ts";
import { task } from "./project.ts";

const same = (text: string) => text;
const colors = { green: same, red: same, yellow: same, dim: same };
const details = { task: task("t", "t") };

/** What a terminal shows after these writes: the sequences are "up n lines" and "clear to the end". */
function screen(writes: string): string[] {
  const lines: string[] = [];
  for (const part of writes.split(/(\x1b\[\d+A\x1b\[0J)/)) {
    const [, up] = /^\x1b\[(\d+)A/.exec(part) ?? [];
    if (up !== undefined) lines.splice(lines.length - Number(up));
    else lines.push(...part.split("\n").slice(0, -1));
  }
  return lines;
}

test("without a terminal every change is a line of its own, and nothing is drawn again", () => {
  let written = "";
  let now = 0;
  const view = createView({ write: (text) => (written += text), colors, live: false, width: 80, clock: () => now });
  view.task("train", "running", { ...details, attempt: 1 });
  now = 1500;
  view.task("train", "running", { ...details, attempt: 2 });
  now = 61_000;
  view.task("train", "failed", { ...details, reason: "Error: x\nmore" });
  view.task("score", "blocked", details);
  view.task("publish", "skipped", details);
  view.end();
  assert.is(written, "▸ train\n↻ train attempt 2\n✗ train 59.5 s: Error: x\n· score not run\n· publish skipped\n");
});

test("in a terminal the running tasks stand below the ended ones, and go in the end", () => {
  let written = "";
  let now = 0;
  const view = createView({ write: (text) => (written += text), colors, live: true, width: 20, clock: () => now });
  view.task("a", "running", { ...details, attempt: 1 });
  view.task("b", "running", { ...details, attempt: 1 });
  now = 250;
  view.task("a", "succeeded", details);
  assert.equal(screen(written), ["✓ a 250 ms", "▸ b 250 ms"]);
  view.task("a-task-with-a-long-name", "running", { ...details, attempt: 1 });
  assert.equal(screen(written).slice(1).map((line) => line.replace("\x1b[0m", "")), ["▸ b 250 ms", "▸ a-task-with-a-lo…"]);
  for (let index = 0; index < 9; index++) view.task(`t${index}`, "running", { ...details, attempt: 1 });
  assert.is(screen(written).at(-1), "  and 3 more");
  view.end();
  assert.equal(screen(written), ["✓ a 250 ms"]);
});

test("durations are read at a glance", () => {
  assert.equal([0, 999, 1000, 59_900, 60_000, 125_400].map(duration), ["0 ms", "999 ms", "1.0 s", "59.9 s", "1 m 00 s", "2 m 05 s"]);
});

test.run();
