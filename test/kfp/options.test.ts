/** Run-time options where pipeline files show them badly: moved tasks, tasks after a failure, layers, called pipelines. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { resolveOptions } from "../../compiler/ir/options.ts";
import type { Branch, Expression, Json, TaskOptions } from "../../compiler/ir/types.ts";
import type { KubernetesConfig } from "../../compiler/targets/kfp/spec.ts";
import { boolean, codesOf, constant, document, emit, given, input, op, output, pipeline, span, task, text } from "./documents.ts";

const step = op("step", { text: given(text, { optional: true }) }, { Output: text });
const secretNamed = (expression: Expression): TaskOptions => ({ env: { TOKEN: { kind: "secret", name: { expression }, key: "token" } } });

test("the options of a task that moves into the arms of a branch have the values of each arm", () => {
  const branch: Branch = {
    kind: "branch",
    id: "if-1",
    arms: [
      { condition: input("flag", boolean), block: { nodes: [task("inside", "step", {})] }, span },
      { block: { nodes: [] }, span },
    ],
    selects: [
      { name: "x", type: text, values: [output("inside"), { kind: "absent", type: text, span }], span },
      { name: "y", type: text, values: [output("inside"), constant("plain")], span },
      { name: "z", type: text, values: [output("inside"), { kind: "absent", type: text, span }], span },
    ],
    hasElse: false,
    span,
  };
  const select = (name: string): Expression => ({ kind: "select", branch: "if-1", name, type: text, span });
  const consumer = task("after", "step", { text: select("x") }, { options: secretNamed(select("y")) });
  const { platform, codes } = emit(document([step], pipeline("p", [branch, consumer], { inputs: { flag: given(boolean) } })));
  assert.equal(codes, []);
  const executors = platform?.platforms.kubernetes.deploymentSpec?.executors;
  const first = { taskOutputParameter: { outputParameterKey: "Output", producerTask: "inside" } };
  const named = (config: KubernetesConfig | undefined) => (config?.["secretAsEnv"] as { secretNameParameter: object }[] | undefined)?.[0]?.secretNameParameter;
  assert.equal(Object.values(executors ?? {}).map(named), [first, { runtimeValue: { constant: "plain" } }]);
  const optional = task("after", "step", {}, { options: secretNamed(select("z")) });
  const other = emit(document([step], pipeline("p", [branch, optional], { inputs: { flag: given(boolean) } })));
  assert.equal(other.codes, []);
  assert.equal(Object.keys(other.spec.deploymentSpec.executors), ["exec-after", "exec-after-2", "exec-inside"]);
  assert.equal(Object.values(other.platform?.platforms.kubernetes.deploymentSpec?.executors ?? {}).map(named), [first]);
});

test("HMC4035: an option of a task that runs after a failure must not need what failed", () => {
  const late = (options: TaskOptions) => document([step], pipeline("p", [task("first", "step"), task("late", "step", {}, { after: ["first"], ignoreUpstreamFailure: true, options })], { inputs: { name: given(text) } }));
  assert.equal(codesOf(late({ image: { expression: output("first") } })), ["HMC4035"]);
  assert.equal(codesOf(late(secretNamed(output("first")))), ["HMC4035"]);
  assert.equal(codesOf(late(secretNamed(input("name")))), []);
});

test("a node selector in Kubernetes' form replaces the labels below it, and is replaced by those above", () => {
  const selector = (defaults: TaskOptions["nodeSelector"], call: TaskOptions["nodeSelector"]) => {
    const of = document([step], pipeline("p", [task("step", "step", {}, { options: call === undefined ? {} : { nodeSelector: call } })], { options: { defaults: defaults === undefined ? {} : { nodeSelector: defaults } } }));
    const [main] = Object.values(of.pipelines);
    const node = main?.body.nodes[0];
    assert.ok(main !== undefined && node?.kind === "task");
    const { options, origins } = resolveOptions(of, main, node);
    return { selector: options.nodeSelector, origins: Object.fromEntries(Object.entries(origins).filter(([name]) => name.startsWith("nodeSelector"))) };
  };
  const json = { json: { pool: "gpu" } };
  assert.equal(selector({ a: "b" }, { c: "d" }), { selector: { a: "b", c: "d" }, origins: { "nodeSelector.a": "pipeline", "nodeSelector.c": "call" } });
  assert.equal(selector({ a: "b" }, json), { selector: json, origins: { "nodeSelector.json": "call" } });
  assert.equal(selector(json, { a: "b" }), { selector: { a: "b" }, origins: { "nodeSelector.a": "call" } });
});

test("one value as text and as itself comes in through two inputs", () => {
  const counts = op("count", {}, { Output: { kind: "integer" } });
  const takes = op("takes", { list: given({ kind: "list", items: { kind: "integer" } }) });
  const number = output("count", { kind: "integer" });
  const list: Expression = { kind: "list", items: [number], type: { kind: "list", items: { kind: "integer" } }, span };
  const { spec, codes } = emit(document([counts, takes], pipeline("p", [task("count", "count"), task("takes", "takes", { list }, { options: { cpu: { limit: { expression: number } } } })])));
  assert.equal(codes, []);
  const declared = spec.components["comp-takes"]?.inputDefinitions?.parameters;
  assert.is(declared?.["pipelinechannel--count-Output"]?.parameterType, "NUMBER_INTEGER");
  assert.is(declared?.["pipelinechannel--count-Output-2"]?.parameterType, "STRING");
  const executor = spec.deploymentSpec.executors["exec-takes"];
  assert.ok(executor !== undefined && "container" in executor);
  assert.is(executor.container.resources?.resourceCpuLimit, "{{$.inputs.parameters['pipelinechannel--count-Output-2']}}");
});

test("the patch of a container is merged into it, in both shapes", () => {
  const of = document([step], pipeline("p", [task("step", "step", {}, { options: { cpu: { limit: "2" }, kfp: { container: { resources: { memoryLimit: 30, cpuLimit: null }, args: ["only"] }, podMetadata: { labels: { a: "b" } } } } })]));
  for (const shape of ["real", "sdk"] as const) {
    const { spec, platform, codes } = emit(of, { shape });
    assert.equal(codes, []);
    const executor = spec.deploymentSpec.executors["exec-step"];
    assert.ok(executor !== undefined && "container" in executor);
    assert.equal(executor.container.resources, { resourceCpuLimit: "2", memoryLimit: 30 });
    assert.equal(executor.container.args, ["only"]);
    assert.equal(platform?.platforms.kubernetes.deploymentSpec?.executors["exec-step"], { podMetadata: { labels: { a: "b" } } });
  }
});

test("HMC4019, HMC4017: the patch of a container has the fields of its message", () => {
  const patched = (container: Json): string[] => codesOf(document([step], pipeline("p", [task("step", "step", {}, { options: { kfp: { container } } })])));
  assert.equal(patched({ resource: {} }), ["HMC4019"]);
  assert.equal(patched({ resources: { cpu: 1, accelerator: { limit: 1 } } }), ["HMC4019", "HMC4019"]);
  assert.equal(patched({ resources: ["1"] }), ["HMC4019"]);
  assert.equal(patched("image"), ["HMC4019"]);
  assert.equal(patched({ constructor: 1 }), ["HMC4019"]);
  assert.equal(patched({ lifecycle: { preCacheCheck: { command: ["x"] } } }), ["HMC4017"]);
  assert.equal(patched({ lifecycle: null, resources: { accelerator: null } }), []);
});

test("initContainers reach the file for the SDK's shape alone", () => {
  const of = document([step], pipeline("p", [task("step", "step", {}, { options: { kfp: { initContainers: [{ name: "warm", image: "ghcr.io/acme/warm:1.0" }] } } })]));
  assert.equal(codesOf(of), ["HMC4040"]);
  const { platform, codes } = emit(of, { shape: "sdk" });
  assert.equal(codes, []);
  assert.equal(platform?.platforms.kubernetes.deploymentSpec?.executors["exec-step"], { initContainers: [{ image: "ghcr.io/acme/warm:1.0", name: "warm" }] });
});

test.run();
