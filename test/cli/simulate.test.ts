/** `hmc simulate`: what it prints of a run, with outcomes that are given, and what it says of mistakes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc } from "./hmc.ts";

const pipeline = `
import { op, pipeline } from "hmc";
export const score = op(async () => ({ auc: 0.5 }));
export const publish = op(async (input: { auc: number }) => {});
export const choose = pipeline({ defaults: { image: "ghcr.io/acme/ops:1.0" } }, ({ least = 0.8 }: { least?: number }) => {
  const { auc } = score();
  if (auc > least) publish({ auc });
  return { auc };
});
`;

test("a pipeline runs with values of the right types, and its picture says which tasks ran", () => {
  const cwd = folderWith({ "pipeline.ts": pipeline });
  const { code, stdout, stderr } = hmc(["simulate"], { cwd });
  assert.is(code, 0, stderr);
  assert.match(stdout, /✓ +publish +Succeeded +Pod/);
  assert.match(stdout, /auc +1\n/);
  assert.match(stdout, /succeeded on Argo 4\.0\.7 with 2 pods/);
});

test("outcomes and parameters decide what runs", () => {
  const cwd = folderWith({ "pipeline.ts": pipeline, "low.yaml": 'score: { params: { auc: "0.7" } }\n', "failing.json": '{ "publish": { "fail": true, "message": "no space" } }' });
  assert.match(hmc(["simulate", "pipeline.ts", "--outcomes", "low.yaml"], { cwd }).stdout, /- +publish +Skipped/);
  assert.match(hmc(["simulate", "pipeline.ts", "--outcomes", "low.yaml", "-p", "least=0.6"], { cwd }).stdout, /✓ +publish +Succeeded/);
  const failing = hmc(["simulate", "pipeline.ts", "--outcomes", "failing.json"], { cwd });
  assert.is(failing.code, 1);
  assert.match(failing.stdout, /✗ +publish +Failed +Pod +no space/);
});

test("a workflow that Argo would run for ever is told so, as JSON too", () => {
  const workflow = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w" }, spec: { entrypoint: "main", templates: [{ name: "main", suspend: {} }] } };
  const cwd = folderWith({ "workflow.json": JSON.stringify(workflow) });
  const { code, stdout } = hmc(["simulate", "workflow.json"], { cwd });
  assert.is(code, 1);
  assert.match(stdout, /never ends/);
  const run = JSON.parse(hmc(["simulate", "workflow.json", "--json"], { cwd }).stdout) as { hung: boolean; nodes: { name: string }[] };
  assert.is(run.hung, true);
  assert.equal(run.nodes.map(({ name }) => name), ["w"]);
});

test("mistakes in the files have a code and say what to do", () => {
  const cwd = folderWith({ "pipeline.ts": pipeline, "wrong.yaml": 'score: { parms: { auc: "0.7" } }\n', "other.yaml": "a: 1\n" });
  assert.match(hmc(["simulate", "pipeline.ts", "--outcomes", "wrong.yaml"], { cwd }).stderr, /HMC6015.*did you mean "params"/s);
  assert.match(hmc(["simulate", "other.yaml"], { cwd }).stderr, /HMC6014/);
  assert.match(hmc(["simulate", "pipeline.ts", "-p", "least"], { cwd }).stderr, /HMC6006/);
});

test.run();
