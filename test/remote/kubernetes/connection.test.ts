/** Ways to a cluster: kubeconfigs and their contexts, programs and files with tokens, certificates, and the service account of a pod. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RequestError } from "../../../runtime/remote/http/failure.ts";
import { workflows } from "../../../runtime/remote/kubernetes/argo-objects.ts";
import { openKubernetes, type ConnectSettings, type KubernetesConnection } from "../../../runtime/remote/kubernetes/connection.ts";
import { ClusterUnusable, type Obstacle } from "../../../runtime/remote/kubernetes/failure.ts";
import { makeProject } from "../../runtime/project.ts";
import { startFakeApi, status, type FakeApi } from "./fake-api.ts";

const secret = "s3cret-token-of-the-tests";

function settings(environment: Record<string, string> = {}, more: Partial<ConnectSettings> = {}): ConnectSettings {
  return { root: process.cwd(), environment: (name) => environment[name], timeout: 5000, retry: { attempts: 1, pause: 0, longestPause: 0, sleep: async () => undefined, random: () => 0 }, now: Date.now, ...more };
}

interface Context {
  server: string;
  user?: unknown;
  cluster?: object;
  namespace?: string;
}

/** A kubeconfig whose first context is the current one. */
function kubeconfigOf(contexts: Record<string, Context>): string {
  const entries = Object.entries(contexts);
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": entries[0]?.[0],
    clusters: entries.map(([name, { server, cluster }]) => ({ name, cluster: { server, ...cluster } })),
    users: entries.map(([name, { user }]) => ({ name, user })),
    contexts: entries.map(([name, { namespace, user }]) => ({ name, context: { cluster: name, ...(user === undefined ? {} : { user: name }), ...(namespace === undefined ? {} : { namespace }) } })),
  });
}

/** Asks once, and gives the namespace and who asked. */
async function asked(api: FakeApi, connection: KubernetesConnection, more: ConnectSettings = settings()): Promise<{ namespace: string; authorization: string | undefined; certificate: string | undefined }> {
  const client = await openKubernetes(connection, more);
  try {
    await client.get(workflows, "one");
    const caller = api.callers.at(-1);
    assert.match(api.requests.at(-1) ?? "", `/namespaces/${client.namespace}/`);
    return { namespace: client.namespace, authorization: caller?.authorization, certificate: caller?.certificate };
  } finally {
    await client.http.close();
  }
}

async function obstacle(connection: KubernetesConnection, more: ConnectSettings = settings()): Promise<Obstacle> {
  const error = await openKubernetes(connection, more).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ClusterUnusable, String(error));
  assert.not.match(error.message, secret);
  return error.obstacle;
}

test("contexts have a server, a user and a namespace each; what is said beside them wins", async () => {
  const [api, other] = [await startFakeApi(() => ({ body: {} })), await startFakeApi(() => ({ body: {} }))];
  const folder = makeProject({ config: kubeconfigOf({ here: { server: api.host, user: { token: "one" }, namespace: "ml" }, there: { server: `${other.host}/`, user: { username: "ann", password: secret } }, nobody: { server: other.host } }) });
  const file = join(folder, "config");
  assert.equal(await asked(api, { kind: "kubeconfig", file }), { namespace: "ml", authorization: "Bearer one", certificate: undefined });
  assert.equal(await asked(other, { kind: "kubeconfig", file, context: "there" }), { namespace: "default", authorization: `Basic ${Buffer.from(`ann:${secret}`).toString("base64")}`, certificate: undefined });
  assert.is((await asked(other, { kind: "kubeconfig", file, context: "nobody" })).authorization, undefined);
  const said = await asked(api, { kind: "kubeconfig", file, namespace: "mine", credentials: { kind: "bearer", token: "two" } });
  assert.equal([said.namespace, said.authorization], ["mine", "Bearer two"]);
  assert.is((await asked(api, { kind: "default" }, settings({ KUBECONFIG: file }))).namespace, "ml");
  await Promise.all([api.close(), other.close()]);
});

