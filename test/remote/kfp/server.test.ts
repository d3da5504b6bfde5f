/** What the KFP server of the tests refuses, and how its lists have pages: over HTTP, as KFP's own server does it. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ask, filterOf, pipelineFile, platformPart, uploaded, type Said } from "./asking.ts";
import { cronProblem } from "./cron.ts";
import { startKfpServer, type KfpServer, type KfpServerOptions } from "./server.ts";

const test = suite("the KFP server of the tests");

/** A server whose clock goes on by a second at each look. */
async function withServer(options: KfpServerOptions, act: (server: KfpServer) => Promise<void>): Promise<void> {
  let seconds = Date.parse("2026-11-27T12:00:00Z") / 1000;
  const server = await startKfpServer({ clock: () => new Date(seconds++ * 1000), ...options });
  try {
    await act(server);
  } finally {
    await server.close();
  }
}

function checkRefused({ status, body }: Said, [wantedStatus, code, message]: [number, number, string]): void {
  assert.equal([status, body["code"]], [wantedStatus, code], JSON.stringify(body));
  assert.match(String(body["message"]), message);
}

test("what the published API does not have is a violation", () => withServer({}, async (server) => {
  const run = { display_name: "r" };
  const cases: [string, Parameters<typeof ask>[2], string][] = [
    ["GET /nothing", {}, "there is no such call"],
    ["PUT /runs", {}, "there is no such call"],
    ["GET /runs", { query: { pagesize: "1" } }, 'unknown query parameter "pagesize"'],
    ["GET /runs", { query: { page_size: "many" } }, "is no number"],
    ["DELETE /pipelines/x", { query: { cascade: "yes" } }, "neither true nor false"],
    ["POST /runs", { json: { ...run, name: "r" } }, 'the unknown field "name"'],
    ["POST /runs", { json: { ...run, runtime_config: { parameter: {} } } }, 'the body.runtime_config has the unknown field "parameter"'],
    ["POST /runs", { json: { display_name: 1 } }, "the body.display_name is no str"],
    ["POST /runs", { json: { ...run, state: "RUNNING" } }, "the body.state is set by the server only"],
    ["POST /runs", { json: { ...run, pipeline_spec: {}, pipeline_version_reference: {} } }, "more than one of pipeline_spec, pipeline_version_reference"],
    ["POST /recurringruns", { json: { ...run, mode: "ON" } }, "none of MODE_UNSPECIFIED, ENABLE, DISABLE"],
    ["POST /recurringruns", { json: { ...run, max_concurrency: "one" } }, "is no 64-bit integer"],
    ["POST /recurringruns", { json: { ...run, trigger: { cron_schedule: { start_time: "today" } } } }, "start_time is no datetime"],
    ["POST /runs", { json: run, headers: { "content-type": "text/plain" } }, 'the content type is "text/plain"'],
    ["POST /runs/x:terminate", { json: { a: 1 } }, "the call takes no body"],
    ["POST /pipelines/upload", { json: {} }, 'in place of "multipart/form-data"'],
    ["POST /pipelines/upload", { file: { ...pipelineFile(), field: "file" } }, 'unknown field of the form "file"'],
  ];
  for (const [call, request, problem] of cases) {
    const before = server.violations.length;
    const { status } = await ask(server, call, request);
    assert.is(status, problem === "there is no such call" ? 404 : 400, call);
    assert.match(server.violations.slice(before).join("\n"), problem);
  }
  assert.equal(server.state.runs, []);
}));

test("who may not ask is refused; without credentials it is a violation", () => withServer({ auth: ({ authorization }) => authorization === "Bearer right" }, async (server) => {
  assert.is((await ask(server, "GET /healthz", { headers: { authorization: "Bearer right" } })).status, 200);
  checkRefused(await ask(server, "GET /healthz", { headers: { authorization: "Bearer wrong" } }), [401, 16, "Unauthenticated"]);
  assert.equal(server.violations, []);
  checkRefused(await ask(server, "GET /healthz"), [401, 16, "Unauthenticated"]);
  assert.equal(server.violations, ["GET /apis/v2beta1/healthz: there are no credentials"]);
}));

