/** Ops whose code is carried in the compiled file: how it is written there, and what starts it in the pod. */

/** The code of a compilation's ops. */
export interface InlineCode {
  /** One bundle by the id of its op. */
  bundles: ReadonlyMap<string, string>;
  /** Ops that are carried and whose bundle is not given. */
  missing: Set<string>;
}

/**
 * Puts the bundle into a file, because stacks and `import.meta.url` need one, and imports it in the same process. No shell is needed, and nothing in it
 * that Kubernetes or Argo would replace.
 */
const loader = [
  'const f=require("fs"),p=require("path"),[c,...a]=process.argv.slice(1),m=p.join(f.mkdtempSync(p.join(require("os").tmpdir(),"hmc-")),"main.mjs")',
  'f.writeFileSync(m,c.replace(/~(..)/g,(s,h)=>String.fromCharCode(parseInt(h,16))))',
  "process.argv=[process.argv[0],m,...a]",
  'import(require("url").pathToFileURL(m).href)',
].join(";");

/** What starts an op whose code is carried; the words of the entrypoint follow. */
export function inlineCommand({ bundles, missing }: InlineCode, op: string): string[] {
  const bundle = bundles.get(op);
  if (bundle === undefined) missing.add(op);
  return ["node", "-e", loader, "--", asArgument(bundle ?? "")];
}

/**
 * The bundle, which is ASCII, as an argument that arrives as it is: `~` and two hexadecimal digits stand for what Argo and the kubelet would replace
 * (`{{`, `$$`, `$(`), for control characters, and for `~` itself.
 */
export function asArgument(bundle: string): string {
  return bundle.replace(/~|(?<=\{)\{|(?<=\$)[$(]|[^\t\n\x20-\x7e]/g, (character) => `~${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
