/** The changes as rows, which text and Markdown share: the same change of several tasks is one row. */
import type { Action, Change, Diff, Reason, Rerun } from "../change.ts";

export interface Row {
  sign: "+" | "-" | "~";
  action: Action;
  /** The tasks, groups or ops; empty for the pipeline itself. */
  where: string[];
  /** `image`, `input rows`, `condition` … */
  what: string;
  before?: string;
  after?: string;
}

/** The rows of one pipeline, or of the ops by themselves. */
export interface Section {
  title: string;
  rows: Row[];
}

const signs: Record<Action, Row["sign"]> = { added: "+", removed: "-", renamed: "~", rewired: "~", moved: "~", changed: "~" };

/** Pipelines in the order of their changes, ops last. */
export function sectionsOf({ changes }: Diff): Section[] {
  const titles = [...new Set(changes.map(titleOf))].sort((a, b) => Number(a.startsWith("Ops")) - Number(b.startsWith("Ops")));
  return titles.map((title) => ({ title, rows: rowsOf(changes.filter((change) => titleOf(change) === title)) }));
}

function titleOf({ pipeline, file }: Change): string {
  const title = pipeline === undefined ? "Ops" : `Pipeline ${pipeline}`;
  return file === undefined ? title : `${title} (${file})`;
}

/** A task as people find it, with its pipeline where tasks of several run again. */
export function rerunName({ pipeline, task, file }: Rerun, { reruns }: Diff): string {
  const isAlone = reruns.every((other) => other.pipeline === pipeline && other.file === file);
  return isAlone ? task : `${file === undefined ? "" : `${file} `}${pipeline}/${task}`;
}

function rowsOf(changes: readonly Change[]): Row[] {
  const rows = new Map<string, Row>();
  for (const change of changes) {
    const { node, component, before, after, action } = change;
    const values = change.subject === "order" ? (action === "added" ? { after: change.name ?? "" } : { before: change.name ?? "" }) : { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    const row: Row = { sign: signs[action], action, where: [node ?? component ?? []].flat(), what: what(change), ...values };
    // Only options come in the same words for many tasks: their defaults change.
    const key = JSON.stringify(change.subject === "option" ? { ...row, where: node !== undefined } : [row, rows.size]);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else known.where.push(...row.where);
  }
  return [...rows.values()];
}

function what({ subject, action, name }: Change): string {
  if (action === "renamed") return subject === "task" || subject === "pipeline" || subject === "component" ? "name" : `name of ${subject}`;
  if (action === "moved") return "place";
  switch (subject) {
    case "option":
      return name ?? "";
    case "parameter":
    case "output":
    case "input":
    case "carried":
      return `${subject} ${name ?? ""}`;
    case "order":
      return "runs after";
    case "target":
      return "runs";
    case "items":
      return "runs over";
    case "parallelism":
      return "at once";
    default:
      return name ?? subject;
  }
}

/** What a reason is for people, as the end of a sentence. */
const reasons: Record<Reason, string> = {
  new: "it is new",
  code: "its code has changed",
  name: "its op has another name",
  inputs: "its inputs have changed",
  outputs: "its outputs have changed",
  image: "its image has changed",
  env: "its environment has changed",
  cache: "the key of its cache has changed",
  default: "the default of a parameter has changed",
  upstream: "it reads what another task gives",
};

/** Why a task runs again: `its code has changed, its inputs have changed`. */
export function reasonText({ because }: Rerun): string {
  return because.map((reason) => reasons[reason]).join(", ");
}

/** `12.3 kB`. */
export function bytesText(bytes: number): string {
  return Math.abs(bytes) < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** `12.3 kB → 12.8 kB (+512 B)`; undefined where no size is known. */
export function sizeText({ before, after }: Diff["sizes"][number]): string | undefined {
  if (before === undefined || after === undefined) {
    const known = after ?? before;
    return known === undefined ? undefined : bytesText(known);
  }
  if (before === after) return bytesText(after);
  return `${bytesText(before)} → ${bytesText(after)} (${after > before ? "+" : "−"}${bytesText(Math.abs(after - before))})`;
}

/** What ends both kinds of output where the code of ops is not known. */
export const codeRemark = "The code of ops is not compared: it needs the sources of both sides.";

/** A value in one line, cut where it is too long to read. */
export function short(value: string, limit: number): string {
  const line = value.replaceAll("\n", "\\n").replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