test("several files of KUBECONFIG are one, and the first counts", async () => {
  const api = await startFakeApi(() => ({ body: {} }));
  const folder = makeProject({ one: kubeconfigOf({ same: { server: api.host, user: { token: "first" } } }), two: kubeconfigOf({ same: { server: "https://nowhere.invalid", user: { token: "second" } }, more: { server: api.host, user: { token: "third" }, namespace: "more" } }) });
  const more = settings({ KUBECONFIG: ["one", "missing", "two"].map((name) => join(folder, name)).join(process.platform === "win32" ? ";" : ":") });
  assert.is((await asked(api, { kind: "kubeconfig" }, more)).authorization, "Bearer first");
  assert.equal(await asked(api, { kind: "kubeconfig", context: "more" }, more), { namespace: "more", authorization: "Bearer third", certificate: undefined });
  await api.close();
});

test("no kubeconfig, no context, half a context, no YAML: without what is secret", async () => {
  const folder = makeProject({
    config: kubeconfigOf({ here: { server: "https://nowhere.invalid", user: { token: secret } } }),
    broken: `users:\n  - name: me\n    user: { token: ${secret}\n  x`,
    half: JSON.stringify({ "current-context": "a", contexts: [{ name: "a", context: { cluster: "b", user: "c" } }] }),
    bare: JSON.stringify({ users: [{ user: { token: secret } }] }),
  });
  const file = (name: string): KubernetesConnection => ({ kind: "kubeconfig", file: join(folder, name) });
  assert.equal(await obstacle(file("none")), { kind: "noKubeconfig", paths: [join(folder, "none")] });
  assert.equal(await obstacle({ kind: "kubeconfig", file: join(folder, "config"), context: "there" }), { kind: "noContext", context: "there", known: ["here"] });
  assert.equal(await obstacle(file("half")), { kind: "brokenContext", context: "a", missing: "cluster", name: "b" });
  const broken = await obstacle(file("broken"));
  assert.ok(broken.kind === "badKubeconfig" && /^line \d is not YAML/.test(broken.problem), JSON.stringify(broken));
  assert.equal(await obstacle(file("bare")), { kind: "badKubeconfig", path: join(folder, "bare"), problem: "users[0].name is missing" });
  assert.is((await obstacle({ kind: "default" }, settings({ KUBECONFIG: join(folder, "none") }))).kind, "noKubeconfig");
});

test("a program gives the token; it runs once, and again where the token is not taken any more", async () => {
  const taken = new Set(["token-1"]);
  const api = await startFakeApi(({ authorization }) => (taken.has(authorization?.replace("Bearer ", "") ?? "") ? { body: {} } : status(401, "who?")));
  const folder = makeProject({ count: "", config: kubeconfigOf({ here: { server: api.host, user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "./token.sh", args: ["token"] } } } }) });
  writeFileSync(join(folder, "token.sh"), `#!/bin/sh\ncd "$(dirname "$0")"\ncase "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) exit 1 ;; esac\necho x >>count\nprintf '{"kind":"ExecCredential","status":{"token":"%s-%s"}}' "$1" "$(wc -l <count | tr -d ' ')"\n`);
  chmodSync(join(folder, "token.sh"), 0o755);
  const client = await openKubernetes({ kind: "kubeconfig", file: join(folder, "config") }, settings());
  await client.get(workflows, "one");
  await client.get(workflows, "one");
  taken.clear();
  taken.add("token-2");
  await client.get(workflows, "one");
  assert.equal(api.callers.map(({ authorization }) => authorization), ["Bearer token-1", "Bearer token-1", "Bearer token-1", "Bearer token-2"]);
  await client.http.close();
  await api.close();
});

