import type { ValidateFunction } from "ajv/dist/2020.js";
import schema from "../../schemas/config.schema.json" with { type: "json" };
import { compileSchema } from "../ir/compile-schema.ts";

/** Checks a value against `schemas/config.schema.json`. */
export const validateConfig: ValidateFunction = compileSchema(schema, { allErrors: true });