test("names of pipelines, versions and experiments are taken once, in upper and lower case; others are not", () => withServer({}, async (server) => {
  const { pipeline_id, pipeline_version_id } = await uploaded(server, "sums");
  checkRefused(await ask(server, "POST /pipelines", { json: { name: "SUMS" } }), [409, 6, "already exist"]);
  const again = await ask(server, "POST /pipelines/upload", { query: { name: "sums" }, file: pipelineFile() });
  assert.equal([again.status, again.body["error_message"]], [409, "Failed to create a pipeline and a pipeline version"]);
  const version = await ask(server, "POST /pipelines/upload_version", { query: { name: "Sums", pipelineid: pipeline_id }, file: pipelineFile() });
  assert.equal([version.status, version.body["error_message"]], [409, "Failed to create a pipeline version"]);
  checkRefused(await ask(server, "POST /experiments", { json: { display_name: "default" } }), [409, 6, "already exist"]);
  for (const call of ["POST /runs", "POST /recurringruns"]) {
    const json = { display_name: "twin", pipeline_version_reference: { pipeline_id, pipeline_version_id }, ...(call === "POST /runs" ? {} : { max_concurrency: 1, mode: "ENABLE" }) };
    for (let count = 0; count < 2; count++) assert.is((await ask(server, call, { json })).status, 200);
  }
  assert.equal([server.state.runs.length, server.state.recurringRuns.length, server.violations], [2, 2, []]);
}));

test("what is not there is not found, but not everywhere", () => withServer({}, async (server) => {
  const { pipeline_id } = await uploaded(server, "sums");
  for (const call of ["GET /pipelines/x", "GET /pipelines/names/x", "GET /pipelines/x/versions", `GET /pipelines/${pipeline_id}/versions/x`, "GET /experiments/x", "GET /recurringruns/x", "DELETE /recurringruns/x", "POST /recurringruns/x:enable", "GET /runs/x", "POST /runs/x:terminate"]) {
    checkRefused(await ask(server, call), [404, 5, "not found"]);
  }
  checkRefused(await ask(server, "GET /runs", { query: { experiment_id: "x" } }), [404, 5, "not found"]);
  const reference = { pipeline_id, pipeline_version_id: "x" };
  checkRefused(await ask(server, "POST /runs", { json: { display_name: "r", pipeline_version_reference: reference } }), [500, 13, "PipelineVersion x not found"]);
  checkRefused(await ask(server, "POST /recurringruns", { json: { display_name: "r", max_concurrency: "1", pipeline_version_reference: reference } }), [500, 13, "PipelineVersion x not found"]);
  assert.is((await ask(server, "POST /pipelines/upload_version", { query: { name: "v", pipelineid: "x" }, file: pipelineFile() })).status, 400);
}));

test("files that are no pipelines are refused, others shown as they are", () => withServer({}, async (server) => {
  const { pipeline_id } = await uploaded(server, "sums");
  const upload = (name: string, file: { name: string; content: string }) => ask(server, "POST /pipelines/upload_version", { query: { name, pipelineid: pipeline_id }, file });
  const wrong: [{ name: string; content: string }, string][] = [
    [{ name: "pipeline.yaml", content: "a: [" }, "failed to parse pipeline spec YAML"],
    [{ name: "pipeline.yaml", content: "pipelineInfo:\n  name: x\nschemaVersion: 2.1.0\n" }, "unknown template format"],
    [pipelineFile("sums", "tasks: {}\n"), "unknown template format"],
    [{ ...pipelineFile(), content: pipelineFile().content.replace("2.1.0", "2.0.0") }, "schema version 2.1.0"],
    [pipelineFile("Sums"), "lowercase"],
    [{ name: "pipeline.txt", content: pipelineFile().content }, "Failed to create a pipeline version"],
  ];
  for (const [file, problem] of wrong) {
    const { status, body } = await upload("v", file);
    assert.is(status, 400, problem);
    assert.match(String(body["error_message"]), problem);
  }
  const plain = await upload("plain", pipelineFile());
  assert.equal((plain.body["pipeline_spec"] as { pipelineInfo: unknown }).pipelineInfo, { name: "sums" });
  const both = pipelineFile("sums", platformPart);
  const withPlatform = await upload("both", both);
  assert.equal(Object.keys(withPlatform.body["pipeline_spec"] as object), ["pipeline_spec", "platform_spec"]);
  assert.is(server.state.files.get(String(withPlatform.body["pipeline_version_id"])), both.content);
  checkRefused(await ask(server, `DELETE /pipelines/${pipeline_id}`), [400, 3, "Set cascade=true"]);
  assert.is((await ask(server, `DELETE /pipelines/${pipeline_id}`, { query: { cascade: "true" } })).status, 200);
  assert.equal([server.state.pipelines, server.state.versions], [[], []]);
}));

