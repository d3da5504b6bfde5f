/** Text that ops decode is encoded only where there are ops. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Document } from "../../compiler/ir/types.ts";
import { emitKfp, kfpDefaults } from "../../compiler/targets/kfp/index.ts";
import { compileFiles, root } from "../importers/printed.ts";

const file = `${root}/test/kfp/virtual.ts`;

function compiled(take: string): Document {
  return compileFiles(file, {
    [file]: `import { container, op, pipeline } from "hmc";
export const take = ${take};
const inner = pipeline(({ word }: { word: string }) => { take({ word }); });
export const main = pipeline(({ word = "😀" }: { word?: string }) => {
  for (const item of ["{{a}}", "b"]) take({ word: item });
  if (word !== "x") inner({ word: "$$" });
});
`,
  });
}

function emit(document: Document, shape: "sdk" | "real"): { yaml: string; problems: string[] } {
  const { yaml = "", diagnostics } = emitKfp(document, "main", { ...kfpDefaults, entrypoint: [...kfpDefaults.entrypoint], shape, toolVersion: "0" });
  return { yaml: yaml.replace(/^#.*\n/gm, ""), problems: diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message.split(":")[0]}`) };
}

const container = `container({ image: "a/b:1" }, (input: { word: string }) => ({ command: [input.word] }))`;
const op = `op({ image: "a/b:1" }, async (input: { word: string }) => { console.log(input.word); })`;

test("containers get text as it stands, in the shape of the SDK", () => {
  const { yaml, problems } = emit(compiled(container), "sdk");
  assert.equal(problems, []);
  for (const text of ["😀", '["{{a}}", "b"]', "constant: $$"]) assert.ok(yaml.includes(text), text);
  assert.not.match(yaml, "~(");
});

test("text that the back end would not keep is refused where nobody decodes it", () => {
  const { problems } = emit(compiled(container), "real");
  assert.equal(problems, [
    'HMC4015 KFP 2.17 does not keep the text "😀" in the default of "word"',
    'HMC4015 KFP 2.17 does not keep the text "[\\"{{a}}\\",\\"b\\"]" in the items of a loop',
    'HMC4015 KFP 2.17 does not keep the text "$$" in an input of "inner"',
  ]);
});

test("ops get it encoded, in both shapes; the SDK's has defaults as they are", () => {
  for (const shape of ["sdk", "real"] as const) {
    const { yaml, problems } = emit(compiled(op), shape);
    assert.equal(problems, []);
    for (const text of [shape === "sdk" ? "😀" : "~(1f600)", "~(7b){a}}", "~(24)~(24)"]) assert.ok(yaml.includes(text), text);
  }
});

test.run();
