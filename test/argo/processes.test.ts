/** Workflows whose pods run as processes: what the executor of Argo stages and collects, with programs of this machine. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import type { PodOutcome } from "../../runtime/argo/options.ts";
import { ArtifactStore, StoreError } from "../../runtime/argo/process-store.ts";
import { podProcesses } from "../../runtime/argo/processes.ts";
import type { SimulatedNode, SimulatedRun } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { bundleOps } from "../../runtime/bundle.ts";
import { dataset, datasets, document, integer, makeProject, op, string } from "../runtime/project.ts";

interface Ran extends SimulatedRun {
  folder: string;
  store: ArtifactStore;
  outcomes: Record<string, PodOutcome>;
  node(displayName: string): SimulatedNode;
}

/** Runs a workflow of templates; the first one is the entry. */
async function ran(templates: string, more: { bundle?: string; root?: string; environment?: Record<string, string>; spec?: string } = {}): Promise<Ran> {
  const folder = makeProject({});
  const store = new ArtifactStore(join(folder, "store"));
  const outcomes: Record<string, PodOutcome> = {};
  const spec = { ...(parse(more.spec ?? "{}") as object), entrypoint: "main", templates: parse(templates) as unknown };
  const outcome = podProcesses({
    folder,
    store,
    entrypoint: ["node", "/app/main.mjs"],
    root: more.root ?? folder,
    environment: { PATH: process.env["PATH"], ...more.environment },
    jobs: 2,
    ...(more.bundle === undefined ? {} : { bundle: more.bundle }),
  });
  const run = await simulate([{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w" }, spec }], {
    outcome: async (pod) => (outcomes[pod.displayName] = await outcome(pod)),
  });
  const node = (displayName: string): SimulatedNode => run.nodes.find((each) => each.displayName === displayName) ?? assert.unreachable(`no node ${displayName}`) as never;
  return { ...run, folder, store, outcomes, node };
}

const shell = (name: string, script: string, more = "") => `- {name: ${name}, container: {image: i, command: [sh, -ec], args: [${JSON.stringify(script)}]}${more}}`;

test("values, results and artifacts go from pod to pod", async () => {
  const run = await ran(`
- name: main
  dag:
    tasks:
    - {name: a, template: a}
    - name: b
      template: b
      depends: a.Succeeded
      arguments:
        parameters: [{name: v, value: "{{tasks.a.outputs.parameters.v}}"}, {name: r, value: "{{tasks.a.outputs.result}}"}]
        artifacts: [{name: d, from: "{{tasks.a.outputs.artifacts.d}}"}]
- name: a
  script: {image: i, command: [sh, -e], source: "printf 'one\\\\n\\\\n' > /tmp/v; mkdir /tmp/d; echo x > /tmp/d/part; echo said; echo loud >&2"}
  outputs: {parameters: [{name: v, valueFrom: {path: /tmp/v}}], artifacts: [{name: d, path: /tmp/d}]}
- name: b
  inputs: {parameters: [{name: v}, {name: r}], artifacts: [{name: d, path: /data/in}]}
  container: {image: i, command: [sh, -ec, 'printf "%s|%s|%s" "$0" "$1" "$(cat /data/in/part)" > /tmp/out'], args: ["{{inputs.parameters.v}}", "{{inputs.parameters.r}}"]}
  outputs: {parameters: [{name: o, valueFrom: {path: /tmp/out}}]}
`);
  assert.is(run.phase, "Succeeded");
  assert.is(run.node("a").outputs.parameters["v"], "one\n");
  assert.is(run.node("a").result, "said");
  assert.is(run.node("b").outputs.parameters["o"], "one\n|said|x");
  const [pod = ""] = readdirSync(join(run.folder, "pods")).filter((name) => name.startsWith("w-a-"));
  assert.match(readFileSync(join(run.folder, "pods", pod, "log.txt"), "utf8"), "loud");
});

test("no folder is made for outputs, as in a pod", async () => {
  const run = await ran(shell("main", "echo 1 > /hmc/out/params/v", ", outputs: {parameters: [{name: v, valueFrom: {path: /hmc/out/params/v}}]}"));
  assert.is(run.phase, "Failed");
  assert.is(run.outcomes["w"]?.exitCode === 0, false);
  const mounted = await ran(`
- name: main
  volumes: [{name: work, emptyDir: {}}]
  container: {image: i, command: [sh, -ec, "echo 1 > /hmc/out/v"], volumeMounts: [{name: work, mountPath: /hmc/out}]}
  outputs: {parameters: [{name: v, valueFrom: {path: /hmc/out/v}}]}
`);
  assert.is(mounted.node("w").outputs.parameters["v"], "1");
});

test("a default stands in for an output that was not written; without one the node is an error", async () => {
  const outputs = ", outputs: {parameters: [{name: v, valueFrom: {path: /tmp/v, default: none}}]}";
  assert.is((await ran(shell("main", ":", outputs))).node("w").outputs.parameters["v"], "none");
  assert.is((await ran(shell("main", ":", outputs.replace(", default: none", "")))).phase, "Error");
  assert.is((await ran(shell("main", ":", ", outputs: {artifacts: [{name: a, path: /tmp/a}]}"))).phase, "Error");
  assert.is((await ran(shell("main", ":", ", outputs: {artifacts: [{name: a, path: /tmp/a, optional: true}]}"))).phase, "Succeeded");
});

test("a prefix of keys is read as a folder, an archive is not", async () => {
  const templates = (archive: string) => `
- name: main
  dag:
    tasks:
    - {name: each, template: make, withItems: [0, 1, 10], arguments: {parameters: [{name: i, value: "{{item}}"}]}}
    - {name: read, template: read, depends: each.Succeeded, arguments: {artifacts: [{name: all, s3: {key: run/m}}, {name: none, optional: true, s3: {key: run/n}}]}}
- name: make
  inputs: {parameters: [{name: i}]}
  container: {image: i, command: [sh, -ec, "echo {{inputs.parameters.i}} > /tmp/m"]}
  outputs: {artifacts: [{name: m, path: /tmp/m, s3: {key: "run/m/{{inputs.parameters.i}}"}${archive}}]}
- name: read
  inputs: {artifacts: [{name: all, path: /in/all}, {name: none, path: /in/none, optional: true}]}
  container: {image: i, command: [sh, -ec, "cd /in/all; cat * > /tmp/o; test ! -e /in/none"]}
  outputs: {parameters: [{name: o, valueFrom: {path: /tmp/o}}]}
`;
  const run = await ran(templates(", archive: {none: {}}"));
  assert.is(run.node("read").outputs.parameters["o"], "0\n1\n10");
  const archived = await ran(templates(""));
  assert.is(archived.phase, "Error");
  assert.match(archived.node("read").message, /"s3:run\/m\/\d+" is stored as an archive/);
});

test("raw artifacts are files; what is nowhere is an error unless it is optional", async () => {
  const templates = (optional: string) => `
- name: main
  inputs: {artifacts: [{name: a, path: /in/a, raw: {data: "the text"}}, {name: b, path: /in/b, s3: {key: nowhere}${optional}}]}
  container: {image: i, command: [cp, /in/a, /tmp/o]}
  outputs: {parameters: [{name: o, valueFrom: {path: /tmp/o}}]}
`;
  assert.is((await ran(templates(", optional: true"))).node("w").outputs.parameters["o"], "the text");
  const missing = await ran(templates(""));
  assert.is(missing.phase, "Error");
  assert.is(missing.message, 'artifact b failed to load: there is nothing under "nowhere"');
});

test("the end of a process is that of the pod", async () => {
  const failed = await ran(shell("main", "exit 3"));
  assert.equal([failed.phase, failed.message, failed.node("w").exitCode], ["Failed", "Error (exit code 3)", "3"]);
  const unknown = await ran("- {name: main, container: {image: i, command: [no-such-program]}}");
  assert.is(unknown.phase, "Error");
  assert.match(unknown.message, /^Error \(exit code 64\): failed to find name in PATH/);
  const killed = await ran(shell("main", "kill -9 $$$$"));
  assert.is(killed.message, "Error (exit code 137)");
  const late = await ran(shell("main", "sleep 30", ", activeDeadlineSeconds: 1"));
  assert.is(late.message, "Pod was active on the node longer than the specified deadline");
  const bare = await ran("- {name: main, container: {image: i}}");
  assert.is(bare.message, 'the container template "main" has no command that could run as a process');
});

test("what a failed pod wrote is kept", async () => {
  const run = await ran(`
- name: main
  dag:
    tasks:
    - {name: a, template: a}
    - {name: b, template: b, depends: a.Failed, arguments: {parameters: [{name: v, value: "{{tasks.a.outputs.parameters.v}}"}]}}
- {name: a, container: {image: i, command: [sh, -ec, "echo kept > /tmp/v; exit 1"]}, outputs: {parameters: [{name: v, valueFrom: {path: /tmp/v}}]}}
- {name: b, inputs: {parameters: [{name: v}]}, container: {image: i, command: [test, "{{inputs.parameters.v}}", "=", kept]}}
`);
  assert.is(run.node("b").phase, "Succeeded");
});

test("variables are those of the container, filled in by the kubelet", async () => {
  const run = await ran(
    `
- name: main
  container:
    image: i
    command: [sh, -ec, 'echo "$A|$B|$C|$0|$1" > /tmp/o', "$(B) $$(B) $(NO)", "$$"]
    env: [{name: A, value: one}, {name: B, value: "$(A) two"}, {name: C, valueFrom: {secretKeyRef: {name: s, key: k}}}]
  outputs: {parameters: [{name: o, valueFrom: {path: /tmp/o}}]}
`,
    { environment: { C: "of this machine" } },
  );
  assert.is(run.node("w").outputs.parameters["o"], "one|one two|of this machine|one two $(B) $(NO)|$");
});

test("a result is cut to its end", async () => {
  const run = await ran(`
- name: main
  dag:
    tasks: [{name: a, template: a}, {name: b, template: b, depends: a.Succeeded, arguments: {parameters: [{name: r, value: "{{tasks.a.outputs.result}}"}]}}]
- {name: a, script: {image: i, command: [node], source: "process.stdout.write('x'.repeat(300000) + 'end\\\\n')"}}
- {name: b, inputs: {parameters: [{name: r}]}, script: {image: i, command: [sh], source: ":"}}
`);
  assert.is(run.node("a").result, `${"x".repeat(256 * 1024 - 3)}end`);
});

test("pods share the claims that they mount", async () => {
  const mounts = "volumeMounts: [{name: claim, mountPath: /work}]";
  const run = await ran(
    `
- name: main
  dag: {tasks: [{name: a, template: a}, {name: b, template: b, depends: a.Succeeded}]}
- {name: a, container: {image: i, command: [sh, -ec, "echo shared > /work/f"], ${mounts}}}
- {name: b, container: {image: i, command: [sh, -ec, "cp /work/f /tmp/o"], ${mounts}}, outputs: {parameters: [{name: o, valueFrom: {path: /tmp/o}}]}}
`,
    { spec: "volumes: [{name: claim, persistentVolumeClaim: {claimName: c}}]" },
  );
  assert.is(run.node("b").outputs.parameters["o"], "shared");
});

const ops = `import { op, type Dataset, type Int } from "hmc";
import { readFileSync, writeFileSync } from "node:fs";

export const make = op(async (input: { index: Int; text: string }, out: { part: Dataset }) => {
  writeFileSync(out.part.path, input.text + input.index);
  out.part.metadata.index = input.index;
  return { folder: process.cwd() };
});
export const gather = op(async (input: { parts: Dataset[]; work: string }) => {
  writeFileSync(input.work + "/seen", "");
  return input.parts.map((part) => readFileSync(part.path, "utf8") + part.metadata.index).join();
});
`;

test("ops run from their bundle, with the metadata of their artifacts and a list that a loop collects", async () => {
  const root = makeProject({ "ops.ts": ops });
  const components = [op("make", { index: integer, text: string }, { part: dataset, folder: string }), op("gather", { parts: datasets, work: string }, { Output: string })];
  const { file } = await bundleOps({ document: document(components, []), root });
  const run = await ran(
    `
- name: main
  dag:
    tasks:
    - {name: for, template: for}
    - name: gather
      template: gather
      depends: for.Succeeded
      arguments:
        parameters: [{name: hmc-meta-parts, value: "{{tasks.for.outputs.parameters.metas}}"}, {name: work, value: /work}]
        artifacts: [{name: parts, s3: {key: p}}]
- name: for
  dag: {tasks: [{name: each, template: make, withSequence: {count: "2"}, arguments: {parameters: [{name: index, value: "{{item}}"}, {name: text, value: "~(7b){x}} "}]}}]}
  outputs: {parameters: [{name: metas, valueFrom: {parameter: "{{tasks.each.outputs.parameters.meta}}"}}]}
- name: make
  inputs: {parameters: [{name: index}, {name: text}]}
  script: {image: i, command: [node, /app/main.mjs, run, make, --argo], source: "{{inputs.parameters}}"}
  outputs:
    parameters: [{name: meta, valueFrom: {path: /hmc/out/meta/part}}, {name: folder, valueFrom: {path: /hmc/out/params/folder}}]
    artifacts: [{name: part, path: /hmc/out/artifacts/part, archive: {none: {}}, s3: {key: "p/{{inputs.parameters.index}}"}}]
- name: gather
  inputs: {parameters: [{name: hmc-meta-parts}, {name: work}], artifacts: [{name: parts, path: /hmc/in/parts}]}
  script: {image: i, command: [node, /app/main.mjs, run, gather, --argo], source: "{{inputs.parameters}}", volumeMounts: [{name: claim, mountPath: /work}]}
  outputs: {parameters: [{name: Output, valueFrom: {path: /hmc/out/params/Output}}]}
`,
    { bundle: file as string, root, spec: "volumes: [{name: claim, persistentVolumeClaim: {claimName: c}}]" },
  );
  assert.is(run.message, "");
  assert.is(run.node("each(0:0)").outputs.parameters["folder"], root);
  assert.is(run.node("gather").outputs.parameters["Output"], "~(7b){x}} 00,~(7b){x}} 11");
});

test("the store finds parts of folders, and refuses to look into archives", () => {
  const folder = makeProject({ "tree/a/b": "b", file: "f" });
  const store = new ArtifactStore(join(folder, "store"));
  store.put("s3:k/tree", join(folder, "tree"), false);
  store.put("s3:k/tar", join(folder, "tree"), true);
  const to = (name: string) => join(folder, "out", name);
  assert.ok(store.get("s3:k/tree/a", to("part")));
  assert.is(readFileSync(join(to("part"), "b"), "utf8"), "b");
  assert.not.ok(store.get("s3:k/tree/no", to("no")));
  assert.not.ok(store.get("s3:k/tar/a", to("no")));
  assert.not.ok(store.get("gcs:k/tree", to("no")));
  assert.not.ok(existsSync(to("no")));
  assert.throws(() => store.get("s3:k", to("all")), (error: unknown) => error instanceof StoreError);
  mkdirSync(join(folder, "later"));
  writeFileSync(join(folder, "later/x"), "");
  store.put("s3:k/tar", join(folder, "later"), false);
  assert.ok(store.get("s3:k", to("all")));
  assert.ok(existsSync(join(to("all"), "tar/x")) && existsSync(join(to("all"), "tree/a/b")));
});

test.run();