test("runs begin as PENDING, are told to end once, and have a history", () => withServer({}, async (server) => {
  const { pipeline_id, pipeline_version_id } = await uploaded(server, "sums");
  const start = (json: object) => ask(server, "POST /runs", { json: { display_name: "r", pipeline_version_reference: { pipeline_id }, ...json } });
  checkRefused(await start({ runtime_config: { parameters: { depth: "2" } } }), [400, 3, "requires type double or integer"]);
  checkRefused(await start({ runtime_config: { parameters: { width: 2 } } }), [400, 3, "not required by pipeline: width"]);
  checkRefused(await start({ display_name: "" }), [500, 13, "Run name cannot be empty"]);
  checkRefused(await ask(server, "POST /runs", { json: { display_name: "r" } }), [500, 13, "empty pipeline spec manifest"]);
  const { body } = await start({ runtime_config: { parameters: { depth: 3 } } });
  const { run_id, created_at } = body as { run_id: string; created_at: string };
  assert.equal(body, {
    experiment_id: server.state.experiments[0]?.experiment_id, run_id, display_name: "r", storage_state: "AVAILABLE", pipeline_version_reference: { pipeline_id, pipeline_version_id },
    runtime_config: { parameters: { depth: 3 } }, service_account: "pipeline-runner", created_at, scheduled_at: created_at, finished_at: "1970-01-01T00:00:00Z", state: "PENDING",
    state_history: [{ update_time: created_at, state: "PENDING" }],
  });
  assert.is(server.state.experiments[0]?.last_run_created_at, created_at);
  assert.equal((await ask(server, `POST /runs/${run_id}:terminate`)).body, {});
  assert.is((await ask(server, `GET /runs/${run_id}`)).body["state"], "CANCELING");
  checkRefused(await ask(server, `POST /runs/${run_id}:terminate`), [400, 3, "Row not found"]);
  server.setRun(run_id, { state: "CANCELED" });
  const ended = await ask(server, `GET /runs/${run_id}`);
  assert.equal((ended.body["state_history"] as { state: string }[]).map(({ state }) => state), ["PENDING", "CANCELED"]);
  assert.is.not(ended.body["finished_at"], "1970-01-01T00:00:00Z");
  assert.equal(server.violations, []);
}));

test("recurring runs have a schedule of KFP's kind, and are as they were asked for", () => withServer({}, async (server) => {
  const { pipeline_id, pipeline_version_id } = await uploaded(server, "sums");
  const create = (json: object) => ask(server, "POST /recurringruns", { json: { display_name: "nightly", max_concurrency: "1", mode: "ENABLE", trigger: { cron_schedule: { cron: "0 0 0 * * *" } }, pipeline_version_reference: { pipeline_id, pipeline_version_id }, ...json } });
  for (const max_concurrency of ["0", "11"]) checkRefused(await create({ max_concurrency }), [400, 3, "at least 1 and at most 10"]);
  checkRefused(await create({ trigger: { cron_schedule: { cron: "0 0 * *" } } }), [400, 3, "Expected 5 to 6 fields, found 4"]);
  checkRefused(await create({ trigger: { periodic_schedule: { interval_second: "0" } } }), [400, 3, "to least 1 second"]);
  checkRefused(await create({ pipeline_version_reference: {} }), [500, 13, "empty pipeline ID"]);
  const { body } = await create({ no_catchup: false, description: "" });
  const { recurring_run_id, created_at } = body as { recurring_run_id: string; created_at: string };
  assert.equal(body, {
    recurring_run_id, display_name: "nightly", pipeline_version_reference: { pipeline_id, pipeline_version_id }, service_account: "pipeline-runner", max_concurrency: "1",
    trigger: { cron_schedule: { cron: "0 0 0 * * *" } }, mode: "ENABLE", created_at, updated_at: created_at, status: "ENABLED", namespace: "kubeflow", experiment_id: server.state.experiments[0]?.experiment_id,
  });
  assert.equal((await create({ pipeline_version_reference: { pipeline_id } })).body["pipeline_version_reference"], { pipeline_id });
  await ask(server, `POST /recurringruns/${recurring_run_id}:enable`);
  assert.is((await ask(server, `GET /recurringruns/${recurring_run_id}`)).body["updated_at"], created_at);
  await ask(server, `POST /recurringruns/${recurring_run_id}:disable`);
  const disabled = await ask(server, `GET /recurringruns/${recurring_run_id}`);
  assert.equal([disabled.body["mode"], disabled.body["status"], disabled.body["updated_at"] === created_at], ["DISABLE", "DISABLED", false]);
}));

