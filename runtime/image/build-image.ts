/** The folder of an image: the bundle of its ops, what that needs beside it, a Dockerfile, and a bill of materials. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bug } from "../../compiler/bug.ts";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Document, OpComponent } from "../../compiler/ir/types.ts";
import { bundleOps } from "../bundle.ts";
import { dockerfile, dockerignore, type ImageFiles } from "./dockerfile.ts";
import { npmPackages, wasmFiles, type NpmPackage } from "../npm-packages.ts";
import { sbom } from "./sbom.ts";

export interface ImageRequest {
  document: Document;
  root: string;
  ops: readonly OpComponent[];
  /** The absolute folder that is written. */
  folder: string;
  /** The reference of the image, or its name where the ops name none. */
  image: string;
  base: string;
  environment: (name: string) => string | undefined;
  toolVersion: string;
}

export interface BuiltImage {
  image: string;
  folder: string;
  ops: string[];
  /** Of the bundle. */
  bytes: number;
  packages: NpmPackage[];
  diagnostics: Diagnostic[];
}

/** Lists the files that the last build has written: these are written anew, and nothing else is touched. */
const marker = ".hmc-build";

/** Writes the folder of an image. Nothing is written where there are errors, or where a file of somebody else is in the way. */
export async function buildImage({ document, root, ops, folder, image, base, environment, toolVersion }: ImageRequest): Promise<BuiltImage> {
  const built: BuiltImage = { image, folder, ops: ops.map(({ id }) => id).sort(), bytes: 0, packages: [], diagnostics: [] };
  const stop = (...diagnostics: Diagnostic[]): BuiltImage => ({ ...built, diagnostics });
  const needed: Document = { ...document, components: Object.fromEntries(ops.map((op) => [op.id, op])) };
  const bundle = await bundleOps({ document: needed, root, environment });
  if (bundle.file === undefined) return stop(...bundle.diagnostics);
  const listed = spawnSync(process.execPath, [bundle.file, "list", "--json"], { encoding: "utf8" });
  const interfaces = listed.status === 0 ? listed.stdout.trim().split("\n").map((line) => JSON.parse(line) as { op: string }) : [];
  const found = interfaces.map(({ op }) => op).sort();
  if (found.join() !== built.ops.join()) return bug(`the bundle of "${image}" lists the ops ${found.join(", ") || "none"}, but the pipeline has ${built.ops.join(", ")}: ${listed.stderr}`);

  const text = readFileSync(bundle.file, "utf8");
  const packages = npmPackages(root, bundle.inputs, bundle.external);
  const native = packages.filter(({ name }) => bundle.external.includes(name));
  const wasm = wasmFiles(packages, text);
  const files: ImageFiles = { base, beside: [...new Set(wasm.map((file) => basename(file)))].sort(), hasPackages: native.length > 0 };
  const contents: Record<string, string | Buffer> = {
    "main.mjs": text,
    "ops.json": `${JSON.stringify(interfaces, undefined, 2)}\n`,
    Dockerfile: dockerfile(files),
    ".dockerignore": dockerignore(files),
    "sbom.cdx.json": sbom({ name: image, toolVersion }, packages),
    ...(files.hasPackages ? { "package.json": manifestOf(native, packages.filter(({ isExternal }) => isExternal)) } : {}),
    ...Object.fromEntries(wasm.map((file) => [basename(file), readFileSync(file)])),
  };
  const own = writtenBefore(folder);
  const foreign = Object.keys(contents).find((name) => existsSync(join(folder, name)) && !own.includes(name));
  if (foreign !== undefined) return stop(diagnostic("HMC6060", undefined, { file: join(folder, foreign) }));
  for (const name of own) rmSync(join(folder, name), { force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, marker), `${JSON.stringify(Object.keys(contents).sort())}\n`);
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
  return { ...built, bytes: Buffer.byteLength(text), packages };
}

function writtenBefore(folder: string): string[] {
  const file = join(folder, marker);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as string[]).filter((name) => name === basename(name)) : [];
}

/** What is installed in the image, in the versions of this machine: also what the packages depend on, where there is one version of it. */
function manifestOf(packages: readonly NpmPackage[], installed: readonly NpmPackage[]): string {
  const versions = (of: readonly NpmPackage[]): Record<string, string> => Object.fromEntries(of.map(({ name, version }) => [name, version]));
  const isOnly = ({ name }: NpmPackage): boolean => installed.filter((other) => other.name === name).length === 1;
  const overrides = versions(installed.filter((one) => !packages.includes(one) && isOnly(one)));
  return `${JSON.stringify({ private: true, type: "module", dependencies: versions(packages), ...(Object.keys(overrides).length === 0 ? {} : { overrides }) }, undefined, 2)}\n`;
}
