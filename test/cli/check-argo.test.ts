/** `hmc check` of Argo YAML over the built command. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc, smallPipeline } from "./hmc.ts";

const workflow = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: hello-}
spec:
  entrypoint: main
  templates:
  - name: main
    dag:
      tasks:
      - {name: a, template: work}
      - {name: b, template: work, dependson: a}
  - name: work
    container: {image: alpine, command: [ls]}
`;
const mended = workflow.replace("dependson", "depends");

test("a fault is shown with its line, and the exit code is 1", () => {
  const cwd = folderWith({ "flows/hello.yaml": workflow });
  const { code, stderr, stdout } = hmc(["check", "flows/hello.yaml"], { cwd });
  assert.is(code, 1);
  assert.is(stdout, "");
  assert.match(stderr, 'flows/hello.yaml:11:35 - error HMC8006: "dependson" is no field of a task. Did you mean "depends"?');
  assert.match(stderr, "11 |       - {name: b, template: work, dependson: a}");
});

test("a good file, and several kinds of files at once", () => {
  const cwd = folderWith({ "a.yaml": mended, "b.yml": mended, "pipeline.ts": smallPipeline });
  const { code, stderr } = hmc(["check", "a.yaml", "b.yml", "pipeline.ts"], { cwd });
  assert.is(code, 0, stderr);
  assert.match(stderr, "3 files have no errors.");
});

test("every format", () => {
  const cwd = folderWith({ "hello.yaml": workflow });
  const json = JSON.parse(hmc(["check", "hello.yaml", "--format", "json"], { cwd }).stdout) as { diagnostics: { code: string; span: { file: string; line: number } }[] };
  assert.equal(json.diagnostics.map(({ code, span }) => [code, span.file, span.line]), [["HMC8006", "hello.yaml", 11]]);
  const sarif = JSON.parse(hmc(["check", "hello.yaml", "--format", "sarif"], { cwd }).stdout) as { runs: { results: { ruleId: string }[] }[] };
  assert.equal(sarif.runs[0]?.results.map(({ ruleId }) => ruleId), ["HMC8006"]);
  const gitlab = JSON.parse(hmc(["check", "hello.yaml", "--format", "gitlab"], { cwd }).stdout) as { check_name: string; location: { path: string } }[];
  assert.equal(gitlab.map(({ check_name, location }) => [check_name, location.path]), [["HMC8006", "hello.yaml"]]);
});

test("--target-version decides which fields there are", () => {
  const cwd = folderWith({ "hello.yaml": mended.replace("  - name: work\n", "  - name: work\n    pendingTimeout: 5m\n") });
  assert.is(hmc(["check", "hello.yaml"], { cwd }).code, 0);
  assert.match(hmc(["check", "hello.yaml", "--target-version", "4.0"], { cwd }).stderr, "HMC8403");
  assert.match(hmc(["check", "hello.yaml", "--target-version", "5"], { cwd }).stderr, "choose one of 3.6, 3.7, 4.0, 4.1");
});

test("a warning counts for --max-warnings", () => {
  const cwd = folderWith({ "hello.yaml": mended.replace("{name: a, template: work}", "{name: a, template: work, arguments: {parameters: [{name: x, value: y}]}}") });
  assert.is(hmc(["check", "hello.yaml"], { cwd }).code, 0);
  assert.is(hmc(["check", "hello.yaml", "--max-warnings", "0"], { cwd }).code, 1);
});

test("what is nothing of Argo is said to be so, unless it stands beside a workflow", () => {
  const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
  const kfp = "pipelineInfo: {name: hello}\nroot: {dag: {tasks: {}}}\nschemaVersion: 2.1.0\n";
  const cwd = folderWith({ "config.yaml": config, "kfp.yaml": kfp, "hello.yaml": mended, "empty.yaml": "# nothing\n" });
  assert.match(hmc(["check", "config.yaml"], { cwd }).stderr, "HMC8005: This is YAML of something else");
  assert.match(hmc(["check", "empty.yaml"], { cwd }).stderr, "HMC8005: This is an empty file");
  assert.match(hmc(["check", "kfp.yaml"], { cwd }).stderr, 'HMC8005: This is a pipeline of Kubeflow Pipelines, not a document of Argo Workflows. Read it with "hmc import"');
  assert.is(hmc(["check", "config.yaml", "hello.yaml"], { cwd }).code, 0);
});

test("a file that does not exist", () => {
  const cwd = folderWith({ "hello.yaml": mended });
  assert.match(hmc(["check", "helo.yaml"], { cwd }).stderr, 'HMC0001: There is no file "helo.yaml". Did you mean "hello.yaml"?');
});

test.run();
