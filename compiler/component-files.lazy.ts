/** The build loads what this file names when it is first called: few pipelines use component files. */
export { readComponentFile } from "./component-files.ts";
