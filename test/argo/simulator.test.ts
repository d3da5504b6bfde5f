/** The simulator beyond the recordings: its options, what it refuses, what it says of runs that hang. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SimulationError } from "../../runtime/argo/errors.ts";
import type { PodOutcome, PodRequest, SimulationOptions } from "../../runtime/argo/options.ts";
import type { SimulatedNode, SimulatedRun } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { stubbed, type Stubs } from "../../runtime/argo/stubs.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";

/** A workflow "w" whose specification is the given YAML, indented as at the top of a file. */
function workflow(spec: string): unknown[] {
  return readYaml(`kind: Workflow\nmetadata: {name: w}\nspec:\n${spec.replace(/^/gm, "  ")}`);
}

function run(spec: string, stubs: Stubs = {}, options: Partial<SimulationOptions> = {}): Promise<SimulatedRun> {
  return simulate(workflow(spec), { outcome: stubbed(stubs, "w"), ...options });
}

function node(run: SimulatedRun, name: string): SimulatedNode {
  const found = run.nodes.find((one) => one.name === name);
  assert.ok(found, `there is no node ${name} among ${run.nodes.map((one) => one.name).join(", ")}`);
  return found as SimulatedNode;
}

async function refused(documents: readonly unknown[], options: Partial<SimulationOptions> = {}): Promise<string> {
  try {
    await simulate(documents, { outcome: () => ({ phase: "Succeeded" }), ...options });
  } catch (error) {
    assert.instance(error, SimulationError);
    return (error as Error).message;
  }
  return assert.unreachable("nothing was refused") as never;
}

const leaf = "- name: t\n  inputs: {parameters: [{name: x, default: d}]}\n  container: {image: i, command: [c], args: ['{{inputs.parameters.x}}']}\n  outputs: {parameters: [{name: o, valueFrom: {path: /o}}]}";

test("a pod is described with all that it would have", async () => {
  const pods: PodRequest[] = [];
  const documents = workflow(`entrypoint: m
arguments: {parameters: [{name: p, value: 5}]}
templates:
- name: m
  steps:
  - - {name: a, template: s, arguments: {parameters: [{name: x, value: "{{workflow.parameters.p}}"}], artifacts: [{name: in, raw: {data: hi}}]}}
  - - {name: b, template: s, arguments: {parameters: [{name: x, value: "{{steps.a.outputs.result}}"}], artifacts: [{name: in, from: "{{steps.a.outputs.artifacts.out}}"}]}}
- name: s
  inputs: {parameters: [{name: x}], artifacts: [{name: in, path: /in}]}
  script: {image: i, command: [sh], source: "echo {{inputs.parameters.x}} > {{outputs.parameters.o.path}}", env: [{name: E, value: "{{pod.name}}"}]}
  outputs: {parameters: [{name: o, valueFrom: {path: /o}}], artifacts: [{name: out, path: /out}]}`);
  const outcome = (pod: PodRequest): PodOutcome => {
    pods.push(pod);
    return { phase: "Succeeded", params: { o: "1" }, result: "out!", artifacts: { out: { gcs: { key: "k/1" } } }, exitCode: 0 };
  };
  const { phase, nodes } = await simulate(documents, { outcome });
  assert.is(phase, "Succeeded");
  const [a, b] = pods as [PodRequest, PodRequest];
  assert.equal([a.node, a.displayName, a.template, a.kind, a.image, a.command, a.capturesResult], ["w[0].a", "a", "s", "script", "i", ["sh"], true]);
  assert.equal(a.args, ["/argo/staging/script"]);
  assert.is(a.source, "echo 5 > /o");
  assert.match(a.podName, /^w-s-\d+$/);
  assert.equal(a.env, [{ name: "E", value: a.podName }]);
  assert.equal(a.parameters, { x: "5" });
  assert.equal(a.artifacts, [{ name: "in", path: "/in", raw: { data: "hi" } }]);
  assert.equal(a.outputs.artifacts, [{ name: "out", path: "/out" }]);
  assert.equal(b.parameters, { x: "out!" });
  assert.equal(b.artifacts, [{ name: "in", path: "/in", gcs: { key: "k/1" } }]);
  assert.is(b.capturesResult, false);
  assert.equal([nodes.find(({ name }) => name === "w[0].a")?.result, nodes.find(({ name }) => name === "w[1].b")?.result], ["out!", undefined]);
});

