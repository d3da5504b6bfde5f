/** `hmc.yaml`: what it may say, where mistakes are shown, and what wins. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readConfig } from "../../compiler/config/read.ts";
import { resolveTarget, type Overrides, type Target } from "../../compiler/config/target.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";

const test = suite("hmc.yaml");

/** Each mistake as `code line:column text-at-the-place problem`. */
function mistakes(text: string): string[] {
  const read = readConfig("hmc.yaml", text);
  return "diagnostics" in read ? read.diagnostics.map((found) => shown(found, text)) : [];
}

function shown({ code, span, message }: Diagnostic, text: string): string {
  return `${code} ${span?.line}:${span?.column} ${JSON.stringify(text.slice(span?.start, span?.end))} ${message}`;
}

const wrong: [name: string, text: string, expected: RegExp[]][] = [
  ["no YAML", "targets: [", [/^HMC6220 1:\d+ /]],
  ["no targets", "defaults:\n  kind: kfp\n", [/^HMC6221 1:1 .* needs "targets"/]],
  ["an empty file", "", [/^HMC6221 1:1 .*must be a map/]],
  ["an unknown setting", "targets:\n  prod:\n    hots: https://x.example\n", [/^HMC6221 3:5 "hots" "targets\.prod\.hots" is no setting here; did you mean "host"\?/]],
  ["a secret", "targets:\n  prod:\n    auth:\n      type: bearer\n      token: abc\n", [/^HMC6221 5:7 "token" "targets\.prod\.auth\.token" is no setting/]],
  ["a wrong kind", "targets:\n  prod:\n    kind: vertex\n", [/^HMC6221 3:11 "vertex" .*must be one of "kfp", "argo"/]],
  ["a version that is a number", "targets:\n  prod:\n    version: 2.17\n", [/^HMC6221 3:14 "2\.17" .*must be a text; put it in quotes/]],
  ["a version that is none", 'targets:\n  prod:\n    version: "latest"\n', [/^HMC6221 3:14 .*must be a version such as "2\.17"/]],
  ["a way of signing in that is not known", "targets:\n  prod:\n    auth:\n      type: ldap\n", [/^HMC6221 3:5 "auth" .*one of the types none, bearer/]],
  ["basic without a password", "targets:\n  prod:\n    auth:\n      type: basic\n      user: ann\n", [/^HMC6221 .*needs "passwordEnv"/]],
  ["a certificate without its key", "targets:\n  prod:\n    tls:\n      certFile: a.pem\n", [/^HMC6221 3:5 "tls" .*needs "keyFile"/]],
  ["a name with a space", "targets:\n  my prod:\n    kind: kfp\n", [/^HMC6221 2:3 "my prod" .*is no name of a target/]],
  ["several mistakes", "targets:\n  a:\n    kind: x\n  b:\n    timeout: -1\n", [/^HMC6221 3:11 /, /^HMC6221 5:14 /]],
];

for (const [name, text, expected] of wrong) {
  test(`mistake: ${name}`, () => {
    const found = mistakes(text);
    assert.is(found.length, expected.length, found.join("\n"));
    for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? "", pattern);
  });
}

const file = `
defaults:
  kind: kfp
  experiment: demos
  image: registry.example/crashed:\${CI_COMMIT_SHA:-latest}
  params: { depth: 4, source: "synthetic:crashes" }
targets:
  dev:
    host: https://kfp.dev.example/pipeline/apis/v2beta1/
    schedule: off
  prod:
    host: https://kfp.example.com
    namespace: team
    auth: { type: oidc, clientId: id.example }
    params: { depth: 8 }
    pipelineRoot: s3://\${BUCKET}/root
    timeout: 60
  cluster: { kind: argo, version: "4.0" }
`;

/** @param text empty for no file */
function resolved(name: string | undefined, { flags = {}, environment = {}, text = file }: { flags?: Overrides; environment?: Record<string, string>; text?: string } = {}): Target | string[] {
  const read = text === "" ? undefined : readConfig("hmc.yaml", text);
  if (read !== undefined && "diagnostics" in read) return read.diagnostics.map((found) => shown(found, text));
  const result = resolveTarget({ opened: read?.opened, name, flags, environment: (variable) => environment[variable] });
  return "target" in result ? result.target : result.diagnostics.map((found) => shown(found, text));
}

