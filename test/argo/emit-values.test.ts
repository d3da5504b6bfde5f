/** Values on their way between templates: what may have no value, lists of artifacts, texts inside JSON. Each workflow is simulated. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { emitArgo } from "../../compiler/targets/argo/index.ts";
import type { PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import type { SimulatedRun } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";
import { errorsOf, lowerFiles } from "../frontend/lowered.ts";

const ops = `
import { op, pipeline, runStatus, statusOf, type Dataset, type Int, type RunStatus } from "hmc";
export const word = op(async (input: { text: string }) => input.text);
export const fail = op(async (input: { text: string }) => input.text);
export const words = op(async (input: { text: string }) => [input.text]);
export const loose = op(async (input: { text: string }): Promise<{ rest: unknown }> => ({ rest: input.text }));
export const write = op(async (input: { text: string }, out: { data: Dataset }) => { console.log(input, out); return { name: input.text }; });
export const fit = op(async (input: { warm?: Dataset | undefined; text?: string | undefined }, out: { data: Dataset }) => { console.log(out); return { loss: input.text === undefined ? 1 : 0 }; });
export const join = op(async (input: { files: Dataset[] }) => input.files.length as Int);
export const tell = op(async (input: { status: RunStatus; text?: string | undefined; data?: Dataset | undefined }) => { console.log(input); });
`;

/** Runs the pipeline `main`. The op `fail` fails; texts are passed on, lists come from `words`. */
async function ran(source: string, parameters: Record<string, string> = {}): Promise<{ run: SimulatedRun; of(op: string): Record<string, string>[]; pods: PodRequest[] }> {
  const { document, diagnostics } = lowerFiles({ "pipeline.ts": `${ops}${source.replaceAll("pipeline((", 'pipeline({ defaults: { image: "x:1" } }, (')}` });
  assert.equal(errorsOf(diagnostics), []);
  assert.ok(document !== undefined);
  const { yaml, diagnostics: reported } = emitArgo(document, "main", { version: "4.0", entrypoint: ["hmc"], repository: "s3", toolVersion: "X", kind: "workflow" });
  assert.equal(reported.filter(({ severity }) => severity === "error").map(({ message }) => message), []);
  const pods: PodRequest[] = [];
  const outcome = (pod: PodRequest): PodOutcome => {
    pods.push(pod);
    const text = pod.parameters["text"] ?? "";
    if (pod.template === "fail") return { phase: "Failed", message: "asked to" };
    const params: Record<string, string> = { Output: pod.template === "words" ? JSON.stringify(text.split(" ")) : text, rest: JSON.stringify({ a: text, n: 1 }), name: text, loss: "0", "hmc-meta-data": JSON.stringify({ name: text }) };
    const declared = (pod.outputs.parameters ?? []).map(({ name }): [string, string] => [name, params[name] ?? ""]);
    return { phase: "Succeeded", params: Object.fromEntries(declared), artifacts: Object.fromEntries((pod.outputs.artifacts ?? []).map((artifact) => [artifact.name, (artifact["s3"] as { key?: string } | undefined)?.key ?? `k/${pod.podName}`])) };
  };
  const run = await simulate(readYaml(yaml ?? ""), { outcome, parameters, uid: "uid" });
  return { run, pods, of: (op) => pods.filter(({ template }) => template === op).map(({ parameters: given }) => ({ ...given })) };
}

const keyOf = (pod: PodRequest | undefined, artifact: string): unknown => pod?.artifacts.find(({ name }) => name === artifact)?.["s3"];

test("a loop over constants counts where a called pipeline collects artifacts", async () => {
  const { run, pods } = await ran(`
    const inner = pipeline(({ text }: { text: string }) => { const parts = words({ text }); return { count: join({ files: parts.map((part) => write({ text: part }).data) }) }; });
    export const main = pipeline(() => { for (const text of ["a b", "c"]) inner({ text }); });`);
  assert.is(run.phase, "Succeeded", run.message);
  const keys = pods.filter(({ template }) => template === "join").map((pod) => (keyOf(pod, "files") as { key: string }).key);
  assert.is(new Set(keys).size, 2, "each call has a folder of its own");
});

test("members of an object that arms give are outputs of their own", async () => {
  const { run, of } = await ran(`
    export const main = pipeline(({ text = "a" }: { text?: string }) => {
      let made: { name: string; data: Dataset };
      if (text === "a") made = write({ text: "yes" }); else made = write({ text: "no" });
      fit({ text: made.name, warm: made.data });
    });`);
  assert.is(run.phase, "Succeeded", run.message);
  assert.equal(of("fit").map(({ text }) => text), ["yes"]);
  assert.equal(run.nodes.flatMap(({ outputs }) => Object.keys(outputs.parameters)).filter((name) => !/^[-\w]+$/.test(name)), []);
});

test("finally knows how a body ended whose failure was caught", async () => {
  const { run, of } = await ran(`export const main = pipeline(() => { try { fail({ text: "x" }); } catch { word({ text: "mended" }); } finally { tell({ status: runStatus() }); } word({ text: "last" }); });`);
  assert.is(run.phase, "Succeeded", run.message);
  assert.match(of("tell")[0]?.["status"] ?? "", /FAILED/);
});

