/** `hmc run --store`: two projects that share a folder, as two machines share a bucket. Buckets of servers are in test/conformance/shared-runs.ts. */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunManifest, TaskManifest } from "../../runtime/local/manifest.ts";
import type { Artifact } from "../../runtime/protocols/kfp.ts";
import { root as repository } from "../folders.ts";
import { folderWith, hmc, type Outcome } from "./hmc.ts";
import { twoTasks } from "./two-tasks.ts";

/** A machine: a project of its own, with the same source. */
class Machine {
  readonly root = folderWith({ "package.json": "{}", "pipeline.ts": twoTasks });

  hmc(args: readonly string[], env: Record<string, string> = {}): Outcome {
    const [command = ""] = args;
    return hmc(command === "op" ? args : [...args, "--pipeline", "main"], { cwd: this.root, env: { HMC_STORE: "", ...env } });
  }

  /** The ops that ran since it was asked last. */
  starts(): string[] {
    const file = join(this.root, "starts.txt");
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    rmSync(file, { force: true });
    return text.split("\n").filter((line) => line !== "");
  }

  folder(): string {
    const runs = join(this.root, ".hmc/runs");
    return join(runs, readdirSync(runs).sort((a, b) => this.#started(join(runs, a)).localeCompare(this.#started(join(runs, b)))).at(-1) ?? "");
  }

  manifest(): RunManifest {
    return JSON.parse(readFileSync(join(this.folder(), "run.json"), "utf8")) as RunManifest;
  }

  artifact(task: string, name: string): Artifact {
    const { outputs } = JSON.parse(readFileSync(join(this.folder(), "tasks", task, "manifest.json"), "utf8")) as TaskManifest;
    return outputs?.[name] as Artifact;
  }

  events(): string {
    return readFileSync(join(this.folder(), "events.jsonl"), "utf8");
  }

  #started(run: string): string {
    return (JSON.parse(readFileSync(join(run, "run.json"), "utf8")) as RunManifest).startedAt;
  }
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

test("what one machine has done, another one takes: values, files, folders, and the URI of the store", () => {
  const shared = join(folderWith({}), "shared store");
  const first = new Machine();
  const ran = first.hmc(["run", "--store", shared]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(first.starts(), ["make", "size"]);
  assert.is(first.manifest().store, pathToFileURL(shared).href);
  const made = first.artifact("make", "table");
  assert.ok(made.uri.startsWith(`${pathToFileURL(shared).href}/sha256/`), made.uri);
  assert.is(made.path, join(first.folder(), "tasks/make/artifacts/table"));
  // The folder with its listing, its two files, and the results of two tasks.
  assert.equal([files(join(shared, "sha256")).length, files(join(shared, "cache")).length], [3, 2]);
  assert.not.match(files(join(shared, "cache")).map((file) => readFileSync(file, "utf8")).join(""), first.root);

  const second = new Machine();
  const planned = second.hmc(["plan", "--store", shared]);
  assert.equal([...planned.stdout.matchAll(/^hit\b/gm)].length, 2, planned.stdout);
  assert.equal([...second.hmc(["plan"]).stdout.matchAll(/^hit\b/gm)].length, 0);
  const again = second.hmc(["run"], { HMC_STORE: shared });
  assert.is(again.code, 0, again.stderr);
  assert.equal(second.starts(), []);
  assert.is(again.stdout, ran.stdout);
  assert.equal(second.manifest().tasks.map(({ origin }) => origin), ["cache", "cache"]);
  const taken = second.artifact("make", "table");
  assert.equal([taken.uri, taken.content], [made.uri, made.content]);
  assert.is(readFileSync(join(taken.path, "parts/a.csv"), "utf8"), "xxx");
  assert.is(statSync(join(taken.path, "run.sh")).mode & 0o777, 0o755);
});

test("what this machine has lost comes from the store, also while a run goes on", () => {
  const shared = folderWith({});
  const machine = new Machine();
  writeFileSync(join(machine.root, "broken"), "");
  assert.is(machine.hmc(["run", "--store", shared]).code, 1);
  assert.equal(machine.starts(), ["make", "size"]);
  rmSync(join(machine.root, "broken"));
  rmSync(join(machine.root, ".hmc/store"), { recursive: true });
  rmSync(join(machine.folder(), "tasks/make/artifacts"), { recursive: true });
  const resumed = machine.hmc(["run", "--resume", "last"]);
  assert.is(resumed.code, 0, resumed.stderr);
  assert.equal(machine.starts(), ["size"]);
  assert.equal(machine.manifest().tasks.map(({ origin }) => origin), ["kept", "ran"]);
});

test("an object of the store with other bytes is found, and the task runs", () => {
  const shared = folderWith({});
  const first = new Machine();
  first.hmc(["run", "--store", shared]);
  for (const file of files(join(shared, "sha256"))) {
    const text = readFileSync(file, "utf8");
    if (text === "xxx") writeFileSync(file, "xxy");
  }
  const second = new Machine();
  const ran = second.hmc(["run", "--store", shared]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(second.starts(), ["make"]);
  assert.match(second.events(), '"HMC6021"');
});

test("outputs that cannot be shared fail the task, are not lost, and are shared when the run goes on", () => {
  const shared = folderWith({ sha256: "in the way" });
  const machine = new Machine();
  const failed = machine.hmc(["run", "--store", shared]);
  assert.is(failed.code, 1);
  assert.match(failed.stderr, /The task "make" failed: its outputs cannot be put into the store: .*They are kept on this machine/);
  assert.equal(machine.starts(), ["make"]);
  rmSync(join(shared, "sha256"));
  const resumed = machine.hmc(["run", "--resume", "last"]);
  assert.is(resumed.code, 0, resumed.stderr);
  assert.equal(machine.starts(), ["size"]);
  assert.is(files(join(shared, "sha256")).length, 3);
});

test("results that cannot be read or shared cost work, but end no run: HMC6083, once", () => {
  const shared = folderWith({ cache: "in the way" });
  const machine = new Machine();
  const ran = machine.hmc(["run", "--store", shared]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(machine.starts(), ["make", "size"]);
  assert.is([...machine.events().matchAll(/"HMC6083"/g)].length, 1);
});

test("one op alone shares nothing", () => {
  const shared = join(folderWith({}), "never");
  const machine = new Machine();
  assert.is(machine.hmc(["op", "pipeline.ts", "make", "-p", "rows=2"], { HMC_STORE: shared }).code, 0);
  assert.not.ok(existsSync(shared));
});

test("what names no store is an error before anything starts, without what may be a secret: HMC6080", () => {
  const machine = new Machine();
  for (const [uri, problem] of [["ftp://host/x", 'has the scheme "ftp"'], ["s3://", "names no bucket"], ["s3://key:hush@bucket/x", "credentials"]] as const) {
    const { code, stderr } = machine.hmc(["run", "--store", uri]);
    assert.is(code, 1);
    assert.match(stderr, "HMC6080");
    assert.match(stderr, problem);
    assert.not.match(stderr, "hush");
    assert.not.ok(existsSync(join(machine.root, ".hmc/runs")));
  }
  assert.match(machine.hmc(["plan"], { HMC_STORE: "ftp://host" }).stderr, 'HMC6080: What "HMC_STORE" names is no object store');
});

test("a store that does not answer is an error before anything starts: HMC6082", () => {
  const machine = new Machine();
  const { code, stderr } = machine.hmc(["run", "--store", "s3://bucket/x"], { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9", AWS_ACCESS_KEY_ID: "hush-id", AWS_SECRET_ACCESS_KEY: "hush-key" });
  assert.is(code, 1);
  assert.match(stderr, 'HMC6082: The object store of "--store s3://bucket/x" cannot be used: the service of "s3://bucket/x" does not answer (ECONNREFUSED)');
  assert.not.match(stderr, "hush");
  assert.not.ok(existsSync(join(machine.root, ".hmc/runs")));
  if (process.getuid?.() !== 0) {
    const closed = folderWith({});
    chmodSync(closed, 0);
    assert.match(machine.hmc(["run", "--store", closed]).stderr, "these credentials may not use");
    chmodSync(closed, 0o755);
  }
});

test("where hmc is installed without the optional packages, it says what to install: HMC6081", () => {
  const app = folderWith({ "package.json": "{}", "pipeline.ts": twoTasks, "node_modules/hmc/package.json": readFileSync(join(repository, "package.json")) });
  cpSync(join(repository, "dist"), join(app, "node_modules/hmc/dist"), { recursive: true });
  mkdirSync(join(app, "node_modules/hmc/schemas"));
  for (const [uri, install] of [["s3://bucket/x", "npm install @aws-sdk/client-s3@3 @aws-sdk/lib-storage@3"], ["gs://bucket", "npm install @google-cloud/storage@7"]] as const) {
    const { code, stderr } = hmc(["run", "--pipeline", "main", "--store", uri], { cwd: app, launcher: join(app, "node_modules/hmc/dist/hmc.mjs") });
    assert.is(code, 1, stderr);
    assert.match(stderr, `HMC6081: "${uri}" needs a package that is not installed. Run "${install}" in the project.`);
  }
  const read = hmc(["run", "--pipeline", "reading", "-p", "table=s3://bucket/table.csv"], { cwd: app, launcher: join(app, "node_modules/hmc/dist/hmc.mjs") });
  assert.match(read.stderr, 'HMC6081: "s3://bucket" needs a package');
});

test.run();
