/** Requests to Kubernetes: what can go wrong, what is sent again, and that no secret is shown. Over a fake, which is strict. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { generate } from "selfsigned";
import { RequestError, type Failure } from "../../../runtime/remote/http/failure.ts";
import { applyArgo } from "../../../runtime/remote/kubernetes/argo.ts";
import { workflows, workflowTemplates, type WorkflowTemplate } from "../../../runtime/remote/kubernetes/argo-objects.ts";
import { submitArgo } from "../../../runtime/remote/kubernetes/argo-run.ts";
import type { KubernetesClient } from "../../../runtime/remote/kubernetes/client.ts";
import { openKubernetes, type KubernetesConnection } from "../../../runtime/remote/kubernetes/connection.ts";
import { ClusterUnusable } from "../../../runtime/remote/kubernetes/failure.ts";
import { fieldConflicts } from "../../../runtime/remote/kubernetes/objects.ts";
import { startFakeApi, status, type FakeAnswer, type FakeApi, type FakeCall } from "./fake-api.ts";
import { manifestsOf } from "./manifests.ts";

const secret = "s3cret-token-of-the-tests";

/** The pauses between tries. */
let pauses: number[] = [];

function open(server: string, more: Partial<KubernetesConnection> = {}, timeout = 2000): Promise<KubernetesClient> {
  pauses = [];
  const retry = { attempts: 4, pause: 100, longestPause: 1000, sleep: async (milliseconds: number) => void pauses.push(milliseconds), random: () => 0.5 };
  const connection = { kind: "server", server, namespace: "ml", credentials: { kind: "bearer", token: secret }, ...more } as KubernetesConnection;
  return openKubernetes(connection, { root: "/", environment: () => undefined, timeout, retry, now: Date.now });
}

async function withFake(answer: (call: FakeCall) => FakeAnswer, act: (client: KubernetesClient, api: FakeApi) => Promise<void>): Promise<void> {
  const api = await startFakeApi(answer);
  const client = await open(api.host);
  try {
    await act(client, api);
    assert.equal(api.violations, []);
  } finally {
    await client.http.close();
    await api.close();
  }
}

/** What a request fails with. The token is nowhere in it. */
async function failureOf(request: Promise<unknown>): Promise<Failure> {
  const error = await request.then(
    () => assert.unreachable("it has not failed"),
    (thrown: unknown) => thrown,
  );
  assert.instance(error, RequestError);
  assert.not.match(`${(error as RequestError).stack}${JSON.stringify(error)}`, secret);
  return (error as RequestError).failure;
}

const template: WorkflowTemplate & { metadata: { name: string } } = { apiVersion: workflowTemplates.apiVersion, kind: "WorkflowTemplate", metadata: { name: "train" }, spec: {} };

const kinds: [status: number, kind: Failure["kind"]][] = [[401, "unauthorized"], [403, "forbidden"], [404, "notFound"], [409, "conflict"], [422, "refused"], [429, "failing"], [500, "failing"]];

for (const [code, kind] of kinds) {
  test(`the status ${code} is "${kind}", and a token that the server repeats is not shown`, () =>
    withFake(
      ({ authorization }) => status(code, `no: ${authorization}`, { details: { causes: [{ message: authorization }] } }),
      async (client) => {
        const failure = await failureOf(client.apply(workflowTemplates, template));
        assert.is(failure.kind, kind);
        assert.match("problem" in failure ? failure.problem : "", /no: Bearer •••/);
      },
    ));
}

test("nothing that listens, an unknown host, silence, an answer that breaks off, a certificate that nobody trusts", async () => {
  const kindOf = async (client: KubernetesClient): Promise<string> => {
    const { kind } = await failureOf(client.get(workflows, "one"));
    await client.http.close();
    return kind;
  };
  const gone = await startFakeApi(() => "silence");
  await gone.close();
  assert.is(await kindOf(await open(gone.host)), "unreachable");
  assert.is(await kindOf(await open("https://nowhere.invalid")), "unknownHost");
  const silent = await startFakeApi(() => "silence");
  assert.is(await kindOf(await open(silent.host, {}, 100)), "timeout");
  assert.is(silent.requests.length, 4);
  await silent.close();
  const half = await startFakeApi(() => "cutOff");
  assert.is(await kindOf(await open(half.host)), "cutOff");
  await half.close();
  const { cert, private: key } = await generate([{ name: "commonName", value: "stranger" }]);
  const stranger = await startFakeApi(() => ({ body: {} }), { cert, key });
  assert.is(await kindOf(await open(stranger.host)), "tls");
  await stranger.close();
});

