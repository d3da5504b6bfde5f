/** The code of each op by itself, as a hash: it changes when what the op does, or anything that it imports, does. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bug } from "../compiler/bug.ts";
import type { Document, OpComponent } from "../compiler/ir/types.ts";
import type { Plugin } from "esbuild";
import { environmentOf, registryPlugin } from "./bundle-settings.ts";
import { codeText } from "./code-text.ts";
import { nativePackages } from "./native-packages.ts";
import { withoutOwnPaths } from "./own-files.ts";
import { pureCalls } from "./pure-calls.ts";
import { interfaceOf } from "./registry.ts";

export interface OpCodeRequest {
  document: Document;
  /** The project root, absolute. */
  root: string;
  /** Reads a variable of the compile-time environment. */
  environment: (name: string) => string | undefined;
}

/**
 * SHA-256 of the code by op: of its modules as one bundle, its declared interface, the compile-time environment, and the versions of the
 * packages with native code that it loads. It is the same wherever the project lies, and however the code is written (see `codeText`). The ops must be ones that can be bundled.
 */
export async function opCode({ document, root, environment }: OpCodeRequest): Promise<ReadonlyMap<string, string>> {
  const ops = Object.values(document.components).filter((component) => component.kind === "op");
  if (ops.length === 0) return new Map();
  const { build, transform } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: ops.map(({ id }) => ({ in: `hmc:op/${id}`, out: id })),
    bundle: true,
    write: false,
    metafile: true,
    outdir: join(root, ".hmc/build"),
    outExtension: { ".js": ".mjs" },
    absWorkingDir: root,
    platform: "node",
    format: "esm",
    target: "node20.19",
    legalComments: "none",
    logLevel: "silent",
    plugins: [registryPlugin(root, ops), languageApart, nativePackages().plugin, pureCalls()],
  });
  const variables = JSON.stringify(environmentOf({ document, environment }));
  const shrink = async (text: string): Promise<string> =>
    (await transform(text, { loader: "js", format: "esm", target: "node20.19", treeShaking: true, minifyWhitespace: true, minifySyntax: true, legalComments: "none" })).code;
  return new Map(await Promise.all(ops.map(async (op): Promise<[string, string]> => {
    const output = outputFiles.find(({ path }) => path === join(root, ".hmc/build", `${op.id}.mjs`)) ?? bug(`esbuild gave nothing for the op "${op.id}"`);
    const inputs = Object.keys(metafile.outputs[`.hmc/build/${op.id}.mjs`]?.inputs ?? {});
    return [op.id, digestOf(op, await codeText(withoutOwnPaths(output.text, root), shrink), variables, nativeVersions(inputs, root))];
  })));
}

/** `import … from "hmc"` stays as it is: what the language gives is no code of the op. */
const languageApart: Plugin = {
  name: "hmc-language-apart",
  setup(build) {
    build.onResolve({ filter: /^hmc$/ }, () => ({ path: "hmc", external: true, sideEffects: false }));
  },
};

function digestOf(op: OpComponent, text: string, ...more: string[]): string {
  const hash = createHash("sha256");
  for (const part of [JSON.stringify(interfaceOf(op), (key, value: unknown) => (key === "description" && typeof value === "string" ? undefined : value)), text, ...more]) hash.update(part).update("\0");
  return hash.digest("hex");
}

/** `name@version` of the packages that are loaded and not bundled. */
function nativeVersions(inputs: readonly string[], root: string): string {
  return inputs.flatMap((input) => (input.startsWith("hmc-native:") ? [input.slice("hmc-native:".length)] : [])).sort().map((name) => `${name}@${versionOf(name, root)}`).join(" ");
}

function versionOf(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, "node_modules", name, "package.json");
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version ?? "";
    if (dirname(folder) === folder) return "";
  }
}
