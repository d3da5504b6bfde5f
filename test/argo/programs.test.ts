/** Loops, branches and recursion on Argo: the workflow of a program, simulated, gives what JavaScript gives, and calls the same ops. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { emitArgo } from "../../compiler/targets/argo/index.ts";
import type { Document } from "../../compiler/ir/types.ts";
import type { PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";
import { asJavaScript, lowered, loops, recorder, recursions, type Inputs, type Program, type Told } from "../runtime/programs.ts";

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
  const { yaml, diagnostics } = emitArgo(document, id, { version: "4.0", entrypoint: ["node", "/app/main.mjs"], repository: "s3", toolVersion: "X", kind: "workflow" });
  assert.equal(diagnostics.map(({ code, message }) => `${code} ${message}`), []);
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

function sorted(values: object): object {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What differs between the two, for all programs at once. */
async function compare(programs: readonly Program[]): Promise<void> {
  const document = lowered(programs);
  const different: string[] = [];
  for (const [index, program] of programs.entries()) {
    for (const x of [0, 5]) {
      const { outputs, calls } = asJavaScript(program, { x });
      const expected = JSON.stringify({ outputs: sorted(outputs as object), calls, phase: "Succeeded" });
      const found = await asWorkflow(document, `p${index}`, x).then((told) => JSON.stringify({ ...told, outputs: sorted(told.outputs as object) }), (error: unknown) => (error as Error).message);
      if (found !== expected) different.push(`${program.functions ?? ""}\n${program.body}\nx = ${x}\nfound:    ${found}\nexpected: ${expected}`);
    }
  }
  assert.is(different.join("\n\n"), "");
}

test("loops give what JavaScript gives", () => compare(loops));
test("recursion gives what JavaScript gives", () => compare(recursions));

test.run();