test("reading and applying are tried again, with pauses that grow and vary; what is refused is not", async () => {
  await withFake(
    () => status(503, "busy"),
    async (client, { requests }) => {
      await failureOf(client.get(workflows, "one"));
      assert.equal(pauses, [50, 100, 200]);
      await failureOf(client.apply(workflowTemplates, template));
      assert.is(requests.length, 8);
    },
  );
  await withFake(
    () => status(403, "no"),
    async (client, { requests }) => {
      await failureOf(client.apply(workflowTemplates, template));
      assert.is(requests.length, 1);
    },
  );
});

test("a run whose creation had no answer is found, not made again; a name that another one has is a conflict", async () => {
  let there: { metadata: { name: string } } | undefined;
  const fake = ({ method, body }: FakeCall): FakeAnswer => {
    if (method === "GET") return there === undefined ? status(404, "there is none") : { body: there };
    if (there !== undefined) return status(409, "there is one");
    there = body as typeof there;
    return "lost";
  };
  await withFake(fake, async (client, { requests }) => {
    const { name, isNew } = await submitArgo(client, { template: "train", parameters: { rows: "1" } });
    assert.equal([there?.metadata.name, isNew], [name, false]);
    assert.equal(requests.map((request) => request.split(" ")[0]), ["POST", "POST", "GET"]);
  });
  await withFake(
    ({ method }) => (method === "GET" ? { body: { metadata: { name: "other" } } } : status(409, "there is one")),
    async (client) => assert.is((await failureOf(submitArgo(client, { template: "train", parameters: {}, key: "k" }))).kind, "conflict"),
  );
});

test("a list whose next page has expired begins anew", async () => {
  let expired = 0;
  const item = (name: string): object => ({ metadata: { name } });
  const fake = ({ query }: FakeCall): FakeAnswer => {
    assert.is(query.get("limit"), "250");
    if (query.get("continue") === null) return { body: { metadata: { continue: "more" }, items: [item("a")] } };
    return expired++ === 0 ? status(410, "too old") : { body: { metadata: {}, items: [item("b")] } };
  };
  await withFake(fake, async (client) => assert.equal((await client.list(workflows)).map(({ metadata }) => metadata.name), ["a", "b"]));
});

test("the fields of a conflict are told, with who holds them", async () => {
  const causes = [
    { reason: "FieldManagerConflict", message: 'conflict with "kubectl" using argoproj.io/v1alpha1', field: ".spec.entrypoint" },
    { reason: "FieldManagerConflict", message: 'conflict with "argo-cli" using argoproj.io/v1alpha1 at 2030-01-01T00:00:00Z', field: ".spec.arguments" },
  ];
  await withFake(
    () => status(409, "Apply failed with 2 conflicts", { reason: "Conflict", details: { causes } }),
    async (client) => {
      const error = await client.apply(workflowTemplates, template).catch((thrown: unknown) => thrown);
      assert.equal(fieldConflicts(error), [{ field: ".spec.arguments", manager: "argo-cli" }, { field: ".spec.entrypoint", manager: "kubectl" }]);
    },
  );
});

test("a cluster without Argo is told apart from one without the template", async () => {
  await withFake(
    () => status(404, "the server could not find the requested resource"),
    async (client, { host }) => {
      const error = await applyArgo(client, { manifests: manifestsOf() }, { now: Date.now }).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof ClusterUnusable);
      assert.equal(error.obstacle, { kind: "noArgo", server: host });
    },
  );
});

test("what is broken off by its caller ends at once", async () => {
  await withFake(
    () => "silence",
    async (client, { requests }) => {
      const breaking = new AbortController();
      const asked = client.get(workflows, "one", breaking.signal).catch((error: unknown) => (error as Error).name);
      setTimeout(() => breaking.abort(), 50);
      assert.is(await asked, "AbortError");
      assert.is(requests.length, 1);
    },
  );
});

test.run();
