export { checkArgo } from "./check.ts";
