/** The build loads what this file names when it is first called. */
export { parseDepends } from "./depends-parser.ts";
