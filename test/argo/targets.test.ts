/**
 * The 40 examples of Argo that hmc is to express (reference argo.md 6), written in its language: under the same outcomes the same pods run the
 * same programs in the same partial order, and the run ends alike with the same outputs.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import type { PodOutcome } from "../../runtime/argo/options.ts";
import type { SimulatedPod } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";
import { haveRecordings, recorded, recordings } from "./simulator-recordings.ts";
import { compiled, masked, orderOf, outputsOf, runBoth, signature, targets } from "./targets.ts";

const all = haveRecordings ? recordings("examples-v4.1.2") : [];

test("there are 40 targets, each of them recorded", () => {
  assert.is(targets.length, 40);
  if (!haveRecordings) return void console.log("SKIPPED: no recordings of Argo's controller beside the project, so the targets are only compiled");
  assert.equal(new Set(all.map((name) => name.replace(/@.*/, ""))), new Set(targets));
});

for (const target of targets) {
  const compilation = compiled(target);
  test(`${target} compiles`, () => assert.ok(compilation.output !== undefined, renderDiagnostics(compilation.diagnostics, compilation.texts, "frame")));
  for (const recording of all.filter((name) => name.replace(/@.*/, "") === target)) {
    test(`${recording}: pods, order, phase and outputs are those of the example`, async () => {
      const { output } = compilation;
      assert.ok(output !== undefined, "it compiles");
      const { example, own } = await runBoth(recording, output);
      const run = recorded("examples-v4.1.2", recording);
      assert.is(own.hung, run.hung);
      assert.is(own.phase, run.phase, own.message);
      const visible = ({ image, args, env }: Pick<SimulatedPod, "image" | "env"> & { args?: readonly string[] | null | undefined }): string => masked(JSON.stringify({ image, args: args ?? null, env }));
      assert.equal(Object.values(own.pods).map(visible).sort(), Object.values(run.pods).map(visible).sort());
      assert.equal(Object.values(own.pods).map((pod) => masked(signature(pod))).sort(), Object.values(example.pods).map((pod) => masked(signature(pod))).sort());
      assert.equal([...orderOf(own)], [...orderOf(example)]);
      const name = example.nodes.map((node) => node.name).reduce((least, other) => (other.length < least.length ? other : least));
      assert.equal(outputsOf(own, name), outputsOf(example, name));
    });
  }
}

test("where the body of a try has failed, its finally reads the value from before", async () => {
  const { output = "" } = compiled("exit-handler-with-param");
  const sources = async (outcome: PodOutcome): Promise<(string | undefined)[]> => {
    const run = await simulate(readYaml(output), { version: "4.1.2", outcome: ({ template }) => (template === "output" ? outcome : { phase: "Succeeded" }) });
    return Object.values(run.pods).flatMap(({ source }) => (source === undefined ? [] : [source]));
  };
  assert.equal(await sources({ phase: "Succeeded", params: { result: "R" } }), ['print("R")\n']);
  assert.equal(await sources({ phase: "Failed" }), ['print("Foobar")\n']);
});

test.run();
