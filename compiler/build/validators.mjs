/** Compiles JSON Schemas at build time, so that no schema is compiled when hmc starts. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * An esbuild plugin: a module `x.validator.ts` holds `export const NAME = compileSchema(schema)` with `schema` imported
 * from a JSON file; `compileSchema(schema, { allErrors: true })` finds all mistakes instead of the first. In the bundle it becomes the code that ajv generates for the schema.
 */
export function validators(root) {
  return {
    name: "validators",
    setup(build) {
      build.onLoad({ filter: /\.validator\.ts$/ }, async ({ path }) => {
        const source = readFileSync(path, "utf8");
        const schemaFile = /import schema from "([^"]+\.json)"/.exec(source)?.[1];
        const name = /export const (\w+)\b.* = compileSchema\(schema(?:, \{ allErrors: true \})?\)/.exec(source)?.[1];
        const allErrors = source.includes("allErrors: true");
        if (schemaFile === undefined || name === undefined) throw new Error(`${path} is not a validator: see compiler/build/validators.mjs.`);
        const [{ default: Ajv }, { default: standaloneCode }, { default: ajvOptions }] = await Promise.all([
          import("ajv/dist/2020.js"),
          import("ajv/dist/standalone/index.js"),
          import("./ajv-options.json", { with: { type: "json" } }),
        ]);
        const file = resolve(dirname(path), schemaFile);
        const ajv = new Ajv.default({ ...ajvOptions, allErrors, code: { source: true, esm: true, optimize: 1 } });
        const validate = ajv.compile(JSON.parse(readFileSync(file, "utf8")));
        const contents = standaloneCode.default(ajv, validate)
          .replace("export const validate =", `export const ${name} =`)
          .replace(/export default \w+;/, "");
        return { contents, loader: "js", resolveDir: root, watchFiles: [file] };
      });
    },
  };
}
