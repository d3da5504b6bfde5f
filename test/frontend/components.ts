/** Ops and containers written in tests, read alone, without a pipeline that calls them. */
import { ts } from "ts-morph";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { resolveCallee, type Callee } from "../../compiler/frontend/callee.ts";
import { readContainer } from "../../compiler/frontend/containers.ts";
import type { Context } from "../../compiler/frontend/context.ts";
import { readOp } from "../../compiler/frontend/ops.ts";
import { openProgram } from "../../compiler/frontend/program.ts";
import { typescriptErrors } from "../../compiler/frontend/typescript-errors.ts";
import type { ContainerComponent, OpComponent } from "../../compiler/ir/types.ts";
import { hostWith } from "./lowered.ts";

const imports = `import * as language from "hmc"; import { argoVariable, concat, container, env, executorInput, fileOf, importArtifact, op, pipeline, run, secret, type Artifact, type Dataset, type HTML, type Int, type Metrics, type Model, type RunStatus, type Secret } from "hmc";\n`;

export interface Read<Component> {
  component: Component | undefined;
  /** `line code message`; lines count from the first of the source. */
  mistakes: string[];
  diagnostics: Diagnostic[];
  context: Context;
}

/** Reads the op `name` of a source; the language is in scope. */
export function op(source: string, name = "o", files: Record<string, string> = {}): Read<OpComponent> {
  const { context, diagnostics, callee } = calleeOf(source, name, files);
  const component = callee?.kind === "op" ? readOp(context, callee) : undefined;
  return { component, mistakes: mistakesOf(diagnostics), diagnostics, context };
}

export function containerOf(source: string, name = "c"): Read<ContainerComponent> {
  const { context, diagnostics, callee } = calleeOf(source, name, {});
  const component = callee?.kind === "container" ? readContainer(context, callee) : undefined;
  return { component, mistakes: mistakesOf(diagnostics), diagnostics, context };
}

/** What the expression `name` at the end of a source names. */
export function calleeOf(source: string, name: string, files: Record<string, string>, environment?: Record<string, string>): { context: Context; diagnostics: Diagnostic[]; callee: Callee | undefined } {
  const opened = openProgram(hostWith({ ...files, "pipeline.ts": `${imports}${source}\n;${name};` }, environment), "pipeline.ts", { scope: "pipeline" });
  const { context, entryFile, diagnostics } = opened;
  assert.ok(context !== undefined && entryFile !== undefined, "the program opens");
  diagnostics.push(...typescriptErrors(context, "pipeline"));
  const last = entryFile.statements[entryFile.statements.length - 1];
  assert.ok(last !== undefined && ts.isExpressionStatement(last));
  return { context, diagnostics, callee: resolveCallee(context, last.expression) };
}

export function mistakesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, message, span }) => `${(span?.line ?? 0) - 1} ${code} ${message}`);
}
