/**
 * The commands of targets on a real kube-apiserver with Argo's CRDs, run as people run them. Argo's controller does not run: where it would write what became of a
 * run, the check does.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hmcBeside, type Outcome } from "../cli/hmc.ts";
import { startApiServer, type ApiServer } from "./argo-api-server.ts";
import type { Checks } from "./checks.ts";
import { noArgoCases, noKubeapi, type Environment } from "./environment.ts";

const source = `import { op, pipeline } from "hmc";

export const scale = op({ image: "example.com/scale:1.0" }, async (input: { value: number }) => ({ value: input.value * 2 }));

export const nightly = pipeline({ schedule: "0 2 * * *", timezone: "Europe/Rome" }, ({ depth = 1 }: { depth?: number }) => {
  const scaled = scale({ value: depth });
  return { value: scaled.value };
});
`;

const config = (kubeconfig: string, context = "test"): string => `targets:
  cluster:
    kind: argo
    version: "4.0"
    namespace: team
    kubeconfig: { file: ${kubeconfig}, context: ${context} }
    serviceAccount: runner
    params: { depth: 5 }
`;

export async function argoCommands(checks: Checks, { kubeapi, argoCases, work }: Environment): Promise<void> {
  if (kubeapi === undefined) return checks.skip("commands on Argo", noKubeapi);
  if (argoCases === undefined) return checks.skip("commands on Argo", noArgoCases);
  const folder = join(work, "argo-commands");
  mkdirSync(folder, { recursive: true });
  let server: ApiServer;
  try {
    server = await startApiServer(kubeapi, folder, join(argoCases, "crds"));
  } catch (error) {
    return checks.fail("kube-apiserver with Argo's CRDs starts", String(error));
  }
  try {
    await server.ensureNamespace("team");
    await walk(checks, server, folder);
  } finally {
    await server.stop();
  }
}

async function walk(checks: Checks, server: ApiServer, folder: string): Promise<void> {
  writeFileSync(join(folder, "pipeline.ts"), source);
  writeFileSync(join(folder, "hmc.yaml"), config(server.kubeconfig));
  const hmc = (...args: string[]) => hmcBeside(args, { cwd: folder });
  const expect = (name: string, { code, stdout, stderr }: Outcome, wanted: number, ...texts: (string | RegExp)[]): void => {
    const said = stdout + stderr;
    const token = /"token":"([^"]+)"/.exec(readFileSync(server.kubeconfig, "utf8"))?.[1] ?? "";
    const problems = [...(code === wanted ? [] : [`exit code ${code}: ${said}`]), ...texts.filter((text) => (typeof text === "string" ? !said.includes(text) : !text.test(said))).map((text) => `no ${text} in: ${said}`), ...(token !== "" && said.includes(token) ? ["the token is shown"] : [])];
    checks.expectNone(`commands on Argo: ${name}`, problems);
  };
  const field = async (object: string, path: string) => (await server.kubectl(["-n", "team", "get", object, "-o", `jsonpath={${path}}`])).stdout;
  const same = (name: string, found: string, wanted: string) => checks.expectNone(`commands on Argo: ${name}`, found === wanted ? [] : [`${found} in place of ${wanted}`]);

  expect("a plan of the first delivery", await hmc("plan", "--to", "cluster"), 0, '+ the WorkflowTemplate "nightly"', '+ the CronWorkflow "nightly"');
  same("a plan writes nothing", await field("workflowtemplates", ".items"), "[]");
  expect("the first delivery", await hmc("deploy"), 0, /Deployed nightly to "cluster", as the revision [0-9a-f]{12}/);
  same("the service account", await field("workflowtemplate/nightly", ".spec.serviceAccountName"), "runner");
  same("the schedule", await field("cronworkflow/nightly", ".spec.schedules[0]") + (await field("cronworkflow/nightly", ".spec.timezone")), "0 2 * * *Europe/Rome");
  same("the parameters of the schedule", await field("cronworkflow/nightly", ".spec.workflowSpec.arguments.parameters[0].value"), "5");
  expect("the same again", await hmc("deploy"), 0, 'Nothing to do: "cluster" has nightly already');

  writeFileSync(join(folder, "pipeline.ts"), source.replace("scale:1.0", "scale:1.1").replace("0 2 * * *", "0 3 * * *"));
  expect("a plan of a change", await hmc("plan", "--to", "cluster", "--exit-code"), 1, "~ the CronWorkflow", ".spec.schedules");
  expect("the change", await hmc("deploy"), 0, "Deployed nightly");
  same("the new schedule", await field("cronworkflow/nightly", ".spec.schedules[0]"), "0 3 * * *");
  expect("the rollback", await hmc("rollback", "--on", "cluster"), 0, "Rolled nightly back");
  same("the old schedule", await field("cronworkflow/nightly", ".spec.schedules[0]"), "0 2 * * *");
  expect("nothing before the first", await hmc("rollback", "--on", "cluster"), 1, "HMC6246");
  expect("an unknown revision", await hmc("rollback", "--on", "cluster", "--pipeline-version", "zzz"), 1, "HMC6247");
  expect("the newest again", await hmc("deploy"), 0, "Deployed nightly");

  writeFileSync(join(folder, "hmc.yaml"), `${config(server.kubeconfig)}    schedule: off\n`);
  expect("without a schedule", await hmc("deploy"), 0);
  same("the schedule is suspended", await field("cronworkflow/nightly", ".spec.suspend"), "true");
  writeFileSync(join(folder, "hmc.yaml"), config(server.kubeconfig));
  expect("with a schedule again", await hmc("deploy"), 0);
  same("the schedule is not suspended", (await field("cronworkflow/nightly", ".spec.suspend")).replace("false", ""), "");

  await server.kubectl(["-n", "team", "patch", "workflowtemplate", "nightly", "--type=merge", "--field-manager=ann", "-p", '{"spec":{"serviceAccountName":"of-ann"}}']);
  writeFileSync(join(folder, "pipeline.ts"), source.replace("scale:1.0", "scale:1.2"));
  expect("what someone else has changed is not overwritten", await hmc("deploy"), 1, "HMC6258", '"ann"', "serviceAccountName");
  same("nothing was written", await field("workflowtemplate/nightly", ".spec.serviceAccountName"), "of-ann");
  expect("but with --force", await hmc("deploy", "--force"), 0, "Deployed nightly");
  same("it is as the target says", await field("workflowtemplate/nightly", ".spec.serviceAccountName"), "runner");

  const started = await hmc("run", "--on", "cluster", "-p", "depth=7", "--key", "ci-1");
  expect("a run", started, 0, "Started nightly");
  const run = started.stdout.trim();
  same("the parameters of a run", await field(`workflow/${run}`, ".spec.arguments.parameters[0].value"), "7");
  same("the same key is the same run", (await hmc("run", "--on", "cluster", "-p", "depth=7", "--key", "ci-1")).stdout.trim(), run);
  const status = { phase: "Failed", message: "child failed", startedAt: "2026-11-27T01:00:00Z", finishedAt: "2026-11-27T01:01:00Z", nodes: { one: { id: "one", name: `${run}.scale`, displayName: "scale", type: "Pod", phase: "Failed", message: "Error (exit code 1)", startedAt: "2026-11-27T01:00:00Z", finishedAt: "2026-11-27T01:01:00Z" } } };
  await server.kubectl(["-n", "team", "patch", "workflow", run, "--type=merge", "-p", JSON.stringify({ status })]);
  expect("the runs", await hmc("runs", "--on", "cluster"), 0, run, "✗ failed");
  expect("why a run has failed, at its line", await hmc("explain", run, "--on", "cluster"), 0, "HMC6254", "exit code 1", /pipeline\.ts:6:\d+/);
  const waited = await hmc("run", "--on", "cluster", "-p", "depth=7", "--key", "ci-1", "--wait");
  expect("waiting for a run that has failed", waited, 1, "HMC6249", "✗ failed scale");
  expect("a run of an earlier revision", await hmc("run", "--on", "cluster", "--pipeline-version", "zzz"), 1, "HMC6247");
  expect("upload", await hmc("upload", "--to", "cluster"), 0, "Nothing to do");
  expect("pruning lists", await hmc("prune", "--on", "cluster", "--keep", "1"), 0);
  expect("every value of the target", await hmc("explain", "--on", "cluster"), 0, /kubeconfig .*targets\.cluster in hmc\.yaml/);

  writeFileSync(join(folder, "hmc.yaml"), config(server.kubeconfig, "nowhere"));
  expect("an unknown context", await hmc("deploy"), 1, "HMC6255", '"nowhere"');
  writeFileSync(join(folder, "hmc.yaml"), config(join(folder, "none")));
  expect("no kubeconfig", await hmc("deploy"), 1, "HMC6255");
}
