import type { Components } from "./index.ts";
import { outsidePipeline } from "./op.ts";

/** The name of a file: what stands after the last slash of its path. */
export type BaseName<Path extends string> = Path extends `${string}/${infer Rest}` ? BaseName<Rest> : Path;

/** The path where its component is declared; else a text for TypeScript's error, which says what to do. */
export type DeclaredPath<Path extends string> = BaseName<Path> extends keyof Components ? Path : `There are no types for this file yet. Run: hmc import --types ${Path}`;

/** A component that is not declared, whose one error is at its path: like TypeScript with a module that it does not find, nothing is said of its calls. */
type Undeclared = (...call: unknown[]) => any;

/** The op or pipeline that a file is declared to be. */
export type DeclaredComponent<Path extends string> = BaseName<Path> extends keyof Components ? Components[BaseName<Path>] : Undeclared;

/**
 * A component or pipeline of KFP that others wrote, called like an op. The compiler reads the file; its types are in a declaration
 * file beside it, which `hmc import --types` writes.
 *
 * @param path of a compiled pipeline or component, or a v1 component, relative to this file
 */
export function component<const Path extends string>(path: DeclaredPath<Path>): DeclaredComponent<Path> {
  void path;
  return Object.assign(() => outsidePipeline("A component"), { "~hmc.op": {} }) as unknown as DeclaredComponent<Path>;
}