test("cron expressions are read as robfig/cron 1.2 reads them", () => {
  for (const good of ["0 0 0 * * *", "0 0 * * *", "*/5 * * * *", "0 0 0 ? * 1-5", "0 0 0 * JAN-mar SUN,TUE", "0 5/10 * * * *", "@hourly", "@every 1h30m", "@every 10s"]) assert.is(cronProblem(good), undefined, good);
  const bad: [string, string][] = [
    ["", "Empty spec"], ["0 0 * *", "found 4"], ["0 0 0 0 * * *", "found 7"], ["0 0 * * MON", "Failed to parse int from MON"], ["CRON_TZ=Europe/Rome 0 0 * * *", "Failed to parse int from CRON_TZ=Europe"],
    ["0 0 0 * * 7", "End of range (7) above maximum (6)"], ["0 0 0 0 * *", "Beginning of range (0) below minimum (1)"], ["0 0 0 L * *", "Failed to parse int from L"], ["0 9-5 * * * *", "beyond end of range"],
    ["0 */0 * * * *", "positive number"], ["0 1-2-3 * * * *", "Too many hyphens"], ["0 1/2/3 * * * *", "Too many slashes"], ["@often", "Unrecognized descriptor"], ["@every day", "Failed to parse duration"],
  ];
  for (const [expression, problem] of bad) assert.match(cronProblem(expression) ?? "", problem);
});

/** Names of all items of a list, page by page. */
async function pagesOf(server: KfpServer, query: Record<string, string>): Promise<{ pages: string[][]; totals: unknown[] }> {
  const pages: string[][] = [];
  const totals: unknown[] = [];
  for (let token: string | undefined = ""; token !== undefined && pages.length < 10;) {
    const { status, body }: Said = await ask(server, "GET /experiments", { query: { ...query, ...(token === "" ? {} : { page_token: token }) } });
    assert.is(status, 200, JSON.stringify(body));
    pages.push(((body["experiments"] ?? []) as { display_name: string }[]).map(({ display_name }) => display_name));
    totals.push(body["total_size"]);
    token = body["next_page_token"] as string | undefined;
  }
  return { pages, totals };
}

async function withExperiments(options: KfpServerOptions, act: (server: KfpServer) => Promise<void>): Promise<void> {
  await withServer(options, async (server) => {
    for (const display_name of ["b", "a", "c"]) await ask(server, "POST /experiments", { json: { display_name } });
    await act(server);
  });
}

test("lists have pages in an order", async () => {
  await withExperiments({}, async (server) => {
    assert.equal(await pagesOf(server, {}), { pages: [["Default", "b", "a", "c"]], totals: [4] });
    assert.equal(await pagesOf(server, { page_size: "3" }), { pages: [["Default", "b", "a"], ["c"]], totals: [4, 4] });
    assert.equal((await pagesOf(server, { page_size: "2", sort_by: "name desc" })).pages, [["Default", "c"], ["b", "a"]]);
    assert.equal(await pagesOf(server, { filter: filterOf({ operation: "EQUALS", key: "name", string_value: "x" }) }), { pages: [[]], totals: [undefined] });
  });
  await withExperiments({ pageLimit: 2, reorderPages: true }, async (server) => {
    assert.equal((await pagesOf(server, {})).pages, [["b", "Default"], ["c", "a"]]);
    assert.equal((await pagesOf(server, { sort_by: "created_at asc" })).pages, [["Default", "b"], ["a", "c"]]);
  });
  // Times are whole seconds: what is of the same one is in the order of ids, and no item is lost between pages.
  await withExperiments({ pageLimit: 1, clock: () => new Date("2026-11-27T12:00:00Z") }, async (server) => assert.equal((await pagesOf(server, {})).pages.flat().sort(), ["Default", "a", "b", "c"]));
});

