/**
 * Every fixture's YAML for Argo is taken by a real kube-apiserver with Argo's full CRDs: structure, limits and CEL rules, which
 * `argo lint` does not look at. First the server itself: what it says of files whose verdict is known.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { startApiServer, type ApiServer } from "./argo-api-server.ts";
import { argoFixtures, type ArgoFixture } from "./argo-files.ts";
import type { Checks } from "./checks.ts";
import { noArgoCases, noKubeapi, type Environment } from "./environment.ts";

/** Cases of `lint/cases` that the server refuses, and what it says. Argo's linter takes the last two. */
const refused: Record<string, RegExp> = {
  "r04-unknown-field": /strict decoding error: unknown field "spec\.templates\[0\]\.dag\.tasks\[1\]\.dependson"/,
  "r08-bad-task-name": /spec\.templates\[0\]\.dag\.tasks\[1\]\.name/,
  "r50-two-locations": /at most one artifact location/,
  "r55-201-tasks": /must have at most 200 items/,
};

export async function argoApi(checks: Checks, { kubeapi, argoCases, work }: Environment): Promise<void> {
  const fixtures = argoFixtures();
  const what = `kube-apiserver on ${fixtures.length} fixtures`;
  if (kubeapi === undefined) return checks.skip(what, noKubeapi);
  if (argoCases === undefined) return checks.skip(what, noArgoCases);
  let server: ApiServer;
  try {
    server = await startApiServer(kubeapi, join(work, "argo-api"), join(argoCases, "crds"));
  } catch (error) {
    return checks.fail("kube-apiserver with Argo's CRDs starts", String(error));
  }
  try {
    await knownVerdicts(checks, server, argoCases);
    for (const { name, problems } of await submit(server, fixtures)) checks.expectNone(`kube-apiserver takes ${name}`, problems);
  } finally {
    await server.stop();
  }
}

async function knownVerdicts(checks: Checks, server: ApiServer, cases: string): Promise<void> {
  const files = readdirSync(join(cases, "lowering")).map((file) => join(cases, "lowering", file));
  const results = await submit(server, files.map((file) => ({ name: file, files: [file] })));
  checks.expectNone(`kube-apiserver takes the ${files.length} canonical patterns`, results.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`)));
  for (const [name, says] of Object.entries(refused)) {
    const [result] = await submit(server, [{ name, files: [join(cases, "lint/cases", `${name}.yaml`)] }]);
    const text = result?.problems.join("\n") ?? "";
    checks.expectNone(`kube-apiserver refuses ${name}`, says.test(text) ? [] : [`expected ${says}, got: ${text || "it takes it"}`]);
  }
}

interface Result {
  name: string;
  /** What the server says against it; nothing where it takes every document. */
  problems: string[];
}

/** Sends all in one go; where something is refused, in halves, down to the fixture whose fault it is. */
async function submit(server: ApiServer, fixtures: readonly ArgoFixture[]): Promise<Result[]> {
  if (fixtures.length === 0) return [];
  const files = fixtures.flatMap((fixture) => fixture.files);
  const objects = files.flatMap((file) => parseAllDocuments(readFileSync(file, "utf8"), { version: "1.1" }).filter((document) => document.contents !== null));
  for (const object of objects) {
    const namespace: unknown = object.getIn(["metadata", "namespace"]);
    if (typeof namespace === "string") await server.ensureNamespace(namespace);
  }
  const { status, stdout, stderr } = await server.kubectl(["create", "--dry-run=server", "--validate=strict", ...files.flatMap((file) => ["-f", file])]);
  const taken = stdout.split("\n").filter((line) => line.endsWith(" created (server dry run)")).length;
  if (status === 0 && taken === objects.length) return fixtures.map(({ name }) => ({ name, problems: [] }));
  const [only] = fixtures;
  if (only !== undefined && fixtures.length === 1) return [{ name: only.name, problems: [`${stdout}${stderr}${taken} of ${objects.length} documents are taken`] }];
  const half = Math.ceil(fixtures.length / 2);
  return [...(await submit(server, fixtures.slice(0, half))), ...(await submit(server, fixtures.slice(half)))];
}
