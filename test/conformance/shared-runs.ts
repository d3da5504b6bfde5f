/** `hmc run` with the buckets of a real server: results that two machines share, and inputs that only a service has. */
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { openStore } from "../../runtime/remote/open-store.ts";
import { twoTasks } from "../cli/two-tasks.ts";
import type { ObjectServer } from "../remote/servers.ts";
import type { Checks } from "./checks.ts";
import { hmc, root, type Finished } from "./environment.ts";

/** What must never be written down. */
const secret = "contract-secret";

/** The bucket that the server has. */
export async function sharedRuns(checks: Checks, work: string, { kind, proxy, environment }: ObjectServer, bucket: string): Promise<void> {
  const machines = join(work, "shared-runs", kind);
  const env = { ...environment, NO_COLOR: "1", NODE_NO_WARNINGS: "1" };
  const at = (name: string): string => join(machines, name);
  const run = (name: string, ...args: string[]): Promise<Finished> => {
    if (!existsSync(at(name))) {
      mkdirSync(at(name), { recursive: true });
      writeFileSync(join(at(name), "package.json"), '{ "type": "module" }\n');
      writeFileSync(join(at(name), "pipeline.ts"), twoTasks);
      symlinkSync(join(root, "node_modules"), join(at(name), "node_modules"));
    }
    return hmc(args, { cwd: at(name), env });
  };
  const starts = (name: string): string[] => {
    const file = join(at(name), "starts.txt");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line !== "") : [];
    writeFileSync(file, "");
    return lines;
  };
  const expect = (name: string, found: unknown, expected: unknown, more = ""): void =>
    checks.expectNone(`${kind}: ${name}`, [...(isDeepStrictEqual(found, expected) ? [] : [`${JSON.stringify(found)}\nnot ${JSON.stringify(expected)}\n${more}`]), ...proxy.unmet().map((fault) => `no request met the fault ${fault}`)]);
  const bucketUri = `${kind}://${bucket}`;
  const store = `${bucketUri}/team 1/hmc`;
  const objects = await openStore(bucketUri, { root, environment });

  const first = await run("one", "run", "--pipeline", "main", "--store", store);
  expect("a run puts its artifacts and results into the bucket", [first.status, starts("one"), await count(objects, "team 1/hmc/sha256/"), await count(objects, "team 1/hmc/cache/")], [0, ["make", "size"], 3, 2], first.stderr);
  const second = await run("two", "run", "--pipeline", "main", "--store", store);
  expect("another machine runs nothing, and has the same", [second.status, second.stdout, starts("two")], [0, first.stdout, []], second.stderr);
  proxy.fail({ kind: "status", status: 503 }, { times: 2 });
  proxy.fail({ kind: "reset" }, { times: 1 });
  const shaken = await run("three", "run", "--pipeline", "main", "--store", store, "-p", "rows=5");
  expect("a service that fails for a moment changes nothing", [shaken.status, starts("three")], [0, ["make", "size"]], shaken.stderr);
  const plan = await run("four", "plan", "--pipeline", "main", "--store", store);
  expect("a forecast knows what the bucket has", [...plan.stdout.matchAll(/^hit/gm)].length, 2, plan.stdout + plan.stderr);

  await objects.put("data/table one+.csv", { bytes: Buffer.from("a,b\n") });
  await objects.put("data/parts/a", { bytes: Buffer.from("1") });
  await objects.put("data/parts/below/b", { bytes: Buffer.from("2") });
  const uri = `${bucketUri}/data/table one+.csv`;
  const reading = async (parameter: string, ...more: string[]): Promise<Finished> => run("one", "run", "--pipeline", parameter.startsWith("table=") ? "reading" : "importing", "-p", parameter, ...more);
  const text = ({ stdout }: Finished): unknown => (stdout === "" ? undefined : JSON.parse(stdout));
  const unfetched = await run("one", "plan", "--pipeline", "reading", "-p", `table=${uri}`);
  expect("a forecast fetches nothing", /^unknown +read +.*was not fetched yet/m.test(unfetched.stdout), true, unfetched.stdout + unfetched.stderr);
  const read = await reading(`table=${uri}`);
  expect("a parameter is fetched before its task", [read.status, text(read), starts("one")], [0, { text: "a,b\n", uri }, ["read"]], read.stderr);
  proxy.seen();
  const imported = await reading(`uri=${uri}`, "--no-cache");
  const bodies = proxy.seen().filter((request) => /GET .*(x-id=GetObject|alt=media)/.test(request));
  expect("an importer, too; what has not changed is not fetched again", [imported.status, text(imported), starts("one"), bodies], [0, { text: "a,b\n", uri }, ["read"], []], imported.stderr);
  const known = await run("one", "plan", "--pipeline", "reading", "-p", `table=${uri}`);
  expect("a forecast knows what was fetched", /^hit +read/m.test(known.stdout), true, known.stdout + known.stderr);
  await objects.put("data/table one+.csv", { bytes: Buffer.from("c,d\n") });
  const changed = await reading(`table=${uri}`);
  expect("what has changed is fetched, and its task runs", [changed.status, text(changed), starts("one")], [0, { text: "c,d\n", uri }, ["read"]], changed.stderr);
  const folder = await reading(`table=${bucketUri}/data/parts`);
  expect("a folder is fetched whole", [folder.status, text(folder)], [0, { text: "a below below/b", uri: `${bucketUri}/data/parts` }], folder.stderr);

  const none = await reading(`uri=${bucketUri}/data/none`);
  expect("an object that is not there fails the task that reads it", [none.status, none.stderr.includes(`The task "read" failed: an input cannot be fetched: there is no object "${bucketUri}/data/none".`)], [1, true], none.stderr);
  proxy.fail({ kind: "status", status: 403 }, { times: 1 });
  const denied = await run("five", "run", "--pipeline", "main", "--store", store);
  expect("a store that may not be used is an error before anything starts", [denied.status, /HMC6082: .*these credentials may not use/.test(denied.stderr), existsSync(join(at("five"), ".hmc/runs"))], [1, true, false], denied.stderr);

  const said = [first, second, shaken, plan, read, imported, changed, folder, none, denied].map(({ stdout, stderr }) => stdout + stderr).join("");
  const leaks = [...(said.includes(secret) ? ["the output"] : []), ...filesBelow(machines).filter((file) => readFileSync(file, "latin1").includes(secret))];
  checks.expectNone(`${kind}: no secret is in an output, a log, a manifest or a bundle`, leaks);
}

async function count(store: Awaited<ReturnType<typeof openStore>>, prefix: string): Promise<number> {
  let found = 0;
  for await (const _ of store.list(prefix)) found++;
  return found;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
