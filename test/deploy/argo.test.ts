/** What a target says in the manifests for Argo, and what is said where a delivery does not come to its end. Deliveries themselves are checked on a real kube-apiserver. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compile } from "../../compiler/compile.ts";
import { clusterDiagnostic } from "../../compiler/deploy/argo/connect.ts";
import { argoManifests } from "../../compiler/deploy/argo/manifests.ts";
import { deliveryProblems } from "../../compiler/deploy/argo/outcome.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { workflowArguments } from "../../compiler/targets/argo/workflow-parameters.ts";
import type { ObjectPlan } from "../../runtime/remote/kubernetes/argo-plan.ts";
import { PeerMissing } from "../../runtime/remote/peer.ts";
import { root } from "../folders.ts";

const test = suite("Argo targets");

const compiled = compile(nodeHost(), `${root}/fixtures/crashed/pipeline.ts`, { target: "argo", argo: { kind: "standing" } });
const { output = "", pipeline } = compiled;
if (pipeline === undefined) throw new Error("the demo does not compile");

test("the service account stands in the template, the parameters in the schedule; nothing else changes", () => {
  const plain = argoManifests(output, { arguments: [] });
  assert.equal(plain.map(({ kind }) => kind), ["WorkflowTemplate", "CronWorkflow"]);
  const parameters = workflowArguments(pipeline, { depth: 8, source: "synthetic:crashes", threshold: 0.5 });
  assert.equal(parameters.map(({ name, value }) => `${name}=${value}`).sort(), ["depth=8", "source=synthetic:crashes", "threshold=0.5"]);
  const [template, schedule] = argoManifests(output, { arguments: parameters, serviceAccount: "runner" });
  const [before, scheduled] = plain;
  assert.equal(template, { ...before, spec: { ...(before?.["spec"] as object), serviceAccountName: "runner" } });
  const spec = scheduled?.["spec"] as { workflowSpec: object };
  assert.equal(schedule, { ...scheduled, spec: { ...spec, workflowSpec: { ...spec.workflowSpec, arguments: { parameters } } } });
});

test("what stands in the way of a delivery", () => {
  const plan = (change: Partial<ObjectPlan>): ObjectPlan => ({ role: "template", kind: "WorkflowTemplate", name: "crashed", change: "update", fields: [".spec.entrypoint"], conflicts: [], ...change });
  const common = { revision: "0123456789ab", template: "crashed" };
  const problems = (result: Parameters<typeof deliveryProblems>[0]) => deliveryProblems(result).map(({ code, message }) => `${code}: ${message}`);
  assert.equal(problems({ kind: "delivered", ...common, written: [], schedules: [] }), []);
  const [conflict = "", ...more] = problems({ kind: "conflicting", ...common, plans: [plan({}), plan({ role: "schedule", kind: "CronWorkflow", conflicts: [{ field: ".spec.suspend", manager: "argo" }, { field: ".spec.timezone", manager: "argo" }] })] });
  assert.equal(more, []);
  assert.match(conflict, /^HMC6258: "CronWorkflow crashed" was changed by "argo", who holds ".spec.suspend", ".spec.timezone"/);
  assert.match(problems({ kind: "superseded", ...common, by: "ba9876543210" })[0] ?? "", /^HMC6259: .*"ba9876543210"/);
  assert.match(problems({ kind: "contested", ...common, left: [plan({})] })[0] ?? "", /^HMC6252: .*the WorkflowTemplate "crashed": \.spec\.entrypoint/);
});

test("a package that is missing says what to install", () => {
  const found = clusterDiagnostic(new PeerMissing("kubeconfig", "@kubernetes/client-node@1"));
  assert.is(found?.code, "HMC6257");
  assert.match(found?.message ?? "", 'npm install @kubernetes/client-node@1');
  assert.is(clusterDiagnostic(new Error("other")), undefined);
});

test.run();
