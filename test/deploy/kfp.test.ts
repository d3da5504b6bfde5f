/**
 * What a KFP server holds after deliveries, rollbacks and runs. With HMC_KFP_HOST (and HMC_KFP_NAMESPACE) it is a real one that these tests talk to, in a
 * pipeline of their own; else the strict server of the tests.
 */
import { setTimeout as pause } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { deliver } from "../../compiler/deploy/kfp/deliver.ts";
import { yamlOfVersion } from "../../compiler/deploy/kfp/deployed.ts";
import { find, runningVersion, type Found } from "../../compiler/deploy/kfp/found.ts";
import { planDelivery, versionSteps } from "../../compiler/deploy/kfp/plan.ts";
import { planPrune } from "../../compiler/deploy/kfp/prune.ts";
import { planRollback } from "../../compiler/deploy/kfp/rollback.ts";
import { startRun, waitForRun } from "../../compiler/deploy/kfp/runs.ts";
import { changeRecurringRun, settle, type Settled } from "../../compiler/deploy/kfp/settle.ts";
import type { Delivery, Wanted } from "../../compiler/deploy/kfp/wanted.ts";
import { contentDigest } from "../../compiler/deploy/content.ts";
import { KfpClient } from "../../runtime/remote/kfp/client.ts";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import { startKfpServer, type KfpServer } from "../remote/kfp/server.ts";
import { connect, delivered, delivery } from "./deliveries.ts";

const test = suite("deliveries to KFP");

const realHost = process.env["HMC_KFP_HOST"];
const namespace = process.env["HMC_KFP_NAMESPACE"];

/** A pipeline of its own on a real server, so that tests find nothing of others. */
const pipeline = realHost === undefined ? "crashed" : `hmc-test-${Date.now().toString(36)}`;

function wanted(content: string, change: Partial<Delivery> = {}): Wanted {
  return delivery(content, { pipeline, ...change });
}

interface Opened {
  host: string;
  client: KfpClient;
  look: () => Promise<Found>;
  /** The server of the tests; undefined for a real one. */
  server: KfpServer | undefined;
  close: () => Promise<void>;
}

async function opened(): Promise<Opened> {
  // The times of KFP are whole seconds: each thing is made in a second of its own.
  let now = Date.UTC(2026, 10, 27);
  const server = realHost === undefined ? await startKfpServer({ pageLimit: 2, clock: () => new Date((now += 1000)) }) : undefined;
  const host = realHost ?? server?.host ?? "";
  const { http, client } = connect(host, { timeout: 30_000, ...(namespace === undefined ? {} : { namespace }) });
  const look = () => find(client, { target: "prod", pipeline, experiment: "demos" });
  return {
    host, client, look, server,
    async close() {
      if (server === undefined) {
        const { own, pipeline: found, versions } = await look();
        for (const { recurring_run_id } of own) await client.deleteRecurringRun(recurring_run_id);
        for (const { pipeline_version_id } of versions) await client.deleteVersion(found?.pipeline_id ?? "", pipeline_version_id);
      } else assert.equal(server.violations, []);
      await http.close();
      await server?.close();
    },
  };
}

async function send(client: KfpClient, what: Wanted, plan = planDelivery): Promise<Settled> {
  if (realHost !== undefined) await pause(1100);
  return deliver(what, plan, { client, onStep: () => undefined });
}

/** The names of recurring runs, with a star where they are enabled. */
function schedules({ own }: Found): string[] {
  return own.map(({ display_name, isEnabled }) => `${display_name}${isEnabled ? " *" : ""}`);
}

