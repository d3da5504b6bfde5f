import { test } from "uvu";
import * as assert from "uvu/assert";
import { credentialFormat, looksLikeCredentialName } from "../../compiler/ir/credentials.ts";
import { environment } from "../../compiler/rules/environment.ts";
import { kubernetesNames } from "../../compiler/rules/kubernetes-names.ts";
import { limits } from "../../compiler/rules/limits.ts";
import { placement } from "../../compiler/rules/placement.ts";
import type { Rule } from "../../compiler/rules/rule.ts";
import { volumes } from "../../compiler/rules/volumes.ts";
import type { TaskOptions, Volume } from "../../compiler/ir/types.ts";
import { constant, documentOf, loop, op, pipeline, span, task } from "./documents.ts";

const codes = (rule: Rule, options: TaskOptions) => rule.check(documentOf([pipeline("demo", [task("a")])], [op("a", options)])).map((one) => one.code);

const emptyDir = (name: string, mountPath: string): Volume => ({ kind: "emptyDir", name, mountPath });
const pvc = (mountPath: string): Volume => ({ kind: "pvc", claim: "data", mountPath });

test("volumes with one name, at one path, at no absolute path", () => {
  assert.equal(codes(volumes, { volumes: [emptyDir("a", "/a"), emptyDir("b", "/b"), pvc("/c")] }), []);
  assert.equal(codes(volumes, { volumes: [emptyDir("a", "/a"), emptyDir("a", "/b")] }), ["HMC3024"]);
  assert.equal(codes(volumes, { volumes: [pvc("/a"), pvc("/a/")] }), ["HMC3025"]);
  assert.equal(codes(volumes, { volumes: [pvc("/a"), pvc("/a/b")] }), []);
  for (const path of ["", "/a:b", "/a/../b", "../a", "C:\\a"]) assert.equal(codes(volumes, { volumes: [pvc(path)] }), ["HMC3026"], path);
  for (const path of ["a", "./a", "a/b"]) assert.equal(codes(volumes, { volumes: [pvc(path)] }), ["HMC5012"], path);
});

test("volumes of several layers collide, and each collision is reported once", () => {
  const onPipeline = pipeline("demo", [task("a"), task("a-2"), task("b", {}, [], { volumes: [pvc("/data")] })], { defaults: { volumes: [pvc("/data")] } });
  const found = volumes.check(documentOf([onPipeline], [op("a", { volumes: [emptyDir("x", "/data")] }), op("b")]));
  assert.equal(found.map((one) => one.code), ["HMC3025", "HMC3025"]);
  assert.ok(found.every((one) => one.related.length === 1));
});

test("names of environment variables", () => {
  for (const name of ["A", "_a1", "a_b"]) assert.equal(codes(environment, { env: { [name]: { kind: "literal", value: "x" } } }), [], name);
  for (const name of ["", "1A", "A-B", "A.B", "A B", "Ä"]) assert.equal(codes(environment, { env: { [name]: { kind: "literal", value: "x" } } }), ["HMC3027"], name);
});