test("a page token goes with its order and its filter, or with none", () => withExperiments({ pageLimit: 1 }, async (server) => {
  const list = (query: Record<string, string>) => ask(server, "GET /experiments", { query });
  const token = async (query: Record<string, string>) => String((await list(query)).body["next_page_token"]);
  for (const page_token of ["x", "{}", Buffer.from("{}").toString("base64")]) checkRefused(await list({ page_token }), [400, 3, "Invalid page token"]);
  const sorted = { sort_by: "name desc" };
  const page_token = await token(sorted);
  assert.is((await list({ page_token })).status, 200);
  assert.is((await list({ page_token, ...sorted })).status, 200);
  checkRefused(await list({ page_token, sort_by: "name" }), [400, 3, "page token does not match"]);
  const text = { filter: filterOf({ operation: "NOT_EQUALS", key: "name", string_value: "a" }) };
  assert.is((await list({ page_token: await token(text), ...text })).status, 200);
  checkRefused(await list({ page_token: await token({}), ...text }), [400, 3, "page token does not match"]);
  // Numbers, times and lists never match.
  for (const other of [{ operation: "GREATER_THAN", key: "created_at", timestamp_value: "2020-01-01T00:00:00Z" }, { operation: "IN", key: "name", string_values: { values: ["a", "b"] } }]) {
    const filter = filterOf(other);
    const next = await token({ filter });
    assert.is((await list({ page_token: next })).status, 200);
    checkRefused(await list({ page_token: next, filter }), [400, 3, "page token does not match"]);
  }
}));

test("filters", () => withExperiments({}, async (server) => {
  await ask(server, "POST /experiments", { json: { display_name: "50% + 1" } });
  const names = async (predicate: Record<string, unknown>) => (await pagesOf(server, { sort_by: "name", filter: filterOf(predicate) })).pages.flat();
  const second = server.state.experiments[1]?.created_at;
  assert.equal(await names({ operation: "EQUALS", key: "name", string_value: "A" }), ["a"]);
  assert.equal(await names({ operation: 1, key: "display_name", stringValue: "50% + 1" }), ["50% + 1"]);
  assert.equal(await names({ operation: "NOT_EQUALS", key: "name", string_value: "default" }), ["50% + 1", "a", "b", "c"]);
  assert.equal(await names({ operation: "IS_SUBSTRING", key: "name", string_value: "fau" }), ["Default"]);
  assert.equal(await names({ operation: "IS_SUBSTRING", key: "name", string_value: "d_f%t" }), ["Default"]);
  assert.equal(await names({ operation: "IN", key: "name", string_values: { values: ["c", "a"] } }), ["a", "c"]);
  assert.equal(await names({ operation: "LESS_THAN_EQUALS", key: "created_at", timestamp_value: second }), ["b", "Default"]);
  assert.equal(await names({ operation: "GREATER_THAN", key: "created_at", long_value: String(Date.parse(second ?? "") / 1000) }), ["50% + 1", "a", "c"]);
  const bad: [Record<string, string>, string][] = [
    [{ filter: filterOf({ operation: "EQUALS", key: "nome", string_value: "a" }) }, 'unrecognized field "nome"'],
    [{ filter: filterOf({ operation: "EQUALS", string_value: "a" }) }, "key cannot be empty"],
    [{ filter: filterOf({ operation: "EQUALS", key: "name" }) }, "Predicate.Value"],
    [{ filter: filterOf({ operation: "LIKE", key: "name", string_value: "a" }) }, "failed to parse valid filter"],
    [{ filter: filterOf({ operation: "IN", key: "name", string_value: "a" }) }, "cannot use IN operator with scalar type string"],
    [{ filter: filterOf({ operation: "EQUALS", key: "name", string_values: { values: [] } }) }, "cannot use scalar operator EQUALS on array type []string"],
    [{ filter: filterOf({ operation: "IS_SUBSTRING", key: "created_at", int_value: 1 }) }, "cannot use non string value type int32"],
    // Encoded once only, a per cent sign does not survive the second decoding.
    [{ filter: JSON.stringify({ predicates: [{ operation: "EQUALS", key: "name", string_value: "50%" }] }) }, "failed to parse valid filter"],
    [{ filter: "name=a" }, "failed to parse valid filter"],
    [{ sort_by: "nome" }, 'Invalid sorting field: "nome"'],
    [{ sort_by: "name down" }, "Received invalid sort by format"],
    [{ page_size: "-1" }, "should be greater than 0"],
  ];
  for (const [query, problem] of bad) checkRefused(await ask(server, "GET /experiments", { query }), [400, 3, problem]);
  assert.equal(server.violations, []);
}));

