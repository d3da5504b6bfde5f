/** The build loads what this file names when it is first called: few pipelines hold CEL of their own. */
export { parseCel } from "./cel-parser.ts";