test("pods run side by side, and what waits for one starts when it ends", async () => {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const started = (name: string): Promise<void> => new Promise((resolve) => {
    log.push(`+${name}`);
    ends.set(name, resolve);
    if (name === "a" || name === "b") queueMicrotask(() => log.filter((entry) => entry.startsWith("+")).length === 2 && ends.get("b")?.());
    if (name === "c") queueMicrotask(() => ends.get("c")?.());
  });
  const documents = workflow(`entrypoint: m
templates:
- name: m
  dag: {tasks: [{name: a, template: t}, {name: b, template: t}, {name: c, template: t, depends: b}, {name: d, template: t, depends: a && c}]}
${leaf}`);
  const { phase } = await simulate(documents, {
    outcome: async ({ displayName }) => {
      if (displayName === "d") return { phase: "Succeeded", params: { o: "" } };
      await started(displayName);
      log.push(`-${displayName}`);
      if (displayName === "c") ends.get("a")?.();
      return { phase: "Succeeded", params: { o: "" } };
    },
  });
  assert.is(phase, "Succeeded");
  assert.equal(log, ["+a", "+b", "-b", "+c", "-c", "-a"]);
});

test("what an outcome throws comes out of the simulation", async () => {
  const documents = workflow(`entrypoint: t\ntemplates:\n${leaf}`);
  for (const outcome of [() => { throw new Error("boom"); }, () => Promise.reject(new Error("boom"))]) {
    try {
      await simulate(documents, { outcome });
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, "boom");
    }
  }
});

test("a pod that did not write an output is an error, unless the output has a default", async () => {
  const spec = (byDefault: string): string => `entrypoint: t\ntemplates:\n- name: t\n  container: {image: i, command: [c]}\n  outputs: {parameters: [{name: o, valueFrom: {path: /o${byDefault}}}]}`;
  const succeeds = { outcome: (): PodOutcome => ({ phase: "Succeeded" }) };
  const without = await run(spec(""), {}, succeeds);
  assert.equal([without.phase, without.message], ["Error", "output parameter o was not written"]);
  assert.equal(node(await run(spec(", default: 7"), {}, succeeds), "w").outputs.parameters, { o: "7" });
});

test("a hang is told, with what waits for what", async () => {
  const wrong = await run(`entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [{name: a, template: t}, {name: b, template: t, depends: a, when: "{{= tasks.c.status == 'x' }}"}]}\n${leaf}`);
  assert.is(wrong.hung, true);
  assert.is(wrong.phase, "Running");
  assert.equal(wrong.waits, [{ node: "w.b", reason: "failed to evaluate expression: tasks.c is missing" }]);
  const old = await run(`entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [{name: a, template: t}, {name: b, template: t, depends: a, when: "{{= tasks.c.status == 'x' }}"}]}\n${leaf}`, {}, { version: "3.6.10" });
  assert.equal([old.hung, old.phase], [false, "Error"]);
  const unreachable = await run(`entrypoint: m
templates:
- name: m
  dag: {tasks: [{name: c, template: c}, {name: u, template: t, depends: c.Succeeded}]}
- name: c
  dag: {tasks: [{name: t, template: t, when: "false"}]}
  outputs: {parameters: [{name: o, valueFrom: {parameter: "{{tasks.t.outputs.parameters.o}}"}}]}
${leaf}`);
  assert.is(unreachable.hung, true);
  assert.match(unreachable.waits[0]?.reason ?? "", "without being connected");
});

test("a run that ends tells of no waits, although it waited in between", async () => {
  const { waits, phase } = await run(`entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [{name: a, template: t}, {name: b, template: t, depends: a}]}\n${leaf}`);
  assert.equal([waits, phase], [[], "Succeeded"]);
});

