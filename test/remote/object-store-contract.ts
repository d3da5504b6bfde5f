/** What every object store does. The same list runs over each adapter: over a folder by `npm test`, over servers by the conformance checks. */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { ObjectStoreError, type ObjectStore, type StoreProblem } from "../../runtime/remote/object-store.ts";
import type { FaultProxy } from "./fault-proxy.ts";

export interface ContractPlace {
  kind: "folder" | "s3" | "gs";
  /** An empty store. */
  store: ObjectStore;
  /** A folder for files of this case alone. */
  work: string;
  /** Opens a store by its URI, as `store` was. */
  open(uri: string): Promise<ObjectStore>;
  /** What stands between a client and its server; missing for a folder. */
  faults?: FaultProxy;
}

export interface ContractCase {
  name: string;
  /** Only where there is a server. */
  needsServer?: true;
  run(place: ContractPlace): Promise<void>;
}

const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const text = (content: string): { bytes: Uint8Array } => ({ bytes: Buffer.from(content) });

/** The error of a call, which must fail. */
async function failure(act: Promise<unknown>): Promise<ObjectStoreError> {
  const error: unknown = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ObjectStoreError)) throw new Error(`no ObjectStoreError, but ${String(error)}`);
  return error;
}

async function expectProblem(act: Promise<unknown>, ...problems: StoreProblem[]): Promise<void> {
  const { problem, message } = await failure(act);
  assert.ok(problems.includes(problem), `${problem} (${message}), not ${problems.join(" or ")}`);
}

async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

/** A file of so many bytes that nothing can make small, and its hash. */
async function largeFile(path: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "w");
  const piece = 1 << 20;
  for (let written = 0; written < bytes; written += piece) {
    const chunk = randomBytes(Math.min(piece, bytes - written));
    hash.update(chunk);
    await file.write(chunk);
  }
  await file.close();
  return hash.digest("hex");
}

/** What a store gives under a key, from a file. */
async function content(store: ObjectStore, key: string, work: string): Promise<string> {
  const path = join(work, "content");
  await store.get(key, path);
  return readFileSync(path, "utf8");
}

const strangeKeys = ["a b/c d.txt", "plus+plus", "50%/100%25", "ünïcödé/日本語/🙂.csv", "q?x=1&y=2#z", "a'b\"c", "semi;colon,comma", "~tilde!(x)*", "back\\slash", "dots.../.hidden", "=/@:$"];

