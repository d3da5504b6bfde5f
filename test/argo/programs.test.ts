/** Loops, branches and recursion on Argo: the workflow of a program, simulated, gives what JavaScript gives, and calls the same ops. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { emitArgo } from "../../compiler/targets/argo/index.ts";
import type { Document } from "../../compiler/ir/types.ts";
import type { PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";
import { asJavaScript, lowered, loops, randomPrograms, recorder, recursions, type Inputs, type Program, type Told } from "../runtime/programs.ts";

/** The values of a script's inputs, as the entrypoint reads them: text of JSON where they are no text. */
function inputsOf(pod: PodRequest): Inputs {
  const inputs: Inputs = {};
  const given = JSON.parse(pod.source ?? "[]") as { name: string; value: string }[];
  for (const { name, value } of given) {
    if (value === "~(absent)") continue;
    if (name.startsWith("hmc-meta-")) {
      const { metadata } = JSON.parse(value) as { metadata?: { size?: number } };
      if (pod.artifacts.some((artifact) => artifact["name"] === name.slice("hmc-meta-".length) && (artifact as { s3?: unknown }).s3 !== undefined)) inputs[name.slice("hmc-meta-".length)] = { uri: "x", size: metadata?.size ?? 0 };
    } else inputs[name] = pod.template === "parts" || name === "text" ? value.replace(/^~(?=~)/, "") : Number(value);
  }
  return inputs;
}

async function asWorkflow(document: Document, id: string, x: number): Promise<Told & { phase: string }> {
  const { calls, call } = recorder();
  const { yaml, diagnostics } = emitArgo({ ...document, defaults: { ...document.defaults, image: "ghcr.io/acme/ops:1.0" } }, id, { version: "4.0", entrypoint: ["node", "/app/main.mjs"], repository: "s3", toolVersion: "X", kind: "workflow" });
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message}`);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  const outcome = (pod: PodRequest): PodOutcome => {
    const name = pod.template;
    const given = call(name, inputsOf(pod));
    const record = typeof given === "object" && given !== null && !Array.isArray(given) ? (given as Record<string, unknown>) : { Output: given };
    const params: Record<string, string> = {};
    const artifacts: Record<string, string> = {};
    for (const [output, value] of Object.entries(record)) {
      if (output === "model") {
        artifacts["model"] = `k/${pod.podName}`;
        params["hmc-meta-model"] = JSON.stringify({ metadata: { size: (value as { size: number }).size } });
      } else if (value !== undefined) params[output] = typeof value === "string" ? value : JSON.stringify(value);
    }
    return { phase: "Succeeded", params, artifacts };
  };
  const run = await simulate(readYaml(yaml ?? ""), { outcome, parameters: { x: String(x) } });
  const root = run.nodes.find(({ name }) => !name.includes(".") && !name.includes("["));
  const outputs = Object.fromEntries(Object.entries(root?.outputs.parameters ?? {}).map(([name, value]) => [name, JSON.parse(value) as unknown]));
  return { outputs, calls: calls.sort(), phase: run.hung ? `hung: ${JSON.stringify(run.waits)}` : `${run.phase} ${run.message}`.trim() };
}

const sorted = (value: unknown): unknown => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);

async function compare(programs: readonly Program[]): Promise<void> {
  const document = lowered(programs);
  const failed: string[] = [];
  for (const [index, program] of programs.entries()) {
    for (const x of [5]) {
      let graph: unknown;
      try {
        const got = await asWorkflow(document, `p${index}`, x);
        graph = { ...got, outputs: sorted(got.outputs) };
      } catch (error) {
        graph = (error as Error).message;
      }
      const script = asJavaScript(program, { x });
      const expected = { outputs: sorted(script.outputs), calls: script.calls, phase: "Succeeded" };
      if (JSON.stringify(graph) !== JSON.stringify(expected)) failed.push(`--- ${index} x=${x}\n${program.functions ?? ""}\n${program.body}\n GOT ${JSON.stringify(graph).slice(0, 1500)}\n EXP ${JSON.stringify(expected).slice(0, 800)}`);
    }
  }
  console.log(failed.join("\n\n"));
  assert.is(failed.length, 0);
}

test("loops give what JavaScript gives", () => compare(loops));
test("recursion gives what JavaScript gives", () => compare(recursions));
test("random programs give what JavaScript gives", () => compare(randomPrograms(Number(process.env["N"] ?? 12), 7)));

test.run();