test("a target over the defaults, with variables; params are merged by name", () => {
  const prod = resolved("prod", { environment: { BUCKET: "lake", CI_COMMIT_SHA: "abc" } }) as Target;
  assert.equal(prod.params, { depth: 8, source: "synthetic:crashes" });
  assert.is(prod.pipelineRoot, "s3://lake/root");
  assert.is(prod.image, "registry.example/crashed:abc");
  assert.is(prod.experiment, "demos");
  assert.is(prod.hasSchedule, true);
  assert.is(prod.timeout, 60_000);
  assert.equal(prod.origins, { kind: "defaults", experiment: "defaults", image: "defaults", params: "targets.prod", host: "targets.prod", namespace: "targets.prod", auth: "targets.prod", pipelineRoot: "targets.prod", timeout: "targets.prod" });
});

test("the path of the API is left out of the host, and a schedule may be off", () => {
  const dev = resolved("dev") as Target;
  assert.is(dev.host, "https://kfp.dev.example/pipeline");
  assert.is(dev.hasSchedule, false);
  assert.is(dev.image, "registry.example/crashed:latest");
});

test("a flag wins over a variable, which wins over the file", () => {
  const environment = { BUCKET: "b", HMC_NAMESPACE: "of-variable", HMC_EXPERIMENT: "of-variable", HMC_CLIENT_ID: "of-variable" };
  const prod = resolved("prod", { flags: { namespace: "of-flag" }, environment }) as Target;
  assert.is(prod.namespace, "of-flag");
  assert.is(prod.experiment, "of-variable");
  assert.equal(prod.auth, { type: "oidc", clientId: "of-variable" });
  assert.equal([prod.origins.namespace, prod.origins.experiment, prod.origins.auth], ["--namespace", "HMC_EXPERIMENT", "HMC_CLIENT_ID"]);
});

test("a variable that is missing is shown at its place, and only for the target that needs it", () => {
  assert.match((resolved("prod") as string[])[0] ?? "", /^HMC6224 16:19 .*"BUCKET" is not set/);
  assert.is((resolved("dev") as Target).name, "dev");
});

test("which target: by name, HMC_TARGET, the only one; else it is an error that names them", () => {
  assert.is((resolved(undefined, { environment: { HMC_TARGET: "dev" } }) as Target).name, "dev");
  assert.is((resolved(undefined, { text: "targets:\n  only:\n    host: http://a.example\n" }) as Target).name, "only");
  assert.match((resolved(undefined) as string[])[0] ?? "", /^HMC6222 .*several targets.*"dev", "prod", "cluster"/);
  assert.match((resolved("prdo") as string[])[0] ?? "", /^HMC6222 .*no target "prdo"\. Did you mean "prod"\?/);
});

test("without a file: the flags of the article, or an error", () => {
  const target = resolved(undefined, { text: "", flags: { host: "https://kfp.example.com/", clientId: "id", namespace: "team" }, environment: { HMC_TOKEN: "secret" } }) as Target;
  assert.equal([target.name, target.kind, target.host, target.namespace, target.auth], ["default", "kfp", "https://kfp.example.com", "team", { type: "oidc", clientId: "id" }]);
  assert.equal((resolved(undefined, { text: "", environment: { HMC_HOST: "http://a.example", HMC_TOKEN: "secret" } }) as Target).auth, { type: "bearer" });
  assert.match((resolved(undefined, { text: "" }) as string[])[0] ?? "", /^HMC6223 /);
});

test("a host that is missing or no address", () => {
  assert.match((resolved("a", { text: "targets:\n  a:\n    kind: kfp\n" }) as string[])[0] ?? "", /^HMC6225 /);
  assert.match((resolved("a", { text: "targets:\n  a:\n    host: kfp.example.com\n" }) as string[])[0] ?? "", /^HMC6226 3:11 "kfp\.example\.com" /);
});

test.run();
