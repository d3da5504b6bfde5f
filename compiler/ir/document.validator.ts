import type { ValidateFunction } from "ajv/dist/2020.js";
import schema from "../../schemas/ir.schema.json" with { type: "json" };
import { compileSchema } from "./compile-schema.ts";

/** Checks a document against `schemas/ir.schema.json`. */
export const validateAgainstSchema: ValidateFunction = compileSchema(schema);
