/** What deliveries, runs and logs do on a server, one case after the other, each in a namespace of its own. */
import { gzipSync } from "node:zlib";
import * as assert from "uvu/assert";
import { applyArgo, keptRevisions, planArgo, rollbackArgo, type Delivered, type DeliverOptions } from "../../../runtime/remote/kubernetes/argo.ts";
import { findArgo } from "../../../runtime/remote/kubernetes/argo-found.ts";
import { followLogs, podLogs, podsOfWorkflow, type LogLine } from "../../../runtime/remote/kubernetes/argo-logs.ts";
import { cronWorkflows, workflows, workflowTemplates, type ArgoManifest } from "../../../runtime/remote/kubernetes/argo-objects.ts";
import { pruneArgo } from "../../../runtime/remote/kubernetes/argo-prune.ts";
import { listWorkflows, submitArgo, waitForWorkflow } from "../../../runtime/remote/kubernetes/argo-run.ts";
import type { KubernetesClient } from "../../../runtime/remote/kubernetes/client.ts";
import type { Resource } from "../../../runtime/remote/kubernetes/objects.ts";
import { RequestError } from "../../../runtime/remote/http/failure.ts";
import { interrupted, Killed } from "./interrupted.ts";
import { startKubelet } from "./kubelet.ts";
import { manifestsOf, type ManifestWishes } from "./manifests.ts";

export interface CaseTools {
  client: KubernetesClient;
  kubectl: (args: readonly string[]) => Promise<{ status: number; stdout: string; stderr: string }>;
  sleep: (milliseconds: number) => Promise<void>;
}

export interface Case {
  name: string;
  run: (tools: CaseTools) => Promise<void>;
}

const options: DeliverOptions = { now: () => Date.UTC(2030, 0, 1) };

function deliver(client: KubernetesClient, wishes: ManifestWishes, more: Partial<DeliverOptions & { commit: string }> = {}): Promise<Delivered> {
  return applyArgo(client, { manifests: manifestsOf(wishes), commit: more.commit }, { ...options, ...more });
}

function writtenBy(delivered: Delivered): string[] {
  assert.is(delivered.kind, "delivered", JSON.stringify(delivered));
  return delivered.kind === "delivered" ? delivered.written.map(({ change, role }) => `${change} ${role}`) : [];
}

/** Everything of a namespace that says what runs, without what each server gives anew. */
async function stateOf(client: KubernetesClient): Promise<unknown> {
  const all = [...(await client.list(workflowTemplates)), ...(await client.list(cronWorkflows))] as ArgoManifest[];
  return all.map(({ kind, metadata: { name, labels, annotations }, spec }) => ({ kind, name, labels, annotations, spec })).sort((one, other) => (`${one.kind} ${one.name}` < `${other.kind} ${other.name}` ? -1 : 1));
}

async function versionsOf(client: KubernetesClient): Promise<string[]> {
  const all = [...(await client.list(workflowTemplates)), ...(await client.list(cronWorkflows))];
  return all.map(({ metadata: { name, resourceVersion } }) => `${name} ${resourceVersion}`).sort();
}

async function succeeds(finished: ReturnType<CaseTools["kubectl"]>): Promise<string> {
  const { status, stdout, stderr } = await finished;
  assert.is(status, 0, stderr);
  return stdout;
}

async function liveText(client: KubernetesClient): Promise<string> {
  return JSON.stringify((await client.get(workflowTemplates, "train"))?.spec);
}

async function scheduleOf(client: KubernetesClient): Promise<Record<string, unknown> | undefined> {
  return (await client.get(cronWorkflows, "train"))?.spec;
}

