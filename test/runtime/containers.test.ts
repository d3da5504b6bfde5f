/** Container components: the command line from placeholders, and the call of the engine, here a script that stands in for docker. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Argument, ContainerComponent } from "../../compiler/ir/types.ts";
import { commandLine, findEngine } from "../../runtime/local/containers.ts";
import { runLocally } from "../../runtime/local/run.ts";
import { type Inputs, makeExecutorInput } from "../../runtime/protocols/local.ts";
import { dataset, document, e, integer, makeProject, pipeline, span, string, task } from "./project.ts";

const text = (...parts: (Argument & { kind: "text" })["parts"]): Argument => ({ kind: "text", parts });

const etl: ContainerComponent = {
  kind: "container",
  id: "etl",
  name: "etl",
  inputs: {
    query: { type: string, optional: false, span },
    limit: { type: integer, optional: true, span },
    cfg: { type: { kind: "struct", properties: {}, additional: { kind: "json" } }, optional: true, span },
    data: { type: dataset, optional: true, span },
  },
  outputs: { rows: { type: dataset, span }, count: { type: integer, span } },
  options: { image: "example.com/etl:1", env: { LITERAL: { kind: "literal", value: "lit" }, TOKEN: { kind: "secret", name: "s", key: "k" } } },
  command: [text("sh"), text("-c"), text('printf "%s|" "$@" > "$OUT_ROWS"; printf 7 > "$COUNT"; echo "$MODE $LITERAL"'), text("etl")],
  args: [
    text("--sql=", { placeholder: "inputValue", name: "query" }),
    { kind: "ifPresent", input: "limit", then: [text("--limit"), text({ placeholder: "inputValue", name: "limit" })], otherwise: [text("--all")] },
    { kind: "ifPresent", input: "cfg", then: [text({ placeholder: "inputValue", name: "cfg" })], otherwise: [] },
    { kind: "ifPresent", input: "data", then: [text({ placeholder: "inputPath", name: "data" }), text({ placeholder: "inputUri", name: "data" })], otherwise: [] },
    text({ placeholder: "outputPath", name: "rows" }),
    text({ placeholder: "outputFile", name: "count" }),
  ],
  env: { MODE: "test" },
  span,
};

test("placeholders become values, paths and files; optional arguments are there only with their input", () => {
  const words = (inputs: Inputs) => commandLine({ component: etl, inputs, executorInput: makeExecutorInput(etl, inputs, "/run/tasks/etl"), context: (name) => name }).slice(4);
  assert.equal(words({ query: "select '{{x}}'" }), ["--sql=select '{{x}}'", "--all", "/run/tasks/etl/artifacts/rows", "/run/tasks/etl/outputs/count"]);
  assert.equal(words({ query: "q", limit: 5, cfg: { a: [1] }, data: { name: "d", uri: "s3://b/k", path: "/s3/b/k", metadata: {} } }), [
    "--sql=q", "--limit", "5", '{"a":[1]}', "/s3/b/k", "s3://b/k", "/run/tasks/etl/artifacts/rows", "/run/tasks/etl/outputs/count",
  ]);
});

test("concat is one argument; metadata, whole artifacts and the run have their text", () => {
  const component: ContainerComponent = {
    ...etl,
    inputs: { ...etl.inputs, tables: { type: { kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: true }, optional: false, span } },
    command: [],
    args: [
      { kind: "concat", items: [text("--q="), text({ placeholder: "inputValue", name: "query" }), { kind: "ifPresent", input: "limit", then: [text("-"), text({ placeholder: "inputValue", name: "limit" })], otherwise: [] }] },
      { kind: "ifPresent", input: "limit", then: [{ kind: "concat", items: [text("a"), text("b")] }], otherwise: [text("none")], single: true },
      text({ placeholder: "inputMetadata", name: "data" }),
      text("k=", { placeholder: "inputMetadata", name: "data", key: "k" }, ",", { placeholder: "inputMetadata", name: "data", key: "n" }),
      text({ placeholder: "outputMetadata", name: "rows" }),
      text({ placeholder: "inputArtifact", name: "tables" }),
      text({ placeholder: "inputArtifact", name: "data" }),
      text({ placeholder: "context", name: "runName" }),
    ],
  };
  const table = (name: string) => ({ name, uri: `/t/${name}`, path: `/t/${name}`, metadata: { k: "v", n: 1.5 } });
  const shown = (name: string) => `{"name":"${name}","uri":"/t/${name}","type":{"schemaTitle":"system.Dataset","schemaVersion":"0.0.1"},"metadata":{"k":"v","n":1.5}}`;
  const words = (limit: object) => {
    const inputs = { query: "q", data: table("d"), tables: [table("a"), table("b")], ...limit };
    return commandLine({ component, inputs, executorInput: makeExecutorInput(component, inputs, "/run"), context: (name) => `<${name}>` });
  };
  assert.equal(words({ limit: 5 }), ["--q=q-5", "ab", '{"k":"v","n":1.5}', "k=v,1.5", "{}", `[${shown("a")},${shown("b")}]`, shown("d"), "<runName>"]);
  assert.equal(words({}).slice(0, 2), ["--q=q", "none"]);
});

test("a container knows its run and its task, and its artifacts have their metadata from the start", async () => {
  const script = text('printf "%s|" "$@" > "$0"; printf 1 > "$6"; echo there > "$3/file"');
  const part = (name: "runName" | "taskName" | "workspacePath" | "createTime"): Argument => text({ placeholder: "context", name });
  const component: ContainerComponent = {
    ...etl,
    inputs: {},
    outputs: { ...etl.outputs, rows: { type: dataset, metadata: { source: "it's", n: 2 }, span } },
    command: [text("sh"), text("-c"), script, text({ placeholder: "outputPath", name: "rows" })],
    args: [part("runName"), part("taskName"), part("workspacePath"), part("createTime"), text({ placeholder: "outputMetadata", name: "rows", key: "source" }), text({ placeholder: "outputFile", name: "count" })],
  };
  const root = makeProject({});
  const main = pipeline("main", [task("etl", "etl", {})], { rows: e.output("etl", "rows") });
  const result = await runLocally({
    document: document([component], [main]), pipeline: main, root, parameters: {}, jobs: 1, containersOnHost: true, environment: process.env,
    now: () => new Date(0), observer: { task: () => undefined }, signal: new AbortController().signal,
  });
  if (result.kind !== "ended") throw new Error(JSON.stringify(result));
  const { store, outputs } = result;
  const rows = outputs["rows"] as { path: string; metadata: object };
  assert.equal(rows.metadata, { source: "it's", n: 2 });
  const workspace = join(store.folder, "workspace");
  assert.is(readFileSync(rows.path, "utf8"), `${store.id}|etl|${workspace}|1970-01-01T00:00:00.000Z|it's|${join(store.taskFolder("etl"), "attempts/1/outputs/count")}|`);
  assert.is(readFileSync(join(workspace, "file"), "utf8"), "there\n");
});

test("the engine gets image, entrypoint, variables and mounts, and what the container wrote is read back", async () => {
  // Like docker, it takes the options of `run`, then the image, then the arguments; it runs them here.
  const docker = `#!/bin/sh
echo "$*" >> "$DOCKER_LOG"
[ "$1" = run ] || exit 0
shift
while [ $# -gt 0 ]; do
  case "$1" in
    --rm|--init) shift ;;
    --entrypoint) entrypoint="$2"; shift 2 ;;
    --env) export "$2"; shift 2 ;;
    --*) shift 2 ;;
    *) break ;;
  esac
done
shift
exec "$entrypoint" "$@"
`;
  const root = makeProject({ "bin/docker": docker, "data.csv": "x" });
  chmodSync(join(root, "bin/docker"), 0o755);
  const component = { ...etl, command: [text("sh"), text("-c"), text('printf "%s|" "$1" "$2" "$4" > "$5"; printf 7 > "$6"; echo "$MODE $LITERAL"'), text("etl")] };
  const importer = { kind: "importer" as const, id: "importer", name: "importer", inputs: { uri: { type: string, optional: false, span } }, outputs: { artifact: { type: dataset, span } }, reimport: false, metadata: {}, downloadToWorkspace: false, span };
  const main = pipeline("main", [
    task("importer", "importer", { uri: e.constant("data.csv") }),
    task("etl", "etl", { query: e.constant("q"), data: e.output("importer", "artifact") }),
    task("newer", "etl", { query: e.constant("q"), data: e.output("importer", "artifact") }, { after: ["etl"], options: { image: { expression: e.template(e.constant("example.com/etl:"), e.input("tag")) } } }),
  ], { count: e.output("etl", "count"), rows: e.output("etl", "rows") }, { inputs: { tag: { type: string } } });
  const path = process.env["PATH"];
  process.env["PATH"] = `${join(root, "bin")}:${path}`;
  try {
    const log = join(root, "docker.log");
    process.env["DOCKER_LOG"] = log;
    const result = await runLocally({
      document: document([component, importer], [main]), pipeline: main, root, parameters: { tag: "2-rc" }, jobs: 1, containersOnHost: false, environment: process.env,
      now: () => new Date(), observer: { task: () => undefined }, signal: new AbortController().signal,
    });
    if (result.kind !== "ended") throw new Error(JSON.stringify(result));
    const { store, outputs } = result;
    const folder = join(store.taskFolder("etl"), "attempts/1");
    assert.is(outputs["count"], 7, readFileSync(store.logFile("etl"), "utf8"));
    assert.is(readFileSync((outputs["rows"] as { path: string }).path, "utf8"), `--sql=q|--all|${join(root, "data.csv")}|`);
    assert.is(readFileSync(store.logFile("etl"), "utf8"), "test lit\n");
    const [call = "", newer = ""] = readFileSync(log, "utf8").split("\n").filter((line) => line.startsWith("run "));
    assert.match(newer, "--entrypoint sh example.com/etl:2-rc -c ");
    for (const part of [`--volume ${folder}:${folder}`, `--volume ${join(root, "data.csv")}:${join(root, "data.csv")}:ro`, "--env LITERAL=lit --env MODE=test", "--entrypoint sh example.com/etl:1 -c "]) assert.match(call, part);
  } finally {
    process.env["PATH"] = path;
    delete process.env["DOCKER_LOG"];
  }
});

test("what a program reads and writes at fixed places goes in by mounts and comes out by copies", async () => {
  // A container whose file system is the folder $ROOTFS: mounts are links in it, and so is what is copied out.
  const docker = `#!/bin/sh
echo "$*" >> "$ROOTFS/docker.log"
case "$1" in
  cp) exec cp -r "$ROOTFS\${2#*:}" "$3" ;;
  run) ;;
  *) exit 0 ;;
esac
shift
while [ $# -gt 0 ]; do
  case "$1" in
    --init) shift ;;
    --volume) from="\${2%%:*}"; to="\${2#*:}"; to="\${to%:ro}"; if [ "$from" != "$to" ]; then mkdir -p "$ROOTFS$(dirname "$to")"; ln -s "$from" "$ROOTFS$to"; fi; shift 2 ;;
    --entrypoint) entrypoint="$2"; shift 2 ;;
    --*) shift 2 ;;
    *) break ;;
  esac
done
shift
cd "$ROOTFS"
exec "$entrypoint" "$@"
`;
  const root = makeProject({ "bin/docker": docker, "data.csv": "a,b", "rootfs/out/.keep": "" });
  chmodSync(join(root, "bin/docker"), 0o755);
  const component: ContainerComponent = {
    ...etl,
    inputs: { data: { type: dataset, optional: false, span } },
    outputs: { rows: { type: dataset, span }, count: { type: integer, span }, note: { type: string, span }, size: { type: string, span } },
    command: [text("sh"), text("-c")],
    args: [text("cp .", { placeholder: "inputPath", name: "data" }, " .", { placeholder: "outputPath", name: "rows" }, "; echo 3 > .", { placeholder: "outputFile", name: "count" }, "; echo done; echo large > out/size")],
    files: { data: "/in/table.csv", rows: "/out/rows.csv", count: "/out/count", note: "/out/note", size: "/out/size" },
    defaults: { note: "nothing" },
  };
  const importer = { kind: "importer" as const, id: "importer", name: "importer", inputs: { uri: { type: string, optional: false, span } }, outputs: { artifact: { type: dataset, span } }, reimport: false, metadata: {}, downloadToWorkspace: false, span };
  const outputs = Object.fromEntries(["rows", "count", "note", "size"].map((name) => [name, e.output("etl", name)]));
  const main = pipeline("main", [task("importer", "importer", { uri: e.constant("data.csv") }), task("etl", "etl", { data: e.output("importer", "artifact") })], outputs);
  const path = process.env["PATH"];
  Object.assign(process.env, { PATH: `${join(root, "bin")}:${path}`, ROOTFS: join(root, "rootfs") });
  try {
    const result = await runLocally({
      document: document([component, importer], [main]), pipeline: main, root, parameters: {}, jobs: 1, containersOnHost: false, environment: process.env,
      now: () => new Date(), observer: { task: () => undefined }, signal: new AbortController().signal,
    });
    if (result.kind !== "ended") throw new Error(JSON.stringify(result));
    const log = readFileSync(result.store.logFile("etl"), "utf8");
    assert.is(result.state, "succeeded", log);
    const { rows, ...values } = result.outputs as { rows: { path: string } };
    assert.equal(values, { count: 3, note: "nothing", size: "large" });
    assert.is(readFileSync(rows.path, "utf8"), "a,b");
    const calls = readFileSync(join(root, "rootfs/docker.log"), "utf8").split("\n");
    const [started = "", ...later] = calls.filter((line) => /^(run|cp|rm) /.test(line));
    assert.ok(!started.includes("--rm"), "the container stays until its files are out");
    assert.match(started, `--volume ${join(root, "data.csv")}:/in/table.csv:ro`);
    assert.match(later.at(-1) ?? "", /^rm --force hmc-/);
  } finally {
    process.env["PATH"] = path;
    delete process.env["ROOTFS"];
  }
});

test("a stopped container is stopped by its engine, with the time that every task has; a killed one at once", async () => {
  // What the signals to its client do not reach: the container ends only when the engine is asked to stop it.
  const docker = `#!/bin/sh
echo "$*" >> "$ENGINE/docker.log"
case "$1" in
  run) trap "" TERM; while [ ! -e "$ENGINE/stopped" ]; do sleep 0.05; done; exit 143 ;;
  stop) sleep 0.7; touch "$ENGINE/stopped" ;;
  kill) touch "$ENGINE/stopped" ;;
esac
`;
  const main = pipeline("main", [task("etl", "etl", { query: e.constant("q") })]);
  const path = process.env["PATH"];
  try {
    for (const [asked, kills] of [[/^stop -t 2 hmc-.*-main-etl-1$/, false], [/^kill hmc-.*-main-etl-1$/, true]] as const) {
      const root = makeProject({ "bin/docker": docker });
      chmodSync(join(root, "bin/docker"), 0o755);
      Object.assign(process.env, { PATH: `${join(root, "bin")}:${path}`, ENGINE: root });
      const [stop, kill] = [new AbortController(), new AbortController()];
      const result = await runLocally({
        document: document([{ ...etl, inputs: { query: { type: string, optional: false, span } } }], [main]), pipeline: main, root, parameters: {}, jobs: 1, containersOnHost: false, environment: process.env,
        now: () => new Date(), observer: { task: () => undefined }, signal: stop.signal, kill: kill.signal,
        onEvent: (event) => {
          if (event.kind !== "taskStarted") return;
          setTimeout(() => stop.abort(), 150);
          if (kills) setTimeout(() => kill.abort(), 160);
        },
      });
      assert.is(result.kind === "ended" ? result.state : "", "stopped");
      const patience = Date.now() + 5000;
      while (!existsSync(join(root, "stopped")) && Date.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(readFileSync(join(root, "docker.log"), "utf8").split("\n").some((line) => asked.test(line)), readFileSync(join(root, "docker.log"), "utf8"));
    }
  } finally {
    process.env["PATH"] = path;
    delete process.env["ENGINE"];
  }
});

/** An image that the engine has or can get; undefined where there is none. */
function realImage(): { engine: string; image: string } | undefined {
  const engine = findEngine();
  const image = "docker.io/library/busybox:1.37";
  if (engine === undefined || engine === "host") return undefined;
  return spawnSync(engine, ["pull", "--quiet", image], { stdio: "ignore", timeout: 60_000 }).status === 0 ? { engine, image } : undefined;
}

