/** `hmc build` */
import { join, resolve } from "node:path";
import { hasErrors } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import type { Document, OpComponent } from "../ir/types.ts";
import { withInline } from "../ir/inline.ts";
import { uniqueName } from "../ir/names.ts";
import { resolveOptions } from "../ir/options.ts";
import { tasksOf } from "../ir/traverse.ts";
import { buildImage } from "../../runtime/image/build-image.ts";
import { version } from "../version.ts";
import { analysed } from "./analysed.ts";
import { shownBytes } from "./artifacts-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface BuildFlags {
  /** The folder of the folders of images. */
  output: string;
  base: string;
  /** The image of ops that name none. */
  image?: string;
}

/** The name of an image whose ops name none. */
const unnamed = "app";

/** Writes a folder for each image that the ops of a file need. */
export async function buildCommand(host: Host, terminal: Terminal, given: string, flags: BuildFlags): Promise<number> {
  const found = analysed(host, terminal, given, "exported");
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const output = resolve(host.cwd(), flags.output);
  const images = imagesOf(document, flags.image ?? unnamed);
  const { green, bold, dim } = terminal.errColors;
  const diagnostics: Diagnostic[] = [];
  const folders = new Set<string>();
  if (images.size === 0) terminal.err("There is nothing to build: the compiled file carries the code of every op.\n");
  for (const [image, ops] of images) {
    const name = uniqueName(folderOf(image), folders);
    const built = await buildImage({ document, root: analysis.root, ops, folder: join(output, name), image, base: flags.base, environment: (name) => host.env(name), toolVersion: version() });
    diagnostics.push(...built.diagnostics);
    if (hasErrors(built.diagnostics)) continue;
    const folder = shownPath(host, built.folder);
    terminal.err(`${green("✓")} ${bold(image)} ${dim(`${ops.length} ${ops.length === 1 ? "op" : "ops"}, ${shownBytes(built.bytes)}, ${built.packages.length} packages`)} → ${folder}\n`);
    terminal.out(`docker build -t ${image} ${folder}\n`);
  }
  return reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err").hasFailed ? exitCodes.failure : exitCodes.success;
}

/** The ops of each image, without those whose code is carried: an op may run in several, where calls or pipelines name others. */
function imagesOf(document: Document, fallback: string): Map<string, OpComponent[]> {
  const images = new Map<string, Set<OpComponent>>();
  const add = (image: unknown, op: OpComponent): void => {
    const name = typeof image === "string" ? image : fallback;
    images.set(name, (images.get(name) ?? new Set()).add(op));
  };
  const called = new Set<string>();
  for (const pipeline of Object.values(document.pipelines)) {
    for (const task of tasksOf(pipeline.body)) {
      const op = task.target.kind === "component" ? document.components[task.target.id] : undefined;
      if (op?.kind !== "op") continue;
      called.add(op.id);
      const { image, inline } = resolveOptions(document, pipeline, task).options;
      if (inline !== true) add(image, op);
    }
  }
  for (const op of Object.values(document.components)) {
    if (op.kind !== "op" || called.has(op.id)) continue;
    const { image, inline } = withInline({ ...document.defaults, ...op.options });
    if (inline !== true) add(image, op);
  }
  return new Map([...images].sort(([a], [b]) => (a < b ? -1 : 1)).map(([image, ops]) => [image, [...ops]]));
}

/** `ghcr.io/acme/train:1.4` → `train`. */
function folderOf(image: string): string {
  const name = image.replace(/@.*$/, "").split("/").at(-1)?.replace(/:[^:]*$/, "") ?? image;
  return name.replace(/[^A-Za-z0-9._-]/g, "-");
}
