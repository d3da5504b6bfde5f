/** The same source gives the same bytes, wherever and whenever it is compiled; the cache of the launcher changes nothing. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { root } from "../folders.ts";
import { folderWith, hmc, launcher, smallPipeline } from "./hmc.ts";

const formats = [["--target", "kfp"], ["--target", "kfp", "--kfp-shape", "sdk"], ["--target", "ir"]];
const file = `${root}/fixtures/crashed/pipeline.ts`;
const reference = formats.map((format) => hmc(["compile", file, "-o", "-", ...format]).stdout);

test("from another working directory, in another time zone and locale", () => {
  const cwd = folderWith({ x: "" });
  for (const env of [{ TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }, { TZ: "America/St_Johns", LANG: "C", LC_ALL: "C" }]) {
    for (const [index, format] of formats.entries()) {
      const { code, stdout, stderr } = hmc(["compile", file, "-o", "-", ...format], { cwd, env });
      assert.is(code, 0, stderr);
      assert.ok(stdout.length > 1000);
      assert.is(stdout, reference[index], `${format.join(" ")} ${JSON.stringify(env)}`);
    }
  }
});

test("of a copy of the project in another folder", () => {
  const copies = ["one", "a much/deeper/folder with spaces and ü"].map((name) => {
    const folder = `${folderWith({ x: "" })}/${name}`;
    mkdirSync(folder, { recursive: true });
    cpSync(`${root}/fixtures/crashed`, `${folder}/crashed`, { recursive: true, filter: (path) => !path.includes(".hmc") });
    writeFileSync(`${folder}/package.json`, '{ "type": "module" }');
    return formats.map((format) => {
      const { code, stdout, stderr } = hmc(["compile", "crashed/pipeline.ts", "-o", "-", ...format], { cwd: folder });
      assert.is(code, 0, stderr);
      return stdout;
    });
  });
  assert.equal(copies[0], copies[1]);
});

test("without a cache, with one, with a damaged one, with one of other bytes, and without a place for it", () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const cache = `${cwd}/cache`;
  const compile = (HMC_CACHE_DIR = cache) => {
    const { code, stdout, stderr } = hmc(["compile", "pipeline.ts", "-o", "-"], { cwd, env: { HMC_CACHE_DIR } });
    assert.is(code, 0, stderr);
    return stdout;
  };
  const entries = () => readdirSync(cache).sort();
  const first = compile();
  assert.is(entries().length, 2, "one entry for each bundle");
  assert.is(compile(), first);
  const sound = entries().map((name) => readFileSync(`${cache}/${name}`));
  for (const damage of [(data: Buffer) => data.subarray(0, data.length / 2), (data: Buffer) => Buffer.from(data.map((byte, at) => (at > 1000 ? byte ^ 0x55 : byte))), () => Buffer.alloc(0), () => Buffer.from("no cache")]) {
    for (const [index, name] of entries().entries()) writeFileSync(`${cache}/${name}`, damage(sound[index] ?? Buffer.alloc(0)));
    assert.is(compile(), first);
    assert.is(compile(), first);
  }
  assert.is(compile(""), first, "no cache at all");
  assert.is(compile(`${cwd}/pipeline.ts/cache`), first, "a folder that cannot be made");
});

test("several processes that make the cache at the same time leave a sound one", async () => {
  const cwd = folderWith({ "pipeline.ts": smallPipeline });
  const cache = `${cwd}/cache`;
  const env = { ...process.env, HMC_CACHE_DIR: cache };
  const codes = await Promise.all([1, 2, 3].map(() => new Promise((end) => spawn(process.execPath, [launcher, "compile", "pipeline.ts", "-o", "-"], { cwd, env, stdio: "ignore" }).on("close", end))));
  assert.equal(codes, [0, 0, 0]);
  assert.is(readdirSync(cache).filter((name) => name.endsWith(".tmp")).length, 0);
  const { status } = spawnSync(process.execPath, [launcher, "compile", "pipeline.ts", "-o", "-"], { cwd, env });
  assert.is(status, 0);
});

test.run();