test("a loop may begin without an artifact", async () => {
  const { run, pods, of } = await ran(`
    export const main = pipeline(({ rounds = 2 }: { rounds?: Int }) => {
      let best: Dataset | undefined;
      let round = 0;
      while (round < rounds) {
        const next = fit({ warm: best, text: String(round) });
        if (next.loss < 1) best = next.data;
        round++;
      }
      fit({ warm: best });
    });`);
  assert.is(run.phase, "Succeeded", run.message);
  assert.equal(of("fit").map((given) => given["hmc-meta-warm"]), ["~(absent)", '{"name":"0"}', '{"name":"1"}']);
  assert.ok(keyOf(pods[2], "warm") !== undefined);
});

test("each turn is one level of templates, of which Argo takes 100", async () => {
  const turns = async (bound: string) => {
    const { run, of } = await ran(`export const main = pipeline(({ bound }: { bound: Int }) => { let turn = 0; while (turn < bound) { word({ text: "x" }); turn++; } });`, { bound });
    return { phase: run.phase, turns: of("word").length };
  };
  assert.equal(await turns("0"), { phase: "Succeeded", turns: 0 });
  assert.equal(await turns("96"), { phase: "Succeeded", turns: 96 });
  assert.is((await turns("97")).phase, "Error");
});

test("what is absent becomes the default of a called pipeline", async () => {
  const source = `
    const inner = pipeline(({ text = "default" }: { text?: string | undefined }) => { word({ text: "<" + text + ">" }); });
    export const main = pipeline(({ note }: { note?: string }) => { inner({ text: note }); });`;
  assert.equal((await ran(source)).of("word"), [{ text: "<default>" }]);
  assert.equal((await ran(source, { note: "given" })).of("word"), [{ text: "<given>" }]);
});

test("an optional artifact that a caller leaves out may be one of a choice", async () => {
  const { run, of } = await ran(`
    const inner = pipeline(({ data, other, flag }: { data?: Dataset; other: Dataset; flag: boolean }) => {
      let chosen: Dataset | undefined = data;
      if (flag) chosen = other;
      fit({ warm: chosen, text: "in" });
    });
    export const main = pipeline(() => { const { data } = write({ text: "o" }); inner({ other: data, flag: false }); inner({ other: data, flag: true }); });`);
  assert.is(run.phase, "Succeeded", run.message);
  assert.equal(of("fit").map((given) => given["hmc-meta-warm"]).sort(), ['{"name":"o"}', "~(absent)"]);
});

test("a text inside JSON stands in a text as it is, anything else as JSON", async () => {
  const { of } = await ran(`
    export const main = pipeline(() => {
      const made = loose({ text: "it's" });
      const rest = made.rest as { a: unknown; n: unknown; none: unknown };
      word({ text: String(rest.a) + " " + String(rest.n) });
    });`);
  assert.equal(of("word"), [{ text: "it's 1" }]);
});

test("what runs all the same gets nothing of a task that failed", async () => {
  const source = (op: string): string => `
    export const main = pipeline(() => {
      const made = ${op};
      tell({ status: statusOf(made), text: made }, { ignoreUpstreamFailure: true });
    });`;
  const failed = await ran(source('fail({ text: "a" })'));
  assert.equal(failed.run.waits, []);
  assert.equal(failed.of("tell").map(({ text, status }) => [text, status?.includes("FAILED")]), [["~(absent)", true]]);
  assert.equal((await ran(source('word({ text: "a" })'))).of("tell").map(({ text }) => text), ["a"]);
});

test("lists out of nested loops are read as deep as they lie, also in called pipelines and by choice", async () => {
  const { run, of, pods } = await ran(`
    const inner = pipeline(({ files }: { files: Dataset[] }) => ({ count: join({ files }), files }));
    export const main = pipeline(({ texts = ["a", "b"], deep = true }: { texts?: string[]; deep?: boolean }) => {
      const nested = texts.flatMap((one) => texts.flatMap((two) => texts.map((three) => write({ text: one + two + three }).data)));
      const flat = texts.map((text) => write({ text }).data);
      let chosen: Dataset[];
      if (deep) chosen = texts.flatMap((one) => texts.map((two) => write({ text: one + two }).data)); else chosen = texts.map((text) => write({ text }).data);
      join({ files: nested });
      const made = inner({ files: nested });
      join({ files: made.files });
      inner({ files: flat });
      join({ files: chosen });
    });`);
  assert.is(run.phase, "Succeeded", run.message);
  const told = of("join").map((given) => `${given["hmc-depth-files"]}: ${(JSON.parse(given["hmc-meta-files"] ?? "") as { name: string }[]).map(({ name }) => name).join(" ")}`);
  const all = "aaa aab aba abb baa bab bba bbb";
  assert.equal(told.sort(), ["1: a b", "2: aa ab ba bb", `3: ${all}`, `3: ${all}`, `3: ${all}`]);
  assert.ok(pods.filter(({ template }) => template === "join").every((pod) => keyOf(pod, "files") !== undefined));
});

test.run();
