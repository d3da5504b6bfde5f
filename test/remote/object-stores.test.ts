/** The contract of object stores over a folder, and what needs no server: URIs, packages that are missing, pauses between tries. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ObjectStoreError } from "../../runtime/remote/object-store.ts";
import { BadObjectUri, formatObjectUri, isRemote, parseObjectUri } from "../../runtime/remote/object-uri.ts";
import { openStore } from "../../runtime/remote/open-store.ts";
import { loadPeer, PeerMissing } from "../../runtime/remote/peer.ts";
import { retrying } from "../../runtime/remote/retry.ts";
import { makeProject } from "../runtime/project.ts";
import { contract } from "./object-store-contract.ts";

const root = makeProject({});
const settings = { root, environment: {} };

for (const [index, { name, needsServer, run }] of contract.entries()) {
  if (needsServer === true) continue;
  test(`a folder: ${name}`, async () => {
    const work = join(root, `work-${index}`);
    mkdirSync(work);
    await run({ kind: "folder", work, store: await openStore(join(root, `store-${index}`), settings), open: (uri) => openStore(uri, settings) });
  });
}
console.error("SKIP  S3 and Google Cloud Storage: their servers are started by the conformance checks (node --import tsx test/conformance/run.ts object-stores)");

test("a path is a folder, a file cannot be one", async () => {
  const store = await openStore("./below", settings);
  await store.check();
  await store.put("file", { bytes: Buffer.from("x") });
  const inFile = await openStore("below/file", settings);
  const problems = await Promise.all([inFile.check(), inFile.put("k", { bytes: Buffer.from("x") })].map((act) => act.catch((error: unknown) => (error as ObjectStoreError).problem)));
  assert.equal(problems, ["noBucket", "refused"]);
});

test("URIs are read as they are written", () => {
  assert.equal(parseObjectUri("s3://bucket/a b/%20+ü?x#y", "/p"), { scheme: "s3", bucket: "bucket", key: "a b/%20+ü?x#y" });
  assert.equal(parseObjectUri("GS://bucket", "/p"), { scheme: "gs", bucket: "bucket", key: "" });
  assert.equal(parseObjectUri("file:///a%20b/c", "/p"), { scheme: "file", path: "/a b/c" });
  assert.equal(parseObjectUri("../store", "/p/q"), { scheme: "file", path: "/p/store" });
  for (const uri of ["s3://bucket/a b/ü", "gs://bucket", "file:///a%20b/c"]) assert.is(formatObjectUri(parseObjectUri(uri, "/p")), uri);
  assert.equal(["s3://b/k", "GS://b", "file:///a", "/a", "minio://b/k", "https://x"].map(isRemote), [true, true, false, false, false, false]);
});

test("URIs that are none say why, without what may be a secret", () => {
  const problem = (uri: string): string => {
    try {
      parseObjectUri(uri, "/p");
      return "";
    } catch (error) {
      if (!(error instanceof BadObjectUri)) throw error;
      return error.message;
    }
  };
  assert.is(problem(""), "is empty");
  assert.is(problem("s3://"), "names no bucket");
  assert.is(problem("s3:///key"), "names no bucket");
  assert.match(problem("https://example.com/x"), 'has the scheme "https"');
  assert.match(problem("s3://key:hush@bucket/x"), "credentials");
  assert.not.match(problem("s3://key:hush@bucket/x"), "hush");
  assert.match(problem("s3://a bucket/x"), "no name of one");
  assert.match(problem("file://host/x"), "no URI of a folder");
});

test("a package that is not installed is named, with what to do", () => {
  assert.is(loadPeer("hmc-no-such-package", root), undefined);
  assert.type(loadPeer("yaml", root), "object");
  assert.match(new PeerMissing("s3://b", "@aws-sdk/client-s3@3").message, "npm install @aws-sdk/client-s3@3");
});

test("pauses between tries grow, have jitter and a limit, and end with a signal", async () => {
  const pauses: number[] = [];
  const retry = { attempts: 6, pause: 100, longestPause: 500, random: () => 0.5, sleep: (milliseconds: number) => (pauses.push(milliseconds), Promise.resolve()) };
  const { signal } = new AbortController();
  let calls = 0;
  const failing = (): Promise<never> => (calls++, Promise.reject(new Error("passing")));
  await retrying(retry, signal, failing, () => true).catch(() => undefined);
  assert.equal([calls, pauses], [6, [50, 100, 200, 250, 250]]);
  calls = 0;
  await retrying(retry, signal, failing, () => false).catch(() => undefined);
  assert.is(calls, 1);
  calls = 0;
  await retrying(retry, AbortSignal.abort(), failing, () => true).catch(() => undefined);
  assert.is(calls, 1);
});

test.run();
