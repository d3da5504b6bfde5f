/** Reads a KFP file: YAML text to the typed specification that the importer raises, or everything that is wrong with it. */
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../ir/types.ts";
import { recognise } from "./documents.ts";
import type { KfpFile } from "./file.ts";
import { pipelineSpec } from "./messages.ts";
import { headDescription, isCompiledComponent } from "./compiled-component.ts";
import { modernise } from "./modernise.ts";
import { platformSpec } from "./platform-messages.ts";
import type { PlatformSpec } from "./platform-spec.ts";
import { readMessage, type Reading } from "./read-message.ts";
import { checkReferences, type Places } from "./references.ts";
import { openReports, type Reports } from "./reports.ts";
import { openSource, type Source } from "../../yaml/source.ts";
import type { PipelineSpec } from "./spec.ts";
import { readV1 } from "./v1.ts";
import { kfpYaml } from "./yaml-dialect.ts";
import { snakeCase } from "./snake-case.ts";
import { keyAt, rangeAt, type YamlMap, type YamlNode } from "../../yaml/tree.ts";
import { readYaml } from "../../yaml/reader.ts";

/**
 * Reads a KFP file: a compiled pipeline or component with its platform settings, the Kubernetes object that holds one, or a v1 component.
 *
 * @param text the text of the file
 * @param file its name, for spans
 * @returns the file, and warnings; or no file, and every error that was found, in the order of the text
 */
export function readKfp(text: string, file: string): { file?: KfpFile; diagnostics: Diagnostic[] } {
  const source = openSource(file, text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text);
  const { documents, diagnostics } = readYaml(source, kfpYaml);
  const reports = openReports(source);
  for (const found of diagnostics) reports.add(found);
  if (reports.hasErrors()) return { diagnostics: reports.sorted() };
  const recognised = recognise(source, documents);
  if (recognised.kind === "none") return { diagnostics: [recognised.error] };
  if (recognised.kind === "v1") {
    const component = readV1(source, recognised.component, reports);
    return finish(component, reports);
  }
  for (const warning of recognised.warnings) reports.add(warning);
  return finish(readV2(source, recognised.spec, recognised.platform, reports), reports);
}

function finish(file: KfpFile | undefined, reports: Reports): { file?: KfpFile; diagnostics: Diagnostic[] } {
  const diagnostics = reports.sorted();
  return file === undefined || reports.hasErrors() ? { diagnostics } : { file, diagnostics };
}

function readV2(source: Source, specNode: YamlNode, platformNode: YamlNode | undefined, reports: Reports): KfpFile | undefined {
  const reading: Reading = { source, reports };
  const spec = readMessage(reading, pipelineSpec, specNode, "pipelineSpec") as PipelineSpec;
  const platform = platformNode === undefined ? undefined : readPlatform(reading, platformNode);
  if (specNode.kind !== "map") return undefined;
  const places = placesIn(source, specNode, platformNode);
  checkHead(spec, specNode, source, reports);
  if (reports.hasErrors()) return undefined;
  modernise(spec, platform, places, reports);
  checkReferences(spec, platform, places, reports);
  const kind = isCompiledComponent(spec) ? "component" : "pipeline";
  const description = kind === "component" ? headDescription(source.text) : undefined;
  return {
    kind,
    ...(description === undefined ? {} : { description }),
    spec,
    ...(platform === undefined ? {} : { platform }),
    locate: places.value,
  };
}

/** The platform settings, without those for platforms that hmc does not know. */
function readPlatform(reading: Reading, node: YamlNode): PlatformSpec {
  const platforms = node.kind === "map" ? node.entries.get("platforms")?.value : undefined;
  if (node.kind !== "map" || platforms?.kind !== "map") return readMessage(reading, platformSpec, node, "platformSpec") as PlatformSpec;
  const known: YamlMap = { ...platforms, entries: new Map([...platforms.entries].filter(([name]) => name === "kubernetes")) };
  for (const [name, { key }] of platforms.entries) {
    if (!known.entries.has(name)) reading.reports.add(diagnostic("HMC7024", reading.source.span(key.start, key.end), { field: name, reason: `hmc knows the platform "kubernetes" only` }));
  }
  const entries = new Map([...node.entries].map(([key, entry]) => [key, key === "platforms" ? { ...entry, value: known } : entry] as const));
  return readMessage(reading, platformSpec, { ...node, entries }, "platformSpec") as PlatformSpec;
}

/** What every pipeline needs, whatever is in it. */
function checkHead(spec: PipelineSpec, node: YamlMap, source: Source, reports: Reports): void {
  const start = source.span(node.start, node.start + 1);
  const missing = (part: string): void => reports.add(diagnostic("HMC7012", start, { what: "The pipeline", part }));
  if ((spec.pipelineInfo?.name ?? "") === "") missing("pipelineInfo.name");
  if (spec.root === undefined) missing("root");
  const version = spec.schemaVersion;
  if (version === undefined) return missing("schemaVersion");
  if (version === "2.1.0") return;
  const { start: from, end } = rangeAt(node, ["schemaVersion"], snakeCase);
  reports.add(diagnostic(version === "2.0.0" ? "HMC7011" : "HMC7010", source.span(from, end), { version }));
}

function placesIn(source: Source, spec: YamlNode, platform: YamlNode | undefined): Places {
  const documentOf = (path: readonly (string | number)[]): YamlNode => (path[0] === "platforms" && platform !== undefined ? platform : spec);
  const span = ({ start, end }: { start: number; end: number }): Span => source.span(start, end);
  return { value: (path) => span(rangeAt(documentOf(path), path, snakeCase)), key: (path) => span(keyAt(documentOf(path), path, snakeCase)) };
}
