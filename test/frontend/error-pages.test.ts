/** The pages of the codes 2xxx: what stands before the fix raises the code, what stands after it has no findings. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyse } from "../../compiler/frontend/analyse.ts";
import { findPipelines, resolveCallee } from "../../compiler/frontend/callee.ts";
import { readContainer } from "../../compiler/frontend/containers.ts";
import { readOp } from "../../compiler/frontend/ops.ts";
import { openProgram } from "../../compiler/frontend/program.ts";
import { typescriptErrors } from "../../compiler/frontend/typescript-errors.ts";
import { hostWith } from "./lowered.ts";

const pages = fileURLToPath(new URL("../../docs/errors/", import.meta.url));
const language = `import { container, env, fileOf, importArtifact, op, pipeline, secret, type Dataset, type Int, type Model, type OpOptions, type Pipeline, type Secret, type TaskConfig } from "hmc";\n`;

/** The codes that a block raises: of its types, of each op and container, and of its pipelines. */
function codes(block: string, files: Record<string, string>): string[] {
  const host = hostWith({ ...files, "pipeline.ts": language + block });
  const { context, entryFile, diagnostics } = openProgram(host, "pipeline.ts", { scope: "pipeline" });
  assert.ok(context !== undefined && entryFile !== undefined);
  diagnostics.push(...typescriptErrors(context, "pipeline"));
  if (findPipelines(context, entryFile).length > 0) return analyse(host, "pipeline.ts", { scope: "pipeline" }).diagnostics.map(({ code }) => code);
  for (const statement of entryFile.statements.filter(ts.isVariableStatement)) {
    for (const { name } of statement.declarationList.declarations) {
      const callee = ts.isIdentifier(name) ? resolveCallee(context, name) : undefined;
      if (callee?.kind === "op") readOp(context, callee);
      if (callee?.kind === "container") readContainer(context, callee);
    }
  }
  return diagnostics.map(({ code }) => code);
}

for (const page of readdirSync(pages).filter((name) => name.startsWith("HMC2"))) {
  const code = page.slice(0, 7);
  test(`${code}: before and after`, () => {
    const blocks = [...readFileSync(pages + page, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");
    assert.is(blocks.length, 2);
    // The one page whose blocks import something.
    const files = (declarations: boolean): Record<string, string> =>
      code !== "HMC2012" ? {} : declarations ? { "nightly.d.ts": `import type { Pipeline } from "hmc";\nexport declare const nightly: Pipeline<{}, void>;` } : { "nightly.ts": `import { pipeline } from "hmc";\nexport const nightly = pipeline(() => {});` };
    const call = code === "HMC2012" ? "export const p = pipeline(() => { nightly(); });" : "";
    assert.ok(codes((blocks[0] ?? "") + call, files(true)).includes(code), "before");
    assert.equal(codes((blocks[1] ?? "") + call, files(false)), [], "after");
  });
}

test.run();
