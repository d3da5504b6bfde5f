/** The progress of a run for people: one line for each ended task, and in a terminal the running ones below. */
import type { EndState, Origin } from "./events.ts";
import type { Observer } from "./scheduler.ts";

export interface ViewSettings {
  write(text: string): void;
  colors: Record<"green" | "red" | "yellow" | "dim", (text: string) => string>;
  /** Whether lines can be drawn again. */
  live: boolean;
  width: number;
  /** Milliseconds from any start. */
  clock: () => number;
}

export interface View extends Observer {
  /** Writes whole lines above what is drawn for running tasks. */
  print(text: string): void;
  /** Removes what is drawn for running tasks. */
  end(): void;
}

/** The most running tasks that are drawn at once. */
const shown = 8;

export function createView(settings: ViewSettings): View {
  const { write, colors, live } = settings;
  const running = new Map<string, number>();
  let drawn = 0;
  const erase = () => {
    if (drawn > 0) write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!live) return;
    const lines = [...running].slice(0, shown).map(([key, since]) => `${colors.yellow("▸")} ${key} ${colors.dim(duration(settings.clock() - since))}`);
    if (running.size > shown) lines.push(colors.dim(`  and ${running.size - shown} more`));
    if (lines.length === 0) return;
    write(`${lines.map((line) => clip(line, settings.width)).join("\n")}\n`);
    drawn = lines.length;
  };
  const timer = live ? setInterval(() => {
    erase();
    draw();
  }, 250) : undefined;
  timer?.unref();
  return {
    task: (key, state, { attempt, reason, origin }) => {
      if (state === "waiting") return;
      const since = running.get(key);
      const took = since === undefined ? "" : ` ${colors.dim(duration(settings.clock() - since))}`;
      erase();
      if (state === "running") {
        running.set(key, settings.clock());
        const again = attempt !== undefined && attempt > 1;
        if (again) write(`${colors.yellow("↻")} ${key} ${colors.dim(`attempt ${attempt}`)}\n`);
        else if (!live) write(`${colors.yellow("▸")} ${key}\n`);
      } else {
        running.delete(key);
        write(`${mark(state, colors)} ${key}${took}${note(state, reason, origin)}\n`);
      }
      draw();
    },
    print: (text) => {
      erase();
      write(text);
      draw();
    },
    end: () => {
      clearInterval(timer);
      erase();
    },
  };
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
  return state === "failed" && reason !== undefined ? `: ${reason.split("\n")[0]}` : "";
}

/** `340 ms`, `2.5 s`, `3 m 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Cuts a line that would wrap; colour sequences take no room. */
function clip(line: string, width: number): string {
  return line.replace(/\x1b\[\d+m/g, "").length < width ? line : `${line.slice(0, width - 2)}…\x1b[0m`;
}
