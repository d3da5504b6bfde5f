/** Reads a file of Argo YAML: text to documents that know where they stand. */
import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { readYaml } from "../../../yaml/reader.ts";
import { openSource, type Source } from "../../../yaml/source.ts";
import { follow, keyAt, rangeAt, toJson, type YamlNode, type YamlScalar } from "../../../yaml/tree.ts";
import type { ArgoDocument, Path } from "./document.ts";
import { goYaml } from "./yaml-dialect.ts";

/**
 * The documents of a file, for `checkArgo`.
 *
 * @param text of the YAML or JSON file
 * @param file its name, for positions
 * @returns no documents where the text cannot be read: the diagnostics say why
 */
export function readArgo(text: string, file: string): { documents: ArgoDocument[]; diagnostics: Diagnostic[] } {
  const source = openSource(file, text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text);
  const { documents, diagnostics } = readYaml(source, goYaml);
  return { documents: documents.map((node) => documentOf(source, node)), diagnostics };
}

function documentOf(source: Source, root: YamlNode): ArgoDocument {
  return {
    value: toJson(root),
    file: source.file,
    locate(path, part) {
      const { start, end } = part === "key" ? keyAt(root, path) : rangeAt(root, path);
      return source.span(start, Math.max(end, start));
    },
    locateIn(path, start, end) {
      const node = scalarAt(root, path);
      if (node === undefined) return undefined;
      const offsets = offsetsOf(source.text.slice(node.start, node.end), String(node.value));
      return offsets === undefined ? source.span(node.start, node.end) : source.span(node.start + offsets(start), node.start + offsets(end));
    },
    written(path) {
      const node = scalarAt(root, path);
      return node === undefined ? undefined : source.text.slice(node.start, node.end).trimEnd();
    },
  };
}

function scalarAt(root: YamlNode, path: Path): YamlScalar | undefined {
  const { value } = follow(root, path);
  return value.kind === "scalar" ? value : undefined;
}

/** From offsets in a value to those in what is written for it; undefined where the two differ by more than their quotes and line ends. */
function offsetsOf(written: string, value: string): ((offset: number) => number) | undefined {
  const direct = written.indexOf(value);
  if (direct >= 0) return (offset) => direct + offset;
  if (/^[|>]/.test(written)) return blockOffsets(written, value);
  if (written.startsWith("'") && written.replaceAll("''", "'").slice(1, -1) === value) {
    return (offset) => 1 + offset + (value.slice(0, offset).match(/'/g)?.length ?? 0);
  }
  return undefined;
}

/** Offsets in a block scalar that keeps its lines: every line is indented by as much. */
function blockOffsets(written: string, value: string): ((offset: number) => number) | undefined {
  const [header = "", ...lines] = written.split("\n");
  const indent = /^ */.exec(lines.find((line) => line.trim() !== "") ?? "")?.[0].length ?? 0;
  const starts: number[] = [];
  let at = header.length + 1;
  for (const line of lines) {
    starts.push(at + Math.min(indent, line.length));
    at += line.length + 1;
  }
  const valueLines = value.split("\n");
  if (valueLines.some((line, index) => line !== "" && lines[index]?.slice(indent).trimEnd() !== line.trimEnd())) return undefined;
  return (offset) => {
    const before = value.slice(0, offset);
    const line = before.split("\n").length - 1;
    return (starts[line] ?? 0) + offset - (before.lastIndexOf("\n") + 1);
  };
}
