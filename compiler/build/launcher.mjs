#!/usr/bin/env node
/**
 * Starts hmc: loads the bundles of `dist/cli` with a code cache of our own.
 *
 * Node's compile cache stores a script right after it is compiled, before any function inside has been; ours is made
 * after a run, with every function that the run used, which halves the time to start. It lies in `node_modules/.cache/hmc`
 * or in the user's cache folder, for this version of Node and these bundles only. A cache that is missing, damaged or refused by V8 is
 * ignored and made anew.
 */
import { mkdirSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/**
 * V8 optimises a function after it has run for a while. In a process of a second most of that work pays for nothing: a third of its time.
 * Functions must run nine times as long before it begins. The flags belong to the versions of V8 that come with Node 20, 22 and 24;
 * they must be set before the caches are read, for V8 refuses a cache that was made with other flags.
 */
const patience = { 11.3: "--interrupt-budget=600000", 12.4: "--invocation-count-for-turbofan=27000", 13.6: "--invocation-count-for-turbofan=27000" }[process.versions.v8.match(/^\d+\.\d+/)?.[0]];
if (patience !== undefined) setFlagsFromString(patience);

/** Replaced by the build: the digest of each bundle. */
const digests = JSON.parse("__DIGESTS__");

const dist = dirname(fileURLToPath(import.meta.url));
const nodeRequire = createRequire(import.meta.url);
const command = process.argv[2]?.match(/^[a-z]+$/)?.[0] ?? "none";
const loaded = new Map();

/** The exports of a bundle of `dist/cli`. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const filename = join(dist, "cli", `${name}.cjs`);
  // The bundles are ASCII, which Latin-1 decodes fastest.
  const source = `(function (exports, require, module, __filename, __dirname, __bundleUrl, __bundleImport) {${readFileSync(filename, "latin1")}\n})`;
  const cacheName = `${name}${name === "main" ? `-${command}` : ""}-${digests[name]}-${process.version}-${process.arch}.cache`;
  const cachedData = readCache(cacheName);
  const script = new Script(source, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
  const stale = cachedData === undefined || script.cachedDataRejected === true;
  const module = { exports: {} };
  loaded.set(name, { module, script, cacheName, stale });
  const require = Object.assign((specifier) => (specifier in digests ? load(specifier) : nodeRequire(specifier)), { resolve: nodeRequire.resolve, cache: nodeRequire.cache });
  script.runInThisContext()(module.exports, require, module, filename, dirname(filename), pathToFileURL(filename).href, (url) => import(url));
  return module.exports;
}

/** Folders for the cache, best first. */
function* cacheFolders() {
  if (process.env.HMC_CACHE_DIR !== undefined) {
    if (process.env.HMC_CACHE_DIR !== "") yield process.env.HMC_CACHE_DIR;
    return;
  }
  const parent = dirname(dirname(dist));
  yield join(parent.endsWith("node_modules") ? parent : join(dirname(dist), "node_modules"), ".cache", "hmc");
  yield join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "hmc");
}

/** Code from a cache runs as ours: only a folder that belongs to this user will do. */
function isOurs(folder) {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0));
}

/** The data of a cache: a CRC-32 in the first four bytes, then what V8 made. V8 itself checks only the header. */
function readCache(name) {
  for (const folder of cacheFolders()) {
    try {
      if (!isOurs(folder)) continue;
      const content = readFileSync(join(folder, name));
      if (content.length > 4 && content.readUInt32LE(0) === crc32(content.subarray(4))) return content.subarray(4);
    } catch {
      // No cache here: the next folder, or none.
    }
  }
  return undefined;
}

function writeCache(name, data) {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(crc32(data));
  for (const folder of cacheFolders()) {
    const temporary = join(folder, `${name}.${process.pid}.tmp`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!isOurs(folder)) continue;
      writeFileSync(temporary, Buffer.concat([head, data]));
      renameSync(temporary, join(folder, name));
      return;
    } catch {
      // A folder that cannot be written: the next one, or no cache.
      try {
        rmSync(temporary, { force: true });
      } catch {
        // Nothing was written.
      }
    }
  }
}

/** Stores what V8 has compiled, with the functions that this run has used. */
function saveCaches() {
  for (const { script, cacheName, stale } of loaded.values()) if (stale) writeCache(cacheName, script.createCachedData());
}

process.exitCode = await load("main").main(process.argv.slice(2));
saveCaches();