/** What a run would be at each of its requests if the process ended there; then once more without an end. */
async function killedEverywhere(client: KubernetesClient, prepare: () => Promise<void>, act: (client: KubernetesClient) => Promise<unknown>): Promise<void> {
  const clean = async (): Promise<void> => {
    for (const resource of [workflowTemplates, cronWorkflows] as Resource<ArgoManifest>[]) for (const one of await client.list(resource)) await client.delete(resource, one);
    await prepare();
  };
  await clean();
  const whole = interrupted(client, Number.POSITIVE_INFINITY, "before");
  await act(whole.client);
  const wanted = await stateOf(client);
  assert.ok(whole.requests() > 5);
  for (let nth = 0; nth < whole.requests(); nth++) {
    for (const moment of ["before", "after"] as const) {
      await clean();
      const ending = interrupted(client, nth, moment);
      await act(ending.client).then(
        () => assert.unreachable(`it does not end ${moment} request ${nth}`),
        (error: unknown) => assert.instance(error, Killed),
      );
      const live = await client.get(workflowTemplates, "train");
      if (live !== undefined) {
        const { copies, libraries } = await findArgo(client, "train");
        const revision = live.metadata.labels?.["hmc.dev/revision"] ?? "";
        assert.ok(copies.has(revision), `what runs is kept, ended ${moment} request ${nth}`);
        const library = /train-library-1-\w+/.exec(JSON.stringify(live.spec))?.[0];
        assert.ok(library === undefined || libraries.some(({ metadata }) => metadata.name === library), `what runs is whole, ended ${moment} request ${nth}`);
      }
      await act(client);
      assert.equal(await stateOf(client), wanted, `ended ${moment} request ${nth}`);
    }
  }
}

