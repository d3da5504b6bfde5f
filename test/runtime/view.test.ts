/** What people see of a run: one line for each ended task, the running ones below in a terminal. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runtime/local/events.ts";
import { clipped, lastLineOf } from "../../runtime/local/screen-text.ts";
import { createView, duration, type View, type ViewSettings } from "../../runtime/local/view.ts";
import { Screen } from "./screen.ts";

const same = (text: string) => text;
const plain = { green: same, red: same, yellow: same, dim: same };
const colored = { green: (text: string) => `\x1b[32m${text}\x1b[39m`, red: (text: string) => `\x1b[31m${text}\x1b[39m`, yellow: (text: string) => `\x1b[33m${text}\x1b[39m`, dim: (text: string) => `\x1b[2m${text}\x1b[22m` };

const of = (key: string) => ({ at: "2026-01-01T00:00:00.000Z", key, task: key, component: key });
const started = (key: string, attempt = 1): RunEvent => ({ kind: "taskStarted", ...of(key), attempt });
const waiting = (key: string, retryAt: number): RunEvent => ({ kind: "taskWaiting", ...of(key), attempt: 1, reason: "it ended with the exit code 1.", retryAt });
type End = Omit<Extract<RunEvent, { kind: "taskEnded" }>, "kind" | keyof ReturnType<typeof of> | "attempts">;
const ended = (key: string, end: End): RunEvent => ({ kind: "taskEnded", ...of(key), attempts: 1, ...end });

/** A view of a screen, with a clock that the test sets. */
function viewOf(more: Partial<ViewSettings> = {}): { view: View; written: () => string; time: { now: number } } {
  let written = "";
  const time = { now: 0 };
  const view = createView({ write: (text) => (written += text), colors: plain, live: false, width: () => 80, clock: () => time.now, lastLine: () => undefined, ...more });
  return { view, written: () => written, time };
}

test("without a terminal every change is a line of its own, and nothing is drawn again", () => {
  const { view, written } = viewOf();
  for (const event of [started("train"), waiting("train", 500), started("train", 2), ended("train", { state: "failed", milliseconds: 59_500, reason: "Error: x\nmore" }), ended("score", { state: "blocked" }), ended("publish", { state: "skipped" }), ended("load", { state: "succeeded", origin: "cache" })]) view.event(event);
  view.end();
  assert.is(written(), "▸ train\n↻ train tries again: it ended with the exit code 1.\n↻ train attempt 2\n✗ train 59.5 s: Error: x\n· score not run\n· publish skipped\n✓ load cached\n");
  assert.not.match(written(), "\x1b");
});

test("in a terminal the running tasks stand below the ended ones, with what they printed last, and go in the end", () => {
  const screen = new Screen(24);
  const { view, time } = viewOf({ write: (text) => screen.write(text), live: true, width: () => 24, lastLine: (key) => (key === "b" ? "epoch 3 東京東京東京" : undefined) });
  view.event(started("a"));
  view.event(started("b"));
  time.now = 250;
  view.event(ended("a", { state: "succeeded", origin: "ran", milliseconds: 250 }));
  assert.equal(screen.lines(), ["✓ a 250 ms", "▸ b 250 ms epoch 3 東…", "250 ms · 1 running · 1…"]);
  view.event(waiting("b", 2250));
  assert.equal(screen.lines(), ["✓ a 250 ms", "↻ b 250 ms again in 2.…", "250 ms · 1 running · 1…"]);
  for (let index = 0; index < 9; index++) view.event(started(`t${index}`));
  assert.is(screen.lines().at(-2), "  and 2 more");
  view.event({ kind: "runEnded", at: "", run: "r", state: "stopped", outputs: {}, failures: [] });
  view.end();
  assert.equal(screen.lines(), ["✓ a 250 ms"]);
});

test("whatever happens, and however narrow the screen, no drawn line wraps, and in the end each ended task stands there once", () => {
  const key = fc.stringMatching(/^[a-z東é😀/-]{1,30}$/u);
  const step = fc.record({ key: fc.nat(5), what: fc.constantFrom("start", "wait", "end", "fail", "time", "notice") });
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 6, maxLength: 6 }), fc.array(step, { maxLength: 40 }), fc.integer({ min: 4, max: 60 }), fc.string({ unit: "grapheme", maxLength: 80 }), (keys, steps, columns, said) => {
      const screen = new Screen(columns);
      const last = lastLineOf(`${said}\x1b[2J\x1b[1;1Hx`);
      const { view, time } = viewOf({ write: (text) => screen.write(text), live: true, width: () => columns, colors: colored, lastLine: () => last });
      const expected: string[] = [];
      for (const { key: number, what } of steps) {
        const name = keys[number] ?? "";
        if (what === "start") view.event(started(name));
        else if (what === "wait") view.event(waiting(name, time.now + 5000));
        else if (what === "time") time.now += 1300;
        else if (what === "notice") view.print("a notice\n");
        else view.event(ended(name, { state: what === "end" ? "succeeded" : "failed" }));
        if (what === "end" || what === "fail") expected.push(`${what === "end" ? "✓" : "✗"} ${name}`);
        if (what === "notice") expected.push("a notice");
      }
      view.end();
      const shown = new Screen(columns);
      for (const line of expected) shown.write(`${line}\n`);
      assert.equal(screen.lines(), shown.lines());
    }),
    { numRuns: 300 },
  );
});

test("a screen that becomes narrower while something is drawn", () => {
  // The terminal wraps again what stands there: rows are counted by the new width.
  let columns = 40;
  let written = "";
  const { view } = viewOf({ write: (text) => (written += text), live: true, width: () => columns, lastLine: () => "a line that fills the whole of the screen" });
  view.event(started("a"));
  columns = 20;
  written = "";
  view.event(started("b"));
  assert.match(written, /^\x1b\[3A\x1b\[0J/);
  view.end();
});

test("lines are cut by columns, and what programs print cannot move the cursor", () => {
  assert.is(clipped("東京東京", 8), "東京東京");
  assert.is(clipped("東京東京", 7), "東京東…\x1b[0m");
  assert.is(clipped("\x1b[31mabc\x1b[39m", 3), "\x1b[31mabc\x1b[39m");
  assert.is(clipped("👨‍👩‍👧 family", 4), "👨‍👩‍👧 …\x1b[0m");
  assert.is(lastLineOf("a\nb\x1b[2J\x07\r\n\n"), "b");
  assert.is(lastLineOf("10 %\r50 %\r"), "50 %");
  assert.is(lastLineOf("\n \n"), undefined);
});

test("durations are read at a glance", () => {
  assert.equal([0, 999, 1000, 59_900, 60_000, 125_400].map(duration), ["0 ms", "999 ms", "1.0 s", "59.9 s", "1 m 00 s", "2 m 05 s"]);
});

test.run();
