/** DAG templates in parts: the same tasks run and end alike (reference argo.md 4.3). Runs are those of the simulator. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { emitArgo } from "../../compiler/targets/argo/index.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import type { SimulatedRun } from "../../runtime/argo/report.ts";
import { binary, choose, ofTask, path, text } from "../../compiler/targets/argo/expr-build.ts";
import { templatesOf } from "../../compiler/targets/argo/finish.ts";
import { addTask, newRegion, require, type Result } from "../../compiler/targets/argo/region.ts";
import { withLibraries } from "../../compiler/targets/argo/library.ts";
import { splitRegions } from "../../compiler/targets/argo/split.ts";
import type { Manifest, Template } from "../../compiler/targets/argo/spec.ts";
import { constant, document, given, op, output, pipeline, span, task, text as textType } from "../kfp/documents.ts";
import { buildOf } from "./emit-options.ts";

/** A task of a random DAG: what it waits for, by earlier tasks, and whether its pod fails. */
interface Drawn {
  waits: { task: number; results: Result[] }[][];
  /** It runs only where the value of an earlier task is this text. */
  when: { task: number; value: string } | undefined;
  reads: number[];
  fails: boolean;
  loops: boolean;
}

const results = fc.constantFrom<Result[]>(["Succeeded"], ["Succeeded"], ["Succeeded"], ["Failed", "Errored"], ["Succeeded", "Skipped"], ["Succeeded", "Failed", "Errored", "Skipped", "Omitted"], ["Omitted"]);

const drawnTask = (number: number): fc.Arbitrary<Drawn> => {
  const earlier = fc.nat({ max: Math.max(0, number - 1) });
  const alternative = fc.record({ task: earlier, results });
  const few: fc.Arbitrary<Drawn["waits"]> = number === 0 ? fc.constant([]) : fc.array(fc.array(alternative, { minLength: 1, maxLength: 2 }), { maxLength: 3 });
  return fc.record({
    waits: few,
    when: number === 0 ? fc.constant(undefined) : fc.option(fc.record({ task: earlier, value: fc.constantFrom("no", "auto-r") }), { nil: undefined, freq: 4 }),
    reads: number === 0 ? fc.constant<number[]>([]) : fc.array(earlier, { maxLength: 2 }),
    fails: fc.nat({ max: 5 }).map((draw) => draw === 0),
    loops: fc.nat({ max: 7 }).map((draw) => draw === 0),
  });
};

/** The DAG of drawn tasks, in parts of at most so many tasks. */
function templatesFor(drawn: readonly Drawn[], limit: number): Template[] {
  const build = buildOf();
  const region = newRegion(build, "main", span);
  build.entry = region;
  const arguments_ = { parameters: [{ name: "a", default: "" }, { name: "b", default: "" }], artifacts: [{ name: "x", path: "/x", optional: true }] };
  const leaf = { template: "", component: "leaf", spec: { name: "", inputs: arguments_, container: { image: "i", command: ["c"] }, outputs: { parameters: [{ name: "r", valueFrom: { path: "/r" } }], artifacts: [{ name: "m", path: "/m" }] } } };
  build.leaves.set("leaf", leaf);
  const tasks = drawn.map((_, number) => addTask(region, `t${number}`, leaf, span));
  const at = (number: number) => tasks[number] as (typeof tasks)[number];
  for (const [number, { waits, when, reads, loops }] of drawn.entries()) {
    const task = at(number);
    for (const alternatives of waits) require(task, alternatives.map((alternative) => ({ task: at(alternative.task), results: alternative.results })));
    if (when !== undefined && !loops && drawn[when.task]?.loops !== true) {
      require(task, [{ task: at(when.task), results: ["Succeeded"] }]);
      task.when.push(binary("==", ofTask(at(when.task).name, "outputs", "parameters", "r"), text(when.value)));
    }
    for (const [position, earlier] of reads.entries()) {
      if (drawn[earlier]?.loops === true) continue;
      require(task, [{ task: at(earlier), results: ["Succeeded"] }]);
      task.parameters.set(position === 0 ? "a" : "b", ofTask(at(earlier).name, "outputs", "parameters", "r"));
      task.artifacts.set("x", { from: ofTask(at(earlier).name, "outputs", "artifacts", "m"), optional: false });
    }
    task.parameters.set("b", binary("+", text("="), path("workflow", "parameters", "p")));
    if (loops) task.repetition = { kind: "sequence", count: { kind: "int", value: 2n, start: 0, end: 0 } };
  }
  for (const [number, { loops }] of drawn.entries()) {
    const { name } = at(number);
    region.outputs.set(`s${number}`, { kind: "parameter", value: ofTask(name, "status"), default: "none" });
    if (!loops) region.outputs.set(`v${number}`, { kind: "parameter", value: choose(binary("==", ofTask(name, "status"), text("Succeeded")), ofTask(name, "outputs", "parameters", "r"), text("none")), default: "none" });
  }
  splitRegions(build, limit);
  return templatesOf(build);
}

