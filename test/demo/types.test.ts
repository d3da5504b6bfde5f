/** The types of the demo's steps keep the target out of the features. */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";

const folder = fileURLToPath(new URL("../../fixtures/crashed/", import.meta.url));
const file = `${folder}wrong.ts`;

/** What TypeScript says of a pipeline with this body, in a file beside `pipeline.ts` that exists only here. */
function errorsOf(body: string): string[] {
  const text = `
    import { pipeline } from "hmc";
    import { createTraining } from "./steps/create-training.ts";
    import { evaluate } from "./steps/evaluate.ts";
    import { profile } from "./steps/profile.ts";
    import { train } from "./steps/train.ts";
    import { crashes } from "./table.ts";
    export const wrong = pipeline(() => {
      const training = createTraining({ source: "synthetic:crashes", table: crashes });
      const { encodings, distributions } = profile({ features: training.features });
      const settings = { encodings, depth: 4, trees: 80, learningRate: 0.1, seed: 1 };
      ${body}
      evaluate; distributions;
    });`;
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ["node"],
    strict: true, noUncheckedIndexedAccess: true, allowImportingTsExtensions: true, noEmit: true, skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? text : readFile(name));
  host.getSourceFile = (name, version, ...rest) => (name === file ? ts.createSourceFile(name, text, version) : getSourceFile(name, version, ...rest));
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0] ?? "");
}

test("features and target in their places are right", () => {
  assert.equal(errorsOf("train({ features: training.features, target: training.target, ...settings });"), []);
});

test("the target is no features, the features are no target, encodings are no distributions", () => {
  const errors = errorsOf(`
    train({ features: training.target, target: training.target, ...settings });
    train({ features: training.features, target: training.features, ...settings });
    train({ features: training.features, target: training.target, ...settings, encodings: distributions });
  `);
  assert.equal(errors, [
    "Type 'Target' is not assignable to type 'Features'.",
    "Type 'Features' is not assignable to type 'Target'.",
    "Type 'Distributions' is not assignable to type 'Encodings'.",
  ]);
});

test.run();