test("the same content is the same version, whatever commit, folder or compiler it comes from", async () => {
  const one = wanted("one");
  const yaml = one.yaml.replace(/^# Compiler: .*$/m, "# Compiler: hmc 9.9.9").replace(/^sdkVersion: .*$/m, "sdkVersion: hmc-9.9.9");
  assert.is(contentDigest(yaml), contentDigest(one.yaml));
  assert.is.not(contentDigest(yaml.replaceAll("0.75", "0.76")), contentDigest(one.yaml));
  const { client, look, close } = await opened();
  await send(client, one);
  const other = wanted("one", { yaml, commit: { name: "f".repeat(40), isClean: false } });
  assert.is(other.versionName, `fffffff-changed-${one.digest.slice(0, 12)}`);
  assert.equal((await send(client, other)).steps, []);
  assert.equal((await look()).versions.map(({ display_name }) => display_name), [one.versionName]);
  await close();
});

test("a first delivery: pipeline, version, experiment, recurring run, in this order", async () => {
  const { client, look, close } = await opened();
  const what = wanted("one", { serviceAccount: "runner", pipelineRoot: "s3://bucket/root", description: "What it is for." });
  const { steps } = await send(client, what);
  assert.equal(steps.map(({ kind }) => kind).filter((kind) => kind !== "createExperiment"), ["createPipeline", "uploadVersion", "createRecurringRun"]);
  const found = await look();
  const [own] = found.own;
  assert.is(found.pipeline?.description, "What it is for.");
  assert.is(own?.trigger?.cron_schedule?.cron, "0 0 0 * * *");
  assert.equal(own?.runtime_config, { parameters: { depth: 4 }, pipeline_root: "s3://bucket/root" });
  assert.is(own?.service_account, "runner");
  assert.is(own?.max_concurrency, "1");
  assert.is(own?.no_catchup, true);
  assert.is(own?.pipeline_version_reference?.pipeline_version_id, found.versions[0]?.pipeline_version_id);
  assert.is(own?.experiment_id, found.experiment?.experiment_id);
  await close();
});

test("names with signs that addresses have a meaning for", async () => {
  const { client, close } = await opened();
  for (const experiment of ["100% a+b", "a&b=c?", "ünï/cödé #1"]) {
    const what = wanted("one", { experiment });
    await send(client, what);
    assert.is((await client.experimentNamed(experiment))?.display_name, experiment);
    assert.equal((await send(client, what)).steps, [], experiment);
  }
  await close();
});

test("what changes of a schedule makes a new recurring run; the old one is kept, disabled", async () => {
  const { client, look, close } = await opened();
  const first = wanted("one");
  await send(client, first);
  for (const change of [
    { parameters: { depth: 5 } },
    { schedule: { cron: "0 0 1 * * *", maxConcurrency: 1, catchUp: false } },
    { schedule: { cron: "0 0 0 * * *", maxConcurrency: 2, catchUp: true } },
    { serviceAccount: "other" },
  ] satisfies Partial<Delivery>[]) {
    const what = wanted("one", change);
    const { steps } = await send(client, what);
    assert.equal(steps.map(({ kind }) => kind), ["createRecurringRun", "disableRecurringRun"], JSON.stringify(change));
    assert.equal(schedules(await look()).filter((name) => name.endsWith("*")), [`${what.recurringRun?.name} *`]);
  }
  const { steps } = await send(client, first);
  assert.equal(steps.map(({ kind }) => kind), ["enableRecurringRun", "disableRecurringRun"], "what was there is enabled again");
  assert.is((await look()).own.length, 5);
  await close();
});

test("without a schedule on the target, what hmc has made is disabled, and only that", async () => {
  const { client, look, close } = await opened();
  const first = wanted("one");
  await send(client, first);
  const { pipeline: found, versions, experiment } = await look();
  await client.createRecurringRun({
    display_name: "of someone else", pipeline_version_reference: { pipeline_id: found?.pipeline_id ?? "", pipeline_version_id: versions[0]?.pipeline_version_id ?? "" },
    experiment_id: experiment?.experiment_id ?? "", trigger: { cron_schedule: { cron: "0 0 3 * * *" } }, max_concurrency: "1", mode: "ENABLE", runtime_config: {},
  });
  const other = wanted("one", { target: "dev" });
  await send(client, other);
  const { schedule: _, ...unscheduled } = first;
  const { recurringRun: __, ...what } = unscheduled;
  assert.equal((await send(client, what)).steps.map(({ kind }) => kind), ["disableRecurringRun"]);
  const after = await look();
  assert.equal(schedules(after), [first.recurringRun?.name]);
  assert.equal(after.others.map(({ display_name }) => display_name).sort(), [other.recurringRun?.name, "of someone else"].sort());
  for (const { recurring_run_id = "" } of after.others) await client.deleteRecurringRun(recurring_run_id);
  await close();
});

test("a plan says what a delivery does, and writes nothing", async () => {
  const { client, look, close, server } = await opened();
  const what = wanted("one");
  const planned = planDelivery(what, await look());
  if (server !== undefined) assert.equal(server.requests.filter(({ method }) => method !== "GET"), []);
  const { steps } = await send(client, what);
  assert.equal(steps, planned);
  assert.equal(planDelivery(what, await look()), []);
  await close();
});

test("upload makes the version, and touches nothing that runs", async () => {
  const { client, look, close } = await opened();
  const first = wanted("one");
  await send(client, first);
  const second = wanted("two");
  assert.equal((await send(client, second, versionSteps)).steps, [{ kind: "uploadVersion", name: second.versionName }]);
  assert.equal(schedules(await look()), [`${first.recurringRun?.name} *`]);
  await close();
});

test("what a server gives back of a version is what was uploaded", async () => {
  const { client, look, close } = await opened();
  const what = wanted("one");
  await send(client, what, versionSteps);
  const [version] = (await look()).versions;
  const yaml = version === undefined ? undefined : yamlOfVersion(version);
  const [given, sent] = [readKfp(yaml ?? "", "deployed.yaml"), readKfp(what.yaml, "sent.yaml")];
  assert.equal(given.diagnostics, []);
  const withoutPlaces = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === "span" || key === "start" || key === "end" ? undefined : item)));
  assert.equal(withoutPlaces(given.file), withoutPlaces(sent.file));
  await close();
});