test("tags of pipelines are filtered by", () => withServer({}, async (server) => {
  for (const [name, team] of [["one", "a"], ["two", "b"]] as const) await ask(server, "POST /pipelines", { json: { name, tags: { team } } });
  const { body } = await ask(server, "GET /pipelines", { query: { filter: filterOf({ operation: "EQUALS", key: "tags.team", string_value: "b" }) } });
  assert.equal((body["pipelines"] as { name: string }[]).map(({ name }) => name), ["two"]);
  checkRefused(await ask(server, "GET /pipelines", { query: { filter: filterOf({ operation: "IS_SUBSTRING", key: "tags.team", string_value: "b" }) } }), [400, 3, "only EQUALS"]);
}));

test("users are kept apart by namespaces", () => withServer({ namespaceRequired: true, basePath: "/pipeline" }, async (server) => {
  assert.is((await ask(server, "GET /healthz")).body["multi_user"], true);
  for (const list of ["pipelines", "experiments", "recurringruns", "runs"]) assert.is((await ask(server, `GET /${list}`)).status, 400, list);
  const text = await ask(server, "POST /pipelines/upload", { query: { name: "sums" }, file: pipelineFile() });
  assert.match(String(text.body["text"]), "Namespace is required");
  const experiments: string[] = [];
  for (const namespace of ["a", "b"]) {
    experiments.push(String((await ask(server, "POST /experiments", { json: { display_name: "same", namespace } })).body["experiment_id"]));
    assert.is((await ask(server, "POST /pipelines/upload", { query: { name: "sums", namespace }, file: pipelineFile() })).status, 200);
  }
  const [pipeline] = server.state.pipelines;
  const json = { display_name: "r", pipeline_version_reference: { pipeline_id: pipeline?.pipeline_id }, max_concurrency: "1" };
  checkRefused(await ask(server, "POST /recurringruns", { json }), [400, 3, "Experiment id can not be empty in multi-user mode"]);
  const made = await ask(server, "POST /recurringruns", { json: { ...json, experiment_id: experiments[0] } });
  assert.is(made.body["namespace"], "a");
  const count = async (query: Record<string, string>) => (await ask(server, "GET /recurringruns", { query })).body["total_size"];
  assert.equal([await count({ namespace: "a" }), await count({ namespace: "b" }), await count({ experiment_id: experiments[0] ?? "" })], [1, undefined, 1]);
  assert.equal(server.violations, []);
}));

test("faults come at the request that they were put at", () => withServer({}, async (server) => {
  const create = (display_name: string) => ask(server, "POST /experiments", { json: { display_name } }).then(({ status }) => status, () => "no answer");
  const names = () => server.state.experiments.slice(1).map(({ display_name }) => display_name);
  server.fault(1, { kind: "status", status: 503, retryAfter: 1 });
  server.fault(2, { kind: "closeBefore" });
  server.fault(3, { kind: "closeAfter" });
  server.fault(4, { kind: "cutOff" });
  server.fault(5, { kind: "slow", milliseconds: 20 });
  server.fault(6, { kind: "twice" });
  const answers: unknown[] = [];
  for (const name of ["0", "1", "2", "3", "4", "5", "6"]) answers.push(await create(name));
  assert.equal(answers, [200, 503, "no answer", "no answer", "no answer", 200, 409]);
  assert.equal(names(), ["0", "3", "4", "5", "6"]);
  assert.equal(server.requests.map(({ status }) => status), [200, 503, 0, 200, 200, 200, 409]);
}));

test.run();
