/** The build loads what this file names when it is first called: most runs of the tool read no expression. */
export { parseExpr } from "./expr-parser.ts";