test("a rollback lets the version run that ran before, with its settings; a delivery brings the newest back", async () => {
  const { client, look, close } = await opened();
  const [one, two, three] = [wanted("one", { parameters: { depth: 1 } }), wanted("two"), wanted("three")];
  for (const what of [one, two, three]) await send(client, what);
  const rollBack = async (version?: string) => {
    const plan = planRollback(await look(), { pipeline, target: "prod" }, version);
    if ("diagnostic" in plan) return plan.diagnostic.code;
    await settle({ look, plan: (found) => { const again = planRollback(found, { pipeline, target: "prod" }, plan.to.display_name); return "diagnostic" in again ? [] : again.steps; }, carryOut: async (step) => ("id" in step ? changeRecurringRun(step, client) : assert.unreachable()), onStep: () => undefined });
    return runningVersion(await look())?.display_name;
  };
  assert.is(await rollBack(), two.versionName);
  assert.is(await rollBack(), one.versionName);
  assert.equal(schedules(await look()).filter((name) => name.endsWith("*")), [`${one.recurringRun?.name} *`]);
  assert.is(await rollBack(), "HMC6246", "there is none before the first");
  assert.is(await rollBack(three.versionName), three.versionName);
  assert.is(await rollBack("nothing"), "HMC6247");
  assert.is(await rollBack(two.versionName), two.versionName);
  assert.equal((await send(client, three)).steps.map(({ kind }) => kind), ["enableRecurringRun", "disableRecurringRun"]);
  await close();
});

test("nothing to roll back: never delivered, and without a schedule", async () => {
  const { client, look, close } = await opened();
  const code = async () => {
    const plan = planRollback(await look(), { pipeline, target: "prod" }, undefined);
    return "diagnostic" in plan ? plan.diagnostic.code : undefined;
  };
  if (realHost === undefined) assert.is(await code(), "HMC6245");
  await send(client, wanted("one"), versionSteps);
  assert.is(await code(), "HMC6248");
  await close();
});

