/** Packages with native code cannot be bundled: they are loaded from `node_modules` when an op needs them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

interface Manifest {
  name?: string;
  main?: string;
  os?: string[];
  cpu?: string[];
  gypfile?: boolean;
  binary?: unknown;
  napi?: unknown;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Packages that find or build a `.node` file at run time. */
const loaders = ["bindings", "node-gyp-build", "node-pre-gyp", "@mapbox/node-pre-gyp", "prebuild-install", "pkg-prebuilds", "@napi-rs/cli"];

/**
 * An esbuild plugin that leaves packages with native code out of the bundle, and what it left out. They are required where
 * they are first used, not at the top of the bundle, so other ops start without them.
 */
export function nativePackages(): { plugin: Plugin; found(): string[] } {
  const left = new Set<string>();
  const known = new Map<string, boolean>();
  const plugin: Plugin = {
    name: "hmc-native-packages",
    setup(build) {
      build.onResolve({ filter: /^[^.\/]/ }, (args) => {
        if (args.namespace === "hmc-native" || args.kind === "entry-point" || args.path.includes(":")) return undefined;
        const name = packageName(args.path);
        const folder = name === undefined ? undefined : findPackage(name, args.resolveDir);
        if (folder === undefined || !isNative(folder, known)) return undefined;
        left.add(name as string);
        return { path: args.path, namespace: "hmc-native" };
      });
      build.onLoad({ filter: /.*/, namespace: "hmc-native" }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});`, loader: "js" }));
      build.onResolve({ filter: /.*/, namespace: "hmc-native" }, ({ path }) => ({ path, external: true }));
    },
  };
  return { plugin, found: () => [...left].sort() };
}

/** `@scope/name` or `name` of an import specifier; undefined for what cannot be a package. */
function packageName(specifier: string): string | undefined {
  return /^(@[^/]+\/[^/]+|[^@/#][^/]*)/.exec(specifier)?.[1];
}

/** The folder of an installed package, looked up as Node does. */
function findPackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Whether a package, or one that it depends on, has code for one platform only. */
function isNative(folder: string, known: Map<string, boolean>): boolean {
  const before = known.get(folder);
  if (before !== undefined) return before;
  known.set(folder, false);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const native =
    manifest.main?.endsWith(".node") === true ||
    manifest.gypfile === true ||
    manifest.binary !== undefined ||
    manifest.napi !== undefined ||
    (manifest.os !== undefined && manifest.cpu !== undefined) ||
    existsSync(join(folder, "binding.gyp")) ||
    existsSync(join(folder, "prebuilds")) ||
    dependencies.some((dependency) => loaders.includes(dependency)) ||
    dependencies.some((dependency) => {
      const inner = findPackage(dependency, folder);
      return inner !== undefined && isNative(inner, known);
    });
  known.set(folder, native);
  return native;
}
