/** What `component("./score.component.yaml")` and `hmc import --types` read of a KFP file. */
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { ComponentFile } from "./frontend/component-files.ts";
import { optionalOutputs } from "./importers/kfp/absent.ts";
import { compareKfp, type Difference } from "./importers/kfp/compare.ts";
import type { KfpFile } from "./importers/kfp/file.ts";
import { raiseKfp, type RaiseOptions } from "./importers/kfp/raise.ts";
import { placeKey, type Path } from "./importers/kfp/raising.ts";
import { readKfp } from "./importers/kfp/read.ts";
import { declarationState, printDeclarations } from "./importers/print/declarations.ts";
import type { Document } from "./ir/types.ts";
import { emitKfp, kfpDefaults, type KfpOptions } from "./targets/kfp/index.ts";
import { version } from "./version.ts";

/**
 * Reads a pipeline, a component or a v1 component, with the declaration file that belongs beside it.
 *
 * @param file its path, for spans
 */
export function readComponentFile(text: string, file: string): ComponentFile {
  const read = readKfp(text, file);
  if (read.file === undefined) return { diagnostics: read.diagnostics };
  const { document, diagnostics } = raised(read.file, text);
  const all: Diagnostic[] = [...read.diagnostics, ...diagnostics];
  if (all.some(({ severity }) => severity === "error")) return { diagnostics: all };
  const pipeline = document.pipelines[document.exported[0] ?? ""];
  const called = pipeline ?? Object.values(document.components)[0];
  if (called === undefined) return { diagnostics: all };
  const optional = pipeline === undefined ? new Set<string>() : optionalOutputs(document, pipeline);
  const declaration = printDeclarations(document, called, file.slice(file.lastIndexOf("/") + 1), text, optional);
  return {
    read: {
      document,
      target: { kind: pipeline === undefined ? "component" : "pipeline", id: called.id },
      optionalOutputs: optional,
      declaration,
      stateOf: (existing) => declarationState(existing, declaration),
    },
    diagnostics: all,
  };
}

/** Raises a file. Conditions and selectors whose expressions would be written in another way are kept as CEL, where that is enough. */
export function raised(file: KfpFile, text: string, options: Pick<RaiseOptions, "wrapped"> = {}): ReturnType<typeof raiseKfp> {
  const first = raiseKfp(file, text, options);
  if (first.diagnostics.some(({ severity }) => severity === "error")) return first;
  const places = celPlaces(differencesOf(first.document, file) ?? []);
  if (places.length === 0) return first;
  const verbatim = raiseKfp(file, text, { ...options, verbatim: places });
  const left = new Set(celPlaces(differencesOf(verbatim.document, file) ?? []).map(placeKey));
  if (left.size === 0) return verbatim;
  return raiseKfp(file, text, { ...options, verbatim: places.filter((path) => !left.has(placeKey(path))) });
}

function celPlaces(differences: readonly Difference[]): Path[] {
  return differences.map(({ path }) => path).filter((path) => path.at(-1) === "parameterExpressionSelector" || path.at(-1) === "condition");
}

const sdkShape: KfpOptions = { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], shape: "sdk", toolVersion: version() };

/** What the SDK's shape of a document says otherwise than the file; undefined where it does not compile, or holds no pipeline. */
function differencesOf(document: Document, file: KfpFile): Difference[] | undefined {
  const [id] = document.exported;
  const yaml = id === undefined ? undefined : emitKfp(document, id, sdkShape).yaml;
  const compiled = yaml === undefined ? undefined : readKfp(yaml, "compiled.yaml").file;
  return compiled === undefined ? undefined : compareKfp(file, compiled);
}
