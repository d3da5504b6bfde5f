/**
 * The progress of a run for people, from its events: one line for each task that has ended, and in a terminal the running
 * ones below, with what they printed last.
 */
import { clipped, plainText } from "./screen-text.ts";
import type { EndState, Origin, RunEvent, TaskEnded } from "./events.ts";

export interface ViewSettings {
  write(text: string): void;
  colors: Record<"green" | "red" | "yellow" | "dim", (text: string) => string>;
  /** Whether lines can be drawn again. */
  live: boolean;
  /** Columns of the screen, asked each time: it may be resized. */
  width: () => number;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** The last line that a task has printed, if it has printed anything. */
  lastLine: (key: string) => string | undefined;
}

export interface View {
  event(event: RunEvent): void;
  /** Writes whole lines above what is drawn for running tasks. */
  print(text: string): void;
  /** Removes what is drawn for running tasks. */
  end(): void;
}

interface Running {
  since: number;
  /** When the next try is due; the task is waiting for it. */
  retryAt?: number;
}

/** The most running tasks that are drawn at once. */
const shown = 8;

/** How often the drawing is brought up to date. */
const frameMilliseconds = 250;

export function createView(settings: ViewSettings): View {
  const { write, colors, live, clock, width } = settings;
  const running = new Map<string, Running>();
  const ended = { done: 0, failed: 0 };
  let started = clock();
  let drawn: string[] = [];
  let drawnWidth = width();

  const erase = (): void => {
    // A narrower screen has wrapped what was drawn.
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(plainText(line).width / Math.max(1, Math.min(drawnWidth, width())))), 0);
    if (rows > 0) write(`\x1b[${rows}A\x1b[0J`);
    drawn = [];
  };
  const runningLine = (key: string, { since, retryAt }: Running): string => {
    const took = colors.dim(duration(clock() - since));
    if (retryAt !== undefined) return `${colors.yellow("↻")} ${key} ${took} ${colors.dim(`again in ${duration(Math.max(0, retryAt - clock()))}`)}`;
    const said = settings.lastLine(key);
    return `${colors.yellow("▸")} ${key} ${took}${said === undefined ? "" : ` ${colors.dim(said)}`}`;
  };
  const draw = (): void => {
    if (!live || running.size === 0) return;
    const lines = [...running].slice(0, shown).map(([key, task]) => runningLine(key, task));
    if (running.size > shown) lines.push(colors.dim(`  and ${running.size - shown} more`));
    const parts = [duration(clock() - started), `${running.size} running`, ...(ended.done > 0 ? [`${ended.done} done`] : []), ...(ended.failed > 0 ? [`${ended.failed} failed`] : [])];
    lines.push(colors.dim(parts.join(" · ")));
    drawnWidth = width();
    drawn = lines.map((line) => clipped(line, drawnWidth - 1));
    write(`${drawn.join("\n")}\n`);
  };
  const change = (text: string): void => {
    erase();
    write(text);
    draw();
  };
  const timer = live ? setInterval(() => change(""), frameMilliseconds) : undefined;
  timer?.unref();

  return {
    event: (event) => {
      switch (event.kind) {
        case "runStarted":
          started = clock();
          return;
        case "taskStarted": {
          const since = running.get(event.key)?.since ?? clock();
          running.set(event.key, { since });
          if (event.attempt > 1) return change(`${colors.yellow("↻")} ${event.key} ${colors.dim(`attempt ${event.attempt}`)}\n`);
          return change(live ? "" : `${colors.yellow("▸")} ${event.key}\n`);
        }
        case "taskWaiting":
          running.set(event.key, { since: running.get(event.key)?.since ?? clock(), retryAt: event.retryAt });
          return change(live ? "" : `${colors.yellow("↻")} ${event.key} ${colors.dim(`tries again: ${firstLine(event.reason)}`)}\n`);
        case "taskEnded":
          running.delete(event.key);
          if (event.state === "succeeded") ended.done++;
          if (event.state === "failed") ended.failed++;
          return change(`${endedLine(event, colors)}\n`);
        case "notice":
          return change(`${colors.yellow(event.code)} ${event.message}\n`);
        case "runEnded":
          running.clear();
          return erase();
      }
    },
    print: change,
    end: () => {
      clearInterval(timer);
      erase();
    },
  };
}

function endedLine({ key, state, milliseconds, reason, origin }: TaskEnded, colors: ViewSettings["colors"]): string {
  const took = milliseconds === undefined ? "" : ` ${colors.dim(duration(milliseconds))}`;
  return `${mark(state, colors)} ${key}${took}${note(state, reason, origin)}`;
}

function mark(state: EndState, colors: ViewSettings["colors"]): string {
  switch (state) {
    case "succeeded":
      return colors.green("✓");
    case "failed":
      return colors.red("✗");
    case "skipped":
    case "blocked":
      return colors.dim("·");
  }
}

function note(state: EndState, reason: string | undefined, origin: Origin | undefined): string {
  if (origin === "cache") return " cached";
  if (origin === "kept") return " kept";
  if (state === "skipped") return " skipped";
  if (state === "blocked") return " not run";
  return state === "failed" && reason !== undefined ? `: ${firstLine(reason)}` : "";
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** `340 ms`, `2.5 s`, `3 m 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
}