test("names that are those of credentials, and names that are not", () => {
  for (const name of ["GITLAB_TOKEN", "TOKEN", "dbPassword", "DB_PASSWD", "CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY", "OPENAI_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "SSH_PRIVATE_KEY", "API-KEY"]) {
    assert.ok(looksLikeCredentialName(name), name);
  }
  for (const name of ["MAX_TOKENS", "TOKENIZER", "TOKEN_FILE", "PASSWORD_LENGTH", "SECRET_NAME", "PRIMARY_KEY", "KEY", "KEYBOARD", "PARTITION_KEY", "AUTHOR", "COMPATIBLE", "TOKEN_TTL", ""]) {
    assert.not(looksLikeCredentialName(name), name);
  }
});

test("values in the format of a credential are found under any name, and never repeated in the message", () => {
  const token = `glpat-${"x".repeat(20)}`;
  const [found] = environment.check(documentOf([pipeline("demo", [task("a")])], [op("a", { env: { HARMLESS: { kind: "literal", value: token } } })]));
  assert.is(found?.code, "HMC5020");
  assert.not.match(found?.message ?? "", token);
  const formats = [`ghp_${"a".repeat(36)}`, `AKIA${"B".repeat(16)}`, `hf_${"c".repeat(34)}`, `-----BEGIN RSA ${"PRIVATE"} KEY-----`, "postgres://me:hunter2@db/x", `sk-${"d".repeat(40)}`];
  for (const value of formats) assert.ok(credentialFormat(value), value);
  for (const value of ["https://example.com/a:b@c", "https://host:8080/x", "risk-assessment-for-the-whole-year", "sha256:abc", "postgres://me@db/x"]) assert.is(credentialFormat(value), undefined, value);
});

test("a literal credential is reported, with a secret as its fix; a secret and an empty value are not", () => {
  const where = span();
  const [found] = environment.check(documentOf([pipeline("demo", [task("a")])], [op("a", { env: { DB_PASSWORD: { kind: "literal", value: "hunter2" } }, spans: { "env.DB_PASSWORD": where } })]));
  assert.equal(found?.fix?.edits, [{ span: where, newText: 'secret("db-password", "DB_PASSWORD")' }]);
  assert.equal(codes(environment, { env: { DB_PASSWORD: { kind: "secret", name: "db", key: "password" } } }), []);
  for (const value of ["", "true", "30"]) assert.equal(codes(environment, { env: { DB_PASSWORD: { kind: "literal", value } } }), [], value);
});

test("the variables of a container are checked like those of options", () => {
  const document = documentOf([pipeline("demo", [task("a")])]);
  const { implementation: _, ...base } = op("a");
  document.components["a"] = { ...base, kind: "container", command: [], args: [], env: { API_TOKEN: "abcdef" } };
  assert.equal(environment.check(document).map((one) => one.code), ["HMC5020"]);
});

test("labels, annotations and node selectors", () => {
  const label = (key: string, value: string) => codes(kubernetesNames, { labels: { [key]: value } });
  for (const [key, value] of [["team", "data"], ["acme.com/team", ""], ["A_b.c", "x".repeat(63)]] as const) assert.equal(label(key, value), [], key);
  for (const [key, value] of [["", "x"], ["a/b/c", "x"], ["Acme.com/x", "x"], ["-a", "x"], ["k".repeat(64), "x"], ["k", "a b"], ["k", "x".repeat(64)], ["k", "-"]] as const) assert.equal(label(key, value), ["HMC3028"], `${key}=${value}`);
  assert.equal(codes(kubernetesNames, { nodeSelector: { "kubernetes.io/arch": "amd 64" } }), ["HMC3028"]);
  assert.equal(codes(kubernetesNames, { annotations: { note: "any text, of any length: é" } }), []);
  assert.equal(codes(kubernetesNames, { annotations: { note: "é".repeat(131_073) } }), ["HMC3028"]);
});

test("names of objects that options refer to", () => {
  assert.equal(codes(kubernetesNames, { serviceAccount: "a.b-c", imagePullSecrets: ["x"], volumes: [pvc("/a")], env: { A: { kind: "secret", name: "ok", key: "K" } } }), []);
  assert.equal(codes(kubernetesNames, { serviceAccount: "A" }), ["HMC3029"]);
  assert.equal(codes(kubernetesNames, { imagePullSecrets: ["a", "b_c"] }), ["HMC3029"]);
  assert.equal(codes(kubernetesNames, { env: { A: { kind: "secret", name: "My Secret", key: "K" } } }), ["HMC3029"]);
  assert.equal(codes(kubernetesNames, { volumes: [emptyDir("a.b", "/a")] }), ["HMC3029"]);
  assert.equal(codes(kubernetesNames, { volumes: [{ kind: "secret", secret: "S", mountPath: "/a", optional: false }] }), ["HMC3029"]);
});

test("retries that contradict themselves", () => {
  assert.equal(codes(limits, { retry: { count: 3, backoffSeconds: 10, factor: 1, maxBackoffSeconds: 10 } }), []);
  assert.equal(codes(limits, { retry: { count: 3, factor: 0.5 } }), ["HMC3030"]);
  assert.equal(codes(limits, { retry: { count: 3, backoffSeconds: 60, maxBackoffSeconds: 30 } }), ["HMC3030"]);
});

test("a timeout above the deadline is reported where the timeout that counts was written", () => {
  const where = span();
  const demo = pipeline("demo", [task("a"), task("a-2"), task("a-3", {}, [], { timeoutSeconds: 10 })], { deadlineSeconds: 3600, defaults: { timeoutSeconds: 60 } });
  const found = limits.check(documentOf([demo], [op("a", { timeoutSeconds: 7200, spans: { timeout: where } })]));
  assert.equal(found.map((one) => [one.code, one.span]), [["HMC3032", where]]);
});

test("loops that are limited to nothing", () => {
  const limited = (parallelism: number) => limits.check(documentOf([pipeline("demo", [{ ...loop("for-1", constant([1]), task("a")), parallelism }])])).map((one) => one.code);
  assert.equal([1, 0, -1, 1.5].map(limited), [[], ["HMC3033"], ["HMC3033"], ["HMC3033"]]);
});

test("tolerations and affinities that Kubernetes refuses", () => {
  assert.equal(codes(placement, { tolerations: [{ operator: "Exists" }, { key: "gpu", value: "yes" }, { key: "x", operator: "Exists", effect: "NoExecute", seconds: 5 }] }), []);
  for (const toleration of [{ key: "a", operator: "Exists" as const, value: "b" }, { value: "b" }, { key: "a", value: "b", seconds: 5 }]) assert.equal(codes(placement, { tolerations: [toleration] }), ["HMC3035"]);
  assert.equal(codes(placement, { affinity: [{ expressions: [{ key: "zone", operator: "In", values: ["a"] }], weight: 100 }] }), []);
  for (const affinity of [{}, { expressions: [{ key: "a", operator: "In" as const }] }, { expressions: [{ key: "a", operator: "Exists" as const, values: ["x"] }] }, { fields: [{ key: "a", operator: "Gt" as const, values: ["x"] }] }, { expressions: [{ key: "a", operator: "Exists" as const }], weight: 101 }]) {
    assert.equal(codes(placement, { affinity: [affinity] }), ["HMC3036"], JSON.stringify(affinity));
  }
  assert.equal(codes(placement, { securityContext: { runAsNonRoot: true, runAsUser: 0 } }), ["HMC3037"]);
  assert.equal(codes(placement, { securityContext: { runAsNonRoot: true, runAsUser: 1 } }), []);
});

test.run();
