/** The commands that deliver, run as people run them, against the strict server of the tests. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { folderWith, hmc, hmcBeside, type Outcome } from "../cli/hmc.ts";
import { startFakeApi, status } from "../remote/kubernetes/fake-api.ts";
import { startKfpServer, type KfpServer, type KfpServerOptions } from "../remote/kfp/server.ts";

const test = suite("commands of targets");

const token = "t0ken-of-the-command-tests";

const source = (schedule = "0 2 * * *", factor = 2): string => `import { op, pipeline } from "hmc";

export const scale = op({ image: "example.com/scale:1.0" }, async (input: { value: number }) => ({ value: input.value * ${factor} }));

export const report = op({ image: "example.com/scale:1.0" }, async (input: { value: number }) => ({ text: String(input.value) }));

/** Scales. */
export const nightly = pipeline({ schedule: ${JSON.stringify(schedule)} }, ({ depth = 1 }: { depth?: number }) => {
  const scaled = scale({ value: depth });
  return { text: report({ value: scaled.value }).text };
});
`;

const config = (host: string, more = ""): string => `targets:
  prod:
    host: ${host}
    auth: { type: bearer, tokenEnv: PROD_TOKEN }
    experiment: nightly-prod
    serviceAccount: runner
    params: { depth: 5 }
