/**
 * The KFP server of the tests, asked by the SDK's own client: what the client reads is what the server holds, and nothing that it sends is a violation. And
 * the types and the contract that were made of kfp-server-api are what is made of it now.
 */
import { isDeepStrictEqual } from "node:util";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hmcBeside } from "../cli/hmc.ts";
import { startKfpServer, type KfpServer } from "../remote/kfp/server.ts";
import type { Checks } from "./checks.ts";
import { jsonLines, noPython, root, run, type Environment } from "./environment.ts";

/** What `kfp_client.py` has read. */
interface Read {
  "same experiment": boolean;
  "pipeline id by name": string;
  refused: number[];
  filtered: string[];
  "one by one": unknown[];
  lists: Record<"pipelines" | "versions" | "experiments" | "recurringRuns" | "runs", unknown[]>;
}

export async function kfpClient(checks: Checks, { python, work }: Environment): Promise<void> {
  if (python === undefined) return checks.skip("KFP's client", noPython);
  await generated(checks, python);
  const folder = join(work, "kfp-client");
  mkdirSync(folder, { recursive: true });
  await bothWays(checks, python, folder);
  for (const namespace of [undefined, "team-a"]) {
    let seconds = Date.parse("2026-11-27T12:00:00Z") / 1000;
    const server = await startKfpServer({ clock: () => new Date(seconds++ * 1000), basePath: "/pipeline", ...(namespace === undefined ? {} : { namespaceRequired: true }) });
    try {
      const finished = await run(python, ["-W", "ignore", join(root, "test/conformance/kfp_client.py"), server.host, join(root, "fixtures/crashed/kfp.yaml"), namespace ?? "-"], { cwd: folder, env: { HOME: folder } });
      // The client tells of what it has made; what it has read is in the last line.
      const [read] = jsonLines<Read>(checks, { ...finished, stdout: finished.status === 0 ? finished.stdout.trimEnd().split("\n").slice(-1).join("") : "" });
      if (read !== undefined) compare(checks, `KFP's client, ${namespace === undefined ? "one user" : "namespaces"}`, server, read);
    } finally {
      await server.close();
    }
  }
}

/** The SDK's client reads what `hmc deploy` has written, and hmc reads the run that the client has started of it. */
async function bothWays(checks: Checks, python: string, folder: string): Promise<void> {
  const server = await startKfpServer({ basePath: "/pipeline" });
  try {
    const source = join(root, "fixtures/crashed/pipeline.ts");
    const deployed = await hmcBeside(["deploy", source, "--host", server.host], { cwd: folder });
    checks.expectNone("hmc deploy, for KFP's client", deployed.code === 0 ? [] : [deployed.stderr]);
    const finished = await run(python, ["-W", "ignore", join(root, "test/conformance/kfp_client_reads.py"), server.host, "crashed"], { cwd: folder, env: { HOME: folder } });
    const [read] = jsonLines<{ pipeline: object; versions: object[]; recurringRuns: object[]; run: string }>(checks, { ...finished, stdout: finished.stdout.trimEnd().split("\n").slice(-1).join("") });
    if (read === undefined) return;
    const { pipelines, versions, recurringRuns } = server.state;
    for (const [what, seen, held] of [["pipeline", read.pipeline, pipelines[0]], ["versions", read.versions, versions], ["recurring runs", read.recurringRuns, recurringRuns]] as const) {
      checks.expectNone(`KFP's client reads what hmc has delivered: ${what}`, isDeepStrictEqual(withTimes(seen), withTimes(held)) ? [] : [`${JSON.stringify(seen)} in place of ${JSON.stringify(held)}`]);
    }
    const listed = await hmcBeside(["runs", "--host", server.host], { cwd: folder });
    checks.expectNone("hmc reads the run of KFP's client", listed.stdout.startsWith(read.run) && listed.stdout.includes("of the SDK") ? [] : [listed.stdout + listed.stderr]);
    const again = await hmcBeside(["deploy", source, "--host", server.host], { cwd: folder });
    checks.expectNone("KFP's client has changed nothing that hmc delivers", again.stderr.includes("Nothing to do") ? [] : [again.stderr]);
    checks.expectNone("both clients: violations", server.violations);
  } finally {
    await server.close();
  }
}

function compare(checks: Checks, name: string, { state, violations }: KfpServer, read: Read): void {
  const [pipeline] = state.pipelines;
  const byName = [...state.runs].sort((one, other) => ((one.display_name ?? "") < (other.display_name ?? "") ? -1 : 1));
  const expected: Read = {
    "same experiment": true,
    "pipeline id by name": pipeline?.pipeline_id ?? "",
    refused: [404, 409, 400, 400, 400, 400],
    filtered: ["noons"],
    "one by one": [pipeline, state.versions.find((version) => version.name === "second"), state.experiments.find((experiment) => experiment.display_name === "nights"), state.runs.find((one) => one.display_name === "by version")],
    lists: { pipelines: state.pipelines, versions: [...state.versions].reverse(), experiments: state.experiments, recurringRuns: state.recurringRuns, runs: byName },
  };
  const [held, seen] = [withTimes(expected), withTimes(read)];
  const differing = (["same experiment", "pipeline id by name", "refused", "filtered", "one by one"] as const).filter((key) => !isDeepStrictEqual(held[key], seen[key]));
  checks.expectNone(`${name}: single answers`, differing.map((key) => `${key}: ${JSON.stringify(seen[key])} in place of ${JSON.stringify(held[key])}`));
  for (const list of Object.keys(held.lists) as (keyof Read["lists"])[]) {
    checks.expectNone(`${name}: ${held.lists[list].length} ${list}`, isDeepStrictEqual(held.lists[list], seen.lists[list]) ? [] : [`${JSON.stringify(seen.lists[list])} in place of ${JSON.stringify(held.lists[list])}`]);
  }
  const states = [state.recurringRuns.map(({ display_name, status }) => `${display_name ?? ""} ${status ?? ""}`), byName.map(({ display_name, state: at }) => `${display_name ?? ""} ${at ?? ""}`)];
  const wanted = [["nightly DISABLED", "often ENABLED"], ["by version PENDING", "of a file PENDING", "of the latest CANCELING"]];
  checks.expectNone(`${name}: what was done`, isDeepStrictEqual(states, wanted) ? [] : [JSON.stringify(states)]);
  checks.expectNone(`${name}: violations`, violations);
}

/** Python writes times in its own way. */
function withTimes<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\+00:00"/g, '"$1Z"')) as T;
}

/** Makes the generated files anew. */
async function generated(checks: Checks, python: string): Promise<void> {
  const { kfpApi } = (await import(`${root}compiler/build/kfp-api.mjs`)) as { kfpApi(python: string): { types: string; contract: string } };
  const made = kfpApi(python);
  for (const [file, text] of [["runtime/remote/kfp/api-types.ts", made.types], ["test/remote/kfp/contract.json", made.contract]] as const) {
    checks.expectNone(`${file} is what compiler/build/kfp-api.mjs makes`, readFileSync(join(root, file), "utf8") === text ? [] : ["make it anew: node compiler/build/kfp-api.mjs"]);
  }
}