const retrying = (strategy: string): string => `entrypoint: t\ntemplates:\n- name: t\n  retryStrategy: ${strategy}\n  container: {image: i, command: [c], args: ["{{retries}} {{lastRetry.status}} {{lastRetry.exitCode}}"]}`;

test("retries: limits, policies, expressions, backoff by the clock", async () => {
  const fail: Stubs = { t: { fail: true, exitCode: 3 } };
  const limited = await run(retrying("{limit: 2}"), fail);
  assert.equal([limited.phase, limited.message, Object.keys(limited.pods).length], ["Failed", "No more retries left", 3]);
  assert.equal(limited.pods["w(1)"]?.args, ["1 Failed 3"]);
  assert.equal(limited.pods["w(0)"]?.args, ["0  0"]);
  const errors = await run(retrying("{limit: 2, retryPolicy: OnError}"), fail);
  assert.is(Object.keys(errors.pods).length, 1);
  const wrong = await run(retrying("{limit: 2, retryPolicy: Sometimes}"), fail);
  assert.equal([wrong.phase, wrong.message], ["Error", "error in entry template execution: Sometimes is not a valid RetryPolicy"]);
  const expression = await run(retrying(`{limit: 5, expression: "asInt(lastRetry.exitCode) == 3 && asInt(retries) < 2"}`), fail);
  assert.equal([expression.message, Object.keys(expression.pods).length], ["retryStrategy.expression evaluated to false", 3]);
  const backoff = "{limit: 3, backoff: {duration: '10', factor: 2, maxDuration: 1m}}";
  const waiting = await run(retrying(backoff), fail);
  assert.equal([waiting.phase, waiting.message, Object.keys(waiting.pods).length], ["Failed", "Backoff would exceed max duration limit", 3]);
  const standing = await run(retrying(backoff), fail, { clock: "stands" });
  assert.equal([standing.hung, standing.waits], [true, [{ node: "w", reason: "Backoff for 10 seconds" }]]);
});

test("suspended nodes are resumed by somebody, by the clock, or never", async () => {
  const spec = (duration: string): string => `entrypoint: m
templates:
- name: m
  dag: {tasks: [{name: ask, template: ask}, {name: use, template: t, depends: ask.Succeeded, arguments: {parameters: [{name: x, value: "{{tasks.ask.outputs.parameters.answer}}"}]}}]}
- name: ask
  suspend: {${duration}}
  outputs: {parameters: [{name: answer, valueFrom: {supplied: {}, default: "no"}}]}
${leaf}`;
  const never = await run(spec(""));
  assert.equal([never.hung, never.waits], [true, [{ node: "w.ask", reason: "is suspended" }]]);
  const byTime = await run(spec("duration: 2h"));
  assert.equal([byTime.phase, byTime.pods["w.use"]?.args], ["Succeeded", ["no"]]);
  const asked: string[] = [];
  const resumed = await run(spec(""), {}, {
    resume: ({ node: name, outputs }) => {
      asked.push(name, ...outputs);
      return { phase: "Succeeded", params: { answer: "yes" } };
    },
  });
  assert.equal([resumed.phase, resumed.pods["w.use"]?.args, asked], ["Succeeded", ["yes"], ["w.ask", "answer"]]);
  const denied = await run(spec(""), {}, { resume: () => ({ phase: "Failed", message: "denied" }) });
  assert.equal([denied.phase, node(denied, "w.ask").message, node(denied, "w.use").phase], ["Failed", "denied", "Omitted"]);
});

test("the deadline of a workflow fails what is suspended", async () => {
  const late = await run("entrypoint: s\nactiveDeadlineSeconds: 60\ntemplates: [{name: s, suspend: {}}]");
  assert.equal([late.phase, late.message], ["Failed", "Step exceeded its deadline"]);
});

