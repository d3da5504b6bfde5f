/** The compiler options of a pipeline file: hmc's own, with what matters of the nearest tsconfig.json. */
import { posix } from "node:path";
import { ts } from "ts-morph";
import type { Host } from "../host.ts";

/** What a read takes in: `pipeline` leaves out the bodies of ops, `all` is what `tsc` would check. */
export type Scope = "pipeline" | "all";

/** Options of the user that change types or where modules are found. */
const taken = [
  "jsx", "jsxImportSource", "jsxFactory", "customConditions", "moduleSuffixes", "preserveSymlinks", "experimentalDecorators", "noImplicitAny",
  "noUncheckedIndexedAccess", "exactOptionalPropertyTypes", "noPropertyAccessFromIndexSignature", "useUnknownInCatchVariables",
] as const;

/** Node 20 has the library of ES2023. The DOM is never loaded for the graph: it takes half a second. */
const defaultLibraries = ["lib.es2023.d.ts"];

/**
 * @param directory the folder of the entry file
 * @returns the options, and the tsconfig.json they come from
 */
export function compilerOptions(host: Host, directory: string, scope: Scope): ts.CompilerOptions {
  const user = userOptions(host, directory);
  const libraries = user.lib?.filter((library) => scope === "all" || !/\.(?:dom|webworker|scripthost)\b/.test(library)) ?? [];
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: libraries.length > 0 ? libraries : defaultLibraries,
    types: scope === "all" ? (user.types ?? (hasNodeTypes(host, directory) ? ["node"] : [])) : [],
    noEmit: true,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    allowJs: false,
    ignoreDeprecations: "6.0",
  };
  Object.assign(options, Object.fromEntries(taken.flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]]))));
  if (user.baseUrl !== undefined) options.baseUrl = user.baseUrl;
  const base = user.baseUrl ?? (user["pathsBasePath"] as string | undefined) ?? directory;
  if (user.paths !== undefined) {
    options.paths = Object.fromEntries(Object.entries(user.paths).map(([pattern, targets]) => [pattern, targets.map((target) => posix.resolve(base, target))]));
  }
  return options;
}

function userOptions(host: Host, directory: string): ts.CompilerOptions {
  const path = ancestors(directory).map((folder) => posix.join(folder, "tsconfig.json")).find((file) => host.fileExists(file));
  if (path === undefined) return {};
  const readFile = (file: string): string | undefined => {
    const bytes = host.readFile(file);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  const { config } = ts.readConfigFile(path, readFile) as { config?: unknown };
  const parseHost: ts.ParseConfigHost = { useCaseSensitiveFileNames: true, readDirectory: () => [], fileExists: (file) => host.fileExists(file), readFile };
  return ts.parseJsonConfigFileContent(config ?? {}, parseHost, posix.dirname(path), undefined, path).options;
}

/** The entry of `@types/node` as seen from a folder. */
export function nodeTypes(host: Host, directory: string): string | undefined {
  return ancestors(directory).map((folder) => posix.join(folder, "node_modules/@types/node/index.d.ts")).find((file) => host.fileExists(file));
}

function hasNodeTypes(host: Host, directory: string): boolean {
  return nodeTypes(host, directory) !== undefined;
}

/** A folder and the folders that hold it, inner first. */
export function ancestors(directory: string): string[] {
  const folders = [directory];
  for (let folder = directory; posix.dirname(folder) !== folder; ) {
    folder = posix.dirname(folder);
    folders.push(folder);
  }
  return folders;
}