export const contract: readonly ContractCase[] = [
  {
    name: "what is put is there: head, exists, get, read, list, delete",
    run: async ({ store, work }) => {
      await store.put("a/one.txt", text("one"));
      const head = await store.head("a/one.txt");
      assert.equal([head?.key, head?.bytes], ["a/one.txt", 3]);
      assert.ok(head?.version !== "");
      assert.equal([await store.exists("a/one.txt"), await store.exists("a/two.txt"), await store.exists("a")], [true, false, false]);
      const path = join(work, "new/folder/one.txt");
      assert.equal(await store.get("a/one.txt", path), { sha256: sha256("one"), bytes: 3 });
      assert.is(readFileSync(path, "utf8"), "one");
      assert.is((await store.read("a/one.txt"))?.toString(), "one");
      assert.is(await store.read("a/two.txt"), undefined);
      assert.is(await store.head("a/two.txt"), undefined);
      assert.equal(await keys(store, ""), ["a/one.txt"]);
      await store.delete("a/one.txt");
      await store.delete("a/one.txt");
      assert.equal(await keys(store, ""), []);
    },
  },
  {
    name: "an object is put in place of another, and its version changes",
    run: async ({ store, work }) => {
      await store.put("k", text("first"));
      const before = await store.head("k");
      await store.put("k", text("second"));
      const after = await store.head("k");
      assert.is(await content(store, "k", work), "second");
      assert.is.not(after?.version, before?.version);
      assert.is((await store.head("k"))?.version, after?.version);
    },
  },
  {
    name: "files, bytes and streams, empty ones too",
    run: async ({ store, work }) => {
      const file = join(work, "file");
      for (const [name, given] of [["empty", ""], ["small", "some text"]] as const) {
        writeFileSync(file, given);
        await store.put(`${name}/file`, { file }, { sha256: sha256(given) });
        await store.put(`${name}/bytes`, text(given), { sha256: sha256(given) });
        await store.put(`${name}/stream`, { stream: Readable.from(given === "" ? [] : [Buffer.from(given.slice(0, 3)), Buffer.from(given.slice(3))]) }, { sha256: sha256(given) });
        for (const key of ["file", "bytes", "stream"]) {
          assert.is(await content(store, `${name}/${key}`, work), given, `${name}/${key}`);
          assert.is((await store.head(`${name}/${key}`))?.bytes, given.length);
        }
      }
    },
  },
  {
    name: "keys of any text keep it",
    run: async ({ store, work }) => {
      for (const key of strangeKeys) await store.put(key, text(key));
      for (const key of strangeKeys) assert.is(await content(store, key, work), key);
      const bytewise = [...strangeKeys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.equal((await keys(store, "")).sort(), [...bytewise].sort());
      assert.equal(await keys(store, "a"), bytewise.filter((key) => key.startsWith("a")));
      for (const key of strangeKeys) await store.delete(key);
      assert.equal(await keys(store, ""), []);
    },
  },
  {
    name: "keys that are none are refused before anything is sent",
    run: async ({ store, work, faults }) => {
      faults?.seen();
      for (const key of ["", ".", "..", "a/../b", "/a", "a/", "a//b", "nul\0", "x".repeat(1025)]) {
        await expectProblem(store.put(key, text("x")), "badKey");
        await expectProblem(store.get(key, join(work, "x")), "badKey");
      }
      assert.equal(faults?.seen() ?? [], []);
    },
  },
  {
    name: "a list of 1,050 keys comes whole and in order, page by page",
    run: async ({ store }) => {
      const all = Array.from({ length: 1050 }, (_, index) => `many/${String(index).padStart(5, "0")}`);
      const waiting = [...all, "many-others/x", "man"];
      const worker = async (): Promise<void> => {
        for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await store.put(key, text(key));
      };
      await Promise.all(Array.from({ length: 16 }, worker));
      assert.equal(await keys(store, "many/"), all);
      assert.is((await keys(store, "many")).length, 1051);
      assert.equal(await keys(store, "many/0100"), Array.from({ length: 10 }, (_, index) => `many/0100${index}`));
      assert.equal(await keys(store, "nothing"), []);
      let first: string | undefined;
      for await (const { key } of store.list("many/")) {
        first = key;
        break;
      }
      assert.is(first, "many/00000");
    },
  },
  {
    name: "a store below a prefix sees its own objects, by short keys",
    run: async ({ store, open: openUri, work }) => {
      await store.put("team/a/x", text("x"));
      await store.put("team/b", text("b"));
      await store.put("teamwork", text("w"));
      const below = await openUri(`${store.root}/team/`);
      assert.equal(await keys(below, ""), ["a/x", "b"]);
      assert.is(await content(below, "a/x", work), "x");
      assert.is(below.uriOf("a/x"), store.uriOf("team/a/x"));
      await below.put("c", text("c"));
      assert.is(await content(store, "team/c", work), "c");
    },
  },
  {
    name: "what is not there: not found, and nothing is left at the path",
    run: async ({ store, work }) => {
      const path = join(work, "in/none");
      await expectProblem(store.get("none", path), "notFound");
      assert.equal(readdirSync(join(work, "in")), []);
      await store.check();
    },
  },
  {
    name: "what has another hash than was said is not stored",
    run: async ({ store, work }) => {
      await store.put("k", text("before"));
      await expectProblem(store.put("k", text("other"), { sha256: sha256("said") }), "damaged");
      assert.is(await content(store, "k", work), "before");
      const file = join(work, "large");
      await largeFile(file, 9 << 20);
      await expectProblem(store.put("large", { file }, { sha256: sha256("said") }), "damaged");
      await expectProblem(store.put("stream", { stream: createReadStream(file) }, { sha256: sha256("said") }), "damaged");
      assert.equal(await keys(store, ""), ["k"]);
    },
  },
  {
    name: "what has another hash than was expected never gets to its path",
    run: async ({ store, work }) => {
      await store.put("k", text("spoilt"));
      const path = join(work, "out/k");
      mkdirSync(join(work, "out"));
      writeFileSync(path, "before");
      await expectProblem(store.get("k", path, { sha256: sha256("whole") }), "damaged");
      assert.is(readFileSync(path, "utf8"), "before");
      assert.equal(readdirSync(join(work, "out")), ["k"]);
    },
  },
  {
    name: "many put the same content at once",
    run: async ({ store, work }) => {
      const file = join(work, "same");
      const hash = await largeFile(file, 9 << 20);
      await Promise.all(Array.from({ length: 6 }, () => store.put("same", { file }, { sha256: hash })));
      assert.is((await store.get("same", join(work, "back"))).sha256, hash);
      assert.equal(await keys(store, ""), ["same"]);
    },
  },
  {
    name: "content that is there is not sent again",
    needsServer: true,
    run: async ({ store, work, faults }) => {
      const file = join(work, "file");
      writeFileSync(file, "content");
      await store.put("k", { file }, { sha256: sha256("content") });
      assert.is((await store.head("k"))?.sha256, sha256("content"));
      faults?.seen();
      await store.put("k", { file }, { sha256: sha256("content") });
      assert.equal(faults?.seen().filter((request) => !/^(HEAD|GET) /.test(request)), []);
    },
  },
  {
    name: "64 MiB come and go in flat memory",
    run: async ({ store, work }) => {
      const file = join(work, "large");
      const hash = await largeFile(file, 64 << 20);
      const peak = await growth(async () => {
        await store.put("large", { file }, { sha256: hash });
        await store.put("stream", { stream: createReadStream(file) });
        assert.is((await store.get("large", join(work, "back"), { sha256: hash })).sha256, hash);
        assert.is((await store.get("stream", join(work, "back"), { sha256: hash })).bytes, 64 << 20);
      });
      assert.is(statSync(join(work, "back")).size, 64 << 20);
      assert.ok(peak < 60 << 20, `memory grew by ${peak >> 20} MiB`);
    },
  },
  {
    name: "a bucket that is not there",
    needsServer: true,
    run: async ({ kind, open: openUri, work }) => {
      const missing = await openUri(`${kind}://hmc-no-such-bucket`);
      await expectProblem(missing.check(), "noBucket");
      await expectProblem(missing.put("k", text("x")), "noBucket", "notFound");
      await expectProblem(missing.get("k", join(work, "x")), "noBucket", "notFound");
    },
  },
  {
    name: "no access: 401 and 403 are not tried again, and nobody sees a secret",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      for (const status of [401, 403]) {
        for (const act of [() => store.put("k", text("x")), () => store.get("k", join(work, "k")), () => store.head("k"), () => store.check()]) {
          faults?.seen();
          faults?.fail({ kind: "status", status }, { times: 1 });
          const error = await failure(act());
          assert.is(error.problem, "noAccess", error.message);
          assert.match(error.message, `these credentials may not use "${store.root}`);
          assert.not.match(error.message, /contract-secret|contract-key/);
          assert.is(error.cause, undefined);
          assert.is(faults?.seen().length, 1);
        }
      }
    },
  },
  {
    name: "429, 500 and 503, then success",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      for (const [status, times] of [[429, 1], [500, 1], [503, 2]] as const) {
        faults?.fail({ kind: "status", status }, { times });
        await store.put(`k${status}`, text("x"));
        faults?.fail({ kind: "status", status }, { times });
        assert.is(await content(store, `k${status}`, work), "x");
        faults?.fail({ kind: "status", status }, { times });
        assert.ok(await store.exists(`k${status}`));
        faults?.fail({ kind: "status", status }, { times });
        assert.equal(await keys(store, `k${status}`), [`k${status}`]);
        faults?.fail({ kind: "status", status }, { times });
        await store.delete(`k${status}`);
      }
    },
  },
  {
    name: "connections that break off, before and after the server has done its work",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      for (const kind of ["reset", "lost"] as const) {
        faults?.fail({ kind }, { times: 1 });
        await store.put("k", text(kind));
        faults?.fail({ kind }, { times: 1 });
        assert.is(await content(store, "k", work), kind);
        faults?.fail({ kind }, { times: 1 });
        assert.equal(await keys(store, ""), ["k"]);
        faults?.fail({ kind }, { times: 1 });
        await store.delete("k");
        assert.not.ok(await store.exists("k"));
      }
    },
  },
  {
    name: "a part that is lost is sent again, and the whole is right",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      const file = join(work, "large");
      const hash = await largeFile(file, 20 << 20);
      faults?.fail({ kind: "status", status: 503 }, { method: "PUT", times: 1 });
      faults?.fail({ kind: "reset" }, { method: "PUT", times: 1 });
      await store.put("large", { file }, { sha256: hash });
      assert.is((await store.get("large", join(work, "back"), { sha256: hash })).bytes, 20 << 20);
    },
  },
  {
    name: "a body that is cut off is read again; one that always is, never gets to its path",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      const file = join(work, "file");
      const hash = await largeFile(file, 2 << 20);
      await store.put("k", { file }, { sha256: hash });
      faults?.fail({ kind: "cut", after: 1 << 20 }, bodies(2));
      await store.get("k", join(work, "back"), { sha256: hash });
      faults?.fail({ kind: "cut", after: 1 << 20 }, bodies(1));
      assert.is((await store.read("k"))?.length, 2 << 20);
      faults?.fail({ kind: "cut", after: 1 << 20 }, bodies(1000));
      await expectProblem(store.get("k", join(work, "never/k"), { sha256: hash }), "unreachable", "busy");
      assert.equal(readdirSync(join(work, "never")), []);
    },
  },
  {
    name: "a byte that is another one on the way is found",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      await store.put("k", text("some content of the object"), { sha256: sha256("some content of the object") });
      faults?.fail({ kind: "spoil" }, bodies(1000));
      await expectProblem(store.get("k", join(work, "k"), { sha256: sha256("some content of the object") }), "damaged", "busy", "unreachable");
      assert.not.ok(existsSync(join(work, "k")));
    },
  },
  {
    name: "a slow server is waited for; one that stands still is not",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      await store.put("k", text("0123456789"));
      faults?.fail({ kind: "slow", pause: 400 }, bodies(1));
      assert.is(await content(store, "k", work), "0123456789");
      faults?.fail({ kind: "stall" }, { times: 1 });
      await store.put("k", text("again"));
      faults?.fail({ kind: "stall" }, bodies(1));
      assert.is(await content(store, "k", work), "again");
    },
  },
  {
    name: "a signal ends what is on its way",
    needsServer: true,
    run: async ({ store, faults, work }) => {
      await store.put("k", text("content"));
      faults?.fail({ kind: "stall" }, bodies(1));
      const stopped = new AbortController();
      setTimeout(() => stopped.abort(), 200);
      const began = performance.now();
      await expectProblem(store.get("k", join(work, "k"), { signal: stopped.signal }), "unreachable");
      assert.ok(performance.now() - began < 1200);
    },
  },
];

/** Requests for the content of the object `k`, by any of the addresses that servers have for it. */
function bodies(times: number): { method: string; path: RegExp; times: number } {
  return { method: "GET", path: /(\/|%2F)k\?.*(x-id=GetObject|alt=media)/, times };
}

/** By how much the memory of this process grows at most while something happens. Bytes. */
async function growth(act: () => Promise<void>): Promise<number> {
  const start = process.memoryUsage().rss;
  let peak = start;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 10);
  await act().finally(() => clearInterval(timer));
  return peak - start;
}