test("memoized templates run once for a key, also in a later run with the same cache", async () => {
  const spec = `entrypoint: m
templates:
- name: m
  dag: {tasks: [{name: a, template: c}, {name: b, template: c, depends: a}, {name: z, template: t, depends: b, arguments: {parameters: [{name: x, value: "{{tasks.b.outputs.parameters.o}}"}]}}]}
- name: c
  memoize: {key: k-1, maxAge: 1h, cache: {configMap: {name: cache}}}
  container: {image: i, command: [c]}
  outputs: {parameters: [{name: o, valueFrom: {path: /o}}]}
${leaf}`;
  const memo = new Map();
  const first = await run(spec, { a: { params: { o: "A" } } }, { memo });
  assert.equal([Object.keys(first.pods), first.pods["w.z"]?.args], [["w.a", "w.z"], ["A"]]);
  const second = await run(spec, {}, { memo });
  assert.equal([Object.keys(second.pods), second.phase, second.pods["w.z"]?.args], [["w.z"], "Succeeded", ["A"]]);
  const wrong = await run(spec.replace("k-1", "k_1"));
  assert.equal([wrong.phase, node(wrong, "w.a").message], ["Error", "task 'w.a' errored: invalid cache key: k_1"]);
});

test("locks let one through, or as many as a semaphore says", async () => {
  const spec = (sync: string): string => `entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [{name: a, template: l}, {name: b, template: l}, {name: c, template: l}]}\n- name: l\n  synchronization: ${sync}\n  container: {image: i, command: [c]}`;
  const most = async (sync: string, options: Partial<SimulationOptions> = {}): Promise<number> => {
    let [running, highest] = [0, 0];
    const { phase } = await run(spec(sync), {}, {
      ...options,
      outcome: async () => {
        highest = Math.max(highest, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return { phase: "Succeeded" };
      },
    });
    assert.is(phase, "Succeeded");
    return highest;
  };
  assert.is(await most("{mutexes: [{name: x}]}"), 1);
  const semaphore = "{semaphores: [{configMapKeyRef: {name: limits, key: max}}]}";
  assert.is(await most(semaphore, { cluster: { configMaps: { limits: { max: "2" } } } }), 2);
  const unknown = await run(spec(semaphore));
  assert.is(unknown.phase, "Error");
  const held = await run(spec("{mutexes: [{name: x}]}"), {}, { maxReconciliations: 1 });
  assert.equal([node(held, "w.b").phase, node(held, "w.b").message], ["Pending", "Waiting for default/Mutex/x lock. Lock status: 0/1"]);
});

test("parallelism of the workflow limits its pods", async () => {
  let [running, highest] = [0, 0];
  const outcome = async (): Promise<PodOutcome> => {
    highest = Math.max(highest, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return { phase: "Succeeded", params: { o: "" } };
  };
  const { phase, pods } = await run(`entrypoint: m\nparallelism: 2\ntemplates:\n- name: m\n  dag: {tasks: [{name: l, template: t, withSequence: {count: 7}}]}\n${leaf}`, {}, { outcome });
  assert.equal([phase, Object.keys(pods).length, highest], ["Succeeded", 7, 2]);
});

test("outputs with a global name are outputs of the workflow, and seen by later tasks and the exit handler", async () => {
  const { outputs, pods } = await run(`entrypoint: m
onExit: t
arguments: {parameters: [{name: x, value: "{{workflow.outputs.parameters.g}}"}]}
templates:
- name: m
  dag: {tasks: [{name: a, template: g}, {name: b, template: t, depends: a, arguments: {parameters: [{name: x, value: "{{workflow.outputs.parameters.g}}"}]}}]}
- name: g
  container: {image: i, command: [c]}
  outputs: {parameters: [{name: o, globalName: g, valueFrom: {path: /o}}], artifacts: [{name: f, globalName: ga, path: /f}]}
${leaf}`);
  assert.equal(outputs, { parameters: { g: "auto-o" }, artifacts: { ga: "k/a/f" } });
  assert.equal([pods["w.b"]?.args, pods["w.onExit"]?.args], [["auto-o"], ["auto-o"]]);
});

test("hooks with conditions run when these hold, for tasks, steps and the workflow", async () => {
  const { phase, pods } = await run(`entrypoint: m
hooks: {failed: {expression: "workflow.status == 'Failed'", template: t}}
templates:
- name: m
  steps:
  - - name: a
      template: t
      hooks:
        ok: {expression: "steps.a.status == 'Succeeded'", template: t, arguments: {parameters: [{name: x, value: ok}]}}
        bad: {expression: "steps.a.status == 'Failed'", template: t, arguments: {parameters: [{name: x, value: bad}]}}
  - - {name: d, template: d}
- name: d
  dag: {tasks: [{name: b, template: t, hooks: {bad: {expression: "tasks.b.status == 'Failed'", template: t, arguments: {parameters: [{name: x, value: "{{tasks.b.outputs.parameters.o}}"}]}}}}]}
${leaf}`, { b: { fail: true } });
  assert.equal([phase, Object.keys(pods).sort()], ["Failed", ["w.hooks.failed", "w[0].a", "w[0].a.hooks.ok", "w[1].d.b", "w[1].d.b.hooks.bad"]]);
  assert.equal(pods["w[1].d.b.hooks.bad"]?.args, ["auto-o"]);
});

test("templates come from referenced documents, which the workflow overrides", async () => {
  const library = `kind: WorkflowTemplate
metadata: {name: lib}
spec:
  entrypoint: m
  arguments: {parameters: [{name: p, value: lib}, {name: q, value: lib}]}
  templateDefaults: {container: {env: [{name: E, value: "1"}]}}
  templates:
  - name: m
    dag: {tasks: [{name: a, template: t, arguments: {parameters: [{name: x, value: "{{workflow.parameters.p}} {{workflow.parameters.q}}"}]}}]}
${leaf.replace(/^/gm, "  ")}`;
  const thin = readYaml(`${library}\n---\nkind: Workflow\nmetadata: {generateName: w-}\nspec: {workflowTemplateRef: {name: lib}, arguments: {parameters: [{name: p, value: own}]}}`);
  const outcome = stubbed({}, "w");
  assert.equal((await simulate(thin, { outcome })).pods["w.a"], { image: "i", command: ["c"], args: ["own lib"], env: { E: "1" }, source: undefined });
  assert.equal((await simulate(thin, { outcome, parameters: { q: "given" } })).pods["w.a"]?.args, ["own given"]);
  assert.equal((await simulate(readYaml(library), { outcome })).pods["lib.a"]?.args, ["lib lib"]);
  assert.match(await refused(readYaml("kind: Workflow\nmetadata: {name: w}\nspec: {workflowTemplateRef: {name: other}}")), 'there is no WorkflowTemplate "other"');
});

test("a CronWorkflow counts as the workflow that it starts", async () => {
  const documents = readYaml(`kind: CronWorkflow\nmetadata: {name: nightly}\nspec:\n  schedules: ["0 1 * * *"]\n  workflowSpec:\n    entrypoint: t\n    templates:\n${leaf.replace(/^/gm, "    ")}`);
  assert.is((await simulate(documents, { outcome: stubbed({}, "nightly") })).phase, "Succeeded");
});

test("values of config maps, and what becomes of one that is not there", async () => {
  const spec = (byDefault: string): string => `entrypoint: t\narguments: {parameters: [{name: x, valueFrom: {configMapKeyRef: {name: c, key: k}${byDefault}}}]}\ntemplates:\n${leaf.replace("default: d", "value: '{{workflow.parameters.x}}'")}`;
  const options = { cluster: { configMaps: { c: { k: "v" } } } };
  assert.equal((await run(spec(""), {}, options)).pods["w"]?.args, ["v"]);
  assert.equal((await run(spec(", default: z"))).pods["w"]?.args, ["z"]);
  assert.match((await run(spec(""))).message, "failed to set global parameter x from configmap with name c and key k: ConfigMap 'c' does not exist");
});

test("the workflow is refused where the controller refuses it", async () => {
  const invalid = async (spec: string): Promise<string> => {
    const { phase, message, nodes } = await run(spec);
    assert.equal([phase, nodes], ["Failed", []]);
    return message;
  };
  const dag = (tasks: string): string => `entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [${tasks}]}\n${leaf}`;
  assert.is(await invalid("templates: []"), "invalid spec: spec.entrypoint is required");
  assert.is(await invalid(dag("{name: a, template: t, depends: b}, {name: b, template: t, depends: a}")), "invalid spec: templates.m sorting failed: graph with cycle");
  assert.is(await invalid(dag("{name: a, template: t, depends: z}")), "invalid spec: templates.m sorting failed: invalid dependency z");
  assert.is(await invalid(dag("{name: a, template: t}, {name: a, template: t}")), "invalid spec: templates.m sorting failed: duplicated nodeName a");
  assert.is(await invalid(dag("")), "invalid spec: templates.m must have at least one task");
  const { message } = await run(dag("{name: a, template: t}"), {}, { validate: () => "not today" });
  assert.is(message, "invalid spec: not today");
});

test("what is not modelled is refused by name", async () => {
  const template = (fields: string): unknown[] => workflow(`entrypoint: x\ntemplates: [{name: x, ${fields}}]`);
  assert.is(await refused(template("daemon: true, container: {image: i}")), "template x: the simulator does not model daemons");
  assert.is(await refused(template("plugin: {p: 1}")), "template x: the simulator does not model plugin templates");
  assert.match(await refused(template("container: {image: i}, synchronization: {mutexes: [{name: m, database: true}]}")), "the simulator does not model locks in a database");
  assert.is(await refused(workflow("suspend: true\nentrypoint: x\ntemplates: []")), "spec.suspend: the simulator does not model suspended workflows");
  assert.is(await refused(template("contaner: {image: i}")), "spec.templates[0].contaner: is no field that the simulator knows");
  assert.is(await refused(template("dag: {tasks: {}}")), "spec.templates[0].dag.tasks: must be a list, not an object");
  assert.is(await refused(workflow("entrypoint: m\ntemplates: [{name: m, dag: {tasks: [{name: a, template: 5}]}}]")), "spec.templates[0].dag.tasks[0].template: must be text, not a number");
  assert.is(await refused([{ kind: "Pod", metadata: { name: "p" } }]), "documents[0].kind: the simulator runs workflows, not a Pod");
  assert.is(await refused([]), "documents: there is no Workflow");
  assert.is(await refused(template("container: {image: i}"), { version: "3.5.0" }), 'version: "3.5.0" is no version from 3.6.0 on');
  assert.throws(() => readYaml("a: ["), (error: unknown) => error instanceof SimulationError);
});

test("versions between the recorded ones: garbage, a hang, empty text, an error for the output of a skipped task", async () => {
  const spec = `entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [{name: a, template: t, when: "false"}, {name: b, template: u, depends: a, arguments: {parameters: [{name: x, value: "{{tasks.a.outputs.parameters.o}}"}]}}]}\n- name: u\n  inputs: {parameters: [{name: x}]}\n  container: {image: i, command: [c], args: ["{{inputs.parameters.x}}"]}\n${leaf}`;
  const what = async (version: string): Promise<string> => {
    const { hung, phase, pods } = await run(spec, {}, { version });
    return hung ? "hangs" : phase === "Succeeded" ? (pods["w.b"]?.args?.[0] as string) : phase;
  };
  const reference = "{{tasks.a.outputs.parameters.o}}";
  const found = await Promise.all(["3.6.19", "3.7.10", "3.7.12", "3.7.13", "3.7.16", "4.0.1", "4.0.3", "4.0.6", "4.0.7", "4.1.0"].map(what));
  assert.equal(found, [reference, reference, "hangs", "", "Error", reference, "hangs", "", "Error", "Error"]);
});

test("the same run twice is the same", async () => {
  const spec = `entrypoint: m\ntemplates:\n- name: m\n  dag: {tasks: [{name: l, template: t, withItems: [1, a, {k: [1]}]}, {name: z, template: t, depends: l, arguments: {parameters: [{name: x, value: "{{tasks.l.outputs.parameters.o}}"}]}}]}\n${leaf}`;
  assert.equal(await run(spec), await run(spec));
});

test.run();
