/** Stacks of bundled code in terms of the TypeScript sources, through the source map inside the bundle. */
import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/** A place in a source file; line and column count from 1. */
export interface SourcePosition {
  file: string;
  line: number;
  column: number;
  /** The text of the line, where the map has the sources. */
  text?: string;
}

export interface MappedStack {
  /** The whole stack with mapped positions, without the frames of the entrypoint and of Node. */
  stack: string;
  /** The innermost frame in a source of the project. */
  position?: SourcePosition;
}

const frame = /(file:\/\/[^\s()]+|\/[^\s()]+):(\d+):(\d+)/;

/**
 * Maps the stack of an error thrown inside a bundle. The map is read here, when something has failed: source maps
 * that Node itself applies would be parsed at every start.
 */
export function mapStack(error: Error): MappedStack {
  const maps = new Map<string, InlineMap | undefined>();
  const lines = (error.stack ?? String(error)).split("\n");
  const mapped: string[] = [];
  let position: SourcePosition | undefined;
  for (const line of lines) {
    const match = /^\s+at /.test(line) ? frame.exec(line) : null;
    if (match === null) {
      if (!/^\s+at .*\bnode:/.test(line)) mapped.push(line);
      continue;
    }
    const [place, url, row, column] = match as unknown as [string, string, string, string];
    const path = url.startsWith("file://") ? fileURLToPath(url) : url;
    if (!maps.has(path)) maps.set(path, readMap(path));
    const map = maps.get(path);
    const found = find(map, Number(row), Number(column));
    if (found === undefined) {
      // What a bundle has no place for is not of the project.
      if (map === undefined) mapped.push(line);
    } else if (!found.file.startsWith("hmc:")) {
      position ??= isDependency(found.file) ? undefined : found;
      mapped.push(line.replace(place, `${found.file}:${found.line}:${found.column}`));
    }
  }
  return { stack: mapped.join("\n"), ...(position === undefined ? {} : { position }) };
}

/** The line of a position with a caret under the column; empty without the text. */
export function codeFrame(position: SourcePosition): string {
  if (position.text === undefined) return "";
  const gutter = `${position.line} | `;
  const caret = " ".repeat(gutter.length) + position.text.slice(0, position.column - 1).replace(/[^\t]/g, " ") + "^";
  return `${gutter}${position.text}\n${caret}`;
}

interface InlineMap {
  map: SourceMap;
  payload: SourceMapPayload;
}

function readMap(path: string): InlineMap | undefined {
  try {
    const text = readFileSync(path, "utf8");
    const marker = "//# sourceMappingURL=data:application/json;base64,";
    const start = text.lastIndexOf(marker);
    if (start < 0) return undefined;
    const payload = JSON.parse(Buffer.from(text.slice(start + marker.length).trim(), "base64").toString("utf8")) as SourceMapPayload;
    return { map: new SourceMap(payload), payload };
  } catch {
    return undefined;
  }
}

function find(source: InlineMap | undefined, line: number, column: number): SourcePosition | undefined {
  const entry = source?.map.findEntry(line - 1, column - 1);
  if (source === undefined || entry === undefined || !("originalSource" in entry)) return undefined;
  // Some places of a bundle have no source.
  if (typeof entry.originalSource !== "string") return undefined;
  const index = source.payload.sources.indexOf(entry.originalSource);
  const text = source.payload.sourcesContent?.[index]?.split("\n")[entry.originalLine]?.replace(/\r$/, "");
  return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1, ...(text === undefined ? {} : { text }) };
}

function isDependency(file: string): boolean {
  return file.includes("node_modules/");
}
