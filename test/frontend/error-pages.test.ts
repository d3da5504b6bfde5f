/** The pages of the codes 2xxx: what stands before the fix raises the code, what stands after it has no findings. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readComponentFile } from "../../compiler/component-files.ts";
import { analyse } from "../../compiler/frontend/analyse.ts";
import { findPipelines, resolveCallee } from "../../compiler/frontend/callee.ts";
import { readContainer } from "../../compiler/frontend/containers.ts";
import { readOp } from "../../compiler/frontend/ops.ts";
import { openProgram } from "../../compiler/frontend/program.ts";
import { typescriptErrors } from "../../compiler/frontend/typescript-errors.ts";
import { hostWith } from "./lowered.ts";

const pages = fileURLToPath(new URL("../../docs/errors/", import.meta.url));
const language = `import { argoTemplate, component, container, env, fileOf, importArtifact, op, pipeline, secret, type Dataset, type Int, type Model, type OpOptions, type Pipeline, type Secret, type TaskConfig } from "hmc";\n`;

/** The codes that a block raises: of its types, of each op and container, and of its pipelines. */
function codes(block: string, files: Record<string, string>): string[] {
  const host = hostWith({ ...files, "pipeline.ts": language + block });
  const { context, entryFile, diagnostics } = openProgram(host, "pipeline.ts", { scope: "pipeline", readComponentFile });
  assert.ok(context !== undefined && entryFile !== undefined);
  diagnostics.push(...typescriptErrors(context, "pipeline"));
  if (findPipelines(context, entryFile).length > 0) return analyse(host, "pipeline.ts", { scope: "pipeline", readComponentFile }).diagnostics.map(({ code }) => code);
  for (const statement of entryFile.statements.filter(ts.isVariableStatement)) {
    for (const { name } of statement.declarationList.declarations) {
      const callee = ts.isIdentifier(name) ? resolveCallee(context, name) : undefined;
      if (callee?.kind === "op") readOp(context, callee);
      if (callee?.kind === "container") readContainer(context, callee);
    }
  }
  return diagnostics.map(({ code }) => code);
}

/** The component files that the pages HMC2070 to HMC2074 name, and what lies beside them. */
function componentFiles(code: string, isBefore: boolean): Record<string, string> {
  const files: Record<string, string> = {};
  for (const path of ["score.component.yaml", "components/score.component.yaml", "one/score.yaml", "two/score.yaml", "two/score-pairs.yaml"]) {
    const text = `name: Score\ninputs: [{name: threshold, type: ${path.startsWith("two") ? "String" : "Float"}, optional: true}]\nimplementation: {container: {image: alpine:3.20}}\n`;
    const types = readComponentFile(text, path).read?.declaration ?? "";
    files[path] = text;
    if (!isBefore) files[`${path}.d.ts`] = types;
    else if (code === "HMC2072") files[`${path}.d.ts`] = types.replace("threshold", "limit");
    else if (code === "HMC2073") files[`${path}.d.ts`] = types.replace(/: [0-9a-f]{64}/, `: ${"0".repeat(64)}`);
    else if (code !== "HMC2071") files[`${path}.d.ts`] = types;
  }
  return files;
}

for (const page of readdirSync(pages).filter((name) => name.startsWith("HMC2"))) {
  const code = page.slice(0, 7);
  test(`${code}: before and after`, () => {
    const blocks = [...readFileSync(pages + page, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");
    assert.is(blocks.length, 2);
    // The one page whose blocks import something, and those that read files.
    const files = (declarations: boolean): Record<string, string> =>
      /^HMC207[0-4]$/.test(code) ? componentFiles(code, declarations) : code !== "HMC2012" ? {} : declarations ? { "nightly.d.ts": `import type { Pipeline } from "hmc";\nexport declare const nightly: Pipeline<{}, void>;` } : { "nightly.ts": `import { pipeline } from "hmc";\nexport const nightly = pipeline(() => {});` };
    const call = code === "HMC2012" ? "export const p = pipeline(() => { nightly(); });" : "";
    assert.ok(codes((blocks[0] ?? "") + call, files(true)).includes(code), "before");
    assert.equal(codes((blocks[1] ?? "") + call, files(false)), [], "after");
  });
}

test.run();