/** @param limit the most templates of an object; the others move into libraries */
async function runOf(templates: Template[], drawn: readonly Drawn[], limit = 1000): Promise<SimulatedRun> {
  const workflow: Manifest = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w" }, spec: { entrypoint: "main", arguments: { parameters: [{ name: "p", value: "q" }] }, templates } };
  const manifests = withLibraries([workflow], limit, (number) => `library-${number}`);
  for (const { spec } of manifests) assert.ok((spec["templates"] as Template[]).length <= limit);
  return simulate(manifests, {
    version: "4.1.2",
    outcome: (pod) => {
      const number = Number(/^t(\d+)/.exec(pod.displayName)?.[1]);
      const fails = drawn[number]?.fails === true;
      return { phase: fails ? "Failed" : "Succeeded", params: { r: "auto-r" }, artifacts: { m: `k/t${number}` } };
    },
  });
}

/** What a run shows: how it and each of its tasks ended, what pods were given, what the DAG gave. */
function shown(run: SimulatedRun): unknown {
  const tasks = run.nodes.filter(({ displayName }) => /^t\d+/.test(displayName)).map(({ displayName, phase, inputs }) => [displayName, phase, inputs] as const);
  return {
    phase: run.phase === "Error" ? "Failed" : run.phase,
    hung: run.hung,
    tasks: tasks.sort(([one], [other]) => (one < other ? -1 : 1)),
    outputs: run.phase === "Succeeded" ? run.nodes.find(({ name }) => name === "w")?.outputs.parameters : undefined,
  };
}

test("random DAGs run alike in parts", async () => {
  const dag = fc.integer({ min: 1, max: 24 }).chain((size) => fc.tuple(...Array.from({ length: size }, (_, number) => drawnTask(number))));
  await fc.assert(
    fc.asyncProperty(dag, fc.constantFrom(8, 10, 13), async (drawn, limit) => {
      const templates = templatesFor(drawn, limit);
      for (const { dag: tasks } of templates) assert.ok((tasks?.tasks.length ?? 0) <= limit);
      const whole = shown(await runOf(templatesFor(drawn, 1000), drawn));
      assert.equal(shown(await runOf(templates, drawn)), whole);
      assert.equal(shown(await runOf(templates, drawn, 2)), whole);
    }),
    { numRuns: 20, seed: 11, endOnFailure: true },
  );
});

test("a pipeline of many tasks is split for versions whose API server counts them", () => {
  const components = [op("fit", { x: given(textType) })];
  const nodes = Array.from({ length: 250 }, (_, number) => task(`fit-${number}`, "fit", { x: number === 0 ? constant("a") : output(`fit-${number - 1}`) }));
  const counts = (version: "3.7" | "4.0"): number[] => {
    const { yaml, diagnostics } = emitArgo(document(components, pipeline("chain", nodes)), "chain", { version, entrypoint: ["node"], repository: "s3", toolVersion: "X" });
    assert.equal(diagnostics, []);
    return (parse(yaml ?? "") as { spec: { templates: Template[] } }).spec.templates.flatMap(({ dag }) => dag?.tasks.length ?? []);
  };
  assert.equal(counts("3.7"), [250]);
  assert.ok(counts("4.0").every((count) => count <= 200));
});

test.run();