${more}`;

interface Project {
  server: KfpServer;
  folder: string;
  hmc: (...args: string[]) => Promise<Outcome>;
  close: () => Promise<void>;
}

async function project(more = "", options: KfpServerOptions = {}): Promise<Project> {
  let now = Date.UTC(2026, 10, 27);
  const server = await startKfpServer({ clock: () => new Date((now += 1000)), auth: ({ authorization }) => authorization === `Bearer ${token}`, ...options });
  const folder = folderWith({ "pipeline.ts": source(), "hmc.yaml": config(server.host, more) });
  return {
    server,
    folder,
    hmc: (...args) => hmcBeside(args, { cwd: folder, env: { PROD_TOKEN: token } }),
    close: async () => {
      assert.equal(server.violations, []);
      await server.close();
    },
  };
}

/** That a command did what it should, without ever showing the token. */
function succeeded(outcome: Outcome): Outcome {
  assert.is(outcome.code, 0, outcome.stderr + outcome.stdout);
  assert.not.match(outcome.stderr + outcome.stdout, token);
  return outcome;
}

function failed(outcome: Outcome, code: string): Outcome {
  assert.is(outcome.code, 1, outcome.stderr + outcome.stdout);
  assert.match(outcome.stderr, code);
  assert.not.match(outcome.stderr + outcome.stdout, token);
  return outcome;
}

test("deploy, deploy again, change, plan, deploy, roll back: on one target", async () => {
  const { server, folder, hmc: run, close } = await project();
  const first = succeeded(await run("deploy"));
  assert.match(first.stderr, /\+ the pipeline "nightly"\n {2}\+ the version ".*"\n {2}\+ the experiment "nightly-prod"\n {2}\+ the recurring run "nightly [0-9a-f]{12}", 0 0 2 \* \* \*\n/);
  assert.match(first.stderr, /✓ Deployed nightly to "prod", as the version .*, next run \d{4}-\d\d-\d\d 02:00 UTC/);
  assert.equal(server.state.recurringRuns[0]?.runtime_config?.parameters, { depth: 5 });
  assert.is(server.state.recurringRuns[0]?.service_account, "runner");
  const writes = server.requests.filter(({ method }) => method !== "GET").length;
  assert.match(succeeded(await run("deploy", "--to", "prod")).stderr, 'Nothing to do: "prod" has nightly already');
  assert.is(server.requests.filter(({ method }) => method !== "GET").length, writes, "nothing is written twice");

  writeFileSync(`${folder}/pipeline.ts`, source("30 3 * * *", 3).replace('op({ image: "example.com/scale:1.0" }, async (input: { value: number }) => ({ text', 'op({ image: "example.com/scale:1.1" }, async (input: { value: number }) => ({ text'));
  const plan = succeeded(await run("plan", "--to", "prod"));
  assert.match(plan.stdout, /nightly → prod\n {2}\+ the version ".*"\n {2}\+ the recurring run ".*", 0 30 3 \* \* \*\n {2}~ the recurring run ".*" is disabled\n/);
  assert.match(plan.stdout, /report .*image .*example\.com\/scale:1\.0 → example\.com\/scale:1\.1/s);
  assert.is(server.requests.filter(({ method }) => method !== "GET").length, writes, "a plan writes nothing");
  assert.is((await run("plan", "--to", "prod", "--exit-code")).code, 1);
  const json = JSON.parse(succeeded(await run("plan", "--to", "prod", "--format", "json")).stdout) as { steps: { kind: string }[]; diff: { changes: unknown[] } };
  assert.equal(json.steps.map(({ kind }) => kind), ["uploadVersion", "createRecurringRun", "disableRecurringRun"]);
  assert.ok(json.diff.changes.length > 0);
  assert.match(succeeded(await run("plan", "--to", "prod", "--format", "markdown")).stdout, /^### nightly → prod\n\n- \*\*new\*\* the version/);
  assert.match(succeeded(await run("diff", "@prod", "pipeline.ts")).stdout, "example.com/scale:1.1");

  const done = JSON.parse(succeeded(await run("deploy", "--json")).stdout) as { version: string; recurringRun: string; steps: unknown[] };
  assert.is(done.steps.length, 3);
  assert.is(server.state.recurringRuns.find(({ recurring_run_id }) => recurring_run_id === done.recurringRun)?.status, "ENABLED");
  assert.match(succeeded(await run("diff", "@prod", "pipeline.ts")).stdout, "No changes");

  const back = succeeded(await run("rollback"));
  assert.match(back.stderr, `from ${done.version} to ${server.state.versions[0]?.display_name}`);
  assert.equal(server.state.recurringRuns.map(({ status }) => status), ["ENABLED", "DISABLED"]);
  failed(await run("rollback"), "HMC6246");
  failed(await run("rollback", "--pipeline-version", "nothing"), "HMC6247");
  succeeded(await run("deploy"));
  assert.equal(server.state.recurringRuns.map(({ status }) => status), ["DISABLED", "ENABLED"]);
  assert.match(succeeded(await run("prune", "--keep", "1")).stdout, /- the recurring run ".*"\n.*- the version ".*"\n"--yes" deletes them/s);
  assert.is(server.state.versions.length, 2, "without --yes nothing is deleted");
  succeeded(await run("prune", "--keep", "1", "--yes"));
  assert.equal(server.state.versions.map(({ display_name }) => display_name), [done.version]);
  assert.equal(server.state.recurringRuns.map(({ recurring_run_id }) => recurring_run_id), [done.recurringRun]);
  await close();
});

test("upload keeps the file as it is compiled, and touches nothing that runs", async () => {
  const { server, folder, hmc: run, close } = await project();
  succeeded(await run("upload"));
  assert.equal(server.state.recurringRuns, []);
  succeeded(await run("compile", "-o", "compiled.yaml"));
  const [uploaded = ""] = [...server.state.files.values()];
  assert.is(uploaded, readFileSync(`${folder}/compiled.yaml`, "utf8"));
  await close();
});

test("a target without a schedule, and parameters that the pipeline lacks", async () => {
  const { server, folder, hmc: run, close } = await project("    schedule: off\n");
  writeFileSync(`${folder}/hmc.yaml`, readFileSync(`${folder}/hmc.yaml`, "utf8").replace("depth: 5", "dept: 5"));
  const outcome = succeeded(await run("deploy"));
  assert.match(outcome.stderr, /HMC6253.*"dept".*Did you mean "depth"\?/);
  assert.equal(server.state.recurringRuns, []);
  failed(await run("rollback"), "HMC6248");
  await close();
});

test("one run: parameters, waiting for its end, and the exit code", async () => {
  const { server, hmc: run, close } = await project();
  const started = succeeded(await run("run", "--on", "prod", "-p", "depth=7"));
  const id = started.stdout.trim();
  assert.equal(server.state.runs.map(({ run_id, runtime_config, service_account }) => [run_id, runtime_config?.parameters, service_account]), [[id, { depth: 7 }, "runner"]]);
  assert.match(succeeded(await run("runs", "--on", "prod")).stdout, new RegExp(`^${id} {2}· waiting`));
  for (const [state, code] of [["SUCCEEDED", 0], ["FAILED", 1]] as const) {
    const waiting = run("run", "--on", "prod", "--wait", "--json");
    const known = server.state.runs.length;
    while (server.state.runs.length === known) await new Promise((done) => setTimeout(done, 50));
    const { run_id = "" } = server.state.runs.at(-1) ?? {};
    server.setRun(run_id, { state, finished_at: "2026-11-27T01:00:00Z", run_details: { task_details: [{ display_name: "scale", state, pod_name: "pod-1" }] } });
    const outcome = await waiting;
    assert.is(outcome.code, code, outcome.stderr);
    if (code === 1) {
      assert.match(outcome.stderr, `HMC6249: The run "${run_id}" has ended as FAILED`);
      const explained = succeeded(await run("explain", run_id, "--on", "prod"));
      assert.match(explained.stdout, /HMC6254.*"scale" has failed.*pod "pod-1"/s);
      assert.match(explained.stdout, /pipeline\.ts:9:\d+/);
    }
  }
  const version = server.state.versions[0]?.display_name ?? "";
  succeeded(await run("run", "--on", "prod", "--pipeline-version", version));
  failed(await run("run", "--on", "prod", "--pipeline-version", "none"), "HMC6247");
  failed(await run("explain", "00000000-0000-4000-8000-000000000000", "--on", "prod"), "HMC6250");
  failed(await run("run", "--on", "prod", "-p", "depht=1"), "HMC6003");
  await close();
});

test("why a run has failed: the driver's reason and the task's last lines, from the cluster, at the line of the source", async () => {
  const pods = {
    "run-driver-1": { node: "nightly-x.scale-driver", log: 'I1127 01:00:00.000001       1 main.go:9] input\nF1127 01:00:01.000001       1 main.go:82] KFP driver: driver.Container failed: no such key: k\n' },
    "run-impl-1": { node: "nightly-x.report", log: "line one\nValueError: bad\n" },
  };
  const kubernetes = await startFakeApi(({ path, query }) => {
    const [, name] = /\/pods\/([^/]+)\/log$/.exec(path) ?? [];
    const pod = name === undefined ? undefined : pods[name as keyof typeof pods];
    if (pod !== undefined) return { body: pod.log.replace(/^(?=.)/gm, "2026-11-27T01:00:00.000000000Z ") };
    assert.match(query.get("labelSelector") ?? "", /^pipeline\/runid=[0-9a-f-]{36}$/);
    const items = Object.entries(pods).map(([each, { node }]) => ({ metadata: { name: each, uid: each, resourceVersion: "1", creationTimestamp: "2026-11-27T01:00:00Z", annotations: { "workflows.argoproj.io/node-name": node } }, status: { phase: "Failed", containerStatuses: [{ name: "main", state: { terminated: { exitCode: 1 } } }] } }));
    return { body: { kind: "PodList", apiVersion: "v1", metadata: {}, items } };
  });
  const { server, folder, hmc: run, close } = await project("    namespace: team\n    kubeconfig: { file: kubeconfig }\n", { namespaceRequired: true });
  const kubeconfig = { apiVersion: "v1", kind: "Config", "current-context": "test", clusters: [{ name: "c", cluster: { server: kubernetes.host } }], users: [{ name: "u", user: { token: "kube-token" } }], contexts: [{ name: "test", context: { cluster: "c", user: "u" } }] };
  writeFileSync(`${folder}/kubeconfig`, JSON.stringify(kubeconfig));
  const id = succeeded(await run("run", "--on", "prod")).stdout.trim();
  server.setRun(id, { state: "FAILED", run_details: { task_details: [{ display_name: "scale", state: "FAILED" }, { display_name: "report", state: "FAILED" }] } });
  const { stdout } = succeeded(await run("explain", id, "--on", "prod"));
  assert.match(stdout, /pipeline\.ts:9:18 - error HMC6254: The task "scale" has failed: KFP driver: driver\.Container failed: no such key: k\./);
  assert.match(stdout, /pipeline\.ts:10:18 - error HMC6254: The task "report" has failed: its log ends with "ValueError: bad"\..*\n {2}line one\n {2}ValueError: bad/s);
  const logs = succeeded(await run("logs", id, "--on", "prod"));
  assert.is(logs.stdout, "== report\nline one\nValueError: bad\n");
  assert.is(succeeded(await run("logs", id, "report", "--on", "prod")).stdout, "line one\nValueError: bad\n");
  assert.ok(kubernetes.callers.every(({ authorization }) => authorization === "Bearer kube-token"));
  assert.equal(kubernetes.violations, []);
  await kubernetes.close();
  await close();
});

test("explain shows every value of a target, where it is set, and no secret", async () => {
  const { server, hmc: run, close } = await project();
  const { stdout } = succeeded(await run("explain", "--on", "prod", "--namespace", "team"));
  for (const line of [/host +http:\/\/127\.0\.0\.1:\d+ +targets\.prod in hmc\.yaml/, /namespace +team +--namespace/, /auth +bearer, tokenEnv PROD_TOKEN +targets\.prod in hmc\.yaml/, /params +\{"depth":5\}/, /timeout +30 s +built in/]) assert.match(stdout, line);
  assert.is(server.requests.length, 0);
  await close();
});

test("what stands in the way is said before anything is written", async () => {
  const { server, folder, hmc: run, close } = await project();
  failed(await run("deploy", "--to", "prodd"), "HMC6222");
  failed(await hmcBeside(["deploy"], { cwd: folder }), "HMC6227");
  failed(await hmcBeside(["deploy"], { cwd: folder, env: { PROD_TOKEN: "wrong-token" } }), "HMC6230");
  failed(await run("deploy", "--host", "kfp.example.com"), "HMC6226");
  writeFileSync(`${folder}/pipeline.ts`, source().replace("value: depth", "valu: depth"));
  assert.is((await run("deploy")).code, 1);
  writeFileSync(`${folder}/pipeline.ts`, source().replace('schedule: "0 2 * * *"', 'schedule: "0 2 * * *", maxConcurrency: 20'));
  failed(await run("deploy"), "HMC6251");
  writeFileSync(`${folder}/pipeline.ts`, source());
  for (const [text, code] of [["targets: [", "HMC6220"], ["targets:\n  prod:\n    hots: x\n", "HMC6221"], ["targets:\n  prod:\n    host: ${NOWHERE}\n", "HMC6224"], ["targets:\n  prod:\n    kind: kfp\n", "HMC6225"], ["targets:\n  prod:\n    host: http://127.0.0.1:1\n    tls: { caFile: none.pem }\n", "HMC6228"]] as const) {
    writeFileSync(`${folder}/hmc.yaml`, text);
    failed(await run("deploy"), code);
  }
  failed(await hmcBeside(["deploy"], { cwd: folderWith({ "pipeline.ts": source() }) }), "HMC6223");
  assert.equal(server.requests.filter(({ method }) => method !== "GET"), []);
  await close();
});

test("a rival that undoes everything is told, not fought for ever", async () => {
  const { server, hmc: run, close } = await project();
  server.state.recurringRuns.push = () => 0;
  failed(await run("deploy"), "HMC6252");
  assert.equal(server.state.recurringRuns, []);
  await close();
});

test("never delivered: rollback and diff say so", async () => {
  const { hmc: run, close } = await project();
  failed(await run("rollback"), "HMC6245");
  failed(await run("diff", "@prod"), "HMC6245");
  await close();
});

test("namespaces: needed where users are kept apart, of no account where they are not", async () => {
  const apart = await project("", { namespaceRequired: true });
  failed(await apart.hmc("deploy"), "HMC6243");
  succeeded(await apart.hmc("deploy", "--namespace", "team"));
  assert.is(apart.server.state.pipelines[0]?.namespace, "team");
  await apart.close();
  const alone = await project();
  assert.match(succeeded(await alone.hmc("deploy", "--namespace", "team")).stderr, "HMC6244");
  await alone.close();
});

test("the one line of the article, without a file", async () => {
  const server = await startKfpServer({ namespaceRequired: true, basePath: "/pipeline", auth: ({ authorization }) => authorization === "Bearer given" });
  const folder = folderWith({ "pipeline.ts": source(), "metadata-token": "" });
  const outcome = await hmcBeside(["deploy", "pipeline.ts", "--host", server.host, "--namespace", "kubeflow"], { cwd: folder, env: { HMC_TOKEN: "given" } });
  assert.is(outcome.code, 0, outcome.stderr);
  assert.is(server.state.recurringRuns[0]?.namespace, "kubeflow");
  assert.equal(server.violations, []);
  await server.close();
});

test("--format k8s: resources whose names hold the hash of their content", async () => {
  const folder = folderWith({ "pipeline.ts": source() });
  const outcome = hmc(["compile", "--format", "k8s"], { cwd: folder });
  assert.is(outcome.code, 0, outcome.stderr);
  assert.ok(existsSync(`${folder}/pipeline.k8s.yaml`));
  const [pipeline, version] = parseAllDocuments(readFileSync(`${folder}/pipeline.k8s.yaml`, "utf8")).map((document) => document.toJS() as { kind: string; metadata: { name: string }; spec: Record<string, unknown> });
  assert.equal([pipeline?.kind, pipeline?.metadata.name, pipeline?.spec], ["Pipeline", "nightly", { displayName: "nightly", description: "Scales." }]);
  assert.is(version?.kind, "PipelineVersion");
  assert.match(version?.metadata.name ?? "", /^nightly-[0-9a-f]{12}$/);
  assert.is(version?.spec["pipelineName"], "nightly");
  assert.ok((version?.spec["pipelineSpec"] as { root?: object }).root !== undefined);
  assert.is(hmc(["compile", "--format", "k8s", "--target", "argo", "-o", "argo.yaml"], { cwd: folder }).code, 0);
  assert.equal(parseAllDocuments(readFileSync(`${folder}/argo.yaml`, "utf8")).map((document) => (document.toJS() as { kind: string }).kind), ["WorkflowTemplate", "CronWorkflow"]);
  writeFileSync(`${folder}/pipeline.ts`, source().replace('{ schedule: "0 2 * * *" }, ', ""));
  assert.is(hmc(["compile", "--format", "k8s", "--target", "argo", "-o", "argo.yaml"], { cwd: folder }).code, 0);
  assert.equal(parseAllDocuments(readFileSync(`${folder}/argo.yaml`, "utf8")).map((document) => (document.toJS() as { kind: string }).kind), ["WorkflowTemplate"]);
  assert.match(hmc(["compile", "--format", "k8s", "--target", "ir"], { cwd: folder }).stderr, "HMC0015");
});

test("targets of Argo that cannot be reached, and a comparison that is for KFP", async () => {
  const folder = folderWith({ "pipeline.ts": source(), "hmc.yaml": "targets:\n  cluster:\n    kind: argo\n    kubeconfig: { file: none }\n  empty:\n    kind: argo\n    host: HOST\n" });
  failed(await hmcBeside(["diff", "@cluster"], { cwd: folder }), "HMC6229");
  failed(await hmcBeside(["deploy", "--to", "cluster"], { cwd: folder }), "HMC6255");
  const kubernetes = await startFakeApi(() => status(404, "the server could not find the requested resource"));
  writeFileSync(`${folder}/hmc.yaml`, readFileSync(`${folder}/hmc.yaml`, "utf8").replace("HOST", kubernetes.host));
  failed(await hmcBeside(["deploy", "--to", "empty"], { cwd: folder }), "HMC6256");
  await kubernetes.close();
});

test.run();
