import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import ajvOptions from "../build/ajv-options.json" with { type: "json" };

/** Compiles a JSON Schema. The build puts the compiled code in the place of each call: see `compiler/build/validators.mjs`. */
export function compileSchema(schema: object, options: { allErrors?: boolean } = {}): ValidateFunction {
  return new Ajv2020({ ...ajvOptions, ...options }).compile(schema);
}