export const cases: readonly Case[] = [
  {
    name: "a first delivery makes the library, the kept copy, the template and the schedule; the same from another commit writes nothing",
    run: async ({ client }) => {
      const wishes = { library: "from the library", schedule: "0 4 * * *" };
      const first = await deliver(client, wishes, { commit: "a".repeat(40) });
      assert.equal(writtenBy(first), ["create library", "create revision", "create template", "create schedule"]);
      const live = await client.get(workflowTemplates, "train");
      assert.is(live?.metadata.labels?.["app.kubernetes.io/managed-by"], "hmc");
      assert.is(live?.metadata.labels?.["hmc.dev/pipeline"], "train");
      assert.match(live?.metadata.annotations?.["hmc.dev/content-hash"] ?? "", /^sha256:[0-9a-f]{64}$/);
      assert.is(live?.metadata.annotations?.["hmc.dev/commit"], "a".repeat(40));
      assert.match(await liveText(client), /"templateRef":\{"name":"train-library-1-[0-9a-f]{12}"/);
      const before = await versionsOf(client);
      assert.is(before.length, 4);
      assert.equal(writtenBy(await deliver(client, wishes, { commit: "b".repeat(40) })), []);
      assert.equal(await versionsOf(client), before);
    },
  },
  {
    name: "a plan writes nothing, and says of each object what would change",
    run: async ({ client }) => {
      const plan = async (wishes: ManifestWishes): Promise<string[]> => (await planArgo(client, { manifests: manifestsOf(wishes) }, options)).plans.map(({ change, role }) => `${change} ${role}`);
      assert.equal(await plan({ schedule: "0 4 * * *" }), ["create revision", "create template", "create schedule"]);
      assert.equal(await versionsOf(client), []);
      await deliver(client, { schedule: "0 4 * * *" });
      const before = await versionsOf(client);
      assert.equal(await plan({ schedule: "0 4 * * *" }), ["same revision", "same template", "same schedule"]);
      assert.equal(await plan({ schedule: "0 5 * * *" }), ["create revision", "update template", "update schedule"]);
      assert.equal(await plan({}), ["create revision", "update template", "suspend schedule"]);
      const { plans } = await planArgo(client, { manifests: manifestsOf({ text: "two", schedule: "0 4 * * *" }) }, options);
      assert.ok(plans[1]?.fields.includes(".spec.templates[1].container.command[1]"), plans[1]?.fields.join());
      assert.equal(await versionsOf(client), before);
    },
  },
  {
    name: "what a delivery leaves out goes, and a schedule that goes away is suspended until it is back",
    run: async ({ client, kubectl }) => {
      await deliver(client, { schedule: "0 4 * * *" });
      assert.equal(writtenBy(await deliver(client, { text: "two" })), ["create revision", "update template", "suspend schedule"]);
      assert.equal([(await scheduleOf(client))?.["suspend"], (await scheduleOf(client))?.["schedules"]], [true, ["0 4 * * *"]]);
      assert.equal(writtenBy(await deliver(client, { text: "two" })), []);
      assert.equal(writtenBy(await deliver(client, { text: "two", schedule: "0 5 * * *" })), ["create revision", "update template", "update schedule"]);
      assert.equal([(await scheduleOf(client))?.["suspend"], (await scheduleOf(client))?.["schedules"]], [undefined, ["0 5 * * *"]]);
      // As `argo cron suspend` does it: that stays.
      await succeeds(kubectl(["patch", "cronworkflow", "train", "--type=merge", "--field-manager=argo", "-p", '{"spec":{"suspend":true}}']));
      const after = await deliver(client, { text: "three", schedule: "0 5 * * *" });
      assert.is((await scheduleOf(client))?.["suspend"], true);
      assert.is(after.kind === "delivered" && after.schedules[0]?.isSuspended, true);
    },
  },
  {
    name: "fields that another one holds are a conflict, with fields and managers; force takes them",
    run: async ({ client, kubectl }) => {
      await deliver(client, {});
      await succeeds(kubectl(["patch", "workflowtemplate", "train", "--type=merge", "--field-manager=someone", "-p", '{"spec":{"entrypoint":"step","arguments":{"parameters":[]}}}']));
      const before = await versionsOf(client);
      const refused = await deliver(client, { text: "two" });
      assert.is(refused.kind, "conflicting");
      assert.equal(refused.kind === "conflicting" && refused.plans.flatMap(({ role, conflicts }) => conflicts.map((conflict) => ({ role, ...conflict }))), [
        { role: "template", field: ".spec.arguments.parameters", manager: "someone" },
        { role: "template", field: ".spec.entrypoint", manager: "someone" },
      ]);
      assert.equal(await versionsOf(client), before);
      assert.equal(writtenBy(await deliver(client, { text: "two" }, { force: true })), ["create revision", "update template"]);
      assert.match(await liveText(client), /"entrypoint":"main"/);
      assert.equal(writtenBy(await deliver(client, { text: "two" })), []);
    },
  },
  {
    name: "a template that another tool has made is not taken without force",
    run: async ({ client }) => {
      const [template] = manifestsOf({ text: "of someone" });
      assert.ok(template);
      await client.http.send({ method: "POST", path: `/apis/argoproj.io/v1alpha1/namespaces/${client.namespace}/workflowtemplates`, query: { fieldManager: "argo" }, json: template });
      assert.is((await deliver(client, {})).kind, "conflicting");
      assert.equal(writtenBy(await deliver(client, {}, { force: true })), ["create revision", "update template"]);
    },
  },
  {
    name: "a rollback brings back what ran before with its library and schedule; a delivery brings the newest",
    run: async ({ client }) => {
      assert.is((await rollbackArgo(client, "train", undefined, options)).kind, "notDelivered");
      await deliver(client, { library: "A", schedule: "0 1 * * *" }, { commit: "aaaaaaa1" });
      assert.is((await rollbackArgo(client, "train", undefined, options)).kind, "noEarlier");
      const first = await stateOf(client);
      await deliver(client, { library: "B" }, { commit: "bbbbbbb2" });
      await deliver(client, { library: "C", schedule: "0 3 * * *" }, { commit: "ccccccc3" });
      const revisions = keptRevisions(await findArgo(client, "train"));
      assert.equal(revisions.map(({ commit, isRunning }) => [commit, isRunning]), [["ccccccc3", true], ["bbbbbbb2", false], ["aaaaaaa1", false]]);
      const back = await rollbackArgo(client, "train", undefined, options);
      assert.is(back.kind, "rolledBack");
      assert.is((await scheduleOf(client))?.["suspend"], true);
      assert.is((await client.get(workflowTemplates, "train"))?.metadata.annotations?.["hmc.dev/commit"], "bbbbbbb2");
      const further = await rollbackArgo(client, "train", undefined, options);
      assert.is(further.kind === "rolledBack" && further.from, revisions[1]?.id);
      const bare = (state: unknown): unknown => JSON.parse(JSON.stringify(state, (key, value: unknown) => (key === "hmc.dev/history" ? undefined : value)));
      const now = (await stateOf(client)) as { name: string }[];
      assert.equal(bare(now.filter(({ name }) => (first as { name: string }[]).some((one) => one.name === name))), bare(first));
      assert.is((await rollbackArgo(client, "train", undefined, options)).kind, "noEarlier");
      assert.is((await rollbackArgo(client, "train", "nonsense", options)).kind, "unknownRevision");
      assert.is((await rollbackArgo(client, "train", "bbbbbbb", options)).kind, "rolledBack");
      assert.equal(writtenBy(await deliver(client, { library: "C", schedule: "0 3 * * *" }, { commit: "ccccccc3" })), ["update template", "update schedule"]);
      assert.equal((await scheduleOf(client))?.["schedules"], ["0 3 * * *"]);
      assert.equal(writtenBy(await deliver(client, { library: "C", schedule: "0 3 * * *" }, { commit: "ddddddd4" })), []);
    },
  },
  {
    name: "a prune deletes old copies and their libraries, but nothing that runs or that something refers to",
    run: async ({ client }) => {
      for (const library of ["A", "B", "C", "D"]) await deliver(client, { library });
      const ids = keptRevisions(await findArgo(client, "train")).map(({ id }) => id).reverse();
      const library = (await client.get(workflowTemplates, `train-${ids[1]}`))?.spec;
      assert.ok(library);
      // A run of B that has not ended.
      await client.create(workflows, { apiVersion: workflows.apiVersion, kind: "Workflow", metadata: { name: "running" }, spec: { workflowTemplateRef: { name: `train-${ids[1]}` } } });
      const later = { now: () => Date.now() + 3 * 60 * 60 * 1000 };
      const names = async (): Promise<number> => (await client.list(workflowTemplates)).length;
      assert.is(await names(), 9);
      const kept = await pruneArgo(client, "train", 1, later);
      assert.equal([kept.templates.length, kept.used], [2, [`train-${ids[1]}`]]);
      assert.equal(keptRevisions(await findArgo(client, "train")).map(({ id }) => id), [ids[3], ids[2], ids[1]]);
      const run = await client.get(workflows, "running");
      assert.ok(run);
      await client.delete(workflows, run);
      assert.is((await pruneArgo(client, "train", 1, later)).templates.length, 2);
      assert.equal((await pruneArgo(client, "train", 1, later)).templates, []);
      assert.is((await pruneArgo(client, "train", 0, later)).templates.length, 2);
      assert.is(await names(), 3);
      assert.equal(writtenBy(await deliver(client, { library: "D" })), []);
    },
  },
  {
    name: "one key is one run, however often and however many at once submit it",
    run: async ({ client }) => {
      const submission = { template: "train", parameters: { rows: "20" }, key: "of the night", serviceAccount: "runner" };
      const all = await Promise.all([1, 2, 3, 4].map(() => submitArgo(client, submission)));
      assert.is(new Set(all.map(({ name }) => name)).size, 1);
      assert.is(all.filter(({ isNew }) => isNew).length, 1);
      const run = await client.get(workflows, all[0]?.name ?? "");
      assert.equal(run?.spec, { workflowTemplateRef: { name: "train" }, arguments: { parameters: [{ name: "rows", value: "20" }] }, serviceAccountName: "runner" });
      const other = await submitArgo(client, { ...submission, parameters: { rows: "30" } }).catch((error: unknown) => error);
      assert.ok(other instanceof RequestError && other.failure.kind === "conflict");
      const { key: _, ...keyless } = submission;
      assert.is.not((await submitArgo(client, keyless)).name, (await submitArgo(client, keyless)).name);
      assert.is((await listWorkflows(client, "train")).length, 3);
      for (const moment of ["before", "after"] as const) {
        const ending = interrupted(client, 0, moment);
        await submitArgo(ending.client, { ...submission, key: moment }).catch(() => undefined);
        assert.is((await submitArgo(client, { ...submission, key: moment })).isNew, moment === "before");
      }
      assert.is((await listWorkflows(client, "train")).length, 5);
    },
  },
  {
    name: "waiting sees each change until the run has ended, also in packed nodes",
    run: async ({ client, kubectl, sleep }) => {
      const { name } = await submitArgo(client, { template: "train", parameters: {} });
      const node = (phase: string): object => ({ id: name, name, displayName: name, type: "DAG", phase, startedAt: "2030-01-01T00:00:00Z", finishedAt: null, templateName: "main" });
      const statuses = [
        { phase: "Running", startedAt: "2030-01-01T00:00:00Z", progress: "0/1", nodes: { [name]: node("Running") } },
        { phase: "Failed", message: "a task failed", startedAt: "2030-01-01T00:00:00Z", finishedAt: "2030-01-01T00:01:00Z", progress: "0/1", nodes: null, compressedNodes: gzipSync(JSON.stringify({ [name]: node("Failed") })).toString("base64") },
      ];
      const seen: string[] = [];
      const last = await waitForWorkflow(client, name, {
        sleep: async () => {
          const status = statuses.shift();
          if (status !== undefined) await succeeds(kubectl(["patch", "workflow", name, "--type=merge", "-p", JSON.stringify({ status })]));
          else await sleep(50);
        },
        onChange: ({ phase, nodes }) => void seen.push(`${phase} ${nodes.map((one) => `${one.templateName} ${one.phase}`).join()}`),
      });
      assert.equal(seen, ["Pending ", "Running main Running", "Failed main Failed"]);
      assert.equal([last.message, last.finishedAt], ["a task failed", "2030-01-01T00:01:00Z"]);
      const gone = await waitForWorkflow(client, "nobody", { sleep }).catch((error: unknown) => error);
      assert.ok(gone instanceof RequestError && gone.failure.kind === "notFound");
    },
  },
  {
    name: "logs come from the pods by node, all at once or as they are written",
    run: async ({ client, kubectl, sleep }) => {
      const kubelet = await startKubelet();
      try {
        await succeeds(kubectl(["create", "serviceaccount", "default"]));
        const post = (path: string, json: unknown): Promise<unknown> => client.http.send({ method: "POST", path, json });
        const patch = (path: string, json: unknown): Promise<unknown> => client.http.send({ method: "PATCH", path, json, contentType: "application/merge-patch+json" });
        await post("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "node" } });
        await patch("/api/v1/nodes/node/status", { status: { addresses: [{ type: "InternalIP", address: "127.0.0.1" }], daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } } } });
        const containerStatus = (state: object): object => ({ name: "main", image: "busybox", imageID: "", ready: true, restartCount: 0, state });
        const pod = async (name: string): Promise<void> => {
          const metadata = { name, labels: { "workflows.argoproj.io/workflow": "run" }, annotations: { "workflows.argoproj.io/node-name": `run.${name}` } };
          await post(`/api/v1/namespaces/${client.namespace}/pods`, { apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: "node", automountServiceAccountToken: false, containers: [{ name: "main", image: "busybox" }] } });
          await patch(`/api/v1/namespaces/${client.namespace}/pods/${name}/status`, { status: { phase: "Running", containerStatuses: [containerStatus({ running: {} })] } });
        };
        await pod("first");
        kubelet.write("first", ["2030-01-01T00:00:00.5Z one", "2030-01-01T00:00:00.51Z two words", "2030-01-01T00:00:01Z "]);
        const now: LogLine[] = [];
        await podLogs(client, podsOfWorkflow("run"), { onLine: (line) => void now.push(line) });
        assert.equal(now.map(({ node, text }) => [node, text]), [["run.first", "one"], ["run.first", "two words"], ["run.first", ""]]);
        const followed: string[] = [];
        const ended = new AbortController();
        const following = followLogs(client, podsOfWorkflow("run"), { onLine: ({ pod: from, text }) => void followed.push(`${from} ${text}`), ended: ended.signal, sleep: () => sleep(20) });
        await sleep(200);
        await pod("second");
        kubelet.write("second", ["2030-01-01T00:00:02Z here"]);
        await sleep(200);
        // The connection breaks off, and what was read is not read again.
        kubelet.cut("first");
        kubelet.write("first", ["2030-01-01T00:00:01Z same time", "2030-01-01T00:00:03Z last"]);
        await sleep(400);
        kubelet.end("first");
        await patch(`/api/v1/namespaces/${client.namespace}/pods/first/status`, { status: { phase: "Succeeded", containerStatuses: [containerStatus({ terminated: { exitCode: 0 } })] } });
        kubelet.end("second");
        ended.abort();
        await following;
        assert.equal(followed.sort(), ["first ", "first last", "first one", "first same time", "first two words", "second here"]);
      } finally {
        await kubelet.close();
      }
    },
  },
  {
    name: "lists come page by page",
    run: async ({ client }) => {
      for (const name of ["a", "b", "c", "d", "e"]) await client.create(workflows, { apiVersion: workflows.apiVersion, kind: "Workflow", metadata: { name }, spec: { workflowTemplateRef: { name: "train" } } });
      const counted = interrupted(client, Number.POSITIVE_INFINITY, "before");
      const all = await counted.client.list(workflows, { limit: 2 });
      assert.equal([all.map(({ metadata }) => metadata.name), counted.requests()], [["a", "b", "c", "d", "e"], 3]);
    },
  },
  {
    name: "what the server does not take is refused before anything is written",
    run: async ({ client }) => {
      const manifests = manifestsOf({});
      const [template] = manifests;
      assert.ok(template);
      const error = await applyArgo(client, { manifests: [{ ...template, spec: { ...template.spec, nonsense: true } }] }, options).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof RequestError);
      assert.match(error.message, /nonsense/);
      assert.equal(await versionsOf(client), []);
    },
  },
  {
    name: "two who deliver at once: one of them runs, whole, and both are kept",
    run: async ({ client }) => {
      for (const round of [1, 2, 3]) {
        const [one, other] = await Promise.all(["left", "right"].map((side) => deliver(client, { library: `${side} ${round}`, schedule: "0 1 * * *" })));
        const kinds = [one?.kind, other?.kind];
        assert.ok(kinds.includes("delivered"), kinds.join());
        assert.ok(kinds.every((kind) => kind === "delivered" || kind === "superseded"), kinds.join());
        const { running, copies, history, schedules } = await findArgo(client, "train");
        // Where both make the template, the one whose history is lost has never run.
        assert.is(copies.size, round * 2);
        assert.ok(history.length >= round * 2 - 1 && history.at(-1)?.revision === running);
        assert.ok(copies.has(running ?? ""));
        assert.equal(schedules.map(({ metadata }) => metadata.labels?.["hmc.dev/revision"]), [running]);
      }
    },
  },
  {
    name: "a first delivery that is killed at any request is finished by the next one",
    run: async ({ client }) => {
      await killedEverywhere(client, async () => undefined, (through) => deliver(through, { library: "A", schedule: "0 1 * * *" }, { commit: "aaaaaaa1" }));
    },
  },
  {
    name: "a change that is killed at any request is finished by the next one",
    run: async ({ client }) => {
      const prepare = (): Promise<void> => deliver(client, { library: "A", schedule: "0 1 * * *" }, { commit: "aaaaaaa1" }).then(() => undefined);
      await killedEverywhere(client, prepare, (through) => deliver(through, { library: "B", schedule: "0 2 * * *" }, { commit: "bbbbbbb2" }));
    },
  },
  {
    name: "a rollback that is killed at any request is finished by the next one",
    run: async ({ client }) => {
      const prepare = async (): Promise<void> => {
        await deliver(client, { library: "A" }, { commit: "aaaaaaa1" });
        await deliver(client, { library: "B", schedule: "0 2 * * *" }, { commit: "bbbbbbb2" });
      };
      await killedEverywhere(client, prepare, (through) => rollbackArgo(through, "train", "aaaaaaa1", options));
    },
  },
];