test("a program that fails, prints nonsense, is not there or does not end: its output is not shown", async () => {
  const failing = async (exec: object, timeout = 5000): Promise<string> => {
    const folder = makeProject({ config: kubeconfigOf({ here: { server: "https://nowhere.invalid", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", ...exec } } } }) });
    const error = await openKubernetes({ kind: "kubeconfig", file: join(folder, "config") }, settings({}, { timeout })).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof RequestError && error.failure.kind === "noCredentials", String(error));
    assert.not.match(`${error.stack}`, secret);
    return error.message;
  };
  assert.match(await failing({ command: "sh", args: ["-c", "echo sign in first >&2; exit 1"] }), "sign in first");
  assert.match(await failing({ command: "sh", args: ["-c", `echo ${secret}`] }), "no ExecCredential");
  assert.match(await failing({ command: "hmc-there-is-no-such-program" }), "hmc-there-is-no-such-program");
  assert.match(await failing({ command: "sleep", args: ["1"] }, 100), "0.1 s");
});

test("certificates of the kubeconfig: the authority as text or file, and that of the client", async () => {
  const names = [{ name: "commonName", value: "api" }];
  const server = await generate(names, { extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }] });
  const person = await generate([{ name: "commonName", value: "ann" }]);
  const api = await startFakeApi(() => ({ body: {} }), { cert: server.cert, key: server.private, ca: person.cert });
  const data = (text: string): string => Buffer.from(text).toString("base64");
  const user = { "client-certificate-data": data(person.cert), "client-key-data": data(person.private) };
  const contexts = { data: { server: api.host, cluster: { "certificate-authority-data": data(server.cert) }, user }, file: { server: api.host, cluster: { "certificate-authority": "ca.crt" }, user }, stranger: { server: api.host, user }, any: { server: api.host, cluster: { "insecure-skip-tls-verify": true }, user }, anonymous: { server: api.host, cluster: { "certificate-authority": "ca.crt" }, user: { token: "t" } } };
  const file = join(makeProject({ config: kubeconfigOf(contexts), "ca.crt": server.cert }), "config");
  for (const context of ["data", "file", "any"]) assert.is((await asked(api, { kind: "kubeconfig", file, context })).certificate, "ann");
  // A server that misses a certificate may close the connection without a word.
  for (const [context, kinds] of [["stranger", ["tls"]], ["anonymous", ["tls", "cutOff"]]] as const) {
    const error = await asked(api, { kind: "kubeconfig", file, context }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof RequestError && kinds.some((kind) => kind === error.failure.kind), `${context}: ${String(error)}`);
  }
  assert.is((await asked(api, { kind: "server", server: api.host, tls: { ca: server.cert, cert: person.cert, key: person.private } })).certificate, "ann");
  await api.close();
});

test("a token file of a kubeconfig, and the service account of a pod, whose token may change", async () => {
  const server = await generate([{ name: "commonName", value: "api" }], { extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }] });
  const api = await startFakeApi(({ authorization }) => (authorization === "Bearer new" ? { body: {} } : status(401, "who?")), { cert: server.cert, key: server.private });
  const { hostname, port } = new URL(api.host);
  const folder = makeProject({ token: "new\n", "ca.crt": server.cert, namespace: "of-the-pod\n", config: kubeconfigOf({ here: { server: api.host, cluster: { "certificate-authority": "ca.crt" }, user: { tokenFile: "token" } } }) });
  assert.is((await asked(api, { kind: "kubeconfig", file: join(folder, "config") })).authorization, "Bearer new");
  const pod = settings({ KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, KUBECONFIG: join(folder, "none") }, { accountFolder: folder });
  for (const kind of ["inCluster", "default"] as const) assert.equal(await asked(api, { kind }, pod), { namespace: "of-the-pod", authorization: "Bearer new", certificate: undefined });
  const client = await openKubernetes({ kind: "inCluster" }, pod);
  writeFileSync(join(folder, "token"), "old");
  const error = await client.get(workflows, "one").catch((thrown: unknown) => thrown);
  assert.ok(error instanceof RequestError && error.failure.kind === "unauthorized");
  writeFileSync(join(folder, "token"), "new");
  await client.get(workflows, "one");
  await client.http.close();
  assert.equal(await obstacle({ kind: "inCluster" }), { kind: "notInCluster", missing: "KUBERNETES_SERVICE_HOST" });
  await api.close();
});

test.run();