test("pruning deletes old versions and what used them, but nothing that runs and nothing of others", async () => {
  const { client, look, close } = await opened();
  const all = [wanted("one"), wanted("two"), wanted("three"), wanted("four")];
  for (const what of all) await send(client, what);
  await send(client, all[0] ?? wanted("one"));
  const found = await look();
  await client.uploadVersion({ pipelineId: found.pipeline?.pipeline_id ?? "", name: "by hand", description: "", yaml: all[0]?.yaml ?? "" });
  const prune = planPrune(await look(), 1);
  const newest = found.versions[0]?.display_name;
  assert.equal(prune.versions.map(({ display_name }) => display_name).sort(), all.slice(1).map(({ versionName }) => versionName).filter((name) => name !== newest).sort());
  assert.is(prune.recurringRuns.length, prune.versions.length);
  assert.ok(prune.recurringRuns.every(({ isEnabled }) => !isEnabled));
  assert.equal(planPrune(await look(), 10), { recurringRuns: [], versions: [] });
  await close();
});

test("a run is started once, also where its answer is lost or its request arrives twice", async () => {
  if (realHost !== undefined) return;
  for (const fault of [undefined, { kind: "closeAfter" }, { kind: "cutOff" }, { kind: "closeBefore" }, { kind: "status", status: 503 }, { kind: "twice" }] as const) {
    const { client, look, close, server } = await opened();
    await send(client, wanted("one"));
    const found = await look();
    if (fault !== undefined) server?.fault(0, fault);
    const run = await startRun(client, {
      name: "crashed 1", description: "", pipelineId: found.pipeline?.pipeline_id ?? "", versionId: found.versions[0]?.pipeline_version_id ?? "", experimentId: found.experiment?.experiment_id ?? "", parameters: { depth: 2 },
    });
    const running = server?.state.runs.filter(({ state }) => state !== "CANCELING") ?? [];
    assert.equal(running.map(({ run_id }) => run_id), [run.run_id], JSON.stringify(fault));
    assert.equal(running[0]?.runtime_config, { parameters: { depth: 2 } });
    await close();
  }
});

test("waiting for a run tells every change, and ends with it", async () => {
  if (realHost !== undefined) return;
  const { client, look, close, server } = await opened();
  await send(client, wanted("one"));
  const found = await look();
  const run = await startRun(client, { name: "crashed 1", description: "", pipelineId: found.pipeline?.pipeline_id ?? "", versionId: found.versions[0]?.pipeline_version_id ?? "", experimentId: found.experiment?.experiment_id ?? "", parameters: {} });
  const states = [["RUNNING", []], ["RUNNING", [{ display_name: "train", state: "RUNNING" }]], ["FAILED", [{ display_name: "train", state: "FAILED" }, { display_name: "train-driver", state: "SUCCEEDED" }]]] as const;
  const told: string[] = [];
  let step = 0;
  const ended = await waitForRun(client, run.run_id, {
    sleep: async () => {
      const [state, tasks] = states[step++] ?? states[2];
      server?.setRun(run.run_id, { state, run_details: { task_details: [...tasks] } });
    },
    onChange: (now) => void told.push(`${now.state} ${(now.run_details?.task_details ?? []).map(({ display_name, state }) => `${display_name} ${state}`).join(", ")}`.trim()),
  });
  assert.is(ended.state, "FAILED");
  assert.equal(told, ["PENDING", "RUNNING", "RUNNING train RUNNING", "FAILED train FAILED, train-driver SUCCEEDED"]);
  await close();
});

test("a server that keeps users apart: all is in the namespace", async () => {
  if (realHost !== undefined) return;
  const server = await startKfpServer({ namespaceRequired: true });
  const { http } = connect(server.host);
  assert.is(await KfpClient.isMultiUser(http), true);
  await http.close();
  await delivered(server.host, wanted("one"), { namespace: "team-a" });
  await delivered(server.host, wanted("one"), { namespace: "team-b" });
  assert.equal(server.state.pipelines.map(({ namespace: inside }) => inside), ["team-a", "team-b"]);
  assert.equal(server.state.recurringRuns.map(({ namespace: inside, status }) => [inside, status]), [["team-a", "ENABLED"], ["team-b", "ENABLED"]]);
  assert.equal(server.violations, []);
  await server.close();
});

test.run();
