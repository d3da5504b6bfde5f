/** Loads rarely used parts of a bundle when they are first called. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * An esbuild plugin: a module `x.lazy.ts` holds `export { name } from "./x.ts"`. In the bundle each name becomes a function
 * that first loads `./x.ts`, and all that only it needs.
 */
export const lazy = {
  name: "lazy",
  setup(build) {
    build.onLoad({ filter: /\.lazy\.ts$/ }, ({ path }) => {
      const [, names, specifier] = /export \{ ([\w, ]+) \} from ("[^"]+");/.exec(readFileSync(path, "utf8")) ?? [];
      if (specifier === undefined) throw new Error(`${path} is not lazy: see compiler/build/lazy.mjs.`);
      const contents = names.split(", ").map((name) => `export const ${name} = (...given) => require(${specifier}).${name}(...given);`).join("\n");
      return { contents, loader: "js", resolveDir: dirname(path) };
    });
  },
};