const real = realImage();
if (real === undefined) console.log("SKIP  containers in a real engine: neither docker nor podman answers and gives busybox");

test("a real engine runs the command in its image: inputs are there, outputs come back, a timeout ends it", async () => {
  if (real === undefined) return;
  const root = makeProject({ "data.csv": "a,b\n" });
  const importer = { kind: "importer" as const, id: "importer", name: "importer", inputs: { uri: { type: string, optional: false, span } }, outputs: { artifact: { type: dataset, span } }, reimport: false, metadata: {}, downloadToWorkspace: false, span };
  const component: ContainerComponent = {
    ...etl, options: { image: real.image }, inputs: { data: { type: dataset, optional: false, span } },
    command: [text("sh"), text("-c")],
    args: [text('cat "$0" > "$1"; cat /etc/hostname > /dev/null; printf 3 > "$2"'), text({ placeholder: "inputPath", name: "data" }), text({ placeholder: "outputPath", name: "rows" }), text({ placeholder: "outputFile", name: "count" })],
  };
  const slow: ContainerComponent = { ...component, id: "slow", inputs: {}, outputs: {}, command: [text("sleep")], args: [text("60")], options: { image: real.image, timeoutSeconds: 2 } };
  const main = pipeline("main", [task("importer", "importer", { uri: e.constant("data.csv") }), task("etl", "etl", { data: e.output("importer", "artifact") }), task("slow", "slow")], { rows: e.output("etl", "rows"), count: e.output("etl", "count") });
  const result = await runLocally({
    document: document([component, importer, slow], [main]), pipeline: main, root, parameters: {}, jobs: 2, containersOnHost: false, environment: process.env,
    now: () => new Date(), observer: { task: () => undefined }, signal: new AbortController().signal,
  });
  if (result.kind !== "ended") throw new Error(JSON.stringify(result.diagnostics));
  assert.equal(result.failures.map(({ task: key, reason }) => [key, reason]), [["slow", "it ran longer than its timeout of 2 s."]], readFileSync(result.store.logFile("etl"), "utf8"));
  const manifest = result.store.readTask("etl");
  assert.is(manifest?.outputs?.["count"], 3);
  assert.is(readFileSync(join(result.store.artifactsFolder("etl"), "rows"), "utf8"), "a,b\n");
});

test.run();
